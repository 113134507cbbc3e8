/** Where the nodes of a lab stand: no two on each other, whatever is joined to what. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { netLayout } from '../../web/model/net-layout.js';
import { Topology } from '../../web/model/topology.js';

/** @param {string[]} kinds of the nodes @param {[number, number][]} ends */
const net = (kinds, ends) => new Topology(kinds.map((kind, i) => ({ name: `n${i}`, kind, addresses: [] })), ends.map((each, i) => ({ name: `l${i}`, ends: each })));

/** The stage as the page has it, in pixels. @param {import('../../web/model/net-layout.js').NetLayout} layout */
const pixels = ({ places, rows }) => places.map(({ x, y }) => ({ x: x * 680, y: y * rows * 40 }));

/** @param {import('../../web/model/net-layout.js').NetLayout} layout */
function assertApart(layout) {
  const at = pixels(layout);
  at.forEach((a, i) =>
    at.slice(i + 1).forEach((b, k) => assert.ok(Math.abs(a.x - b.x) >= 60 || Math.abs(a.y - b.y) >= 26, `${i} and ${i + 1 + k} in ${layout.kind}`)),
  );
}

const STAR = net(['host', 'host', 'router', ...Array(13).fill('host')], Array.from({ length: 16 }, (_, i) => i).filter((i) => i !== 2).map((i) => [i, 2]));

test('two hosts and a router are a line, with the ends at its ends', () => {
  const { kind, places } = netLayout(net(['host', 'host', 'router'], [[0, 2], [2, 1]]));
  assert.equal(kind, 'line');
  assert.deepEqual(places.map(({ x }) => x), [0, 1, 0.5]);
});

test('a few nodes stand in layers, the server last', () => {
  const layout = netLayout(net(['host', 'host', 'router', 'router', 'router', 'host'], [[0, 2], [2, 3], [2, 4], [3, 1], [4, 1], [5, 2]]));
  assert.equal(layout.kind, 'layers');
  assert.equal(layout.places[0].x, 0);
  assert.ok(layout.places.every(({ x }, node) => node === 1 || x <= layout.places[1].x));
  assertApart(layout);
});

test('sixteen nodes: a star, two routers with seven hosts each, and a long chain do not lie on each other', () => {
  const two = net(['host', 'host', 'router', 'router', ...Array(12).fill('host')], [[0, 2], [1, 3], [2, 3], ...Array.from({ length: 12 }, (_, i) => /** @type {[number, number]} */ ([4 + i, i % 2 ? 2 : 3]))]);
  const chain = net(['host', 'host', ...Array(14).fill('router')], [[0, 2], ...Array.from({ length: 13 }, (_, i) => /** @type {[number, number]} */ ([2 + i, 3 + i])), [15, 1]]);
  for (const each of [STAR, two, chain]) {
    const layout = netLayout(each);
    assert.equal(layout.kind, 'ring');
    assertApart(layout);
    assert.deepEqual(netLayout(each), layout, 'the same each time');
  }
});

test('a node that nothing is joined to has its place, too', () => {
  const layout = netLayout(net(['host', 'host', 'host'], [[0, 1]]));
  assertApart(layout);
});
