// The editor of a layout: columns go in at the end, move up and down, and out. The words come from the page.
"use strict";

(() => {
  const form = document.getElementById("export-layout");
  if (!form) return;
  const list = form.querySelector("[data-columns]");
  const blank = document.getElementById("export-column").content.firstElementChild;
  const FIXED = "fixed"; // may stand there more than once

  function draw() {
    const rows = [...list.children];
    const keys = new Set(rows.map((row) => row.dataset.key));
    form.querySelector("[data-number]").textContent = rows.length;
    for (const button of form.querySelectorAll("[data-add]"))
      button.setAttribute("aria-pressed", String(button.dataset.add !== FIXED && keys.has(button.dataset.add)));
    rows.forEach((row, place) => {
      row.querySelector("[data-up]").disabled = place === 0;
      row.querySelector("[data-down]").disabled = place === rows.length - 1;
    });
  }
  function add({ add: key, label, says }) {
    const there = [...list.children].find((row) => row.dataset.key === key);
    if (there && key !== FIXED) {
      there.remove();
      return;
    }
    const row = blank.cloneNode(true);
    row.dataset.key = key;
    row.querySelector("[name=key]").value = key;
    row.querySelector("[name=title]").value = label;
    row.querySelector("[name=value]").type = says === undefined ? "hidden" : "text";
    row.querySelector("[data-label]").textContent = label;
    for (const named of row.querySelectorAll("[aria-label]")) named.setAttribute("aria-label", named.getAttribute("aria-label") + label);
    list.append(row);
    row.scrollIntoView({ block: "nearest" });
  }
  function move(row, button) {
    const up = "up" in button.dataset;
    if (up) row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    draw();
    const again = button.disabled ? row.querySelector(up ? "[data-down]" : "[data-up]") : button;
    again.focus();
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[type=button]");
    if (!button) return;
    const row = button.closest("[data-key]");
    if (button.dataset.add) add(button.dataset);
    else if ("out" in button.dataset) {
      const next = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      next?.querySelector("[data-out]").focus();
    } else if (row) return move(row, button);
    draw();
  });
  draw();
})();
