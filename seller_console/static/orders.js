// The list of orders: what is ticked stays ticked when the list changes, and all can be ticked at once. Printing.

const live = document.getElementById("live");
const ticked = new Set();

function boxes() {
  return [...live.querySelectorAll('.tick input[type="checkbox"]')];
}

/** Show how many are ticked, and a button that ticks all or none. */
function show() {
  const form = live.querySelector("[data-choosing]");
  const words = live.querySelector("[data-how-many]");
  if (!form || !words) return;
  form.dataset.script = "";
  const all = boxes();
  const number = all.filter((box) => box.checked).length;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = number === all.length ? words.dataset.none : words.dataset.all;
  button.addEventListener("click", () => {
    for (const box of all) remember(box, number !== all.length);
    show();
    live.querySelector("[data-how-many] button")?.focus();
  });
  words.replaceChildren(`${words.dataset.howMany.replace("#", number)} `, button);
}

function remember(box, checked) {
  box.checked = checked;
  if (checked) ticked.add(box.value);
  else ticked.delete(box.value);
}

if (live) {
  live.addEventListener("change", (event) => {
    if (!event.target.closest(".tick")) return;
    remember(event.target, event.target.checked);
    show();
  });
  new MutationObserver(() => {
    for (const box of boxes()) box.checked = ticked.has(box.value);
    show();
  }).observe(live, { childList: true });
  for (const box of boxes()) if (box.checked) ticked.add(box.value); // the browser remembers them too
  show();
}

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
