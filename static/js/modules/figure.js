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
    for (const [name, value] of Object.entries(changed)) {
      const hidden = form.querySelector(`input[type=hidden][name="${name}"]`);
      (hidden ?? form.elements[name]).value = value;
    }
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
    tell(fresh);
    walk(form);
    if (!computed) return;
    const full = fresh.querySelector("a[data-permalink]").getAttribute("href");
    for (const link of form.querySelectorAll("a[data-permalink]")) link.setAttribute("href", full);
    if (form.dataset.permalink) settled(full);
  };

  // Messages stand beside the fields they are about, as the server would have put them.
  const tell = (fresh) => {
    for (const old of form.querySelectorAll(".field-error")) old.remove();
    for (const field of form.querySelectorAll("[aria-invalid]")) {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
    for (const wrong of fresh.querySelectorAll("[data-wrong]")) {
      const name = wrong.dataset.wrong;
      const field = form.querySelector(`fieldset:has([name="${name}"])`) ?? form.elements[name];
      if (!field) continue;
      const message = Object.assign(document.createElement("p"), { className: "field-error", id: `wrong-${name}` });
      message.append(Object.assign(document.createElement("span"), { textContent: wrong.dataset.say }));
      (field.closest(".ctl") ?? field.parentElement).append(message);
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", message.id);
    }
  };

  // The address follows, and with it the links to the other language and back from the preferences.
  const settled = (full) => {
    history.replaceState(null, "", full);
    for (const link of document.querySelectorAll("a.tool[hreflang], link[hreflang]")) {
      const url = new URL(full, location.href);
      url.searchParams.set("lang", new URL(link.href).searchParams.get("lang"));
      link.setAttribute("href", url.pathname + url.search);
    }
    for (const back of document.querySelectorAll('input[name="back"]')) back.value = full;
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
