/**
 * The lab's memory as pages: copied out, and put back in place. Of its many megabytes only a few change between two
 * copies, and a page that did not is shared by both.
 *
 *   0             trace ring        frame ring                          len
 *   |====|--------------------|:::::::::::::::::|=======================|
 *    looked through  left out   what was written  looked through
 *
 * Two rings make up most of it, and nothing is ever changed in them, only added. Of the ring of frames, the pages that
 * were written since the last copy are known without looking. The ring of events is left out altogether: all its
 * records are in the EventLog, which makes it anew (fillRing()).
 */
/** @typedef {import('./module.js').LabModule} LabModule */

/** Small enough that pages are shared, large enough that lists of them are short. */
export const PAGE_BYTES = 8192;

/** @typedef {Uint8Array | null} Page null: all zero, or not kept here */

/**
 * A copy of the memory.
 * @typedef {object} Image
 * @property {number} len in bytes
 * @property {number} captured bytes ever written to the ring of frames
 * @property {Page[]} pages
 */

/**
 * What became of a copy: its pages that are others than before, by number.
 * @typedef {{len: number, captured: number, count: number, pages: [number, Page][]}} Changes
 */

/**
 * @param {Image} image
 * @param {Image} base
 * @returns {Changes}
 */
export function changesOf({ len, captured, pages }, base) {
  const numbered = pages.map((page, index) => /** @type {[number, Page]} */ ([index, page]));
  return { len, captured, count: pages.length, pages: numbered.filter(([index, page]) => page !== base.pages[index]) };
}

/**
 * The copy that changes lead to, from an equal base.
 * @param {Image} base
 * @param {Changes} changes
 * @returns {Image}
 */
export function withChanges(base, { len, captured, count, pages }) {
  const all = base.pages.slice(0, count);
  for (const [index, page] of pages) all[index] = page;
  return { len, captured, pages: all };
}

/** @param {Uint8Array} page its address and length divide by 4, as those of images do */
const wordsOf = (page) => new Uint32Array(page.buffer, page.byteOffset, page.byteLength >> 2);

/** @param {Uint32Array} words */
function isZero(words) {
  for (let i = 0; i < words.length; i++) if (words[i] !== 0) return false;
  return true;
}

/**
 * @param {Uint32Array} a
 * @param {Uint32Array} b
 */
function isSame(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * @param {Uint8Array} page
 * @param {Page | undefined} before
 * @returns {Page}
 */
function keepPage(page, before) {
  const words = wordsOf(page);
  if (before && isSame(words, wordsOf(before))) return before;
  return isZero(words) ? null : page.slice();
}

/** A stretch of the image that is a ring. */
class Ring {
  /**
   * @param {number} from in the image
   * @param {number} len
   */
  constructor(from, len) {
    this.from = from;
    this.len = len;
  }

  /** Does the page lie wholly inside? @param {number} page */
  holds(page) {
    const at = page * PAGE_BYTES;
    return at >= this.from && at + PAGE_BYTES <= this.from + this.len;
  }

  /**
   * Was anything of the page written, when the ring's end went from one place to another?
   * @param {number} page which lies inside
   * @param {number} begin bytes ever written before
   * @param {number} end bytes ever written now
   */
  isWritten(page, begin, end) {
    if (end - begin >= this.len) return true;
    const at = page * PAGE_BYTES - this.from;
    const first = (begin % this.len) - at;
    const last = first + (end - begin);
    return (first < PAGE_BYTES && last > 0) || last - this.len > 0;
  }
}

export class LabMemory {
  #module;
  #events;
  #frames;

  /**
   * @param {LabModule} module with a lab in it
   * @param {number} recordBytes of an event
   */
  constructor(module, recordBytes) {
    this.#module = module;
    const place = (/** @type {'lab_api_trace_ring' | 'lab_api_capture_ring'} */ name) => (module.call(name) >>> 0) - this.#at;
    this.#events = new Ring(place('lab_api_trace_ring'), (module.call('lab_api_trace_capacity') >>> 0) * recordBytes);
    this.#frames = new Ring(place('lab_api_capture_ring'), module.call('lab_api_capture_capacity') >>> 0);
  }

  get #at() {
    return this.#module.call('lab_api_image') >>> 0;
  }

  get #len() {
    return this.#module.call('lab_api_image_len') >>> 0;
  }

  /** All of it. Borrowed: valid until the next call. */
  get bytes() {
    const at = this.#at;
    return this.#module.bytes.subarray(at, at + this.#len);
  }

  /** All of it in 16 hexadecimal digits. */
  hash() {
    return this.#module.hash(this.#at, this.#len);
  }

  /**
   * Copies it.
   * @param {Image | null} base what was last copied, or put back: since then the ring of frames has only been added to
   * @returns {Image}
   */
  copy(base) {
    const bytes = this.bytes;
    const captured = this.#module.call('lab_api_capture_end');
    /** @type {Page[]} */
    const pages = [];
    for (let page = 0, at = 0; at < bytes.length; page++, at += PAGE_BYTES) {
      if (this.#events.holds(page)) pages.push(null);
      else if (base && this.#frames.holds(page) && !this.#frames.isWritten(page, base.captured, captured)) pages.push(base.pages[page]);
      else pages.push(keepPage(bytes.subarray(at, Math.min(at + PAGE_BYTES, bytes.length)), base?.pages[page]));
    }
    return { len: bytes.length, captured, pages };
  }

  /**
   * Puts a copy back, all but the ring of events.
   * @param {Image} image
   * @param {Image | null} base as in copy(): its frames need not be written where they are the same
   */
  putBack(image, base) {
    const at = this.#at;
    const len = this.#len;
    const captured = this.#module.call('lab_api_capture_end');
    const { bytes } = this.#module;
    image.pages.forEach((page, index) => {
      if (this.#events.holds(index)) return;
      const isThere = base && this.#frames.holds(index) && page === base.pages[index] && !this.#frames.isWritten(index, base.captured, captured);
      if (isThere) return;
      const from = at + index * PAGE_BYTES;
      if (page) bytes.set(page, from);
      else bytes.fill(0, from, Math.min(from + PAGE_BYTES, at + image.len));
    });
    if (len > image.len) bytes.fill(0, at + image.len, at + len);
  }
}
