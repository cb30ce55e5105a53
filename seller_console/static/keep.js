// Carries what somebody has begun over to the page's new part: fields typed in, what is open, the question asked.
// What was typed was meant for what the page showed then: its form goes on saying that this is what was seen. A question
// that is another one by now closes: nobody shall say Yes to what has just slipped under their finger. What was scrolled
// to stays where it was seen.

const fields = (part) => [...part.querySelectorAll("form[action] :is(input:not([type=hidden]), textarea, select)")];
const sights = (part) => [...part.querySelectorAll("form[action] input[type=hidden]:is([name=seen], [name^=seen-])")];
const isTick = (field) => field.type === "checkbox" || field.type === "radio";
const nameOf = (field) => `${field.form.getAttribute("action")} ${field.name}${isTick(field) ? ` ${field.value}` : ""}`;
const stateOf = (field) => isTick(field) ? field.checked : field.value;

/** Look at the part of the page before it is replaced; the function returned puts back what was begun in it. */
export function remember(part) {
  const begun = fields(part).filter(isChanged);
  const forms = new Set(begun.map((field) => field.form));
  const kept = [...begun, ...sights(part).filter((field) => forms.has(field.form))];
  const typed = new Map(kept.map((field) => [nameOf(field), stateOf(field)]));
  const open = [...part.querySelectorAll("details[id][open]")].map((one) => one.id);
  const asking = part.querySelector("dialog[id][open]");
  const scroll = scrolled(part);
  const focused = part.contains(document.activeElement) && document.activeElement.form ? nameOf(document.activeElement) : "";
  return () => {
    const dialog = asking && document.getElementById(asking.id);
    const goesOn = dialog && dialog.textContent === asking.textContent;
    if (goesOn) sights(asking).forEach((field) => typed.set(nameOf(field), field.value));
    for (const field of [...fields(part), ...sights(part)]) {
      if (typed.has(nameOf(field))) field[isTick(field) ? "checked" : "value"] = typed.get(nameOf(field));
    }
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (goesOn && !dialog.open) dialog.showModal();
    if (focused) fields(part).find((field) => nameOf(field) === focused)?.focus({ preventScroll: true });
    scroll();
  };
}

/** Of what scrolls by itself and is not at its beginning: the function returned brings its first row back to its place. */
function scrolled(part) {
  const areas = [...part.querySelectorAll("[data-scroll]")].filter((area) => area.scrollTop !== 0);
  const places = areas.map((area) => {
    const row = rows(area).find((one) => below(one, area) + one.offsetHeight > 0);
    return row && { area: area.dataset.scroll, top: area.scrollTop, key: row.dataset.key, at: below(row, area) };
  });
  return () => places.filter(Boolean).forEach(({ area: name, top, key, at }) => {
    const area = part.querySelector(`[data-scroll="${name}"]`);
    if (!area) return;
    area.scrollTop = top;
    const row = rows(area).find((one) => one.dataset.key === key);
    if (row) area.scrollTop += below(row, area) - at;
  });
}

const rows = (area) => [...area.querySelectorAll("[data-key]")];
const below = (row, area) => row.getBoundingClientRect().top - area.getBoundingClientRect().top;

function isChanged(field) {
  if (field.tagName === "SELECT") return [...field.options].some((one) => one.selected !== one.defaultSelected);
  return isTick(field) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}
