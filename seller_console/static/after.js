// After a confirmation: for some seconds it can be undone with one tap, then the next slip comes by itself.

const SECONDS = 8;
let current = ""; // the ledger entry that the seconds are counted for
let end = 0;
let stays = false;

function bar() {
  return document.querySelector("[data-after]");
}

function tick() {
  const shown = bar();
  if (!shown) {
    current = "";
    return;
  }
  if (shown.dataset.after !== current) {
    current = shown.dataset.after;
    end = Date.now() + SECONDS * 1000;
    stays = false;
  }
  const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
  const stay = shown.querySelector("[data-stay]");
  if (stay) stay.hidden = stays || !left;
  const seconds = shown.querySelector("[data-seconds]");
  if (seconds) seconds.textContent = stays || !left ? "" : `(${left})`;
  if (left || stays) return;
  const busy = document.querySelector("dialog[open]") || document.activeElement?.matches("input, textarea, select");
  if (shown.dataset.next && !busy && !document.hidden) {
    stays = true; // once
    location.assign(shown.dataset.next);
  } else if (!shown.dataset.next) {
    shown.hidden = true;
  }
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-stay]")) {
    stays = true;
    tick();
  }
});
setInterval(tick, 250);
tick();
