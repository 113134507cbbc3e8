/**
 * What a frame of the screen has brought, and who is drawn in it. What a person did is drawn at once, by all. What comes as time
 * goes on is drawn by what moves, each time; the others wait for their turn, the longest first, so many in a frame as there is
 * time for. In a rush, when so much comes that nobody could read it, each of them is drawn only so often, and what moves but takes
 * long has its own frames, too.
 *
 *   frame of the screen   |  1      2      3      4      5             in a rush  |  0  1  2  3  4  5
 *   what moves            |  x      x      x      x      x      beat 0b0101       |  x     x     x
 *   calm                  |  a b    c             a b           beat 0b0010       |     x           x
 *                            c takes long: it is drawn alone    calm 0b1000       |           x
 *
 * While a hand drags time along, each frame brings much, and what moves has frames of its own as well: the stage and the ladder in turns.
 *
 * @typedef {'time' | 'flow' | 'drag' | 'news'} Change time: nothing happened; flow: something did; drag: a hand goes through time; news: also whatever
 *   else a person did
 *
 * @typedef {object} Calm an element that need not be drawn in each frame
 * @property {number} shown_ms when it was drawn last
 * @property {number} took_ms how long that took
 * @property {() => void} requestUpdate
 */

/** More events in one frame than these are a rush, which dies away in some frames: events come in bursts. */
const RUSH_EVENTS = 4;
const FADES = 0.9;
/** Calm ones are drawn this often in a rush: ten times a second. */
const CALM_MS = 100;
const CALM_BEAT = 0b1000;
/** They have so much of one frame; one that needs more has it alone. What they write must be laid out and painted as well. */
const ROOM_MS = 1.5;

export class Rush {
  constructor() {
    /** How many events there were lately in one frame. */
    this.events = 0;
    this.frames = 0;
    /** Those that have something to show, the longest first. @type {Set<Calm>} */
    this.waiting = new Set();
  }

  /** @param {number} count events in this frame; negative: it went back @returns {Change} */
  frame(count) {
    this.events = Math.max(count, this.events * FADES);
    this.frames++;
    if (count === 0) return 'time';
    return count > 0 ? 'flow' : 'news';
  }

  /** So much comes that nobody could read it. */
  get isRush() {
    return this.events > RUSH_EVENTS;
  }

  /** Is something drawn in this frame? In a rush only in some of four. @param {number} beat a bit for each of them */
  moves(beat) {
    return !this.isRush || ((beat >> (this.frames % 4)) & 1) > 0;
  }

  /** A frame of the screen is there: some of those that wait are drawn in it. @param {number} now_ms */
  draw(now_ms) {
    if (!this.moves(CALM_BEAT)) return;
    const every_ms = this.isRush ? CALM_MS : 0;
    let room_ms = ROOM_MS;
    for (const each of this.waiting) {
      if (now_ms - each.shown_ms < every_ms) continue;
      if (each.took_ms > room_ms && room_ms < ROOM_MS) continue;
      room_ms -= each.took_ms;
      this.waiting.delete(each);
      each.requestUpdate();
      if (room_ms <= 0) return;
    }
  }
}
