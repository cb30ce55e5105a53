// Pictures in a chat's composer: chosen, pasted or dropped, made small before they travel, shown, and taken away again.
// The form's file field holds what will be sent all the time, so that the form is sent like any other.

/** As many pixels as a photo of 1600 × 1200 has: enough to read a label, a twentieth of a phone's original. */
const PIXELS = 1600 * 1200;
const QUALITY = 0.85;
const THUMB = 144;

export class Attached {
  /** Settles when everything chosen so far is ready to be sent. */
  ready = Promise.resolve();
  #files = [];
  #busy = false;

  constructor(form) {
    this.form = form;
    this.field = form.querySelector("[data-attach]");
    this.list = form.querySelector("[data-shots]");
    this.said = form.querySelector("[data-shots-said]");
    this.row = form.querySelector("[data-shot]");
    this.field.addEventListener("change", () => this.add([...this.field.files]));
    form.elements.text.addEventListener("paste", (event) => {
      // What is copied from a table or a text comes as a picture, too, and is meant as words.
      const files = event.clipboardData.getData("text/plain") ? [] : [...event.clipboardData.files];
      if (files.length === 0) return;
      event.preventDefault();
      this.add(files);
    });
    this.#takeDropped();
    this.#keep();
  }

  add(files) {
    this.form.elements.text.required = false; // so that it can be sent as soon as they are prepared
    this.ready = this.ready.then(() => this.#add(files));
  }

  areSent() {
    this.#busy = true;
    this.said.textContent = this.#files.length ? this.field.dataset.sending.replace("#", this.#files.length) : "";
  }

  answered() {
    this.#busy = false;
    this.said.textContent = "";
  }

  clear() {
    this.#files = [];
    this.list.replaceChildren();
    this.#keep();
  }

  async #add(files) {
    const words = this.field.dataset;
    if (this.#busy) return this.#keep();
    const unusable = [];
    this.said.textContent = words.preparing;
    for (const file of files) {
      if (this.#files.length >= Number(words.most)) {
        unusable.push(words.many);
        break;
      }
      const shot = await prepared(file).catch(() => null); // one after the other: a phone's memory is small
      if (shot) this.#show(shot);
      else unusable.push(words.unreadable.replace("#", file.name));
    }
    this.said.textContent = unusable.join(" ");
    this.#keep();
  }

  #show(shot) {
    const row = this.row.content.cloneNode(true).firstElementChild;
    const button = row.querySelector("button");
    drawThumb(row.querySelector("canvas"), shot.canvas);
    row.querySelector("canvas").setAttribute("aria-label", shot.file.name);
    button.querySelector(".unseen").append(shot.file.name);
    button.addEventListener("click", () => {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      this.#files = this.#files.filter((file) => file !== shot.file);
      row.remove();
      this.said.textContent = "";
      this.#keep();
      (next?.querySelector("button") ?? this.form.elements.text).focus();
    });
    this.#files.push(shot.file);
    shot.canvas.width = shot.canvas.height = 0; // Safari keeps the pixels otherwise
    this.list.append(row);
    this.list.hidden = false;
    row.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Have the field hold the pictures as they are now; words are needed only without any. */
  #keep() {
    const all = new DataTransfer();
    this.#files.forEach((file) => all.items.add(file));
    this.field.files = all.files;
    this.list.hidden = this.#files.length === 0;
    this.form.elements.text.required = this.#files.length === 0;
  }

  #takeDropped() {
    const over = (is) => this.form.classList.toggle("over", is);
    document.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      over(true);
    });
    document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) over(false); });
    document.addEventListener("drop", (event) => {
      over(false);
      if (event.dataTransfer.files.length === 0) return;
      event.preventDefault();
      this.add([...event.dataTransfer.files]);
    });
  }
}

/** The picture as it is sent, and drawn. Raises what the browser says of a file that is none. */
async function prepared(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, Math.sqrt(PIXELS / (bitmap.width * bitmap.height)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff"; // a JPEG has no transparency
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const jpeg = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  const isSmall = scale === 1 && file.size <= jpeg.size && ["image/jpeg", "image/png", "image/webp"].includes(file.type);
  const name = file.name.replace(/\.[^.]*$/, "");
  return { canvas, file: isSmall ? file : new File([jpeg], `${name}.jpg`, { type: "image/jpeg" }) };
}

/** The middle of the picture, square. */
function drawThumb(canvas, picture) {
  const side = Math.min(picture.width, picture.height);
  canvas.width = canvas.height = THUMB;
  canvas.getContext("2d").drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, THUMB, THUMB);
}
