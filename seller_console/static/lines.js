// Buttons for one more and one less, Enter in the search field searches, and what all of it comes to so far.

function prepare() {
  for (const button of document.querySelectorAll("[data-step]")) button.hidden = false;
}

document.addEventListener("talad:again", prepare);
prepare();

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  const field = button.parentElement.querySelector("[type=number]");
  const next = Number(field.value || 0) + Number(button.dataset.step);
  field.value = Math.min(Number(field.max), Math.max(0, next));
  reckon();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("[data-search]")) return;
  event.preventDefault();
  event.target.form.requestSubmit(event.target.form.querySelector("[name=search]"));
});

const sum = document.querySelector("[data-sum]");

function reckon() {
  if (!sum) return;
  const style = { style: "currency", currency: sum.dataset.sum, currencyDisplay: "narrowSymbol", trailingZeroDisplay: "stripIfInteger" };
  const money = new Intl.NumberFormat(document.documentElement.lang, style);
  let total = 0;
  for (const field of document.querySelectorAll("[data-price]")) total += Number(field.value) * Number(field.dataset.price);
  sum.querySelector("strong").textContent = money.format(total / 10 ** money.resolvedOptions().maximumFractionDigits);
  sum.hidden = false;
}

document.addEventListener("input", reckon);
reckon();
