// Training without reloading: what is decided makes room for the next message, others open in their row, keys do it all.
import "./keys.js";
import { keyOf } from "./keyboard.js";
import { letTap } from "./marking.js";
import { fragment, send } from "./sending.js";

/** A tap that was meant twice must not decide about the message that has just come under the finger. */
const PAUSE_MILLISECONDS = 350;

const desk = document.getElementById("desk");
/** The page of one message leads back to the list by itself. */
const isList = desk.querySelector("[data-open-ones]") !== null;
const announce = document.querySelector("[data-announce]");
const rows = () => [...desk.querySelectorAll(".utterances > li")];

// ---- the message that the keys are about ----

function choose(row) {
  for (const act of desk.querySelectorAll("[data-act][data-hotkey]")) delete act.dataset.hotkey;
  for (const other of rows()) other.toggleAttribute("data-current", other === row);
  for (const act of row?.querySelectorAll("[data-act]") ?? []) act.dataset.hotkey = act.dataset.act;
}

const current = () => desk.querySelector("[data-current]") ?? rows()[0];

function goTo(row, scroll = "nearest") {
  if (!row) return;
  choose(row);
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: scroll });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && desk.querySelector(".utterances [data-teach]")) return goTo(close());
  const step = { j: 1, k: -1 }[keyOf(event)];
  if (!step || event.target.matches?.("input, textarea, select") || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  const all = rows();
  goTo(all[all.indexOf(current()) + step]);
});

desk.addEventListener("focusin", (event) => {
  const row = event.target.closest(".utterances > li");
  if (row) choose(row);
});

// ---- one message opened in its row ----

/** Close the opened message; its row. */
function close() {
  const opened = desk.querySelector(".utterances [data-teach]");
  const row = opened?.closest("li");
  opened?.remove();
  row?.querySelector("[data-open]").setAttribute("aria-expanded", "false");
  return row;
}

function show(row, html, byKey) {
  close();
  const place = row.querySelector("[data-opened]");
  place.innerHTML = html;
  row.querySelector("[data-open]").setAttribute("aria-expanded", "true");
  prepare(place);
  const search = byKey && place.querySelector("[data-find] input");
  (search || place.querySelector("h2")).focus({ preventScroll: true });
  place.scrollIntoView({ block: "nearest" });
}

desk.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-open]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const row = link.closest("li");
  if (row.querySelector("[data-teach]")) return goTo(close());
  const part = await fragment(link.href).catch(() => null);
  if (!part) location.assign(link.href);
  else show(row, part.html, event.detail === 0);
});

// ---- deciding ----

desk.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-decide]");
  if (!form || !isList) return;
  event.preventDefault();
  event.stopPropagation();
  if (desk.inert || desk.hasAttribute("aria-busy")) return;
  desk.setAttribute("aria-busy", "true");
  const part = await send(form, event.submitter);
  desk.removeAttribute("aria-busy");
  if (part?.elsewhere) decided(form, part);
  else if (part) refused(form, part.html);
});

/** Another message has come in the place of the decided one; one that was taken back is shown. */
function decided(form, part) {
  const before = rows();
  const place = before.indexOf(form.closest("li"));
  const was = place < 0 ? before.indexOf(current()) : place;
  desk.innerHTML = part.html;
  // The address says what happened, so that it also stands after a reload.
  history.replaceState(null, "", part.address);
  announce.textContent = desk.querySelector(".say")?.textContent.replace(/\s+/g, " ") ?? "";
  const all = rows();
  const back = form.dataset.back && document.getElementById(`message-${form.dataset.back}`);
  const next = back || all[Math.min(Math.max(was, 0), all.length - 1)];
  if (next) goTo(next);
  else document.getElementById("main").focus({ preventScroll: true });
  desk.inert = true;
  setTimeout(() => {
    desk.inert = false;
    next?.focus({ preventScroll: true });
  }, PAUSE_MILLISECONDS);
}

/** What is wrong stands in the message's own form. */
function refused(form, html) {
  const row = form.closest("li");
  show(row, html, false);
  row.querySelector("[role=alert]")?.scrollIntoView({ block: "center" });
}

// ---- what a message's form can do with our help ----

function prepare(part) {
  for (const form of part.querySelectorAll("form:has([data-tap])")) letTap(form);
  const said = part.querySelector(".around [role=region]");
  const here = said?.querySelector(".this");
  if (here) said.scrollTop = here.offsetTop - said.offsetTop - said.clientHeight / 3;
  const find = part.querySelector("[data-find]");
  if (!find) return;
  find.hidden = false;
  const nothing = part.querySelector("[data-nothing]");
  const search = find.querySelector("input");
  const all = [...part.querySelectorAll("[data-found-by]")];
  search.addEventListener("input", () => {
    const words = search.value.trim().toLowerCase();
    for (const one of all) one.hidden = !one.dataset.foundBy.includes(words);
    for (const topic of part.querySelectorAll(".topic")) topic.hidden = !topic.querySelector("li:not([hidden])");
    nothing.hidden = all.some((one) => !one.hidden);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    all.find((one) => !one.hidden)?.querySelector("button").focus();
  });
}

// ---- the list as it changes ----

const filter = document.getElementById("meant");
filter?.addEventListener("change", () => filter.form.requestSubmit());

document.addEventListener("talad:change", async ({ detail }) => {
  const shown = desk.querySelector("[data-open-ones]");
  if (!shown || !(detail.counts.training > Number(shown.dataset.openOnes))) return;
  if (rows().length) {
    shown.hidden = false;
    return;
  }
  const part = await fragment(location.pathname + location.search).catch(() => null);
  if (!part || rows().length) return;
  desk.innerHTML = part.html;
  announce.textContent = announce.dataset.text;
  choose(current());
});

prepare(desk);
choose(current());
