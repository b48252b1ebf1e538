// The page that checks a receipt: what is typed or chosen goes to kapuReceipt and nowhere else.
"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const box = at("checker"), verdict = at("verdict"), facts = at("facts");
  if (!box) return;
  box.hidden = false;

  const words = (why) => at("words").querySelector(`[data-why="${why}"]`).textContent;
  const lines = (id) => at(id).value.split("\n").map((l) => l.trim()).filter(Boolean);
  const row = (name, value) => {
    if (value === undefined || value === null || value === "") return;
    const line = document.createElement("div"), key = document.createElement("dt"), text = document.createElement("dd");
    line.className = "govuk-summary-list__row";
    key.className = "govuk-summary-list__key";
    text.className = "govuk-summary-list__value kapu-hash";
    key.textContent = name;
    text.textContent = Array.isArray(value) ? value.join(", ") : String(value);
    line.append(key, text);
    facts.append(line);
  };

  const show = ({ doubt, proven }) => {
    const good = doubt === "", half = ["unvouched", "unwitnessed", "unsupported", "key"].includes(doubt);
    verdict.className = "portal-verdict " + (good ? "portal-verdict--good" : half ? "portal-verdict--half" : "portal-verdict--bad");
    verdict.textContent = words(doubt || "genuine");
    verdict.dataset.doubt = doubt;
    facts.replaceChildren();
    facts.hidden = !proven;
    if (!proven) return;
    const named = (id) => at("words").querySelector(`[data-name="${id}"]`).textContent;
    row(named("kind"), proven.kind);
    row(named("at"), new Date(proven.at).toLocaleString(document.documentElement.lang));
    for (const [name, value] of Object.entries(proven.fields)) row(name, value);
    row(named("person"), proven.person);
    row(named("id"), proven.id);
    row(named("ledger"), proven.origin);
    row(named("place"), `${proven.place} / ${proven.size}`);
    row(named("signed"), new Date(proven.signed).toLocaleString(document.documentElement.lang));
    for (const w of proven.witnesses) row(named("witness"), `${w.name}, ${new Date(w.at).toLocaleString(document.documentElement.lang)}`);
  };

  const check = async () => {
    verdict.removeAttribute("data-doubt");
    verdict.textContent = "";
    try {
      show(await kapuReceipt.check(at("receipt").value, { keys: lines("keys"), witnesses: lines("witnesses"), need: Number(at("need").value) || 0 }));
    } catch (e) {
      show({ doubt: e instanceof TypeError ? "key" : "unsupported" });
    }
    verdict.focus();
  };

  at("go").addEventListener("click", check);
  at("file").addEventListener("change", async (e) => {
    const [file] = e.target.files;
    if (!file) return;
    at("receipt").value = file.size > 1 << 20 ? "" : await file.text();
    check();
  });
})();
