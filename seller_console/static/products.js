// Makes the products' pages better: pictures are sent as soon as they are chosen or dropped, and turned without a reload.

import { send } from "./sending.js";

/** A picture of some megabytes over a phone's connection. */
const MILLISECONDS = 180_000;

/** Send the form, and put the pictures' part of the page, as the server renders it now, in place of the old one. */
async function replacePictures(form, button, options) {
  const old = document.querySelector("[data-pictures]");
  old.classList.add("sending");
  const part = await send(form, button, options);
  old.classList.remove("sending");
  if (!part) return false;
  const focused = document.activeElement?.closest("[data-picture]")?.id;
  old.outerHTML = part.html;
  (document.getElementById(focused) ?? document.querySelector("[data-pictures]")).querySelector("button:enabled")?.focus({ preventScroll: true });
  prepare();
  return true;
}

/** Send the files one after the other, so that none is too much at once. Those that got lost wait for another tap. */
async function upload(form, files) {
  const rest = [...files];
  let now = form;
  now.querySelector("[data-chosen]").textContent = form.dataset.sending;
  while (rest.length) {
    const body = new FormData();
    body.set("csrf", now.elements.csrf.value);
    body.set("pictures", rest[0]);
    const done = await replacePictures(now, null, { body, milliseconds: MILLISECONDS });
    now = document.querySelector("form[data-upload]");
    if (!done) break;
    rest.shift();
  }
  const kept = new DataTransfer();
  rest.forEach((file) => kept.items.add(file));
  for (const input of now.elements.pictures) input.value = "";
  now.elements.pictures[0].files = kept.files;
  now.querySelector("[data-chosen]").textContent = names(rest);
  now.querySelector(":scope > button").hidden = !rest.length;
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
    form.addEventListener("change", (event) => upload(form, [...event.target.files]));
  }
}

document.addEventListener("change", ({ target }) => {
  const said = target.closest("form:not([data-upload])")?.querySelector("[data-chosen]");
  if (said && target.type === "file") said.textContent = names(target.files);
});

document.querySelector("[data-pictures]")?.parentElement.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.closest("[data-picture]")) replacePictures(form, event.submitter);
  else if (form.matches("[data-upload]")) upload(form, [...form.elements.pictures].flatMap((input) => [...input.files]));
  else return;
  event.preventDefault();
});

prepare();
