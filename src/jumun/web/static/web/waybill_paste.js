// A sheet's column pasted into the grid from any cell on, 번호 붙여넣기 in a window of its own, and 일괄입력.
"use strict";

(() => {
  if (!Waybills) return;
  const { rules, names, fold, read } = WaybillNumbers;
  const { rows, at, put, draw, say, usual, goTo, forgetNonce } = Waybills;
  const { home } = Grid;
  const SHOWN_UNUSED = 20;
  const carriers = document.getElementById("carriers");

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

  function lay(given, target, chosen, headed) {
    let used = 0;
    given.forEach((each, index) => {
      const row = target[index];
      if (!row || (!each.number && !each.name)) return;
      const known = names.get(fold(each.name)) || "";
      const edit = put(row, each.number, known || (each.name ? "" : chosen));
      if (each.name && !known) edit.strange = each.name;
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
    }
    forgetNonce();
    draw();
    notice(lines, left.length > 0);
  }
  // Rows that are not loaded yet are fetched, as long as numbers are left for them
  async function enough(find, wanted) {
    while (find().length < wanted && Grid.next) if (!(await Grid.more())) break;
    return find();
  }

  // From the cell one is in or, on the grid itself, from the row that is meant
  document.addEventListener("paste", async (event) => {
    const inside = event.target.matches?.("#rows [data-number], #rows [data-carrier]");
    const meant = event.target === home && GridRange.here();
    if (!inside && !meant) return;
    const text = event.clipboardData.getData("text");
    const first = inside ? Waybills.rowOf(event.target) : Grid.byId.get(meant.id);
    if (inside && !/[\n\r\t]/.test(text.replace(/\s+$/, ""))) return;
    if (!first || !rows().includes(first)) return;
    event.preventDefault();
    const { given, headed } = read(text);
    const from = () => rows().slice(rows().indexOf(first));
    lay(given, await enough(from, given.length), "", headed);
  });

  // 일괄입력: one carrier into every row, or into the chosen ones
  function dress() {
    for (const select of document.querySelectorAll("[data-usual], [data-carrier-list]")) {
      if (select.options.length > 1) continue;
      select.append(carriers.content.cloneNode(true));
      select.value = rules.has(usual()) ? usual() : "";
    }
  }
  const picked = () => rows().filter((row) => GridSelect.has(row.id));
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
    const target = picked().length ? picked() : rows();
    for (const row of target) put(row, null, chooser.value);
    forgetNonce();
    draw();
    notice([say("filled", { n: target.length, carrier: rules.get(chooser.value).label })]);
    const first = target.find((row) => !at(row).n);
    if (first) goTo(first);
  });

  // 번호 붙여넣기
  const filler = document.querySelector("[data-filler]");
  const targets = () => (filler.elements.rows.value === "chosen" ? picked() : rows().filter((row) => at(row).n === ""));
  function plan() {
    const { given, headed } = read(filler.elements.numbers.value);
    return { headed, given: given.filter((each) => each.number || each.name) };
  }
  if (filler) {
    const told = filler.querySelector("[data-fit]");
    const fit = () => {
      const { given } = plan();
      const n = targets().length;
      const short = given.length - n;
      told.textContent = (short > 0 && !Grid.next ? told.dataset.short : told.dataset.fit)
        .replace("{a}", given.length)
        .replace("{b}", Grid.next ? `${n}+` : n)
        .replace("{n}", short);
    };
    filler.addEventListener("input", fit);
    document.addEventListener("click", (event) => {
      if (!event.target.closest("[data-open=fill]")) return;
      filler.elements.rows.value = picked().length ? "chosen" : "empty";
      if (rules.has(usual())) filler.elements.carrier.value = usual();
      fit();
    });
    filler.addEventListener("submit", async () => {
      const { given, headed } = plan();
      const wanted = filler.elements.carrier.value;
      if (wanted) localStorage.setItem("jumun-carrier", wanted);
      const chosen = filler.elements.rows.value === "chosen";
      const target = chosen ? targets() : await enough(targets, given.length);
      lay(given, target, wanted, headed);
      filler.elements.numbers.value = "";
      if (target[0]) goTo(target[0]);
    });
  }
  Grid.on("built", dress);
})();
