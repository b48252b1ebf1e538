// Earns the right to send a form while it is filled in: finds a number whose SHA-256, after the form's nonce and a
// point, begins with so many zero bits. Without this script, or on a very slow machine, waiting earns the same.
"use strict";
(function () {
  var form = document.querySelector("form[data-nonce]");
  if (!form || !form.getAttribute("data-nonce")) return;
  var prefix = form.getAttribute("data-nonce") + ".", bits = Number(form.getAttribute("data-bits"));
  var goes = form.hasAttribute("data-wait"), sent = false;

  function send() {
    if (sent) return;
    sent = true;
    if (form.requestSubmit) form.requestSubmit(); else form.submit();
  }

  // FIPS 180-4, 4.2.2: the first 32 bits of the fractions of the cube roots of the first 64 primes; 5.3.3: of the
  // square roots of the first eight.
  function fraction(root) { return ((root - Math.floor(root)) * 4294967296) | 0; }
  var K = [], H = [];
  for (var candidate = 2; K.length < 64; candidate++) {
    var prime = true;
    for (var d = 2; d * d <= candidate; d++) if (candidate % d === 0) prime = false;
    if (!prime) continue;
    if (H.length < 8) H.push(fraction(Math.sqrt(candidate)));
    K.push(fraction(Math.pow(candidate, 1 / 3)));
  }

  var W = [];
  // The first 32 bits of the hash of a text of at most 55 ASCII characters: one block (FIPS 180-4, 6.2.2).
  function hash(text) {
    var i, n = text.length;
    for (i = 0; i < 16; i++) W[i] = 0;
    for (i = 0; i < n; i++) W[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
    W[n >> 2] |= 0x80 << (24 - 8 * (n & 3));
    W[15] = 8 * n;
    for (i = 16; i < 64; i++) {
      var x = W[i - 15], y = W[i - 2];
      W[i] = (W[i - 16] + W[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) +
        ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)) | 0;
    }
    var a = H[0], b = H[1], c = H[2], e = H[4], f = H[5], g = H[6], h = H[7], k = H[3];
    for (i = 0; i < 64; i++) {
      var t = (h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + W[i]) | 0;
      var u = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c)) | 0;
      h = g; g = f; f = e; e = (k + t) | 0; k = c; c = b; b = a; a = (t + u) | 0;
    }
    return (a + H[0]) >>> 0;
  }

  var tried = 0, enough = bits >= 32 ? 1 : Math.pow(2, 32 - bits), last = 9999999999;
  // A slice is short, so that typing stays smooth.
  function slice() {
    var stop = Date.now() + 15;
    do {
      for (var i = 0; i < 200 && tried <= last; i++, tried++) {
        if (hash(prefix + tried) < enough) {
          form.elements.work.value = String(tried);
          if (goes) send();
          return;
        }
      }
    } while (Date.now() < stop);
    if (tried <= last) setTimeout(slice, 1);
  }
  slice();
  if (goes) setTimeout(send, 1000 * Number(form.getAttribute("data-wait")));
})();
