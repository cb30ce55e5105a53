// Tells the seller that an order or a slip came in, or that a customer waits for a person: a sound of our own, a
// notification of the browser. Of all open tabs one does so, and goes on listening when it is hidden.

const wanted = (document.body.dataset.alerts ?? "").split(" ");
const sounds = wanted.includes("sound");
/** An iPhone has them only for what was put on its home screen. */
const possible = "Notification" in window && "serviceWorker" in navigator;
const notices = wanted.includes("notice") && possible;
let audio = null;
let chosen = false;

/** Two short tones, one above the other. Before the seller has touched the page a browser lets none be heard. */
function chime() {
  audio ??= new AudioContext();
  if (audio.state !== "running") return;
  [[880, 0], [1318.5, 0.14]].forEach(([pitch, after]) => {
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    const start = audio.currentTime + after;
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(0.25, start + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + 0.45);
    tone.connect(loudness).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.5);
  });
}

/** The worker that shows notifications, once it is at work. */
export async function worker() {
  const registration = await navigator.serviceWorker.register("/alerts/worker.js", { scope: "/" });
  const one = registration.installing ?? registration.waiting;
  if (one) {
    await new Promise((done) => {
      const look = () => one.state === "activated" && done();
      one.addEventListener("statechange", look);
      look();
    });
  }
  return registration;
}

/** Show the words, and `body` below them; a tap opens the page at `address`. The tag is as in shop/pushes.py. */
async function show(kind, words, body, address) {
  if (Notification.permission !== "granted") return;
  const icon = document.querySelector('link[rel="icon"]')?.href;
  await (await worker()).showNotification(words, { body, tag: `${kind} ${address}`, icon, data: address });
}

/** The calls of customers whose chat nobody has before their eyes, in whichever tab. */
async function unseen(calls) {
  const { held } = await navigator.locks.query();
  const seen = new Set(held.map((lock) => lock.name));
  return Object.entries(calls).filter(([id]) => !seen.has(`chat-${id}`));
}

if (sounds || notices) {
  navigator.locks?.request("talad-alerts", () => {
    chosen = true;
    document.body.dataset.alerting = ""; // console.js then listens on when this tab is hidden
    if (document.hidden) document.dispatchEvent(new Event("visibilitychange"));
    return new Promise(() => {});
  });
  document.addEventListener("pointerdown", () => {
    audio ??= new AudioContext();
    audio.resume();
  });
  document.addEventListener("talad:change", async ({ detail: { placed, slips, calls } }) => {
    if (!chosen) return;
    const waiting = await unseen(calls);
    if (!placed.length && !slips.length && !waiting.length) return;
    if (sounds) chime();
    if (!notices || (document.hasFocus() && !document.hidden)) return;
    const { newOrder, newSlip, newCall } = document.body.dataset;
    for (const number of placed.slice(0, 3)) show("order", newOrder, number, `/orders/${number}`);
    for (const number of slips.slice(0, 3)) show("slip", newSlip, number, `/orders/${number}`);
    for (const [id, name] of waiting.slice(0, 3)) show("call", newCall, name, `/chats/${id}`);
  });
}

const none = document.querySelector("[data-none]");
if (none) none.hidden = possible;

const permit = document.querySelector("[data-permit]");
if (permit && notices) {
  const reflect = () => {
    permit.hidden = Notification.permission !== "default";
    document.querySelector("[data-blocked]").hidden = Notification.permission !== "denied";
  };
  permit.addEventListener("click", async () => {
    await Notification.requestPermission();
    reflect();
  });
  reflect();
}

// The bell's lower half is loaded for whoever looks at it, and for whom the server should hear of again (push.js).
const closed = document.querySelector("[data-closed]");
/** Whose browser this is: after a session has ended, the same person who signs in again need not turn it on again. */
export const MARK = "talad-push";
/** What the server has heard of this tab's session lately: once an hour is enough. */
export const heard = () => `${closed.closest("form").elements.csrf.value} ${Math.floor(Date.now() / 3_600_000)}`;
if (closed) {
  const load = () => import("./push.js");
  if (localStorage.getItem(MARK) && sessionStorage.getItem(MARK) !== heard()) load();
  else closed.closest("details").addEventListener("toggle", load, { once: true });
}
