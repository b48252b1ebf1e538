// Checks a receipt of the ledger, in the browser and without asking anybody. It is the counterpart of
// `kapu verify receipt`, says the same of every receipt, and is short enough to be read by whoever wants to trust it.
//
//   kapuReceipt.check(text, { keys, witnesses, need }) → { doubt, proven }
//
// doubt is "" for a genuine receipt, "unvouched" or "unwitnessed" for one that nobody (or too few) vouch for, else why
// it proves nothing: "format", "head", "signature", "witness", "place", "entry", "value"; "unsupported" if this browser
// cannot check signatures.
"use strict";
globalThis.kapuReceipt = (() => {
  class Doubt extends Error {}
  const doubt = (why) => { throw new Doubt(why); };

  const utf8 = (text) => new TextEncoder().encode(text);
  const join = (...parts) => Uint8Array.from(parts.flatMap((p) => [...p]));
  const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
  const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const write64 = (bytes) => btoa(String.fromCharCode(...bytes));
  const write64url = (bytes) => write64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

  // Base64 can say the same in several ways; only one of them counts.
  const read64 = (text) => {
    try {
      const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      return write64(bytes) === text ? bytes : null;
    } catch { return null; }
  };
  const read64url = (text) => {
    if (/[^A-Za-z0-9_-]/.test(text)) return null;
    return read64(text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - text.length % 4) % 4));
  };

  const longest = 64 << 10; // characters of a receipt
  const fields = { version: "number", leaf: "string", position: "number", proof: "object", checkpoint: "string", disclosures: "object" };

  const read = (text) => {
    let r;
    try { r = JSON.parse(text); } catch { doubt("format"); }
    const named = (r) => r && typeof r === "object" && !Array.isArray(r) && Object.keys(r).length === Object.keys(fields).length;
    if (text.length > longest || !named(r)) doubt("format");
    for (const [name, type] of Object.entries(fields)) if (!Object.hasOwn(r, name) || typeof r[name] !== type) doubt("format");
    const texts = (list) => list === null || Array.isArray(list) && list.every((item) => typeof item === "string");
    if (r.version !== 1 || !Number.isSafeInteger(r.position) || !texts(r.proof) || !texts(r.disclosures)) doubt("format");
    return { ...r, proof: r.proof ?? [], disclosures: r.disclosures ?? [] };
  };

  // A key is name+hash+base64 of one byte for its use and 32 for the key itself; the hash is of name and key.
  const ofLedger = 1, ofWitness = 4;
  const readKey = async (text, use) => {
    const [, name, hash, key64] = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
    const key = key64 && read64(key64);
    if (!key || key.length !== 33 || key[0] !== use) throw new TypeError("not a key: " + text);
    const id = (await sha256(join(utf8(name + "\n"), key))).slice(0, 4);
    if ([...id].map((b) => b.toString(16).padStart(2, "0")).join("") !== hash) throw new TypeError("not a key: " + text);
    return { name, id, use, key: await crypto.subtle.importKey("raw", key.slice(1), { name: "Ed25519" }, false, ["verify"]) };
  };

  // A note is a text, an empty line, and signatures: "— name base64(4 bytes of the key's hash, signature)".
  const readNote = (note) => {
    const end = note.lastIndexOf("\n\n"), lines = note.slice(end + 2);
    if (end < 0 || !lines.endsWith("\n") || /[\u0000-\u0009\u000b-\u001f]/.test(note)) doubt("head");
    const signatures = lines.slice(0, -1).split("\n").map((line) => {
      const [, name, text] = /^— ([^\s+]+) (\S+)$/.exec(line) ?? [], raw = text && read64(text);
      if (!raw || raw.length < 5) doubt("head");
      return { name, id: raw.slice(0, 4), bytes: raw.slice(4) };
    });
    if (signatures.length > 100) doubt("head");
    return { text: note.slice(0, end + 1), signatures };
  };

  const verify = (key, bytes, text) => crypto.subtle.verify({ name: "Ed25519" }, key.key, bytes, text);

  // The keys that have signed the note. One that pretends to have is reason enough to believe nothing.
  const signers = async (note, keys, forged) => {
    const found = [];
    for (const s of note.signatures) {
      const key = keys.find((k) => k.name === s.name && same(k.id, s.id));
      if (!key || found.some((f) => f.key === key)) continue;
      let text = utf8(note.text), bytes = s.bytes, at = null;
      if (key.use === ofWitness) { // a witness signs the moment, too: 8 bytes before its signature
        if (bytes.length !== 72) doubt(forged);
        at = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0);
        if (at >= 1n << 63n) doubt(forged);
        text = join(utf8(`cosignature/v1\ntime ${at}\n`), text);
        bytes = bytes.slice(8);
      }
      if (!await verify(key, bytes, text)) doubt(forged);
      found.push({ key, at });
    }
    return found;
  };

  // The head of the tree: whose, how many entries, their root, when it was signed.
  const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
  const isMoment = (text) => moment.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text;
  const readHead = (text) => {
    const [origin, size, root64, signed, rest, ...more] = text.split("\n"), root = root64 && read64(root64);
    if (more.length || rest !== "" || !/^(0|[1-9]\d*)$/.test(size) || root?.length !== 32 || !isMoment(signed)) doubt("head");
    if (!Number.isSafeInteger(Number(size))) doubt("head");
    return { origin, size: Number(size), root, signed };
  };

  // RFC 9162, 2.1.3.2: the path leads from the entry to the root.
  const stands = async (r, head) => {
    let at = r.position, last = head.size - 1, hash = await sha256(join([0], utf8(r.leaf)));
    if (at < 0 || at > last) return false;
    const half = () => { at = Math.floor(at / 2); last = Math.floor(last / 2); };
    for (const text of r.proof) {
      const beside = read64(text);
      if (beside?.length !== 32 || last === 0) return false;
      if (at % 2 === 1 || at === last) {
        hash = await sha256(join([1], beside, hash));
        while (at % 2 === 0 && at !== 0) half();
      } else {
        hash = await sha256(join([1], hash, beside));
      }
      half();
    }
    return last === 0 && same(hash, head.root);
  };

  const readLeaf = (text) => {
    let leaf;
    try { leaf = JSON.parse(text); } catch { doubt("entry"); }
    if (!leaf || typeof leaf !== "object" || !isMoment(leaf.at) || typeof leaf.id !== "string") doubt("entry");
    return leaf;
  };

  // The entry commits to hidden values by their hashes (RFC 9901, 4.2); each value shown must be one of them.
  const values = async (r, leaf) => {
    const shown = {}, personal = leaf.personal ?? {};
    let person = "";
    for (const d of r.disclosures) {
      let parts;
      try { parts = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(read64url(d))); } catch { doubt("value"); }
      if (!Array.isArray(parts) || parts.length !== 3 || typeof parts[1] !== "string") doubt("value");
      const [, name, value] = parts, digest = write64url(await sha256(utf8(d)));
      if (name === "person" && digest === leaf.person) person = value;
      else if (Object.hasOwn(personal, name) && personal[name] === digest) shown[name] = value;
      else doubt("value");
    }
    return { person, shown };
  };

  const prove = async (text, keys, witnesses, need) => {
    const r = read(text), note = readNote(r.checkpoint);
    const by = await signers(note, keys, "signature"), head = readHead(note.text);
    if (keys.length && (!by.length || by[0].key.name !== head.origin)) doubt("signature");
    const seen = await signers(note, witnesses, "witness");
    if (!await stands(r, head)) doubt("place");
    const leaf = readLeaf(r.leaf), { person, shown } = await values(r, leaf);
    const proven = {
      id: leaf.id, at: leaf.at, kind: leaf.kind, person, fields: { ...leaf.public, ...shown }, place: r.position + 1,
      origin: head.origin, size: head.size, signed: head.signed,
      witnesses: seen.map(({ key, at }) => ({ name: key.name, at: new Date(Number(at) * 1000).toISOString() })),
    };
    return { proven, doubt: !keys.length ? "unvouched" : seen.length < need ? "unwitnessed" : "" };
  };

  const supported = async () => {
    try { return !!await crypto.subtle.importKey("raw", new Uint8Array(32).fill(0, 0, 32), { name: "Ed25519" }, false, ["verify"]); } catch (e) { return e?.name === "DataError"; }
  };

  return {
    // A key that is none is a TypeError; everything that is wrong with the receipt is a doubt.
    async check(text, { keys = [], witnesses = [], need = 0 } = {}) {
      if (!await supported()) return { doubt: "unsupported" };
      const ledger = await Promise.all(keys.map((k) => readKey(k, ofLedger)));
      const outside = await Promise.all(witnesses.map((k) => readKey(k, ofWitness)));
      try {
        return await prove(text, ledger, outside, need);
      } catch (e) {
        if (e instanceof Doubt) return { doubt: e.message };
        throw e;
      }
    },
  };
})();
