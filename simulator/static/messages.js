// One message of the chat as an element: text, pictures, stickers, templates.

import {config, words} from "./config.js";
import {h, safeUrl, thumb} from "./dom.js";
import {openPicture, openWebview} from "./overlays.js";
import * as templates from "./templates.js";

const ADDRESS = /(https?:\/\/[^\s<>"']+[^\s<>"'.,:;!?)\]])/;
const EMOJI_ONLY = /^(?:\p{Extended_Pictographic}[\u{1F3FB}-\u{1F3FF}\uFE0F]?\u200D?){1,3}$/u;

/** Text with its addresses as links, which open inside the chat as Messenger's do. */
function linked(text) {
  return text.split(ADDRESS).map((part, index) => {
    const url = index % 2 ? safeUrl(part) : null;
    if (!url) return part;
    return h("a", {href: url, onclick: (event) => { event.preventDefault(); openWebview(url); }}, part);
  });
}

const bubble = (text) => h("div", {class: EMOJI_ONLY.test(text) ? "bubble big" : "bubble"}, linked(text));

function photos(media) {
  const size = media.length > 4 ? "photos many lots" : media.length > 1 ? "photos many" : "photos";
  return h("div", {class: size}, media.map(({url}) =>
    h("button", {type: "button", "aria-label": words.picture, onclick: () => openPicture(url)},
      h("img", {src: safeUrl(url), alt: words.picture}))));
}

function file({url, name, kind}) {
  if (kind === "audio" || kind === "video") return h(kind, {controls: true, src: safeUrl(url)});
  return h("div", {class: "bubble"}, h("a", {class: "file", href: safeUrl(url), target: "_blank", rel: "noopener"}, `📎 ${name}`));
}

function template(payload, entry, act) {
  switch (payload.template_type) {
    case "generic": return templates.carousel(payload.elements, act);
    case "button": return templates.textWithButtons(payload.text, payload.buttons, act);
    case "receipt": return templates.receipt(payload);
    case "media": return templates.mediaCard(entry.media[0], payload.elements[0].buttons, act);
    case "coupon": return templates.coupon(payload, act);
    default: return templates.imageGrid(payload, act);
  }
}

function content(entry, act) {
  if (entry.unsent) return [h("div", {class: "bubble gone"}, words.unsent)];
  const attachment = entry.message.attachment;
  if (attachment?.type === "template") return [template(attachment.payload, entry, act)];
  if (entry.shown) return [templates.textWithButtons(entry.shown.text, entry.shown.buttons, act)];
  const parts = [];
  if (entry.kind === "sticker") parts.push(thumb());
  const pictures = entry.media.filter(({kind}) => kind === "image");
  if (pictures.length) parts.push(photos(pictures));
  parts.push(...entry.media.filter(({kind}) => kind !== "image").map(file));
  if (entry.text) parts.push(bubble(entry.text));
  return parts.length ? parts : [bubble("💬")];
}

/** The list item of an entry; ``act(button)`` is called when one of its buttons is tapped. */
export function message(entry, act, react) {
  const mine = entry.side === "customer";
  const emojis = Object.values(entry.reactions).map((name) => (name === "love" ? "❤️" : name));
  return h("li", {class: mine ? "message mine" : "message", data: {testid: "message", side: entry.side, kind: entry.kind, seq: entry.seq},
    title: new Date(entry.at).toLocaleString(), ondblclick: () => !mine && react(entry)},
    content(entry, act),
    emojis.length ? h("span", {class: "hearts"}, emojis.join("")) : null,
    entry.edited ? h("span", {class: "small"}, words.edited) : null,
    entry.side === "inbox" ? h("span", {class: "small"}, words.inbox) : null,
    mine ? null : h("img", {class: "from", src: `/avatar/${config.page}.svg`, alt: "", hidden: true}));
}
