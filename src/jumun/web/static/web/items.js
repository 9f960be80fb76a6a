// Choosing rows: the page or, said in so many words, all N of the filter. What was chosen and typed outlives a refresh.
"use strict";

(() => {
  const chosen = new Set();
  let everything = false;
  const list = document.getElementById("list");
  if (!list) return;
  const form = () => document.getElementById("bulk");
  const boxes = () => [...document.querySelectorAll("#rows input[name=ids]")];
  const field = (name) => form().elements.namedItem(name);

  function draw() {
    const bar = form();
    if (!bar) return;
    const all = boxes();
    const on = all.filter((box) => box.checked);
    for (const box of all) box.closest("tr").classList.toggle("sel", box.checked);
    const head = document.getElementById("all");
    if (head) {
      head.checked = all.length > 0 && on.length === all.length;
      head.indeterminate = on.length > 0 && on.length < all.length;
    }
    if (everything && on.length < all.length) everything = false;
    field("scope").value = everything ? "filter" : "page";
    field("query").disabled = field("as_of").disabled = !everything;
    const words = bar.querySelector("[data-chosen]");
    const number = on.reduce((sum, box) => sum + Number(box.closest("tr").dataset.items || 1), 0);
    words.textContent = everything ? words.dataset.chosenAll : words.dataset.chosen.replace("{n}", number);
    const more = document.getElementById("more") !== null;
    bar.querySelector(".offer").hidden = everything || !(more && head?.checked);
    bar.hidden = on.length === 0;
    list.classList.toggle("choosing", on.length > 0);
  }

  function remember(box) {
    if (box.checked) chosen.add(box.value);
    else chosen.delete(box.value);
  }

  let last = null;
  list.addEventListener("click", (event) => {
    const box = event.target.closest("input[name=ids]");
    if (box) {
      const all = boxes();
      if (event.shiftKey && last && all.includes(last)) {
        const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
        for (const each of all.slice(from, to + 1)) {
          each.checked = box.checked;
          remember(each);
        }
      }
      last = box;
      remember(box);
      everything = false;
      draw();
    } else if (event.target.closest("[data-all]")) {
      everything = true;
      draw();
    } else if (event.target.closest("[data-none]")) {
      clear();
    } else if (!event.target.closest("a, button, input, select, label, summary, td.c-cell")) {
      const row = event.target.closest("tr[data-item]");
      const mark = row?.querySelector("input[name=ids]");
      if (mark && !String(window.getSelection())) mark.click();
    }
  });
  list.addEventListener("change", (event) => {
    if (event.target.id !== "all") return;
    for (const box of boxes()) {
      box.checked = event.target.checked;
      remember(box);
    }
    everything = false;
    draw();
  });

  function clear() {
    chosen.clear();
    everything = false;
    for (const box of boxes()) box.checked = false;
    draw();
  }

  // Up and down in the list, Enter opens
  list.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || !event.target.matches("input[name=ids]")) return;
    const all = boxes();
    const place = all.indexOf(event.target);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      all[place + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      event.target.closest("tr").querySelector("a.open").click();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]") && chosen.size) clear();
  });

  // A refresh must not take away what is being typed, nor the choice, nor the place.
  let place = 0;
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.id === "list" && list.querySelector("[data-dirty]")) event.preventDefault();
    if ("quiet" in event.target.dataset && document.activeElement?.closest(".sift")) event.preventDefault();
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "list") place = list.querySelector(".grid")?.scrollTop || 0;
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "list" && event.detail.target?.id !== "more") return;
    for (const box of boxes()) box.checked = everything || chosen.has(box.value);
    const here = new Set(boxes().map((box) => box.value));
    for (const id of [...chosen]) if (!here.has(id)) chosen.delete(id);
    const grid = list.querySelector(".grid");
    if (grid && place) grid.scrollTop = place;
    place = 0;
    draw();
  });
  // What was done is no longer chosen
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && /\/(items\/do|transmissions\/retry)$/.test(event.detail.pathInfo.requestPath)) clear();
  });
  draw();
})();
