// What was typed into a form with data-draft outlives a slip, a reload and a session that ran out. It may be personal
// data, so it lies in this tab's own storage, never in localStorage, and goes once it is saved or thrown away.
"use strict";

(() => {
  const key = (form) => `draft:${form.dataset.draft}`;
  const fields = (form) =>
    [...form.elements].filter((each) => each.name && each.matches("textarea, select, input:not([type=hidden], [type=radio])"));
  const plain = (field, value) => (field.name.startsWith("phone") ? value.replace(/[\s-]/g, "") : value);
  const chosen = (field) => ([...field.options].find((each) => each.defaultSelected) || field.options[0])?.value ?? "";
  const began = (field) => (field.matches("select") ? chosen(field) : field.defaultValue);
  const stood = (form, field) => form.elements.namedItem(`was-${field.name}`)?.value ?? began(field);

  function keep(form) {
    const typed = {};
    for (const field of fields(form)) if (plain(field, field.value) !== plain(field, stood(form, field))) typed[field.name] = field.value;
    try {
      if (Object.keys(typed).length) sessionStorage.setItem(key(form), JSON.stringify(typed));
      else sessionStorage.removeItem(key(form));
    } catch {
      // full or forbidden: the form itself still holds it
    }
  }
  function bring(form) {
    if (form.dataset.brought) return;
    form.dataset.brought = "yes";
    let typed = {};
    try {
      typed = JSON.parse(sessionStorage.getItem(key(form)) || "{}");
    } catch {
      return;
    }
    let brought = 0;
    for (const field of fields(form))
      if (typeof typed[field.name] === "string" && field.value !== typed[field.name]) {
        field.value = typed[field.name];
        brought += 1;
      }
    const note = form.querySelector("[data-again]");
    if (note) note.hidden = !brought;
  }
  const forget = (form) => sessionStorage.removeItem(key(form));
  const draft = (element) => element?.closest?.("form[data-draft]");

  for (const change of ["input", "change"])
    document.addEventListener(change, (event) => draft(event.target) && keep(draft(event.target)));
  document.addEventListener("click", (event) => {
    const form = draft(event.target);
    if (!form || !event.target.closest("[data-close], [data-throw-away]")) return;
    forget(form);
    if (!event.target.closest("[data-throw-away]")) return;
    for (const field of fields(form)) field.value = stood(form, field);
    form.querySelector("[data-again]").hidden = true;
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful || draft(event.target) !== event.target) return;
    if (!("draftStays" in event.target.dataset)) forget(event.target); // else it was only looked at, not saved
  });
  const look = () => document.querySelectorAll("form[data-draft]").forEach(bring);
  document.body.addEventListener("htmx:afterSwap", look);
  look();
})();
