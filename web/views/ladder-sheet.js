/**
 * A whole ladder as a picture of its own, for paper and for files: SVG as text, without styles from elsewhere. Time goes
 * down in its true order; a stretch is as long as it lasted, but no shorter than a line of text and no longer than a few,
 * so that all of a run fits; where it was cut short, it says how long it was.
 *
 * @typedef {import('../model/app.js').App} App
 * @typedef {import('../model/types.js').FrameRecord} FrameRecord
 */
import { timeText } from '../model/format.js';
import { frameText } from '../model/segment.js';

const WIDTH = 720;
const LEFT = 96;
const RIGHT = 40;
const TOP = 44;
const PX_PER_MS = 1.6;
const GAP = { min: 16, max: 56 };
/** More than this nobody looks through on paper. */
export const FRAMES_MAX = 2000;

const LAYERS = /** @type {Record<string, string>} */ ({ tcp: '#1d4ed8', udp: '#1d4ed8', arp: '#6d28d9', icmp: '#0f766e', ipv4: '#0f766e' });
const INK = '#1b1f24';
const SECOND = '#5b6470';

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/**
 * Where each moment lies.
 * @param {number[]} times in order, each once
 */
function placesOf(times) {
  /** @type {Map<number, number>} */
  const at = new Map();
  /** @type {{y: number, us: number}[]} */
  const cuts = [];
  let y = TOP + 12;
  times.forEach((t_us, i) => {
    const gap_us = i === 0 ? 0 : t_us - times[i - 1];
    const wanted = (gap_us / 1000) * PX_PER_MS;
    const gap = i === 0 ? 0 : Math.min(GAP.max, Math.max(GAP.min, wanted));
    if (wanted > GAP.max) cuts.push({ y: y + gap / 2, us: gap_us });
    y += gap;
    at.set(t_us, y);
  });
  return { at, cuts, height: y + 28 };
}

/** @param {FrameRecord} frame */
const endOf = (frame) => frame.lost_us ?? frame.delivered_us ?? frame.arrival_us;

/**
 * @param {App} app
 * @returns {{height: number, width: number, left_out: number, head: string, body: string}} pieces of an SVG
 */
export function ladderSheet(app) {
  const { session, record, relative } = app;
  const known = record.frames.filter((frame) => frame.sent_us !== null && frame.sent_id <= app.timeline.log.length);
  const frames = known.slice(0, FRAMES_MAX);
  const changes = record.transitions.filter(({ remote_port }) => remote_port !== 0).slice(0, FRAMES_MAX);
  const times = new Set([...frames.flatMap((frame) => [frame.sent_us ?? 0, endOf(frame) ?? 0]), ...changes.map(({ t_us }) => t_us)]);
  const { at, cuts, height } = placesOf([...times].sort((a, b) => a - b));
  const lanes = session.nodes.length;
  const x = (/** @type {number} */ node) => LEFT + ((WIDTH - LEFT - RIGHT) * (node + 0.5)) / lanes;
  const y = (/** @type {number} */ t_us) => at.get(t_us) ?? TOP;

  const other = (/** @type {FrameRecord} */ frame) => {
    const names = session.joined[frame.link] ?? [];
    const to = session.nodes.findIndex(({ name }) => name === names[1 - frame.direction]);
    const from = session.nodes.findIndex(({ name }) => name === names[frame.direction]);
    return [from < 0 ? frame.node : from, to < 0 ? 1 - frame.node : to];
  };
  const arrow = (/** @type {FrameRecord} */ frame) => {
    const [from, to] = other(frame);
    const [x1, y1, y2] = [x(from), y(frame.sent_us ?? 0), y(endOf(frame) ?? 0)];
    const isLost = frame.lost_us !== null;
    const x2 = isLost ? x1 + (x(to) - x1) * 0.55 : x(to);
    const colour = LAYERS[frame.protocol] ?? SECOND;
    const side = Math.sign(x2 - x1) || 1;
    const angle = (Math.atan2(y2 - y1, Math.abs(x2 - x1)) * 180) / Math.PI * side;
    const dash = frame.segment?.retransmission ? ' stroke-dasharray="6 4"' : '';
    const width = (frame.segment?.payload_bytes ?? frame.payload_bytes) > 0 ? 2.5 : 1.5;
    const end = isLost
      ? `<path d="M${x2 - 5} ${y2 - 5}l10 10m0 -10l-10 10" stroke="${INK}" stroke-width="2"/>`
      : `<path d="M${x2} ${y2}l${-8 * side} -4v8z" fill="${colour}" transform="rotate(${angle} ${x2} ${y2})"/>`;
    const [mx, my] = [(x1 + x2) / 2, (y1 + y2) / 2];
    return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}" stroke-width="${width}"${dash}/>${end}<text x="${mx}" y="${my - 4}" transform="rotate(${angle} ${mx} ${my})" text-anchor="middle" fill="${INK}">${escaped(frameText(frame, relative))}</text>`;
  };
  const marks = [...at].map(([t_us, top]) => `<text x="${LEFT - 12}" y="${top + 4}" text-anchor="end" fill="${SECOND}">${escaped(timeText(t_us))}</text>`);
  const chips = changes.map(({ t_us, node, to }) => {
    const outside = node < lanes / 2 ? -1 : 1;
    return `<text x="${x(node) + outside * 8}" y="${y(t_us) - 4}" text-anchor="${outside < 0 ? 'end' : 'start'}" font-weight="700" fill="${INK}">${escaped(to)}</text>`;
  });
  const lines = session.nodes.map((_, node) => `<line x1="${x(node)}" x2="${x(node)}" y1="${TOP}" y2="${height}" stroke="${SECOND}" stroke-width="1"/>`);
  const folds = cuts.map(
    ({ y: top, us }) => `<rect x="${LEFT}" y="${top - 7}" width="${WIDTH - LEFT - RIGHT}" height="14" fill="#fff"/><text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${top + 4}" text-anchor="middle" fill="${SECOND}">… ${escaped(timeText(us))} …</text>`,
  );
  const head = session.nodes.map(({ name, address }, node) => `<text x="${x(node)}" y="18" text-anchor="middle" font-weight="700" font-size="14" fill="${INK}">${escaped(name)}</text><text x="${x(node)}" y="34" text-anchor="middle" fill="${SECOND}">${escaped(address)}</text>`);
  return { height, width: WIDTH, left_out: known.length - frames.length, head: head.join(''), body: [...folds, ...lines, ...marks, ...frames.map(arrow), ...chips].join('') };
}

const OPEN = (/** @type {string} */ box, /** @type {number} */ width, /** @type {number} */ height) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" width="${width}" height="${height}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="11">`;

/** One picture. @param {App} app */
export function ladderSvg(app) {
  const { width, height, head, body } = ladderSheet(app);
  return `${OPEN(`0 0 ${width} ${height}`, width, height)}<rect width="${width}" height="${height}" fill="#fff"/>${head}${body}</svg>`;
}

/** The same on pages, each with its head: what crosses an edge goes on on the next page. @param {App} app @param {number} page_px height of a page's drawing */
export function ladderPages(app, page_px) {
  const { width, height, head, body } = ladderSheet(app);
  const room = page_px - TOP;
  const count = Math.max(1, Math.ceil((height - TOP) / room));
  return Array.from({ length: count }, (_, page) => {
    const from = TOP + page * room;
    const tall = Math.min(room, height - from);
    const window = `<svg x="0" y="${TOP}" width="${width}" height="${tall}" viewBox="0 ${from} ${width} ${tall}">${body}</svg>`;
    return `${OPEN(`0 0 ${width} ${TOP + tall}`, width, TOP + tall)}${head}${window}</svg>`;
  });
}
