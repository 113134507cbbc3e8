/**
 * What is too much for one mark each: frames as plain lines, or only how many there were, row by row. The grammar is the same as
 * that of views/ladder-marks.js: colour is the layer, dashes are sent again, a cross is lost, what has not come yet is pale.
 */
import { ROW_PX, countRows, wayIn } from '../model/lanes.js';
import { fate, progress } from '../model/select.js';
import { LAYER_CLASS, thickness } from './ladder-marks.js';
import { endsOf } from './ladder-pane.js';

/** @typedef {import('./ladder-pane.js').Pane} Pane */
/** @typedef {import('../model/types.js').FrameRecord} FrameRecord */
/** @typedef {import('./colours.js').Colours} Colours */

const GAP_PX = 6;
const CROSS_PX = 5;
const PALE = 0.4;
/** This many frames in one row are as dark as it gets. */
const FULL = 40;

/** Where a line is drawn, and how far it has come. @param {Pane} pane @param {FrameRecord} frame */
function lineOf({ app, cursor, lanes, y }, frame) {
  const span = endsOf(frame, cursor);
  const way = span && wayIn(lanes, app.session.topology.way(frame));
  if (!span || !way) return null;
  const side = Math.sign(way.to - way.from) * GAP_PX;
  return { x0: way.from + side, y0: y(span[0]), x1: way.to - side, y1: y(span[1]) };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Pane} pane @param {FrameRecord[]} frames
 * @param {Colours} colours
 */
export function drawLines(context, pane, frames, colours) {
  /** One path for each look, so that few things are drawn. @type {Map<string, {path: Path2D, colour: string, width: number, dash: number[], alpha: number}>} */
  const looks = new Map();
  const look = (/** @type {string} */ colour, /** @type {number} */ width, /** @type {number[]} */ dash, /** @type {number} */ alpha) => {
    const key = `${colour} ${width} ${dash} ${alpha}`;
    let found = looks.get(key);
    if (!found) looks.set(key, (found = { path: new Path2D(), colour, width, dash, alpha }));
    return found.path;
  };
  for (const frame of frames) {
    const line = lineOf(pane, frame);
    if (!line) continue;
    const { x0, y0, x1, y1 } = line;
    const now = fate(frame, pane.cursor);
    const colour = colours[/** @type {'transport'} */ (LAYER_CLASS[frame.protocol] ?? 'link')];
    const width = Math.round(thickness(frame) * 2) / 4;
    const isFuture = now === 'unborn' || now === 'waiting';
    const part = now === 'lost' ? (progress(frame, frame.lost_us ?? 0) ?? 0) : now === 'flying' ? (progress(frame, pane.cursor.t_us) ?? 0) : 1;
    const [x, y] = [x0 + (x1 - x0) * part, y0 + (y1 - y0) * part];
    const way = look(colour, width, frame.segment?.retransmission ? [9, 5] : [], isFuture ? PALE : 1);
    way.moveTo(x0, y0);
    way.lineTo(x, y);
    if (now === 'flying') {
      const ahead = look(colour, 1, [1.5, 4], PALE);
      ahead.moveTo(x, y);
      ahead.lineTo(x1, y1);
    } else if (now === 'lost') cross(look(colours.ink, 2, [], 1), x, y);
  }
  for (const { path, colour, width, dash, alpha } of looks.values()) {
    Object.assign(context, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha });
    context.setLineDash(dash);
    context.stroke(path);
  }
  context.globalAlpha = 1;
}

/** @param {Path2D} path @param {number} x @param {number} y */
function cross(path, x, y) {
  path.moveTo(x - CROSS_PX, y - CROSS_PX);
  path.lineTo(x + CROSS_PX, y + CROSS_PX);
  path.moveTo(x - CROSS_PX, y + CROSS_PX);
  path.lineTo(x + CROSS_PX, y - CROSS_PX);
}

/**
 * The frame whose line runs through a place, or nearest by; null: none is near.
 * @param {Pane} pane @param {FrameRecord[]} frames @param {number} x @param {number} y
 */
export function lineAt(pane, frames, x, y) {
  let best = null;
  let least = 8;
  for (const frame of frames) {
    const line = lineOf(pane, frame);
    if (!line) continue;
    const part = (x - line.x0) / (line.x1 - line.x0);
    if (part < -0.02 || part > 1.02) continue;
    const off = Math.abs(line.y0 + (line.y1 - line.y0) * part - y);
    if (off < least) [best, least] = [frame, off];
  }
  return best;
}

/**
 * Frames as shades: the more left in a row, the darker, on the sender's half of the way. Losses are marks of their own: they are
 * what one looks for.
 * @param {CanvasRenderingContext2D} context
 * @param {Pane} pane
 * @param {number[]} times where each row of pixels begins, and where the last one ends
 * @param {number} now_px
 * @param {Colours} colours
 */
export function drawShades(context, { app, index, lanes }, times, now_px, colours) {
  const { topology } = app.session;
  topology.links.forEach((_, link) => {
    for (const direction of [0, 1]) {
      const way = wayIn(lanes, topology.way({ link, direction }));
      const traffic = index.traffic.get(`${link} ${direction}`);
      if (!way || !traffic) continue;
      const side = Math.sign(way.to - way.from);
      const from = way.from + side * GAP_PX;
      const half = (way.to - way.from) / 2 - side * GAP_PX;
      const alphaAt = (/** @type {number} */ row) => (row * ROW_PX > now_px ? PALE : 1);
      context.fillStyle = colours.transport;
      countRows(traffic.all, times, (row, count) => {
        context.globalAlpha = alphaAt(row) * (0.15 + 0.85 * Math.min(1, Math.log1p(count) / Math.log1p(FULL)));
        context.fillRect(Math.min(from, from + half), row * ROW_PX, Math.abs(half), ROW_PX);
      });
      context.fillStyle = colours.paper;
      countRows(traffic.again, times, (row) => {
        context.globalAlpha = 1;
        for (const part of [0.2, 0.4, 0.6]) context.fillRect(from + half * part, row * ROW_PX, 5, ROW_PX);
      });
      context.strokeStyle = colours.ink;
      context.lineWidth = 1.5;
      context.setLineDash([]);
      const losses = new Path2D();
      countRows(traffic.lost, times, (row) => cross(losses, from + half * 0.85, row * ROW_PX));
      context.globalAlpha = 1;
      context.stroke(losses);
    }
  });
}
