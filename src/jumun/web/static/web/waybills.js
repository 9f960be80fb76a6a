// Waybill numbers typed in the grid: carriers and numbers in yellow cells, checked while they are typed, kept in this
// browser until they are saved, answered row by row. What was typed is kept by row, whether the row is drawn or not.
"use strict";

const Waybills = (() => {
  const carriers = document.getElementById("carriers");
  if (!Grid || !carriers) return null;
  const { rules, plain, digitHolds } = WaybillNumbers;
  const { list, home } = Grid;
  const KEPT_DAYS = 14;
  const MANY = 300; // drafts from which on the browser is written to only between keys
  const bar = () => document.getElementById("typing");
  const say = (name, values = {}) =>
    Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, value), bar()?.dataset[name] || "");
  const usual = () => localStorage.getItem("jumun-carrier") || "";
  const key = () => (bar() ? `jumun-waybills:${bar().dataset.draft}` : "");
  const typed = (row) => row.mode === "type" || row.mode === "correct";
  const rows = () => Grid.rows.filter((row) => typed(row) && !row.left);

  const edits = new Map(); // item → { c, n, was, at, strange }: typed and not saved
  const told = new Map(); // item → what the server said of what was typed: { className, text, title, kind }
  const cells = new Map(); // item → the drawn fields of its row

  // Only carrier and number are kept, of this person in this company, of this step
  function restore() {
    try {
      const found = JSON.parse(localStorage.getItem(key()) || "{}");
      const oldest = Date.now() - KEPT_DAYS * 86400000;
      for (const [item, draft] of Object.entries(found))
        if (draft.at > oldest) edits.set(Number(item), draft);
    } catch {
      edits.clear();
    }
  }
  function keep() {
    clearTimeout(keep.later);
    if (!key()) return;
    const drafts = [...edits].filter(([, edit]) => edit.dirty !== false);
    if (!drafts.length) localStorage.removeItem(key());
    else
      localStorage.setItem(
        key(),
        JSON.stringify(Object.fromEntries(drafts.map(([item, { c, n, was, at }]) => [item, { c, n, was, at }]))),
      );
  }
  window.addEventListener("pagehide", keep);

  const at = (row) => edits.get(row.item) || { c: row.carrier, n: row.waybill };
  function dirty(row, edit) {
    const text = plain(edit.n);
    if (text !== plain(row.waybill) || (edit.n.trim() && !text)) return true; // what is no number at all is not passed over
    return edit.c !== row.carrier && (text !== "" || Boolean(rules.get(edit.c)?.numberless));
  }
  function judge(row, edit, taken) {
    const text = plain(edit.n);
    const rule = rules.get(edit.c);
    if (edit.strange) return ["bad", say("strangeCarrier", { name: edit.strange })];
    if (!rule) return ["bad", say("noCarrier")];
    if (rule.numberless && !edit.n.trim()) return ["", ""];
    if (!text) return ["bad", say("noNumber")];
    if (rule.lengths.length && !rule.lengths.includes(text.length))
      return ["bad", say("wrongLength", { carrier: rule.label, lengths: rule.lengths.join("·"), n: text.length })];
    const other = taken.get(`${edit.c} ${text}`);
    if (other && other !== row) return ["bad", say("same", { bundle: other.bundle })];
    if (/^\d+$/.test(text) && !rule.checks.every((check) => digitHolds(text, check))) return ["doubt", say("wrongDigit")];
    return ["", ""];
  }

  // Every row is judged against the numbers above it; only what is drawn is touched
  function draw() {
    if (!bar()) return;
    let count = 0;
    let bad = 0;
    const taken = new Map();
    const here = new Set();
    for (const row of rows()) {
      const edit = edits.get(row.item);
      here.add(row.item);
      let judged = ["", ""];
      let changed = false;
      if (edit) {
        changed = edit.dirty = dirty(row, edit);
        if (changed) {
          judged = judge(row, edit, taken);
          count += 1;
          if (judged[0] === "bad" || told.get(row.item)?.kind === "bad") bad += 1;
          edit.was ??= row.waybill;
          edit.at ??= Date.now();
        }
      }
      if (cells.has(row.item)) paint(row, changed, judged);
      const now = edit || at(row);
      const text = now.n && plain(now.n);
      if (text && !taken.has(`${now.c} ${text}`)) taken.set(`${now.c} ${text}`, row);
    }
    const away = [...edits].filter(([item, edit]) => !here.has(item) && edit.dirty !== false).length;
    if (edits.size < MANY) keep();
    else {
      clearTimeout(keep.later);
      keep.later = setTimeout(keep, 250);
    }
    tell("typed", count + away, true);
    tell("away", away);
    tell("bad", bad);
    bar().hidden = count + away === 0;
    list.classList.toggle("typing", count + away > 0);
  }
  function tell(name, n, always = false) {
    const place = bar().querySelector(`[data-${name}]`);
    place.textContent = n || always ? place.dataset[name].replace("{n}", n.toLocaleString()) : "";
  }
  function paint(row, changed, [kind, text]) {
    const { number, carrier, verdict } = cells.get(row.item);
    const edit = at(row);
    if (number && number.value !== edit.n) number.value = edit.n;
    if (carrier && carrier.value !== edit.c) choose(carrier, edit.c);
    const element = (number || carrier)?.closest(".tabulator-row");
    if (element) element.toggleAttribute("data-dirty", changed);
    if (!number) return;
    number.classList.toggle("wrong", kind === "bad");
    number.classList.toggle("doubted", kind === "doubt");
    number.setAttribute("aria-invalid", String(kind === "bad"));
    const server = told.get(row.item); // the server's word stands until the row is typed in again
    verdict.className = server ? server.className : `verdict ${kind}`;
    verdict.textContent = server ? server.text : text;
    verdict.title = server ? server.title || server.text : text;
    if (document.activeElement === number) echo(verdict);
  }
  // The whole sentence of the cell one is in, for eyes and ears
  function echo(verdict) {
    const place = list.querySelector("[data-verdict-told]");
    if (place.textContent !== verdict.textContent) place.textContent = verdict.textContent;
  }

  // The fields. Every select offers every carrier, but only once somebody goes to it: many rows stay light
  function fieldsOf(row) {
    if (!cells.has(row.item)) cells.set(row.item, {});
    return cells.get(row.item);
  }
  function selectFor(row) {
    const made = document.createElement("select");
    made.className = "cell";
    made.dataset.carrier = "";
    made.tabIndex = -1;
    made.setAttribute("aria-label", Grid.say("carrier_of", { bundle: row.bundle }));
    made.append(new Option(row.carrier_text || Grid.say("choice"), row.carrier));
    choose(made, at(row).c);
    fieldsOf(row).carrier = made;
    return made;
  }
  function inputFor(row) {
    const made = document.createElement("input");
    made.className = "cell mono";
    made.dataset.number = "";
    made.value = at(row).n;
    made.maxLength = 60;
    made.inputMode = "numeric";
    made.autocomplete = "off";
    made.spellcheck = false;
    made.setAttribute("aria-label", Grid.say("number_of", { bundle: row.bundle }));
    const verdict = document.createElement("span");
    verdict.className = "verdict";
    verdict.id = `verdict-${row.item}`;
    made.setAttribute("aria-describedby", verdict.id);
    Object.assign(fieldsOf(row), { number: made, verdict });
    const both = document.createDocumentFragment();
    both.append(made, verdict);
    return both;
  }
  const { draw: columns } = GridColumns;
  const [readCarrier, readWaybill] = [columns.carrier, columns.waybill];
  columns.carrier = (row) => (typed(row) && bar() ? selectFor(row) : readCarrier(row));
  columns.waybill = (row) => (typed(row) && bar() ? inputFor(row) : readWaybill(row));

  function fill(select) {
    if (select.options.length > 1) return;
    const was = select.value;
    if (was) select.replaceChildren(carriers.content.cloneNode(true));
    else select.append(carriers.content.cloneNode(true));
    select.value = was;
  }
  function choose(select, chosen) {
    if (select.value === chosen) return;
    fill(select);
    select.value = chosen;
  }
  for (const kind of ["focusin", "pointerdown"])
    home.addEventListener(kind, (event) => {
      if (event.target.matches("select[data-carrier]")) fill(event.target);
    });

  function put(row, text, chosen) {
    const edit = { ...at(row) };
    delete edit.strange;
    told.delete(row.item);
    if (text !== null) edit.n = text.trim();
    if (chosen) edit.c = chosen;
    else if (edit.n && !edit.c && rules.has(usual())) edit.c = usual();
    edits.set(row.item, edit);
    return edit;
  }
  function takeBack(row) {
    edits.delete(row.item);
    told.delete(row.item);
  }
  const rowOf = (element) => Grid.byId.get(Number(element.closest(".tabulator-row")?.dataset.id));

  home.addEventListener("input", (event) => {
    if (!event.target.matches("[data-number], [data-carrier]")) return;
    const row = rowOf(event.target);
    if (!row) return;
    if (event.target.matches("[data-carrier]")) {
      put(row, null, event.target.value);
      if (event.target.value) localStorage.setItem("jumun-carrier", event.target.value);
    } else put(row, event.target.value, "");
    forgetNonce();
    draw();
  });
  home.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-number]")) echo(cells.get(rowOf(event.target)?.item)?.verdict || event.target);
  });

  // Enter, arrows and Tab go from number to number; Esc takes back what was typed into a cell
  function goTo(row) {
    Grid.reveal(Grid.placeOf(row.id));
    const land = () => {
      const field = cells.get(row.item)?.number;
      if (!field?.isConnected) return false;
      field.focus({ preventScroll: true });
      field.select();
      return true;
    };
    if (!land()) requestAnimationFrame(() => land() || requestAnimationFrame(land));
  }
  home.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || !event.target.matches("[data-number], [data-carrier]")) return;
    const row = rowOf(event.target);
    const isNumber = event.target.matches("[data-number]");
    if (event.key === "Escape") {
      event.preventDefault();
      if (edits.has(row.item)) {
        takeBack(row);
        forgetNonce();
        draw();
        if (isNumber) event.target.select();
      } else home.focus({ preventScroll: true });
      return;
    }
    if (!isNumber) return;
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1, Tab: event.shiftKey ? 0 : 1 }[event.key];
    if (!step) return;
    const all = rows();
    const next = all[all.indexOf(row) + step];
    if (next || event.key !== "Tab") event.preventDefault();
    if (next) goTo(next);
    if (step > 0 && all.indexOf(row) > all.length - 20) Grid.more();
  });

  function forgetNonce() {
    const field = bar()?.elements.nonce;
    if (field) field.value = [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16)).join("-");
  }
  list.addEventListener("click", (event) => {
    if (!event.target.closest("[data-forget]")) return;
    edits.clear();
    told.clear();
    forgetNonce();
    draw();
  });

  // What changed is sent, rows that are not loaded too
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (event.target.id !== "typing") return;
    draw();
    const form = new FormData();
    const check = event.detail.parameters.check ?? event.detail.parameters.get?.("check");
    form.append("nonce", check ? "" : bar().elements.nonce.value);
    if (check) form.append("check", "1");
    const order = [...new Set([...rows().map((row) => row.item), ...edits.keys()])];
    for (const item of order) {
      const edit = edits.get(item);
      if (!edit || edit.dirty === false) continue;
      form.append("item", item);
      form.append("carrier", edit.c);
      form.append("number", edit.n);
      form.append("was", edit.was ?? "");
    }
    event.detail.parameters = form;
  });
  // The server's word for each row goes to where the row stands; rows that are not loaded are in the notice
  function settle() {
    const byItem = new Map(Grid.rows.map((row) => [row.item, row]));
    for (const box of document.querySelectorAll("#notices .verdicts")) {
      for (const each of box.children)
        told.set(Number(each.dataset.of), {
          className: each.className,
          text: each.textContent.trim(),
          title: each.title,
          kind: each.dataset.verdict,
        });
      box.remove();
    }
    const answer = document.querySelector("#notices [data-saved]");
    if (answer) {
      for (const item of answer.dataset.saved.split(",").map(Number)) {
        const row = byItem.get(item);
        const edit = edits.get(item);
        if (row && edit) {
          row.waybill = edit.n;
          row.carrier = edit.c;
          row.carrier_text = rules.get(edit.c)?.label || edit.c;
        }
        edits.delete(item);
      }
      delete answer.dataset.saved;
      forgetNonce();
    }
    draw();
  }
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id === "notices") settle();
  });

  Grid.on("begin", () => bar() && restore());
  Grid.on("rows", draw);
  Grid.on("row", (row) => {
    if (edits.has(row.item) || told.has(row.item)) soon();
  });
  // Rows that are drawn while one scrolls are painted together
  function soon() {
    if (soon.asked) return;
    soon.asked = requestAnimationFrame(() => {
      soon.asked = 0;
      draw();
    });
  }
  Grid.on("wiped", () => cells.clear());
  Grid.on("wiped-cells", () => cells.clear());
  Grid.on("gone", () => {
    for (const item of [...cells.keys()]) if (!cells.get(item).number?.isConnected && !cells.get(item).carrier?.isConnected) cells.delete(item);
  });
  // What a cell shows while it is typed in, for copying
  function shown(name, row) {
    if (!typed(row) || !edits.has(row.item)) return null;
    if (name === "waybill") return at(row).n;
    return name === "carrier" ? rules.get(at(row).c)?.label || "" : null;
  }
  const busy = (row) => {
    const fields = cells.get(row.item);
    return Boolean(edits.get(row.item)?.dirty || (fields && [fields.number, fields.carrier].includes(document.activeElement)));
  };
  const pending = () => [...edits.values()].some((edit) => edit.dirty !== false);
  return { rows, at, put, draw, say, usual, goTo, forgetNonce, shown, busy, pending, cells, rowOf, edits };
})();
