// A dialog of SKUs to tick, over several searches, all of it by keyboard. What was ticked goes to the page as "skus-picked".
"use strict";

for (const box of document.querySelectorAll("dialog[data-picks-skus]")) {
  const search = box.querySelector("[name=q]");
  const rows = box.querySelector("[data-found]");
  const button = box.querySelector("[data-add]");
  const usual = button.textContent;
  const ticked = new Map();

  const read = (input) => ({
    sku: input.dataset.sku,
    name: input.dataset.name,
    option: input.dataset.option,
    from: input.dataset.from,
    price: input.dataset.price,
  });
  const inputs = () => [...rows.querySelectorAll("input[data-sku]")];

  function show() {
    button.disabled = !ticked.size;
    button.textContent = ticked.size ? button.dataset.words.replace("{n}", ticked.size) : usual;
    for (const input of inputs()) input.checked = ticked.has(input.dataset.sku);
  }
  function put() {
    const here = inputs().find((input) => input === document.activeElement) || (inputs().length === 1 && inputs()[0]);
    const chosen = ticked.size ? [...ticked.values()] : here ? [read(here)] : [];
    if (!chosen.length) return;
    box.close();
    box.dispatchEvent(new CustomEvent("skus-picked", { detail: chosen }));
  }

  box.addEventListener("close", () => {
    ticked.clear();
    search.value = "";
    show();
  });
  rows.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.dataset.sku) return;
    if (input.checked) ticked.set(input.dataset.sku, read(input));
    else ticked.delete(input.dataset.sku);
    show();
  });
  document.body.addEventListener("htmx:afterSwap", (event) => box.contains(event.target) && show());
  box.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    put();
  });
  box.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const all = inputs();
      const to = all.indexOf(document.activeElement) + step;
      event.preventDefault();
      (to < 0 ? search : all[Math.min(to, all.length - 1)])?.focus();
    } else if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      put();
    }
  });
}
