import assert from 'node:assert/strict';
import test from 'node:test';

import { linesOf, timerBrackets, timersIn } from '../../web/model/brackets.js';
import { RunRecord } from '../../web/model/record.js';
import { initialState, reduce } from '../../web/model/reduce.js';
import { RunIndex } from '../../web/model/run-index.js';
import { chip } from '../../web/model/select.js';
import { joinSpans } from '../../web/model/spans.js';
import { AT_ONCE, Timeline } from '../../web/model/timeline.js';
import { HANDSHAKE, log, playback } from './fixture.js';

const fresh = () => new Timeline(/** @type {any} */ (playback(structuredClone(HANDSHAKE))), 2);

test('a step goes to the next event with something to say', () => {
  const timeline = fresh();
  const kinds = [];
  while (timeline.stepOn()) kinds.push(timeline.at(timeline.cursor.id)?.kind);
  assert.deepEqual(kinds.slice(0, 8), [
    'tcp_state',
    'socket_call',
    'tcp_state',
    'tcp_segment_sent',
    'header_added',
    'header_added',
    'header_added',
    'frame_sent',
  ]);
  assert.equal(chip(timeline.state, 1), 'ESTABLISHED');
});

test('stepping back shows the same as stepping there', () => {
  const timeline = fresh();
  const states = [];
  while (timeline.stepOn()) states.push(structuredClone(timeline.state));
  states.pop();
  while (states.length) {
    timeline.stepBack();
    assert.deepEqual(timeline.state, states.pop());
  }
  timeline.stepBack();
  assert.equal(timeline.cursor.id, 0);
});

test('going back in a long run starts from a checkpoint and shows the same', () => {
  const many = [];
  for (let i = 0; i < 3000; i++)
    {many.push({ kind: 'socket_call', call: 'SEND', result: 10, len_bytes: 10, t_us: i * 10 });}
  const timeline = new Timeline(/** @type {any} */ (playback(log(many))), 2);
  timeline.seek(40_000);
  assert.equal(timeline.state.nodes[0].sent_bytes, 30_000);
  assert.ok(timeline.checkpoints.length > 3);
  timeline.seek(15_005);
  assert.equal(timeline.state.nodes[0].sent_bytes, 15_010);
  timeline.seek(40_000);
  assert.equal(timeline.state.nodes[0].sent_bytes, 30_000);
});

test('the next segment is shown halfway', () => {
  const timeline = fresh();
  timeline.stepSegment();
  assert.equal(timeline.cursor.t_us, 10_025);
  assert.deepEqual(timeline.state.flying, [1]);
  timeline.stepSegment();
  assert.deepEqual(timeline.state.flying, [2]);
  timeline.stepSegment();
  assert.deepEqual(timeline.state.flying, [3]);
  timeline.stepSegment();
  assert.equal(timeline.cursor.id, HANDSHAKE.length);
});

test('seeking does not run the engine into the past or beyond', () => {
  const timeline = fresh();
  timeline.seek(30_000);
  assert.equal(timeline.engine.now_us, 30_000);
  timeline.seek(5_000);
  assert.equal(timeline.engine.now_us, 30_000);
  assert.equal(timeline.isPast, true);
  assert.equal(chip(timeline.state, 1), 'LISTEN');
});

test('play goes at its speed: 20 ms take 2 s at 1/100', () => {
  const timeline = fresh();
  timeline.seek(10_000);
  timeline.play();
  timeline.tick(100);
  assert.equal(Math.round(timeline.cursor.t_us), 11_000);
  timeline.speed = 0.1;
  timeline.tick(50);
  assert.equal(Math.round(timeline.cursor.t_us), 16_000);
});

test('play holds where things happen at one moment, so that each can be seen', () => {
  const timeline = fresh();
  timeline.play();
  const seen = new Set();
  for (let i = 0; i < 400 && timeline.cursor.t_us === 0; i++) {
    timeline.tick(20);
    seen.add(timeline.cursor.id);
  }
  for (const event of HANDSHAKE.filter((each) => each.kind === 'header_added' && each.t_us === 0))
    {assert.ok(seen.has(event.id), `event ${event.id} was held`);}
});

test('play comes to rest when nothing is on its way or awaited', () => {
  const events = [...structuredClone(HANDSHAKE), ...log([{ kind: 'arp_expired', t_us: 60_000_000 }])];
  events.forEach((event, i) => (event.id = i + 1));
  const timeline = new Timeline(/** @type {any} */ (playback(events)), 2);
  timeline.play();
  for (let i = 0; i < 2000 && timeline.playing; i++) timeline.tick(100);
  assert.equal(timeline.playing, false);
  assert.ok(timeline.cursor.t_us < 100_000);
  timeline.play();
  for (let i = 0; i < 100 && timeline.playing; i++) timeline.tick(100);
  assert.equal(timeline.cursor.id, events.length, 'asked again, it skips there');
});

/** So many things happen that say nothing, and then one that does. @param {number} count @param {number} [apart_us] */
function silence(count, apart_us = 1) {
  const silent = Array.from({ length: count }, (_, i) => ({ kind: 'arp_expired', t_us: i * apart_us }));
  const events = log([...silent, { kind: 'socket_call', call: 'SEND', result: 1, len_bytes: 1, t_us: count * apart_us }]);
  return new Timeline(/** @type {any} */ (playback(events)), 2);
}

test('a turn of play does no more than so many things, however fast time goes', () => {
  const timeline = silence(3 * AT_ONCE, 0);
  timeline.speed = 1;
  timeline.play();
  /** @type {number[]} */
  const ids = [0];
  while (timeline.playing && ids.length < 20) {
    timeline.tick(100);
    ids.push(timeline.cursor.id);
  }
  const turns = ids.slice(1).map((id, i) => id - ids[i]);
  assert.equal(Math.max(...turns), AT_ONCE);
  assert.equal(timeline.cursor.id, 3 * AT_ONCE + 1);
});

test('what is far is looked for in turns, and each goes on where the last one ended', () => {
  for (const look of /** @type {const} */ (['stepOn', 'stepSegment'])) {
    const timeline = silence(2 * AT_ONCE + 10);
    let before = 0;
    for (let turn = 0; turn < 2; turn++) {
      assert.equal(timeline[look](), null);
      assert.ok(timeline.cursor.id > before && timeline.cursor.id - before <= AT_ONCE);
      assert.equal(timeline.log.length, timeline.cursor.id, 'nothing was done that was not looked at');
      before = timeline.cursor.id;
    }
    assert.equal(timeline[look](), look === 'stepOn' ? true : false);
    assert.equal(timeline.cursor.t_us, 2 * AT_ONCE + 10);
  }
});

test('where nothing will ever happen, a step leaves time where it is', () => {
  const timeline = fresh();
  timeline.seek(90_000);
  assert.equal(timeline.stepOn(), false);
  assert.equal(timeline.cursor.t_us, 90_000);
});

test('acting in the past drops what was known of the future', () => {
  const engine = playback(structuredClone(HANDSHAKE));
  const timeline = new Timeline(/** @type {any} */ (engine), 2);
  timeline.seek(70_000);
  timeline.seek(10_000);
  timeline.act(() =>
    engine.add({ kind: 'frame_lost', frame: 1, link: 0, direction: 0, reason: 'PERSON', len_bytes: 78 }),
  );
  assert.equal(timeline.log.at(-1)?.kind, 'frame_lost');
  assert.equal(timeline.record.by_frame.get(1)?.reason, 'PERSON');
  assert.equal(timeline.record.by_frame.get(2), undefined);
  assert.equal(timeline.cursor.t_us, 10_000);
  assert.deepEqual(timeline.state.flying, []);
});

test('an action that fails leaves time where it was', () => {
  const timeline = fresh();
  timeline.seek(10_000);
  assert.throws(
    () =>
      timeline.act(() => {
        throw new Error('no');
      }),
    /no/,
  );
  assert.equal(timeline.cursor.t_us, 10_000);
});

test('spans that touch are joined', () => {
  assert.deepEqual(
    joinSpans([
      [5, 9],
      [0, 5],
      [20, 21],
    ]),
    [
      [0, 9],
      [20, 21],
    ],
  );
});

test('what a person did is read first: time goes on after its sentence has stood', () => {
  const timeline = fresh();
  timeline.seek(60_150);
  timeline.act(() => /** @type {any} */ (timeline.engine).add({ kind: 'socket_call', call: 'CLOSE', result: 0 }));
  const done = timeline.cursor.id;
  /** @type {any} */ (timeline.engine).add({ kind: 'tcp_state', from: 'ESTABLISHED', to: 'FIN_WAIT_1', remote_port: 80 });
  timeline.pull();
  timeline.play();
  timeline.tick(100);
  assert.equal(timeline.cursor.id, done);
  for (let i = 0; i < 3; i++) timeline.tick(100);
  assert.equal(timeline.cursor.id, done + 1);
});

test('timers are drawn when they run or have run out, and not in each other’s way', () => {
  const armed = (/** @type {object} */ more = {}) => ({ kind: 'tcp_timer_armed', local_port: 1, timer: 'RETRANSMIT', due_us: 100, ...more });
  /** What is drawn when all of these, or so many, have been seen. @param {object[]} events @param {number} [seen] */
  const draw = (events, seen = events.length) => {
    const all = log(events);
    const record = new RunRecord();
    const index = new RunIndex(record);
    const state = initialState(2);
    for (const event of all) [record, index].forEach((each) => each.add(event));
    for (const event of all.slice(0, seen)) reduce(state, event);
    return timerBrackets(timersIn(index, state.timers, seen, [0, 1000]), (t_us) => t_us, 0, 1000);
  };
  const ended = (/** @type {string} */ kind, /** @type {number} */ t_us) => ({ kind, local_port: 1, timer: 'RETRANSMIT', t_us });
  assert.equal(draw([armed()]).length, 1);
  assert.equal(draw([armed()], 0).length, 0, 'not yet armed');
  assert.equal(draw([armed(), ended('tcp_timer_stopped', 50)]).length, 0, 'stopped in time');
  assert.equal(draw([armed(), ended('tcp_timer_stopped', 50)], 1).length, 1, 'and before that it ran');
  assert.equal(draw([armed(), ended('tcp_timer_fired', 100)]).length, 1);
  assert.equal(draw([armed(), armed({ t_us: 50, due_us: 150 })]).length, 1, 'armed anew: only that counts');
  assert.equal(draw([armed({ due_us: 10 })]).length, 0, 'too short to see');
  const [long] = draw([armed({ timer: 'TIME_WAIT', due_us: 60_000 })]);
  assert.ok(long.is_cut && long.y1 < 200);
  const [both] = draw([armed(), armed({ timer: 'TAIL_PROBE' })]);
  assert.deepEqual(both.timers, ['RETRANSMIT', 'TAIL_PROBE']);
  const lanes = draw([armed(), armed({ local_port: 2, due_us: 90 }), armed({ local_port: 3, due_us: 80 }), armed({ node: 1 })]);
  assert.deepEqual(
    lanes.map(({ node, lane }) => [node, lane]),
    [
      [0, 0],
      [0, 1],
      [1, 0],
    ],
  );
});

test('what a timer is called goes into as few lines as there is room for', () => {
  assert.deepEqual(linesOf('RTO · tail probe', 20), ['RTO · tail probe']);
  assert.deepEqual(linesOf('RTO · tail probe', 10), ['RTO · tail', 'probe']);
  assert.deepEqual(linesOf('delayed ACK', 3), ['delayed', 'ACK']);
});
