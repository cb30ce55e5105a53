// Makes a chat's composer better: it sends without leaving the page, Enter sends where there is a keyboard, and
// quick answers are put in at once, by a tap or as soon as "/shortcut" is typed.

import { Attached } from "./attach.js";
import { replaceLive } from "./console.js";
import { send as sendForm } from "./sending.js";

const form = document.querySelector("[data-composer]");
const text = form.elements.text;
const quick = form.querySelector(".quick");
const pictures = new Attached(form);
const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)").matches;
/** Pictures may take longer on their way than words. */
const MILLISECONDS = 180_000;

let sending = false;
/** What was sent last and may not have arrived. */
let tried;

async function send() {
  if (sending) return;
  sending = true;
  await pictures.ready;
  const words = text.value;
  name(words);
  const body = new FormData(form);
  pictures.areSent();
  const part = await sendForm(form, null, { body, milliseconds: MILLISECONDS });
  pictures.answered();
  sending = false;
  if (!part) return; // the page says why; everything is still there to be sent again
  replaceLive(part.html);
  // A redirect leads to the chat itself: then it was sent. What was typed meanwhile stays, and is another message.
  if (part.address !== form.action) {
    history.replaceState(null, "", location.pathname);
    text.value = text.value.startsWith(words) ? text.value.slice(words.length).trimStart() : text.value;
    pictures.clear();
    tried = undefined;
    form.elements.form.value = newName();
  }
  text.focus();
}

/** What was perhaps sent before keeps its form's name, and counts once; what is no longer the same gets another. */
function name(words) {
  const files = [...form.elements.pictures.files].map((file) => `${file.name} ${file.size} ${file.lastModified}`);
  const what = [words, ...files].join("\n");
  if (tried !== undefined && tried !== what) {
    form.elements.form.value = newName();
  }
  tried = what;
}

/** A form's name as the server gives it (forms.once). Made here, because no page may have come since what was lost. */
function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
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

/** Show what one may do now: write, or read why not, with what was typed until then. */
function fit() {
  const { way } = document.querySelector("[data-way]").dataset;
  for (const part of form.parentElement.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when.split(" ").includes(way);
  }
  form.parentElement.querySelector("[data-letter]").textContent = text.value;
}

document.addEventListener("talad:shown", fit);
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
