// Asks the server about an answer when its field is left, and shows the sentence that saving would show, in the
// same place. Silent while a field is untouched, empty or half typed; whatever fails, saving says it later.

function wire(form) {
  const asked = new WeakMap(); // box → what was asked last, and its request

  form.addEventListener("focusout", ({ target, relatedTarget }) => {
    const box = target.closest?.(".pg-field, .pg-set");
    if (!box || box.contains(relatedTarget)) return; // still within: a date has three inputs
    // what the page opens and closes by a button may go with the press: let that happen first
    setTimeout(() => look(box));
  });

  async function look(box) {
    const inputs = [...box.querySelectorAll("input[type=text], input[type=email], input[type=tel], textarea")];
    if (!inputs.length || !box.isConnected) return;
    const value = inputs.map((input) => input.value).join("\n");
    const before = asked.get(box) ?? { value: inputs.map((input) => input.defaultValue).join("\n") };
    if (value === before.value) return;
    before.request?.abort();
    const mine = { value, request: new AbortController() };
    asked.set(box, mine);
    if (inputs.some((input) => !input.value.trim())) return show(box, inputs, []);
    const body = new URLSearchParams(new FormData(form));
    body.append("field", inputs[0].name);
    try {
      const answer = await fetch(form.dataset.pgCheck, { method: "POST", body, signal: mine.request.signal });
      if (!answer.ok || answer.redirected) return;
      const { errors } = await answer.json();
      if (asked.get(box) === mine) show(box, inputs, errors);
    } catch {
      // gone off-line, or asked anew: saving says it
    }
  }

  function show(box, inputs, errors) {
    const id = box.id.replace(/_field$/, "_error");
    const date = box.querySelector(".pg-date");
    let place = document.getElementById(id);
    if (!place) {
      if (!errors.length) return;
      place = document.createElement("p");
      place.id = id;
      place.className = "invalid-feedback";
      place.setAttribute("aria-live", "polite");
      (date ?? inputs[0]).before(place);
    }
    place.hidden = !errors.length;
    const described = date ? [box] : inputs;
    for (const each of described) {
      const ids = new Set((each.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
      errors.length ? ids.add(id) : ids.delete(id);
      ids.size ? each.setAttribute("aria-describedby", [...ids].join(" ")) : each.removeAttribute("aria-describedby");
    }
    for (const input of inputs) {
      input.classList.toggle("is-invalid", errors.length > 0);
      errors.length ? input.setAttribute("aria-invalid", "true") : input.removeAttribute("aria-invalid");
    }
    // said once the place stands in the page, so that it is read aloud
    requestAnimationFrame(() => { place.textContent = errors.join(" "); });
  }
}

document.querySelectorAll("form[data-pg-check]").forEach(wire);
