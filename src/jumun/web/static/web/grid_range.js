// Moving about in the grid by keys, and choosing a rectangle of cells to copy as a sheet's text. The focus stays on the
// grid itself, which says which cell is meant: rows may come, change and go without ever losing it.
"use strict";

const GridRange = (() => {
  if (!Grid) return null;
  const { home, list, say } = Grid;
  let here = null; // { id, key }: the cell that is meant
  let from = null; // where the rectangle began
  let dragging = false;
  const quiet = (event) => event.isComposing || event.keyCode === 229;
  const keys = () => Grid.table.getColumns().filter((column) => column.isVisible()).map((column) => column.getField());
  const cellOf = (id, key) => {
    const row = Grid.drawn.get(id);
    const cell = row && row.getCell(key);
    return cell ? cell.getElement() : null;
  };
  const idOf = (element) => Number(element.closest(".tabulator-row").dataset.id);
  const keyOf = (element) => element.getAttribute("tabulator-field");

  function corners() {
    if (!here) return null;
    const columns = keys();
    const start = from || here;
    const [top, bottom] = [Grid.placeOf(start.id), Grid.placeOf(here.id)].sort((a, b) => a - b);
    const [left, right] = [columns.indexOf(start.key), columns.indexOf(here.key)].sort((a, b) => a - b);
    if (top < 0 || left < 0) return null;
    return { top, bottom, columns: columns.slice(left, right + 1).filter((key) => key !== "tick") };
  }

  let painted = [];
  function paint() {
    for (const element of painted) {
      element.classList.remove("here", "in-range");
      element.removeAttribute("id");
    }
    painted = [];
    home.removeAttribute("aria-activedescendant");
    const range = corners();
    if (!range) return;
    const put = (element, name) => {
      if (!element) return;
      element.classList.add(name);
      painted.push(element);
    };
    if (from)
      for (const row of Grid.rows.slice(range.top, range.bottom + 1))
        if (Grid.drawn.has(row.id)) for (const key of range.columns) put(cellOf(row.id, key), "in-range");
    const cell = cellOf(here.id, here.key);
    put(cell, "here");
    put(cell?.closest(".tabulator-row"), "here");
    if (!cell) return;
    cell.id = "cell-here";
    home.setAttribute("aria-activedescendant", "cell-here");
  }
  Grid.on("row", (row) => {
    if (here && (from || here.id === row.id)) requestAnimationFrame(paint);
  });
  Grid.on("gone", (ids) => {
    if (!here || !ids.includes(here.id)) return;
    from = null;
    const next = Grid.rows[Math.min(place, Grid.rows.length - 1)];
    here = next ? { id: next.id, key: here.key } : null;
    paint();
  });
  Grid.on("wiped", () => {
    here = from = null;
    painted = [];
  });

  let place = 0; // of the cell that is meant, for when its row goes
  function go(row, column, { span = false } = {}) {
    const columns = keys();
    place = Math.max(0, Math.min(Grid.rows.length - 1, row));
    if (!Grid.rows.length) return;
    const key = columns[Math.max(0, Math.min(columns.length - 1, column))];
    if (span) from ||= here;
    else from = null;
    here = { id: Grid.rows[place].id, key };
    Grid.reveal(place);
    if (Grid.drawn.has(here.id)) {
      beside();
      paint();
    } else requestAnimationFrame(() => requestAnimationFrame(paint));
    if (place > Grid.rows.length - 20) Grid.more();
  }
  // Columns that lie beyond the edge come into view; pinned ones are there already
  function beside() {
    const cell = cellOf(here.id, here.key);
    if (!cell || cell.classList.contains("tabulator-frozen")) return;
    const holder = Grid.holder();
    const frozen = [...home.querySelectorAll(".tabulator-header .tabulator-frozen")].reduce((sum, each) => sum + each.offsetWidth, 0);
    const left = cell.offsetLeft - frozen;
    if (left < holder.scrollLeft) holder.scrollLeft = left;
    const right = cell.offsetLeft + cell.offsetWidth - holder.clientWidth;
    if (right > holder.scrollLeft) holder.scrollLeft = right;
  }
  const now = () => (here ? [Grid.placeOf(here.id), keys().indexOf(here.key)] : [-1, 1]);
  const row = () => (here ? Grid.byId.get(here.id) : null);

  function step(event) {
    const [at, column] = now();
    const page = Math.max(1, Math.floor(Grid.holder().clientHeight / Grid.height()) - 1);
    const whole = event.ctrlKey || event.metaKey;
    const span = event.shiftKey;
    const to = {
      ArrowDown: [whole ? Grid.rows.length - 1 : at + 1, column],
      ArrowUp: [whole ? 0 : Math.max(0, at - 1), column],
      ArrowLeft: [at, whole ? 0 : column - 1],
      ArrowRight: [at, whole ? Infinity : column + 1],
      PageDown: [at + page, column],
      PageUp: [at - page, column],
      Home: [whole ? 0 : at, 0],
      End: [whole ? Grid.rows.length - 1 : at, Infinity],
    }[event.key];
    if (!to) return false;
    event.preventDefault();
    go(Math.max(0, to[0]), to[1], { span });
    return true;
  }
  function editor(element) {
    return element?.querySelector("input.cell, select.cell") || null;
  }
  function edit(first = false) {
    if (!here) return false;
    const field =
      (!first && editor(cellOf(here.id, here.key))) || editor(cellOf(here.id, "waybill"));
    if (!field) return false;
    field.focus();
    if (field.select) field.select();
    return true;
  }

  home.addEventListener("keydown", (event) => {
    if (quiet(event) || event.defaultPrevented) return;
    const box = event.target.matches("input[name=ids]");
    if (event.target !== home && !box) return;
    if (box) {
      here = { id: idOf(event.target), key: "tick" };
      if (/^Arrow|Enter/.test(event.key)) home.focus();
      else return;
    }
    if (step(event)) return;
    if (event.key === " " && row()) {
      event.preventDefault();
      GridSelect.toggle(row(), { span: event.shiftKey });
    } else if (event.key === "Enter" && row()) {
      event.preventDefault();
      if (!(editor(cellOf(here.id, here.key)) && edit())) Grid.open(row());
    } else if (event.key === "F2" && edit()) event.preventDefault();
    else if (event.key === "Escape" && from) {
      event.preventDefault();
      from = null;
      paint();
    } else if (event.key === "a" && (event.ctrlKey || event.metaKey) && Grid.rows.length) {
      event.preventDefault();
      from = { id: Grid.rows[0].id, key: keys()[1] };
      here = { id: Grid.rows.at(-1).id, key: keys().at(-1) };
      paint();
    } else if (/^[0-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (here?.key === "waybill") edit(); // and the digit goes into the cell
    }
  });
  home.addEventListener("focus", () => {
    if (!here && Grid.rows.length) go(Math.floor(Grid.holder().scrollTop / Grid.height()), 1);
  });

  // Pressing on a cell means it; dragging or Shift makes a rectangle
  const inert = "a, button, input, select, label, .tabulator-col-resize-handle, .c-tick";
  home.addEventListener("mousedown", (event) => {
    const cell = event.target.closest(".tabulator-cell");
    if (!cell || event.button !== 0 || event.target.closest(inert)) return;
    const target = { id: idOf(cell), key: keyOf(cell) };
    from = event.shiftKey && here ? from || here : null;
    here = target;
    place = Grid.placeOf(here.id);
    dragging = true;
    event.preventDefault();
    home.focus({ preventScroll: true });
    paint();
  });
  home.addEventListener("mouseover", (event) => {
    const cell = dragging && event.target.closest(".tabulator-cell");
    if (!cell) return;
    const target = { id: idOf(cell), key: keyOf(cell) };
    if (target.id === here.id && target.key === here.key) return;
    from ||= here;
    here = target;
    paint();
  });
  document.addEventListener("mouseup", () => (dragging = false));
  home.addEventListener("dblclick", (event) => {
    const cell = event.target.closest(".tabulator-cell");
    if (cell && !event.target.closest(inert) && row() && !editor(cell)) Grid.open(row());
  });

  // What is copied is what is shown: masked names and addresses stay masked
  const clean = (text) => (/[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  function copied() {
    const range = corners();
    if (!range || !range.columns.length) return null;
    const rows = Grid.rows.slice(range.top, range.bottom + 1);
    const shown = (key, each) => Waybills?.shown(key, each) ?? GridColumns.tell(key, each);
    return {
      n: rows.length * range.columns.length,
      text: rows.map((each) => range.columns.map((key) => clean(shown(key, each))).join("\t")).join("\n"),
    };
  }
  document.addEventListener("copy", (event) => {
    if (document.activeElement !== home || String(window.getSelection())) return;
    const range = copied();
    if (!range) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", range.text);
    list.querySelector("[data-verdict-told]").textContent = say("copied", { n: range.n.toLocaleString() });
    for (const element of painted) element.classList.add("copied");
    setTimeout(() => home.querySelectorAll(".copied").forEach((each) => each.classList.remove("copied")), 200);
  });

  // The keys of the page (keys.js): J, K, X, Enter, E
  document.addEventListener("desk-key", (event) => {
    if (document.querySelector("dialog[open]") || !Grid.rows.length) return;
    const [at, column] = now();
    const acts = {
      next: () => go(at + 1, Math.max(1, column)),
      previous: () => go(Math.max(0, at - 1), Math.max(1, column)),
      tick: () => row() && GridSelect.toggle(row()),
      open: () => row() && Grid.open(row()),
      edit: () => (row() || go(0, 1), edit(true)),
    };
    const act = acts[event.detail.key];
    if (!act) return;
    const done = act();
    if (event.detail.key !== "edit" && document.activeElement === document.body) home.focus({ preventScroll: true });
    if (done !== false) event.preventDefault();
  });
  return { go, paint, cellOf, copied, here: () => here };
})();
