// What needs attention gets the focus when the page opens: the first of its kind.
export default function focus(element) {
  if (element === document.querySelector('[data-module="focus"]')) element.focus();
}
