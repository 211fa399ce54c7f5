// Keeps what is typed while it is typed, and says so. A connection that breaks is tried again until the text is kept;
// only a text that could not be kept makes leaving the page ask first. Without this the page's button does the same.
// `countdown` comes from session.js, which stands before this on the page.

const PAUSE = 1_500; // milliseconds without a key before the text is sent
const TRIES = [2, 5, 10, 20, 30]; // seconds until the next try, the last for ever
const PATIENCE = 15_000; // for an answer: a lost connection often says nothing
const MOST_AT_LEAVING = 60_000; // characters a browser still sends while the page goes

function wire(form) {
  const words = form.dataset;
  const line = document.querySelector("[data-pg-save]");
  const number = form.elements.namedItem("number");
  let sent = text(); // what the server has, and what is on its way
  let timer = null;
  let request = null;
  let tries = 0;
  let waiting = null; // the button that was pressed, until the text has arrived

  // every answer in the form, without what differs from one sending to the next
  function text() {
    const typed = new URLSearchParams(new FormData(form));
    typed.delete("number");
    return typed.toString();
  }

  function say(sentence, failed = false) {
    if (!line || line.textContent === sentence) return;
    const words = document.createElement("span");
    words.textContent = sentence;
    line.replaceChildren(words);
    line.classList.toggle("is-wrong", failed);
  }

  function later(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(send, milliseconds);
  }

  async function send({ stay = false, leaving = false } = {}) {
    clearTimeout(timer);
    const typed = text();
    if (!stay && !waiting && typed === sent && tries === 0) return;
    if (request && !leaving && !stay) return later(PAUSE);
    request?.abort();
    const mine = (request = new AbortController());
    const patience = setTimeout(() => mine.abort(), PATIENCE);
    number.value = Number(number.value) + 1; // a late request never overwrites a later text
    const body = new URLSearchParams(typed);
    body.append("number", number.value);
    if (stay) body.append("stay", "1");
    if (!tries) say(words.saving);
    try {
      const keepalive = leaving && body.toString().length < MOST_AT_LEAVING;
      const answer = await fetch(words.pgAutosave, { method: "POST", body, signal: mine.signal, keepalive });
      if (answer.status >= 500) throw new Error(String(answer.status));
      const { said, seconds } = await answer.json();
      if (request !== mine) return;
      sent = typed;
      tries = 0;
      if (answer.status === 409) words.pgDirty = ""; // refused: only the button saves it
      else delete words.pgDirty;
      say(said, !answer.ok);
      if (answer.ok) clock.last(seconds);
      if (answer.status === 401) clock.last(0);
      if (waiting) return press();
    } catch {
      if (request !== mine) return;
      words.pgDirty = "";
      const wait = TRIES[Math.min(tries++, TRIES.length - 1)];
      say(words.failed.replace("%(seconds)s", wait), true);
      later(wait * 1000);
    } finally {
      clearTimeout(patience);
      if (request === mine) request = null;
    }
    if (!tries && text() !== sent) later(PAUSE);
  }

  form.addEventListener("input", () => { if (!tries) later(PAUSE); });
  form.addEventListener("change", () => { if (!tries) later(0); });
  window.addEventListener("online", () => { if (tries || waiting || text() !== sent) later(0); });
  window.addEventListener("offline", () => say(words.offline, true));
  // leaving: what was typed in the last second goes along, and nobody is asked
  document.addEventListener("visibilitychange", () => { if (document.hidden) send({ leaving: true }); });
  window.addEventListener("beforeunload", (event) => { if (!navigator.onLine && text() !== sent) event.preventDefault(); });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    request?.abort();
    request = null;
    if (navigator.onLine && !tries && text() === sent) {
      number.value = Number(number.value) + 1;
      return;
    }
    // the text goes first: if the connection drops now, it is there, and this page is still here
    event.preventDefault();
    waiting = event.submitter ?? form.querySelector("button[type=submit]");
    words.pgDirty = "";
    if (!navigator.onLine) say(words.offline, true);
    send();
  });

  // What was pressed is done once the text has arrived.
  function press() {
    const button = waiting;
    waiting = null;
    form.requestSubmit(button);
  }

  const clock = countdown(document.querySelector("[data-pg-session]"), () => send({ stay: true }));
}

document.querySelectorAll("form[data-pg-autosave]").forEach(wire);
