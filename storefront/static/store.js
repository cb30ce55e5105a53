// Makes pages that work without it better: the chat learns when the store is closed, and an old address fills the form.

// Closing the page and going to the next one look alike; the server waits a moment before it tells the chat.
addEventListener("pagehide", () => {
  const left = document.body.dataset.left;
  if (left) fetch(left, { method: "POST", keepalive: true });
});

for (const button of document.querySelectorAll(".earlier")) {
  button.addEventListener("click", () => {
    for (const name of ["recipient", "phone", "address"]) button.form.elements[name].value = button.dataset[name];
  });
}

// A double tap sends a form once; coming back to the page it can be used again.
addEventListener("submit", ({ target }) => {
  setTimeout(() => target.querySelectorAll("button").forEach((button) => { button.disabled = true; }));
});
addEventListener("pageshow", () => {
  document.querySelectorAll("form button").forEach((button) => { button.disabled = false; });
});
