// The one stream of a browser: its tabs connect to this worker and hear what changed. Where the stream fails the tabs
// are told, look for themselves, and the stream is tried again.
"use strict";

const AGAIN = 30000;
const tabs = new Set();
const told = new Map(); // topic → when, by the server's clock
let source = null;
let up = false;

function open(path, since) {
  source = new EventSource(`${path}?since=${since}`);
  source.onopen = () => say({ up: (up = true) });
  source.addEventListener("changed", (event) => {
    const { what } = JSON.parse(event.data);
    for (const topic of what) told.set(topic, Number(event.lastEventId));
    say({ what });
  });
  source.addEventListener("left", () => source.close());
  source.onerror = () => {
    say({ up: (up = false) });
    if (source.readyState !== EventSource.CLOSED) return; // it comes again by itself
    const last = Date.now() / 1000;
    setTimeout(() => open(path, last), AGAIN * (1 + Math.random()));
  };
}

function say(message) {
  for (const tab of tabs) tab.postMessage(message);
}

self.onconnect = ({ ports: [tab] }) => {
  tab.onmessage = ({ data }) => {
    if (data.bye) return tabs.delete(tab);
    tabs.add(tab);
    if (!source) open(data.path, data.since);
    const what = [...told].filter(([, at]) => at >= data.since).map(([topic]) => topic);
    tab.postMessage(what.length ? { up, what } : { up });
  };
};
