/**
 * Where the nodes of a lab stand on the stage, the same each time. In parts of the width and height, 0 to 1.
 *
 *   line    the two ends and what lies between them, nothing else       a --- r --- b
 *   layers  by how far from the left end, when no column is crowded
 *   ring    hosts around, what joins them inside
 *
 * @typedef {import('./topology.js').Topology} Topology
 * @typedef {{x: number, y: number}} Place
 * @typedef {{kind: 'line' | 'layers' | 'ring', places: Place[], rows: number}} NetLayout rows: how many stand below each other
 */

const LINE_MAX = 4;
const COLUMN_MAX = 4;
/** Nodes that have room beside each other on a wide stage. */
const ABREAST = 8;

/**
 * @param {Topology} topology
 * @param {{ends?: [number, number], abreast?: number}} [how] ends: who stands at the left and at the right; abreast: how many have
 *   room beside each other
 * @returns {NetLayout}
 */
export function netLayout(topology, { ends: [left, right] = [0, 1], abreast = ABREAST } = {}) {
  const path = topology.path(left, right);
  const count = topology.nodes.length;
  if (path.length === count && count <= LINE_MAX && topology.links.length === count - 1) {
    return { kind: 'line', rows: 1, places: topology.nodes.map((_, node) => ({ x: path.indexOf(node) / (count - 1), y: 0.5 })) };
  }
  const columns = columnsOf(topology, left, right);
  const isRoomy = columns.length <= abreast && columns.every((column) => column.length <= COLUMN_MAX);
  return isRoomy ? layers(columns, count) : ring(topology, [left, right], abreast);
}

/** Nodes by their distance from the left end; the right end stands last of all. @param {Topology} topology @param {number} left @param {number} right */
function columnsOf(topology, left, right) {
  const far = topology.distances(left);
  far[right] = Math.max(...far.filter((_, node) => node !== right), far[right]);
  if (far.some((each, node) => node !== right && each === far[right] && topology.nodes[node].kind !== 'host')) far[right]++;
  /** @type {number[][]} */
  const columns = [];
  far.forEach((each, node) => (columns[each] ??= []).push(node));
  return columns.filter(Boolean);
}

/** @param {number[][]} columns @param {number} count @returns {NetLayout} */
function layers(columns, count) {
  /** @type {Place[]} */
  const places = Array.from({ length: count }, () => ({ x: 0, y: 0 }));
  columns.forEach((column, i) => {
    column.forEach((node, k) => (places[node] = { x: columns.length > 1 ? i / (columns.length - 1) : 0.5, y: (k + 0.5) / column.length }));
  });
  return { kind: 'layers', places, rows: Math.max(...columns.map(({ length }) => length)) };
}

/** A list cut into as few rows as have room, of about the same length. @param {number[]} list @param {number} abreast */
function rowsOf(list, abreast) {
  const count = Math.ceil(list.length / abreast);
  const each = Math.ceil(list.length / count);
  return Array.from({ length: count }, (_, row) => list.slice(row * each, (row + 1) * each));
}

/** @param {Topology} topology @param {[number, number]} ends @param {number} abreast @returns {NetLayout} */
function ring(topology, [left, right], abreast) {
  const all = topology.nodes.map((_, node) => node).filter((node) => node !== left && node !== right);
  const inner = all.filter((node) => topology.nodes[node].kind !== 'host');
  // Those that share a neighbour stand together.
  const near = (/** @type {number} */ node) => inner.indexOf(topology.neighbours(node)[0]);
  const outer = all.filter((node) => !inner.includes(node)).sort((a, b) => near(a) - near(b) || a - b);
  const above = rowsOf(outer.filter((_, i) => i % 2 === 0), abreast);
  const below = rowsOf(outer.filter((_, i) => i % 2 === 1), abreast);
  const between = Math.ceil((inner.length + 2) / abreast);
  const rows = above.length + between + below.length;
  const y = (/** @type {number} */ row) => (rows > 1 ? row / (rows - 1) : 0.5);
  /** @type {Place[]} */
  const places = topology.nodes.map(() => ({ x: 0.5, y: 0.5 }));
  const middle = y(above.length + (between - 1) / 2);
  places[left] = { x: 0, y: middle };
  places[right] = { x: 1, y: middle };
  const put = (/** @type {number[]} */ nodes, /** @type {number} */ row) => nodes.forEach((node, i) => (places[node] = { x: (i + 0.5) / nodes.length, y: y(row) }));
  above.forEach(put);
  below.forEach((nodes, i) => put(nodes, above.length + between + i));
  inner.forEach((node, i) => (places[node] = { x: (i + 1) / (inner.length + 1), y: y(above.length + (i % between)) }));
  return { kind: 'ring', places, rows };
}
