// 주문 등록: the lines of the form, its country and money, what is wrong with it, and the next order after this one.
// The lines lie as JSON in a hidden textarea, so that drafts.js keeps them with everything else typed.
"use strict";

(() => {
  const form = () => document.getElementById("new-order");
  const field = (name) => form()?.elements.namedItem(name);
  const typed = (element) => element.dispatchEvent(new Event("input", { bubbles: true }));

  // Lines
  function lines() {
    try {
      return JSON.parse(field("lines").value || "[]");
    } catch {
      return [];
    }
  }
  function keep(list) {
    field("lines").value = JSON.stringify(list);
    typed(field("lines"));
  }
  function add(chosen) {
    const list = lines();
    for (const each of chosen) if (!list.some((line) => line.sku === each.sku)) list.push({ ...each, quantity: "1" });
    keep(list);
    draw();
    const inputs = form().querySelectorAll("[data-lines] [data-quantity]");
    const first = inputs[inputs.length - chosen.length] || inputs[0];
    first?.focus();
    first?.select();
  }
  function draw() {
    if (!form()) return;
    const list = lines();
    const pattern = document.getElementById("new-order-line").content.firstElementChild;
    const rows = list.map((line, place) => {
      const row = pattern.cloneNode(true);
      row.dataset.place = place;
      for (const [part, text] of [["name", line.name], ["option", line.option], ["code", line.sku], ["from", line.from]])
        row.querySelector(`[data-${part}]`).textContent = text || "";
      const quantity = row.querySelector("[data-quantity]");
      quantity.value = line.quantity;
      quantity.setAttribute("aria-label", `${line.name} ${line.option || ""} ${quantity.getAttribute("aria-label")}`);
      return row;
    });
    form().querySelector("[data-lines]").replaceChildren(...rows);
    form().querySelector("[data-no-lines]").hidden = list.length > 0;
    sum();
  }
  function sum() {
    const list = lines();
    const told = form().querySelector("[data-lines-sum]");
    const units = list.reduce((all, line) => all + (/^\d+$/.test(plain(line.quantity)) ? Number(plain(line.quantity)) : 0), 0);
    told.hidden = !list.length;
    told.textContent = told.dataset.words
      .replace("{lines}", list.length.toLocaleString("ko-KR"))
      .replace("{units}", units.toLocaleString("ko-KR"));
  }
  const plain = (text) => text.normalize("NFKC").replace(/[,\s]/g, "");

  // Country, money, brand
  function dress() {
    if (!form()) return;
    const currency = field("currency").value;
    for (const mark of form().querySelectorAll("[data-currency]")) mark.textContent = currency;
    form().classList.toggle("to-japan", field("country").value === "JP");
    for (const name of ["product_url", "paid_amount"])
      field(name).setAttribute("aria-required", String(field("country").value === "JP"));
    const brand = field("account").selectedOptions[0]?.dataset.brand;
    form().querySelector("output[data-brand]").textContent = brand || "–";
  }
  function follow() {
    const usual = JSON.parse(form().dataset.money)[field("country").value];
    if (usual) field("currency").value = usual;
    dress();
  }

  // What is wrong stands at its field too
  function mark() {
    clear();
    const faults = [...document.querySelectorAll("#new-order-wrong [data-fault]")];
    for (const each of faults) {
      const { fault, line } = each.dataset;
      const row = line && form().querySelector(`[data-lines] li[data-place="${line - 1}"]`);
      const place = row || form().querySelector(`[data-field="${fault}"]`);
      if (!place) continue;
      place.classList.add("bad");
      const note = place.querySelector(".fault") || place.appendChild(document.createElement("small"));
      note.className = "fault";
      note.hidden = false;
      note.textContent = each.querySelector("[data-text]").textContent;
      const input = place.querySelector("input, select, textarea:not([hidden])");
      input?.setAttribute("aria-invalid", "true");
    }
    form().querySelector(".bad :is(input, select, textarea:not([hidden]), button)")?.focus();
  }
  function clear(place = form()) {
    const marked = place.matches(".bad") ? [place] : place.querySelectorAll(".bad");
    for (const each of marked) {
      each.classList.remove("bad");
      for (const note of each.querySelectorAll(".fault")) note.hidden = true;
      for (const input of each.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    }
  }

  // Copied from an earlier order: put in as if typed, so that it is kept like it
  function take(values) {
    for (const [name, value] of Object.entries(values)) if (field(name)) field(name).value = value;
    follow();
    draw();
    typed(field("lines"));
    document.getElementById("new-order-earlier").close();
    field("number").focus();
  }
  function start() {
    draw();
    dress();
  }

  document.addEventListener("input", (event) => {
    const row = event.target.closest?.("#new-order [data-lines] li");
    if (row && event.target.matches("[data-quantity]")) {
      const list = lines();
      list[row.dataset.place].quantity = event.target.value;
      keep(list);
      sum();
    }
    const place = event.target.closest?.("#new-order .bad");
    if (place && event.target.name !== "lines") clear(place);
  });
  document.addEventListener("change", (event) => {
    if (!event.target.form || event.target.form !== form()) return;
    if (event.target.name === "country") {
      event.target.value = event.target.value.trim().toUpperCase();
      follow();
      typed(event.target);
    } else if (["currency", "account"].includes(event.target.name)) dress();
  });
  document.addEventListener("keydown", (event) => {
    // In a quantity Enter leads on: to the next line, from the last one to the button
    if (event.key !== "Enter" || composing(event) || !event.target.matches?.("#new-order input")) return;
    event.preventDefault();
    const all = [...form().querySelectorAll("input:not([type=hidden]), select, textarea:not([hidden]), button.act")];
    all[all.indexOf(event.target) + 1]?.focus();
  });
  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("#new-order [data-remove]")) {
      const place = Number(on("li").dataset.place);
      keep(lines().filter((_, each) => each !== place));
      draw();
      form().querySelector("[data-open=new-order-skus]").focus();
    } else if (on("[data-number]")) {
      field("number").value = on("[data-number]").dataset.number;
      typed(field("number"));
    } else if (on("[data-next-order]")) {
      document.querySelector("[data-registered]").remove();
      (field("account").value ? field("number") : field("account")).focus();
    } else if (on("#new-order [data-throw-away]")) setTimeout(start);
  });
  document.getElementById("new-order-skus")?.addEventListener("skus-picked", (event) => add(event.detail));
  document.body.addEventListener("order-registered", () => sessionStorage.removeItem(`draft:${form().dataset.draft}`));
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const { id } = event.detail.target;
    if (id === "new-order-place") {
      document.getElementById("preview").close();
      start();
      document.getElementById("main").scrollTop = 0;
      document.querySelector("[data-next-order]")?.focus();
    } else if (id === "new-order-wrong") {
      document.getElementById("preview").close();
      mark();
    } else if (id === "preview-body" && form()) {
      clear();
      document.getElementById("new-order-wrong").replaceChildren();
    } else if (id === "new-order-copied") {
      take(JSON.parse(event.detail.target.querySelector("[data-copied]").dataset.copied));
    }
  });
  start();
})();
