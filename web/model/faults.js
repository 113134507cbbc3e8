/**
 * The fault kit: what can go wrong on a cable, for which frames, and which rules a host can break. Here are names,
 * units and the commands that they become; what is set now stands in the lab's description.
 *
 * @typedef {{name: string, unit: string, scale: number, max: number}} Setting scale: what a unit on the page is for the stack
 * @typedef {import('./link-settings.js').Way} Way
 */
import { setOf } from './link-settings.js';

/** @param {string} name @param {string} unit @param {number} max @param {number} [scale] @returns {Setting} */
const setting = (name, unit, max, scale = 1) => ({ name, unit, max, scale });

/** What a cable does to every frame that goes a way. */
export const CABLE = [
  setting('delay_ms', 'ms', 10_000),
  setting('jitter_ms', 'ms', 10_000),
  setting('rate_bit_per_s', 'Mbit/s', 100_000, 1e6),
  setting('queue_frames', 'frames', 65_535),
  setting('ecn_mark_frames', 'frames', 65_535),
];

/** What happens by chance. */
export const CHANCES = [
  setting('loss', '%', 100, 0.01),
  setting('loss_burst_frames', 'frames', 1_000_000),
  setting('duplicate', '%', 100, 0.01),
  setting('reorder', '%', 100, 0.01),
  setting('reorder_ms', 'ms', 10_000),
  setting('corrupt', '%', 100, 0.01),
  setting('corrupt_inside', '%', 100, 0.01),
];

export const WAYS = /** @type {const} */ (['', 'a_to_b', 'b_to_a']);

/** The next of these can be dropped with one press. */
export const NEXT = ['syn', 'syn_ack', 'data', 'ack', 'fin', 'any'];

/** What can happen to exactly one frame. */
export const DEEDS = ['drop', 'delay', 'duplicate', 'corrupt'];

/** The rules that a host can break: the machine's own, then its TCP's (HOST_FAULT_LIST, TCP_FAULT_LIST). */
export const RULES = [
  ...['no_checksum_verify', 'deaf_tcp'],
  ...['skip_time_wait', 'fixed_isn', 'no_backoff', 'no_congestion_control'],
  ...['no_sws_avoidance', 'no_delayed_ack', 'ignore_window', 'no_paws'],
];

/** A chance as the page shows it: without the noise of floating point. @param {number} value @param {Setting} how */
const shown = (value, { scale }) => Math.round((value / scale) * 1e6) / 1e6;

/**
 * What is set, in the page's unit; null: the two ways differ.
 * @param {any} link a link's description @param {Way} way @param {Setting} how
 * @returns {number | null}
 */
export function valueOf(link, way, how) {
  const value = setOf(link, way, how.name);
  return value === null ? null : shown(value, how);
}

/** What is to be set, in the stack's unit. @param {Setting} how @param {number} value as the page shows it */
export const changeOf = (how, value) => ({
  [how.name]: how.scale > 1 ? Math.round(value * how.scale) : value * how.scale,
});

/** Nothing goes wrong any more, and what was wished for is forgotten. */
export const CALM = {
  ...Object.fromEntries(CHANCES.filter(({ name }) => name !== 'reorder_ms').map(({ name }) => [name, 0])),
  ...{ jitter_ms: 0, ecn_mark_frames: 0, up: true, exactly: [] },
};

/**
 * One frame, and what happens to it.
 * @param {{deed: string, match: string, from: string, nth: number, by_ms: number}} wish
 */
export function wishCommand({ deed, match, from, nth, by_ms }) {
  const pick = { match, nth, ...(from && { from }) };
  const more = { delay: { by_ms }, corrupt: { offset: 54, bit: 3 } }[deed] ?? {};
  return { [deed]: { ...pick, ...more } };
}

/**
 * What still waits for its frame.
 * @param {any} link a link's description
 * @returns {{deed: string, match: string, way: Way, nth: number, count: number}[]} nth: after so many others; 1: the next
 */
export function waitingWishes(link) {
  const exact = link.exactly
    .filter((/** @type {any} */ each) => each.seen < each.last)
    .map((/** @type {any} */ each) => ({
      deed: each.do,
      match: each.match,
      way: each.direction === 'both' ? '' : each.direction,
      nth: Math.max(1, each.first - each.seen),
      count: each.last - each.first + 1,
    }));
  const next = link.drop_next.map((/** @type {any} */ each) => ({ deed: 'drop', match: each.match, way: each.direction, nth: 1, count: each.count }));
  return [...next, ...exact];
}
