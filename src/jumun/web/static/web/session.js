// A session that ran out loses no typing: the sign-in is asked for on top of the page, then what was asked for is asked
// again. A plain form that was sent meanwhile is filled in once more after the sign-in.
"use strict";

(() => {
  const TYPED = "jumun-typed";
  const THROUGH_LOGIN = "jumun-through-login";
  const OTHER_WINDOW = "jumun-login";
  const box = document.getElementById("session");
  const cookie = (name) => new RegExp(`(?:^|; )${name}=([^;]*)`).exec(document.cookie)?.[1] || "";
  const isLogin = (address) => new URL(address, location.href).pathname.startsWith("/login");

  // The sign-in gives a new token: pages that were open before it carry the old one
  function renewToken() {
    const token = cookie("csrftoken");
    if (!token) return;
    if (document.body.hasAttribute("hx-headers"))
      document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
  }
  document.addEventListener("submit", (event) => event.target.method === "post" && renewToken(), true);

  if (!box) {
    if (isLogin(location.href)) sessionStorage.setItem(THROUGH_LOGIN, "yes");
    return;
  }
  if (window.name === OTHER_WINDOW) {
    new BroadcastChannel(OTHER_WINDOW).postMessage("in");
    window.close();
  }

  const form = box.querySelector("form");
  const trouble = form.querySelector(".trouble");
  let waiting = null; // a promise while the dialog is open
  function signIn() {
    waiting ||= new Promise((done) => {
      const before = document.activeElement;
      trouble.hidden = true;
      form.elements.password.value = "";
      box.showModal();
      box.addEventListener("signed-in", () => finish(done, before), { once: true });
    });
    return waiting;
  }
  function finish(done, before) {
    waiting = null;
    renewToken();
    box.close();
    before?.focus?.();
    say(box.dataset.again);
    done();
  }
  box.addEventListener("cancel", (event) => event.preventDefault()); // nothing works without it
  new BroadcastChannel(OTHER_WINDOW).addEventListener("message", () => signedIn());
  const signedIn = () => box.dispatchEvent(new Event("signed-in"));

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const sent = new FormData(form);
    sent.append("next", "/livez");
    try {
      await plainFetch("/livez"); // a session that was flushed may have taken the token along
      if (!cookie("csrftoken")) await plainFetch("/login");
      sent.set("csrfmiddlewaretoken", cookie("csrftoken"));
      const answer = await plainFetch("/login", { method: "POST", body: sent });
      if (answer.ok && !isLogin(answer.url)) signedIn();
      else if (answer.ok) window.open(answer.url, OTHER_WINDOW, "popup,width=480,height=640"); // a second step
      else tell(box.dataset.locked);
    } catch {
      tell(box.dataset.offline);
    }
  });
  function tell(text) {
    trouble.textContent = text;
    trouble.hidden = false;
  }
  form.querySelector("a[target]").addEventListener("click", (event) => {
    event.preventDefault();
    window.open("/login", OTHER_WINDOW, "popup,width=480,height=640");
  });

  // htmx: 401 is answered here, and the same is asked once more
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status !== 401) return;
    event.detail.shouldSwap = false;
    const { requestConfig, target } = event.detail;
    if (requestConfig.triggeringEvent?.detail?.live) return; // a look of the page's own; what a person asks will tell
    signIn().then(() => again(requestConfig, target));
  });
  function again(asked, target) {
    const values = {};
    for (const name of new Set(asked.formData.keys())) {
      const all = asked.formData.getAll(name);
      values[name] = all.length > 1 ? all : all[0];
    }
    delete values.csrfmiddlewaretoken;
    htmx.ajax(asked.verb, asked.path, { source: asked.elt, target, values });
  }

  // fetch: the same, for scripts that ask by themselves
  const plainFetch = window.fetch.bind(window);
  window.fetch = async (what, options) => {
    const answer = await plainFetch(what, options);
    const out = answer.status === 401 || (answer.redirected && isLogin(answer.url));
    if (!out || new URL(answer.url).origin !== location.origin) return answer;
    await signIn();
    const headers = new Headers(options?.headers);
    if (headers.has("X-CSRFToken")) headers.set("X-CSRFToken", cookie("csrftoken"));
    return plainFetch(what, { ...options, headers });
  };

  // Plain forms: what was typed is kept until the answer came; the login page in between brings it back
  document.addEventListener("submit", (event) => {
    const sent = event.target;
    if (sent.method !== "post" || sent.hasAttribute("hx-post") || sent === form) return;
    const fields = [...new FormData(sent, event.submitter)].filter(
      ([name, value]) => typeof value === "string" && !/csrf|password|secret|key|token|code/i.test(name),
    );
    sessionStorage.setItem(TYPED, JSON.stringify({ action: sent.getAttribute("action"), page: location.pathname, fields }));
  });
  restore();
  function restore() {
    const typed = JSON.parse(sessionStorage.getItem(TYPED) || "null");
    const through = sessionStorage.getItem(THROUGH_LOGIN);
    sessionStorage.removeItem(TYPED);
    sessionStorage.removeItem(THROUGH_LOGIN);
    if (!typed || !through) return;
    const there = [...document.forms].find((each) => each.method === "post" && each.getAttribute("action") === typed.action);
    if (!there) return;
    const taken = new Map();
    for (const [name, value] of typed.fields) {
      const place = taken.get(name) || 0;
      taken.set(name, place + 1);
      fill(there.querySelectorAll(`[name="${CSS.escape(name)}"]`), value, place);
    }
    say(box.dataset.refilled);
    there.closest("dialog")?.showModal();
  }
  function fill(fields, value, place) {
    const field = fields[0];
    if (!field || field.type === "hidden" || field.type === "file") return;
    if (field.type === "checkbox" || field.type === "radio") {
      for (const each of fields) if (each.value === value) each.checked = true;
    } else (fields[place] || field).value = value;
  }
  function say(text) {
    const notice = document.createElement("div");
    notice.className = "notice";
    notice.dataset.fades = "";
    notice.textContent = text;
    document.getElementById("notices")?.prepend(notice);
  }
})();
