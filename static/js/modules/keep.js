// Words typed for oneself stay in this tab until it is closed; they are never sent.
export default function keep(field) {
  const name = field.dataset.keep;
  field.value ||= sessionStorage.getItem(name) ?? "";
  field.addEventListener("input", () => sessionStorage.setItem(name, field.value));
}
