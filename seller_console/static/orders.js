// The list of orders: what is ticked stays ticked when the list changes, on older pages, and for whoever comes back to
// it; all that fit can be ticked at once. Printing.

const live = document.getElementById("live");
const MOST = 1000;
/** Ticks are kept in this tab, each filter's by themselves: nobody packs what they ticked among other orders. */
const KEPT = "ticked ";

const kept = (key) => new Set(JSON.parse(sessionStorage.getItem(key) ?? "[]"));
const keep = (key, ticked) => (ticked.size ? sessionStorage.setItem(key, JSON.stringify([...ticked])) : sessionStorage.removeItem(key));
const here = () => KEPT + live.querySelector("[data-choosing]").dataset.choosing;
const boxes = () => [...live.querySelectorAll('.tick input[type="checkbox"]')];

/** Tick the boxes of what is chosen, say how much that is, and offer what else can be chosen. */
function show() {
  const form = live.querySelector("[data-choosing]");
  if (!form) return;
  const ticked = kept(here());
  const all = boxes();
  for (const box of all) box.checked = ticked.has(box.value);
  const elsewhere = ticked.size - all.filter((box) => box.checked).length;
  const said = form.querySelector("[data-how-many]");
  const { howMany, elsewhere: andElsewhere, all: allHere, fitting, fit } = said.dataset;
  form.dataset.script = "";
  form.toggleAttribute("data-chosen", ticked.size > 0);
  said.textContent = `${howMany.replace("#", ticked.size.toLocaleString())} `;
  if (elsewhere) {
    const besides = document.createElement("span");
    besides.textContent = andElsewhere.replace("#", elsewhere.toLocaleString());
    said.append(besides);
  }
  const whole = all.every((box) => box.checked);
  const more = form.querySelector("[data-choose]");
  more.dataset.choose = whole ? "fitting" : "all";
  more.textContent = whole ? fitting : allHere;
  more.hidden = whole && (!fitting || ticked.size >= Number(fit || MOST));
}

function choose(numbers, checked = true) {
  const ticked = kept(here());
  for (const number of numbers) checked ? ticked.size < MOST && ticked.add(number) : ticked.delete(number);
  keep(here(), ticked);
  show();
}

/** The numbers of all orders that fit, of which this page shows some. */
async function chooseFitting(button) {
  button.disabled = true;
  try {
    const answer = await fetch(`/orders/numbers?${live.querySelector("[data-choosing]").dataset.choosing}`);
    if (answer.ok) choose((await answer.json()).numbers);
  } catch {
    // it can be pressed again
  }
  button.disabled = false;
}

/** The quick choices stay where they were pushed to; at first they show the chosen one. */
const pushed = new Map();
function push() {
  for (const row of live.querySelectorAll(".choice")) {
    const current = row.querySelector("[aria-current]");
    const middle = current ? current.offsetLeft - (row.clientWidth - current.offsetWidth) / 2 : 0;
    row.scrollLeft = pushed.get(row.ariaLabel) ?? middle;
    row.addEventListener("scroll", () => pushed.set(row.ariaLabel, row.scrollLeft), { passive: true });
  }
}

if (live?.dataset.watch === "orders") {
  live.addEventListener("change", (event) => {
    if (event.target.closest(".tick")) choose([event.target.value], event.target.checked);
  });
  live.addEventListener("click", (event) => {
    const more = event.target.closest("[data-choose]");
    if (event.target.closest("[data-choose-none]")) {
      keep(here(), new Set());
      show();
    } else if (more?.dataset.choose === "all") choose(boxes().map((box) => box.value));
    else if (more) chooseFitting(more);
  });
  live.addEventListener("formdata", (event) => {
    const shown = new Set(boxes().map((box) => box.value));
    for (const number of kept(here())) if (!shown.has(number)) event.formData.append("order", number);
  });
  live.addEventListener("submit", (event) => {
    // A file comes, the page stays: it can be asked for again.
    if (["xlsx", "csv"].includes(event.submitter?.value)) setTimeout(() => [...event.target.elements].forEach((one) => { one.disabled = false; }), 1500);
  });
  new MutationObserver(() => { show(); push(); }).observe(live, { childList: true });
  window.addEventListener("pageshow", show); // the browser has put its own ticks back by then
  show();
  push();
}

const done = document.querySelector("[data-unchoose]");
if (done) {
  const these = done.dataset.unchoose.split(" ");
  for (const key of Object.keys(sessionStorage).filter((one) => one.startsWith(KEPT))) {
    const ticked = kept(key);
    these.forEach((number) => ticked.delete(number));
    keep(key, ticked);
  }
}

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
