// 매칭: J and K go from listing to listing, Enter applies and goes on; SKUs are picked, typed, or put together from candidates.
"use strict";

(() => {
  const dialog = document.getElementById("matching-skus");
  const cards = () => [...document.querySelectorAll(".match-card.waiting")];
  const cardOf = (element) => element?.closest?.(".match-card.waiting") || null;
  let last = null; // the form that asked for SKUs

  // Going from one to the next
  function enter(card) {
    if (!card) return;
    const usable = card.querySelector("input[name=choice]:checked") || card.querySelector("h2");
    usable.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }
  function step(by) {
    const all = cards();
    const here = all.indexOf(cardOf(document.activeElement));
    enter(all[here < 0 ? 0 : Math.min(Math.max(here + by, 0), all.length - 1)]);
  }
  document.addEventListener("desk-key", (event) => {
    const { key } = event.detail;
    if (!cards().length || !["next", "previous", "open"].includes(key)) return;
    event.preventDefault();
    if (key === "open") cardOf(document.activeElement)?.querySelector("form.match-form")?.requestSubmit();
    else step(key === "next" ? 1 : -1);
  });
  document.body.addEventListener("listing-linked", (event) => {
    const strip = document.getElementById(event.detail.place);
    const after = cards().find((card) => strip?.compareDocumentPosition(card) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (after || cards().length) enter(after || cards()[0]);
    else strip?.querySelector("a, button")?.focus();
  });

  // SKUs picked by hand stand in the place of a candidate
  const own = (form) => form.querySelector("[data-own]");
  function choose(form) {
    const radio = form.querySelector("[name=choice][value=own]");
    if (radio) radio.checked = true;
    drop(form);
  }
  function add(form, { sku, name, option, quantity }) {
    const known = [...own(form).querySelectorAll("[name=sku]")].find((each) => each.value === sku);
    const row = known ? known.closest("li") : document.getElementById("match-part").content.firstElementChild.cloneNode(true);
    const number = row.querySelector("[name=quantity]");
    if (!known) {
      row.querySelector("[name=sku]").value = sku;
      row.querySelector("[data-code]").textContent = sku;
      row.querySelector("[data-name]").textContent = `${name} ${option || ""}`;
      number.value = quantity || 1;
      number.setAttribute("aria-label", `${sku} ${number.getAttribute("aria-label")}`);
      const away = row.querySelector("[data-remove-part]");
      away.setAttribute("aria-label", `${sku} ${away.getAttribute("aria-label")}`);
      own(form).append(row);
    }
    choose(form);
    return number;
  }
  // A look ahead of something else is none
  function drop(form) {
    const place = form.parentElement.querySelector("[data-ahead]");
    place?.replaceChildren();
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    const form = on(".match-form");
    if (form && on("[data-find-skus]")) {
      last = form;
      dialog.showModal();
      dialog.dispatchEvent(new Event("opened"));
    } else if (form && on("[data-put-sku]")) {
      const { putSku, name, option, quantity } = on("[data-put-sku]").dataset;
      add(form, { sku: putSku, name, option, quantity }).focus();
    } else if (form && on("[data-remove-part]")) {
      on("li").remove();
      drop(form);
      form.querySelector("[data-find-skus]").focus();
    } else if (on("[data-drop-ahead]")) {
      const place = on("[data-ahead]") || on("[id^=ahead-]");
      place.replaceChildren();
    }
  });
  dialog?.addEventListener("skus-picked", (event) => {
    const numbers = event.detail.map((each) => add(last, each));
    numbers[0].focus();
    numbers[0].select();
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.(".match-form");
    if (!form) return;
    if (event.target.matches("[name=typed], [name=quantity]")) choose(form);
    else drop(form);
  });
  // A candidate chosen: what was put together by hand is not what will be sent, so it is gone
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.(".match-form");
    if (!form || !event.target.matches("[name=choice]") || event.target.value === "own") return;
    own(form)?.replaceChildren();
    if (form.elements.typed) form.elements.typed.value = "";
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.matches?.("[id^=ahead-]")) event.target.querySelector("[data-do]")?.focus();
  });
})();
