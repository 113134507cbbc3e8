/**
 * What a frame of the screen has brought: nothing but time, something to read, or so much that nobody could read it. Drawings that
 * move follow each frame; the others need not be drawn when nothing happened, and in a rush only so often (elements/base.js).
 *
 * @typedef {'time' | 'rush' | 'news'} Change news: also whatever a person did
 */

/** More events in one frame than these are a rush, which dies away in some frames: events come in bursts. */
const RUSH_EVENTS = 4;
const FADES = 0.9;

export class Rush {
  constructor() {
    /** How many events there were lately in one frame. */
    this.events = 0;
  }

  /** @param {number} count events in this frame; negative: it went back @returns {Change} */
  frame(count) {
    this.events = Math.max(count, this.events * FADES);
    if (count === 0) return 'time';
    return count > 0 && this.events > RUSH_EVENTS ? 'rush' : 'news';
  }
}
