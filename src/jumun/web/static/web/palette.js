// Ctrl-K: pages, commands and the orders looked at last, found by Korean, first consonants, English, or with the wrong
// IME on. What is not found here is looked for among the orders.
"use strict";

(() => {
  const box = document.getElementById("palette");
  if (!box) return;
  const field = box.querySelector("[role=combobox]");
  const list = box.querySelector("[role=listbox]");
  const { find, recent: recentName, url } = box.dataset;
  const LOOKED_AT = `jumun-looked-at:${url}`;
  const KEPT = 8;
  let commands = null;
  let shown = [];
  let at = 0;

  const looked = () => {
    try {
      return JSON.parse(localStorage.getItem(LOOKED_AT) || "[]");
    } catch {
      return [];
    }
  };
  const here = /\/orders\/\d+$/.test(location.pathname) && document.querySelector(".order-head h1");
  if (here) {
    const href = location.pathname;
    const seen = [{ label: here.textContent.trim(), href }, ...looked().filter((each) => each.href !== href)];
    localStorage.setItem(LOOKED_AT, JSON.stringify(seen.slice(0, KEPT)));
  }

  async function open() {
    if (box.open) return box.close();
    field.value = "";
    box.showModal();
    field.focus();
    draw();
    if (commands) return;
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    commands = (await answer.json()).commands;
    draw();
  }
  document.addEventListener("open-palette", open);
  document.addEventListener("click", (event) => event.target.closest("[data-palette]") && open());

  function matches() {
    const asked = field.value.trim();
    const last = looked().map((each) => ({ ...each, group: recentName }));
    const known = [...last, ...(commands || [])];
    if (!asked) return known;
    const found = known.filter((each) => Hangul.finds(`${each.label} ${each.also || ""}`, asked));
    const search = document.querySelector("form.search").getAttribute("action");
    const orders = { label: find.replace("{q}", asked), href: `${search}?q=${encodeURIComponent(asked)}`, group: "" };
    // A number is looked for among the orders first
    return /^[\d-]{4,}$/.test(asked) ? [orders, ...found] : [...found, orders];
  }

  function draw() {
    shown = matches();
    at = 0;
    list.replaceChildren(
      ...shown.map((each, place) => {
        const option = document.createElement("li");
        option.id = `palette-${place}`;
        option.setAttribute("role", "option");
        option.append(piece("span", each.label), piece("small", each.group || ""));
        if (each.keys) option.append(piece("kbd", each.keys));
        return option;
      }),
    );
    mark();
  }
  function piece(name, text) {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  }
  function mark() {
    for (const [place, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(place === at));
    const option = list.children[at];
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  function choose(place) {
    const chosen = shown[place];
    if (!chosen) return;
    box.close();
    if (chosen.href) location.assign(chosen.href);
    else document.querySelector(chosen.press)?.click();
  }

  field.addEventListener("input", draw);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) {
      event.preventDefault();
      at = (at + step + shown.length) % shown.length;
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(at);
    }
  });
  list.addEventListener("mousemove", (event) => {
    const place = [...list.children].indexOf(event.target.closest("li"));
    if (place >= 0 && place !== at) {
      at = place;
      mark();
    }
  });
  list.addEventListener("click", (event) => choose([...list.children].indexOf(event.target.closest("li"))));
})();
