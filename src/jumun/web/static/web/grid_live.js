// What others change appears by itself, in place: rows in view first. Nothing that is read or typed moves; new rows are
// announced by a quiet button.
"use strict";

(() => {
  if (!Grid) return;
  const { list, home, say, data } = Grid;
  const SLICE = 200; // ids one request may ask for
  const SOFT = 700; // ms a row that left fades
  let running = false;
  let again = false;
  let welcome = false; // what the person's own undo brought back is shown at once

  document.body.addEventListener("items-changed", refresh);
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && /\/undo$/.test(event.detail.pathInfo?.requestPath || "")) welcome = true;
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && again) refresh();
  });

  async function refresh() {
    if (!Grid.table || running || document.hidden) {
      again = true;
      return;
    }
    running = true;
    again = false;
    try {
      await lookAgain();
    } finally {
      running = false;
      if (again) setTimeout(refresh, 500);
    }
  }

  async function lookAgain() {
    const lost = [];
    for (const slice of slices()) {
      const told = await Grid.fetch({ ids: slice.map((row) => row.item).join(",") }, { quiet: true });
      if (told.failed) {
        Grid.trouble(told.failed);
        return;
      }
      data.total = told.total;
      const found = new Map(told.rows.map((row) => [row.id, row]));
      for (const row of slice) {
        const fresh = found.get(row.id);
        if (fresh) change(row, fresh);
        else lost.push(row);
      }
    }
    Grid.trouble("");
    leave(lost);
    Grid.status();
    await announce();
  }
  // Rows in view first, then the others, as many as one request takes
  function slices() {
    const top = Math.floor(Grid.holder().scrollTop / Grid.height());
    const rows = [...Grid.rows.slice(top, top + SLICE), ...Grid.rows.slice(0, top), ...Grid.rows.slice(top + SLICE)];
    const made = [];
    for (let start = 0; start < Math.min(rows.length, 20 * SLICE); start += SLICE) made.push(rows.slice(start, start + SLICE));
    return made;
  }

  function change(row, fresh) {
    const keys = data.columns.map((column) => column.key).filter((key) => GridColumns.facts(key, row) !== GridColumns.facts(key, fresh));
    const typing = typeof Waybills !== "undefined" && Waybills?.busy(row);
    const back = row.left;
    const tick = row.ids.join() !== fresh.ids.join();
    Object.assign(row, fresh, { left: false });
    if (tick && GridSelect.has(row.id)) GridSelect.chosen.set(row.id, row.ids);
    const drawn = Grid.drawn.get(row.id);
    if (!drawn) return;
    if (back) drawn.getElement().classList.remove("left");
    drawn.getElement().dataset.mode = row.mode || "";
    for (const key of keys) {
      if (typing && (key === "carrier" || key === "waybill")) continue;
      const cell = drawn.getCell(key)?.getElement();
      if (!cell) continue;
      cell.replaceChildren(...made(key, row));
      flash(cell);
    }
  }
  function made(key, row) {
    const content = GridColumns.draw[key](row);
    return content instanceof DocumentFragment ? [...content.childNodes] : [content];
  }
  function flash(cell) {
    cell.classList.add("fresh");
    setTimeout(() => cell.classList.remove("fresh"), 900);
  }

  // Rows that left the filter fade and go; while something is typed they only fade, so that nothing moves under the hand
  function leave(lost) {
    for (const row of lost) {
      row.left = true;
      Grid.drawn.get(row.id)?.getElement().classList.add("left");
      GridSelect.chosen.delete(row.id);
    }
    Grid.tell("rows");
    sweep();
  }
  function sweep() {
    clearTimeout(sweep.later);
    const left = Grid.rows.filter((row) => row.left);
    if (!left.length) return;
    sweep.later = setTimeout(() => {
      if (typeof Waybills !== "undefined" && Waybills?.pending()) return;
      Grid.remove(Grid.rows.filter((row) => row.left).map((row) => row.id));
    }, SOFT);
  }
  Grid.on("row", (row, element) => element.classList.toggle("left", Boolean(row.left)));

  // New rows that stand before or among those that are known
  async function announce() {
    const told = await Grid.fetch({}, { quiet: true });
    if (told.failed) return;
    data.total = told.total;
    Grid.status();
    const known = told.rows.map((row) => Grid.byId.has(row.id));
    const last = Grid.next ? known.lastIndexOf(true) : known.length - 1;
    const n = known.slice(0, last + 1).filter((each) => !each).length;
    const nothing = Grid.rows.every((row) => row.left);
    const unread = !Grid.rows.length || nothing;
    if (n && (welcome || unread)) {
      welcome = false;
      await show();
      return;
    }
    welcome = false;
    const button = list.querySelector("[data-fresh]");
    button.textContent = say("fresh", { n });
    list.querySelector("#fresh").hidden = n === 0;
  }
  async function show() {
    if (!(await Grid.reload())) return;
    list.querySelector("#fresh").hidden = true; // afterwards: a look that was under way may have announced them again
  }
  list.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-fresh]")) return;
    await show();
    home.focus({ preventScroll: true });
  });
  Grid.on("rows", () => {
    if (Grid.rows.some((row) => row.left)) sweep();
  });
})();
