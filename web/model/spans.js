/** Spans of time, from and to in microseconds. */

/**
 * Joins overlapping spans.
 * @param {[number, number][]} spans in any order
 */
export function joinSpans(spans) {
  const sorted = [...spans].sort((a, b) => a[0] - b[0]);
  /** @type {[number, number][]} */
  const joined = [];
  for (const [from, to] of sorted) {
    const last = joined.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}
