// What needs attention gets the focus when the page opens.
export default function focus(element) {
  element.focus();
}
