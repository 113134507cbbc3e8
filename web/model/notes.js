/**
 * What is written beside one node's lifeline: calls and states, in order. Of a hundred thousand there is room for a few dozen; they are
 * found without going through the others.
 *
 * @typedef {import('./types.js').Note} Note
 */
import { TimeList, firstNot } from './time-index.js';

/** How far apart two stand. */
const LINE_PX = 15;
/** A note begins so far below the moment it is of. */
const BELOW_PX = { state: 10, call: 4 };
/** Pushed down further than this, it would stand beside something else. */
const DRIFT_MAX_PX = 4 * LINE_PX;
/** Pushed down further than this, the same word again says nothing; where it stands by itself it is less, however it is rounded. */
const SAME_PX = 5;

export class Notes {
  constructor() {
    /** @type {Note[]} */
    this.list = [];
    this.times = new TimeList();
    /** Where another text begins than that of the note before. @type {number[]} */
    this.turns = [];
    /** The lane that is farthest out. */
    this.lanes = 0;
  }

  /** @param {Note} note */
  add(note) {
    if (this.list.at(-1)?.text !== note.text) this.turns.push(this.list.length);
    this.list.push(note);
    this.times.add(note.t_us, note.id);
  }

  /** @param {number} keep the last event that is kept */
  forget(keep) {
    this.times.forget(keep);
    this.list.length = this.times.length;
    this.turns.length = firstNot(this.turns.length, (i) => this.turns[i] < this.list.length);
  }

  /** Where the next one stands that says something else. @param {number} at */
  #turnAfter(at) {
    return this.turns[firstNot(this.turns.length, (i) => this.turns[i] <= at)] ?? this.list.length;
  }

  /**
   * Those that have room, and how far down: pushed down where they would cover each other, left out where that is too far. Of one
   * recv() after another the first says it.
   * @param {[number, number]} seen times in view @param {(t_us: number) => number} y
   * @param {{cursor_id: number, opening_id: number}} until opening_id: calls up to that event are not told
   */
  placed([from_us, to_us], y, { cursor_id, opening_id }) {
    /** @type {{note: Note, at_px: number}[]} */
    const placed = [];
    let free = -Infinity;
    let before = '';
    for (let i = this.times.before(from_us); i < this.list.length && this.list[i].t_us <= to_us; i++) {
      const note = this.list[i];
      if (note.id > cursor_id) break;
      if (note.id <= opening_id && note.kind === 'call') continue;
      const at = y(note.t_us);
      const at_px = Math.max(at + BELOW_PX[note.kind], free);
      const drift = at_px - at;
      if (drift > DRIFT_MAX_PX) i = Math.max(i, this.#firstAt(free - DRIFT_MAX_PX, y) - 1);
      else if (drift > SAME_PX && note.text === before) i = Math.max(i, Math.min(this.#firstAt(free - SAME_PX, y), this.#turnAfter(i)) - 1);
      else {
        free = at_px + LINE_PX;
        before = note.text;
        placed.push({ note, at_px });
      }
    }
    return placed;
  }

  /** The first one whose moment stands there or below. @param {number} px @param {(t_us: number) => number} y */
  #firstAt(px, y) {
    return firstNot(this.times.length, (i) => y(this.times.times[i]) < px);
  }
}
