// Sends files as soon as they are chosen or dropped, one after another, and shows how far each is. A connection that
// breaks leaves what was kept and offers to go on. Without this the page's buttons do the same.

const STALLED = 30_000; // milliseconds without a byte moving: a lost connection often says nothing
const ANSWER = 70_000; // for the look at a file that has arrived

function wire(form) {
  const words = form.dataset;
  const said = form.querySelector("[data-pg-said]");
  const waiting = []; // the first is being sent, or waits for a connection
  let request = null;
  const busy = document.createElement("p");
  busy.className = "pg-note";

  form.querySelectorAll("[data-pg-scripted]").forEach((element) => { element.hidden = false; });
  form.querySelectorAll("[data-pg-drop]").forEach((place) => {
    place.querySelectorAll("input[type=file]").forEach((input) => {
      input.addEventListener("change", () => {
        add(place, [...input.files]);
        input.value = ""; // they are in the list now, and the form's buttons send them no second time
      });
    });
    place.addEventListener("dragover", () => place.classList.add("is-over"));
    place.addEventListener("dragleave", () => place.classList.remove("is-over"));
    place.addEventListener("drop", (event) => {
      place.classList.remove("is-over");
      add(place, [...event.dataTransfer.files]);
    });
  });

  function add(place, files) {
    if (!files.length) return;
    const queue = place.querySelector("[data-pg-queue]");
    queue.querySelectorAll(".is-over-and-done").forEach((row) => row.remove());
    queue.hidden = false;
    const slot = place.dataset.pgDrop;
    const part = place.querySelector("select")?.value ?? "";
    files.forEach((file) => {
      const item = { file, slot, part, key: uuid(), place, ...row(queue, file) };
      item.again.addEventListener("click", () => { item.input().focus(); next(); });
      item.leave.addEventListener("click", () => { item.input().focus(); drop(item); next(); });
      if (file.size > Number(words.largest)) return wrong(item, words.tooLarge);
      waiting.push(item);
      item.text.textContent = words.waiting;
    });
    next();
  }

  function row(queue, file) {
    const make = (name, parent, text = "") => {
      const element = document.createElement(name);
      element.textContent = text;
      parent.append(element);
      return element;
    };
    const line = make("li", queue);
    const name = make("span", line, file.name);
    name.dir = "auto";
    const bar = make("progress", line);
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", words.progress.replace("%(name)s", file.name));
    const text = make("p", line);
    const acts = make("div", line);
    acts.className = "pg-acts";
    acts.hidden = true;
    const button = (label) => {
      const made = make("button", acts, label);
      made.type = "button";
      made.className = "btn btn-secondary btn-sm";
      made.setAttribute("aria-label", `${label}: ${file.name}`);
      return made;
    };
    const [again, leave] = [button(words.again), button(words.leaveOut)];
    return { line, bar, text, acts, again, leave, input() { return document.getElementById(this.slot); } };
  }

  function next() {
    if (request || !waiting.length) return;
    const item = waiting[0];
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    body.append("upload_key", item.key); // the same at each try, so that a second one makes no second document
    body.append(`${item.slot}-part`, item.part);
    body.append(item.slot, item.file);
    item.line.classList.remove("is-wrong");
    item.acts.hidden = true;
    item.bar.hidden = false;

    const mine = (request = new XMLHttpRequest());
    let patience;
    const wait = (time) => { clearTimeout(patience); patience = setTimeout(() => mine.abort(), time); };
    const ended = (act) => () => { clearTimeout(patience); request = null; act(); };
    mine.open("POST", form.action);
    mine.responseType = "document";
    mine.upload.addEventListener("progress", (event) => {
      wait(STALLED);
      if (!event.lengthComputable) return;
      item.bar.value = (100 * event.loaded) / event.total;
      const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
      item.text.textContent = words.sending.replace("%(done)s", megabytes(event.loaded)).replace("%(total)s", megabytes(event.total));
    });
    mine.upload.addEventListener("load", () => { wait(ANSWER); item.text.textContent = words.looking; });
    mine.addEventListener("load", ended(() => answered(item, mine)));
    mine.addEventListener("error", ended(() => paused(item, words.failed)));
    mine.addEventListener("abort", ended(() => paused(item, words.failed)));
    wait(STALLED);
    mine.send(body);
  }

  function answered(item, { status, response }) {
    if (status === 413) wrong(item, words.tooLarge);
    else if (status >= 400 || !response) return paused(item, words.failed);
    else if (!response.querySelector("[data-pg-uploads]")) return paused(item, words.signedOut);
    else {
      swap(response);
      const refusals = [...response.querySelectorAll(`#${item.slot}-errors p`)].map((each) => each.textContent);
      const notes = [...response.querySelectorAll("#main .pg-alert p")].map((each) => each.textContent);
      if (refusals.length) wrong(item, refusals.join(" "));
      else {
        said.textContent = notes.join(" ") || words.kept.replace("%(name)s", item.file.name);
        // what is kept stands in the list above; what needs a word keeps its row
        if (response.querySelector("#main .pg-alert.pg-is-met")) drop(item);
        else wrong(item, notes.join(" "), { isWrong: false });
      }
    }
    next();
  }

  function paused(item, sentence) {
    item.line.classList.add("is-wrong");
    item.bar.hidden = true;
    item.acts.hidden = false;
    item.text.textContent = said.textContent = sentence;
  }

  // Nothing more is tried with this file; its row says why until the next one is chosen.
  function wrong(item, sentence, { isWrong = true } = {}) {
    item.line.classList.add("is-over-and-done");
    item.line.classList.toggle("is-wrong", isWrong);
    item.bar.hidden = true;
    item.acts.hidden = true;
    item.text.textContent = said.textContent = sentence;
    forget(item);
  }

  function drop(item) {
    const queue = item.line.parentElement;
    item.line.remove();
    queue.hidden = !queue.children.length;
    forget(item);
  }

  function forget(item) {
    const at = waiting.indexOf(item);
    if (at >= 0) waiting.splice(at, 1);
    if (!waiting.length) busy.remove();
  }

  window.addEventListener("online", next);
  window.addEventListener("beforeunload", (event) => { if (waiting.length) event.preventDefault(); });
  form.addEventListener("submit", (event) => {
    if (!waiting.length) return;
    event.preventDefault();
    // beside the button, where the person looks; it goes when the last file is kept or left out
    if (!busy.isConnected) (event.submitter?.closest(".pg-acts") ?? form).after(busy);
    said.textContent = busy.textContent = words.busy;
  });
}

// The parts of the page that a kept file changes, as the server would show them; nothing else moves.
function swap(page) {
  page.querySelectorAll("[data-pg-swap]").forEach((fresh) => {
    document.getElementById(fresh.id)?.replaceChildren(...fresh.childNodes);
  });
  // what was wrong before this file came, and is not any more
  document.querySelectorAll("#main .pg-errors, #main .invalid-feedback[id]").forEach((old) => {
    if (old.id && page.getElementById(old.id)) return;
    document.querySelectorAll(`[aria-describedby~="${old.id || "none"}"]`).forEach((input) => {
      input.classList.remove("is-invalid");
      input.removeAttribute("aria-invalid");
      input.setAttribute("aria-describedby", input.getAttribute("aria-describedby").replace(old.id, "").trim());
    });
    old.remove();
  });
}

// A random UUID; crypto.randomUUID exists over https only.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

document.querySelectorAll("[data-pg-uploads]").forEach(wire);
// a file dropped beside its place would replace the page, and with it what waits to be sent
["dragover", "drop"].forEach((name) => document.addEventListener(name, (event) => event.preventDefault()));
