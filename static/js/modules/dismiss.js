// A small panel closes with Escape and when the pointer goes elsewhere.
export default function dismiss(panel) {
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !panel.open) return;
    panel.open = false;
    panel.querySelector("summary").focus();
  });
  addEventListener("pointerdown", (event) => {
    if (!panel.contains(event.target)) panel.open = false;
  });
}
