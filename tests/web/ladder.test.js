/** What the ladder is made of: spans found by time, silence folded, what is in view. No browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Activity, bothActive } from '../../web/model/activity.js';
import { Axis, Folds, fitAxis, fitScale } from '../../web/model/axis.js';
import { LadderView, PX_PER_US } from '../../web/model/ladder-view.js';
import { LANE_PX, countRows, inView, lanesOf, narrowEdges, wayIn } from '../../web/model/lanes.js';
import { Notes } from '../../web/model/notes.js';
import { RunRecord } from '../../web/model/record.js';
import { RunIndex } from '../../web/model/run-index.js';
import { joinSpans } from '../../web/model/spans.js';
import { SpanIndex, TimeList } from '../../web/model/time-index.js';
import { Topology } from '../../web/model/topology.js';
import { HANDSHAKE, log } from './fixture.js';

/** The same numbers each time. */
function dice(seed = 7) {
  let x = seed;
  return (/** @type {number} */ below) => {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0;
    return Math.floor((x / 2 ** 32) * below);
  };
}

/** @param {[number, number][]} spans in the order of their beginnings */
function active(spans) {
  const activity = new Activity();
  for (const [from, to] of spans) activity.add(from, to);
  return activity;
}

/** @param {[number, number][]} spans @param {number} end_us @param {number} px_per_us @param {{now_us?: number, folds_end?: boolean}} [how] */
const axisOf = (spans, end_us, px_per_us, how) => new Axis(new Folds(active(spans), px_per_us), end_us, how);

test('spans are found as by looking at all of them, also when their ends change', () => {
  const roll = dice();
  /** @type {SpanIndex<number>} */
  const index = new SpanIndex();
  /** @type {[number, number][]} */
  const all = [];
  for (let i = 0; i < 5000; i++) {
    const from = i * 10 - roll(50);
    all.push([from, from + roll(400)]);
    index.add(i, ...all[i], i + 1);
    const other = roll(i + 1);
    if (i % 3 === 0) index.set(other, ...(all[other] = [all[other][0], all[other][0] + roll(5000)]));
  }
  for (let i = 0; i < 200; i++) {
    const from = roll(52_000) - 500;
    const to = from + roll(2000);
    const expected = all.flatMap((span, at) => (span[0] <= to && span[1] >= from ? [at] : []));
    assert.deepEqual(index.touching(from, to), expected);
    if (expected.length > 0) assert.equal(index.touching(from, to, expected.length - 1), null);
    assert.deepEqual(index.touching(from, to, expected.length), expected);
  }
  assert.deepEqual(new SpanIndex().touching(0, 1), []);
});

test('finding what is in view looks at few spans, however many there are', () => {
  const cost = (/** @type {number} */ count) => {
    /** @type {SpanIndex<number>} */
    const index = new SpanIndex();
    for (let i = 0; i < count; i++) index.add(i, i * 10, i * 10 + 5, i + 1);
    let reads = 0;
    for (const level of index.levels) level.from = new Proxy(level.from, { get: (of, key) => (reads++, Reflect.get(of, key)) });
    assert.equal(index.touching(count * 5, count * 5 + 95)?.length, 10);
    return reads;
  };
  assert.ok(cost(100_000) < 2 * cost(2000), 'fifty times as many cost at most twice as much');
});

test('moments are counted by time', () => {
  const times = new TimeList();
  [0, 5, 5, 9].forEach((t_us, i) => times.add(t_us, i + 1));
  assert.deepEqual([0, 1, 5, 6, 9, 10].map((t_us) => times.before(t_us)), [0, 1, 1, 3, 3, 4]);
  /** @type {number[][]} */
  const rows = [];
  countRows(times, [0, 3, 6, 9, 12], (row, count) => rows.push([row, count]));
  assert.deepEqual(rows, [
    [0, 1],
    [1, 2],
    [3, 1],
  ]);
});

test('activity is what joining all spans gives, and knows its longest silences', () => {
  const roll = dice(3);
  for (let turn = 0; turn < 50; turn++) {
    const activity = new Activity();
    /** @type {[number, number][]} */
    const spans = [[0, 0]];
    for (let i = 0, now = 0; i < 100; i++) {
      now += roll(3) === 0 ? roll(500) : roll(20);
      const span = /** @type {[number, number]} */ ([Math.max(0, now - roll(60)), now + roll(100)]);
      spans.push(span);
      activity.add(...span);
    }
    const joined = joinSpans(spans);
    assert.deepEqual(Array.from({ length: activity.count }, (_, i) => [activity.from[i], activity.to[i]]), joined);
    const silences = joined.slice(1).map(([from], i) => from - joined[i][1]);
    assert.deepEqual(activity.longest.map(({ us }) => us), silences.sort((a, b) => b - a).slice(0, 64));
  }
  const both = bothActive(active([[10, 20], [50, 60]]), active([[15, 25], [80, 90]]));
  assert.deepEqual([...both.to.subarray(0, both.count)], [0, 25, 60, 90]);
});

test('the axis is true to scale, and back', () => {
  const axis = axisOf([[0, 20_000]], 20_000, 0.01);
  assert.equal(axis.toPx(10_000) - axis.toPx(5_000), 50);
  for (const t_us of [0, 1, 777, 20_000]) assert.ok(Math.abs(axis.toUs(axis.toPx(t_us)) - t_us) < 1e-6);
});

test('a long silence is folded, and times on both sides stay true', () => {
  const axis = axisOf([[0, 20_000], [60_000_000, 60_010_000]], 60_010_000, 0.01);
  const [fold, ...more] = axis.foldsBetween(0, axis.length_px);
  assert.ok(fold && more.length === 0);
  assert.ok(axis.length_px < 500);
  assert.ok(Math.abs(axis.toPx(60_010_000) - axis.toPx(60_000_000) - 100) < 1e-6);
  const ticks = axis.ticks(0, axis.length_px, 40);
  assert.ok(ticks.length > 2 && ticks.every(({ t_us }) => t_us <= fold.from_us || t_us >= fold.to_us));
});

test('"now" stands in no fold, wherever it is, and the quiet behind everything folds, too', () => {
  const busy = /** @type {[number, number][]} */ ([[0, 20_000], [60_000_000, 60_010_000]]);
  const axis = axisOf(busy, 60_010_000, 0.01, { now_us: 30_000_000 });
  const folds = axis.foldsBetween(0, axis.length_px);
  assert.equal(folds.length, 2);
  assert.ok(folds[0].to_us < 30_000_000 && folds[1].from_us > 30_000_000);
  const end = axisOf(busy, 600_000_000, 0.01, { now_us: 300_000_000 });
  assert.equal(end.foldsBetween(0, end.length_px).length, 3);
  assert.ok(end.length_px < 700);
  const open = axisOf(busy, 600_000_000, 0.01, { folds_end: false });
  assert.ok(open.length_px > 5_000_000);
});

test('time never runs backwards on an axis, and each place is one time', () => {
  const roll = dice(5);
  for (let turn = 0; turn < 30; turn++) {
    /** @type {[number, number][]} */
    const spans = [];
    for (let i = 0, now = 0; i < 12; i++) spans.push([(now += roll(200_000)), now + roll(3000)]);
    const end_us = 2_000_000 + roll(1_000_000);
    const axis = axisOf(spans, end_us, 0.002 + roll(100) / 1000, { now_us: roll(end_us) });
    let before = -1;
    for (let t_us = 0; t_us <= end_us; t_us += 997) {
      const px = axis.toPx(t_us);
      assert.ok(px >= before - 1e-6, `${t_us}`);
      assert.ok(Math.abs(axis.toUs(px) - t_us) < 1e-3 * end_us / 1000, `${t_us} and ${axis.toUs(px)}`);
      before = px;
    }
  }
});

test('folds that grow with a run are those of the whole run', () => {
  const roll = dice(9);
  const activity = new Activity();
  const grown = new Folds(activity, 0.01);
  for (let i = 0, now = 0; i < 400; i++) {
    now += roll(4) === 0 ? roll(100_000) : roll(300);
    activity.add(Math.max(0, now - roll(200)), now + roll(2000));
    grown.extend();
    if (i % 50 === 0) assert.deepEqual(grown.list, new Folds(activity, 0.01).list);
  }
  assert.ok(grown.list.length > 10);
});

test('an axis can be made to fill a width, with and without folds', () => {
  const { activity: short } = indexOf(HANDSHAKE);
  assert.ok(Math.abs(fitAxis(short, 100_000, 1000).length_px - 1000) < 1);
  const roll = dice(11);
  for (let turn = 0; turn < 40; turn++) {
    /** @type {[number, number][]} */
    const spans = [];
    for (let i = 0, now = 0; i < 6; i++) spans.push([(now += roll(roll(3) === 0 ? 60_000_000 : 40_000)), now + 1000 + roll(30_000)]);
    const activity = active(spans);
    const end_us = activity.end_us + 5000;
    const axis = fitAxis(activity, end_us, 1200);
    assert.ok(Math.abs(axis.length_px - 1200) < 30, `${axis.length_px}`);
    assert.ok(fitScale(activity, end_us, 1200) >= 1200 / end_us, 'folding makes room');
  }
});

/** @param {any[]} events */
function indexOf(events) {
  const record = new RunRecord();
  const index = new RunIndex(record);
  for (const event of events) {
    record.add(event);
    index.add(event);
  }
  return index;
}

/** A run of many segments, one each so many microseconds. @param {number} count @param {number} every_us */
function longRun(count, every_us) {
  const sent = { kind: 'frame_sent', layer: 'link', link: 0, direction: 0, len_bytes: 60 };
  return indexOf(log(Array.from({ length: count }, (_, i) => ({ ...sent, frame: i + 1, t_us: i * every_us, arrival_us: i * every_us + 20_000 }))));
}

test('what is in view is drawn one by one, as lines or as shades', () => {
  const run = longRun(20_000, 1000);
  assert.equal(inView(run, [1_000_000, 1_020_000]).as, 'arrows');
  assert.equal(inView(run, [1_000_000, 1_020_000]).frames?.length, 41, 'and those that arrive there');
  assert.equal(inView(run, [1_000_000, 1_300_000]).as, 'lines');
  assert.deepEqual(inView(run, [0, 20_000_000]), { as: 'shades', frames: null });
});

test('the view: zoom keeps its place, pan ends at the edges, follow keeps "now" in view, fit shows all', () => {
  const { activity } = longRun(10_000, 1000);
  const view = new LadderView();
  view.height = 500;
  view.lay(activity, 10_020_000, 3_000_000);
  assert.ok(view.y(3_000_000) > 0 && view.y(3_000_000) < 500);
  for (const factor of [2, 2, 0.5, 0.1, 3]) {
    const at = view.axis.toUs(200 + view.top - view.pad_top);
    view.zoom(factor, 200);
    if (view.top > 0 && view.top < view.paper_px - view.height) assert.ok(Math.abs(view.y(at) - 200) < 0.01);
  }
  view.zoom(1e-9);
  view.lay(activity, 10_020_000, 3_000_000);
  assert.ok(view.y(0) >= 0 && view.y(10_020_000) <= 500, 'no smaller than all of it');
  view.zoom(1e9);
  view.pan(-Infinity);
  assert.equal(view.top, 0);
  assert.equal(view.mode, 'free');
  view.pan(Infinity);
  assert.equal(view.top, view.paper_px - view.height);
  assert.ok(view.stretch > 1 && view.scroll_px < view.paper_px, 'a very long paper scrolls faster');
  assert.equal(view.scrolled(view.scroll_top), false, 'what it did itself is no news');
  assert.ok(view.scrolled(1000) && view.top > 1000);
  view.mode = 'fit';
  view.lay(activity, 10_020_000, 3_000_000);
  assert.ok(view.y(0) >= 0 && view.y(10_020_000) <= 500);
  assert.equal(view.paper_px, 500);
  const before = view.px_per_us;
  view.lay(activity, 10_030_000, 3_000_000);
  assert.equal(view.px_per_us, before, 'a little more does not move all');
  assert.ok(before < PX_PER_US);
});

const ROUTED = Topology.of({
  nodes: [
    { name: 'client', kind: 'host', interfaces: [{ address: '10.0.0.1/24' }] },
    { name: 'server', kind: 'host', interfaces: [{ address: '10.0.1.2/24' }] },
    { name: 'router', kind: 'router', interfaces: [{ address: '10.0.0.254/24' }, { address: '10.0.1.254/24' }] },
    { name: 'alone', kind: 'host' },
  ],
  links: [
    { name: 'near', between: ['client:0', 'router:0'] },
    { name: 'far', between: ['router:1', 'server:0'] },
  ],
});

test('lifelines stand on the way between the ends; a frame whose end has none is not drawn', () => {
  assert.deepEqual(ROUTED.path(0, 1), [0, 2, 1]);
  assert.deepEqual(ROUTED.path(0, 3), [0, 3], 'no way');
  assert.deepEqual(ROUTED.way({ link: 1, direction: 1 }), [1, 2]);
  assert.equal(ROUTED.isCable, false);
  const lanes = lanesOf([0, 2, 1], 100, 500);
  assert.deepEqual(lanes.x, [100, 300, 500]);
  assert.deepEqual(wayIn(lanes, [2, 1]), { from: 300, to: 500 });
  assert.equal(wayIn(lanes, [0, 3]), null);
});

/** The same, told by going through all of them. @param {Notes} notes @param {[number, number]} seen @param {(t_us: number) => number} y @param {{cursor_id: number, opening_id: number}} until */
function placedOneByOne(notes, [from_us, to_us], y, { cursor_id, opening_id }) {
  const placed = [];
  let free = -Infinity;
  let before = '';
  for (const note of notes.list) {
    if (note.t_us < from_us || note.t_us > to_us || note.id > cursor_id || (note.id <= opening_id && note.kind === 'call')) continue;
    const at_px = Math.max(y(note.t_us) + (note.kind === 'state' ? 10 : 4), free);
    const drift = at_px - y(note.t_us);
    if (drift > 60 || (drift > 5 && note.text === before)) continue;
    free = at_px + 15;
    before = note.text;
    placed.push({ note, at_px });
  }
  return placed;
}

/** @param {number} count @param {(i: number) => string} text @param {(i: number) => number} time */
function manyNotes(count, text, time = (i) => i * 40) {
  const notes = new Notes();
  for (let i = 0; i < count; i++) notes.add({ id: i + 1, t_us: time(i), text: text(i), kind: text(i).endsWith('()') ? 'call' : 'state' });
  return notes;
}

test('notes that have room are found as by going through all of them', () => {
  const roll = dice();
  const texts = ['recv()', 'recv()', 'recv()', 'send()', 'ESTABLISHED', 'CLOSED'];
  let now_us = 0;
  const notes = manyNotes(3000, () => texts[roll(texts.length)], () => (now_us += roll(9) * roll(9) * roll(9)));
  for (const px_per_us of [0.001, 0.01, 0.1, 1]) {
    for (let i = 0; i < 20; i++) {
      const from_us = roll(now_us);
      const seen = /** @type {[number, number]} */ ([from_us, from_us + 900 / px_per_us]);
      const y = (/** @type {number} */ t_us) => (t_us - from_us) * px_per_us;
      const until = { cursor_id: 1500 + roll(1500), opening_id: roll(400) };
      assert.deepEqual(notes.placed(seen, y, until), placedOneByOne(notes, seen, y, until));
    }
  }
});

test('notes that have room stay, from wherever heights are counted', () => {
  const notes = manyNotes(200, () => 'recv()', (i) => i * 30);
  for (const offset_px of [0, 0.1, 1 / 3, 4096.7, 123_456.3]) {
    const placed = notes.placed([0, 6000], (t_us) => t_us + offset_px, { cursor_id: Infinity, opening_id: 0 });
    assert.equal(placed.length, 200, `${offset_px} px`);
  }
});

test('of a hundred thousand notes few are looked at, whatever they say', () => {
  for (const text of [() => 'recv()', (/** @type {number} */ i) => (i % 2 ? 'recv()' : 'send()')]) {
    const notes = manyNotes(100_000, text);
    for (const px_per_us of [800 / 4_000_000, 0.01]) {
      let looks = 0;
      const y = (/** @type {number} */ t_us) => (looks++, t_us * px_per_us);
      assert.ok(notes.placed([0, 800 / px_per_us], y, { cursor_id: Infinity, opening_id: 0 }).length > 2);
      assert.ok(looks < 4000, `${looks} looks`);
    }
  }
});

test('notes that are forgotten leave the others as they were', () => {
  const notes = manyNotes(300, (i) => (i % 7 ? 'recv()' : 'send()'));
  notes.forget(101);
  const until = { cursor_id: Infinity, opening_id: 0 };
  const few = manyNotes(101, (i) => (i % 7 ? 'recv()' : 'send()'));
  assert.deepEqual([notes.list, notes.turns, notes.placed([0, 9999], (t_us) => t_us, until)], [few.list, few.turns, few.placed([0, 9999], (t_us) => t_us, until)]);
});

test('in a narrow pane the bands of many connections stay off the ruler and in the pane, and leave room between', () => {
  for (const width of [200, 300, 360, 560]) {
    for (let lanes = 0; lanes <= 40; lanes++) {
      const edges = { left: 60, right: 60 + width };
      const { left, right, most } = narrowEdges(edges, lanes);
      for (let lane = 0; lane <= lanes; lane++) {
        const out = Math.min(lane, most) * LANE_PX + 5;
        assert.ok(left - out >= edges.left && right + out <= edges.right, `${lane} of ${lanes} in ${width}`);
      }
      assert.ok(right - left >= width / 2 - 12, `${lanes} in ${width}`);
    }
  }
  assert.deepEqual(narrowEdges({ left: 60, right: 360 }, 0), { left: 66, right: 330, most: 0 });
});
