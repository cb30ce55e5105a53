// Tracking numbers of many orders: a barcode scanner ends each with Enter, which leads to the next field and does not
// send the form half filled in. After the last it leads to the button.

const form = document.querySelector("form:has(.to-send)");

form?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches(".to-send input")) return;
  event.preventDefault();
  const fields = [...form.querySelectorAll(".to-send input")];
  const next = fields[fields.indexOf(event.target) + 1] ?? form.querySelector("button.main");
  next.focus();
  next.select?.();
});
