// The theme, before the first paint: a choice in the cookie wins over the system's.
(() => {
  const kept = /(?:^|; )jumun_theme=(light|dark)/.exec(document.cookie);
  if (kept) document.documentElement.dataset.theme = kept[1];
})();
