// Sends forms without leaving the page. What does not arrive loses nothing: the page stays as it is, says so, and what
// was pressed can be pressed again. A form sent twice counts once, so that is harmless even if only the answer got lost.

const announce = document.querySelector("[data-announce]");
/** So long an answer may take; the pictures of a product have longer. */
const MILLISECONDS = 30_000;
let connected = true;

/** What the server answers to our script: the part of a page that changes, or the `whole` page. */
function ask(url, { milliseconds = MILLISECONDS, whole = false, ...options }) {
  const headers = { Accept: "text/html", ...(whole ? {} : { "X-Fragment": "1" }) };
  return fetch(url, { signal: endsAfter(milliseconds), ...options, headers });
}

/** As AbortSignal.timeout, which phones of before 2022 do not have. */
function endsAfter(milliseconds) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds);
  return controller.signal;
}

/** The part of a page the server renders now and its address, or null for a refusal. A lost session leads to signing in. */
export async function fragment(url, options = {}) {
  const answer = await ask(url, options);
  if (answer.redirected && new URL(answer.url).pathname === "/sign-in") {
    location.reload();
    return null;
  }
  if (answer.status >= 500) throw new Error(`the server answered ${answer.status}`);
  return usable(answer) ? part(answer) : null;
}

/**
 * Send the form as the pressed button would. The part of a page that the server answers with, as `fragment` gives it; or
 * null when nothing came of it: then the page says why, and the button has the focus again. `options.body` is sent
 * instead of the form's fields, and to `options.address` instead of the form's own.
 */
export async function send(form, button = null, options = {}) {
  const body = options.body ?? new URLSearchParams(new FormData(form, button));
  const address = options.address ?? (button?.hasAttribute("formaction") ? button.formAction : form.action);
  const buttons = [...form.elements].filter((one) => one.matches("button:enabled"));
  buttons.forEach((one) => { one.disabled = true; });
  arrived();
  let words = announce.dataset.unsent;
  try {
    const answer = await ask(address, { ...options, method: "POST", body });
    if (usable(answer)) return await part(answer);
    words = refusal(await answer.text()) || words;
  } catch {
    // it did not arrive, or no answer came
  } finally {
    buttons.forEach((one) => { one.disabled = false; });
  }
  unsent(form, words);
  button?.focus({ preventScroll: true });
  return null;
}

/**
 * Send a form that takes the whole page with it; go where the answer leads, or show the form again with what is wrong.
 * True when neither could be done and the browser has to send it.
 */
export async function sendWhole(form, button, options = {}) {
  const part = await send(form, button, { whole: true, ...options });
  if (part?.elsewhere) {
    form.inert = true;
    location.assign(part.address);
  }
  return Boolean(part && !part.elsewhere && !showAgain(form, part.html));
}

/** Show the form again as the answer has it, if that is the same page still. */
export function showAgain(form, html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  const place = form.closest("[data-again]") ?? document.getElementById("main");
  const again = answer.getElementById(place.id);
  const parts = (page) => [...page.querySelectorAll("head script, head link")].map((one) => one.outerHTML).join();
  if (!again || parts(answer) !== parts(document)) return false;
  place.innerHTML = again.innerHTML;
  document.dispatchEvent(new Event("talad:again")); // for modules that have prepared what was here
  const wrong = place.querySelector("[role=alert]");
  wrong?.scrollIntoView({ block: "center" });
  if (!wrong) announce.textContent = announce.dataset.text;
  return true;
}

/** Say that the form was not sent, above everything, also above the question that it belongs to. */
export function unsent(form, words = announce.dataset.unsent) {
  arrived();
  const said = document.createElement("p");
  said.className = "unsent say bad";
  said.dataset.unsent = "";
  said.setAttribute("role", "alert");
  said.append(words);
  (form.closest("dialog[open]") ?? document.body).append(said);
  document.addEventListener("pointerdown", arrived, { once: true });
}

/** Take that sentence away: it is read, or what it is about is sent again. */
function arrived() {
  for (const said of document.querySelectorAll("[role=alert][data-unsent]")) said.remove();
}

/** Remember whether the connection that brings changes holds. */
export function connection(holds) {
  connected = holds;
}

/** Whether a form can be sent now that takes the whole page with it. Asks the server only where that is in doubt. */
export function inDoubt() {
  return !navigator.onLine || !connected;
}

export async function isThere() {
  const answer = await fetch("/health/live", { cache: "no-store", signal: endsAfter(5_000) }).catch(() => null);
  return Boolean(answer?.ok);
}

const usable = (answer) => answer.ok || answer.status === 409;
async function part(answer) {
  return { html: await answer.text(), address: answer.url, elsewhere: answer.redirected, refused: answer.status === 409 };
}

/** The sentences of a refusal's page. */
function refusal(html) {
  const main = new DOMParser().parseFromString(html, "text/html").querySelector("main");
  return [...(main?.querySelectorAll("h1, p") ?? [])].map((one) => one.textContent.trim()).join(". ");
}
