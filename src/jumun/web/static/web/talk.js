// The timeline: what of it is shown, by kind and by person, and writing a comment into it.
"use strict";

(() => {
  const home = document.getElementById("timeline");
  const form = document.getElementById("say");
  if (!home) return;
  const kind = document.querySelector("[data-kinds] select[data-kind]");
  const person = document.querySelector("[data-kinds] select[data-person]");

  function sift() {
    let seen = 0;
    for (const line of home.querySelectorAll(".timeline > li")) {
      const on = (!kind.value || line.dataset.kind === kind.value) && (!person.value || line.dataset.person === person.value);
      line.hidden = !on;
      seen += on;
    }
    const nothing = home.querySelector("[data-nothing]");
    if (nothing) nothing.hidden = seen > 0;
  }
  function people() {
    const chosen = person.value;
    const names = [...home.querySelectorAll("[data-people] li")].map((each) => each.textContent);
    while (person.options.length > 1) person.remove(1);
    for (const name of names) person.add(new Option(name, name));
    person.value = names.includes(chosen) ? chosen : "";
    person.hidden = names.length < 1;
  }
  kind.addEventListener("change", sift);
  person.addEventListener("change", sift);
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== home) return;
    people();
    sift();
  });

  if (!form) return; // who only reads writes nothing
  const text = form.elements.namedItem("text");
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form || !event.detail.successful) return;
    text.value = "";
    text.focus();
  });
})();
