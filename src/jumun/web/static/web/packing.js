// 합포: J and K go from group to group, Y combines, N leaves apart, U takes the last decision back.
"use strict";

(() => {
  const groups = () => [...document.querySelectorAll("[data-group]")];
  const here = () => document.activeElement?.closest?.("[data-group]");

  function step(by) {
    const all = groups();
    const place = all.indexOf(here());
    const next = place < 0 ? all[0] : all[Math.min(Math.max(place + by, 0), all.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }
  function press(decision) {
    const group = here() || groups().find((each) => each.matches("[data-waits]"));
    group?.querySelector(`[name=decision][value=${decision}]`)?.click();
  }
  const DEEDS = {
    next: () => step(1),
    previous: () => step(-1),
    combine: () => press("combine"),
    apart: () => press("apart"),
    undo: () => document.querySelector("[data-undo]")?.click(),
  };
  document.addEventListener("desk-key", (event) => {
    const deed = DEEDS[event.detail.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
  if (document.getElementById("done")) document.querySelector("[data-waits]")?.focus({ preventScroll: true });
})();
