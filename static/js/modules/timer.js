// A quiet clock: the server's time left, drawn each second, spoken at half time, 5 min, 1 min, 10 s and on request.
const POLL_MS = 10000;
const SPOKEN_MS = [300000, 60000, 10000];
const minutes = (ms) => {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${h ? `${h}:${String(m).padStart(2, "0")}` : m}:${String(s).padStart(2, "0")}`;
};

export default function timer(line) {
  const [word, announce] = [line.querySelector(".time-word"), line.querySelector("[data-announce]")];
  const total = Number(line.dataset.total);
  let ends = performance.now() + Number(line.dataset.remaining), tag = "", before = null, handing = false;
  const left = () => ends - performance.now();
  const spoken = () => announce.dataset.left.replace("{time}", minutes(left()));
  const poll = async () => {
    try {
      const reply = await fetch(line.dataset.clock, { headers: tag ? { "If-None-Match": tag } : {} });
      if (reply.status === 200) {
        tag = reply.headers.get("ETag") ?? "";
        const clock = await reply.json();
        if (clock.state !== "open") location.assign(line.dataset.over);
        else if (clock.remaining_ms !== null) ends = performance.now() + clock.remaining_ms;
      }
    } catch {
      // the next poll asks again
    }
  };
  const draw = () => {
    const now = left();
    const passed = (mark) => before !== null && now <= mark && before > mark;
    word.textContent = minutes(now);
    if (passed(total / 2)) announce.textContent = announce.dataset.half;
    if (SPOKEN_MS.some(passed)) announce.textContent = spoken();
    before = now;
    if (now <= 0) finish();
  };
  const handIn = () => {
    if (handing) return;
    handing = true;
    document.getElementById("time-up").submit();
  };
  // what is typed goes first; while it cannot be saved this asks again each second, as long as the server takes it
  const finish = () => {
    const form = document.querySelector('form[data-module~="autosave"]');
    if (!form) return handIn();
    form.addEventListener("settled", handIn, { once: true });
    form.dispatchEvent(new Event("save-now"));
  };
  line.querySelector("[data-say-time]").addEventListener("click", () => (announce.textContent = spoken()));
  // a computer that slept has lost count: ask for the time itself, whatever the version
  document.addEventListener("visibilitychange", () => {
    tag = "";
    if (!document.hidden) poll();
  });
  setInterval(draw, 1000);
  setInterval(poll, POLL_MS);
  draw();
}
