// Choosing rows: those that are loaded or, said in so many words, all N of the filter. A choice outlives refreshes and
// rows that are scrolled out of the page. What is sent is always ids of items.
"use strict";

const GridSelect = (() => {
  if (!Grid) return null;
  const { say, data, list } = Grid;
  const chosen = new Map(); // row id → its items
  const boxes = new Map();
  let everything = false;
  let last = null;
  const form = () => document.getElementById("bulk");
  const field = (name) => form().elements.namedItem(name);
  const head = () => document.getElementById("all");
  const loaded = () => Grid.rows.filter((row) => !row.left);

  Grid.on("tick", (row, box) => {
    boxes.set(row.id, box);
    box.checked = everything || chosen.has(row.id);
  });
  Grid.on("row", (row, element) => paint(row.id, element));
  Grid.on("wiped", () => boxes.clear());
  Grid.on("gone", (ids) => {
    for (const id of ids) {
      chosen.delete(id);
      boxes.delete(id);
    }
    draw();
  });
  Grid.on("rows", () => {
    if (everything) for (const row of loaded()) chosen.set(row.id, row.ids);
    for (const id of [...chosen.keys()]) if (!Grid.byId.has(id)) chosen.delete(id);
    draw();
  });

  function paint(id, element) {
    const on = chosen.has(id);
    element.classList.toggle("sel", on);
    element.setAttribute("aria-selected", String(on));
    const box = boxes.get(id);
    if (box) box.checked = on;
  }
  function draw() {
    const bar = form();
    if (!bar || !Grid.table) return;
    for (const [id, row] of Grid.drawn) paint(id, row.getElement());
    const rows = loaded();
    const all = rows.length > 0 && chosen.size >= rows.length;
    if (head()) {
      head().checked = all;
      head().indeterminate = chosen.size > 0 && !all;
    }
    field("scope").value = everything ? "filter" : "page";
    field("ids").value = [...chosen.values()].flat().join(",");
    field("ids").disabled = everything;
    field("query").disabled = field("as_of").disabled = !everything;
    if (data.asOf) field("as_of").value = data.asOf;
    const number = [...chosen.values()].reduce((sum, ids) => sum + ids.length, 0);
    const n = number.toLocaleString();
    bar.querySelector("[data-chosen]").textContent = everything ? say("chosen_all", { n: data.total }) : say("chosen", { n });
    const offer = bar.querySelector("[data-all]");
    offer.textContent = say("offer_all", { n: data.total });
    offer.parentElement.hidden = everything || !(Grid.next && all);
    tellFacts(number);
    bar.hidden = chosen.size === 0;
    list.classList.toggle("choosing", chosen.size > 0);
  }
  // While rows are chosen, what is chosen stands where the filters were
  function tellFacts(number) {
    const place = list.querySelector("[data-facts]");
    if (!place || !chosen.size) return;
    if (everything) {
      place.textContent = say("chosen_all", { n: data.total });
      return;
    }
    const rows = [...chosen.keys()].map((id) => Grid.byId.get(id)).filter(Boolean);
    const accounts = new Map();
    for (const row of rows) accounts.set(row.account, (accounts.get(row.account) || 0) + row.ids.length);
    const pieces = rows.reduce((sum, row) => sum + row.quantity, 0);
    const shares = [...accounts].sort((a, b) => b[1] - a[1]).slice(0, 6);
    place.textContent = [
      say("facts", { n: number.toLocaleString(), q: pieces.toLocaleString() }),
      ...shares.map(([name, n]) => `${name} ${n.toLocaleString()}`),
    ].join(" · ");
  }

  function set(row, on) {
    if (row.left) return;
    if (on) chosen.set(row.id, row.ids);
    else chosen.delete(row.id);
  }
  // One row, or with Shift every row from the last one on
  function toggle(row, { span = false, on = !chosen.has(row.id) } = {}) {
    const place = Grid.placeOf(row.id);
    const from = span && last !== null ? Grid.placeOf(last) : -1;
    if (from >= 0)
      for (const each of Grid.rows.slice(Math.min(from, place), Math.max(from, place) + 1)) set(each, on);
    else set(row, on);
    last = row.id;
    everything = false;
    draw();
  }
  function clear() {
    chosen.clear();
    everything = false;
    draw();
  }

  list.addEventListener("click", (event) => {
    const cell = event.target.closest(".tabulator-cell.c-tick");
    if (cell) {
      const row = Grid.byId.get(Number(cell.closest(".tabulator-row").dataset.id));
      const box = event.target.closest("input[name=ids]");
      if (event.target.closest("label") && !box) return; // the label's click comes once more from its box
      if (row) toggle(row, { span: event.shiftKey, on: box ? box.checked : undefined });
    } else if (event.target.closest("[data-all]")) {
      everything = true;
      for (const row of loaded()) chosen.set(row.id, row.ids);
      draw();
    } else if (event.target.closest("[data-none]")) {
      clear();
      Grid.home.focus();
    }
  });
  list.addEventListener("change", (event) => {
    if (event.target.id !== "all") return;
    everything = false;
    if (event.target.checked) for (const row of loaded()) chosen.set(row.id, row.ids);
    else chosen.clear();
    draw();
  });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.key !== "Escape" || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || !chosen.size) return;
    clear();
  });
  // What was done is no longer chosen; the focus stays in the list
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful || !/\/items\/do$/.test(event.detail.pathInfo.requestPath)) return;
    clear();
    setTimeout(() => {
      if (!document.activeElement || document.activeElement === document.body) Grid.home.focus();
    });
  });
  return { toggle, clear, chosen, has: (id) => chosen.has(id) };
})();
