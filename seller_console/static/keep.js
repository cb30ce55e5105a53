// Carries what somebody has begun over to the page's new part: fields typed in, what is open, the question asked.

const fields = (part) => [...part.querySelectorAll("form[action] :is(input:not([type=hidden]), textarea, select)")];
const nameOf = (field) => `${field.form.getAttribute("action")} ${field.name}`;

/** Look at the part of the page before it is replaced; the function returned puts back what was begun in it. */
export function remember(part) {
  const typed = new Map(fields(part).filter(isChanged).map((field) => [nameOf(field), field.value]));
  const open = [...part.querySelectorAll("details[id][open]")].map((one) => one.id);
  const asking = part.querySelector("dialog[id][open]")?.id;
  const focused = part.contains(document.activeElement) && document.activeElement.form ? nameOf(document.activeElement) : "";
  return () => {
    for (const field of fields(part)) {
      if (typed.has(nameOf(field))) field.value = typed.get(nameOf(field));
    }
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    const dialog = asking && document.getElementById(asking);
    if (dialog && !dialog.open) dialog.showModal();
    if (focused) fields(part).find((field) => nameOf(field) === focused)?.focus({ preventScroll: true });
  };
}

function isChanged(field) {
  if (field.tagName === "SELECT") return [...field.options].some((one) => one.selected !== one.defaultSelected);
  return field.value !== field.defaultValue;
}
