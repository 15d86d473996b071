// @ts-check
/** SHA-256 by the browser; over plain http, where the browser keeps it from pages, by FIPS 180-4. */

/** @param {ArrayBuffer} bytes @returns {Promise<string>} in hexadecimal */
export async function sha256(bytes) {
  const digest = globalThis.crypto?.subtle ? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)) : digestOf(new Uint8Array(bytes));
  return [...digest].map((b) => b.toString(16).padStart(2, "0")).join("");
}

/** @param {number} power @param {number} n */
function primeBits(power, n) {
  return Math.floor((n ** power % 1) * 2 ** 32) | 0;
}

/** @param {Uint8Array} message @returns {Uint8Array} */
export function digestOf(message) {
  const primes = /** @type {number[]} */ ([]);
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((p) => n % p)) primes.push(n);
  const k = primes.map((p) => primeBits(1 / 3, p));
  const state = primes.slice(0, 8).map((p) => primeBits(1 / 2, p));
  const padded = new Uint8Array(((message.length + 8 >> 6) + 1) << 6);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(message.length / 2 ** 29));
  view.setUint32(padded.length - 4, message.length << 3);
  const w = new Int32Array(64);
  const rotate = (/** @type {number} */ x, /** @type {number} */ n) => (x >>> n) | (x << (32 - n));
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i += 1) w[i] = view.getInt32(at + i * 4);
    for (let i = 16; i < 64; i += 1) {
      const s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >>> 3);
      const s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const t1 = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0;
      const t2 = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => { state[i] = (state[i] + value) | 0; });
  }
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((value, i) => out.setInt32(i * 4, value));
  return new Uint8Array(out.buffer);
}
