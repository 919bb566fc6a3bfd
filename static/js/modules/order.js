// Steps to put in order: the arrows move a step, and the select boxes follow; without script the boxes alone do.
export default function order(list) {
  const boxes = () => [...list.querySelectorAll("select")];
  const said = document.createElement("span");
  said.className = "vh";
  said.setAttribute("role", "status");
  list.after(said);

  // the list is shown in the order of the places, once each step has one of its own
  const arrange = () => {
    const places = boxes().map((box) => Number(box.value));
    if (new Set(places).size < places.length || places.includes(0)) return;
    const rows = boxes().sort((a, b) => a.value - b.value).map((box) => box.closest("li"));
    list.append(...rows);
  };

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const row = button.closest("li");
    const up = button.dataset.move === "-1";
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (other && up) row.after(other); // the neighbour moves, so the button keeps the focus
    else if (other) row.before(other);
    boxes().forEach((box, index) => (box.value = String(index + 1)));
    const box = row.querySelector("select");
    said.textContent = `${box.value} / ${boxes().length}`;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
  arrange();
}
