// Buttons for one more and one less, and Enter in the search field searches.

for (const button of document.querySelectorAll("[data-step]")) button.hidden = false;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  const field = button.parentElement.querySelector("input");
  const next = Number(field.value || 0) + Number(button.dataset.step);
  field.value = Math.min(Number(field.max), Math.max(0, next));
});

document.querySelector("[data-search]")?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  event.target.form.requestSubmit(event.target.form.querySelector("[name=search]"));
});
