/**
 * One graph on the plotter: its axes, its lines in the layers' colours, the moment now and what comes after it, and
 * the segments of the time-sequence graph. The colours are read when it is drawn, so light and dark need nothing else.
 */
import uPlot from 'uplot';
import { tickText } from '../model/format.js';
import { axisText, strokesOf } from '../model/graphs.js';

/** @typedef {import('../model/graphs.js').Graph} Graph */
/** @typedef {import('../model/series.js').Mark} Mark */

/**
 * @typedef {object} Around what a graph asks of the page while it draws
 * @property {(name: string) => string} colour a token's value
 * @property {() => {now_us: number, lit_us: number | null, lit: number, segments: Mark[], sacks: Mark[]}} moment
 * @property {() => {min: number, max: number}} range the stretch of time in view, in seconds
 * @property {(t_us: number) => void} seek
 * @property {(u: uPlot) => void} hover
 * @property {(min: number, max: number) => void} zoom
 */

const DASHES = /** @type {Record<string, number[]>} */ ({ dash: [6, 4], dots: [1, 5], thin: [], solid: [], area: [] });

/** @param {uPlot} u @param {number} t_us */
const xOf = (u, t_us) => u.valToPos(t_us / 1e6, 'x', true);

/** What is drawn under the lines: the lit moment. @param {uPlot} u @param {Around} around */
function drawUnder(u, around) {
  const { lit_us } = around.moment();
  if (lit_us === null) return;
  const { ctx, bbox } = u;
  ctx.save();
  ctx.fillStyle = around.colour('--mark');
  ctx.fillRect(xOf(u, lit_us) - 2 * devicePixelRatio, bbox.top, 4 * devicePixelRatio, bbox.height);
  ctx.restore();
}

/** A segment: a stroke from its first number to its last, as tcptrace draws it. @param {uPlot} u @param {Mark} mark @param {number} width @param {string} colour */
function stroke(u, { t_us, from, to }, width, colour) {
  const { ctx } = u;
  const x = xOf(u, t_us);
  const [y0, y1] = [u.valToPos(from, 'y', true), u.valToPos(to, 'y', true)];
  ctx.fillStyle = colour;
  ctx.fillRect(x - width / 2, Math.min(y0, y1), width, Math.max(2, Math.abs(y0 - y1)));
  const foot = 3 * devicePixelRatio;
  for (const y of [y0, y1]) ctx.fillRect(x - foot / 2 - width / 2, y, foot + width, devicePixelRatio);
}

/** @param {uPlot} u @param {Around} around */
function drawSegments(u, around) {
  const { segments, sacks, lit } = around.moment();
  const { ctx, bbox } = u;
  const { min = 0, max = 0 } = u.scales.x;
  const inView = (/** @type {Mark[]} */ marks) => strokesOf(marks, min * 1e6, max * 1e6, bbox.width);
  const marked = lit ? segments.find(({ frame }) => frame === lit) : undefined;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const mark of inView(sacks)) stroke(u, mark, 2 * devicePixelRatio, around.colour('--second'));
  if (marked) stroke(u, marked, 9 * devicePixelRatio, around.colour('--mark'));
  for (const mark of inView(segments)) {
    stroke(u, mark, 2 * devicePixelRatio, around.colour('--transport'));
    if (mark.again) cross(u, mark, around.colour('--ink'));
  }
  ctx.restore();
}

/** Sent again: a small cross on its stroke, so that it is not told by colour. @param {uPlot} u @param {Mark} mark @param {string} colour */
function cross(u, { t_us, from, to }, colour) {
  const { ctx } = u;
  const [x, y, size] = [xOf(u, t_us), u.valToPos((from + to) / 2, 'y', true), 4 * devicePixelRatio];
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x - size, y - size);
  ctx.lineTo(x + size, y + size);
  ctx.moveTo(x - size, y + size);
  ctx.lineTo(x + size, y - size);
  ctx.stroke();
}

/** What lies ahead pales, and now is a line. @param {uPlot} u @param {Around} around */
function drawOver(u, around) {
  const { ctx, bbox } = u;
  const x = Math.min(Math.max(xOf(u, around.moment().now_us), bbox.left), bbox.left + bbox.width);
  ctx.save();
  ctx.globalAlpha = 0.6;
  ctx.fillStyle = around.colour('--paper');
  ctx.fillRect(x, bbox.top, bbox.left + bbox.width - x, bbox.height);
  ctx.globalAlpha = 1;
  ctx.fillStyle = around.colour('--now');
  ctx.fillRect(x - devicePixelRatio * 0.75, bbox.top, 1.5 * devicePixelRatio, bbox.height);
  ctx.restore();
}

/** @param {import('../model/graphs.js').Line} line @param {Around} around @returns {uPlot.Series} */
function seriesOf({ look, layer }, around) {
  const colour = () => around.colour(`--${layer}`);
  const isRate = layer === 'application';
  return {
    stroke: colour,
    width: look === 'thin' || look === 'area' ? 1 : 2,
    dash: DASHES[look],
    spanGaps: true,
    ...(look === 'area' && { fill: () => around.colour('--transport-tint') }),
    ...(look === 'dots'
      ? { paths: () => null, points: { show: true, size: 6, fill: colour, stroke: colour } }
      : { points: { show: false }, paths: uPlot.paths.stepped?.({ align: isRate ? -1 : 1 }) }),
  };
}

/**
 * @param {Graph} graph
 * @param {{width: number, height: number, around: Around}} how
 * @returns {uPlot.Options}
 */
export function plotOptions(graph, { width, height, around }) {
  const { unit } = graph.lines[0];
  const axis = {
    stroke: () => around.colour('--second'),
    font: '12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace',
    grid: { stroke: () => around.colour('--hair'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    legend: { show: false },
    padding: [8, 24, 0, 0],
    cursor: {
      sync: { key: 'lab', setSeries: false },
      drag: { x: true, y: false, setScale: false },
      points: { show: false },
      bind: { dblclick: () => () => (around.zoom(NaN, NaN), null) },
    },
    scales: {
      x: { time: false, range: () => [around.range().min, around.range().max] },
      y: { range: (_u, _min, max) => [0, max > 0 ? max * 1.08 : 1] },
    },
    axes: [
      { ...axis, size: 24, gap: 4, space: 64, values: (_u, splits) => splits.map((at) => (at === 0 ? '0' : tickText(Math.round(at * 1e6)))) },
      { ...axis, size: 56, gap: 4, space: 28, values: (u, splits) => splits.map((at) => (u.data[0]?.length ? axisText(at, unit) : '')) },
    ],
    series: [{}, ...graph.lines.map((line) => seriesOf(line, around))],
    hooks: {
      drawAxes: [(u) => drawUnder(u, around)],
      draw: [(u) => (graph.name === 'sequence' ? drawSegments(u, around) : undefined), (u) => drawOver(u, around)],
      setCursor: [(u) => around.hover(u)],
      setSelect: [
        (u) => {
          const { left, width: px } = u.select;
          if (px > 6) around.zoom(u.posToVal(left, 'x'), u.posToVal(left + px, 'x'));
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      ready: [
        (u) =>
          u.over.addEventListener('click', () => {
            const { left } = u.cursor;
            if (left !== undefined && left >= 0) around.seek(Math.round(u.posToVal(left, 'x') * 1e6));
          }),
      ],
    },
  };
}
