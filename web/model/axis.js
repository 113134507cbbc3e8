/**
 * The time axis: true to scale where something happens, folded where nothing does.
 *
 *   busy |---------|               |-----|
 *   axis |=========|~~ 59.8 s ~~   |=====|      a fold is drawn as one, with what it leaves out
 *
 * A minute of TIME_WAIT beside a handshake of 60 ms would otherwise leave either of them invisible.
 *
 * @typedef {{from_us: number, to_us: number, from_px: number, to_px: number, folded: boolean}} Piece
 */

import { joinSpans } from './spans.js';

/** Quiet stretches longer than this on the screen are folded ... */
const FOLD_OVER_PX = 150;
/** ... to this; and this much on each side of what happens stays true to scale. */
const FOLD_PX = 36;
const MARGIN_PX = 22;

export class Axis {
  /**
   * @param {[number, number][]} busy when something happens, in any order
   * @param {number} end_us the axis goes from 0 to here at least
   * @param {number} px_per_us
   * @param {boolean} [folds_end] whether the quiet after everything may be folded, too
   */
  constructor(busy, end_us, px_per_us, folds_end = true) {
    this.px_per_us = px_per_us;
    /** @type {Piece[]} */
    this.pieces = [];
    const margin_us = MARGIN_PX / px_per_us;
    const spans = joinSpans([
      ...busy.map(([from, to]) => /** @type {[number, number]} */ ([from - margin_us, to + margin_us])),
      [0, 0],
    ]);
    let at_us = 0;
    for (const [from, to] of spans) {
      if (from > at_us) this.#quiet(at_us, from);
      const start = Math.max(from, at_us);
      if (to > start) this.#add(start, to, (to - start) * px_per_us, false);
      at_us = Math.max(at_us, to);
    }
    if (end_us > at_us && folds_end) this.#quiet(at_us, end_us);
    else if (end_us > at_us) this.#add(at_us, end_us, (end_us - at_us) * px_per_us, false);
  }

  /** @param {number} from_us @param {number} to_us */
  #quiet(from_us, to_us) {
    const px = (to_us - from_us) * this.px_per_us;
    if (px > FOLD_OVER_PX) this.#add(from_us, to_us, FOLD_PX, true);
    else this.#add(from_us, to_us, px, false);
  }

  /** @param {number} from_us @param {number} to_us @param {number} px @param {boolean} folded */
  #add(from_us, to_us, px, folded) {
    const from_px = this.length_px;
    this.pieces.push({ from_us, to_us, from_px, to_px: from_px + px, folded });
  }

  get length_px() {
    return this.pieces.at(-1)?.to_px ?? 0;
  }

  /** @param {number} t_us */
  toPx(t_us) {
    const piece = this.pieces[this.#find((each) => each.to_us < t_us)] ?? this.pieces.at(-1);
    return piece ? this.pxIn(piece, t_us) : t_us * this.px_per_us;
  }

  /** @param {Piece} piece which holds it, or the last one @param {number} t_us */
  pxIn(piece, t_us) {
    if (t_us > piece.to_us) return piece.to_px + (t_us - piece.to_us) * this.px_per_us;
    const part = piece.to_us > piece.from_us ? (t_us - piece.from_us) / (piece.to_us - piece.from_us) : 0;
    return piece.from_px + part * (piece.to_px - piece.from_px);
  }

  /** @param {number} px */
  toUs(px) {
    const piece = this.pieces[this.#find((each) => each.to_px < px)] ?? this.pieces.at(-1);
    if (!piece) return px / this.px_per_us;
    if (px > piece.to_px) return piece.to_us + (px - piece.to_px) / this.px_per_us;
    const part = piece.to_px > piece.from_px ? (px - piece.from_px) / (piece.to_px - piece.from_px) : 0;
    return piece.from_us + part * (piece.to_us - piece.from_us);
  }

  /** The first piece that does not lie wholly before. @param {(piece: Piece) => boolean} isBefore */
  #find(isBefore) {
    let low = 0;
    let high = this.pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.pieces[middle])) low = middle + 1;
      else high = middle;
    }
    return low;
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
    /** @type {{t_us: number, px: number}[]} */
    const ticks = [];
    for (const piece of this.pieces) {
      if (piece.folded || piece.to_px < from_px || piece.from_px > to_px) continue;
      const first = Math.ceil(Math.max(piece.from_us, this.toUs(from_px)) / step_us) * step_us;
      for (let t_us = Math.max(0, first); t_us <= piece.to_us && this.toPx(t_us) <= to_px; t_us += step_us) {
        ticks.push({ t_us, px: this.toPx(t_us) });
      }
    }
    return ticks.filter((tick, i) => i === 0 || tick.px - ticks[i - 1].px >= apart_px * 0.5);
  }
}

/**
 * When something happens in a run.
 * @param {import('./record.js').RunRecord} record
 * @param {number} now_us
 * @returns {[number, number][]}
 */
export const busySpans = (record, now_us) => [...record.busy, [now_us, now_us]];

/**
 * An axis that fills a width. Folds depend on the scale and the scale on folds: a few turns settle it.
 * @param {import('./record.js').RunRecord} record @param {number} end_us @param {number} width_px
 */
export function fitAxis(record, end_us, width_px) {
  const spans = busySpans(record, 0);
  let axis = new Axis(spans, end_us, width_px / end_us, false);
  for (let turn = 0; turn < 8 && Math.abs(axis.length_px - width_px) > 0.5; turn++) {
    axis = new Axis(spans, end_us, (axis.px_per_us * width_px) / axis.length_px, false);
  }
  return axis;
}

/** @typedef {{layer: string, at_px: number[]}} TickRow */

/** Rows of ticks, from the top; what programs do and what they ask of sockets share one. @type {Record<string, number>} */
const ROWS = { application: 0, socket: 0, transport: 1, internet: 2, link: 3 };

/**
 * Where something happens in each layer, each pixel once. It goes along events and axis together, so it costs little
 * however many there are.
 * @param {import('./types.js').LabEvent[]} log @param {Axis} axis
 * @returns {TickRow[]}
 */
export function tickRows(log, axis) {
  const rows = ['application', 'transport', 'internet', 'link'].map((layer) => ({ layer, at_px: /** @type {number[]} */ ([]) }));
  let piece = 0;
  for (const { layer, t_us } of log) {
    const row = rows[ROWS[layer]];
    if (!row) continue;
    while (piece < axis.pieces.length - 1 && axis.pieces[piece].to_us < t_us) piece++;
    const x = Math.round(axis.pieces.length > 0 ? axis.pxIn(axis.pieces[piece], t_us) : axis.toPx(t_us));
    if (row.at_px.at(-1) !== x) row.at_px.push(x);
  }
  return rows;
}
