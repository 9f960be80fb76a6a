// One order: on to the next of the list one came from, back to it, and what was typed outlives a slip.
"use strict";

(() => {
  const top = document.getElementById("order-top");
  if (!top) return;
  const NAME = "jumun-list";
  const here = Number(top.dataset.order);
  const home = `/c/${top.dataset.slug}/`;

  const read = () => {
    try {
      const list = JSON.parse(sessionStorage.getItem(NAME) || "null");
      return list && new URL(list.address).pathname.startsWith(home) ? list : null;
    } catch {
      return null;
    }
  };
  const list = read();
  // Straight from the list, or from another order of it: then back is the browser's own back, scrolled as it was.
  if (list) {
    const hopped = list.hopped === true;
    list.direct = document.referrer === list.address || (hopped && list.direct === true);
    delete list.hopped;
    sessionStorage.setItem(NAME, JSON.stringify(list));
  }

  const back = top.querySelector("[data-back-to-list]");
  function hop(id) {
    if (!id) return false;
    sessionStorage.setItem(NAME, JSON.stringify({ ...list, hopped: true }));
    location.replace(`${home}orders/${id}${location.hash}`);
    return true;
  }
  function goBack() {
    if (list?.direct && history.length > 1) history.back();
    else location.assign(back.href);
  }

  const place = list ? list.ids.indexOf(here) : -1;
  const around = place < 0 ? {} : { previous: list.ids[place - 1], next: list.ids[place + 1] };
  if (list && place >= 0) {
    back.href = list.address;
    if (list.title) back.querySelector("[data-list-name]").textContent = list.title;
    const hops = top.querySelector("[data-hops]");
    hops.hidden = list.ids.length < 2;
    hops.querySelector("[data-place]").textContent = `${place + 1} / ${list.ids.length}`;
    for (const side of ["previous", "next"]) {
      const link = hops.querySelector(`[data-${side}]`);
      if (around[side]) link.href = `${home}orders/${around[side]}`;
      else link.setAttribute("aria-disabled", "true");
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        hop(around[side]);
      });
    }
  }
  back.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !list?.direct) return;
    event.preventDefault();
    goBack();
  });

  // Esc first leaves a field, then the order
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    if (document.querySelector("dialog[open], details.menu[open]")) return;
    if (event.target.matches("input, textarea, select")) event.target.blur();
    else goBack();
  });
  document.addEventListener("desk-key", (event) => {
    const deeds = {
      next: () => hop(around.next),
      previous: () => hop(around.previous),
      edit: () => (document.querySelector("#recipient [data-edit]")?.click(), true),
    };
    if (deeds[event.detail.key]?.()) event.preventDefault();
  });
})();
