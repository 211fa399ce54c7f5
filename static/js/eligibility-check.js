// Answers of the public check as a link: they live in the fragment, which no browser sends to a server.
// Without this file everything works by the form's own POST, only without a link.

const VERSION = "1";
const NAME = /^[a-z][a-z0-9_-]{0,90}$/;
const NO_ANSWERS = ["act", "to", "chosen", "asked"];
const MOST = 400;

const form = () => document.querySelector("form[data-pg-check]");
const answersIn = (source) => [...new FormData(source)].filter(([name, value]) => value && !NO_ANSWERS.includes(name));

// base64url of UTF-8 JSON: no mail program or messenger cuts it at an odd sign
const encode = (pairs) => {
  const bytes = new TextEncoder().encode(JSON.stringify(Object.fromEntries(pairs)));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return `${VERSION}.${text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
};
const decode = (fragment) => {
  try {
    const [version, text] = fragment.split(".");
    if (version !== VERSION) return null;
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
    const pairs = Object.entries(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
    const isAnswer = ([name, value]) => NAME.test(name) && typeof value === "string" && value.length <= 200;
    return pairs.length > 0 && pairs.length <= MOST && pairs.every(isAnswer) ? pairs : null;
  } catch {
    return null;
  }
};

const say = (name, isShown = true) => {
  const line = document.querySelector(`[data-pg-${name}]`);
  if (line) line.hidden = !isShown;
};
const withoutFragment = () => history.replaceState(null, "", location.pathname);

// A link was opened: the server is asked as the form would ask it, and its page takes this one's place.
async function open(fragment) {
  const pairs = decode(fragment);
  if (!pairs) {
    say("broken");
    withoutFragment();
    return;
  }
  say("reading");
  try {
    const answer = await fetch(location.pathname, { method: "POST", body: new URLSearchParams(pairs) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = page.querySelector("#main");
    if (!answer.ok || !main.querySelector("form[data-pg-check]")) throw new Error(answer.status);
    document.title = page.title;
    document.querySelector("#main").replaceWith(main);
    addOwnTimes(main); // of portal.js, which every page loads first
    window.scrollTo(0, 0);
    (main.querySelector("[data-pg-focus]") || main).focus({ preventScroll: true });
    arrive();
  } catch {
    say("reading", false);
    say("failed");
  }
}

// The page as it stands: a result has its link in the address, a form has none.
function arrive() {
  const here = form();
  if (here?.dataset.pgCheck !== "result") {
    if (location.hash.startsWith(`#${VERSION}.`)) withoutFragment();
    return;
  }
  history.replaceState(null, "", `#${encode(answersIn(here))}`);
  document.querySelectorAll("[data-pg-copy], [data-pg-print]").forEach((button) => { button.hidden = false; });
}

async function copy() {
  const input = document.querySelector("#link");
  input.value = location.href;
  try {
    await navigator.clipboard.writeText(location.href);
    document.querySelector("[data-pg-copied]").textContent = document.querySelector("[data-pg-copied-text]").textContent;
  } catch {
    // some browsers inside messengers let no page copy: the link is shown to be copied by hand
    say("link");
    input.select();
  }
}

document.addEventListener("click", (event) => { if (event.target.closest?.("[data-pg-copy]")) copy(); });

// Another language or appearance is a page asked for anew: a redirect keeps the fragment, and so the answers.
document.addEventListener("submit", (event) => {
  const asks = event.target, here = form();
  if (!asks.matches(".pg-lang, .pg-theme") || !here) return;
  const pairs = answersIn(here);
  if (!pairs.length) return;
  if (here.dataset.pgCheck !== "result") pairs.push(["act", "change"]);
  asks.action = `${asks.action.split("#")[0]}#${encode(pairs)}`;
});

// A place on this page is no link to answers.
function look() {
  const fragment = location.hash.slice(1);
  if (fragment && !document.getElementById(fragment)) open(fragment);
}
window.addEventListener("hashchange", look);

if (form()?.dataset.pgCheck === "new") look();
else arrive();
