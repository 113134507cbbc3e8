import assert from 'node:assert/strict';
import test from 'node:test';

import { causalChain, ruleOf } from '../../web/model/chain.js';
import { Handshake } from '../../web/model/prediction.js';
import { RunRecord } from '../../web/model/record.js';
import { copyState, initialState, reduce } from '../../web/model/reduce.js';
import { chip, fate, onLinks, otherEnd, progress, shownConnection } from '../../web/model/select.js';
import { flagsText, frameText, segmentKind } from '../../web/model/segment.js';
import { HANDSHAKE, log } from './fixture.js';

/** State and record after some events. @param {any[]} events @param {number} [id] */
function after(events, id = events.length) {
  const state = initialState(2);
  const record = new RunRecord();
  for (const event of events) record.add(event);
  for (const event of events.slice(0, id)) reduce(state, event);
  return { state, record };
}

/** @param {string} kind @param {Record<string, unknown>} [more] */
const idOf = (kind, more = {}) =>
  HANDSHAKE.find((event) => event.kind === kind && Object.entries(more).every(([name, value]) => event[name] === value))
    .id;

test('chips tell the states in the order of the events', () => {
  const state = initialState(2);
  const seen = [];
  for (const event of HANDSHAKE) {
    reduce(state, event);
    const now = `${chip(state, 0)} ${chip(state, 1)}`;
    if (seen.at(-1) !== now) seen.push(now);
  }
  assert.deepEqual(seen, [
    'CLOSED LISTEN',
    'SYN_SENT LISTEN',
    'SYN_SENT SYN_RCVD',
    'ESTABLISHED SYN_RCVD',
    'ESTABLISHED ESTABLISHED',
  ]);
});

test('a listener is no connection: it stays while one comes', () => {
  const { state } = after(HANDSHAKE);
  assert.deepEqual(state.nodes[1].listening, [80]);
  assert.equal(state.nodes[1].connections.length, 1);
});

test('accept() gives the connection its socket', () => {
  assert.equal(shownConnection(after(HANDSHAKE).state, 1)?.socket, 3);
});

test('both ends of a connection find each other', () => {
  const { state } = after(HANDSHAKE);
  const client = shownConnection(state, 0);
  assert.ok(client);
  assert.equal(otherEnd(state, client)?.node, 1);
});

test('a connection that comes after a closed one is a new one', () => {
  const ports = { local_port: 49152, remote_port: 80, remote_addr: 1 };
  const { state } = after(
    log([
      { kind: 'tcp_state', to: 'ESTABLISHED', ...ports },
      { kind: 'tcp_state', to: 'CLOSED', ...ports },
      { kind: 'tcp_state', to: 'SYN_SENT', ...ports },
    ]),
  );
  assert.deepEqual(
    state.nodes[0].connections.map((each) => each.state),
    ['CLOSED', 'SYN_SENT'],
  );
});

test('a frame flies between frame_sent and frame_delivered', () => {
  const sent = idOf('frame_sent', { frame: 1 });
  const { state, record } = after(HANDSHAKE, sent);
  assert.deepEqual(
    onLinks(state, record).frames.map((frame) => frame.frame),
    [1],
  );
  assert.deepEqual(after(HANDSHAKE, sent - 1).state.flying, [1], 'it waits in the queue before');
  const before = onLinks(after(HANDSHAKE, sent - 1).state, record);
  assert.deepEqual([before.frames.length, before.waiting], [0, [1, 0]]);
  assert.deepEqual(after(HANDSHAKE, idOf('frame_delivered', { frame: 1 })).state.flying, []);
});

test('progress goes evenly from 0 to 1', () => {
  const frame = /** @type {any} */ ({ sent_us: 100, arrival_us: 300 });
  assert.deepEqual(
    [0, 100, 150, 300, 999].map((t_us) => progress(frame, t_us)),
    [0, 0, 0.25, 1, 1],
  );
  assert.equal(progress(/** @type {any} */ ({ sent_us: null, arrival_us: null }), 5), null);
});

test('fate is told by what the cursor has seen, not by what is known', () => {
  const frame = after(HANDSHAKE).record.by_frame.get(1);
  assert.ok(frame);
  const at = (/** @type {number} */ id) => fate(frame, { t_us: 0, id });
  assert.equal(at(1), 'unborn');
  assert.equal(at(idOf('header_added', { frame: 1 })), 'waiting');
  assert.equal(at(idOf('frame_sent', { frame: 1 })), 'flying');
  assert.equal(at(idOf('frame_delivered', { frame: 1 })), 'delivered');
});

test('headers become stripes, outermost first', () => {
  const frame = after(HANDSHAKE).record.by_frame.get(1);
  assert.deepEqual(
    frame?.stripes.map(({ layer, bytes }) => [layer, bytes]),
    [
      ['link', 14],
      ['internet', 20],
      ['transport', 40],
    ],
  );
  const data = after(
    log([{ kind: 'header_added', frame: 9, protocol: 'tcp', header_bytes: 32, total_bytes: 37 }]),
  ).record.by_frame.get(9);
  assert.deepEqual(
    data?.stripes.map(({ layer, bytes }) => [layer, bytes]),
    [
      ['transport', 32],
      ['application', 5],
    ],
  );
});

test('sequence numbers are relative to the first of each side', () => {
  const { record } = after(HANDSHAKE);
  const text = (/** @type {number} */ id, relative = true) =>
    frameText(/** @type {any} */ (record.by_frame.get(id)), relative);
  assert.equal(text(1), 'SYN seq 0');
  assert.equal(text(2), 'SYN+ACK seq 0 ack 1');
  assert.equal(text(3), 'ACK seq 1 ack 1');
  assert.equal(text(3, false), 'ACK seq 1001 ack 5001');
});

test('sequence numbers wrap', () => {
  const out = {
    kind: 'tcp_segment_sent',
    src_port: 1,
    dst_port: 2,
    dst_addr: 3,
    payload_bytes: 0,
    window_bytes: 0,
    ack: 0,
    retransmission: 0,
  };
  const { record } = after(
    log([
      { ...out, frame: 1, flags: 2, seq: 0xffffffff },
      { ...out, frame: 2, flags: 24, seq: 4, payload_bytes: 1 },
    ]),
  );
  assert.equal(record.by_frame.get(2)?.segment?.relative.seq, 5);
});

test('a segment is named for what it does', () => {
  const kind = (/** @type {number} */ flags, payload_bytes = 0) => segmentKind({ flags, payload_bytes });
  assert.deepEqual(
    [kind(2), kind(18), kind(16), kind(17), kind(24, 5), kind(4)],
    ['syn', 'syn-ack', 'ack', 'fin', 'data', 'rst'],
  );
  assert.equal(flagsText(18), 'SYN+ACK');
  assert.equal(flagsText(17), 'FIN+ACK');
});

test('bands follow states and end where the next begins', () => {
  const { record } = after(HANDSHAKE);
  const client = record.bands.filter((band) => band.node === 0);
  assert.deepEqual(
    client.map(({ state, from_us, to_us }) => [state, from_us, to_us]),
    [
      ['SYN_SENT', 0, 40_100],
      ['ESTABLISHED', 40_100, null],
    ],
  );
  assert.ok(record.bands.every((band) => band.lane === 0));
});

test('two connections at once stand in lanes of their own', () => {
  const { record } = after(
    log([
      { kind: 'tcp_state', to: 'SYN_SENT', local_port: 1, remote_port: 80, remote_addr: 1 },
      { kind: 'tcp_state', to: 'SYN_SENT', local_port: 2, remote_port: 80, remote_addr: 1 },
      { kind: 'tcp_state', to: 'ESTABLISHED', local_port: 1, remote_port: 80, remote_addr: 1 },
    ]),
  );
  assert.deepEqual(
    record.bands.map((band) => band.lane),
    [0, 1, 0],
  );
});

test('a timer is running until it is stopped', () => {
  const armed = idOf('tcp_timer_armed');
  assert.deepEqual(
    after(HANDSHAKE, armed).state.timers.map((each) => each.timer),
    ['RETRANSMIT'],
  );
  const { state, record } = after(HANDSHAKE);
  assert.deepEqual(state.timers, []);
  assert.equal(record.timers[0].to_us, 40_100);
  assert.equal(record.timers[0].fired, false);
});

test('a lost frame keeps when, and why', () => {
  const { record, state } = after(
    log([
      { kind: 'frame_sent', frame: 5, link: 0, direction: 0, len_bytes: 70, sent_us: 50, arrival_us: 20_050 },
      { kind: 'frame_lost', frame: 5, t_us: 10_000, link: 0, direction: 0, reason: 'PERSON', len_bytes: 70 },
    ]),
  );
  const frame = record.by_frame.get(5);
  assert.deepEqual([frame?.lost_us, frame?.reason], [10_000, 'PERSON']);
  assert.deepEqual(state.flying, []);
});

test('what a host throws away has arrived, and is told apart', () => {
  const sent = { kind: 'frame_sent', frame: 5, link: 0, direction: 0, len_bytes: 70, sent_us: 50, arrival_us: 20_050 };
  const { record } = after(
    log([
      sent,
      { kind: 'frame_delivered', frame: 5, node: 1, t_us: 20_050 },
      { kind: 'packet_dropped', frame: 5, node: 1, protocol: 'ethernet', reason: 'BAD_FCS' },
    ]),
  );
  const frame = record.by_frame.get(5);
  assert.ok(frame);
  assert.equal(fate(frame, { t_us: 0, id: 2 }), 'delivered');
  assert.equal(fate(frame, { t_us: 0, id: 3 }), 'discarded');
});

test('a person delays a frame once; what the link told on sending is not added again', () => {
  const sent = { kind: 'frame_sent', frame: 5, link: 0, direction: 0, len_bytes: 70, sent_us: 50, arrival_us: 20_050 };
  const delayed = { kind: 'frame_delayed', frame: 5, link: 0, direction: 0, extra_us: 5000 };
  assert.equal(after(log([sent, { ...delayed, cause: 1 }])).record.by_frame.get(5)?.arrival_us, 20_050);
  assert.equal(
    after(log([sent, { kind: 'action' }, { ...delayed, cause: 2 }])).record.by_frame.get(5)?.arrival_us,
    25_050,
  );
});

test('a copy of a frame has what the original has, and its own fate', () => {
  const { record } = after(
    log([
      { kind: 'udp_sent', frame: 5, payload_bytes: 7 },
      { kind: 'frame_sent', frame: 5, link: 0, direction: 0, len_bytes: 70, sent_us: 50, arrival_us: 20_050 },
      { kind: 'frame_duplicated', frame: 5, link: 0, direction: 0, copy_frame: 6 },
      { kind: 'frame_sent', frame: 6, link: 0, direction: 0, len_bytes: 70, sent_us: 50, arrival_us: 20_100 },
    ]),
  );
  const copy = record.by_frame.get(6);
  assert.deepEqual([copy?.copy_of, copy?.protocol, copy?.payload_bytes, copy?.arrival_us], [5, 'udp', 7, 20_100]);
});

test('a copy of the state shares nothing with it', () => {
  const { state } = after(HANDSHAKE, 12);
  const copy = copyState(state);
  for (const event of HANDSHAKE.slice(12)) reduce(state, event);
  assert.deepEqual(copy, after(HANDSHAKE, 12).state);
});

test('the causal chain leads back to the root', () => {
  const at = (/** @type {number} */ id) => HANDSHAKE[id - 1];
  const chain = causalChain(at, idOf('tcp_segment_sent', { frame: 1 }));
  assert.deepEqual(
    chain.map((event) => event.kind),
    ['tcp_state', 'action', 'socket_call', 'tcp_state', 'tcp_segment_sent'],
  );
});

test('a chain that does not lead back ends', () => {
  const events = log([
    { kind: 'action', cause: 2 },
    { kind: 'action', cause: 1 },
  ]);
  assert.equal(causalChain((id) => events[id - 1], 1).length, 1);
});

test('the rule of a frame is that of the segment inside', () => {
  const { record } = after(HANDSHAKE);
  const frameOf = (/** @type {number} */ id) => record.by_frame.get(id);
  const at = (/** @type {number} */ id) => HANDSHAKE[id - 1];
  assert.equal(ruleOf(at, at(idOf('frame_delivered', { frame: 2 })), frameOf), 'TCP_LISTEN_SYN');
  assert.equal(ruleOf(at, at(idOf('action')), frameOf), null);
});

/** @param {LabEvent[]} events @param {number} id */
function handshake(events, id) {
  const follower = new Handshake();
  for (const event of events) follower.add(event);
  const { segments, done, again } = follower.at(id);
  return { segments, done, again };
}

test('the handshake is that of the first connection, whatever else is sent meanwhile', () => {
  const id = idOf('frame_delivered', { frame: 1 });
  const other = { kind: 'tcp_segment_sent', flags: 2, payload_bytes: 0, src_port: 50000, dst_port: 80, retransmission: 0 };
  const mixed = log([...HANDSHAKE.slice(0, id), other, ...HANDSHAKE.slice(id)].map(({ id: _id, ...rest }) => rest));
  assert.deepEqual(handshake(mixed, mixed.length).segments, ['SYN', 'SYN+ACK', 'ACK']);
  const refused = [
    { kind: 'tcp_segment_sent', flags: 2, payload_bytes: 0, src_port: 49000, dst_port: 80, retransmission: 0 },
    { kind: 'tcp_state', from: 'SYN_SENT', to: 'CLOSED', local_port: 49000, remote_port: 80, remote_addr: 1 },
  ];
  const second = log([...refused, ...HANDSHAKE.map(({ id: _id, ...rest }) => rest)]);
  assert.deepEqual(handshake(second, second.length).segments, ['SYN', 'SYN+ACK', 'ACK']);
});

test('the handshake is counted from the run', () => {
  assert.deepEqual(handshake(HANDSHAKE, HANDSHAKE.length), {
    segments: ['SYN', 'SYN+ACK', 'ACK'],
    done: true,
    again: 0,
  });
  assert.equal(handshake(HANDSHAKE, idOf('frame_delivered', { frame: 2 })).done, false);
  const follower = new Handshake();
  for (const event of HANDSHAKE) follower.add(event);
  follower.forget(HANDSHAKE.slice(0, idOf('frame_delivered', { frame: 2 })));
  assert.equal(follower.at(HANDSHAKE.length).done, false, 'it forgets');
  for (const event of HANDSHAKE.slice(idOf('frame_delivered', { frame: 2 }))) follower.add(event);
  assert.deepEqual(follower.at(HANDSHAKE.length).segments, ['SYN', 'SYN+ACK', 'ACK']);
});
