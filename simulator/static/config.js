// What the server wrote into the page: who chats with which Page, and the words of the customer's language.

export const config = JSON.parse(document.getElementById("config").textContent);
export const words = config.words;
export const locale = (config.locale || "th_TH").replace("_", "-");

export const money = (amount, currency) =>
  new Intl.NumberFormat(locale, {style: "currency", currency, minimumFractionDigits: Number(amount) % 1 ? 2 : 0})
    .format(Number(amount));

export const clock = (ms) => new Intl.DateTimeFormat(locale, {hour: "2-digit", minute: "2-digit"}).format(ms);

export function moment(ms) {
  const sameDay = new Date(ms).toDateString() === new Date().toDateString();
  if (sameDay) return clock(ms);
  return new Intl.DateTimeFormat(locale, {day: "numeric", month: "short", hour: "2-digit", minute: "2-digit"}).format(ms);
}
