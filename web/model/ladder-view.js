/**
 * What of a run the ladder shows: how large, and from where. No DOM; an element tells it its size and what hands do, and
 * draws what it says.
 *
 *   paper  0 ............ top ......... top + height ............ paper_px      where things stand, in pixels
 *   scroll 0 ..... scroll_top .......................... scroll room           less than paper when that is very long
 *
 * @typedef {import('./activity.js').Activity} Activity
 * @typedef {'follow' | 'fit' | 'free'} Mode follow: "now" stays in view; fit: all is in view; free: stays where it was put
 */
import { Activity as NoActivity } from './activity.js';
import { Axis, Folds, fitScale } from './axis.js';

/** 20 ms, the first scenario's delay, are this high. */
export const PX_PER_US = 88 / 20_000;
const SCALE_MAX = PX_PER_US * 256;
/** A short run that is fitted is not blown up beyond this. */
const FIT_MAX = PX_PER_US * 4;
const PAD = { top: 20, heads: 20, bottom: 60 };
/** Between these "now" is let wander while it is followed. */
const FOLLOW_TOP_PX = 40;
const FOLLOW_PART = 0.72;
/** Browsers do not make elements of any height; beyond this, scrolling covers more than it shows. */
const PAPER_PX_MAX = 8_000_000;
/** What is fitted is fitted again only when it has grown by one part in so many: else all would move at each frame. */
const FIT_PARTS = 16;

export class LadderView {
  constructor() {
    this.height = 400;
    /** Are there names above the lifelines? */
    this.has_heads = false;
    this.top = 0;
    this.px_per_us = PX_PER_US;
    /** @type {Mode} */
    this.mode = 'follow';
    this.folds = new Folds(new NoActivity(), PX_PER_US);
    this.axis = new Axis(this.folds, 0);
    this.now_us = 0;
    this.end_us = 0;
  }

  get pad_top() {
    return PAD.top + (this.has_heads ? PAD.heads : 0);
  }

  get #room() {
    return Math.max(60, this.height - this.pad_top - PAD.bottom);
  }

  /** The smallest scale worth having: all is in view. @param {Activity} activity @param {number} end_us */
  #least(activity, end_us) {
    return Math.min(FIT_MAX, fitScale(activity, fitEnd(Math.max(end_us, activity.end_us, 1)), this.#room, true));
  }

  /**
   * Lays the run out for this moment.
   * @param {Activity} activity @param {number} end_us how far it is known @param {number} now_us
   */
  lay(activity, end_us, now_us) {
    if (this.mode === 'fit') this.px_per_us = this.#least(activity, end_us);
    if (this.folds.activity !== activity || this.folds.px_per_us !== this.px_per_us) this.folds = new Folds(activity, this.px_per_us);
    this.axis = new Axis(this.folds, end_us, { now_us });
    this.now_us = now_us;
    this.end_us = end_us;
    if (this.mode === 'follow') this.#follow();
    this.top = Math.min(Math.max(0, this.top), this.paper_px - this.height);
  }

  /** "Now" is let wander in the middle, and the paper moves when it would leave. */
  #follow() {
    const y = this.axis.toPx(this.now_us) + this.pad_top;
    if (y < this.top + FOLLOW_TOP_PX) this.top = y - this.height * 0.3;
    else if (y > this.top + this.height * FOLLOW_PART) this.top = y - this.height * FOLLOW_PART;
  }

  /** All of the paper. */
  get paper_px() {
    return this.mode === 'fit' ? this.height : Math.max(this.height, this.axis.length_px + this.pad_top + PAD.bottom);
  }

  /** How high the element is that is scrolled. */
  get scroll_px() {
    return Math.min(this.paper_px, PAPER_PX_MAX);
  }

  /** How much of the paper one pixel of scrolling is. */
  get stretch() {
    const room = this.scroll_px - this.height;
    return room > 0 ? (this.paper_px - this.height) / room : 1;
  }

  get scroll_top() {
    return this.top / this.stretch;
  }

  /** The element was scrolled by hand, or by what this said. @param {number} scroll_top @returns {boolean} whether anything moves */
  scrolled(scroll_top) {
    if (Math.abs(scroll_top - this.scroll_top) < 1) return false;
    this.top = scroll_top * this.stretch;
    this.mode = 'free';
    return true;
  }

  /** @param {number} by_px down the paper */
  pan(by_px) {
    this.top = Math.min(Math.max(0, this.top + by_px), this.paper_px - this.height);
    if (this.mode === 'follow') this.mode = 'free';
  }

  /**
   * Larger or smaller; what is at a place of the view stays there.
   * @param {number} factor @param {number} [at_px] from the view's top; else "now" stays, or the middle when "now" is out of view
   */
  zoom(factor, at_px) {
    const { activity } = this.folds;
    const now_px = this.axis.toPx(this.now_us) + this.pad_top - this.top;
    const anchor_px = at_px ?? (now_px >= 0 && now_px <= this.height ? now_px : this.height / 2);
    const anchor_us = this.axis.toUs(anchor_px + this.top - this.pad_top);
    if (this.mode === 'fit') this.mode = 'free';
    this.px_per_us = Math.min(SCALE_MAX, Math.max(this.#least(activity, this.end_us), this.px_per_us * factor));
    const { mode } = this;
    this.mode = 'free';
    this.lay(activity, this.end_us, this.now_us);
    this.top = Math.min(Math.max(0, this.axis.toPx(anchor_us) + this.pad_top - anchor_px), this.paper_px - this.height);
    const now = this.y(this.now_us);
    const isHeld = at_px === undefined || (now >= FOLLOW_TOP_PX && now <= this.height * FOLLOW_PART);
    this.mode = isHeld ? mode : 'free'; // a hand that looks elsewhere is not to be pulled back
  }

  /** Where a time stands in the view. @param {number} t_us */
  y(t_us) {
    return this.axis.toPx(t_us) + this.pad_top - this.top;
  }

  /** The times that can be seen, with some more on both sides. @param {number} [more_px] @returns {[number, number]} */
  seen(more_px = 60) {
    const top = this.top - this.pad_top;
    return [this.axis.toUs(top - more_px), this.axis.toUs(top + this.height + more_px)];
  }
}

/** A little more than the end, so that it need not change for each event. @param {number} end_us */
function fitEnd(end_us) {
  const step = 2 ** Math.floor(Math.log2(end_us)) / FIT_PARTS;
  return Math.ceil(end_us / step) * step;
}
