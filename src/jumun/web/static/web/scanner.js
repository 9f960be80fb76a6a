// A wedge scanner types like a person, only faster: a burst of keys ended by Enter is one code. It fires no shortcut,
// is read by the places of its keys when the Hangul IME is on, and lands as a search; in a field it stays in the field.
"use strict";

const Scanner = (() => {
  const FAST = 30; // ms between two keys of a scanner
  const SHORTEST = 4; // of a code
  let burst = null;

  const typing = (target) => target.matches?.("input, textarea, select, [contenteditable]") ?? false;
  const fast = (event) => burst && event.timeStamp - burst.last < FAST;

  function note(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return (burst = null);
    if (event.key === "Shift") return null;
    const character = Hangul.characterOf(event);
    if (event.key === "Enter" || event.code === "Enter") return end(event);
    if (!character) return (burst = null);
    if (!fast(event)) burst = begin(event);
    burst.text += character;
    burst.last = event.timeStamp;
    burst.foreign ||= event.isComposing || event.keyCode === 229 || /[ㄱ-ㅎㅏ-ㅣ가-힣]/.test(event.key);
    if (burst.text.length > 1 && !burst.field) event.preventDefault();
    return burst;
  }
  function begin(event) {
    const field = typing(event.target) ? event.target : null;
    const made = { text: "", last: event.timeStamp, field, foreign: false, before: "", after: "" };
    if (field?.selectionStart !== null && field?.selectionStart !== undefined) {
      made.before = field.value.slice(0, field.selectionStart);
      made.after = field.value.slice(field.selectionEnd);
    }
    return made;
  }
  function end(event) {
    const done = burst;
    burst = null;
    if (!done || event.timeStamp - done.last >= FAST || done.text.length < SHORTEST) return null;
    if (done.field) {
      if (done.foreign) mend(done, event);
      return null;
    }
    event.preventDefault();
    event.stopPropagation();
    const scanned = new CustomEvent("scanned", { detail: { code: done.text }, cancelable: true });
    if (document.dispatchEvent(scanned)) search(done.text);
    return null;
  }
  // The IME made letters of the code: once it has let go, the field says what was scanned, then Enter does its part
  function mend({ field, before, after, text }, event) {
    event.preventDefault();
    setTimeout(() => {
      field.value = before + text + after;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", bubbles: true, cancelable: true }));
      if (field.id === "search") field.form.requestSubmit();
    });
  }
  function search(code) {
    const form = document.querySelector("form.search");
    if (form) location.assign(`${form.getAttribute("action")}?q=${encodeURIComponent(code)}`);
  }
  window.addEventListener("keydown", note, true);
  return { FAST, running: () => burst !== null && burst.text.length > 1 };
})();
