// Every change is saved, one request at a time, the newest last; the server's answer says when. Forms work without it.
const RETRY_MS = [1000, 2000, 4000, 8000, 15000];
const OWN = ["base", "then", "flagged", "confidence", "zone"];

const held = (form) => {
  const response = {};
  for (const [name, value] of new FormData(form)) if (!OWN.includes(name)) (response[name] ??= []).push(value);
  return {
    base: Number(form.elements.base.value),
    response,
    flagged: form.elements.flagged.checked,
    confidence: new FormData(form).get("confidence") ?? "",
  };
};

export default function autosave(form) {
  const status = form.querySelector("[data-status]");
  let dirty = false, busy = false, failures = 0, stopped = false, timer = 0;
  const say = (text, trouble = false) => {
    status.textContent = text;
    status.classList.toggle("is-trouble", trouble);
  };
  const stop = (text) => {
    stopped = true;
    dirty = false;
    say(text, true);
  };
  const answered = async (reply) => {
    if (reply.ok) {
      const saved = await reply.json();
      form.elements.base.value = saved.revision;
      const time = new Date(saved.saved_at).toLocaleTimeString(document.documentElement.lang, { hour12: false });
      if (!dirty) say(form.dataset.saved.replace("{time}", time));
      failures = 0;
    } else if (reply.status === 409) stop(form.dataset.conflict);
    else if (reply.status === 410) stop(form.dataset.over);
    else throw new Error(String(reply.status));
  };
  const send = async () => {
    if (busy || stopped || !dirty) return;
    clearTimeout(timer);
    busy = true;
    dirty = false;
    say(form.dataset.saving);
    try {
      const headers = { "Content-Type": "application/json" };
      await answered(await fetch(form.dataset.save, { method: "PUT", headers, body: JSON.stringify(held(form)) }));
    } catch {
      dirty = true;
      say(form.dataset.failed, true);
      timer = setTimeout(send, RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
    }
    busy = false;
    if (dirty && !failures) send();
  };
  const changed = () => {
    dirty = true;
    send();
  };
  form.addEventListener("input", changed);
  form.addEventListener("save-now", changed);
  form.addEventListener("submit", () => {
    stopped = true; // the form itself carries the answer now
    dirty = false;
  });
  addEventListener("beforeunload", (event) => {
    if (dirty || (busy && !stopped)) event.preventDefault();
  });
}
