// The grid's heart: its rows, the table that shows those in view, and the loader that brings the next ones.
// Other files hang themselves in: Grid.on("built" | "row" | "rows" | "gone" | "key", …). Words come with the page.
"use strict";

const Grid = (() => {
  const script = document.getElementById("grid-data");
  const home = document.getElementById("rows");
  if (!script || !home) return null;
  const data = JSON.parse(script.textContent);
  const list = document.getElementById("list");
  const HEIGHTS = { low: 28, normal: 34, high: 40 };
  const AHEAD = 1200; // px below the view from which on the next page is fetched
  const heard = new Map();
  const part = (selector) => list.querySelector(selector);

  const grid = {
    home,
    list,
    data,
    rows: data.rows,
    byId: new Map(data.rows.map((row) => [row.id, row])),
    drawn: new Map(),
    next: data.next,
    table: null,
    row: HEIGHTS[data.row] ? data.row : "normal",
    on(what, act) {
      heard.set(what, [...(heard.get(what) || []), act]);
    },
    tell(what, ...given) {
      for (const act of heard.get(what) || []) act(...given);
    },
    say(name, values = {}) {
      return Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, value), data.words[name]);
    },
    part,
  };

  grid.height = () => HEIGHTS[grid.row];
  grid.holder = () => home.querySelector(".tabulator-tableholder");
  grid.address = (more = {}) => {
    const query = new URLSearchParams(data.query);
    if (data.sort) query.set("sort", data.sort);
    for (const [name, value] of Object.entries(more)) query.set(name, value);
    return `${data.home}/rows?${query}`;
  };

  // One fetch of rows; what goes wrong is a sentence with "다시 시도", and the rows that are shown stay
  grid.fetch = async (more, { quiet = false } = {}) => {
    const headers = { Accept: "application/json", ...(quiet ? { "X-Quiet": "1" } : {}) };
    let answer;
    try {
      answer = await fetch(grid.address(more), { headers });
    } catch {
      return { failed: grid.say("offline") };
    }
    try {
      const told = await answer.json();
      return answer.ok ? told : { failed: told.problem || grid.say("failed"), code: told.code };
    } catch {
      return { failed: grid.say("failed") };
    }
  };
  grid.trouble = (text) => {
    part("#trouble").hidden = !text;
    part("#trouble [data-text]").textContent = text;
  };

  let loading = null;
  grid.more = () => {
    if (!grid.next || loading) return loading || Promise.resolve(false);
    loading = (async () => {
      const at = grid.next;
      const told = await grid.fetch({ cursor: at });
      loading = null;
      if (told.failed) {
        grid.trouble(told.failed);
        return false;
      }
      if (at !== grid.next) return false; // meanwhile all rows came anew, in another order
      grid.trouble("");
      grid.next = told.next_cursor;
      await grid.add(told.rows);
      return true;
    })();
    return loading;
  };
  grid.add = async (rows) => {
    const fresh = rows.filter((row) => !grid.byId.has(row.id));
    for (const row of fresh) {
      grid.byId.set(row.id, row);
      grid.rows.push(row);
    }
    if (fresh.length) await append(fresh); // of nothing, its promise never comes true
    grid.tell("rows");
    grid.status();
    fill();
  };

  // Rows that are added or go beside a view at the end leave Tabulator's idea of the height wrong: it is made to measure
  // anew where it stands, and the field one types in keeps the focus
  async function append(rows) {
    const { scrollTop, clientHeight, scrollHeight } = grid.holder();
    await grid.table.addData(rows);
    if (scrollTop + clientHeight > scrollHeight - 2 * AHEAD) measure(scrollTop);
  }
  function measure(top) {
    const holder = grid.holder();
    const { scrollLeft } = holder;
    const field = home.contains(document.activeElement) ? document.activeElement : null;
    const caret = field && "selectionStart" in field ? [field.selectionStart, field.selectionEnd] : null;
    grid.table.redraw(true);
    holder.scrollTop = top;
    holder.scrollLeft = scrollLeft;
    if (!field || document.activeElement === field || !field.isConnected) return;
    field.focus({ preventScroll: true });
    if (caret && caret[0] !== null) field.setSelectionRange(...caret);
  }

  // All rows anew from the first page: another order, or new ones that are to be seen
  grid.reload = async (sort = data.sort) => {
    const before = data.sort;
    data.sort = sort;
    const told = await grid.fetch();
    if (told.failed) {
      data.sort = before;
      grid.trouble(told.failed);
      return false;
    }
    grid.trouble("");
    data.total = told.total;
    data.asOf = told.as_of;
    grid.next = told.next_cursor;
    grid.rows = told.rows;
    grid.byId = new Map(told.rows.map((row) => [row.id, row]));
    grid.drawn.clear();
    grid.tell("wiped");
    await grid.table.setData([...told.rows]);
    grid.holder().scrollTop = 0;
    grid.tell("rows");
    grid.status();
    return true;
  };
  grid.remove = async (ids) => {
    const holder = grid.holder();
    const above = Math.floor(holder.scrollTop / grid.height());
    const lost = ids.filter((id) => grid.byId.has(id));
    if (!lost.length) return;
    const out = new Set(lost);
    const before = grid.rows.slice(0, above).filter((row) => out.has(row.id)).length;
    const top = holder.scrollTop - before * grid.height();
    grid.rows = grid.rows.filter((row) => !out.has(row.id));
    for (const id of lost) {
      grid.byId.delete(id);
      grid.drawn.delete(id);
    }
    grid.tell("gone", lost);
    await grid.table.deleteRow(lost);
    for (const id of lost) grid.drawn.delete(id); // drawn once more while others went
    if (grid.rows.length) measure(top);
    grid.tell("rows");
    grid.status();
    fill();
  };

  // What stands under the rows and where there are none
  grid.status = () => {
    part("[data-total]").textContent = grid.say("count", { n: data.total });
    const tab = document.querySelector("#views .view.on em");
    if (tab) tab.textContent = data.total;
    part("#more").hidden = !grid.next;
    part("[data-loaded]").textContent = grid.say("loaded", { n: grid.rows.length.toLocaleString() });
    part("#empty").hidden = grid.rows.length > 0 || Boolean(grid.next);
    home.setAttribute("aria-rowcount", String(grid.next ? -1 : grid.rows.length + 1));
  };
  function fill() {
    const holder = grid.holder();
    if (!holder || !grid.next) return;
    if (grid.rows.length * grid.height() - holder.scrollTop - holder.clientHeight < AHEAD && part("#trouble").hidden)
      grid.more();
  }

  // Where a row is, and bringing it into view without moving more than is needed
  grid.placeOf = (id) => grid.rows.findIndex((row) => row.id === id);
  grid.reveal = (place) => {
    const holder = grid.holder();
    const top = place * grid.height();
    if (top < holder.scrollTop) holder.scrollTop = top;
    else if (top + grid.height() > holder.scrollTop + holder.clientHeight - grid.floor())
      holder.scrollTop = top + grid.height() - holder.clientHeight + grid.floor();
  };
  // The focus on a header out of view moves the headers alone: the rows go with them
  function follow(heads) {
    const holder = grid.holder();
    heads.addEventListener("scroll", () => {
      if (heads.scrollLeft !== holder.scrollLeft) holder.scrollLeft = heads.scrollLeft;
    });
  }
  // The bar that floats over the last rows
  grid.floor = () => (list.matches(".choosing, .typing") ? 72 : 0);
  grid.open = (row) => window.location.assign(`${data.home}/orders/${row.order}`);

  function draw(row) {
    const each = row.getData();
    if (!grid.byId.has(each.id)) return;
    const element = row.getElement();
    element.dataset.id = each.id;
    element.dataset.item = each.item;
    element.dataset.bundle = each.bundle;
    if (each.mode) element.dataset.mode = each.mode;
    grid.drawn.set(each.id, row);
    grid.tell("row", each, element);
  }
  grid.dress = () => {
    const holder = grid.holder();
    home.tabIndex = 0;
    home.setAttribute("aria-label", grid.say("grid"));
    home.setAttribute("aria-multiselectable", "true");
    holder.tabIndex = -1; // the grid itself takes the keys
    home.removeAttribute("aria-owns");
    holder.setAttribute("role", "rowgroup");
    holder.querySelector(".tabulator-table").setAttribute("role", "presentation");
  };
  grid.resize = (row) => {
    grid.row = row;
    part(".pane").className = `pane row-${row}`;
    if (!grid.table) return;
    grid.table.options.rowHeight = grid.height() - 1; // and a line under it
    grid.table.redraw(true);
  };

  document.addEventListener("DOMContentLoaded", () => {
    grid.tell("begin");
    part(".pane").className = `pane row-${grid.row}`;
    grid.table = new Tabulator(home, {
      data: [...grid.rows],
      index: "id",
      height: "100%",
      layout: "fitColumns",
      rowHeight: grid.height() - 1,
      columns: GridColumns.make(),
      columnDefaults: { headerSort: false, resizable: "header", minWidth: 44 },
      movableColumns: true,
      renderVerticalBuffer: 400,
      selectableRows: false,
      placeholder: false,
      rowFormatter: draw,
      dataLoader: false,
      keybindings: false,
      autoResize: true,
    });
    grid.table.on("tableBuilt", () => {
      grid.dress();
      grid.holder().addEventListener("scroll", fill, { passive: true });
      follow(home.querySelector(".tabulator-header-contents"));
      list.dataset.built = "";
      grid.tell("built");
      grid.tell("rows");
      grid.status();
      if (data.trouble) grid.trouble(data.trouble);
      fill();
    });
  });
  list.addEventListener("click", (event) => {
    if (event.target.closest("[data-more]")) grid.more();
    else if (event.target.closest("[data-retry]")) {
      grid.trouble("");
      if (grid.rows.length) grid.more();
      else grid.reload();
    }
  });
  return grid;
})();
