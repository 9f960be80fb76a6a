// A page with orders in it is remembered when it is left: where it was and which orders stood there, in their order.
// An order's page then leads to the one before and after, and back (order.js). In this tab only, and only ids.
"use strict";

(() => {
  const MOST = 2000;
  const NAME = "jumun-list";

  const shown = () => {
    if (typeof Grid !== "undefined" && Grid) return Grid.rows.map((row) => row.order);
    return [...document.querySelectorAll('main a[href*="/orders/"]')].map(
      (link) => /\/orders\/(\d+)$/.exec(link.pathname)?.[1],
    );
  };
  // "58 전체" is drawn; "전체 58" is read
  const words = (text) => text.replace(/\s+/g, " ").trim().replace(/^([\d,+]+)\s*(.+)$/, "$2 $1");
  const name = () => (document.querySelector("main [aria-current=page]") || document.querySelector("main h1"))?.textContent;

  window.addEventListener("pagehide", () => {
    if (document.getElementById("order-top")) return; // an order is no list
    const ids = [...new Set(shown().filter(Boolean).map(Number))].slice(0, MOST);
    if (!ids.length) return;
    const list = { address: location.href, title: words(name() || "").slice(0, 40), ids };
    try {
      sessionStorage.setItem(NAME, JSON.stringify(list));
    } catch {
      // full or forbidden: the link leads to the step's list
    }
  });
})();
