// The chat page: keeps the list of messages, the thread's state and what one can tap in step with the event stream.

import {setUpComposer} from "./composer.js";
import {config, moment, words} from "./config.js";
import {h, icon, icons} from "./dom.js";
import {message} from "./messages.js";
import {openMenu, openWebview} from "./overlays.js";
import {listen} from "./stream.js";

const at = (id) => document.getElementById(id);
const GROUP_MS = 5 * 60 * 1000;
const DIVIDER_MS = 20 * 60 * 1000;

const entries = [];
const nodes = new Map();
let thread = null;
let ready = false;
let online = true;

async function post(act, body) {
  const answer = await fetch(`/chat/${config.psid}/${act}`, {
    method: "POST",
    body: body instanceof FormData ? body : JSON.stringify(body ?? {}),
  });
  if (!answer.ok) throw new Error(`${act}: ${answer.status}`);
}

const tap = (button) => post("tap", {title: button.title, payload: button.payload});
const react = (entry) => post("react", {mid: entry.mid, take_back: Boolean(entry.reactions.customer)});

/** A tapped button: a link opens above the chat, a postback is sent, a number is dialled. */
function act(button) {
  if (button.type === "web_url") openWebview(button.url, button.webview_height_ratio);
  else if (button.type === "phone_number") location.href = `tel:${button.payload}`;
  else if (button.type === "copy") navigator.clipboard?.writeText(button.title);
  else if (button.payload) tap(button);
}

function show(entry) {
  const index = entries.findIndex(({seq}) => seq === entry.seq);
  const node = message(entry, act, react);
  if (index >= 0) {
    entries[index] = entry;
    nodes.get(entry.seq).replaceWith(node);
  } else {
    entries.push(entry);
    addDivider(entry);
    at("messages").append(node);
  }
  nodes.set(entry.seq, node);
  const place = index >= 0 ? index : entries.length - 1;
  for (const near of [place - 1, place, place + 1]) group(near);
  if (ready) refresh();
}

function addDivider(entry) {
  const before = entries.at(-2);
  if (!before || entry.at - before.at > DIVIDER_MS) at("messages").append(h("li", {class: "day"}, moment(entry.at)));
}

const together = (one, other) =>
  Boolean(one && other) && one.side === other.side && Math.abs(one.at - other.at) < GROUP_MS;

/** Rounds the corners of neighbouring bubbles, and puts the Page's face beside the last of them. */
function group(index) {
  const entry = entries[index];
  if (!entry) return;
  const node = nodes.get(entry.seq);
  const last = !together(entry, entries[index + 1]);
  node.classList.toggle("first", !together(entry, entries[index - 1]));
  node.classList.toggle("last", last);
  const face = node.querySelector(".from");
  if (face) face.hidden = !last;
}

function refresh() {
  if (!thread) return;
  showBanner();
  showStart();
  showQuickReplies();
  showStatus();
  at("typing").hidden = !thread.typing;
  at("refused").hidden = !thread.refused;
  at("refused").textContent = `${words.refused}: ${thread.refused}`;
  at("log").scrollTop = at("log").scrollHeight;
  look();
}

function showBanner() {
  const {state, reason} = thread.webhook;
  const problem = !online ? "offline" : thread.blocked ? "blocked" : state === "ok" ? "" : state;
  at("banner").hidden = !problem;
  at("banner").title = reason;
  at("banner").className = problem === "disabled" ? "banner bad" : "banner";
  at("banner").textContent = problem && [words[problem], problem === "offline" ? "" : reason].filter(Boolean).join(" · ");
}

/** Get Started and ice breakers are there until the chat has begun. */
function showStart() {
  const fresh = entries.length === 0;
  const asks = fresh && thread.ice_breakers.length > 0;
  const started = !(fresh && thread.get_started && !asks);
  at("greeting").hidden = !fresh || !thread.greeting;
  at("greeting").textContent = thread.greeting;
  at("start").hidden = started;
  at("composer").hidden = !started;
  at("composer").classList.toggle("closed", Boolean(thread.menu.composer_input_disabled));
  at("menu").hidden = !thread.menu.call_to_actions?.length;
  at("ice").hidden = !asks;
  at("ice").replaceChildren(...(asks ? thread.ice_breakers.map(({question, payload}) =>
    h("button", {class: "pill", data: {testid: "ice-breaker"}, onclick: () => tap({title: question, payload})}, question)) : []));
}

/** Only under the very last message, and gone after the tap. */
function showQuickReplies() {
  const last = entries.at(-1);
  const replies = last && last.side !== "customer" ? last.message.quick_replies ?? [] : [];
  const given = {user_phone_number: config.phone, user_email: config.email};
  at("quick").hidden = replies.length === 0;
  at("quick").replaceChildren(...replies.map((reply) => {
    const title = reply.title ?? given[reply.content_type];
    const send = () => { at("quick").hidden = true; post("quick-reply", {title, payload: reply.payload ?? title}); };
    return h("button", {class: "pill", data: {testid: "quick-reply"}, onclick: send},
      reply.image_url ? h("img", {src: reply.image_url, alt: ""}) : null, title);
  }));
}

/** Below the customer's last message, as long as nothing follows it. */
function showStatus() {
  at("status")?.remove();
  const last = entries.at(-1);
  if (!last || last.side !== "customer") return;
  const state = !last.sent ? "failed" : thread.seen_at >= last.at ? "seen" : thread.accepted_seq >= last.seq ? "sent" : "sending";
  const label = {failed: words.not_sent, seen: words.seen, sent: words.sent, sending: words.sending}[state];
  const mark = state === "seen" ? h("img", {src: `/avatar/${config.page}.svg`, alt: ""}) : icon(icons[state]);
  at("messages").append(h("li", {class: `status ${state}`, id: "status", data: {testid: "status", state}}, label, mark));
}

/** Tell Messenger that the customer has the chat before their eyes. */
let looking = 0;
function look() {
  const newest = entries.findLast(({side}) => side !== "customer");
  if (document.hidden || !newest || newest.seq === looking) return;
  looking = newest.seq;
  post("seen").catch(() => { looking = 0; });
}

document.addEventListener("visibilitychange", look);
at("get-started").addEventListener("click", () => post("get-started"));
at("menu").addEventListener("click", () => openMenu(thread.menu.call_to_actions, act));
// A picture that arrives late must not push the newest message out of sight.
at("messages").addEventListener("load", () => { at("log").scrollTop = at("log").scrollHeight; }, true);
setUpComposer(post);

listen(`/chat/${config.psid}/events`, {
  thread: (state) => { thread = state; if (ready) refresh(); },
  entry: show,
  ready: () => { ready = true; refresh(); document.body.dataset.ready = "true"; },
}, (state) => { online = state; if (thread) showBanner(); });
