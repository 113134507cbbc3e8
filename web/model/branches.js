/**
 * The runs that there are of a lab: each time something is done in the past, another one begins, and the one before is kept as far
 * as it was known. The engine has them as branches (wasm/branches.js); here is what a page needs of them: their events, drawn as those
 * of the current one are, their names, and where two of them part.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 * @typedef {{id: number, log: LabEvent[], record: RunRecord | null, index: RunIndex | null}} Kept
 * @typedef {{t_us: number, here: LabEvent | null, there: LabEvent | null}} Difference the first thing with a sentence that differs
 */
import { hasSentence } from './narrate.js';
import { RunRecord } from './record.js';
import { RunIndex } from './run-index.js';
import { firstNot } from './time-index.js';

export class Branches {
  /** @param {import('../../wasm/engine.js').Lab} lab @param {import('./timeline.js').Timeline} timeline */
  constructor(lab, timeline) {
    this.lab = lab;
    this.timeline = timeline;
    this.current = this.#engineNow;
    /** Those that are not current. @type {Map<number, Kept>} */
    this.kept = new Map();
    /** @type {Map<number, string>} */
    this.names = new Map();
    /** The one that stands beside the current one; -1: none. */
    this.beside = -1;
    /** How far two were compared, and what was found. @type {{key: string, at: number, found: Difference | null}} */
    this.compared = { key: '', at: 0, found: null };
    timeline.leaving = (log) => this.#keep(log);
  }

  get #engineNow() {
    return this.lab.branches.find(({ is_current }) => is_current)?.id ?? 0;
  }

  /** All that can be shown, by number. @returns {{id: number, parent: number | null, fork_us: number}[]} */
  get all() {
    const list = this.lab.branches.filter(({ id }) => id === this.current || this.kept.has(id));
    return list.map(({ id, parent, fork }) => ({ id, parent, fork_us: fork.t_us }));
  }

  /** The run so far is about to lose its future. @param {LabEvent[]} log */
  #keep(log) {
    this.kept.set(this.current, { id: this.current, log: log.slice(), record: null, index: null });
  }

  /** Something was done: is it another run now? It then stands beside the one before. */
  did() {
    const now = this.#engineNow;
    if (now === this.current) return;
    const before = this.current;
    if (!this.kept.has(before)) this.#keep(this.timeline.log);
    this.current = now;
    this.kept.delete(now);
    this.beside = before;
  }

  /** The engine went to another run by itself: what was done last was taken back, or brought back. */
  moved() {
    this.current = this.#engineNow;
    this.kept.delete(this.current);
    if (!this.kept.has(this.beside)) this.beside = -1;
  }

  /** Begins another run at the cursor. @param {(action: () => void) => void} act */
  branch(act) {
    act(() => void this.lab.branch());
  }

  /** Goes to another run, at the same time. @param {number} id */
  switchTo(id) {
    if (id === this.current) return;
    const { cursor } = this.timeline;
    const { t_us } = cursor;
    const before = this.current;
    this.#keep(this.timeline.log);
    const tip_us = this.lab.branches.find((each) => each.id === id)?.tip_us ?? t_us;
    this.timeline.leap(() => {
      this.lab.switchTo(id, { t_us: Math.max(tip_us, Math.round(t_us)) });
      return this.#shared();
    });
    this.timeline.seek(t_us);
    this.current = id;
    this.kept.delete(id);
    if (this.beside === id || this.beside >= 0) this.beside = before;
  }

  /** How many events the page has that are the engine's, too, from the first on. */
  #shared() {
    const { log } = this.timeline;
    const events = /** @type {LabEvent[]} */ (/** @type {unknown} */ (this.lab.events()));
    return firstNot(Math.min(events.length, log.length), (i) => events[i] === log[i]);
  }

  /** Shows one no more. @param {number} id not the current one */
  drop(id) {
    this.kept.delete(id);
    this.names.delete(id);
    if (this.beside === id) this.beside = -1;
  }

  /** @param {number} id @param {string} name '' its number again */
  rename(id, name) {
    if (name.trim()) this.names.set(id, name.trim());
    else this.names.delete(id);
  }

  /** The run beside, as a drawing needs it, and how far it is by the cursor's time. */
  get other() {
    const kept = this.kept.get(this.beside);
    if (!kept) return null;
    if (!kept.record || !kept.index) {
      kept.record = new RunRecord();
      kept.index = new RunIndex(kept.record);
      for (const event of kept.log) {
        kept.record.add(event);
        kept.index.add(event);
      }
    }
    const { t_us } = this.timeline.cursor;
    const cursor = { t_us, id: firstNot(kept.log.length, (i) => kept.log[i].t_us <= t_us) };
    return { id: kept.id, record: kept.record, index: kept.index, cursor, end_us: kept.log.at(-1)?.t_us ?? 0 };
  }

  /** Where the current run and the one beside it part, as far as both are known; null: not yet, or nothing can be told. @returns {Difference | null} */
  get difference() {
    const kept = this.kept.get(this.beside);
    if (!kept) return null;
    const { log } = this.timeline;
    const key = `${this.current} ${this.beside}`;
    if (this.compared.key !== key) this.compared = { key, at: 0, found: null };
    if (this.compared.found) return this.compared.found;
    const both = Math.min(log.length, kept.log.length);
    let { at } = this.compared;
    while (at < both && isSame(log[at], kept.log[at])) at++;
    this.compared.at = at;
    if (at === both) return null;
    const told = (/** @type {LabEvent[]} */ events, /** @type {number} */ from) => {
      for (let i = from; i < events.length; i++) if (hasSentence(events[i])) return i;
      return events.length;
    };
    let [i, j] = [told(log, at), told(kept.log, at)];
    while (i < log.length && j < kept.log.length && isLike(log[i], kept.log[j])) [i, j] = [told(log, i + 1), told(kept.log, j + 1)];
    const [here, there] = [log[i] ?? null, kept.log[j] ?? null];
    const t_us = Math.min(here?.t_us ?? Infinity, there?.t_us ?? Infinity);
    if (here && there) this.compared.found = { t_us, here, there };
    return Number.isFinite(t_us) ? { t_us, here, there } : null;
  }
}

/** Up to where they part two runs have the same objects; what was run again is compared. @param {LabEvent} a @param {LabEvent} b */
const isSame = (a, b) => a === b || Object.keys(a).every((key) => a[key] === b[key]);

/** Do they tell the same? Their places in the two runs may differ. @param {LabEvent} a @param {LabEvent} b */
const isLike = (a, b) => isSame({ ...a, id: b.id, cause: b.cause }, b);
