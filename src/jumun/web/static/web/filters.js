// The filter panel: the whole of it, or one axis under the chip that was clicked. It sends what was filled in only.
"use strict";

(() => {
  const bar = document.getElementById("filters");
  const menu = document.getElementById("filter-menu");
  const panel = document.getElementById("filter-panel");
  if (!bar || !menu || !panel) return;
  const axes = [...panel.querySelectorAll("[data-axis]")];

  function show(only) {
    const shown = only ? axes.filter((each) => each.dataset.axis === only) : axes;
    for (const each of axes) each.hidden = !shown.includes(each);
    for (const each of panel.querySelectorAll("fieldset:not([data-axis])"))
      each.hidden = !each.querySelector("[data-axis]:not([hidden])");
    panel.classList.toggle("only", Boolean(only));
    panel.style.left = "";
    return shown[0];
  }
  function place(under) {
    const start = menu.getBoundingClientRect().left;
    const wanted = under ? under.getBoundingClientRect().left : start;
    const most = document.documentElement.clientWidth - panel.offsetWidth - 12;
    panel.style.left = `${Math.max(12, Math.min(wanted, most)) - start}px`;
  }
  function enter(first) {
    const field = first?.querySelector("input:checked, select, input:not([hidden])");
    field?.focus();
  }

  let chip = null;
  document.addEventListener("click", (event) => {
    const hit = event.target.closest("#filters .chip-edit[data-axis]");
    if (!hit) return;
    chip = hit;
    const first = show(hit.dataset.axis);
    menu.open = true;
    place(hit);
    enter(first);
  });
  menu.querySelector("summary").addEventListener("click", () => {
    chip = null;
  });
  menu.addEventListener("toggle", () => {
    if (!menu.open || chip) return;
    const first = show("");
    place(null);
    enter(first);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && chip && !event.isComposing) {
      const back = chip;
      event.preventDefault();
      event.stopPropagation();
      menu.open = false;
      chip = null;
      back.focus();
    }
  });

  // The two ends of a period stand there once they are wanted
  panel.addEventListener("change", (event) => {
    if (!("period" in event.target.dataset)) return;
    const ends = event.target.closest(".date-row").querySelector(".ends");
    ends.hidden = event.target.value !== "custom";
    if (ends.hidden) for (const field of ends.querySelectorAll("input")) field.value = "";
    else ends.querySelector("input").focus();
  });
  // One tick that stands instead of a text
  panel.addEventListener("input", (event) => {
    const both = event.target.closest(".with-tick");
    if (!both) return;
    const [text, tick] = [both.querySelector("input[type=text]"), both.querySelector("input[type=checkbox]")];
    if (event.target === tick && tick.checked) text.value = "";
    else if (event.target === text && text.value) tick.checked = false;
  });
  panel.addEventListener("formdata", (event) => {
    const filled = [...event.formData].filter(([, value]) => String(value).trim());
    const names = new Set([...event.formData.keys()]);
    for (const name of names) event.formData.delete(name);
    for (const [name, value] of filled) if (value !== "custom") event.formData.append(name, String(value).normalize("NFC"));
  });

  // Numbers: what was found and not found belongs to what is pasted now
  document.getElementById("find-numbers")?.addEventListener("input", (event) => {
    if (event.target.name === "numbers") document.getElementById("found-numbers").replaceChildren();
  });
})();
