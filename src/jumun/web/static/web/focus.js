// Focus is never lost: after a dialog closes, or after what had it was drawn anew, it is where it was.
"use strict";

(() => {
  let last = null; // where it was, outside of dialogs and notices
  const MARKS = ["id", "name", "value", "href", "hx-post", "hx-get", "data-open", "aria-label"];
  const lost = () => document.activeElement === null || document.activeElement === document.body;

  function note(element) {
    const marks = MARKS.filter((mark) => element.hasAttribute(mark)).map((mark) => [mark, element.getAttribute(mark)]);
    last = { element, tag: element.localName, marks, text: element.textContent.trim().slice(0, 60) };
  }
  document.addEventListener("focusin", (event) => {
    if (!event.target.closest("dialog, #notices, main:focus")) note(event.target);
  });
  // Whoever clicks beside everything wants no focus
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("a, button, input, select, textarea, summary, label, [tabindex], dialog, #notices")) last = null;
  });

  const usable = (element) => element?.isConnected && !element.disabled && element.checkVisibility();
  function like({ tag, marks, text }) {
    if (!marks.length) return null;
    const found = [...document.querySelectorAll(tag)].filter((each) =>
      marks.every(([mark, value]) => each.getAttribute(mark) === value),
    );
    return found.find((each) => each.textContent.trim().slice(0, 60) === text) || found[0] || null;
  }
  function restore() {
    if (!last || !lost() || document.querySelector("dialog[open]")) return;
    const target = usable(last.element) ? last.element : like(last);
    const where = usable(target) ? target : document.getElementById("main");
    where?.focus({ preventScroll: true });
  }
  const soon = () => setTimeout(restore, 30);
  document.addEventListener("close", soon, true);
  for (const what of ["htmx:afterRequest", "htmx:afterSettle", "htmx:oobAfterSwap"])
    document.body.addEventListener(what, soon);
  // A notice that goes while it has the focus gives it back
  new MutationObserver(soon).observe(document.getElementById("notices") || document.body, { childList: true });
})();
