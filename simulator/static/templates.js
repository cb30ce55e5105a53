// The shop's templates as cards: generic (swipeable), button, media, coupon, image grid, receipt.

import {money, moment, words} from "./config.js";
import {h, icon, icons, safeUrl} from "./dom.js";
import {openSheet} from "./overlays.js";

const picture = (url, className, alt = "") =>
  safeUrl(url) ? h("img", {class: className, src: safeUrl(url), alt, loading: "lazy"}) : null;

function buttonRow(buttons, act) {
  if (!buttons?.length) return null;
  return h("div", {class: "buttons"}, buttons.map((button) =>
    h("button", {type: "button", data: {testid: "button"}, onclick: () => act(button)}, button.title ?? button.type)));
}

function card(element, act, alone) {
  const body = [
    picture(element.image_url, "wide", element.title),
    h("div", {class: "words"}, h("h3", {}, element.title), element.subtitle ? h("p", {}, element.subtitle) : null),
  ];
  const link = element.default_action && safeUrl(element.default_action.url);
  const follow = (event) => { event.preventDefault(); act(element.default_action); };
  return h("article", {class: alone ? "card alone" : "card", "aria-label": element.title, data: {testid: "card"}},
    link ? h("a", {href: link, onclick: follow}, body) : h("div", {class: "picture"}, body),
    buttonRow(element.buttons, act));
}

export function carousel(elements, act) {
  if (elements.length === 1) return card(elements[0], act, true);
  const track = h("div", {class: "track", tabindex: "0"}, elements.map((element) => card(element, act)));
  const step = (by) => () => track.scrollBy({left: by * 258});
  const arrow = (name, by) =>
    h("button", {type: "button", class: `arrow ${name}`, "aria-label": words[name], onclick: step(by)}, icon(icons[name]));
  const [previous, next] = [arrow("previous", -1), arrow("next", 1)];
  const mark = () => {
    previous.disabled = track.scrollLeft < 8;
    next.disabled = track.scrollLeft + track.clientWidth > track.scrollWidth - 8;
  };
  track.addEventListener("scroll", mark, {passive: true});
  requestAnimationFrame(mark);
  return h("div", {class: "carousel", role: "group"}, track, previous, next);
}

/** Button template, and every other text with buttons. */
export function textWithButtons(text, buttons, act) {
  return h("article", {class: "card alone"}, h("div", {class: "words plain"}, text), buttonRow(buttons, act));
}

export function mediaCard(media, buttons, act) {
  return h("article", {class: "card alone"}, media && picture(media.url, "wide", words.picture), buttonRow(buttons, act));
}

export function coupon(payload, act) {
  const code = payload.coupon_code ? [{type: "copy", title: payload.coupon_code}] : [];
  const link = payload.coupon_url ? [{type: "web_url", title: payload.coupon_url_button_title ?? "…", url: payload.coupon_url}] : [];
  const element = {title: payload.title, subtitle: payload.subtitle, image_url: payload.image_url};
  return card({...element, buttons: [...code, ...link]}, act, true);
}

export function imageGrid(payload, act) {
  const cells = (payload.images ?? []).map((image) =>
    h("button", {type: "button", onclick: () => act(image)}, picture(image.url ?? image.image_url, "", payload.title)));
  return h("article", {class: "card alone"}, h("div", {class: "photos many"}, cells),
    h("div", {class: "words"}, h("h3", {}, payload.title), payload.subtitle ? h("p", {}, payload.subtitle) : null),
    buttonRow(payload.buttons, act));
}

const lines = (elements, currency) => h("ul", {class: "lines"}, elements.map((item) => h("li", {},
  picture(item.image_url, ""),
  h("div", {}, h("h4", {}, item.title),
    h("p", {}, [item.subtitle, item.quantity > 1 || item.quantity === 1 ? `${words.quantity} ${item.quantity}` : null].filter(Boolean).join(" · "))),
  h("b", {}, money(item.price, item.currency ?? currency)))));

function sums(payload, whole) {
  const row = (label, amount, kind = "") =>
    amount === undefined || amount === null ? null
      : h("div", {class: kind}, h("span", {}, label), h("span", {}, money(amount, payload.currency)));
  const {summary, adjustments = []} = payload;
  const parts = whole ? [
    row(words.subtotal, summary.subtotal), row(words.shipping, summary.shipping_cost), row(words.tax, summary.total_tax),
    ...adjustments.map((item) => row(item.name, -Math.abs(item.amount))),
  ] : [];
  return h("div", {class: "sums"}, parts, row(words.total, summary.total_cost, "total"));
}

export function receipt(payload) {
  const elements = payload.elements ?? [];
  return h("article", {class: "receipt", "aria-label": words.order_confirmation, data: {testid: "receipt"}},
    h("header", {}, h("h3", {}, words.order_confirmation),
      h("p", {}, [payload.merchant_name, payload.order_number].filter(Boolean).join(" · "))),
    elements.length ? lines(elements.slice(0, 3), payload.currency) : null,
    elements.length > 3 ? h("p", {class: "small"}, `+${elements.length - 3}`) : null,
    sums(payload, false),
    h("div", {class: "foot"}, h("button", {type: "button", class: "wide-button", data: {testid: "receipt-details"},
      onclick: () => openReceipt(payload)}, words.details)));
}

function openReceipt(payload) {
  const {address} = payload;
  const place = address && [address.street_1, address.street_2, [address.city, address.state, address.postal_code]
    .filter(Boolean).join(" "), address.country].filter(Boolean).join("\n");
  const fact = (label, value) => (value ? [h("dt", {}, label), h("dd", {}, value)] : null);
  openSheet(words.order_confirmation,
    h("dl", {class: "facts"},
      ...[fact(words.order_number, payload.order_number),
        fact(words.ordered_on, payload.timestamp && moment(Number(payload.timestamp) * 1000)),
        fact(words.paid_with, payload.payment_method),
        fact(words.ship_to, [payload.recipient_name, place].filter(Boolean).join("\n"))]
        .filter(Boolean).map((pair) => h("div", {}, pair))),
    lines(payload.elements ?? [], payload.currency), sums(payload, true));
}
