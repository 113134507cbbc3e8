/**
 * When something happens in a run: stretches of time, joined where they touch, with silence between. It grows with the run; a
 * new one costs no more at its end than at its beginning.
 */

import { firstNot } from './time-index.js';

/** So many of the longest silences are known by length: an axis that fits a screen folds no more than these. */
const LONGEST = 64;

export class Activity {
  constructor() {
    this.from = new Float64Array(16);
    this.to = new Float64Array(16);
    /** Stretches; the first is the beginning of time. */
    this.count = 1;
    /** How many stretches were left each time when some were joined: silences from there on are not the same as before. @type {number[]} */
    this.cuts = [];
    /** The longest silences, longest first; each stands before the stretch `before`. @type {{before: number, us: number}[]} */
    this.longest = [];
  }

  /** When the last one ends. */
  get end_us() {
    return this.to[this.count - 1];
  }

  /**
   * Something happens from here to there. It must not end before the last one begins.
   * @param {number} from_us @param {number} to_us
   */
  add(from_us, to_us) {
    const before = this.count;
    while (this.count > 0 && from_us <= this.to[this.count - 1]) {
      const last = --this.count;
      if (this.from[last] < from_us) from_us = this.from[last];
      if (this.to[last] > to_us) to_us = this.to[last];
    }
    const at = this.count++;
    const isSame = at === before - 1 && this.from[at] === from_us;
    if (at === this.from.length) this.#grow();
    this.from[at] = from_us;
    this.to[at] = to_us;
    if (isSame) return;
    if (at < before) {
      this.cuts.push(at);
      this.longest = this.longest.filter((each) => each.before < at);
    }
    if (at > 0) this.#note(at);
  }

  #grow() {
    for (const name of /** @type {const} */ (['from', 'to'])) {
      const larger = new Float64Array(this[name].length * 2);
      larger.set(this[name]);
      this[name] = larger;
    }
  }

  /** @param {number} before a stretch that is new */
  #note(before) {
    const us = this.from[before] - this.to[before - 1];
    const { longest } = this;
    if (longest.length === LONGEST && longest[LONGEST - 1].us >= us) return;
    let at = longest.length;
    while (at > 0 && longest[at - 1].us < us) at--;
    longest.splice(at, 0, { before, us });
    longest.length = Math.min(longest.length, LONGEST);
  }

  /** The silence that a time lies in: the number of the stretch after it; -1: it lies in none. @param {number} t_us */
  silenceAt(t_us) {
    const after = firstNot(this.count, (i) => this.to[i] < t_us);
    return after === this.count || this.from[after] > t_us ? after : -1;
  }
}

/** Something happens in either. @param {Activity} a @param {Activity} b */
export function bothActive(a, b) {
  const both = new Activity();
  for (let i = 0, k = 0; i < a.count || k < b.count; ) {
    if (k >= b.count || (i < a.count && a.from[i] <= b.from[k])) both.add(a.from[i], a.to[i++]);
    else both.add(b.from[k], b.to[k++]);
  }
  return both;
}
