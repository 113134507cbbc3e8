/** Very many frames on a cable: the same striped bars as views/frame-bar.js, narrower, on a canvas. */
import { Pixels, inkOf, rowOf } from './pixels.js';

/** @typedef {import('../model/types.js').FrameRecord} FrameRecord */
/** @typedef {{frame: FrameRecord, x: number, y: number}} Bar where the middle of a frame is */

const WIDTH = { min: 3, max: 26 };
const HEIGHT = 14;
/** Bars wider than this have a line around them. */
const WIDE = 6;
/** A hand this far from a frame still finds it. */
const NEAR_PX = 16;

/** @typedef {import('./colours.js').Colours} Colours */
/** @typedef {{colours: Colours, count: number, stripes: FrameRecord['stripes'], row: Uint32Array, edge: Uint32Array | null}} Look how a frame is drawn; edge: the line around it */

/** What each canvas is drawn on, and the frames that were drawn last: they look the same as long as they fly. @type {WeakMap<HTMLCanvasElement, {pixels: Pixels, looks: Map<FrameRecord, Look>}>} */
const known = new WeakMap();
/** Those with the same layers look alike, and few sorts of frames are many: by length. @type {Map<number, Look[]>} */
const alike = new Map();
/** So many are remembered of a length, and so many lengths. */
const MOST = { looks: 16, lengths: 500 };

/** @param {FrameRecord['stripes']} a @param {FrameRecord['stripes']} b */
const areAlike = (a, b) => a === b || (a.length === b.length && a.every(({ layer, bytes }, i) => layer === b[i].layer && bytes === b[i].bytes));

/** @param {Pixels} pixels @param {FrameRecord} frame @param {Look | undefined} last @param {number} count of pixels @param {Colours} colours @returns {Look} */
function lookOf(pixels, frame, last, count, colours) {
  if (last?.count === count && last.colours === colours) return last;
  const looks = alike.get(frame.len_bytes) ?? [];
  const same = looks.find((each) => each.count === count && each.colours === colours && areAlike(each.stripes, frame.stripes));
  if (same) return same;
  if (alike.size > MOST.lengths) alike.clear();
  const look = newLook(pixels, frame, count, colours);
  alike.set(frame.len_bytes, [look, ...looks].slice(0, MOST.looks));
  return look;
}

/** @param {Pixels} pixels @param {FrameRecord} frame @param {number} count of pixels @param {Colours} colours @returns {Look} */
function newLook({ context }, frame, count, colours) {
  let from = 0;
  const parts = frame.stripes.map(({ layer, bytes }) => {
    const to = from + bytes / Math.max(1, frame.len_bytes);
    const part = { from, to, ink: inkOf(context, colours[layer]) };
    from = to;
    return part;
  });
  const ink = inkOf(context, colours.ink);
  const isWide = count > WIDE;
  if (isWide && from < 1) parts.push({ from, to: 1, ink });
  return { colours, count, stripes: [...frame.stripes], row: rowOf(count, parts), edge: isWide ? rowOf(count + 2, [{ from: 0, to: 1, ink }]) : null };
}

/**
 * @param {HTMLCanvasElement} canvas @param {Bar[]} bars
 * @param {Colours} colours
 * @param {{width: number, height: number}} size of the canvas: it is not asked, for its layout may not be done yet
 */
export function paintBars(canvas, bars, colours, { width, height }) {
  let drawn = known.get(canvas);
  if (!drawn) known.set(canvas, (drawn = { pixels: new Pixels(canvas), looks: new Map() }));
  const { pixels, looks: before } = drawn;
  if (!pixels.clear(width, height)) return;
  drawn.looks = new Map();
  const { ratio } = pixels;
  const each = Math.max(WIDTH.min, Math.min(WIDTH.max, (2 * width) / Math.max(1, bars.length) - 1));
  const [count, rows] = [Math.round(each * ratio), Math.round(HEIGHT * ratio)];
  for (const { frame, x, y } of bars) {
    const left = Math.round(Math.min(Math.max(0, x - each / 2), width - each) * ratio);
    const top = Math.round((y - HEIGHT / 2) * ratio);
    const look = lookOf(pixels, frame, before.get(frame), count, colours);
    const { row, edge } = look;
    drawn.looks.set(frame, look);
    if (edge) pixels.bar(edge, left - 1, top - 1, rows + 2);
    pixels.bar(row, left, top, rows);
  }
  pixels.show();
}

/** The frame nearest to a place; undefined: none is near. @param {Bar[]} bars @param {number} x @param {number} y */
export function barNear(bars, x, y) {
  let best;
  let least = NEAR_PX;
  for (const bar of bars) {
    const far = Math.hypot(bar.x - x, (bar.y - y) / 2);
    if (far < least) [best, least] = [bar, far];
  }
  return best;
}
