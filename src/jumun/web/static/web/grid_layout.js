// How a list is laid out: which columns, in which order, how wide, which pinned, how high the rows. What the user
// changes is told to the page ("layout-changed"), which keeps it for the step or the tab.
"use strict";

const GridLayout = (() => {
  if (!Grid) return null;
  const { say, data } = Grid;
  const dialog = document.getElementById("columns");
  const place = dialog?.querySelector("[data-columns]");
  const first = data.columns.map((column) => ({ ...column }));
  const kept = read();
  const group = kept.group === "none" ? "" : kept.group || "";

  function read() {
    try {
      return JSON.parse(document.getElementById("layout")?.textContent || "{}") || {};
    } catch {
      return {};
    }
  }
  // The columns of this list in the order and size that were kept; columns that are new since stand where they belong
  function apply(layout) {
    const known = new Map(first.map((column) => [column.key, { ...column }]));
    const wanted = (layout.columns || []).filter((each) => known.has(each.key));
    if (!wanted.length) return [...known.values()];
    const rest = [...known.values()].filter((column) => !wanted.some((each) => each.key === column.key));
    const made = wanted.map((each) => {
      const column = known.get(each.key);
      const sized = each.width && each.width !== column.width;
      return { ...column, hidden: each.hidden, pinned: each.pinned, ...(sized ? { width: each.width, sized: true } : {}) };
    });
    for (const column of rest) made.splice(Math.min(first.findIndex((each) => each.key === column.key), made.length), 0, column);
    return made;
  }
  const shape = () => ({
    columns: data.columns.map((column) => ({
      key: column.key,
      width: column.sized ? Math.round(column.width) : null,
      hidden: Boolean(column.hidden),
      pinned: Boolean(column.pinned),
    })),
    sort: data.sort || "",
    group,
    row: Grid.row,
  });
  const changed = () => document.dispatchEvent(new CustomEvent("layout-changed", { detail: shape() }));

  Grid.on("begin", () => {
    data.columns = apply(kept);
    if (["low", "normal", "high"].includes(kept.row)) Grid.row = kept.row;
  });
  Grid.on("built", () => {
    Grid.table.on("columnResized", (column) => {
      const mine = data.columns.find((each) => each.key === column.getField());
      if (!mine) return;
      mine.width = column.getWidth();
      mine.sized = true;
      changed();
    });
    Grid.table.on("columnMoved", () => {
      const order = Grid.table.getColumns().map((column) => column.getField());
      data.columns.sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
      draw();
      changed();
    });
  });
  Grid.on("sorted", changed);

  function redraw() {
    Grid.drawn.clear();
    Grid.tell("wiped-cells");
    const top = Grid.holder().scrollTop;
    Grid.table.setColumns(GridColumns.make());
    Grid.holder().scrollTop = top;
    GridColumns.markAll();
    Grid.tell("rows");
  }

  function draw() {
    if (!place) return;
    place.replaceChildren(...data.columns.map(line));
    for (const button of dialog.querySelectorAll("[data-row]"))
      button.setAttribute("aria-pressed", String(button.dataset.row === Grid.row));
  }
  function line(column, index) {
    const { node } = GridColumns;
    const made = node("li");
    made.dataset.key = column.key;
    const label = node("label", "check");
    const box = node("input");
    box.type = "checkbox";
    box.checked = !column.hidden;
    box.dataset.show = "";
    label.append(box, node("span", "", column.label));
    const button = (name, sign, title, off) => {
      const made = node("button", "x", sign, title);
      made.type = "button";
      made.dataset[name] = "";
      made.disabled = off;
      made.setAttribute("aria-label", title);
      return made;
    };
    const pin = button("pin", "⇤", say("pin", { label: column.label }), false);
    pin.setAttribute("aria-pressed", String(Boolean(column.pinned)));
    const width = node("input", "width");
    width.type = "number";
    width.min = 44;
    width.max = 800;
    width.step = 10;
    width.value = Math.round(column.width);
    width.dataset.width = "";
    width.setAttribute("aria-label", say("width", { label: column.label }));
    made.append(
      label,
      width,
      pin,
      button("earlier", "↑", say("earlier", { label: column.label }), index === 0),
      button("later", "↓", say("later", { label: column.label }), index === data.columns.length - 1),
    );
    return made;
  }

  if (dialog) {
    dialog.addEventListener("opened", draw);
    dialog.addEventListener("change", (event) => {
      const column = data.columns.find((each) => each.key === event.target.closest("li")?.dataset.key);
      if (!column) return;
      if ("show" in event.target.dataset) show(column, event.target.checked);
      else if ("width" in event.target.dataset) size(column, Number(event.target.value));
    });
    dialog.addEventListener("click", (event) => {
      const on = (selector) => event.target.closest(selector);
      const column = data.columns.find((each) => each.key === on("li")?.dataset.key);
      if (on("[data-earlier]")) move(column, -1);
      else if (on("[data-later]")) move(column, 1);
      else if (on("[data-pin]")) pin(column);
      else if (on("[data-row]")) {
        Grid.resize(on("[data-row]").dataset.row);
        draw();
        changed();
      } else if (on("[data-columns-reset]")) {
        data.columns = first.map((each) => ({ ...each }));
        redraw();
        draw();
        changed();
      }
    });
  }
  function show(column, on) {
    column.hidden = !on;
    if (on) Grid.table.showColumn(column.key);
    else Grid.table.hideColumn(column.key);
    changed();
  }
  function size(column, width) {
    column.width = Math.max(44, Math.min(800, width || column.width));
    column.sized = true;
    redraw();
    changed();
  }
  function pin(column) {
    column.pinned = !column.pinned;
    redraw();
    draw();
    focus(column, "[data-pin]");
    changed();
  }
  function move(column, by) {
    const at = data.columns.indexOf(column);
    const to = at + by;
    if (to < 0 || to >= data.columns.length) return;
    data.columns.splice(at, 1);
    data.columns.splice(to, 0, column);
    redraw();
    draw();
    focus(column, by < 0 ? "[data-earlier]" : "[data-later]");
    dialog.querySelector("[data-columns-told]").textContent = say("moved", { label: column.label, n: to + 1 });
    changed();
  }
  // The button that was pressed keeps the focus, though the list was drawn anew
  function focus(column, selector) {
    const line = place.querySelector(`li[data-key="${column.key}"]`);
    const button = line.querySelector(selector);
    (button.disabled ? line.querySelector("button:not(:disabled):not([data-pin])") : button).focus();
  }
  return { show, shape, apply };
})();
