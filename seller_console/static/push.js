// The bell's lower half: whether this browser tells what is new also while the console is closed. The server sends to
// the browser's push service, which wakes our worker (alerts-worker.js).

import { worker } from "./alerts.js";

const part = document.querySelector("[data-push]");
const form = part?.closest("form");
const said = part?.querySelector("[data-said]");
/** Whose browser this is: after a session has ended, the same person who signs in again need not turn it on again. */
const MARK = "talad-push";
/** What the server has heard of this tab's session lately: once an hour is enough. */
const heard = () => `${form.elements.csrf.value} ${Math.floor(Date.now() / 3_600_000)}`;
const wanted = (document.body.dataset.alerts ?? "").split(" ").includes("notice");

/** Show the state, and a sentence by its name among the part's data. */
function show(state, words = "") {
  part.hidden = false;
  for (const one of part.querySelectorAll("[data-when]")) one.hidden = one.dataset.when !== state;
  said.textContent = words && part.dataset[words];
  said.hidden = !words;
  said.classList.toggle("good", words === "tried");
  said.classList.toggle("warn", words !== "tried");
}

/** Tell the server of the browser's address; what it answers. */
async function post(path, subscription) {
  const { endpoint, keys } = subscription.toJSON();
  const body = new URLSearchParams({ csrf: form.elements.csrf.value, endpoint, ...keys });
  const answer = await fetch(`/alerts/push${path}`, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok && answer.status !== 409) throw new Error(`the server answered ${answer.status}`);
  return answer.json();
}

const sameKey = (buffer, text) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") === text;

/** The browser's address at its push service, where only our server can send to. */
async function subscribe() {
  const answer = await fetch("/alerts/push", { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  const { key } = await answer.json();
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
    return show("off", "foreign");
  }
  localStorage.setItem(MARK, part.dataset.push);
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

if (part && "Notification" in window) {
  if (!("PushManager" in window && "serviceWorker" in navigator)) show("unable");
  else if (Notification.permission === "denied") blocked();
  else {
    const mine = wanted && Notification.permission === "granted" && localStorage.getItem(MARK) === part.dataset.push;
    if (mine && sessionStorage.getItem(MARK) === heard()) show("on");
    else if (mine) turnOn().catch(() => show("off", "failed"));
    else show("off");
    part.querySelector("[data-turn-on]").addEventListener("click", async ({ currentTarget: button }) => {
      const answer = await Notification.requestPermission();
      if (answer === "denied") blocked();
      else if (answer === "granted") await press(button, turnOn, "off");
    });
    part.querySelector("[data-turn-off]").addEventListener("click", ({ currentTarget }) => press(currentTarget, turnOff, "on"));
    part.querySelector("[data-try]").addEventListener("click", ({ currentTarget }) => press(currentTarget, tryOut, "on"));
  }
}
