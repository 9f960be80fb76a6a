// The waybill grid: carriers and numbers typed into yellow cells, filled down, pasted from a sheet, checked while they
// are typed, kept in this browser until they are saved, answered row by row.
"use strict";

(() => {
  const { rules, names, fold, plain, digitHolds, read } = WaybillNumbers;
  const list = document.getElementById("list");
  const carriers = document.getElementById("carriers");
  if (!list || !carriers) return;
  const KEPT_DAYS = 14;
  const SHOWN_UNUSED = 20;
  const bar = () => document.getElementById("typing");
  const say = (name, values = {}) =>
    Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, value), bar()?.dataset[name] || "");
  const rows = () => [...list.querySelectorAll("tr[data-mode=type], tr[data-mode=correct]")];
  const number = (row) => row.querySelector("[data-number]");
  const carrier = (row) => row.querySelector("[data-carrier]");
  const usual = () => localStorage.getItem("jumun-carrier") || "";

  // What was typed and not saved, by item: only carrier and number, of this person in this company, of this step
  const key = () => (bar() ? `jumun-waybills:${bar().dataset.draft}` : "");
  function readDrafts() {
    try {
      const found = JSON.parse(localStorage.getItem(key()) || "{}");
      const oldest = Date.now() - KEPT_DAYS * 86400000;
      return new Map(Object.entries(found).filter(([, draft]) => draft.at > oldest));
    } catch {
      return new Map();
    }
  }
  function writeDrafts() {
    if (!key()) return;
    if (drafts.size) localStorage.setItem(key(), JSON.stringify(Object.fromEntries(drafts)));
    else localStorage.removeItem(key());
  }
  let drafts = readDrafts();

  const dirty = (row) => {
    const text = plain(number(row).value);
    const moved = carrier(row).value !== carrier(row).dataset.was;
    if (text !== plain(number(row).dataset.was)) return true;
    return moved && (text !== "" || Boolean(rules.get(carrier(row).value)?.numberless));
  };

  function judge(row, taken) {
    const text = plain(number(row).value);
    const chosen = carrier(row).value;
    const rule = rules.get(chosen);
    if (row.dataset.strange) return ["bad", say("strangeCarrier", { name: row.dataset.strange })];
    if (!rule) return ["bad", say("noCarrier")];
    if (rule.numberless && !text) return ["", ""];
    if (!text) return ["bad", say("noNumber")];
    if (rule.lengths.length && !rule.lengths.includes(text.length))
      return [
        "bad",
        say("wrongLength", { carrier: rule.label, lengths: rule.lengths.join("·"), n: text.length }),
      ];
    const other = taken.get(`${chosen} ${text}`);
    if (other && other !== row) return ["bad", say("same", { bundle: other.dataset.bundle })];
    if (/^\d+$/.test(text) && !rule.checks.every((check) => digitHolds(text, check)))
      return ["doubt", say("wrongDigit")];
    return ["", ""];
  }

  function show(row, [kind, text]) {
    const place = row.querySelector(".verdict");
    number(row).classList.toggle("wrong", kind === "bad");
    number(row).classList.toggle("doubted", kind === "doubt");
    number(row).setAttribute("aria-invalid", String(kind === "bad"));
    if (place.dataset.verdict) return; // the server's word stands until the row is typed in again
    place.className = `verdict ${kind}`;
    place.textContent = place.title = text;
  }

  function draw() {
    const form = bar();
    if (!form) return;
    let count = 0;
    let bad = 0;
    const taken = new Map();
    const here = new Set();
    for (const row of rows()) {
      const item = row.dataset.item;
      here.add(item);
      const changed = dirty(row);
      row.toggleAttribute("data-dirty", changed);
      if (changed) {
        const judged = judge(row, taken);
        show(row, judged);
        count += 1;
        if (judged[0] === "bad" || row.querySelector(".verdict").dataset.verdict === "bad") bad += 1;
        drafts.set(item, {
          c: carrier(row).value,
          n: number(row).value,
          was: drafts.get(item)?.was ?? number(row).dataset.was,
          at: drafts.get(item)?.at ?? Date.now(),
        });
      } else {
        drafts.delete(item);
        if (!row.querySelector(".verdict").dataset.verdict) show(row, ["", ""]);
        else number(row).classList.remove("wrong", "doubted");
      }
      const text = plain(number(row).value);
      if (text && !taken.has(`${carrier(row).value} ${text}`)) taken.set(`${carrier(row).value} ${text}`, row);
    }
    const away = [...drafts.keys()].filter((item) => !here.has(item)).length;
    writeDrafts();
    tell("typed", count + away, true);
    tell("away", away);
    tell("bad", bad);
    form.hidden = count + away === 0;
    list.classList.toggle("typing", count + away > 0);
  }
  function tell(name, n, always = false) {
    const place = bar().querySelector(`[data-${name}]`);
    place.textContent = n || always ? place.dataset[name].replace("{n}", n) : "";
  }

  function restore() {
    for (const row of rows()) {
      const draft = drafts.get(row.dataset.item);
      if (!draft) continue;
      put(row, draft.n, draft.c);
    }
  }

  // Every cell offers every carrier, but only once somebody goes to it: hundreds of rows stay light
  function fill(select) {
    if (select.options.length > 1) return;
    const was = select.value;
    if (was) select.replaceChildren(carriers.content.cloneNode(true));
    else select.append(carriers.content.cloneNode(true));
    select.value = was;
  }
  for (const kind of ["focusin", "pointerdown"])
    list.addEventListener(kind, (event) => {
      if (event.target.matches("select[data-carrier]")) fill(event.target);
    });
  function choose(row, chosen) {
    fill(carrier(row));
    carrier(row).value = chosen;
  }
  function dress() {
    for (const select of document.querySelectorAll("[data-usual], [data-carrier-list]")) {
      if (select.options.length > 1) continue;
      select.append(carriers.content.cloneNode(true));
      select.value = rules.has(usual()) ? usual() : "";
    }
  }

  function put(row, text, chosen) {
    delete row.dataset.strange;
    const place = row.querySelector(".verdict");
    delete place.dataset.verdict;
    if (text !== null) number(row).value = text.trim();
    if (chosen) choose(row, chosen);
    else if (number(row).value && !carrier(row).value && rules.has(usual())) choose(row, usual());
  }

  function notice(lines, bad = false) {
    const box = document.createElement("section");
    box.className = `notice${bad ? " bad" : ""}`;
    if (!bad) box.dataset.fades = "";
    const text = document.createElement("p");
    text.textContent = lines[0];
    const close = document.createElement("button");
    close.type = "button";
    close.className = "x";
    close.dataset.dismiss = "";
    close.setAttribute("aria-label", say("dismissLabel"));
    close.textContent = "✕";
    box.append(text, close);
    for (const line of lines.slice(1)) {
      const more = document.createElement("p");
      more.className = "mut small";
      more.textContent = line;
      box.append(more);
    }
    document.getElementById("notices").prepend(box);
  }

  list.addEventListener("input", (event) => {
    if (!event.target.matches("[data-number], [data-carrier]")) return;
    const row = event.target.closest("tr");
    if (event.target.matches("[data-carrier]")) {
      put(row, null, "");
      if (event.target.value) localStorage.setItem("jumun-carrier", event.target.value);
    } else put(row, null, "");
    forgetNonce();
    draw();
  });

  function lay(given, target, chosen, headed) {
    let used = 0;
    given.forEach((each, index) => {
      const row = target[index];
      if (!row) return;
      const known = names.get(fold(each.name)) || "";
      if (!each.number && !each.name) return;
      put(row, each.number, known || (each.name ? "" : chosen));
      if (each.name && !known) row.dataset.strange = each.name;
      used += 1;
    });
    const left = given.slice(target.length).filter((each) => each.number);
    const total = given.filter((each) => each.number || each.name).length;
    const lines = [say("pasted", { a: total, b: used })];
    if (headed) lines.push(say("header"));
    if (left.length) {
      const more = left.length > SHOWN_UNUSED ? ` ${say("moreLines", { n: left.length - SHOWN_UNUSED })}` : "";
      const shown = left.slice(0, SHOWN_UNUSED).map((each) => each.number);
      lines.push(`${say("unused", { n: left.length })} ${shown.join(", ")}${more}`);
      if (document.getElementById("more")) lines.push(say("more"));
    }
    forgetNonce();
    draw();
    notice(lines, left.length > 0);
  }
  list.addEventListener("paste", (event) => {
    if (!event.target.matches("[data-number]")) return;
    const text = event.clipboardData.getData("text");
    if (!/[\n\r\t]/.test(text.replace(/\s+$/, ""))) return;
    event.preventDefault();
    const all = rows();
    const { given, headed } = read(text);
    lay(given, all.slice(all.indexOf(event.target.closest("tr"))), "", headed);
  });

  // Enter, arrows and Tab go from number to number; Esc takes back what was typed into a cell
  list.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || !event.target.matches("[data-number], [data-carrier]")) return;
    const row = event.target.closest("tr");
    if (event.key === "Escape") {
      event.preventDefault();
      drafts.delete(row.dataset.item);
      put(row, number(row).dataset.was, "");
      choose(row, carrier(row).dataset.was);
      forgetNonce();
      draw();
      if (event.target.matches("[data-number]")) number(row).select();
      return;
    }
    if (!event.target.matches("[data-number]")) return;
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1, Tab: event.shiftKey ? 0 : 1 }[event.key];
    if (!step) return;
    const all = rows();
    const next = all[all.indexOf(row) + step];
    if (next || event.key !== "Tab") event.preventDefault();
    if (!next) return;
    number(next).focus();
    number(next).select();
    number(next).scrollIntoView({ block: "nearest" });
  });

  // 일괄입력: one carrier into every row, or into the chosen ones
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-usual]") && event.target.value)
      localStorage.setItem("jumun-carrier", event.target.value);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-fill-all]")) return;
    const chooser = document.querySelector("[data-usual]");
    if (!chooser.value) {
      notice([say("pickFirst")], true);
      chooser.focus();
      return;
    }
    const picked = rows().filter((row) => row.querySelector("input[name=ids]").checked);
    const target = picked.length ? picked : rows();
    for (const row of target) put(row, null, chooser.value);
    forgetNonce();
    draw();
    notice([say("filled", { n: target.length, carrier: rules.get(chooser.value).label })]);
    const first = target.find((row) => !number(row).value);
    if (first) number(first).focus();
  });

  // 번호 붙여넣기: the same from a window of its own
  const filler = document.querySelector("[data-filler]");
  function plan() {
    const chosen = filler.elements.rows.value === "chosen";
    const target = rows().filter((row) =>
      chosen ? row.querySelector("input[name=ids]").checked : number(row).value === "",
    );
    const { given, headed } = read(filler.elements.numbers.value);
    return { target, headed, given: given.filter((each) => each.number || each.name) };
  }
  if (filler) {
    const told = filler.querySelector("[data-fit]");
    const fit = () => {
      const { target, given } = plan();
      const short = given.length - target.length;
      told.textContent = (short > 0 ? told.dataset.short : told.dataset.fit)
        .replace("{a}", given.length)
        .replace("{b}", target.length)
        .replace("{n}", short);
    };
    filler.addEventListener("input", fit);
    document.addEventListener("click", (event) => {
      if (!event.target.closest("[data-open=fill]")) return;
      filler.elements.rows.value = list.querySelector("#rows input[name=ids]:checked") ? "chosen" : "empty";
      if (rules.has(usual())) filler.elements.carrier.value = usual();
      fit();
    });
    filler.addEventListener("submit", () => {
      const { target, given, headed } = plan();
      const wanted = filler.elements.carrier.value;
      if (wanted) localStorage.setItem("jumun-carrier", wanted);
      lay(given, target, wanted, headed);
      filler.elements.numbers.value = "";
      const first = list.querySelector("[data-dirty] [data-number]");
      if (first) first.focus();
    });
  }

  list.addEventListener("click", (event) => {
    if (!event.target.closest("[data-forget]")) return;
    drafts.clear();
    for (const row of rows()) {
      put(row, number(row).dataset.was, "");
      choose(row, carrier(row).dataset.was);
    }
    forgetNonce();
    draw();
  });

  // Another content is another deed: it may not be answered with what an earlier one was answered with
  function forgetNonce() {
    const field = bar()?.elements.nonce;
    if (field) field.value = [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16)).join("-");
  }

  // What changed is sent, rows that are not on this screen too
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (event.target.id !== "typing") return;
    draw();
    const data = new FormData();
    data.append("nonce", bar().elements.nonce.value);
    const check = event.detail.parameters.check ?? event.detail.parameters.get?.("check");
    if (check) {
      data.append("check", "1");
      data.set("nonce", "");
    }
    const seen = new Set();
    const add = (item, draft) => {
      seen.add(item);
      data.append("item", item);
      data.append("carrier", draft.c);
      data.append("number", draft.n);
      data.append("was", draft.was);
    };
    for (const row of rows()) if (drafts.has(row.dataset.item)) add(row.dataset.item, drafts.get(row.dataset.item));
    for (const [item, draft] of drafts) if (!seen.has(item)) add(item, draft);
    event.detail.parameters = data;
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    if (target?.id === "notices") settle();
    if (event.target.id !== "list" && target?.id !== "more") return;
    dress();
    drafts = readDrafts();
    restore();
    draw();
  });
  // The server's word for each row goes to where the row stands; rows that are not on this screen are in the notice
  function place() {
    for (const box of document.querySelectorAll("#notices .verdicts")) {
      for (const told of box.children) {
        const spot = document.getElementById(`verdict-${told.dataset.of}`);
        if (!spot) continue;
        spot.className = told.className;
        spot.textContent = told.textContent.trim();
        spot.title = told.title;
        spot.dataset.verdict = told.dataset.verdict;
      }
      box.remove();
    }
  }
  function settle() {
    place();
    const answer = document.querySelector("#notices [data-saved]");
    if (!answer) {
      draw();
      return;
    }
    for (const item of answer.dataset.saved.split(",")) {
      drafts.delete(item);
      const row = list.querySelector(`tr[data-item="${item}"]`);
      if (!row || !number(row)) continue;
      number(row).dataset.was = number(row).value;
      carrier(row).dataset.was = carrier(row).value;
    }
    delete answer.dataset.saved;
    forgetNonce();
    draw();
  }
  dress();
  restore();
  draw();
})();
