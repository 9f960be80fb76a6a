// The export dialog: which columns a layout has, whether a reason is needed, two passwords that must be equal. And E:
// with rows chosen it exports them; in a list where nothing is typed it exports the list; else it types (grid_range.js).
"use strict";

(() => {
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.path.endsWith("/exports/ask")) return;
    if (typeof Grid !== "undefined" && Grid?.data?.sort) event.detail.parameters.sort = Grid.data.sort;
  });

  function draw(form) {
    const option = form.elements.layout.selectedOptions[0];
    form.querySelector("[data-titles]:not(option)").textContent = option.dataset.titles;
    const reasoned = form.querySelector("[data-reasoned]");
    if (reasoned) {
      const personal = "personal" in option.dataset;
      const masked = form.elements.masked.checked;
      reasoned.hidden = !personal;
      form.querySelector("[data-why]").hidden = masked;
      form.elements.reason.required = personal && !masked;
    }
    const csv = form.elements.kind.value === "csv";
    for (const name of ["password", "again"]) form.elements[name].disabled = csv;
    const { password, again } = form.elements;
    again.required = Boolean(password.value) && !csv;
    again.setCustomValidity(csv || again.value === password.value ? "" : again.dataset.differs);
  }
  for (const kind of ["input", "change"])
    document.addEventListener(kind, (event) => {
      const form = event.target.form;
      if (form?.id === "export-ask") draw(form);
    });

  document.addEventListener("desk-key", (event) => {
    if (event.detail.key !== "export") return;
    const bulk = document.querySelector("#bulk:not([hidden]) [data-export]");
    const whole = document.querySelector("[data-export-list]");
    const button = bulk || (whole && !("typed" in whole.dataset) ? whole : null);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
})();
