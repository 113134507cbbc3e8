/**
 * What a frame of the screen has brought: nothing but time, something to read, or so much that nobody could read it. Drawings that
 * move follow each frame; the others need not be drawn when nothing happened, and in a rush only so often (elements/base.js).
 *
 * @typedef {'time' | 'rush' | 'news'} Change news: also whatever a person did
 */

/** More events in one frame than these are a rush, which dies away in some frames: events come in bursts. */
const RUSH_EVENTS = 4;
const FADES = 0.9;
/** Calm ones are drawn this often in a rush: ten times a second. */
const CALM_MS = 100;
/** So many of those that are not drawn in each frame are drawn in one of a rush, so that none takes long. */
export const CALM_AT_ONCE = 2;

/** What is made anew while time goes on takes so small a part of it. */
const TIMES_WHAT_IT_TOOK = 25;

/** How often to make such a thing: seldom when it takes long. @param {number} every_ms at the most @param {number} took_ms */
export const howOften = (every_ms, took_ms) => Math.max(every_ms, took_ms * TIMES_WHAT_IT_TOOK);

export class Rush {
  constructor() {
    /** How many events there were lately in one frame. */
    this.events = 0;
    /** How many may still be drawn in this frame that need not be. */
    this.room = CALM_AT_ONCE;
  }

  /** May one that is calm be drawn now? @param {Change} change @param {number} waited_ms since it was drawn last */
  mayDraw(change, waited_ms) {
    return change === 'news' || (waited_ms >= CALM_MS && this.room-- > 0);
  }

  /** @param {number} count events in this frame; negative: it went back @returns {Change} */
  frame(count) {
    this.events = Math.max(count, this.events * FADES);
    if (count === 0) return 'time';
    return count > 0 && this.events > RUSH_EVENTS ? 'rush' : 'news';
  }
}
