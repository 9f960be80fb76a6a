// Carriers and numbers typed into yellow cells: filled down, pasted as a column, saved in one go, answered in place.
"use strict";

(() => {
  const list = document.getElementById("list");
  const carriers = document.getElementById("carriers");
  if (!list || !carriers) return;
  const rows = () => [...list.querySelectorAll("tr[data-item]")].filter((row) => row.querySelector("[data-number]"));
  const number = (row) => row.querySelector("[data-number]");
  const carrier = (row) => row.querySelector("[data-carrier]");
  const plain = (text) => text.replace(/[^0-9A-Za-z]/g, "").toUpperCase();
  const dirty = (row) =>
    plain(number(row).value) !== plain(number(row).dataset.was) ||
    (plain(number(row).value) !== "" && carrier(row).value !== carrier(row).dataset.was);

  function fillChoices() {
    for (const select of document.querySelectorAll("select[data-carrier]")) {
      if (select.options.length > 1) continue;
      const was = select.value;
      if (was === "") select.append(carriers.content.cloneNode(true));
      else select.replaceChildren(carriers.content.cloneNode(true));
      select.value = was;
    }
    const chooser = document.querySelector("[data-carrier-list]");
    if (chooser && chooser.options.length === 1) {
      chooser.append(carriers.content.cloneNode(true));
      const usual = localStorage.getItem("jumun-carrier");
      if (usual) chooser.value = usual;
    }
  }

  function draw() {
    const form = document.getElementById("typing");
    if (!form) return;
    let count = 0;
    for (const row of rows()) {
      const changed = dirty(row);
      row.toggleAttribute("data-dirty", changed);
      if (changed) count += 1;
    }
    const words = form.querySelector("[data-typed]");
    words.textContent = words.dataset.typed.replace("{n}", count);
    form.hidden = count === 0;
    list.classList.toggle("typing", count > 0);
  }

  function put(row, text, chosen) {
    if (text !== null) number(row).value = text.trim();
    const usual = chosen || carrier(row).value || localStorage.getItem("jumun-carrier") || "";
    if (number(row).value && usual) carrier(row).value = usual;
  }

  list.addEventListener("input", (event) => {
    if (!event.target.matches("[data-number], [data-carrier]")) return;
    const row = event.target.closest("tr");
    const verdict = row.querySelector(".verdict");
    verdict.textContent = verdict.title = "";
    verdict.className = "verdict";
    if (event.target.matches("[data-carrier]")) {
      if (event.target.value) localStorage.setItem("jumun-carrier", event.target.value);
    } else if (!carrier(row).value) put(row, null, "");
    draw();
  });

  // A column pasted into a cell goes down from there
  list.addEventListener("paste", (event) => {
    if (!event.target.matches("[data-number]")) return;
    const text = event.clipboardData.getData("text").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!text.includes("\n")) return;
    event.preventDefault();
    const all = rows();
    const start = all.indexOf(event.target.closest("tr"));
    text.split("\n").forEach((line, index) => {
      const row = all[start + index];
      if (row) put(row, line.split("\t").pop(), "");
    });
    draw();
  });

  // Enter and arrows go from cell to cell
  list.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || !event.target.matches("[data-number]")) return;
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = rows();
    const next = all[all.indexOf(event.target.closest("tr")) + step];
    if (next) {
      number(next).focus();
      number(next).select();
    }
  });

  // 일괄입력
  const filler = document.querySelector("[data-filler]");
  function plan() {
    const chosen = filler.elements.rows.value === "chosen";
    const target = rows().filter((row) =>
      chosen ? row.querySelector("input[name=ids]").checked : number(row).value === "",
    );
    const lines = filler.elements.numbers.value.replace(/\r\n?/g, "\n").split("\n");
    return { target, numbers: lines.map((line) => line.split("\t").pop().trim()).filter(Boolean) };
  }
  if (filler) {
    const told = filler.querySelector("[data-fit]");
    const tell = () => {
      const { target, numbers } = plan();
      told.textContent = told.dataset.fit.replace("{a}", numbers.length).replace("{b}", target.length);
    };
    filler.addEventListener("input", tell);
    document.addEventListener("click", (event) => {
      if (!event.target.closest("[data-open=fill]")) return;
      filler.elements.rows.value = list.querySelector("#rows input[name=ids]:checked") ? "chosen" : "empty";
      tell();
    });
    filler.addEventListener("submit", () => {
      const { target, numbers } = plan();
      const wanted = filler.elements.carrier.value;
      if (wanted) localStorage.setItem("jumun-carrier", wanted);
      target.forEach((row, index) => {
        if (wanted) carrier(row).value = wanted;
        if (numbers[index]) put(row, numbers[index], wanted);
      });
      filler.elements.numbers.value = "";
      draw();
      const first = list.querySelector("[data-dirty] [data-number]");
      if (first) first.focus();
    });
  }

  list.addEventListener("click", (event) => {
    if (!event.target.closest("[data-forget]")) return;
    for (const row of rows()) {
      number(row).value = number(row).dataset.was;
      carrier(row).value = carrier(row).dataset.was;
    }
    draw();
  });

  // Only what changed is sent
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (event.target.id !== "typing") return;
    const data = new FormData();
    for (const row of rows().filter(dirty)) {
      data.append("item", row.dataset.item);
      data.append("carrier", carrier(row).value);
      data.append("number", number(row).value);
    }
    event.detail.parameters = data;
  });
  document.body.addEventListener("htmx:oobAfterSwap", (event) => {
    const verdict = event.detail.target?.matches?.(".verdict") ? event.detail.target : event.target;
    const fresh = document.getElementById(verdict.id);
    const row = fresh?.closest("tr");
    if (!row || fresh.dataset.verdict !== "ok") return;
    number(row).dataset.was = number(row).value;
    carrier(row).dataset.was = carrier(row).value;
    draw();
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "list" && event.detail.target?.id !== "more") return;
    fillChoices();
    draw();
  });
  window.addEventListener("beforeunload", (event) => {
    if (list.querySelector("[data-dirty]")) event.preventDefault();
  });
  fillChoices();
  draw();
})();
