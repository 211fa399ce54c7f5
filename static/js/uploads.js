// Sends chosen files as soon as they are chosen and shows how far it is. Without it the page's buttons do the same.

const LIMIT_STATUS = 413;

function wire(form) {
  const status = form.querySelector("[data-pg-upload-status]");
  const say = (text) => { status.hidden = false; status.querySelector("p").textContent = text; };
  const bar = status.querySelector("progress");

  form.querySelectorAll("input[type=file]").forEach((input) => {
    input.addEventListener("change", () => { if (input.files.length) send(form, input); });
  });

  function send(form, input) {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.responseType = "document";
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = (100 * event.loaded) / event.total;
      const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
      say(form.dataset.sending.replace("%(done)s", megabytes(event.loaded)).replace("%(total)s", megabytes(event.total)));
    });
    request.upload.addEventListener("load", () => say(form.dataset.checking));
    request.addEventListener("load", () => {
      const page = request.response && request.response.querySelector("#main");
      if (page && request.response.querySelector("[data-pg-uploads]")) show(page, input.id);
      else failed(request.status === LIMIT_STATUS ? form.dataset.tooLarge : form.dataset.failed);
    });
    request.addEventListener("error", () => failed(form.dataset.failed));
    // the panel stands beside the input that was used
    input.after(status);
    bar.hidden = false;
    form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", "true"));
    request.send(new FormData(form));
  }

  function failed(sentence) {
    bar.hidden = true;
    form.querySelectorAll("button").forEach((button) => button.removeAttribute("aria-disabled"));
    say(sentence);
  }
}

// The page as the server would show it, in place of this one; the reader stays where they were, or is led to the problems.
function show(page, from) {
  document.querySelector("#main").replaceWith(page);
  document.querySelectorAll("[data-pg-uploads]").forEach(wire);
  const problems = document.querySelector("[data-pg-focus]");
  (problems || document.getElementById(from) || page).focus();
}

document.querySelectorAll("[data-pg-uploads]").forEach(wire);
document.addEventListener("submit", (event) => {
  if (event.submitter?.getAttribute("aria-disabled")) event.preventDefault();
});
