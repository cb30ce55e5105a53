// The bell's lower half: whether this browser tells what is new also while the console is closed. The server sends to
// the browser's push service, which wakes our worker (alerts-worker.js).

import { MARK, heard, worker } from "./alerts.js";

const part = document.querySelector("[data-closed]");
const form = part.closest("form");
const find = (what) => part.querySelector(`[data-${what}]`);

/** Show the state, and a sentence by its name among those that may be said. */
function show(state, words = "") {
  for (const one of part.querySelectorAll("[data-when]")) one.hidden = one.dataset.when !== state;
  const said = find("said");
  said.textContent = words && said.dataset[words];
  said.hidden = !words;
  said.classList.toggle("good", words === "tried");
  said.classList.toggle("warn", words !== "tried");
  part.hidden = false;
}

/** Tell the server of the browser's address; what it answers. */
async function post(path, subscription) {
  const { endpoint, keys } = subscription.toJSON();
  const body = new URLSearchParams({ csrf: form.elements.csrf.value, endpoint, ...keys });
  const answer = await fetch(`/alerts/push${path}`, { method: "POST", body });
  if (!answer.ok && answer.status !== 409) throw new Error(`the server answered ${answer.status}`);
  return answer.json();
}

const sameKey = (buffer, text) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") === text;

/** The browser's address at its push service, where only our server can send to. */
async function subscribe() {
  const { key } = find("turn-on").dataset;
  const { pushManager } = await worker();
  const old = await pushManager.getSubscription();
  if (old && !sameKey(old.options.applicationServerKey, key)) await old.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

async function turnOn() {
  const subscription = await subscribe();
  const { wrong, lost } = await post("", subscription);
  if (wrong) {
    await subscription.unsubscribe();
    return show("off", "unable");
  }
  localStorage.setItem(MARK, find("turn-on").dataset.seller);
  sessionStorage.setItem(MARK, heard());
  form.elements.notice.checked = true;
  return show("on", lost ? "lost" : "");
}

async function turnOff() {
  localStorage.removeItem(MARK);
  sessionStorage.removeItem(MARK);
  const subscription = await (await worker()).pushManager.getSubscription();
  if (subscription) {
    await post("/off", subscription);
    await subscription.unsubscribe();
  }
  show("off");
}

async function tryOut() {
  await post("/test", await subscribe());
  show("on", "tried");
}

/** Do it for the pressed button, which nobody presses twice meanwhile. */
async function press(button, deed, otherwise) {
  button.disabled = true;
  await deed().catch(() => show(otherwise, "failed"));
  button.disabled = false;
}

function blocked() {
  part.hidden = true;
  document.querySelector("[data-blocked]").hidden = false;
}

async function begin() {
  if (Notification.permission === "denied") return blocked();
  const answer = await fetch("/alerts/push");
  if (!answer.ok) return undefined;
  part.innerHTML = await answer.text();
  if (!("PushManager" in window && "serviceWorker" in navigator)) return show("", "unable");
  find("turn-on").addEventListener("click", async ({ currentTarget: button }) => {
    const permission = await Notification.requestPermission();
    if (permission === "denied") blocked();
    else if (permission === "granted") await press(button, turnOn, "off");
  });
  find("turn-off").addEventListener("click", ({ currentTarget }) => press(currentTarget, turnOff, "on"));
  find("try").addEventListener("click", ({ currentTarget }) => press(currentTarget, tryOut, "on"));
  const isMine = localStorage.getItem(MARK) === find("turn-on").dataset.seller;
  const mayTell = document.body.dataset.alerts.includes("notice") && Notification.permission === "granted";
  if (!isMine || !mayTell) return show("off");
  if (sessionStorage.getItem(MARK) === heard()) return show("on");
  return turnOn().catch(() => show("off", "failed"));
}

if ("Notification" in window) begin();
