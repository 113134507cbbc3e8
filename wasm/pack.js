/**
 * Records of one size in few bytes: each as what differs from the last one of its kind, word by word. Most words of an event are
 * 0, the same as before, or a little more, so a record of 64 bytes takes about 14.
 *
 *   kind, 1 to 3 bytes | which words differ, 2 | the differences, 1 to 5 each
 *
 * Numbers have 7 bits in each byte, the lowest first; the last byte is below 128. A difference is twice its amount, and one more
 * below zero.
 */

/** A mask of two bytes has a bit for each. */
const WORDS_MAX = 16;

/** @param {number} words of a record */
const worst = (words) => 3 + 2 + 5 * words;

export class Packer {
  #words;
  #kind;
  /** The last record of each kind. @type {Uint32Array[]} */
  #last = [];

  /**
   * @param {number} recordBytes
   * @param {number} kindAt where its kind stands, two bytes, the low half of a word
   */
  constructor(recordBytes, kindAt) {
    this.#words = recordBytes / 4;
    this.#kind = kindAt / 4;
    if (this.#words > WORDS_MAX || !Number.isInteger(this.#kind)) throw new TypeError('records of this layout cannot be packed');
  }

  /** @param {number} kind */
  #before(kind) {
    return (this.#last[kind] ??= new Uint32Array(this.#words));
  }

  /**
   * @param {Uint8Array} records whole ones, at a place that divides by 4
   * @returns {Uint8Array}
   */
  pack(records) {
    const words = new Uint32Array(records.buffer, records.byteOffset, records.length / 4);
    const packed = new Uint8Array((words.length / this.#words) * worst(this.#words));
    let end = 0;
    const put = (/** @type {number} */ number) => {
      for (; number > 127; number >>>= 7) packed[end++] = number | 128;
      packed[end++] = number;
    };
    this.#last = [];
    for (let at = 0; at < words.length; at += this.#words) {
      const kind = words[at + this.#kind] & 0xffff;
      const before = this.#before(kind);
      put(kind);
      const mask = end;
      end += 2;
      let differ = 0;
      for (let i = 0; i < this.#words; i++) {
        const difference = (words[at + i] - before[i]) | 0;
        if (difference === 0) continue;
        differ |= 1 << i;
        put(((difference << 1) ^ (difference >> 31)) >>> 0);
        before[i] = words[at + i];
      }
      packed[mask] = differ;
      packed[mask + 1] = differ >> 8;
    }
    return packed.slice(0, end);
  }

  /**
   * @param {Uint8Array} packed
   * @param {number} bytes of all records
   * @returns {Uint8Array}
   */
  unpack(packed, bytes) {
    const words = new Uint32Array(bytes / 4);
    let at = 0;
    const take = () => {
      let number = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = packed[at++];
        number |= (byte & 127) << shift;
        if (byte < 128) return number >>> 0;
      }
    };
    this.#last = [];
    for (let place = 0; place < words.length; place += this.#words) {
      const before = this.#before(take());
      const differ = packed[at++] | (packed[at++] << 8);
      for (let i = 0; i < this.#words; i++) {
        if (differ & (1 << i)) {
          const number = take();
          before[i] += (number >>> 1) ^ -(number & 1);
        }
      }
      words.set(before, place);
    }
    return new Uint8Array(words.buffer);
  }
}
