// Makes the products' pages better: pictures are sent as soon as they are chosen or dropped, and turned without a reload.

/** Put the pictures' part of the page, as the server renders it now, in place of the old one. */
async function replacePictures(address, body) {
  const old = document.querySelector("[data-pictures]");
  old.classList.add("sending");
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { "X-Fragment": "1", Accept: "text/html" } });
    if (answer.redirected || (!answer.ok && answer.status !== 409)) throw new Error(`the server answered ${answer.status}`);
    const focused = document.activeElement?.closest("[data-picture]")?.id;
    old.outerHTML = await answer.text();
    (document.getElementById(focused) ?? document.querySelector("[data-pictures]")).querySelector("button:enabled")?.focus({ preventScroll: true });
    prepare();
    return true;
  } catch {
    old.classList.remove("sending");
    return false;
  }
}

/** Send the files one after the other, so that none is too much at once. */
async function send(form, files) {
  const said = form.querySelector("[data-chosen]");
  said.textContent = form.dataset.sending;
  for (const file of files) {
    const body = new FormData();
    body.set("csrf", form.elements.csrf.value);
    body.set("pictures", file);
    if (!(await replacePictures(form.action, body))) {
      document.querySelector("[data-pictures] [data-chosen]").textContent = form.dataset.failed;
      return;
    }
  }
}

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
    form.addEventListener("change", (event) => send(form, [...event.target.files]));
  }
}

document.addEventListener("change", ({ target }) => {
  const said = target.closest("form:not([data-upload])")?.querySelector("[data-chosen]");
  if (said && target.type === "file") said.textContent = [...target.files].map((file) => file.name).join(", ");
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest("[data-picture]")) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  replacePictures(form.action, body).then((done) => done || form.submit());
});

prepare();
