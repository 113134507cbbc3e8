/**
 * Which timers the ladder draws as brackets, and where. Too many would hide what they explain: a timer that was
 * stopped in time is not drawn, nor one that is too short to see; those that would stand in each other's way get
 * lanes, and beyond two lanes the later ones are left out.
 *
 * @typedef {{node: number, timer: string, from_us: number, due_us: number, fired: boolean}} TimerSpan fired: else it still runs
 * @typedef {{node: number, timers: string[], from_us: number, due_us: number, y0: number, y1: number, is_cut: boolean, lane: number}} Bracket
 */

/** Shorter ones are not worth a mark; one that still runs is drawn no longer than this. */
const LEAST_PX = 16;
const MOST_PX = 120;
const LANES = 2;

/** More than these in view would be a wall. */
const FIRED_MAX = 200;

/**
 * The timers that have run out or run, at a cursor, in a stretch of time.
 * @param {import('./run-index.js').RunIndex} index
 * @param {import('./types.js').LabState['timers']} running
 * @param {number} id the last event that has been seen
 * @param {[number, number]} seen
 * @returns {TimerSpan[]}
 */
export function timersIn(index, running, id, seen) {
  const fired = index.fired.touching(...seen, FIRED_MAX) ?? [];
  return [...fired.filter(({ to_id }) => to_id <= id), ...running.map((each) => ({ ...each, fired: false }))].sort((a, b) => a.from_us - b.from_us);
}

/**
 * @param {TimerSpan[]} spans
 * @param {(t_us: number) => number} y
 * @param {number} top @param {number} bottom of what is in view
 * @returns {Bracket[]}
 */
export function timerBrackets(spans, y, top, bottom) {
  /** @type {Bracket[]} */
  const brackets = [];
  for (const span of spans) {
    const y0 = y(span.from_us);
    const due = y(span.due_us);
    if (due < top || y0 > bottom || due < y0 + LEAST_PX) continue;
    const same = brackets.find(
      (each) => each.node === span.node && each.from_us === span.from_us && each.due_us === span.due_us,
    );
    if (same) {
      same.timers.push(span.timer);
      continue;
    }
    const y1 = span.fired ? due : Math.max(y0 + LEAST_PX, Math.min(due, y0 + MOST_PX, bottom - 6));
    const meets = (/** @type {Bracket} */ each) => each.node === span.node && each.y0 < y1 && each.y1 > y0;
    const lane = brackets.filter(meets).length;
    if (lane >= LANES) continue;
    const { node, timer, from_us, due_us } = span;
    brackets.push({ node, timers: [timer], from_us, due_us, y0, y1, is_cut: !span.fired && y1 < due, lane });
  }
  return brackets;
}

/** Words in lines of so many letters, as few as there can be; a longer word has a line of its own. @param {string} text @param {number} letters */
export function linesOf(text, letters) {
  const [first, ...words] = text.split(' ');
  const lines = [first];
  for (const word of words) {
    const longer = `${lines[lines.length - 1]} ${word}`;
    if (longer.length <= letters) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
