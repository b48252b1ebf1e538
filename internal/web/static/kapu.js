// What makes the pages quicker; every page works without it. Elements ask for a service by a data attribute.
"use strict";
(() => {
  const all = (selector, act) => document.querySelectorAll(selector).forEach(act);
  const kept = { get: (k) => { try { return localStorage.getItem(k); } catch { return null; } },
                 set: (k, v) => { try { localStorage.setItem(k, v); } catch { /* not kept, then */ } } };

  // data-focus: the error summary takes the focus, so that it is read out.
  document.querySelector("[data-focus]")?.focus();

  // data-password: a switch that shows what is typed; it hides again before the form goes.
  all("[data-password]", (box) => {
    const input = box.querySelector("input"), button = document.createElement("button"), said = document.createElement("span");
    const show = (on) => {
      input.type = on ? "text" : "password";
      button.textContent = on ? box.dataset.hide : box.dataset.show;
      said.textContent = on ? box.dataset.shown : box.dataset.hidden;
    };
    button.type = "button";
    button.setAttribute("aria-controls", input.id);
    said.className = "govuk-visually-hidden";
    said.setAttribute("role", "status");
    show(false);
    said.textContent = "";
    button.addEventListener("click", () => show(input.type === "password"));
    input.form?.addEventListener("submit", () => show(false));
    box.classList.add("kapu-password--js");
    box.append(button, said);
  });

  // data-key="Ctrl+Enter": the key presses the element, or goes to it if it is a field. Keys that are a single
  // character rest while something is typed and can be switched off (WCAG 2.1.4).
  const pressed = (e) => [e.ctrlKey && "Ctrl", e.altKey && "Alt", e.key.length === 1 ? e.key.toUpperCase() : e.key].filter(Boolean).join("+");
  const typing = (el) => el.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  document.addEventListener("keydown", (e) => {
    const key = pressed(e), single = !e.ctrlKey && !e.altKey && e.key.length === 1;
    if (e.defaultPrevented || e.isComposing || single && (typing(e.target) || kept.get("kapu.keys") === "off")) return;
    const to = [...document.querySelectorAll("[data-key]")].find((el) => el.dataset.key.toUpperCase() === key.toUpperCase());
    if (!to || to.disabled) return;
    e.preventDefault();
    if (to.matches("input, textarea, select")) { to.focus(); to.select?.(); } else { to.click(); }
  });
  all(".kapu-keys[data-on]", (box) => {
    const button = document.createElement("button");
    const label = () => { button.textContent = kept.get("kapu.keys") === "off" ? box.dataset.on : box.dataset.off; };
    button.type = "button";
    button.className = "kapu-linkish";
    button.addEventListener("click", () => { kept.set("kapu.keys", kept.get("kapu.keys") === "off" ? "on" : "off"); label(); });
    label();
    box.append(button);
  });

  // data-search="list-id": a field that leaves only the matching items of a list; accents do not matter.
  const plain = (s) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  all("[data-search]", (field) => {
    const list = document.getElementById(field.dataset.search), none = document.getElementById(field.dataset.none ?? "");
    if (!list) return;
    const items = [...list.children].map((el) => [el, plain(`${el.textContent} ${el.dataset.words ?? ""}`)]);
    const sift = () => {
      const words = plain(field.value).split(/\s+/).filter(Boolean);
      let left = 0;
      for (const [el, text] of items) { el.hidden = !words.every((w) => text.includes(w)); left += el.hidden ? 0 : 1; }
      if (none) none.hidden = left > 0;
    };
    field.addEventListener("input", sift);
    sift();
  });

  // data-print, data-copy="id": a button that prints, or copies the text of an element.
  all("[data-print]", (b) => { b.hidden = false; b.addEventListener("click", () => print()); });
  all("[data-copy]", (b) => {
    const from = document.getElementById(b.dataset.copy);
    if (!from || !navigator.clipboard) return;
    b.hidden = false;
    b.addEventListener("click", () => navigator.clipboard.writeText(from.dataset.text ?? from.textContent.trim()).then(() => { if (b.dataset.copied) b.textContent = b.dataset.copied; }));
  });

  // A second press of a button does not send a form twice, unless it brings a file (data-download) and the page stays;
  // coming back to the page frees it again.
  all("form", (form) => form.addEventListener("submit", (e) => {
    if (form.dataset.sent) e.preventDefault(); else if (!("download" in form.dataset)) form.dataset.sent = "yes";
  }));
  addEventListener("pageshow", () => all("form[data-sent]", (form) => delete form.dataset.sent));

  // data-autosubmit: a form that only carries an answer onwards.
  document.querySelector("form[data-autosubmit]")?.requestSubmit();
})();
