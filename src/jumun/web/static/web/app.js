// What every page does: dialogs, notices, theme. Small, vanilla, no inline anything (CSP).
"use strict";

const $ = (id) => document.getElementById(id);
const composing = (event) => event.isComposing || event.keyCode === 229;

// Theme
function showTheme() {
  const now = document.documentElement.dataset.theme || "";
  for (const button of document.querySelectorAll("[data-theme-choice]"))
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === now));
}
function setTheme(choice) {
  if (choice) document.documentElement.dataset.theme = choice;
  else delete document.documentElement.dataset.theme;
  document.cookie = `jumun_theme=${choice}; path=/; max-age=${choice ? 31536000 : 0}; samesite=lax`;
  showTheme();
}
showTheme();

document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  let hit;
  if ((hit = on("[data-theme-choice]"))) setTheme(hit.dataset.themeChoice);
  else if ((hit = on("[data-open]"))) open(event, $(hit.dataset.open));
  else if ((hit = on("[data-close]"))) hit.closest("dialog")?.close();
  else if ((hit = on("[data-dismiss]"))) hit.closest(".notice")?.remove();
  else if ((hit = on("[data-back]"))) history.back();
  else if ((hit = on("[data-copy]"))) copy(hit);
  else if (event.target.nodeName === "DIALOG") event.target.close();
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(event.target)) menu.open = false;
});

function open(event, dialog) {
  if (!dialog) return; // a link then leads to a page of its own
  event.preventDefault();
  dialog.showModal();
  dialog.dispatchEvent(new Event("opened"));
}

async function copy(button) {
  const field = $(button.dataset.copy);
  field.select();
  await navigator.clipboard.writeText(field.value);
  button.textContent = button.dataset.copied;
}

document.addEventListener("submit", (event) => {
  const ask = event.target.dataset.ask;
  if (ask && !window.confirm(ask)) event.preventDefault();
  // A plain form is sent once; one whose answer never comes may be sent again.
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  const buttons = [...form.querySelectorAll("button:not([type=button])")];
  setTimeout(() => buttons.forEach((button) => (button.disabled = true)));
  setTimeout(() => buttons.forEach((button) => (button.disabled = false)), 10000);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const button of document.querySelectorAll("form button:disabled")) button.disabled = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !composing(event)) {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
      event.preventDefault();
    }
    if (event.target.id === "search") event.target.blur();
  }
});

// Values typed on a Mac may come decomposed: compose them, so that they are equal to what channels send.
document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=text], input[type=search], input:not([type]), textarea"))
    event.target.value = event.target.value.normalize("NFC");
});

// htmx: dialogs open when their content came and close when their deed began; notices of plain success fade.
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "preview-body") $("preview").showModal();
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-closes]");
  if (form && event.detail.successful) form.closest("dialog")?.close();
});
document.body.addEventListener("htmx:sendError", () => {
  const notices = $("notices");
  if (notices) notices.dataset.offline = "true";
});
new MutationObserver((changes) => {
  for (const change of changes)
    for (const node of change.addedNodes)
      if (node.dataset && "fades" in node.dataset) setTimeout(() => fade(node), 10000);
}).observe($("notices") || document.createElement("i"), { childList: true });
function fade(node) {
  if (!node.matches(":hover, :focus-within")) node.remove();
  else setTimeout(() => fade(node), 3000);
}
