/**
 * Copies of a lab's memory, for going back in time. An image has many megabytes, but little of it changes between two
 * of them: it is kept in pages, and pages that are as they were in the image before, or all zero, are not kept again.
 *
 * There are never more than a fixed number. When there would be, every second one is dropped and the distance between
 * them doubled, so that they lie evenly over the whole run and going back stays quick however long it is.
 */

/**
 * Where in a run a lab is.
 * @typedef {object} Position
 * @property {number} step how many things the lab has done
 * @property {number} t_us its clock
 * @property {number} applied how many actions of the log were done
 * @property {number} event the last event's id
 */

/** @typedef {Position & {len: number, pages: (Uint8Array | null)[]}} Snapshot */

const PAGE_BYTES = 16384;
const SNAPSHOTS_MAX = 48;
const STEPS_BETWEEN = 1024;

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
 * @param {Uint8Array | null | undefined} before
 * @returns {Uint8Array | null}
 */
function keepPage(page, before) {
  const words = wordsOf(page);
  if (before && isSame(words, wordsOf(before))) return before;
  return isZero(words) ? null : page.slice();
}

/**
 * Is `a` not after `b`, on the way of one run?
 * @param {Position} a
 * @param {Position} b
 */
const isUpTo = (a, b) => a.step <= b.step && a.applied <= b.applied && a.t_us <= b.t_us;

export class Snapshots {
  /** @type {Snapshot[]} in order of time; the first is the beginning */
  #list = [];
  #stepsBetween = STEPS_BETWEEN;

  get count() {
    return this.#list.length;
  }

  /**
   * Is it worth keeping one here?
   * @param {Position} position
   */
  wants({ step }) {
    const before = this.#list.at(-1);
    return !before || step >= before.step + this.#stepsBetween;
  }

  /**
   * Keeps one, later than all before.
   * @param {Position} position
   * @param {Uint8Array} image borrowed; a multiple of 16 in length and address
   */
  add(position, image) {
    const before = this.#list.at(-1);
    const pages = [];
    for (let at = 0; at < image.length; at += PAGE_BYTES) {
      const page = image.subarray(at, Math.min(at + PAGE_BYTES, image.length));
      pages.push(keepPage(page, before?.pages[pages.length]));
    }
    this.#list.push({ ...position, len: image.length, pages });
    if (this.#list.length > SNAPSHOTS_MAX) {
      this.#list = this.#list.filter((_, index) => index % 2 === 0);
      this.#stepsBetween *= 2;
    }
  }

  /**
   * The last one whose clock was not past `t_us`.
   * @param {number} t_us
   * @returns {Snapshot | null}
   */
  before(t_us) {
    return this.#list.filter((snapshot) => snapshot.t_us <= t_us).at(-1) ?? null;
  }

  /**
   * Drops those after a position: from there on things will go differently.
   * @param {Position} position
   */
  dropAfter(position) {
    this.#list = this.#list.filter((snapshot) => isUpTo(snapshot, position));
  }
}

/**
 * Writes a snapshot's image out.
 * @param {Snapshot} snapshot
 * @param {Uint8Array} into at least `snapshot.len` bytes
 */
export function writeImage({ len, pages }, into) {
  pages.forEach((page, index) => {
    const at = index * PAGE_BYTES;
    if (page) into.set(page, at);
    else into.fill(0, at, Math.min(at + PAGE_BYTES, len));
  });
}
