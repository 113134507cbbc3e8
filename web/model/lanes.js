/**
 * Where the ladder's lifelines stand, and how much of it is drawn one by one: a few frames are arrows with all they say, many are
 * lines, very many are shades, row by row.
 *
 * @typedef {import('./types.js').FrameRecord} FrameRecord
 * @typedef {{nodes: number[], x: number[]}} Lanes nodes from left to right and where they stand
 * @typedef {{from: number, to: number}} Way from x to x
 */

/** More arrows than these cover each other. */
const ARROWS_MAX = 90;
/** More lines than these are one block. */
const LINES_MAX = 400;
/** One row of shades. */
export const ROW_PX = 2;

/** Connections that a machine has at the same time have bands beside its lifeline, so far from each other. */
export const LANE_PX = 13;
/** So much of a narrow pane is for them at each side, at most. */
const BANDS_PART = 0.2;

/**
 * Where the outer lifelines of a narrow pane stand: what is beside them stays in the pane.
 * @param {{left: number, right: number}} edges of the pane @param {number} lanes how many bands may stand beside a lifeline
 * @returns {{left: number, right: number, most: number}} most: so many have a place of their own, the others stand on the outermost
 */
export function narrowEdges({ left, right }, lanes) {
  const most = Math.min(lanes, Math.floor(((right - left) * BANDS_PART) / LANE_PX));
  const out = 6 + most * LANE_PX;
  return { left: left + out, right: right - Math.max(30, out), most };
}

/** @param {number[]} nodes @param {number} left @param {number} right @returns {Lanes} */
export function lanesOf(nodes, left, right) {
  const step = nodes.length > 1 ? (right - left) / (nodes.length - 1) : 0;
  return { nodes, x: nodes.map((_, i) => left + i * step) };
}

/**
 * Between which lifelines a frame is drawn; null: one of its ends has none.
 * @param {Lanes} lanes @param {[number, number]} way from whom to whom
 * @returns {Way | null}
 */
export function wayIn({ nodes, x }, [a, b]) {
  const from = nodes.indexOf(a);
  const to = nodes.indexOf(b);
  return from < 0 || to < 0 ? null : { from: x[from], to: x[to] };
}

/**
 * The frames in a stretch of time, as they can be drawn.
 * @param {import('./run-index.js').RunIndex} index @param {[number, number]} seen
 * @returns {{as: 'arrows' | 'lines', frames: FrameRecord[]} | {as: 'shades', frames: null}}
 */
export function inView(index, [from_us, to_us]) {
  const frames = index.ways.touching(from_us, to_us, LINES_MAX);
  if (!frames) return { as: 'shades', frames };
  return { as: frames.length > ARROWS_MAX ? 'lines' : 'arrows', frames };
}

/**
 * How many frames left in each row of pixels, one way over a link.
 * @param {import('./time-index.js').TimeList} moments
 * @param {number[]} times where each row begins, and where the last one ends
 * @param {(row: number, count: number) => void} each row that has any
 */
export function countRows(moments, times, each) {
  let from = moments.before(times[0]);
  for (let row = 0; row + 1 < times.length && from < moments.length; row++) {
    const to = moments.before(times[row + 1], from);
    if (to > from) each(row, to - from);
    from = to;
  }
}
