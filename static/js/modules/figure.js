// A figure that answers as you type: one request in flight, the newest input wins, the address is the permalink.
import { walk } from "./matrix.js";

export default function figure(form) {
  let wanted = null;
  let busy = false;

  const address = () => {
    const url = new URL(form.dataset.figureUrl, location.href);
    for (const [name, value] of new FormData(form)) if (value !== "" || name === "tokens") url.searchParams.set(name, value);
    const lang = new URLSearchParams(location.search).get("lang");
    if (lang) url.searchParams.set("lang", lang);
    return url;
  };

  const recompute = async (changed = {}) => {
    for (const [name, value] of Object.entries(changed)) form.elements[name].value = value;
    wanted = address();
    if (busy) return;
    busy = true;
    while (wanted) {
      const url = wanted;
      wanted = null;
      try {
        const answer = await fetch(url, { headers: { Accept: "text/html" } });
        if (!wanted) await show(await answer.text(), answer.ok);
      } catch {
        form.dataset.offline = "yes"; // the server is gone: the figure stays as it was
      }
    }
    busy = false;
  };

  const show = async (html, computed) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-figure]");
    if (!fresh) return;
    const here = document.activeElement;
    const held = here?.dataset?.stage && form.contains(here) ? here.dataset.stage : null;
    form.querySelector("[data-figure]").replaceWith(fresh);
    if (held) form.querySelector(`[data-stage="${held}"]`)?.focus();
    for (const wrong of form.querySelectorAll("form > .field-error, .bench-side .field-error, .tokens .field-error")) wrong.hidden = computed;
    walk(form);
    if (!computed) return;
    const query = fresh.dataset.state;
    const full = new URL(form.action);
    full.search = query;
    for (const link of form.querySelectorAll("a[data-permalink]")) link.href = full.pathname + full.search;
    if (form.dataset.permalink) history.replaceState(null, "", query ? `?${query}` : location.pathname);
  };

  form.addEventListener("input", (event) => {
    const twin = event.target.dataset.for
      ? document.getElementById(event.target.dataset.for)
      : form.querySelector(`[data-for="${CSS.escape(event.target.id || "-")}"]`);
    if (twin) twin.value = event.target.value;
    recompute();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { name, value } = event.submitter ?? {};
    recompute(name ? { [name]: value } : {});
    if (name === "stage") settle(value);
  });
  form.addEventListener("click", (event) => {
    const stop = event.target.closest("a[data-stage]");
    if (!stop || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    recompute({ stage: stop.dataset.stage });
    settle(stop.dataset.stage);
  });

  // Previous and Next name the stages beside the current one.
  const settle = (stage) => {
    const stages = [...form.querySelectorAll("a[data-stage]")].map((stop) => stop.dataset.stage);
    for (const button of form.querySelectorAll("button[data-step]")) {
      const at = (stages.indexOf(stage) + Number(button.dataset.step) + stages.length) % stages.length;
      button.value = stages[at];
    }
  };
  walk(form);
}
