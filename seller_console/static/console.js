// Makes pages that work without it better: questions in place, slips enlarged, and changes as they happen.
// The server renders everything; this only puts a page's changed part (#live) in place of the old one.

import { remember } from "./keep.js";
import { connection, fragment, inDoubt, isThere, send, sendWhole, unsent } from "./sending.js";
import { enlarge } from "./zoom.js";

export { fragment };

const live = document.getElementById("live");
const announce = document.querySelector("[data-announce]");

/** What an image shows; a slip's address changes with each look. */
function pictureOf({ src }) {
  const { pathname, searchParams } = new URL(src, location.href);
  return `${pathname} ${searchParams.get("v") ?? ""}`;
}

/** Look at the part's pictures before it is replaced; the function returned puts them back, so that none loads again. */
function keepPictures() {
  const loaded = new Map([...live.querySelectorAll("img")].filter((one) => one.naturalWidth).map((one) => [pictureOf(one), one]));
  return () => {
    for (const picture of live.querySelectorAll("img")) {
      const same = loaded.get(pictureOf(picture));
      if (!same || !loaded.delete(pictureOf(picture))) continue;
      for (const name of same.getAttributeNames()) if (name !== "src") same.removeAttribute(name); // it may have been hidden
      for (const { name, value } of picture.attributes) if (name !== "src") same.setAttribute(name, value);
      picture.replaceWith(same);
    }
  };
}

/** Put the fragment in place; rows that are new or different light up, and the focus stays where it was. */
export function replaceLive(html) {
  const before = new Map([...live.querySelectorAll("[data-key]")].map((row) => [row.dataset.key, row.outerHTML]));
  const focused = document.activeElement?.id;
  const lost = live.contains(document.activeElement);
  const putBack = keepPictures();
  live.innerHTML = html;
  putBack();
  for (const row of live.querySelectorAll("[data-key]")) {
    if (before.size && before.get(row.dataset.key) !== row.outerHTML) row.classList.add("fresh");
  }
  if (lost) (document.getElementById(focused) ?? document.getElementById("main")).focus({ preventScroll: true });
  announce.textContent = live.querySelector(".say")?.textContent ?? announce.dataset.text;
  document.dispatchEvent(new CustomEvent("talad:shown"));
}

let refreshing = false;
let again = false;
/** Counts when forms are sent and answered: what was fetched before that is older than the answer. */
let sent = 0;

/** Fetch the page's part anew, one at a time, until it has been fetched after the last change. */
export async function refresh() {
  again = true;
  if (refreshing) return;
  refreshing = true;
  while (again) {
    again = false;
    try {
      const before = sent;
      const part = await fragment(location.href);
      if (part && before === sent) {
        const putBack = remember(live);
        const { scrollX, scrollY } = window;
        replaceLive(part.html);
        putBack();
        window.scrollTo(scrollX, scrollY); // what was open was shut for a moment: nothing moves under the finger
        if (part.elsewhere) history.replaceState(null, "", part.address); // what was here is over
      }
    } catch {
      // Without it the page would stay wrong: the change has been heard, and is not told again.
      again = true;
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
  refreshing = false;
}

// ---- changes as they happen ----

let stream = null;
let position = document.body.dataset.position;

function listen() {
  if (!position || stream) return;
  stream = new EventSource(`/events?after=${encodeURIComponent(position)}`);
  const offline = document.querySelector("[data-offline]");
  let patience;
  stream.onopen = () => {
    clearTimeout(patience);
    offline.hidden = true;
    connection(true);
  };
  stream.onerror = () => {
    clearTimeout(patience);
    connection(false);
    patience = setTimeout(() => { offline.hidden = false; }, 3000);
    // The browser reconnects by itself, except after a refusal: then signing in again helps.
    if (stream?.readyState === EventSource.CLOSED) {
      silence();
      setTimeout(() => fragment(location.href).then(listen, listen), 3000);
    }
  };
  stream.addEventListener("change", (event) => {
    position = event.lastEventId;
    const news = JSON.parse(event.data);
    document.dispatchEvent(new CustomEvent("talad:change", { detail: news }));
    heard(news);
  });
}

function silence() {
  stream?.close();
  stream = null;
}

/** Show the number beside its menu entry, which not everybody has; true when it was another one. */
function count(name, number) {
  const badge = document.querySelector(`[data-count="${name}"]`);
  if (!badge) return false;
  const changed = badge.textContent !== String(number);
  badge.textContent = number;
  badge.hidden = number === 0;
  return changed;
}

function heard({ orders, counts, chats, models }) {
  const changed = Object.fromEntries(Object.entries(counts).map(([name, number]) => [name, count(name, number)]));
  if (!live) return;
  changed.chats ||= chats.length > 0;
  changed.models = models;
  const watched = live.querySelector("[data-watch]")?.dataset.watch ?? live.dataset.watch;
  const concerned = changed[watched] ?? (watched === "orders" || orders?.includes(watched) || chats.includes(watched));
  if (concerned || orders === null) refresh();
}

// A hidden tab lets go of its connection (browsers allow six to one host) and catches up when it is seen again. The one
// that alerts the seller (alerts.js) listens on.
document.addEventListener("visibilitychange", () => {
  if (document.hidden && !("alerting" in document.body.dataset)) silence();
  else listen();
});
window.addEventListener("pagehide", silence);
window.addEventListener("pageshow", () => !document.hidden && listen());

// ---- questions and slips ----

/** What lies over the page while it is open, and closes with a tap beside it. What was opened within the page stays. */
const MENUS = "details[open]:is(.account, .alerts, .filters, .quick)";

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const asks = event.target.closest("[data-dialog]");
  const closes = event.target.closest("dialog [data-close]");
  const enlarges = event.target.closest("[data-enlarge]");
  const copies = event.target.closest("[data-copy]");
  if (copies) {
    navigator.clipboard?.writeText(copies.dataset.copy).then(() => { copies.textContent = copies.dataset.copied; }, () => {});
  } else if (asks) {
    document.getElementById(asks.dataset.dialog).showModal();
  } else if (closes) {
    closes.closest("dialog").close();
  } else if (enlarges) {
    enlarge(enlarges);
  } else {
    for (const open of document.querySelectorAll(MENUS)) {
      if (!open.contains(event.target)) open.open = false;
    }
    return;
  }
  event.preventDefault();
});

// Links to slips end after a while: a page that stays open is given new ones, unless somebody is at work in it.
setInterval(() => {
  const busy = document.hidden || document.querySelector("dialog[open]") || live?.contains(document.activeElement);
  if (!busy && live?.querySelector("[data-enlarge]")) refresh();
}, 5 * 60 * 1000);

/** Forms that the browser sends now: the server has just answered that it is there. */
const passed = new WeakSet();

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (form.matches("[data-swap]") && live) {
    event.preventDefault();
    swap(form, event.submitter);
  } else if (passed.delete(form)) {
    disable(form);
  } else if (form.matches("[data-keep]")) {
    event.preventDefault();
    if (await sendWhole(form, event.submitter)) pass(form, event.submitter);
  } else if (form.method === "post" && inDoubt()) {
    // The browser would put its own error page in place of ours, and what was typed would be gone.
    event.preventDefault();
    if (!(await isThere())) return unsent(form);
    pass(form, event.submitter);
  } else {
    disable(form);
  }
});

/** Let the browser send the form. */
function pass(form, button) {
  passed.add(form);
  form.requestSubmit(button);
}

/** After the browser has read the form, so that the pressed button's value is sent along. */
function disable(form) {
  setTimeout(() => form.querySelectorAll("button").forEach((button) => { button.disabled = true; }));
}

async function swap(form, button) {
  sent += 1;
  const part = await send(form, button);
  sent += 1;
  if (!part) return;
  // The address says what happened, so that the sentence also stands after the next refresh.
  if (part.address !== form.action) history.replaceState(null, "", part.address);
  replaceLive(part.html);
  window.scrollTo(0, 0); // to the sentence that says what happened
}
