/**
 * One connection of a capture as a ladder needs it: where each segment stands, what is written beside it. Who captured saw
 * each segment once, at one place, so it has one time; an arrow is level.
 *
 *   time is true to scale, but no two segments stand closer than a row, so that each can be read, and long silences are
 *   folded, so that the next one is not out of sight.
 *
 * @typedef {import('../../wasm/capture.js').SegmentColumns} SegmentColumns
 * @typedef {{from: number, to: number, state: string}} StateRun segments from..to-1 left the end in this state
 */

/** 20 ms, as in the lab's ladder. */
const PX_PER_US = 88 / 20_000;
const ROW_PX = 24;
/** A row with something written below its arrow. */
const TALL_ROW_PX = 42;
const FOLD_OVER_PX = 150;
const FOLD_PX = 40;

/** Of these names a segment was sent before. */
const AGAIN = ['RETRANSMISSION', 'FAST_RETRANSMISSION', 'SPURIOUS_RETRANSMISSION'];

export class CaptureLadder {
  /**
   * @param {SegmentColumns} columns
   * @param {{verdicts: string[], states: string[], zoom?: number, tall?: boolean}} how tall: notes stand below the arrows
   */
  constructor(columns, { verdicts, states, zoom = 1, tall = false }) {
    this.columns = columns;
    this.verdict_names = verdicts;
    this.state_names = states;
    this.again_bits = AGAIN.reduce((bits, name) => bits | (1 << verdicts.indexOf(name)), 0);
    /** Where each segment stands. */
    this.y = new Float64Array(columns.count);
    /** Silences that are folded, each before the segment `index`. @type {{index: number, us: number, y: number}[]} */
    this.folds = [];
    this.height = 0;
    this.#place(PX_PER_US * zoom, tall);
  }

  /** @param {number} px_per_us @param {boolean} tall */
  #place(px_per_us, tall) {
    const { count, t_us, verdicts, state_0, state_1 } = this.columns;
    let y = 0;
    let row = ROW_PX;
    for (let i = 0; i < count; i++) {
      const isNew = i === 0 || state_0[i] !== state_0[i - 1] || state_1[i] !== state_1[i - 1];
      if (i > 0) {
        const us = t_us[i] - t_us[i - 1];
        const px = us * px_per_us;
        if (px > FOLD_OVER_PX) this.folds.push({ index: i, us, y: y + row / 2 + FOLD_PX / 2 });
        y += px > FOLD_OVER_PX ? row + FOLD_PX : Math.max(row, px);
      }
      this.y[i] = y;
      row = tall && (verdicts[i] || isNew) ? TALL_ROW_PX : ROW_PX;
    }
    this.height = y;
  }

  /** The first segment at or below a height. @param {number} y */
  from(y) {
    let low = 0;
    let high = this.columns.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.y[middle] < y) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Those between two heights: from, and up to but not including, to. @param {number} top @param {number} bottom */
  between(top, bottom) {
    return { from: this.from(top), to: this.from(bottom) };
  }

  /** @param {number} i @returns {string[]} names */
  verdicts(i) {
    const bits = this.columns.verdicts[i];
    return bits === 0 ? [] : this.verdict_names.filter((_, bit) => bits & (1 << bit));
  }

  /** A state of an end after a segment. @param {number} i @param {0 | 1} end */
  state(i, end) {
    return this.state_names[(end === 0 ? this.columns.state_0 : this.columns.state_1)[i]];
  }

  /** The state that an end comes to with a segment; empty: it stays in its own. @param {number} i @param {0 | 1} end */
  newState(i, end) {
    const now = this.state(i, end);
    return i > 0 && this.state(i - 1, end) === now ? '' : now;
  }

  /** Stretches of one state within segments from..to-1. @param {number} from @param {number} to @param {0 | 1} end @returns {StateRun[]} */
  stateRuns(from, to, end) {
    /** @type {StateRun[]} */
    const runs = [];
    for (let i = from; i < to; i++) {
      const state = this.state(i, end);
      const last = runs.at(-1);
      if (last?.state === state) last.to = i + 1;
      else runs.push({ from: i, to: i + 1, state });
    }
    return runs;
  }

  /** The next segment with a verdict after `i`, or before it; -1: there is none. @param {number} i @param {1 | -1} way */
  nextVerdict(i, way) {
    const { count, verdicts } = this.columns;
    for (let at = i + way; at >= 0 && at < count; at += way) if (verdicts[at]) return at;
    return -1;
  }

  /**
   * A segment as the ladder's marks take frames.
   * @param {number} i
   * @returns {import('./types.js').FrameRecord}
   */
  frame(i) {
    const { t_us, seq, ack, payload_bytes, window_bytes, flags, end, verdicts } = this.columns;
    const numbers = { seq: seq[i], ack: ack[i] };
    return /** @type {import('./types.js').FrameRecord} */ ({
      frame: i + 1,
      protocol: 'tcp',
      direction: end[i],
      node: end[i],
      payload_bytes: payload_bytes[i],
      sent_us: t_us[i],
      sent_id: 1,
      arrival_us: t_us[i],
      delivered_us: t_us[i],
      delivered_id: 1,
      born_id: 1,
      lost_us: null,
      lost_id: 0,
      discarded_id: 0,
      segment: {
        ...{ ...numbers, relative: numbers, flags: flags[i], payload_bytes: payload_bytes[i], window_bytes: window_bytes[i] },
        ...{ src_port: 0, dst_port: 0, retransmission: (verdicts[i] & this.again_bits) !== 0 },
      },
    });
  }
}

/**
 * How many segments of a connection were judged, by verdict: both ends together.
 * @param {import('../../wasm/capture.js').CapturedConnection} connection
 * @returns {[string, number][]}
 */
export function troublesOf({ ends }) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { verdicts } of ends) {
    for (const [name, count] of Object.entries(verdicts)) counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return [...counts];
}

/** Seconds with microseconds, as onlookers write them. @param {number} us */
export const secondsText = (us) => (us / 1e6).toFixed(6);
