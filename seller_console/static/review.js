// Review: the question in place of the buttons, under the same thumb.
import "./keys.js";

/** A tap that was meant twice must not answer the question it has only just asked. */
const PAUSE_MILLISECONDS = 300;

document.addEventListener("click", (event) => {
  const asks = event.target.closest("[data-ask]");
  if (!asks && !event.target.closest("[data-unask]")) return;
  event.preventDefault();
  const bar = event.target.closest("[data-ask-bar]");
  bar.toggleAttribute("data-asking", Boolean(asks));
  const yes = bar.querySelector(".yes");
  if (asks) {
    yes.disabled = true;
    setTimeout(() => {
      yes.disabled = false;
      yes.focus({ preventScroll: true });
    }, PAUSE_MILLISECONDS);
  } else {
    bar.querySelector("[data-ask]").focus({ preventScroll: true });
  }
});
