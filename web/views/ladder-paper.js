/**
 * The ladder without its arrows on a canvas: ruler, lifelines, states, calls, timers, now. So it is drawn where frames are too many to be
 * arrows, for there all of it moves with each turn of a wheel, and a browser lays out a text for longer than it writes one. What stands
 * where is told by views/ladder-pane.js, for both; in SVG it looks as elements/lab-ladder-styles.js has it.
 */
import { bandsOf, bracketsOf, lifeTop, notesOf } from './ladder-pane.js';
import { bandClass, flagWidth } from './ladder-marks.js';
import { RULER_PX, foldPath } from './ladder-ruler.js';

/** @typedef {import('./ladder-pane.js').Pane} Pane */
/** @typedef {import('./colours.js').Colours} Colours */

const SIZE = '12px ';
const BOLD = `600 ${SIZE}`;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{text: string, x: number, y: number}} at
 * @param {string} colour
 * @param {string} [ground] keeps so much free around it that it can be read on lines
 */
function write(context, { text, x, y }, colour, ground) {
  if (ground) {
    context.strokeStyle = ground;
    context.strokeText(text, x, y);
  }
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

/** @param {CanvasRenderingContext2D} context @param {string} colour @param {number} width @param {number[]} [dash] */
function pen(context, colour, width, dash = []) {
  Object.assign(context, { strokeStyle: colour, lineWidth: width, lineJoin: 'round' });
  context.setLineDash(dash);
}

/** @param {CanvasRenderingContext2D} context @param {import('./ladder-ruler.js').Ruler} ruler @param {Colours} colours */
export function drawRuler(context, { ticks, folds, fold_x, width }, colours) {
  const lines = new Path2D();
  context.font = SIZE + colours.mono;
  context.textAlign = 'end';
  for (const { text, y } of ticks) {
    write(context, { text, x: RULER_PX - 10, y: y + 4 }, colours.second);
    lines.rect(RULER_PX - 6, y - 0.5, 6, 1);
  }
  context.fillStyle = colours.edge;
  context.fill(lines);
  const dashes = new Path2D(folds.map(({ y }) => foldPath(y, width)).join(''));
  pen(context, colours.hair, 1, [4, 3]);
  context.stroke(dashes);
  pen(context, colours.paper, 5);
  context.font = SIZE + colours.sans;
  context.textAlign = 'center';
  for (const { text, y } of folds) write(context, { text, x: fold_x, y: y + 4 }, colours.second, colours.paper);
}

/** One run. @param {CanvasRenderingContext2D} context @param {Pane} pane @param {Colours} colours */
export function drawPane(context, pane, colours) {
  const { lanes, view } = pane;
  const top = lifeTop(pane);
  context.fillStyle = colours.hair;
  for (const x of lanes.x) context.fillRect(x - 5, top, 10, view.bottom - top);
  for (const { band, x, y0, y1 } of bandsOf(pane)) {
    context.fillStyle = colours[`band-${bandClass(band)}`];
    context.fillRect(x - 5, y0, 10, Math.max(1, y1 - y0));
  }
  const brackets = bracketsOf(pane);
  pen(context, colours.edge, 1);
  context.stroke(new Path2D(brackets.map(({ path }) => path).join('')));
  pen(context, colours.paper, 4);
  context.font = SIZE + colours.mono;
  for (const { anchor, ...text } of brackets.flatMap(({ texts }) => texts)) {
    context.textAlign = anchor;
    write(context, text, colours.second, colours.paper);
  }
  pen(context, colours.paper, 5);
  context.font = BOLD + colours.mono;
  for (const { kind, anchor, ...text } of notesOf(pane)) {
    context.textAlign = anchor;
    write(context, text, kind === 'call' ? colours['application-ink'] : colours.ink, colours.paper);
  }
}

/** @param {CanvasRenderingContext2D} context @param {{y: number, from: number, to: number}} line @param {Colours} colours */
export function drawNow(context, { y, from, to }, colours) {
  context.fillStyle = colours.now;
  context.fillRect(from, y - 0.75, to - from, 1.5);
}

/** @param {CanvasRenderingContext2D} context @param {number} y @param {string} time @param {number} room_px @param {Colours} colours */
export function drawFlag(context, y, time, room_px, colours) {
  const width = flagWidth(time, room_px);
  context.fillStyle = colours['now-ground'];
  context.beginPath();
  context.roundRect(0, y - 10, width, 20, 3);
  context.fill();
  context.font = BOLD + colours.mono;
  context.textAlign = 'center';
  write(context, { text: time, x: width / 2, y: y + 4 }, colours['on-now']);
}
