// What a waybill number and a pasted column are: the rules of waybills/carriers.py, served as data on the options.
"use strict";

const WaybillNumbers = (() => {
  const rules = new Map();
  const names = new Map();
  const plain = (text) => text.replace(/[^0-9A-Za-z]/g, "").toUpperCase();
  const carriers = document.getElementById("carriers");
  for (const option of carriers ? carriers.content.querySelectorAll("option") : []) {
    rules.set(option.value, {
      label: option.textContent,
      lengths: option.dataset.lengths.split(" ").filter(Boolean).map(Number),
      checks: option.dataset.checks.split(" ").filter(Boolean).map((pair) => pair.split(":").map(Number)),
      numberless: "bare" in option.dataset,
    });
    for (const name of option.dataset.names.split("|")) names.set(fold(name), option.value);
  }
  function fold(name) {
    return name.normalize("NFC").replace(/[\s·()-]/g, "").replace(/(택배|logistics)$/i, "").toLowerCase();
  }
  const digitHolds = (text, [length, start]) =>
    text.length !== length || Number(text.slice(start, -1)) % 7 === Number(text.at(-1));

  // A sheet's text: one column is numbers, two are carrier and number; a first line without any digit is its heading
  function read(text) {
    const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
    const headed = lines.length > 1 && /^[^\d\s][^\d]*$/.test(lines[0].split("\t").pop().trim());
    const given = lines.slice(headed ? 1 : 0).map((line) => {
      const cells = line.split("\t").map((cell) => cell.trim());
      if (cells.length < 2) return { number: cells[0], name: "" };
      const [first, second] = [cells[0], cells[1]];
      return names.has(fold(second)) && /\d/.test(first)
        ? { number: first, name: second }
        : { number: second, name: first };
    });
    return { given, headed };
  }
  return { rules, names, fold, plain, digitHolds, read };
})();
