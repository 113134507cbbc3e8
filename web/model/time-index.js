/**
 * Growing lists that can be asked what lies in a stretch of time without looking at all of them.
 *
 * `TimeList` holds moments in order. `SpanIndex` holds spans, nearly in order of their beginnings, whose ends may still
 * change; above them stand blocks of blocks with the earliest beginning and the latest end of what is in each:
 *
 *   level 1   [ 0 .. 90 ]        [ 70 .. 180 ]        a block whose span misses the stretch is passed over whole
 *   level 0   0-20 10-90 30-40   70-80 100-180 ...
 */

/** A typed array with room for one more. @param {Float64Array} array @param {number} length */
function roomy(array, length) {
  if (length < array.length) return array;
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** The first of `count` for which it is not so: what is so comes before. @param {number} count @param {(i: number) => boolean} isSo */
export function firstNot(count, isSo) {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSo(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Moments, each not before the last, and the events that they are of. */
export class TimeList {
  constructor() {
    /** @type {Float64Array} */
    this.times = new Float64Array(16);
    /** @type {Float64Array} */
    this.ids = new Float64Array(16);
    this.length = 0;
  }

  /** @param {number} t_us @param {number} id */
  add(t_us, id) {
    this.times = roomy(this.times, this.length);
    this.ids = roomy(this.ids, this.length);
    this.times[this.length] = t_us;
    this.ids[this.length++] = id;
  }

  /** How many are before a time; what is near to what is known is found soon. @param {number} t_us @param {number} [known] so many are */
  before(t_us, known = 0) {
    let step = 1;
    for (; known + step <= this.length && this.times[known + step - 1] < t_us; step *= 2) known += step;
    return known + firstNot(Math.min(step, this.length - known), (i) => this.times[known + i] < t_us);
  }

  /** Forgets those of later events. @param {number} keep the last event that is kept */
  forget(keep) {
    this.length = firstNot(this.length, (i) => this.ids[i] <= keep);
  }
}

const FAN = 32;

/** @template T */
export class SpanIndex {
  constructor() {
    /** @type {T[]} */
    this.items = [];
    /** The events that put them here. @type {number[]} */
    this.ids = [];
    /** Beginnings and ends, and above them those of blocks. @type {{from: Float64Array, to: Float64Array, length: number}[]} */
    this.levels = [];
  }

  get length() {
    return this.items.length;
  }

  /** @param {T} item @param {number} from @param {number} to @param {number} id @returns {number} its place */
  add(item, from, to, id) {
    const place = this.items.push(item) - 1;
    this.ids.push(id);
    this.#put(0, place, from, to);
    return place;
  }

  /** Gives a span another beginning or end. @param {number} place @param {number} from @param {number} to */
  set(place, from, to) {
    this.#put(0, place, from, to);
  }

  /** Forgets those of later events. @param {number} keep the last event that is kept */
  forget(keep) {
    let length = firstNot(this.length, (i) => this.ids[i] <= keep);
    if (length === this.length) return;
    this.items.length = this.ids.length = length;
    this.levels.forEach((level, i) => {
      level.length = length;
      length = Math.ceil(length / FAN);
      if (i + 1 < this.levels.length && level.length > 0) {
        this.levels[i + 1].length = length;
        this.#sum(i, length - 1);
      }
    });
  }

  /** @param {number} level @param {number} at @param {number} from @param {number} to */
  #put(level, at, from, to) {
    const here = (this.levels[level] ??= { from: new Float64Array(FAN), to: new Float64Array(FAN), length: 0 });
    here.from = roomy(here.from, at);
    here.to = roomy(here.to, at);
    here.from[at] = from;
    here.to[at] = to;
    here.length = Math.max(here.length, at + 1);
    if (this.levels[level + 1]) this.#sum(level, Math.floor(at / FAN));
    else for (let block = 0; here.length > FAN && block * FAN < here.length; block++) this.#sum(level, block);
  }

  /** Works out a block anew. @param {number} level @param {number} block */
  #sum(level, block) {
    const { from, to, length } = this.levels[level];
    let first = Infinity;
    let last = -Infinity;
    for (let i = block * FAN; i < Math.min(length, (block + 1) * FAN); i++) {
      if (from[i] < first) first = from[i];
      if (to[i] > last) last = to[i];
    }
    this.#put(level + 1, block, first, last);
  }

  /**
   * What touches a stretch of time, in the order in which it was added.
   * @param {number} from @param {number} to
   * @param {number} [most] when there is more, nothing is given
   * @returns {T[] | null}
   */
  touching(from, to, most = Infinity) {
    /** @type {T[]} */
    const found = [];
    return this.#find(this.levels.length - 1, 0, { from, to, most, found }) ? found : null;
  }

  /**
   * @param {number} level @param {number} block whose members are looked at
   * @param {{from: number, to: number, most: number, found: T[]}} search
   * @returns {boolean} false: there are too many
   */
  #find(level, block, search) {
    const here = this.levels[level];
    if (!here) return true;
    for (let i = block * FAN; i < Math.min(here.length, (block + 1) * FAN); i++) {
      if (here.from[i] > search.to || here.to[i] < search.from) continue;
      if (level > 0) {
        if (!this.#find(level - 1, i, search)) return false;
      } else if (search.found.push(this.items[i]) > search.most) return false;
    }
    return true;
  }
}
