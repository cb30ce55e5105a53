// The list of chats, newest first, kept up to date.

import {config, moment} from "./config.js";
import {h} from "./dom.js";
import {listen} from "./stream.js";

const list = document.getElementById("chats");
const rows = new Map();

function row(chat) {
  const said = chat.last_side === "customer" && chat.last ? `คุณ: ${chat.last}` : chat.last;
  const line = [said || chat.page_name, chat.last_at && moment(chat.last_at)].filter(Boolean).join(" · ");
  return h("li", {class: chat.unread ? "unread" : "", data: {testid: "chat-row", psid: chat.psid}},
    h("a", {href: `/chat/${chat.psid}`},
      h("img", {src: `/avatar/${chat.psid}.svg`, alt: "", width: 56, height: 56}),
      h("div", {}, h("h2", {}, chat.name, h("span", {class: "tag"}, chat.locale.slice(0, 2).toUpperCase())), h("p", {}, line)),
      chat.unread ? h("span", {class: "dot", "aria-label": `${chat.unread}`}) : null));
}

function show(chat, first = true) {
  const node = row(chat);
  rows.get(chat.psid)?.remove();
  rows.set(chat.psid, node);
  if (first) list.prepend(node); else list.append(node);
  document.getElementById("nobody").hidden = rows.size > 0;
}

config.chats.forEach((chat) => show(chat, false));
document.getElementById("nobody").hidden = rows.size > 0;
listen("/chats/events", {chat: show});
