// Makes a chat's composer better: it sends without leaving the page, Enter sends where there is a keyboard, and
// quick answers are put in at once, by a tap or as soon as "/shortcut" is typed.

import { Attached } from "./attach.js";
import { fragment, replaceLive } from "./console.js";

const form = document.querySelector("[data-composer]");
const text = form?.elements.text;
const quick = form?.querySelector(".quick");
const pictures = form && new Attached(form);
const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)").matches;

let sending = false;

async function send() {
  if (sending) return;
  sending = true;
  await pictures.ready;
  const body = new FormData(form);
  const buttons = [...form.querySelectorAll("button")];
  buttons.forEach((button) => { button.disabled = true; });
  text.readOnly = true; // what is typed meanwhile would go with what is sent
  pictures.areSent();
  const part = await fragment(form.action, { method: "POST", body }).catch(() => "failed");
  buttons.forEach((button) => { button.disabled = false; });
  text.readOnly = false;
  sending = false;
  if (part === "failed") {
    pictures.failed(); // everything is still there to be sent again, and twice it counts once
    return;
  }
  pictures.answered();
  if (!part) {
    form.submit(); // let the browser show what is wrong
    return;
  }
  replaceLive(part.html);
  // A redirect leads to the chat itself: then it was sent, and the next words are another message.
  if (part.address !== form.action) {
    history.replaceState(null, "", location.pathname);
    text.value = "";
    pictures.clear();
    form.elements.form.value = document.querySelector("[data-new-form]").dataset.newForm;
  }
  text.focus();
}

function putIn(answer) {
  const typed = /^\/\S*$/.test(text.value) ? "" : text.value;
  text.value = [typed.trimEnd(), answer].filter(Boolean).join("\n");
  quick.open = false;
  text.focus();
}

/** While "/…" is typed only the quick answers of that name are offered. */
function offer() {
  const asked = text.value.match(/^\/(\S*)$/)?.[1].toLowerCase();
  const found = [...quick.querySelectorAll("li")].filter((row) => {
    const fits = asked === undefined || row.querySelector("button").value.startsWith(asked);
    row.hidden = !fits;
    return fits;
  });
  if (asked !== undefined) quick.open = found.length > 0;
  return asked === undefined ? [] : found;
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const answer = event.submitter?.dataset.text;
    if (answer !== undefined) return putIn(answer);
    const offered = quick ? offer() : [];
    const named = offered.map((row) => row.querySelector("button")).find((one) => `/${one.value}` === text.value.trim().toLowerCase());
    if (named) return putIn(named.dataset.text);
    return send();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    if (!hasKeyboard && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const offered = quick ? offer() : [];
    if (offered.length > 0) putIn(offered[0].querySelector("button").dataset.text);
    else form.requestSubmit();
  });
  if (quick) {
    text.addEventListener("input", offer);
    quick.addEventListener("toggle", () => { if (!quick.open) offer(); });
  }
}
