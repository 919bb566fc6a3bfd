// The reader's own time zone goes along with what they start.
export default function zone(field) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
