// The enlarged slip: two fingers, dragging, wheel, taps, buttons and keys. One CSS transform holds where it stands.

import { keyOf } from "./keyboard.js";

const MOST = 8;
const dialog = document.querySelector("[data-zoom]");
const sheet = dialog?.querySelector(".sheet");
const picture = dialog?.querySelector("img");
const fingers = new Map();
let view = { scale: 1, x: 0, y: 0, turn: 0 };
let moved = false;

/** Show the picture that the link leads to, upright if it is known how it lies. */
export function enlarge(link) {
  picture.src = link.href;
  view = { scale: 1, x: 0, y: 0, turn: -90 * Math.round(Number(link.dataset.turned ?? 0) / 90) };
  fingers.clear();
  dialog.showModal();
  draw();
}

/** Turned on its side the picture has to fit the screen the other way round. */
function fit() {
  const { offsetWidth: width, offsetHeight: height } = picture;
  if (!width || view.turn % 180 === 0) return 1;
  return Math.min(sheet.clientWidth / height, sheet.clientHeight / width);
}

function draw() {
  if (view.scale === 1) view.x = view.y = 0;
  picture.style.transform = `translate(${view.x}px, ${view.y}px) rotate(${view.turn}deg) scale(${view.scale * fit()})`;
}

/** Make it so many times larger; what lies under the point stays there. */
function zoom(times, at = centre()) {
  const scale = Math.min(MOST, Math.max(1, view.scale * times));
  const box = sheet.getBoundingClientRect();
  const [x, y] = [at.x - box.x - box.width / 2, at.y - box.y - box.height / 2];
  view.x = x - ((x - view.x) * scale) / view.scale;
  view.y = y - ((y - view.y) * scale) / view.scale;
  view.scale = scale;
  draw();
}

function centre() {
  const box = sheet.getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

const acts = {
  in: () => zoom(1.5),
  out: () => zoom(1 / 1.5),
  whole: () => zoom(0),
  turn: () => { view.turn += 90; draw(); },
};
const keys = { "+": "in", "=": "in", "-": "out", 0: "whole", t: "turn" };
const arrows = { ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80] };

function between([one, other]) {
  return {
    at: { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 },
    apart: Math.hypot(one.x - other.x, one.y - other.y) || 1,
  };
}

if (dialog) {
  dialog.addEventListener("click", (event) => acts[event.target.closest("[data-zoom-do]")?.dataset.zoomDo]?.());
  dialog.addEventListener("keydown", (event) => {
    const by = arrows[event.key];
    if (by) {
      view.x += by[0];
      view.y += by[1];
      draw();
    } else if (keys[keyOf(event)]) {
      acts[keys[keyOf(event)]]();
    } else return;
    event.preventDefault();
  });
  picture.addEventListener("load", draw);
  sheet.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 400), event);
  }, { passive: false });
  sheet.addEventListener("pointerdown", (event) => {
    moved = fingers.size > 0;
    fingers.set(event.pointerId, event);
    sheet.setPointerCapture(event.pointerId);
  });
  sheet.addEventListener("pointermove", (event) => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    const before = fingers.size === 2 && between([...fingers.values()]);
    fingers.set(event.pointerId, event);
    if (before) {
      const now = between([...fingers.values()]);
      view.x += now.at.x - before.at.x;
      view.y += now.at.y - before.at.y;
      zoom(now.apart / before.apart, now.at);
    } else {
      moved ||= Math.hypot(event.x - last.x, event.y - last.y) > 3;
      view.x += event.x - last.x;
      view.y += event.y - last.y;
      draw();
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    sheet.addEventListener(end, (event) => {
      if (fingers.delete(event.pointerId) && end === "pointerup" && !moved && !fingers.size) {
        zoom(view.scale > 1 ? 0 : 2.5, event);
      }
    });
  }
}
