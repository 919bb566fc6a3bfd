// Cells answer to the pointer and the arrow keys; the sentence of a cell goes to the read-out beneath the matrix.
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

const say = (cell) => {
  const within = (near) => cell.closest(near)?.querySelector("[data-readout]");
  const readout = within(".fig-body") ?? within("[data-figure]");
  if (readout) readout.textContent = cell.dataset.say;
};

const target = (cell, key) => {
  const row = cell.parentElement;
  const cells = [...row.querySelectorAll("td[data-say]")];
  if (key === "Home") return cells[0];
  if (key === "End") return cells.at(-1);
  const [down, right] = MOVES[key];
  if (right) return cells[cells.indexOf(cell) + right];
  const other = down > 0 ? row.nextElementSibling : row.previousElementSibling;
  return other?.querySelectorAll("td[data-say]")[cells.indexOf(cell)];
};

export function walk(root) {
  for (const table of root.querySelectorAll("table.mx")) {
    table.addEventListener("pointerover", ({ target: at }) => at.dataset?.say && say(at));
    table.addEventListener("focusin", ({ target: at }) => at.dataset?.say && say(at));
    table.addEventListener("keydown", (event) => {
      const cell = event.target.closest("td[data-say]");
      if (!cell || !(event.key in MOVES || event.key === "Home" || event.key === "End")) return;
      event.preventDefault();
      const next = target(cell, event.key);
      if (!next) return;
      cell.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  }
}
