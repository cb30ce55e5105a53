// Sends forms without leaving the page. What does not arrive loses nothing: the page stays as it is, says so, and what
// was pressed can be pressed again. A form sent twice counts once, so that is harmless even if only the answer got lost.

const announce = document.querySelector("[data-announce]");
/** So long an answer may take; the pictures of a product have longer. */
const MILLISECONDS = 30_000;
let connected = true;

/** What the server answers to our script. */
function ask(url, options) {
  const signal = AbortSignal.timeout(options.milliseconds ?? MILLISECONDS);
  return fetch(url, { signal, ...options, headers: { "X-Fragment": "1", Accept: "text/html" } });
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
 * instead of the form's fields.
 */
export async function send(form, button = null, options = {}) {
  const body = options.body ?? new URLSearchParams(new FormData(form, button));
  const address = button?.hasAttribute("formaction") ? button.formAction : form.action;
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
  const answer = await fetch("/health/live", { cache: "no-store", signal: AbortSignal.timeout(5_000) }).catch(() => null);
  return Boolean(answer?.ok);
}

const usable = (answer) => answer.ok || answer.status === 409;
const part = async (answer) => ({ html: await answer.text(), address: answer.url, elsewhere: answer.redirected });

/** The sentences of a refusal's page. */
function refusal(html) {
  const main = new DOMParser().parseFromString(html, "text/html").querySelector("main");
  return [...(main?.querySelectorAll("h1, p") ?? [])].map((one) => one.textContent.trim()).join(". ");
}
