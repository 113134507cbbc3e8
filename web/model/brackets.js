/**
 * Which timers the ladder draws as brackets, and where. Too many would hide what they explain: a timer that was
 * stopped in time is not drawn, nor one that is too short to see; those that would stand in each other's way get
 * lanes, and beyond two lanes the later ones are left out.
 *
 * @typedef {import('./types.js').TimerSpan} TimerSpan
 * @typedef {{node: number, timers: string[], from_us: number, due_us: number, y0: number, y1: number, is_cut: boolean, lane: number}} Bracket
 */

/** Shorter ones are not worth a mark; one that still runs is drawn no longer than this. */
const LEAST_PX = 16;
const MOST_PX = 120;
const LANES = 2;

/**
 * @param {TimerSpan[]} spans
 * @param {number} seen the last event that has been seen
 * @param {(t_us: number) => number} y
 * @param {number} height of what is in view
 * @returns {Bracket[]}
 */
export function timerBrackets(spans, seen, y, height) {
  /** @type {Bracket[]} */
  const brackets = [];
  for (const span of spans) {
    if (span.id > seen) continue;
    const isOver = span.to_us !== null && span.to_id <= seen;
    if (isOver && !span.fired) continue;
    const y0 = y(span.from_us);
    const due = y(span.due_us);
    if (due < 0 || y0 > height || due < y0 + LEAST_PX) continue;
    const same = brackets.find(
      (each) => each.node === span.node && each.from_us === span.from_us && each.due_us === span.due_us,
    );
    if (same) {
      same.timers.push(span.timer);
      continue;
    }
    const y1 = isOver ? due : Math.max(y0 + LEAST_PX, Math.min(due, y0 + MOST_PX, height - 6));
    const meets = (/** @type {Bracket} */ each) => each.node === span.node && each.y0 < y1 && each.y1 > y0;
    const lane = brackets.filter(meets).length;
    if (lane >= LANES) continue;
    const { node, timer, from_us, due_us } = span;
    brackets.push({ node, timers: [timer], from_us, due_us, y0, y1, is_cut: !isOver && y1 < due, lane });
  }
  return brackets;
}
