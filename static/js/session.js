// Warns before the session ends. The server says how long it lasts; this machine only counts.

const WARNING = 10 * 60; // seconds before the session's end at which the page says so

function countdown(notice, stay) {
  if (!notice) return { last() {} };
  const said = notice.querySelector("[data-pg-said]");
  const button = notice.querySelector("[data-pg-stay]");
  let ends = 0;
  let timer = null;

  function last(seconds) {
    ends = performance.now() + seconds * 1000;
    look();
  }

  function look() {
    clearTimeout(timer);
    const left = (ends - performance.now()) / 1000;
    const show = left <= WARNING;
    if (show) {
      const sentence = left > 0 ? notice.dataset.ending.replace("%(minutes)s", Math.max(1, Math.round(left / 60))) : notice.dataset.ended;
      if (said.textContent !== sentence) said.textContent = sentence;
    }
    button.hidden = left <= 0;
    notice.hidden = !show;
    if (left > 0) timer = setTimeout(look, Math.min(show ? 60_000 : (left - WARNING) * 1000, 2 ** 30));
  }

  button.addEventListener("click", stay);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); }); // timers sleep with the machine
  last(Number(notice.dataset.pgSession));
  return { last };
}

// Pages that send nothing while somebody is at work ask for more time at an address of its own.
document.querySelectorAll("[data-pg-session][data-pg-stay-at]").forEach((notice) => {
  const clock = countdown(notice, async () => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams({ csrfmiddlewaretoken: token });
    const answer = await fetch(notice.dataset.pgStayAt, { method: "POST", body }).catch(() => null);
    if (answer) clock.last(answer.ok ? (await answer.json()).seconds : 0); // no connection: the button stays
  });
});
