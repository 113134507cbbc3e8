/** Very many frames on a cable: the same striped bars as views/frame-bar.js, narrower, on a canvas. */
import { clearCanvas } from './colours.js';

/** @typedef {import('../model/types.js').FrameRecord} FrameRecord */
/** @typedef {{frame: FrameRecord, x: number, y: number}} Bar where the middle of a frame is */

const WIDTH = { min: 3, max: 26 };
const HEIGHT = 14;
/** A hand this far from a frame still finds it. */
const NEAR_PX = 16;

/**
 * @param {HTMLCanvasElement} canvas @param {Bar[]} bars
 * @param {import('./colours.js').Colours} colours
 */
export function paintBars(canvas, bars, colours) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = clearCanvas(canvas, width, height);
  const each = Math.max(WIDTH.min, Math.min(WIDTH.max, (2 * width) / Math.max(1, bars.length) - 1));
  /** One path for each colour, so that few things are drawn. @type {Map<string, Path2D>} */
  const paths = new Map();
  const rect = (/** @type {string} */ colour, /** @type {number} */ left, /** @type {number} */ top, /** @type {number} */ w, /** @type {number} */ h) => {
    let path = paths.get(colour);
    if (!path) paths.set(colour, (path = new Path2D()));
    path.rect(left, top, w, h);
  };
  const isWide = each > 6;
  for (const { frame, x, y } of bars) {
    const left = Math.min(Math.max(0, x - each / 2), width - each);
    const top = y - HEIGHT / 2;
    if (isWide) rect(colours.ink, left - 0.5, top - 0.5, each + 1, HEIGHT + 1);
    let at = left;
    for (const { layer, bytes } of frame.stripes) {
      const part = (bytes / Math.max(1, frame.len_bytes)) * each;
      rect(colours[layer], at, top, part, HEIGHT);
      at += part;
    }
  }
  for (const [colour, path] of paths) {
    context.fillStyle = colour;
    context.fill(path);
  }
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
