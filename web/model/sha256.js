/**
 * SHA-256 (FIPS 180-4), for comparing what was sent with what arrived. The browser's own is only there on secure
 * origins, and the lab must also work from a plain http:// address.
 */

/** The first 32 bits of the fractional part of a prime's root. @param {(prime: number) => number} root @param {number} count */
function rootBits(root, count) {
  const bits = [];
  for (let n = 2; bits.length < count; n++) {
    let isPrime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) isPrime = false;
    if (isPrime) bits.push(Math.floor((root(n) % 1) * 2 ** 32) >>> 0);
  }
  return new Uint32Array(bits);
}

const K = rootBits(Math.cbrt, 64);
const START = rootBits(Math.sqrt, 8);

/** @param {number} x @param {number} n */
const rotate = (x, n) => (x >>> n) | (x << (32 - n));

/** @param {Uint32Array} hash @param {DataView} view @param {number} at @param {Uint32Array} w */
function block(hash, view, at, w) {
  for (let i = 0; i < 16; i++) w[i] = view.getUint32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >>> 3);
    const s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >>> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = hash;
  for (let i = 0; i < 64; i++) {
    const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + big1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => (hash[i] += value));
}

/** A sum that is worked out piece by piece. */
export class Sha256 {
  constructor() {
    this.hash = START.slice();
    this.words = new Uint32Array(64);
    /** What does not fill a block yet. */
    this.rest = new Uint8Array(0);
    this.len = 0;
  }

  /** @param {Uint8Array} bytes the next piece */
  update(bytes) {
    const all = new Uint8Array(this.rest.length + bytes.length);
    all.set(this.rest);
    all.set(bytes, this.rest.length);
    const view = new DataView(all.buffer);
    const whole = all.length - (all.length % 64);
    for (let at = 0; at < whole; at += 64) block(this.hash, view, at, this.words);
    this.rest = all.slice(whole);
    this.len += bytes.length;
  }

  /** @returns {string} 64 hex digits; nothing is added any more */
  digest() {
    const padding = new Uint8Array((this.rest.length < 56 ? 64 : 128) - this.rest.length);
    padding[0] = 0x80;
    new DataView(padding.buffer).setBigUint64(padding.length - 8, BigInt(this.len) * 8n);
    this.update(padding);
    return [...this.hash].map((word) => word.toString(16).padStart(8, '0')).join('');
  }
}
