// Small comforts on top of pages that work without them. No library, no inline script.
"use strict";

const lang = document.documentElement.lang || "en";

// The summary of problems takes the focus, and its links lead into the field itself.
const focusSummary = () => document.querySelector("[data-pg-focus]")?.focus();
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".pg-errors a[href^='#']");
  const target = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!target) return;
  event.preventDefault();
  (target.closest(".pg-field, .pg-set") || target).scrollIntoView();
  target.focus({ preventScroll: true });
});

// Times in the reader's own zone too, where it is another one.
const OWN_TIME = { "en": "(your time: …)", "zh-Hant-HK": "（你的時間：…）", "zh-Hans": "（你的时间：…）" };
const wall = (moment, timeZone) => Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "short", timeStyle: "short" }).format(moment);
const addOwnTimes = (root) => {
  root.querySelectorAll("time[data-pg-moment]").forEach((time) => {
    const moment = new Date(time.dateTime);
    if (time.nextElementSibling?.matches(".pg-own-time")) return;
    if (Number.isNaN(moment.getTime()) || wall(moment) === wall(moment, "Asia/Hong_Kong")) return;
    const own = Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, {
      day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
    }).format(moment);
    const hint = document.createElement("small");
    hint.className = "pg-own-time";
    hint.textContent = (OWN_TIME[lang] || OWN_TIME.en).replace("…", own);
    time.after(" ", hint);
  });
};

document.addEventListener("htmx:afterSettle", (event) => addOwnTimes(event.target));

// What could not be replaced in place is asked for as a whole page, which says what is wrong.
document.addEventListener("htmx:responseError", ({ target }) => {
  const form = target.form || target.closest("form");
  form?.requestSubmit(target.type === "submit" ? target : undefined);
});

// Leaving with something typed and not saved: <form data-pg-guard>.
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-pg-guard]");
  if (form) form.dataset.pgDirty = "";
});
document.addEventListener("submit", (event) => { if (!event.defaultPrevented) delete event.target.dataset.pgDirty; });
const isDirty = () => document.querySelector("form[data-pg-dirty]") !== null;
window.addEventListener("beforeunload", (event) => { if (isDirty()) event.preventDefault(); });

// A countdown on a page left open stays true: the server is asked again, this machine's clock is not trusted.
const HOUR = 60 * 60 * 1000;
const opened = Date.now();
document.addEventListener("visibilitychange", () => {
  const counts = document.querySelector("[data-pg-countdown]");
  if (counts && !document.hidden && !isDirty() && Date.now() - opened > HOUR) location.reload();
});

// Printing opens every clause, so that the paper holds what a click would show.
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("details:not([open])").forEach((details) => {
    details.dataset.pgShut = "";
    details.open = true;
  });
});
window.addEventListener("afterprint", () => {
  document.querySelectorAll("details[data-pg-shut]").forEach((details) => {
    details.open = false;
    delete details.dataset.pgShut;
  });
});
document.querySelectorAll("[data-pg-print]").forEach((button) => { button.hidden = false; });
document.addEventListener("click", (event) => { if (event.target.closest?.("[data-pg-print]")) window.print(); });

addOwnTimes(document);
focusSummary();
