// 주문등록: a dropped sheet goes up with its progress; the password is asked for when a file turns out to be locked.
// Without this script the form is sent as any other.
"use strict";

(() => {
  const form = document.querySelector("[data-sheet-upload]");
  if (!form) return;
  const zone = form.querySelector(".drop");
  const file = form.elements.file;
  const lock = form.querySelector("[data-password]");
  const sending = form.querySelector(".sending");
  const bar = sending.querySelector("progress");
  const told = sending.querySelector("[data-told]");
  const button = form.querySelector("[type=submit]");
  lock.hidden = true;

  for (const kind of ["dragenter", "dragover"])
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    file.files = event.dataTransfer.files;
    file.dispatchEvent(new Event("change", { bubbles: true }));
    form.requestSubmit();
  });
  file.addEventListener("change", () => {
    lock.hidden = true;
    form.elements.password.value = "";
  });

  function show(share) {
    sending.hidden = false;
    if (share === null) bar.removeAttribute("value");
    else bar.value = share;
    told.textContent = share === null ? form.dataset.reading : `${form.dataset.sending} ${share}%`;
  }

  function rest() {
    sending.hidden = true;
    button.disabled = false;
  }

  function refuse(html) {
    rest();
    const notices = document.getElementById("notices");
    notices.insertAdjacentHTML("afterbegin", html);
  }

  function lose() {
    rest();
    const notice = document.createElement("section");
    notice.className = "notice bad";
    notice.setAttribute("role", "alert");
    notice.append(Object.assign(document.createElement("p"), { textContent: form.dataset.lost }));
    document.getElementById("notices").prepend(notice);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    const call = new XMLHttpRequest();
    call.open("POST", form.action);
    call.setRequestHeader("Accept", "application/json");
    call.setRequestHeader("HX-Request", "true");
    call.upload.addEventListener("progress", (step) => {
      if (step.lengthComputable) show(step.loaded < step.total ? Math.floor((step.loaded * 100) / step.total) : null);
    });
    call.addEventListener("load", () => {
      if (call.status === 200) {
        location.assign(JSON.parse(call.responseText).href);
        return;
      }
      if (call.getResponseHeader("X-Sheet-Locked")) {
        lock.hidden = false;
        form.elements.password.focus();
      }
      refuse(call.responseText);
    });
    call.addEventListener("error", lose);
    show(0);
    call.send(new FormData(form));
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-pick-account]");
    if (!link) return;
    event.preventDefault();
    form.elements.account.value = link.dataset.pickAccount;
    zone.scrollIntoView({ block: "center" });
    file.click();
  });
})();
