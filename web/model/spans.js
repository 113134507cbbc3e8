/**
 * Spans of time, from and to in microseconds. A list of spans that do not touch, in order, says when something happens;
 * what is added to it lies near its end, as events do.
 */

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

/**
 * Adds a span to joined ones.
 * @param {[number, number][]} joined @param {number} from @param {number} to
 */
export function addSpan(joined, from, to) {
  let end = joined.length;
  while (end > 0 && joined[end - 1][0] > to) end--;
  let begin = end;
  while (begin > 0 && joined[begin - 1][1] >= from) begin--;
  if (end - begin === 1) {
    const met = joined[begin];
    met[0] = Math.min(met[0], from);
    met[1] = Math.max(met[1], to);
    return;
  }
  const met = joined.slice(begin, end);
  joined.splice(begin, end - begin, [Math.min(from, met[0]?.[0] ?? from), Math.max(to, met.at(-1)?.[1] ?? to)]);
}
