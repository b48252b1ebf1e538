// Copies the drawings the pages use out of lucide-static into ../icons, under our names, without what a page does not need.
import { readFileSync, writeFileSync, mkdirSync, copyFileSync } from "node:fs";

const drawings = {
  lock: "lock", key: "key-round", card: "id-card", face: "scan-face", phone: "phone", mobile: "smartphone", mail: "mail", user: "user-round",
  users: "users-round", check: "check", cross: "x", warning: "triangle-alert", info: "info", search: "search",
  print: "printer", next: "arrow-right", previous: "arrow-left", home: "house", clock: "clock", desk: "landmark",
  shield: "shield-check", external: "external-link", signature: "signature", building: "building-2", document: "file-text",
  trash: "trash-2", plus: "plus", globe: "globe", camera: "camera", eye: "eye", receipt: "receipt-text",
  ban: "ban", refresh: "refresh-cw", download: "download", edit: "pencil", fingerprint: "fingerprint-pattern", usb: "usb",
  video: "video", question: "circle-question-mark", calendar: "calendar", inbox: "inbox", bell: "bell", keyboard: "keyboard",
  history: "history", qr: "qr-code", copy: "copy", app: "shield-ellipsis", pin: "map-pin", coins: "coins", passkey: "key-square",
};

const from = new URL("node_modules/lucide-static/", import.meta.url);
const to = new URL(`${process.argv[2] ?? "../icons"}/`, `file://${process.cwd()}/`);
mkdirSync(to, { recursive: true });
for (const [name, drawing] of Object.entries(drawings)) {
  const inner = readFileSync(new URL(`icons/${drawing}.svg`, from), "utf8")
    .replace(/^[\s\S]*?<svg[\s\S]*?>\s*/, "").replace(/\s*<\/svg>\s*$/, "").replace(/\n\s*/g, "");
  writeFileSync(new URL(`${name}.svg`, to), `<svg class="kapu-icon" viewBox="0 0 24 24" width="24" height="24" fill="none" ` +
    `stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${inner}</svg>`);
}
copyFileSync(new URL("LICENSE", from), new URL("LICENSE", to));
