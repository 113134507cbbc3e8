/**
 * A ladder for paper: the moments of one step of a lesson, one below the other, evenly, whatever time lies between them. No DOM.
 *
 * @typedef {import('./types.js').FrameRecord} FrameRecord
 * @typedef {{frame: FrameRecord, from: number, to: number, sent_row: number, end_row: number, lost: boolean}} Arrow from and to: lifelines;
 *   rows count from 0
 * @typedef {{line: number, row: number, state: string}} Change of a host's TCP state
 * @typedef {{lines: string[], arrows: Arrow[], changes: Change[], rows: number, left_out: number}} Sheet `left_out`: frames that the sheet has no room for
 */
import { RunRecord } from './record.js';

/** More than a page has room for. */
const ARROWS_MAX = 24;

/** The name in "server:1". @param {string} end */
const nameOf = (end) => end.split(':')[0];

/**
 * Machines in the order of their cables, so that arrows join neighbours.
 * @param {Record<string, any>} scenario
 * @returns {string[]}
 */
export function lifelines({ nodes, links = [] }) {
  const lines = [nodes[0].name];
  for (let i = 0; i < lines.length; i++) {
    for (const { between } of links) {
      const ends = between.map(nameOf);
      if (ends.includes(lines[i])) lines.push(...ends.filter((/** @type {string} */ end) => !lines.includes(end)));
    }
  }
  return [...lines, ...nodes.map((/** @type {any} */ { name }) => name).filter((/** @type {string} */ name) => !lines.includes(name))];
}

/** All events of a lab as a record. @param {{events: (since: number) => any}} lab */
export function recordOf(lab) {
  const record = new RunRecord();
  for (const event of lab.events(0)) record.add(event);
  return record;
}

/**
 * @param {RunRecord} record
 * @param {Record<string, any>} scenario
 * @param {{from_id: number, to_id: number}} part events after the one, up to the other
 * @returns {Sheet}
 */
export function sheetOf(record, scenario, { from_id, to_id }) {
  const lines = lifelines(scenario);
  const lineOf = (/** @type {number} */ node) => lines.indexOf(scenario.nodes[node]?.name);
  const within = (/** @type {number} */ id) => id > from_id && id <= to_id;
  const all = record.frames.filter(({ sent_us, lost_us, sent_id, lost_id, born_id }) => (sent_us !== null || lost_us !== null) && within(sent_id || lost_id || born_id));
  const frames = all.slice(0, ARROWS_MAX);
  const start = (/** @type {FrameRecord} */ { sent_us, lost_us }) => sent_us ?? lost_us ?? 0;
  const end = (/** @type {FrameRecord} */ frame) => Math.max(start(frame), frame.lost_us ?? frame.arrival_us ?? 0);
  const last_us = frames.length > 0 ? Math.max(...frames.map(end)) : Infinity;
  const states = record.transitions.filter(({ id, t_us, remote_port, to }) => within(id) && t_us <= last_us && (remote_port !== 0 || to === 'LISTEN'));
  const times = [...frames.flatMap((frame) => [start(frame), end(frame)]), ...states.map(({ t_us }) => t_us)];
  const moments = [...new Set(times)].sort((a, b) => a - b);
  const rowOf = (/** @type {number} */ t_us) => moments.indexOf(t_us);
  const arrows = frames.map((frame) => {
    const [a, b] = (scenario.links?.[frame.link]?.between ?? []).map(nameOf);
    const [from, to] = (frame.direction === 0 ? [a, b] : [b, a]).map((name) => lines.indexOf(name));
    return { frame, from, to, sent_row: rowOf(start(frame)), end_row: rowOf(end(frame)), lost: frame.lost_us !== null };
  });
  const changes = states.map(({ node, t_us, to }) => ({ line: lineOf(node), row: rowOf(t_us), state: to }));
  return { lines, arrows, changes: lastOfEach(changes), rows: moments.length, left_out: all.length - frames.length };
}

/** Where a host changes twice in no time, there is room for where it came to. @param {Change[]} changes */
const lastOfEach = (changes) =>
  changes.filter((change, i) => !changes.slice(i + 1).some(({ line, row }) => line === change.line && row === change.row));
