/** The model on the real stack: what a person does, as calls of the session. Nothing is drawn. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Lab, loadModule } from '../../wasm/engine.js';
import { App } from '../../web/model/app.js';
import { Arrivals } from '../../web/model/arrivals.js';
import { handshakeTrials, mildest } from '../../web/model/prediction.js';
import { FIRST_SCENARIO } from '../../web/model/scenario.js';
import { chip, otherEnd, shownConnection } from '../../web/model/select.js';
import { Session } from '../../web/model/session.js';
import { TOP } from '../support/from-web.js';

const wasm = await loadModule(readFileSync(join(TOP, 'build/wasm/tcplab.wasm')));
const fresh = () => Lab.create({ wasm, scenario: FIRST_SCENARIO });
const SECOND = 1_000_000;

async function start() {
  const session = new Session(await fresh());
  const { timeline } = session;
  /** @param {number} us */
  const run = (us) => timeline.seek(timeline.cursor.t_us + us);
  const chips = () => `${chip(timeline.state, 0)} ${chip(timeline.state, 1)}`;
  return { session, timeline, run, chips };
}

async function connected() {
  const lab = await start();
  lab.session.connect(0);
  lab.run(SECOND / 2);
  return lab;
}

/** Steps from news to news and notes each new pair of states. @param {Awaited<ReturnType<typeof start>>} lab @param {string} last */
function statesUntil({ timeline, chips }, last) {
  const seen = [chips()];
  for (let i = 0; i < 500 && chips() !== last && timeline.stepOn(); i++)
    {if (seen.at(-1) !== chips()) seen.push(chips());}
  return seen;
}

test('connect and close go through the states of RFC 9293 in order', async () => {
  const lab = await start();
  assert.equal(lab.chips(), 'CLOSED LISTEN');
  lab.session.connect(0);
  assert.deepEqual(statesUntil(lab, 'ESTABLISHED ESTABLISHED'), [
    'CLOSED LISTEN',
    'SYN_SENT LISTEN',
    'SYN_SENT SYN_RCVD',
    'ESTABLISHED SYN_RCVD',
    'ESTABLISHED ESTABLISHED',
  ]);
  lab.timeline.stepOn((event) => event.kind === 'socket_call' && event.call === 'ACCEPT');
  lab.session.close(0);
  assert.deepEqual(statesUntil(lab, 'FIN_WAIT_2 CLOSE_WAIT').slice(1), [
    'FIN_WAIT_1 ESTABLISHED',
    'FIN_WAIT_1 CLOSE_WAIT',
    'FIN_WAIT_2 CLOSE_WAIT',
  ]);
  lab.session.close(1);
  assert.deepEqual(statesUntil(lab, 'CLOSED CLOSED').slice(1), [
    'FIN_WAIT_2 LAST_ACK',
    'TIME_WAIT LAST_ACK',
    'TIME_WAIT CLOSED',
    'CLOSED CLOSED',
  ]);
  lab.session.connect(0);
  lab.run(SECOND / 2);
  assert.equal(lab.chips(), 'ESTABLISHED ESTABLISHED', 'and once more');
});

test('a second connection stands beside the first, each with its own state', async () => {
  const { session, timeline, run } = await connected();
  session.connect(0);
  run(SECOND / 2);
  const { connections } = timeline.state.nodes[1];
  assert.deepEqual(
    connections.map((each) => each.state),
    ['ESTABLISHED', 'ESTABLISHED'],
  );
  assert.equal(new Set(connections.map((each) => each.socket)).size, 2);
  session.close(0);
  run(SECOND);
  assert.deepEqual(
    connections.map((each) => each.state),
    ['ESTABLISHED', 'CLOSE_WAIT'],
  );
  assert.equal(Math.max(...timeline.record.bands.map((band) => band.lane)), 1);
});

test('text sent is text received, and counts when the program has read it', async () => {
  const { session, run } = await connected();
  const arrivals = new Arrivals(session, 1);
  session.send(0, '안녕하세요');
  assert.equal(arrivals.stream().text, '');
  run(SECOND);
  assert.equal(arrivals.stream().text, '안녕하세요');
  assert.equal(session.timeline.state.nodes[1].received_bytes, 15);
});

test('what the server sends is there after recv(), not before', async () => {
  const { session, run } = await connected();
  session.send(1, 'hello, client');
  run(SECOND);
  assert.equal(new Arrivals(session, 0).stream().text, '');
  session.recv(0);
  run(1000);
  assert.equal(new Arrivals(session, 0).stream().text, 'hello, client');
});

test('a file crosses a bad link whole', async () => {
  const { session, run, timeline } = await connected();
  session.setLink({ loss: 0.05, duplicate: 0.02, reorder: 0.1 });
  assert.equal(session.settings().a_to_b.loss, 0.05);
  const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) >>> 3);
  session.send(0, bytes, 'blob.bin');
  run(60 * SECOND);
  const arrivals = new Arrivals(session, 1);
  const { file } = arrivals.stream();
  assert.equal(file?.arrived, 300_000);
  assert.equal(file?.equal, true);
  assert.equal(file?.sum, '', 'the sum of so much takes more than one look');
  assert.equal(arrivals.stream().file?.sum, createHash('sha256').update(bytes).digest('hex'));
  assert.ok(timeline.record.frames.some((frame) => frame.segment?.retransmission));
});

test('datagrams that are lost are counted, not hidden', async () => {
  const { session, run } = await start();
  session.ping(0);
  run(SECOND);
  session.setLink({ loss: 0.3 });
  session.datagram(0, new Uint8Array(50_000), 'music.raw');
  run(5 * SECOND);
  const { sent, received, sent_bytes, received_bytes } = new Arrivals(session, 1).datagrams();
  assert.equal(sent, 50);
  assert.ok(received > 20 && received < 50, `${received} arrived`);
  assert.equal(sent_bytes - received_bytes, (sent - received) * 1000);
});

test('a frame that is dropped is sent again', async () => {
  const { session, timeline, chips, run } = await start();
  session.connect(0);
  timeline.stepSegment();
  const app = new App(session);
  assert.equal(app.grabbed?.segment?.flags, 2);
  app.dropGrabbed();
  assert.equal(app.trouble, null);
  assert.equal(app.news.message?.id, 'say-frame-lost');
  assert.equal(app.news.rule, 'TCP_ACTIVE_OPEN');
  run(2 * SECOND);
  assert.equal(chips(), 'ESTABLISHED ESTABLISHED');
  assert.equal(timeline.record.frames.filter((frame) => frame.segment?.retransmission).length, 1);
});

test('news has its reason: a rule, or else what led to it', async () => {
  const { session, timeline } = await start();
  const app = new App(session);
  assert.deepEqual([app.news.message?.id, app.news.rule, app.news.reason], ['say-start', null, null]);
  session.connect(0);
  timeline.stepOn((event) => event.kind === 'tcp_state' && event.to === 'SYN_RCVD');
  assert.equal(app.news.message?.id, 'say-state');
  assert.equal(app.news.reason?.id, 'say-frame-delivered');
  timeline.stepOn((event) => event.kind === 'tcp_segment_sent');
  assert.equal(app.news.rule, 'TCP_LISTEN_SYN');
});

test('what cannot be done is told, and harms nothing', async () => {
  const { session, chips } = await start();
  const app = new App(session);
  assert.equal(
    app.try(() => session.close(0)),
    false,
  );
  assert.equal(app.trouble?.code, 'EBADF');
  assert.match(app.trouble?.message ?? '', /\w{3}/);
  assert.equal(chips(), 'CLOSED LISTEN');
  assert.equal(
    app.try(() => session.setLink({ delay_ms: -1 })),
    false,
  );
  assert.match(app.trouble?.message ?? '', /delay_ms/);
  assert.equal(session.settings().a_to_b.delay_ms, 20);
});

test('acting in the past makes another future', async () => {
  const { session, timeline, run, chips } = await connected();
  session.send(0, 'first');
  run(SECOND);
  const t_us =
    timeline.log.find((event) => event.kind === 'frame_sent' && timeline.record.by_frame.get(event.frame)?.segment)
      ?.t_us ?? 0;
  timeline.seek(t_us + 5000);
  assert.equal(chips(), 'SYN_SENT LISTEN');
  session.drop(timeline.state.flying[0]);
  assert.deepEqual(session.sent, [], 'nothing has been sent in this past');
  run(3 * SECOND);
  assert.equal(chips(), 'ESTABLISHED ESTABLISHED');
  assert.equal(new Arrivals(session, 1).stream().text, '');
  assert.ok(timeline.record.frames.some((frame) => frame.segment?.retransmission));
});

test('each frame can be looked into, and told why it was sent', async () => {
  const { session, timeline } = await connected();
  const app = new App(session);
  const syn_ack = timeline.record.frames.find((frame) => frame.segment?.flags === 18);
  assert.ok(syn_ack);
  assert.equal(syn_ack.rule, 'TCP_LISTEN_SYN');
  const kinds = app.chain(syn_ack.frame).map((event) => event.kind);
  assert.equal(kinds[0], 'action', 'a person is at its root');
  assert.ok(kinds.includes('tcp_segment_received'));
  assert.ok((session.lab.dissect(syn_ack.frame)?.fields.length ?? 0) > 20);
});

test('the ends of a connection are the same two numbers', async () => {
  const { session, timeline } = await connected();
  const client = shownConnection(timeline.state, 0);
  assert.ok(client);
  const server = otherEnd(timeline.state, client);
  assert.equal(server?.remote_port, client.local_port);
  assert.equal(session.handle(0), client.socket);
  assert.notEqual(session.handle(1), 0);
});

test('the third ACK hurts least, says the stack', async () => {
  const trials = await handshakeTrials(fresh, { client: 'client', to: '10.0.0.2:80' });
  assert.deepEqual(
    trials.map((trial) => trial.lost),
    ['SYN', 'SYN+ACK', 'ACK'],
  );
  assert.equal(mildest(trials), 2);
  assert.ok((trials[2].first_data_us ?? Infinity) < 200_000);
  assert.ok((trials[0].first_data_us ?? 0) > SECOND);
});

test('what was done last is taken back: states, text and settings are as before, and can be brought again', async () => {
  const { session, timeline, run, chips } = await connected();
  const { app } = { app: new App(session) };
  session.send(0, 'hello');
  run(SECOND / 4);
  const with_text = { hash: session.lab.hash(), received: session.received(1).length, length: timeline.log.length };
  assert.equal(with_text.received, 5);
  session.setLink({ loss: 0.5 });
  assert.equal(session.settings().a_to_b.loss, 0.5);
  app.undo();
  assert.equal(session.settings().a_to_b.loss, 0, 'the setting');
  assert.equal(session.lab.hash(), with_text.hash);
  app.undo();
  assert.equal(session.received(1).length, 0, 'the text');
  assert.equal(chips(), 'ESTABLISHED ESTABLISHED');
  app.redo();
  run(SECOND / 4);
  assert.equal(session.lab.hash(), with_text.hash);
  assert.equal(session.received(1).length, 5);
  app.undo();
  app.undo();
  assert.equal(chips(), 'CLOSED LISTEN', 'socket() went with connect()');
  assert.deepEqual(session.lab.actions, []);
  assert.equal(timeline.cursor.t_us, 0);
  assert.equal(app.canUndo, false);
  app.redo();
  assert.equal(session.last_deed, 'connect');
  session.ping(0);
  assert.deepEqual(session.undone, [], 'what is done anew ends what could be brought again');
});

test('a stretch is played again and again, until it is forgotten', async () => {
  const { session, timeline } = await connected();
  const app = new App(session);
  timeline.seek(10_000);
  app.markLoop();
  timeline.seek(45_000);
  app.markLoop();
  assert.deepEqual(app.loop, { from_us: 10_000, to_us: 45_000 });
  timeline.seek(20_000);
  app.setSpeed(1);
  timeline.slowed_at.clear();
  app.play();
  let rounds = 0;
  for (let i = 0, before = 0; i < 200; i++, before = timeline.cursor.t_us) {
    app.tick(5);
    assert.ok(timeline.playing && timeline.cursor.t_us <= 50_000);
    if (timeline.cursor.t_us < before) rounds++;
  }
  assert.ok(rounds >= 3, `${rounds} rounds`);
  app.markLoop();
  assert.equal(app.loop, null);
});

test('play slows down by itself at marked moments, and does not where that is switched off', async () => {
  const turns = async (/** @type {(timeline: import('../../web/model/timeline.js').Timeline) => void} */ prepare) => {
    const { timeline } = await connected();
    prepare(timeline);
    timeline.seek(0);
    timeline.speed = 1;
    timeline.play();
    let count = 0;
    while (timeline.playing && count < 10_000) {
      timeline.tick(10);
      count++;
    }
    return count;
  };
  const slow = await turns(() => {});
  const quick = await turns((timeline) => timeline.slowed_at.clear());
  assert.ok(quick < 40, `${quick} turns of 10 ms until it rests`);
  assert.ok(slow - quick >= 170 && slow - quick <= 190, `three changes of state hold it for 600 ms each: ${slow} turns`);
});

test('steps go from state to state and from segment to segment, on and back', async () => {
  const { session, timeline } = await connected();
  const app = new App(session);
  const kinds = (/** @type {import('../../web/model/app.js').Step} */ how) => {
    app.step(how);
    return timeline.at(timeline.cursor.id)?.kind;
  };
  timeline.seek(0);
  app.step('state');
  const first = { ...timeline.cursor };
  assert.equal(timeline.at(first.id)?.to, 'SYN_RCVD');
  assert.equal(kinds('state'), 'tcp_state');
  assert.ok(timeline.cursor.id > first.id);
  app.step('state-back');
  assert.deepEqual(timeline.cursor, first);
  timeline.seek(timeline.end_us);
  assert.equal(kinds('segment-back'), 'frame_sent');
  const last = timeline.cursor.id;
  assert.equal(kinds('segment-back'), 'frame_sent');
  assert.ok(timeline.cursor.id < last);
});
