// Every change is saved, one request at a time, the newest last; the server's answer says when. Forms work without it.
const RETRY_MS = [1000, 2000, 4000, 8000, 15000];
const PATIENCE_MS = 10000; // a request without an answer for so long has failed
const KEEPALIVE_MAX = 60000; // what a browser sends to its end although the page is left
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

// an answer as the server keeps it: without blanks, its fields in order
const kept = (response) =>
  JSON.stringify(Object.entries(response).map(([name, values]) => [name, values.filter((value) => value.trim())])
    .filter(([, values]) => values.length).sort());

const put = (address, body) =>
  fetch(address, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body,
    keepalive: body.length < KEEPALIVE_MAX,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });

export default function autosave(form) {
  const status = form.querySelector("[data-status]"), { base } = form.elements;
  let dirty = false, busy = false, failures = 0, stopped = false, leaving = false, timer = 0, submitter, unheard = [];
  const say = (text, trouble = false) => {
    status.textContent = text;
    status.classList.toggle("is-trouble", trouble);
  };
  const settled = () => form.dispatchEvent(new Event("settled"));
  const stop = (text, unsaved) => {
    stopped = true;
    dirty = unsaved; // then leaving the page asks
    say(text, true);
    settled();
  };
  const saved = async (reply) => {
    const { revision, saved_at } = await reply.json();
    base.value = revision;
    [unheard, failures] = [[], 0];
    if (dirty) return;
    say(form.dataset.saved.replace("{time}", new Date(saved_at).toLocaleTimeString("en-GB")));
    settled();
  };
  const refused = async (reply) => {
    const { response, revision } = await reply.json();
    if (response && unheard.includes(kept(response))) {
      base.value = revision; // our own, whose acknowledgement was lost on the way
      [dirty, failures] = [true, 0];
    } else stop(response ? form.dataset.conflict : form.dataset.refused, true);
  };
  const send = async () => {
    if (busy || stopped || !dirty) return;
    clearTimeout(timer);
    busy = true;
    dirty = false;
    if (!failures) say(form.dataset.saving);
    try {
      const answer = held(form);
      unheard.push(kept(answer.response));
      const reply = await put(form.dataset.save, JSON.stringify(answer));
      if (reply.ok) await saved(reply);
      else if (reply.status === 410) stop(form.dataset.over, false);
      else if (reply.status < 500) await refused(reply);
      else throw new Error(String(reply.status));
    } catch {
      dirty = true;
      say(form.dataset.failed, true);
      timer = setTimeout(send, RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
    }
    busy = false;
    if (submitter) form.requestSubmit(submitter);
    else if (dirty && !failures) send();
  };
  const changed = () => {
    if (leaving) return;
    dirty = true;
    if (stopped) settled();
    else send();
  };
  form.addEventListener("input", changed);
  form.addEventListener("save-now", changed);
  form.addEventListener("submit", (event) => {
    if (busy) {
      event.preventDefault(); // the save under way changes the revision that the form must name
      submitter = event.submitter;
      return;
    }
    clearTimeout(timer);
    leaving = stopped = true; // the form itself carries the answer now
    dirty = false;
  });
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // the browser's own copy knows an old revision
  });
}
