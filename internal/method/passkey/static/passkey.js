// Speaks to the browser's passkeys for the forms marked data-passkey: "get" and "create" when they are sent, "offer"
// when the browser fills in a username. Nothing leaves the page but the form itself.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

  // The options came as JSON (Web Authentication, 5.1.8 and 5.1.9); buffers are base64url there.
  const read = (json) => {
    const options = JSON.parse(json);
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    if (options.allowCredentials) options.allowCredentials = named(options.allowCredentials);
    if (options.excludeCredentials) options.excludeCredentials = named(options.excludeCredentials);
    return options;
  };

  // And so they go back (5.1.7).
  const write = (key) => {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (key.response[part]) response[part] = text(key.response[part]);
    }
    if (key.response.getTransports) response.transports = key.response.getTransports();
    return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response, clientExtensionResults: {},
      authenticatorAttachment: key.authenticatorAttachment ?? undefined });
  };

  const send = (form, key) => {
    form.elements.answer.value = write(key);
    form.requestSubmit();
  };

  // What became of it is said beside the button; the form can be sent again.
  const say = (form, what) => form.querySelectorAll("[data-said]").forEach((el) => { el.hidden = el.dataset.said !== what; });

  const ask = async (form) => {
    say(form, "");
    const options = { publicKey: read(form.dataset.options) };
    try {
      send(form, form.dataset.passkey === "create" ? await navigator.credentials.create(options) : await navigator.credentials.get(options));
    } catch (fault) {
      say(form, fault.name === "InvalidStateError" ? "known" : "failed");
    }
  };

  const offer = async (form) => {
    if (!await PublicKeyCredential.isConditionalMediationAvailable?.()) return;
    const leaving = new AbortController();
    document.addEventListener("submit", (e) => { if (e.target !== form) leaving.abort(); });
    try {
      send(form, await navigator.credentials.get({ publicKey: read(form.dataset.options), mediation: "conditional", signal: leaving.signal }));
    } catch { /* not taken up */ }
  };

  const able = Boolean(window.PublicKeyCredential && navigator.credentials);
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    if (!able) return;
    if (form.dataset.passkey === "offer") { offer(form); return; }
    document.querySelectorAll("[data-able]").forEach((el) => { el.hidden = el.dataset.able === "no"; });
    form.addEventListener("submit", (e) => {
      if (form.elements.answer.value) return;
      e.preventDefault();
      delete form.dataset.sent;
      ask(form);
    });
  });
})();
