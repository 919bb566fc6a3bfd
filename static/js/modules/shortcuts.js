// Single keys, off where one types and off where the reader switched them off; `?` lists them.
const press = (selector) => document.querySelector(selector)?.click();
const choose = (option) => {
  option?.focus(); // so that Enter sends it
  option?.click();
};
const KEYS = {
  j: () => press('a[rel="next"]'),
  k: () => press('a[rel="prev"]'),
  n: () => press('[data-step="1"]'),
  p: () => press('[data-step="-1"]'),
  "/": () => {
    const search = document.querySelector('input[type="search"]');
    if (search) search.focus();
    else location.href = "/questions#q";
  },
};

export default function shortcuts(button) {
  const list = document.getElementById("keys");
  const choice = list.querySelector("#single-keys");
  choice.checked = localStorage.getItem("single-keys") !== "off";
  choice.addEventListener("change", () => localStorage.setItem("single-keys", choice.checked ? "on" : "off"));
  button.addEventListener("click", () => list.showModal());
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || list.open) return;
    if (event.target.closest("input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea, select")) return;
    if (!choice.checked) return;
    if (event.key === "?") list.showModal();
    else if (/^[1-9]$/.test(event.key)) choose(document.querySelectorAll("form.item .opt input:enabled")[event.key - 1]);
    else if (event.key in KEYS) {
      event.preventDefault();
      KEYS[event.key]();
    }
  });
}
