// Makes the products' pages better: pictures are sent as soon as they are chosen or dropped, and turned without a reload.

import { send, showAgain } from "./sending.js";

/** A picture of some megabytes over a phone's connection. */
const MILLISECONDS = 180_000;

/** Put the pictures' part of the page, as the server renders it now, in place of the old one. */
function replacePictures(html, refused = []) {
  const focused = document.activeElement?.closest("[data-picture]")?.id;
  document.querySelector("[data-pictures]").outerHTML = html;
  const now = document.querySelector("[data-pictures]");
  if (refused.length) {
    for (const said of now.querySelectorAll("[role=alert]")) said.remove();
    now.querySelector("h2").after(...refused);
  }
  (document.getElementById(focused) ?? now).querySelector("button:enabled")?.focus({ preventScroll: true });
  prepare();
}

/**
 * Send the files to the address one after the other, so that none is too much at once; `sent` is told each answer. Those
 * that got lost stay chosen in the form, for another tap: how many these are.
 */
async function sendFiles(form, address, files, sent) {
  const rest = [...files];
  const said = form.querySelector("[data-chosen]");
  while (rest.length) {
    said.textContent = `${form.dataset.sending} (${files.length - rest.length + 1}/${files.length})`;
    const body = new FormData();
    body.set("csrf", form.elements.csrf.value);
    body.set("pictures", rest[0]);
    const part = await send(form, null, { body, address, milliseconds: MILLISECONDS });
    if (!part) break;
    rest.shift();
    sent(part);
  }
  choose(form, rest);
  return rest.length;
}

/** Have these files chosen in the form. */
function choose(form, files) {
  const chosen = new DataTransfer();
  files.forEach((file) => chosen.items.add(file));
  const [first, ...others] = form.querySelectorAll("input[type=file]");
  first.files = chosen.files;
  others.forEach((input) => { input.value = ""; });
  form.querySelector("[data-chosen]").textContent = names(files);
}

/** Send the pictures of a product and show them; those that got lost wait for another tap. */
async function upload(form) {
  const files = [...form.elements.pictures].flatMap((input) => [...input.files]);
  let last = null;
  const refused = [];
  const left = await sendFiles(form, form.action, files, (part) => {
    last = part.html;
    refused.push(...new DOMParser().parseFromString(part.html, "text/html").querySelectorAll("[role=alert]"));
  });
  if (last) replacePictures(last, refused);
  const now = document.querySelector("form[data-upload]");
  if (left) {
    choose(now, [...form.querySelector("input[type=file]").files]);
    now.querySelector(":scope > button").hidden = false;
  }
}

/** Make the new product of what was typed, so that this is kept; then send its pictures. Tapped again, it goes on there. */
async function create(form, button) {
  const files = [...form.elements.pictures.files];
  const typed = new FormData(form, button);
  typed.delete("pictures");
  const part = await send(form, button, { whole: true, body: new URLSearchParams(typed) });
  if (!part) return;
  if (!part.elsewhere) {
    if (!showAgain(form, part.html)) location.assign(part.address);
    choose(document.querySelector("form[data-new-product]"), files);
    document.querySelector("[data-choose-again]")?.remove();
    return;
  }
  const { pathname } = new URL(part.address);
  let refused = false;
  if (await sendFiles(form, `${pathname}/pictures`, files, (sent) => { refused ||= sent.refused; })) return;
  form.inert = true;
  location.assign(`${pathname}?said=${refused ? "created_without" : "created"}`);
}

const names = (files) => [...files].map((file) => file.name).join(", ");

/** Let the fields for pictures take what is dropped on them, and say or send what was chosen. */
function prepare() {
  for (const drop of document.querySelectorAll("[data-drop]")) {
    const input = drop.querySelector("input");
    drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  for (const form of document.querySelectorAll("form[data-upload]")) {
    form.querySelector(":scope > button").hidden = true;
    form.addEventListener("change", () => upload(form));
  }
}

document.addEventListener("change", ({ target }) => {
  const said = target.closest("form:not([data-upload])")?.querySelector("[data-chosen]");
  if (said && target.type === "file") said.textContent = names(target.files);
});

document.getElementById("main").addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.matches("[data-new-product]")) {
    event.preventDefault();
    create(form, event.submitter);
  } else if (form.matches("[data-upload]")) {
    event.preventDefault();
    upload(form);
  } else if (form.closest("[data-picture]")) {
    event.preventDefault();
    const part = await send(form, event.submitter);
    if (part) replacePictures(part.html);
  }
});
document.addEventListener("talad:again", prepare);

prepare();
