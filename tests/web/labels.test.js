/** What is written at frames: two labels never cover each other, and none leaves its room where it fits in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { labelWidth, placeLabels } from '../../web/model/frame-labels.js';

/** @param {Partial<import('../../web/model/frame-labels.js').Wish>} wish */
const wish = (part) => ({ frame: 1, text: 'ACK seq 1 ack 1 len 548', short: 'ACK s1 a1 l548', x: 100, y: 50, side: /** @type {const} */ ('right'), room: /** @type {[number, number]} */ ([0, 600]), first: false, ...part });

/** From where to where a label reaches. @param {ReturnType<typeof wish>} wish @param {Map<number, import('../../web/model/frame-labels.js').Label>} labels */
function reach({ frame, x }, labels) {
  const { text, by_px } = /** @type {import('../../web/model/frame-labels.js').Label} */ (labels.get(frame));
  return [x + by_px - labelWidth(text) / 2, x + by_px + labelWidth(text) / 2];
}

test('a label stands over its frame, and within its room at the ends', () => {
  const [middle, start, end] = [wish({ x: 300 }), wish({ x: 5 }), wish({ x: 598 })];
  assert.deepEqual(placeLabels([middle]).get(1), { text: middle.text, by_px: 0 });
  for (const each of [start, end]) {
    const [from, to] = reach(each, placeLabels([each]));
    assert.ok(from >= -1 && to <= 601, `${from} ${to}`);
  }
});

test('two links beside each other: each label keeps to its own, in fewer letters', () => {
  const two = [wish({ frame: 1, x: 90, room: [0, 140] }), wish({ frame: 2, x: 160, room: [145, 290] })];
  const labels = placeLabels(two);
  const [first, second] = two.map((each) => reach(each, labels));
  assert.ok(first[1] <= 141 && second[0] >= 144, `${first} ${second}`);
  assert.deepEqual([...labels.values()].map(({ text }) => text), ['ACK s1 a1 l548', 'ACK s1 a1 l548']);
});

test('where there is room for one of two, the chosen one has it; above and below the line both have', () => {
  const near = [wish({ frame: 1, x: 100 }), wish({ frame: 2, x: 130 })];
  assert.deepEqual([...placeLabels(near).keys()], [1]);
  assert.deepEqual([...placeLabels([near[0], { ...near[1], first: true }]).keys()], [2]);
  assert.equal(placeLabels([near[0], { ...near[1], side: 'left', y: 62 }]).size, 2);
});

test('any few frames anywhere: no two labels meet', () => {
  let seed = 7;
  const random = (/** @type {number} */ below) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  for (let run = 0; run < 500; run++) {
    const wishes = Array.from({ length: 3 }, (_, i) => {
      const from = random(400);
      return wish({ frame: i + 1, x: from + random(200), y: 40 + random(60), side: random(2) ? 'right' : 'left', room: [from, from + 60 + random(200)] });
    });
    const labels = placeLabels(wishes);
    const there = wishes.filter(({ frame }) => labels.has(frame));
    assert.ok(labels.has(1));
    for (const a of there) {
      for (const b of there) {
        const high = (/** @type {typeof a} */ { y, side }) => (side === 'right' ? y - 20 : y + 20);
        if (a.frame >= b.frame || Math.abs(high(a) - high(b)) >= 18) continue;
        const [[a0, a1], [b0, b1]] = [reach(a, labels), reach(b, labels)];
        assert.ok(a1 <= b0 + 1 || b1 <= a0 + 1, `run ${run}`);
      }
    }
  }
});
