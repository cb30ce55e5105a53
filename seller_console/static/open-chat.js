// What an open chat does by itself: while a seller has it before their eyes, what the customer writes counts as read and
// rings no bell (alerts.js); where the list stands beside it, that goes on too; and how one may write is looked at again
// when the time for it is over.

import { refresh } from "./console.js";

const live = document.getElementById("live");
const name = live.dataset.watch;
const beside = matchMedia("(min-width: 860px)"); // as chats.css has it
/** An older part of the conversation: what came last is not seen there. */
const isOld = new URLSearchParams(location.search).has("before");
let leave = null;

/** Say how many unread messages the page shows; of those that come meanwhile the next part of the page tells. */
async function read() {
  const { unread } = live.querySelector("[data-unread]").dataset;
  const csrf = document.querySelector("[name=csrf]")?.value;
  if (document.hidden || isOld || unread === "0" || !csrf) return;
  const body = new URLSearchParams({ csrf, seen: unread });
  await fetch(`${location.pathname}/read`, { method: "POST", body }).catch(() => {}); // the next look tells it again
}

/** Hold the chat's name while it is seen: the tab that rings, perhaps another one, asks who holds it. */
function show() {
  leave?.();
  leave = null;
  if (document.hidden || isOld) return;
  navigator.locks?.request(name, { mode: "shared" }, () => new Promise((resolve) => { leave = resolve; }));
}

function watch() {
  live.dataset.watch = beside.matches ? "chats" : name;
}

let ends;

/** Nobody says it when 24 hours or 7 days are over. */
function wait() {
  clearTimeout(ends);
  const seconds = live.querySelector("[data-way-ends]")?.dataset.wayEnds;
  if (seconds) ends = setTimeout(refresh, seconds * 1000);
}

document.addEventListener("talad:shown", () => {
  read();
  wait();
});
document.addEventListener("visibilitychange", () => {
  show();
  read();
});
beside.addEventListener("change", watch);
watch();
show();
read();
wait();
