// Keys press what is marked with them (data-hotkey): in the open dialog, else on the page. "?" shows the list.

import { keyOf } from "./keyboard.js";

const TYPING = "input, textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (event.target.matches?.(TYPING)) return;
  const asked = [...document.querySelectorAll("dialog[open]")].at(-1);
  const key = keyOf(event);
  if (key === "?") {
    if (!asked) document.getElementById("keys")?.showModal();
    return;
  }
  const marked = (asked ?? document).querySelectorAll(`[data-hotkey="${CSS.escape(key)}"]`);
  const one = [...marked].find((button) => button.checkVisibility() && !button.disabled);
  if (!one) return;
  event.preventDefault();
  one.click();
});
