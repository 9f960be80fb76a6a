// What others change, without a reload: topics of the stream become the page's own events, at most one a second, and
// only while somebody looks. A part of the page in which somebody types is left alone until they have finished.
"use strict";

(() => {
  const { live: path, liveWorker: worker, at } = document.body.dataset;
  if (!path) return;
  const EVENTS = {
    items: ["items-changed", "bar-changed"],
    claims: ["claims-changed", "items-changed", "bar-changed"],
    jobs: ["jobs-changed", "bar-changed"],
    accounts: ["accounts-changed", "bar-changed"],
  };
  const EVERYTHING = Object.keys(EVENTS);
  const PAUSE = 1000;
  const POLL = 30000;
  const OPEN_AFTER = 1200; // a page that is left at once opens no stream
  const waiting = new Set();
  let timer = 0;
  let last = 0;
  let up = false;

  function hear(topics) {
    for (const topic of topics) for (const name of EVENTS[topic] || []) waiting.add(name);
    plan();
  }
  function plan() {
    if (timer || document.hidden || !waiting.size) return;
    timer = setTimeout(tell, Math.max(0, last + PAUSE - Date.now()));
  }
  function tell() {
    timer = 0;
    last = Date.now();
    const names = [...waiting];
    waiting.clear();
    for (const name of names) document.body.dispatchEvent(new CustomEvent(name, { detail: { live: true } }));
  }
  document.addEventListener("visibilitychange", plan);

  // Nothing is taken from under the fingers: htmx asks before it replaces a part because of others
  const busy = (part) => {
    const there = document.activeElement;
    const field = there && part.contains(there) && there.matches("input:not([type=checkbox]), textarea, select");
    return field || part.querySelector("[data-dirty], dialog[open]") !== null;
  };
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const { triggeringEvent, path: asked } = event.detail.requestConfig;
    if (!triggeringEvent?.detail?.live || asked.endsWith("/bar") || !busy(event.detail.target)) return;
    event.preventDefault();
    waiting.add(triggeringEvent.type);
  });
  document.addEventListener("focusout", () => setTimeout(plan, PAUSE));

  function connect() {
    if (!window.SharedWorker) return;
    const { port } = new SharedWorker(worker, { name: `jumun ${path}` });
    port.onmessage = ({ data }) => {
      if ("up" in data) up = data.up;
      document.body.dataset.liveUp = String(up);
      if (data.what) hear(data.what);
    };
    port.postMessage({ path, since: Number(at) });
    window.addEventListener("pagehide", () => port.postMessage({ bye: true }));
    window.addEventListener("pageshow", (event) => event.persisted && port.postMessage({ path, since: Number(at) }));
  }
  if (document.prerendering) document.addEventListener("prerenderingchange", connect, { once: true });
  else setTimeout(connect, OPEN_AFTER);

  // Without a stream everything is looked at now and then; with one, only what tells the time ("3분 전")
  setInterval(() => !document.hidden && !up && hear(EVERYTHING), POLL);
  setInterval(() => !document.hidden && up && hear(["accounts"]), 2 * POLL);
})();
