// Makes pages that work without it better: the chat learns when the store is closed, choosing shows price and stock,
// quantities have − and +, and an old address fills the form.

// Closing the page and going to the next one look alike; the server waits a moment before it tells the chat.
addEventListener("pagehide", () => {
  const left = document.body.dataset.left;
  if (left) fetch(left, { method: "POST", keepalive: true });
});

// ---- a product's variants ----

const buy = document.querySelector("form[data-choices]");
const choices = buy ? JSON.parse(buy.dataset.choices) : [];
const priceOfAll = document.querySelector("[data-price]")?.textContent;
const stockOfAll = document.querySelector("[data-stock]")?.textContent;

/** Show the chosen variant's price and stock, and which values are sold out beside the others that are chosen. */
function showChoice() {
  const places = [...buy.querySelectorAll("fieldset")].map((set) => [...set.querySelectorAll("input")]);
  const chosen = places.map((inputs) => inputs.find((input) => input.checked)?.value);
  const fits = (values, wanted) => wanted.every((value, place) => value === undefined || value === values[place]);
  places.forEach((inputs, place) => {
    for (const input of inputs) {
      const wanted = Object.assign([...chosen], { [place]: input.value });
      input.parentElement.classList.toggle("none", !choices.some((one) => one.stock && fits(one.values, wanted)));
    }
  });
  const one = chosen.includes(undefined) ? null : choices.find((variant) => fits(variant.values, chosen));
  document.querySelector("[data-price]").textContent = one?.price ?? priceOfAll;
  document.querySelector("[data-stock]").textContent = one?.left ?? stockOfAll;
  if (one && one.picture !== null) {
    const strip = document.querySelector(".pictures");
    strip.scrollLeft = strip.children[one.picture].offsetLeft - strip.offsetLeft;
  }
  buy.elements.quantity.max = one?.stock || 999;
  buy.querySelectorAll("[name=go]").forEach((button) => { button.disabled = one?.stock === 0; });
}
buy?.addEventListener("change", showChoice);

// ---- quantities ----

for (const button of document.querySelectorAll("[data-step]")) {
  const input = button.parentElement.querySelector("input");
  button.hidden = false;
  button.addEventListener("click", () => {
    const wanted = (Number.parseInt(input.value, 10) || 0) + Number(button.dataset.step);
    input.value = Math.min(Math.max(wanted, input.min), input.max);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/** A line whose number was changed but not sent yet. */
const unsent = () =>
  [...document.querySelectorAll("[data-sends-itself]")].find(
    ({ elements: { quantity } }) => quantity.value !== quantity.defaultValue,
  );
for (const form of document.querySelectorAll("[data-sends-itself]")) {
  let soon;
  form.querySelector(".update").hidden = true;
  form.addEventListener("change", () => {
    clearTimeout(soon);
    soon = setTimeout(() => unsent() === form && form.requestSubmit(), 700);
  });
}
// Nobody orders another number than the one they see: it is sent first, and the cart comes back with its total.
document.querySelector("[data-confirm]")?.addEventListener("submit", (event) => {
  const form = unsent();
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});

// ---- addresses ----

for (const button of document.querySelectorAll(".earlier")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    for (const name of ["recipient", "phone", "address"]) button.form.elements[name].value = button.dataset[name];
  });
}

// ---- every form ----

// A double tap sends a form once; coming back to the page it can be used again.
addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  setTimeout(() => event.target.querySelectorAll("button").forEach((button) => { button.disabled = true; }));
});
addEventListener("pageshow", () => {
  document.querySelectorAll("form button").forEach((button) => { button.disabled = false; });
  if (buy) showChoice();
});
