/**
 * Which lines stand in which graph, and their points as the plotter wants them: times in seconds, one list for all
 * lines of a graph.
 *
 * @typedef {import('./series.js').Series} Series
 * @typedef {import('./series.js').Track} Track
 * @typedef {'solid' | 'thin' | 'dash' | 'dots' | 'area'} Look how lines of one colour are told apart
 * @typedef {{name: string, look: Look, layer: string, unit: 'bytes' | 'time' | 'rate' | 'frames' | 'number', holds: boolean}} Line holds: its value stays until the next one
 * @typedef {{name: string, lines: Line[]}} Graph
 */
import { bytesText, rateText, timeText } from './format.js';
import { rateOf, stretch } from './series.js';

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
