/**
 * Copies of a lab's memory along a run and its branches, for going back in time. They share pages, and what all their
 * pages take is bounded: when it would be more, every second snapshot is dropped and the distance between them doubled,
 * so that they lie evenly over the whole run and going back stays quick however long it is.
 *
 *   0    1    2    3    4    5    6    7         work done (events and steps), in units of `between`
 *   o    o    o    o    o    o    o    o         full
 *   o         o         o         o              thinned
 */
/** @typedef {import('./image.js').Image} Image */
/** @typedef {import('./image.js').Page} Page */

/**
 * Where in a run a lab is.
 * @typedef {object} Position
 * @property {number} step how many things the lab has done
 * @property {number} t_us its clock
 * @property {number} applied how many actions of the log were done
 * @property {number} event the last event's id
 */

/** @typedef {Position & {branch: number, image: Image}} Snapshot */

/**
 * A stretch of a branch: all of it up to `end`, which null leaves open.
 * @typedef {{branch: number, end: Position | null}} Stretch
 */

/** With the log of a hundred thousand events, 6 MiB, and what surrounds both, a history stays below 64 MiB. */
const BYTES_MAX = 44 << 20;
/** Where the log is longer snapshots have less, so that both stay below 64 MiB; what comes until the next look at it is left. */
const ALL_BYTES_MAX = 63 << 20;
const SNAPSHOTS_MAX = 160;
const WORK_BETWEEN = 1024;

/** @param {Position} position what running there takes */
const workOf = ({ step, event }) => step + event;

/**
 * Is `a` not after `b`, on the way of one run?
 * @param {Position} a
 * @param {Position} b
 */
export const isUpTo = (a, b) => a.step <= b.step && a.applied <= b.applied && a.t_us <= b.t_us;

export class Snapshots {
  /** @type {Snapshot[]} of all branches, each in order of time; the first is the beginning */
  #list = [];
  /** @type {Map<Uint8Array, number>} pages that are kept, with how many snapshots have each */
  #pages = new Map();
  #bytes = 0;
  #between;
  #betweenAtFirst;
  #bytesMax;
  #countMax;

  /** @param {{bytesMax?: number, countMax?: number, between?: number}} [bounds] */
  constructor({ bytesMax = BYTES_MAX, countMax = SNAPSHOTS_MAX, between = WORK_BETWEEN } = {}) {
    this.#bytesMax = bytesMax;
    this.#countMax = countMax;
    this.#between = between;
    this.#betweenAtFirst = between;
  }

  get count() {
    return this.#list.length;
  }

  /** What all pages take, each counted once. */
  get bytes() {
    return this.#bytes;
  }

  /** The beginning of all runs. */
  get first() {
    return this.#list[0];
  }

  /** How much work may lie between two. */
  get between() {
    return this.#between;
  }

  /**
   * Is it worth keeping one here?
   * @param {Position} position
   * @param {Stretch[]} path the way from the beginning to here
   */
  wants(position, path) {
    const before = this.#last(path, () => true);
    return !before || workOf(position) >= workOf(before) + this.#between;
  }

  /**
   * Keeps one, later than all of its branch.
   * @param {Snapshot} snapshot
   */
  add(snapshot) {
    this.#list.push(snapshot);
    for (const page of snapshot.image.pages) if (page) this.#hold(page);
    this.fit(0);
  }

  /**
   * Makes room: drops some when there are too many.
   * @param {number} beside bytes that the events take
   */
  fit(beside) {
    const bytesMax = Math.min(this.#bytesMax, ALL_BYTES_MAX - beside);
    while (this.#list.length > this.#countMax || (this.#bytes > bytesMax && this.#list.length > 2)) this.#thin();
  }

  /**
   * The last one on a way whose clock was not past `t_us` and that is not past a position.
   * @param {number} t_us
   * @param {Stretch[]} path
   * @param {Position | null} [limit]
   * @returns {Snapshot | null}
   */
  before(t_us, path, limit = null) {
    return this.#last(path, (snapshot) => snapshot.t_us <= t_us && (!limit || isUpTo(snapshot, limit)));
  }

  /**
   * Drops those of a branch, or gives those up to a position to another one.
   * @param {number} branch
   * @param {{branch: number, end: Position} | null} [heir]
   */
  drop(branch, heir = null) {
    for (const snapshot of this.#list)
      {if (heir && snapshot.branch === branch && isUpTo(snapshot, heir.end)) snapshot.branch = heir.branch;}
    this.#keepOnly((snapshot) => snapshot.branch !== branch);
  }

  /** Drops all but the beginning. */
  clear() {
    const [first] = this.#list;
    this.#keepOnly((snapshot) => snapshot === first);
    this.#between = this.#betweenAtFirst;
  }

  /**
   * @param {Stretch[]} path
   * @param {(snapshot: Snapshot) => boolean} isWanted
   */
  #last(path, isWanted) {
    const ends = new Map(path.map(({ branch, end }) => [branch, end]));
    let found = null;
    for (const snapshot of this.#list) {
      const end = ends.get(snapshot.branch);
      if (end === undefined || (end && !isUpTo(snapshot, end)) || !isWanted(snapshot)) continue;
      if (!found || isUpTo(found, snapshot)) found = snapshot;
    }
    return found;
  }

  /** Drops every second of each branch. */
  #thin() {
    /** @type {Map<number, number>} */
    const seen = new Map();
    const root = this.first.branch;
    this.#keepOnly(({ branch }) => {
      const index = seen.get(branch) ?? 0;
      seen.set(branch, index + 1);
      return index % 2 === (branch === root ? 0 : 1); // the beginning stays; other branches can do without theirs
    });
    this.#between *= 2;
  }

  /** @param {(snapshot: Snapshot) => boolean} isKept */
  #keepOnly(isKept) {
    const kept = this.#list.filter(isKept);
    const dropped = new Set(this.#list);
    for (const snapshot of kept) dropped.delete(snapshot);
    for (const { image } of dropped) for (const page of image.pages) if (page) this.#release(page);
    this.#list = kept;
  }

  /** @param {Uint8Array} page */
  #hold(page) {
    const count = this.#pages.get(page) ?? 0;
    if (count === 0) this.#bytes += page.length;
    this.#pages.set(page, count + 1);
  }

  /** @param {Uint8Array} page */
  #release(page) {
    const count = /** @type {number} */ (this.#pages.get(page)) - 1;
    if (count > 0) this.#pages.set(page, count);
    else {
      this.#pages.delete(page);
      this.#bytes -= page.length;
    }
  }
}
