// What opens above the chat: sheets from below, the in-app browser of a link, a picture in full size.

import {config, words} from "./config.js";
import {h, icon, icons, safeUrl} from "./dom.js";

const holder = document.getElementById("overlays");
let opener = null;

function open(content, kind = "") {
  close();
  opener = document.activeElement;
  const veil = h("div", {class: `veil ${kind}`, onclick: (event) => event.target === veil && close()}, content);
  holder.append(veil);
  veil.querySelector("button")?.focus({preventScroll: true});
}

export function close() {
  holder.replaceChildren();
  opener?.focus?.({preventScroll: true});
  opener = null;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && holder.firstChild) close();
});

const closeButton = (testid) =>
  h("button", {class: "round", "aria-label": words.close, onclick: close, data: {testid}}, icon(icons.close));

export function openSheet(title, ...content) {
  open(h("div", {class: "sheet", role: "dialog", "aria-label": title},
    h("header", {}, h("h2", {}, title), closeButton("sheet-close")), ...content));
}

export function openMenu(items, act) {
  openSheet(config.page_name, h("div", {class: "menu-items", role: "menu"}, items.map((item) =>
    h("button", {role: "menuitem", data: {testid: "menu-item"}, onclick: () => { close(); act(item); }}, item.title))));
}

/** A link inside Messenger, as high as its webview_height_ratio says. */
export function openWebview(address, height = "full") {
  const url = safeUrl(address);
  if (!url) return;
  open(h("div", {class: `webview ${height}`, role: "dialog", "aria-label": new URL(url).host, data: {testid: "webview"}},
    h("header", {}, h("h2", {}, new URL(url).host),
      h("a", {href: url, target: "_blank", rel: "noopener"}, words.new_tab), closeButton("webview-close")),
    h("iframe", {src: url, title: new URL(url).host})));
}

export function openPicture(url) {
  open(h("img", {src: url, alt: words.picture, onclick: close}), "viewer");
  holder.firstChild.append(closeButton("picture-close"));
}
