/**
 * Which lines stand in which graph, and their points as the plotter wants them: times in seconds, one list for all
 * lines of a graph.
 *
 * @typedef {import('./series.js').Series} Series
 * @typedef {import('./series.js').Track} Track
 * @typedef {import('./series.js').Mark} Mark
 * @typedef {'solid' | 'thin' | 'dash' | 'dots' | 'area'} Look how lines of one colour are told apart
 * @typedef {{name: string, look: Look, layer: string, unit: 'bytes' | 'time' | 'rate' | 'frames' | 'number', holds: boolean}} Line holds: its value stays until the next one
 * @typedef {{name: string, lines: Line[]}} Graph
 */
import { bytesText, rateText, timeText } from './format.js';
import { rateOf, stretch } from './series.js';
import { firstNot } from './time-index.js';

/** @param {string} name @param {Look} look @param {Line['unit']} unit @param {string} [layer] @param {boolean} [holds] @returns {Line} */
const line = (name, look, unit, layer = 'transport', holds = true) => ({ name, look, layer, unit, holds });

/** @type {Graph[]} */
export const GRAPHS = [
  { name: 'sequence', lines: [line('edge', 'thin', 'number', 'second'), line('ack', 'solid', 'number')] },
  {
    name: 'bytes',
    lines: [
      line('flight', 'area', 'bytes'),
      line('cwnd', 'solid', 'bytes'),
      line('ssthresh', 'dash', 'bytes'),
      line('window', 'thin', 'bytes', 'second'),
    ],
  },
  {
    name: 'time',
    lines: [line('rto', 'dash', 'time'), line('srtt', 'solid', 'time'), line('rtt', 'dots', 'time', 'transport', false)],
  },
  {
    name: 'rate',
    lines: [line('sent', 'solid', 'rate', 'transport', false), line('got', 'dash', 'rate', 'application', false)],
  },
  { name: 'queue', lines: [line('queue-0', 'solid', 'frames', 'link'), line('queue-1', 'dash', 'frames', 'link')] },
];

/**
 * The tracks of one end, by the names of the lines.
 * @param {Series | undefined} own @param {Series | undefined} peer @param {Track[]} queues @param {number} end_us
 * @returns {Record<string, Track>}
 */
export function tracksOf(own, peer, queues, end_us) {
  const none = { t: [], v: [] };
  const step_us = stretch(end_us);
  return {
    ...(own?.tracks ?? {}),
    sent: own ? rateOf(own.tracks.sent, end_us, step_us) : none,
    got: peer ? rateOf(peer.tracks.got, end_us, step_us) : none,
    'queue-0': queues[0],
    'queue-1': queues[1],
  };
}

/**
 * A track as so many columns of pixels show it: of each its first and last point, the least and the greatest. What lies outside is left
 * out but for the point before, whose value may hold, and the one after.
 * @param {Track} track @param {number} from_us @param {number} to_us @param {number} columns
 * @returns {Track}
 */
export function thinned({ t, v }, from_us, to_us, columns) {
  const first = Math.max(0, firstNot(t.length, (i) => t[i] < from_us) - 1);
  const end = Math.min(t.length, firstNot(t.length, (i) => t[i] <= to_us) + 1);
  if (end - first <= 4 * columns) return { t: t.slice(first, end), v: v.slice(first, end) };
  /** @type {Track} */
  const thin = { t: [], v: [] };
  for (let i = first; i < end; ) {
    const until_us = from_us + (Math.floor(((t[i] - from_us) / (to_us - from_us)) * columns) + 1) * ((to_us - from_us) / columns);
    const begun = i;
    let [least, most] = [i, i];
    for (i++; i < end && t[i] < until_us; i++) {
      if (v[i] < v[least]) least = i;
      if (v[i] > v[most]) most = i;
    }
    for (const at of new Set([begun, Math.min(least, most), Math.max(least, most), i - 1])) {
      thin.t.push(t[at]);
      thin.v.push(v[at]);
    }
  }
  return thin;
}

/**
 * Segments in a stretch of time, as so many columns of pixels show them: what follows on in one column is one stroke. Those that were sent
 * again stay, each by itself.
 * @param {Mark[]} marks in the order of time @param {number} from_us @param {number} to_us @param {number} columns
 * @returns {Mark[]}
 */
export function strokesOf(marks, from_us, to_us, columns) {
  const columnOf = (/** @type {Mark} */ { t_us }) => Math.floor(((t_us - from_us) / (to_us - from_us)) * columns);
  /** @type {Mark[]} */
  const strokes = [];
  for (let i = firstNot(marks.length, (k) => marks[k].t_us < from_us); i < marks.length && marks[i].t_us <= to_us; i++) {
    const [last, mark] = [strokes[strokes.length - 1], marks[i]];
    const isOne = last && !mark.again && !last.again && last.to === mark.from && columnOf(last) === columnOf(mark);
    if (isOne) last.to = mark.to;
    else strokes.push({ ...mark });
  }
  return strokes;
}

/** The points of several tracks, in a stretch of time. @param {Record<string, Track | undefined>} tracks @param {{from_us: number, to_us: number, columns: number}} view */
export const inColumns = (tracks, { from_us, to_us, columns }) =>
  Object.fromEntries(Object.entries(tracks).map(([name, track]) => [name, track && thinned(track, from_us, to_us, columns)]));

/**
 * The points of one graph: [times, values of the first line, ...], with null where a line has none.
 * @param {Graph} graph @param {Record<string, Track | undefined>} tracks @param {number} end_us lines that hold go on to here
 * @returns {[number[], ...(number | null)[][]]}
 */
export function pointsOf(graph, tracks, end_us) {
  const lines = graph.lines.map(({ name, holds }) => {
    const { t, v } = tracks[name] ?? { t: [], v: [] };
    const points = new Map(t.map((t_us, i) => [t_us, v[i]]));
    if (holds && t.length > 0 && t[t.length - 1] < end_us) points.set(end_us, v[v.length - 1]);
    return points;
  });
  const times = [...new Set(lines.flatMap((each) => [...each.keys()]))].sort((a, b) => a - b);
  return [times.map((t_us) => t_us / 1e6), ...lines.map((each) => times.map((t_us) => each.get(t_us) ?? null))];
}

/** A line's value with its unit. @param {number | null} value @param {Line['unit']} unit */
export function amountText(value, unit) {
  if (value === null) return '–';
  if (unit === 'bytes') return bytesText(value);
  if (unit === 'time') return timeText(value);
  if (unit === 'rate') return value === 0 ? '0 bit/s' : rateText(Math.round(value));
  return Math.round(value).toLocaleString('en-US');
}

/** Short enough for an axis. @param {number} value @param {Line['unit']} unit */
export function axisText(value, unit) {
  if (value === 0) return '0';
  if (unit === 'time') return timeText(value);
  if (unit === 'rate') return rateText(value).replace('bit/s', '').replace(' ', ' ').trim();
  if (value >= 1e6) return `${value / 1e6} M`;
  return value >= 1000 ? `${value / 1000} k` : String(value);
}
