// Shortcuts. Which there are stands in the sheet of shortcuts (parts/keys.html), made from web/shortcuts.py: a row's
// data-key is the key, data-go where it leads, data-do what the page is asked to do. A page that has it done says so by
// preventDefault. Keys of an IME at work, of a scanner and in fields are none.
"use strict";

(() => {
  const sheet = document.getElementById("keys");
  if (!sheet) return;
  const SECOND = 1200; // ms for the second key of "g o"
  const rows = new Map([...sheet.querySelectorAll("[data-key]")].map((row) => [row.dataset.key, row.dataset]));
  const first = new Set([...rows.keys()].filter((key) => key.includes(" ")).map((key) => key.split(" ")[0]));
  const composing = (event) => event.isComposing || event.keyCode === 229;
  const on = () => document.body.dataset.shortcuts !== "off";
  let begun = "";
  let forget = 0;
  let planned = 0;

  const ask = (key) =>
    !document.dispatchEvent(new CustomEvent("desk-key", { detail: { key }, cancelable: true }));
  const DEEDS = {
    search: () => {
      const field = document.getElementById("search");
      field?.focus();
      field?.select();
    },
    keys: () => sheet.showModal(),
    help: () => document.querySelector("[data-help]")?.click(),
    print: () => ask("print") || window.print(),
    "edit-or-export": () => ask("export") || ask("edit"),
  };
  function run({ go, do: deed }) {
    if (go) location.assign(go);
    else if (DEEDS[deed]) DEEDS[deed]();
    else ask(deed);
  }

  function read(event) {
    const character = Hangul.characterOf(event);
    if (event.key === "Enter" || event.key === "Escape") return event.key.toLowerCase();
    const letter = character.toLowerCase();
    if (begun) {
      const both = `${begun} ${letter}`;
      begun = "";
      if (rows.has(both)) return both;
    }
    return character === "?" ? "?" : event.shiftKey ? "" : letter;
  }

  const inField = (target) => target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const pressable = (target) => target.matches?.("a, button, summary, input");

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || composing(event) || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (Hangul.characterOf(event).toLowerCase() === "k" && !event.shiftKey) palette(event);
      return;
    }
    if (!on() || inField(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && pressable(event.target)) return;
    const key = read(event);
    if (first.has(key)) {
      begun = key;
      clearTimeout(forget);
      forget = setTimeout(() => (begun = ""), SECOND);
      return;
    }
    const row = rows.get(key);
    if (!row) return;
    if (key.length === 1) event.preventDefault(); // nothing else may come of a letter
    if (event.repeat || key.length > 1) run(row);
    else later(() => run(row));
  });
  // A letter may be the first of a scanner's: a moment shows
  function later(then) {
    clearTimeout(planned);
    planned = setTimeout(() => !Scanner.running() && then(), Scanner.FAST + 2);
  }
  document.addEventListener("keydown", (event) => {
    if (Scanner.running()) clearTimeout(planned);
  });

  function palette(event) {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("open-palette"));
  }

  // Enter that ends a composition must not send the form
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Enter" && composing(event) && event.target.form) event.preventDefault();
    },
    true,
  );
})();
