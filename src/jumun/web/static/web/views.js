// Tabs: what the user lays out is kept for the step at once, or offered to be saved in the tab; counts stay live.
"use strict";

(() => {
  const row = document.getElementById("views");
  if (!row) return;
  const kept = document.getElementById("layout");
  const WAIT = 800;
  const COUNTS_EVERY = 5000;
  const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
  let layout = kept ? JSON.parse(kept.textContent) : null;
  let timer = 0;

  function fill() {
    for (const field of row.querySelectorAll("[data-layout]")) field.value = layout ? JSON.stringify(layout) : "";
  }
  fill();

  function send(keepalive) {
    clearTimeout(timer);
    timer = 0;
    return fetch(`${row.dataset.root}/layouts`, {
      method: "POST",
      keepalive,
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ step: row.dataset.step, layout }),
    }).catch(() => {});
  }
  document.addEventListener("layout-changed", (event) => {
    layout = event.detail;
    fill();
    const save = row.querySelector("[data-unsaved]");
    if (row.dataset.view) {
      if (save && !("fixed" in save.dataset)) save.hidden = false;
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => send(false), WAIT);
  });
  window.addEventListener("pagehide", () => timer && send(true));

  // Counts in place; never while nobody looks
  let last = 0;
  let asked = false;
  async function count() {
    if (asked || !row.querySelector("[data-count]")) return;
    asked = true;
    await new Promise((go) => setTimeout(go, Math.max(0, last + COUNTS_EVERY - Date.now())));
    last = Date.now();
    asked = false;
    if (document.hidden) return;
    try {
      const answer = await fetch(`${row.dataset.root}/views/counts`, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      for (const [id, number] of Object.entries(await answer.json())) {
        const place = row.querySelector(`[data-count="${CSS.escape(id)}"]`);
        if (place && place.textContent !== number) place.textContent = number;
      }
    } catch {
      // the next change asks again
    }
  }
  document.body.addEventListener("items-changed", count);

  // A menu that opens is ready to be typed into
  row.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target;
      if (!menu.open || !menu.matches("details.menu")) return;
      keepInside(menu.querySelector(".pop"));
      menu.querySelector("input[type=text]")?.focus();
    },
    true,
  );
  function keepInside(pop) {
    if (!pop) return;
    pop.style.left = pop.style.right = "";
    const box = pop.getBoundingClientRect();
    const over = box.right - (document.documentElement.clientWidth - 12);
    if (over > 0) pop.style.left = `${pop.offsetLeft - over}px`;
  }
})();
