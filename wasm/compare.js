/**
 * Two branches side by side: both are run to one time, and core/lab/compare.c says where they part and which of their
 * segments differ. Here its numbers become objects.
 */
import { LabError, checkInteger } from './error.js';

/** @typedef {import('./events.js').LabEvent} LabEvent */

/** @typedef {{frame: number, t_us: number, made: LabEvent | null}} Side a frame in one of the branches, and what made it */

/**
 * A segment that differs. only_a, only_b: nothing like it was sent in the other; moved: at another time; changed: with
 * another window, options, TTL or TOS.
 * @typedef {object} Difference
 * @property {'only_a' | 'only_b' | 'moved' | 'changed'} kind
 * @property {number} link
 * @property {number} direction 0: a to b of the link
 * @property {Side | null} a
 * @property {Side | null} b
 */

/**
 * @typedef {object} Comparison
 * @property {{event: number, t_us: number, a: LabEvent | null, b: LabEvent | null} | null} divergence the first event that
 *   differs, as it is in each; null when none does
 * @property {number} t_us until when they were compared
 * @property {number} same how many frames are alike from there on
 * @property {Record<'only_a' | 'only_b' | 'moved' | 'changed', number>} counts
 * @property {Difference[]} segments by time
 */

const LIST_MAX = { standard: 1000, max: 100_000 };
const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * @param {Float64Array} numbers what lab_api_compare() wrote
 * @param {number} listed
 * @param {string[]} kinds
 */
function readResult(numbers, listed, kinds) {
  const [event, , t_us, same] = numbers;
  const rowsAt = 4 + kinds.length;
  const counts = /** @type {Comparison['counts']} */ (Object.fromEntries(kinds.map((kind, i) => [kind, numbers[4 + i]])));
  const rows = Array.from({ length: listed }, (_, i) => Array.from(numbers.subarray(rowsAt + 7 * i, rowsAt + 7 * i + 7)));
  return { event, t_us, same, counts, rows };
}

/**
 * @param {import('./timeline.js').Timeline} timeline
 * @param {import('./causes.js').Causes} causes
 * @param {string[]} kinds
 * @param {[number, number]} ids
 * @param {{t_us?: number, max?: number}} options
 * @returns {Comparison}
 */
export function compareBranches(timeline, causes, kinds, ids, { t_us, max = LIST_MAX.standard }) {
  checkInteger('max', max, 0, LIST_MAX.max);
  if (t_us !== undefined) checkInteger('t_us', t_us, 0, NEVER);
  if (ids[0] === ids[1]) throw new LabError('EINVAL', `a branch is always like itself: ${ids[0]}`);
  const tips = ids.map((id) => {
    const branch = timeline.branches.find((each) => each.id === id);
    if (!branch) throw new LabError('ENOENT', `there is no branch ${JSON.stringify(id)}`);
    return branch.tip.t_us;
  });
  const until_us = t_us ?? Math.max(...tips);
  const [image] = timeline.visit(ids.slice(0, 1), until_us, () => timeline.image.slice());
  const [result] = timeline.visit(ids.slice(1), until_us, () => {
    const { listed, numbers } = timeline.compareWith(image, max);
    return readResult(numbers, listed, kinds);
  });
  const { event, rows, same, counts, t_us: divergence_us } = result;
  const [a, b] = timeline.visit(ids, until_us, (index) => {
    const frames = new Set(rows.map((row) => row[index === 0 ? 3 : 4]));
    return { event: timeline.log.at(event), made: causes.origins(frames) };
  });
  const side = (/** @type {typeof a} */ { made }, /** @type {number} */ frame, /** @type {number} */ at_us) =>
    frame === 0 ? null : { frame, t_us: at_us, made: made.get(frame) ?? null };
  return {
    divergence: event === 0 ? null : { event, t_us: divergence_us, a: a.event, b: b.event },
    t_us: until_us,
    same,
    counts,
    segments: rows.map(([kind, link, direction, frame_a, frame_b, a_us, b_us]) => ({
      kind: /** @type {Difference['kind']} */ (kinds[kind]),
      link,
      direction,
      a: side(a, frame_a, a_us),
      b: side(b, frame_b, b_us),
    })),
  };
}
