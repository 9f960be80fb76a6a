// What stands in each cell, built as nodes and text: what channels and people write is never read as markup.
"use strict";

const GridColumns = (() => {
  if (!Grid) return null;
  const { say, data } = Grid;

  function node(name, className, text, title) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    if (title) made.title = title;
    return made;
  }
  function several(...parts) {
    const made = document.createDocumentFragment();
    made.append(...parts.filter((part) => part !== ""));
    return made;
  }
  const dash = () => node("span", "mut", "–");
  const plain = (field, className = "") => (row) => (row[field] ? node("span", className, row[field], row[field]) : dash());

  function status(row) {
    const made = node("span", "marks");
    made.append(node("span", `st ${row.status}`, row.status_text));
    for (const [className, text, title, address] of row.badges) {
      const badge = node(address ? "a" : "span", className, text, title || text);
      if (address) badge.href = address;
      made.append(badge);
    }
    return made;
  }
  function bundle(row) {
    const link = node("a", "open mono", row.bundle);
    link.href = `${data.home}/orders/${row.order}`;
    link.tabIndex = -1;
    return link;
  }
  function product(row) {
    const made = node("span", "goods", "", `${row.product} ${row.option} ${row.more}`.trim());
    const name = node("span", "name", row.product);
    name.append(" ", node("span", "mut", row.option));
    made.append(name);
    if (row.more) made.append(node("b", "and", row.more));
    return made;
  }
  function due(row) {
    const [press, text] = row.due;
    return text && text !== "–" ? node("span", `due ${press}`, text) : dash();
  }
  function waybill(row) {
    const number = row.waybill ? node("span", "mono", row.waybill, row.waybill) : dash();
    if (row.mode !== "by_hand" || !row.by_hand) return number;
    const aside = node("span", "by-hand");
    if (row.outside) {
      const link = node("a", "", `${say("by_hand")} ↗`, row.by_hand);
      link.href = row.outside;
      link.rel = "noopener noreferrer";
      link.target = "_blank";
      aside.append(link);
    }
    aside.append(node("small", "", row.by_hand, row.by_hand));
    return several(number, aside);
  }
  function tick(row) {
    const label = node("label", "tick-one");
    const box = node("input");
    box.type = "checkbox";
    box.name = "ids";
    box.value = row.ids.join(",");
    box.tabIndex = -1;
    box.setAttribute("aria-label", say("tick", { bundle: `${row.bundle} ${row.product}` }));
    label.append(box);
    Grid.tell("tick", row, box);
    return label;
  }

  const draw = {
    tick,
    status,
    bundle,
    product,
    due,
    waybill,
    account: (row) => node("span", `ch ch-${row.channel}`, row.account, row.account),
    quantity: (row) => node("span", "mono", row.quantity),
    recipient: plain("recipient"),
    address: plain("address", "mut"),
    carrier: plain("carrier_text"),
    amount: plain("amount", "mono"),
    number: plain("number", "mono mut"),
    ordered: plain("ordered"),
    paid: plain("paid"),
    since: plain("since"),
    sku: plain("sku", "mono"),
    holds: plain("holds"),
    line: plain("line", "mono mut"),
  };
  // What a cell says as plain text: for copying, and to see whether it changed
  const text = {
    status: (row) => [row.status_text, ...row.badges.map((badge) => badge[1])].join(" "),
    product: (row) => [row.product, row.option, row.more].filter(Boolean).join(" "),
    due: (row) => row.due[1].replace("–", ""),
    carrier: (row) => row.carrier_text,
  };
  const tell = (key, row) => (text[key] ? text[key](row) : String(row[key] ?? ""));
  const from = {
    carrier: ["carrier", "carrier_text", "mode"],
    waybill: ["waybill", "mode", "by_hand", "outside"],
    account: ["account", "channel"],
    bundle: ["bundle", "order"],
    status: ["status", "badges"],
    product: ["product", "option", "more"],
  };
  const facts = (key, row) => JSON.stringify((from[key] || [key]).map((name) => row[name]));

  // A header: its name, and for what can be sorted a button that does
  function header(column) {
    return () => {
      const name = node("span", "head", column.label, column.label);
      if (!column.sort) return name;
      const button = node("button", "head sort", column.label);
      button.type = "button";
      button.dataset.sort = column.sort;
      mark(button, column);
      return button;
    };
  }
  function mark(button, column) {
    const up = data.sort === column.sort;
    const down = data.sort === `-${column.sort}`;
    button.dataset.way = up ? "up" : down ? "down" : "";
    button.title = say(up ? "sort_up" : down ? "sort_down" : "sort_by", { label: column.label });
    const cell = button.closest(".tabulator-col");
    if (cell) cell.setAttribute("aria-sort", up ? "ascending" : down ? "descending" : "none");
  }
  function markAll() {
    for (const button of Grid.home.querySelectorAll("button.sort"))
      mark(button, data.columns.find((each) => each.sort === button.dataset.sort));
  }

  function define(column) {
    const made = {
      field: column.key,
      title: column.label,
      visible: !column.hidden,
      frozen: Boolean(column.pinned),
      formatter: (cell) => draw[column.key](cell.getData()),
      titleFormatter: header(column),
      hozAlign: column.number ? "right" : "left",
      headerHozAlign: column.number ? "right" : "left",
      cssClass: `c-${column.key}`,
    };
    if (column.grow && !column.sized && !column.pinned) {
      made.widthGrow = column.grow;
      made.minWidth = column.width;
    } else made.width = column.width;
    return made;
  }
  function tickAll() {
    const label = node("label", "tick-all");
    const box = node("input");
    box.type = "checkbox";
    box.id = "all";
    box.setAttribute("aria-label", say("tick_all"));
    label.append(box);
    return label;
  }
  function make() {
    const first = {
      field: "tick",
      title: "",
      width: 44,
      minWidth: 44,
      frozen: true,
      resizable: false,
      formatter: (cell) => tick(cell.getData()),
      titleFormatter: tickAll,
      cssClass: "c-tick",
    };
    const shown = [...data.columns].sort((a, b) => Number(Boolean(b.pinned)) - Number(Boolean(a.pinned)));
    return [first, ...shown.map(define)];
  }

  Grid.on("built", markAll);
  Grid.home.addEventListener("click", async (event) => {
    const button = event.target.closest("button.sort");
    if (!button) return;
    const key = button.dataset.sort;
    const wish = data.sort === `-${key}` ? key : data.sort === key ? `-${key}` : firstWay(key);
    button.disabled = true;
    const done = await Grid.reload(wish);
    button.disabled = false;
    button.focus();
    if (!done) return;
    markAll();
    const address = new URL(window.location.href);
    address.searchParams.set("sort", wish);
    address.searchParams.delete("cursor");
    history.replaceState(history.state, "", address);
    Grid.tell("sorted", wish);
  });
  // Names and deadlines begin with the first, moments and amounts with the newest and greatest
  const firstWay = (key) => (["ordered", "paid", "status_since", "amount", "quantity"].includes(key) ? `-${key}` : key);
  return { make, draw, tell, facts, node, define, markAll };
})();
