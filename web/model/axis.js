/**
 * The time axis: true to scale where something happens, folded where nothing does.
 *
 *   busy |---------|               |-----|
 *   axis |=========|~~ 59.8 s ~~   |=====|      a fold is drawn as one, with what it leaves out
 *
 * A minute of TIME_WAIT beside a handshake of 60 ms would otherwise leave either of them invisible.
 *
 * Folds between what has happened are found once for each scale (`Folds`) and added to as the run grows. An `Axis` is made anew
 * for each moment and costs next to nothing: it lays out only the silence that "now" stands in, and the one at the end.
 *
 * @typedef {import('./activity.js').Activity} Activity
 * @typedef {{from_us: number, to_us: number, from_px: number, to_px: number, folded: boolean}} Piece
 */
import { firstNot } from './time-index.js';

/** Quiet stretches longer than this on the screen are folded ... */
const FOLD_OVER_PX = 150;
/** ... to this; and this much on each side of what happens stays true to scale. */
const FOLD_PX = 36;
const MARGIN_PX = 22;

/** The folds of a run at a scale. */
export class Folds {
  /** @param {Activity} activity @param {number} px_per_us */
  constructor(activity, px_per_us) {
    this.activity = activity;
    this.px_per_us = px_per_us;
    /** How far silences were looked at, and how often such were filled by then. */
    this.looked = 1;
    this.cuts = activity.cuts.length;
    /** @type {Piece[]} */
    this.list = [];
    /** Which silence each one is. @type {number[]} */
    this.before = [];
    this.extend();
  }

  /** Looks at what has come since the last time. */
  extend() {
    const { activity, list, before } = this;
    for (; this.cuts < activity.cuts.length; this.cuts++) this.looked = Math.min(this.looked, Math.max(1, activity.cuts[this.cuts]));
    while (before.length > 0 && before[before.length - 1] >= this.looked) {
      before.pop();
      list.pop();
    }
    const margin_us = MARGIN_PX / this.px_per_us;
    const least_us = FOLD_OVER_PX / this.px_per_us + 2 * margin_us;
    for (; this.looked < activity.count; this.looked++) {
      const from_us = activity.to[this.looked - 1];
      const to_us = activity.from[this.looked];
      if (to_us - from_us <= least_us) continue;
      const from_px = this.toPx(from_us + margin_us);
      list.push({ from_us: from_us + margin_us, to_us: to_us - margin_us, from_px, to_px: from_px + FOLD_PX, folded: true });
      before.push(this.looked);
    }
    return this;
  }

  /** @param {number} t_us */
  toPx(t_us) {
    const { list } = this;
    const at = firstNot(list.length, (i) => list[i].to_us < t_us);
    const fold = list[at];
    if (fold && t_us > fold.from_us) return along(fold, t_us);
    const last = list[at - 1];
    return last ? last.to_px + (t_us - last.to_us) * this.px_per_us : t_us * this.px_per_us;
  }

  /** @param {number} px */
  toUs(px) {
    const { list } = this;
    const at = firstNot(list.length, (i) => list[i].to_px < px);
    const fold = list[at];
    if (fold && px > fold.from_px) return back(fold, px);
    const last = list[at - 1];
    return last ? last.to_us + (px - last.to_px) / this.px_per_us : px / this.px_per_us;
  }
}

/** @param {Piece} piece @param {number} t_us */
function along({ from_us, to_us, from_px, to_px }, t_us) {
  return to_us > from_us ? from_px + ((t_us - from_us) / (to_us - from_us)) * (to_px - from_px) : from_px;
}

/** @param {Piece} piece @param {number} px */
function back({ from_us, to_us, from_px, to_px }, px) {
  return to_px > from_px ? from_us + ((px - from_px) / (to_px - from_px)) * (to_us - from_us) : from_us;
}

/** A silence that is laid out for this moment only. */
class Silence {
  /** @param {number} from_us @param {number} from_px @param {number} px_per_us */
  constructor(from_us, from_px, px_per_us) {
    this.from_us = this.to_us = from_us;
    this.from_px = this.to_px = from_px;
    this.px_per_us = px_per_us;
    /** @type {Piece[]} */
    this.pieces = [];
  }

  /** Goes on to a time, folded if that is long. @param {number} to_us @param {boolean} [mayFold] */
  go(to_us, mayFold = false) {
    if (to_us <= this.to_us) return this;
    const px = (to_us - this.to_us) * this.px_per_us;
    const folded = mayFold && px > FOLD_OVER_PX;
    const piece = { from_us: this.to_us, to_us, from_px: this.to_px, to_px: this.to_px + (folded ? FOLD_PX : px), folded };
    this.pieces.push(piece);
    this.to_us = to_us;
    this.to_px = piece.to_px;
    return this;
  }
}

export class Axis {
  /**
   * @param {Folds} folds those of the run, at the scale
   * @param {number} end_us the axis goes from 0 to here at least
   * @param {{now_us?: number, folds_end?: boolean}} [how] now_us: a moment that stands in no fold; folds_end: whether the
   *   quiet after everything may be folded, too
   */
  constructor(folds, end_us, { now_us = 0, folds_end = true } = {}) {
    this.folds = folds.extend();
    this.px_per_us = folds.px_per_us;
    const { activity } = folds;
    const margin_us = MARGIN_PX / this.px_per_us;
    /** @type {Silence[]} */
    this.laid = [];
    const silence = activity.silenceAt(now_us);
    if (silence >= 0 && silence < activity.count) {
      const to_us = activity.from[silence];
      this.#begin(activity.to[silence - 1] ?? 0, margin_us, now_us)
        .go(to_us - margin_us, true)
        .go(to_us);
    }
    const last_us = activity.end_us;
    const isAfter = silence === activity.count;
    const end = this.#begin(last_us, margin_us, isAfter ? now_us : -1);
    if (folds_end || isAfter) end.go(end_us, folds_end);
    else end.go(end_us);
    this.length_px = this.toPx(Math.max(end_us, last_us + margin_us));
  }

  /** A silence from a time on, with what "now" keeps free in it. @param {number} from_us @param {number} margin_us @param {number} now_us -1: it is elsewhere */
  #begin(from_us, margin_us, now_us) {
    const silence = new Silence(from_us, this.toPx(from_us), this.px_per_us).go(from_us + margin_us);
    this.laid.push(silence);
    return now_us < 0 ? silence : silence.go(now_us - margin_us, true).go(now_us + margin_us);
  }

  /** How far what comes after a laid silence has moved. @param {Silence} silence */
  #shift(silence) {
    return silence.to_px - this.folds.toPx(silence.to_us);
  }

  /** @param {number} t_us */
  toPx(t_us) {
    for (let i = this.laid.length - 1; i >= 0; i--) {
      const silence = this.laid[i];
      if (t_us < silence.from_us || silence.pieces.length === 0) continue;
      if (t_us > silence.to_us) return this.folds.toPx(t_us) + this.#shift(silence);
      const { pieces } = silence;
      return along(pieces[firstNot(pieces.length - 1, (k) => pieces[k].to_us < t_us)], t_us);
    }
    return this.folds.toPx(t_us);
  }

  /** @param {number} px */
  toUs(px) {
    for (let i = this.laid.length - 1; i >= 0; i--) {
      const silence = this.laid[i];
      if (px < silence.from_px || silence.pieces.length === 0) continue;
      if (px > silence.to_px) return this.folds.toUs(px - this.#shift(silence));
      const { pieces } = silence;
      return back(pieces[firstNot(pieces.length - 1, (k) => pieces[k].to_px < px)], px);
    }
    return this.folds.toUs(px);
  }

  /** Folds that can be seen between two places. @param {number} from_px @param {number} to_px @returns {Piece[]} */
  foldsBetween(from_px, to_px) {
    const { list } = this.folds;
    /** @type {Piece[]} */
    const found = [];
    const from_us = this.toUs(from_px);
    const first = Math.max(0, firstNot(list.length, (i) => list[i].to_us < from_us) - 1);
    for (let i = first; i < list.length; i++) {
      const fold = list[i];
      if (this.laid.some((silence) => fold.from_us >= silence.from_us && fold.from_us < silence.to_us)) continue;
      const [top, bottom] = [this.toPx(fold.from_us), this.toPx(fold.to_us)];
      if (top > to_px) break;
      if (bottom >= from_px) found.push({ ...fold, from_px: top, to_px: bottom });
    }
    const laid = this.laid.flatMap(({ pieces }) => pieces);
    return [...found, ...laid.filter((piece) => piece.folded && piece.to_px >= from_px && piece.from_px <= to_px)];
  }

  /**
   * Round times to write beside the axis, none inside a fold.
   * @param {number} from_px @param {number} to_px
   * @param {number} apart_px at least this far apart
   */
  ticks(from_px, to_px, apart_px) {
    const least_us = apart_px / this.px_per_us;
    const power = 10 ** Math.floor(Math.log10(least_us));
    const step_us = Math.max(1, [1, 2, 5, 10].map((n) => n * power).find((us) => us >= least_us * 0.999) ?? power * 10);
    const folds = this.foldsBetween(from_px, to_px).sort((a, b) => a.from_us - b.from_us);
    /** @type {{t_us: number, px: number}[]} */
    const ticks = [];
    let fold = 0;
    for (let t_us = Math.max(0, Math.ceil(this.toUs(Math.max(0, from_px)) / step_us) * step_us); ; t_us += step_us) {
      for (; folds[fold]?.from_us < t_us; fold++) if (folds[fold].to_us > t_us) t_us = Math.ceil(folds[fold].to_us / step_us) * step_us;
      const px = this.toPx(t_us);
      if (px > Math.min(to_px, this.length_px)) break;
      const last = ticks.at(-1);
      if (!last || px - last.px >= apart_px * 0.5) ticks.push({ t_us, px });
    }
    return ticks;
  }
}

/**
 * The scale at which a run fills a width: the more silences are folded, the larger.
 *
 *   width = (end - what is folded) * scale + what folds and their margins take
 *
 * @param {Activity} activity @param {number} end_us @param {number} width_px
 * @param {boolean} [folds_end]
 */
export function fitScale(activity, end_us, width_px, folds_end = false) {
  const kept_px = FOLD_PX + 2 * MARGIN_PX;
  const silences = activity.longest.map(({ us }) => us);
  if (folds_end && end_us > activity.end_us) silences.push(end_us - activity.end_us);
  silences.sort((a, b) => b - a);
  const over_px = FOLD_OVER_PX + 2 * MARGIN_PX;
  let scale = width_px / end_us;
  let folded_us = 0;
  silences.forEach((us, i) => {
    folded_us += us;
    const next = (width_px - (i + 1) * kept_px) / (end_us - folded_us);
    const isRight = Number.isFinite(next) && us * next > over_px && (silences[i + 1] ?? 0) * next <= over_px;
    if (isRight) scale = next;
  });
  return scale;
}

/**
 * An axis that fills a width, of a run that goes on behind its end.
 * @param {Activity} activity @param {number} end_us @param {number} width_px
 */
export function fitAxis(activity, end_us, width_px) {
  return new Axis(new Folds(activity, fitScale(activity, end_us, width_px)), end_us, { folds_end: false });
}
