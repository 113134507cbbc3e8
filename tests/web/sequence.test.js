/** The sequence space and the graphs' series: what events tell is what the stack says of itself. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Lab, loadModule } from '../../wasm/engine.js';
import { FIRST_SCENARIO } from '../../web/model/scenario.js';
import { SequenceSpace, inFlight, receiveParts, sendEdge, sendParts, without } from '../../web/model/sequence.js';
import { RunSeries, rateOf, stretch, valueAt } from '../../web/model/series.js';
import { GRAPHS, pointsOf, strokesOf, thinned, tracksOf } from '../../web/model/graphs.js';
import { Session } from '../../web/model/session.js';
import { shownConnection } from '../../web/model/select.js';
import { TOP } from '../support/from-web.js';

const wasm = await loadModule(readFileSync(join(TOP, 'build/wasm/tcplab.wasm')));

async function connected() {
  const session = new Session(await Lab.create({ wasm, scenario: FIRST_SCENARIO }));
  const { timeline } = session;
  /** @param {number} us */
  const run = (us) => timeline.seek(timeline.cursor.t_us + us);
  session.connect(0);
  run(300_000);
  return { session, timeline, run };
}

/** @param {number[][]} spans */
const size = (spans) => spans.reduce((sum, [from, to]) => sum + to - from, 0);

/** What describe says of one end, counted from the first numbers. @param {any} tcp */
const own = (tcp) => ({
  una: (tcp.snd_una - tcp.iss) >>> 0,
  nxt: (tcp.snd_max - tcp.iss) >>> 0,
  got: (tcp.rcv_nxt - tcp.irs) >>> 0,
  held: tcp.out_of_order_bytes,
  unread: tcp.receive_queue_bytes,
});

test('what events tell of both ends is what describe says, at every moment of a lossy transfer', async () => {
  const { session, timeline, run } = await connected();
  session.setLink({ loss: 0.08, reorder: 0.1 });
  session.send(0, new Uint8Array(60_000).fill(65));
  const space = new SequenceSpace();
  let compared = 0;
  let sacked = 0;
  for (let i = 0; i < 400; i++) {
    run(5_000);
    space.follow(timeline.log, timeline.log.length);
    for (const node of [0, 1]) {
      const connection = shownConnection(timeline.state, node);
      const ends = connection && space.ends.get(connection.key);
      const { sockets } = session.host(node).describe();
      const { tcp } = sockets.find((/** @type {any} */ each) => each.tcp?.state === 'ESTABLISHED');
      assert.ok(ends);
      const told = own(tcp);
      const events = {
        una: ends.una,
        nxt: ends.nxt,
        got: ends.got,
        held: size(ends.held),
        unread: ends.got - 1 - ends.read,
      };
      assert.deepEqual(events, told, `node ${node} at ${timeline.cursor.t_us} µs`);
      if (ends.sacked.length > 0) sacked++;
      compared++;
    }
  }
  assert.equal(compared, 800);
  assert.ok(sacked > 3, 'there were gaps on the way');
});

test('the parts of the sender lie side by side, from the SYN to the end of what is written', async () => {
  const { session, timeline, run } = await connected();
  session.dropNext(0, 'data');
  session.send(0, new Uint8Array(60_000).fill(65));
  const seen = new Set();
  const space = new SequenceSpace();
  for (let i = 0; i < 60; i++) {
    run(4_000);
    space.follow(timeline.log, timeline.log.length);
    const ends = space.ends.get(shownConnection(timeline.state, 0)?.key ?? '');
    assert.ok(ends);
    const parts = sendParts(ends);
    parts.forEach((part, at) => assert.equal(part.from, at === 0 ? 0 : parts[at - 1].to));
    assert.ok((parts.at(-1)?.to ?? 0) >= 1 + ends.written);
    for (const part of parts) seen.add(part.kind);
    assert.ok(sendEdge(ends) <= ends.edge);
    assert.ok(inFlight(ends) >= 0);
  }
  for (const kind of ['acked', 'flight', 'sacked', 'beyond']) assert.ok(seen.has(kind), kind);
});

test('a FIN takes a number at the receiver, and is no data', async () => {
  const { session, timeline, run } = await connected();
  session.send(0, 'bye');
  session.close(0);
  run(300_000);
  const space = new SequenceSpace();
  space.follow(timeline.log, timeline.log.length);
  const sender = space.ends.get(shownConnection(timeline.state, 0)?.key ?? '');
  const receiver = space.ends.get(shownConnection(timeline.state, 1)?.key ?? '');
  assert.ok(sender && receiver);
  assert.equal(sender.fin, 4);
  assert.deepEqual(receiveParts(receiver, sender.fin).slice(0, 3), [
    { kind: 'control', from: 0, to: 1 },
    { kind: 'read', from: 1, to: 4 },
    { kind: 'control', from: 4, to: 5 },
  ]);
});

test('looking back forgets what came later, and another future does too', async () => {
  const { session, timeline, run } = await connected();
  const id = timeline.log.length;
  const space = new SequenceSpace();
  space.follow(timeline.log, id);
  const before = structuredClone([...space.ends]);
  session.send(0, 'one');
  run(100_000);
  space.follow(timeline.log, timeline.log.length);
  assert.notDeepEqual([...space.ends], before);
  space.follow(timeline.log, id);
  assert.deepEqual([...space.ends], before);
  space.follow(timeline.log, timeline.log.length);
  timeline.seek(310_000);
  session.send(0, 'another text');
  run(100_000);
  space.follow(timeline.log, timeline.log.length);
  assert.equal(space.ends.get(shownConnection(timeline.state, 0)?.key ?? '')?.written, 15);
});

test('taking a span out of spans', () => {
  assert.deepEqual(without([[0, 10]], [3, 5]), [
    [0, 3],
    [5, 10],
  ]);
  assert.deepEqual(without([[0, 10]], [0, 10]), []);
  assert.deepEqual(without([[4, 6]], [0, 5]), [[5, 6]]);
  assert.deepEqual(without([[4, 6]], [6, 9]), [[4, 6]]);
});

test('the series have every round trip, every segment, and bytes that add up', async () => {
  const { session, timeline, run } = await connected();
  session.dropNext(0, 'data');
  session.send(0, new Uint8Array(40_000).fill(65));
  run(3_000_000);
  const series = new RunSeries();
  series.follow(timeline.log);
  const client = series.of.get(shownConnection(timeline.state, 0)?.key ?? '');
  const server = series.of.get(shownConnection(timeline.state, 1)?.key ?? '');
  assert.ok(client && server);
  const sum = (/** @type {number[]} */ values) => values.reduce((all, value) => all + value, 0);
  assert.equal(sum(server.tracks.got.v), 40_000);
  assert.equal(sum(client.tracks.sent.v), 40_000 + 1448, 'one segment twice');
  assert.equal(client.segments.filter((mark) => mark.again).length, 1);
  assert.equal(client.tracks.ack.v.at(-1), 40_001);
  const samples = timeline.log.filter((event) => event.kind === 'tcp_rtt_sample' && event.node === 0);
  assert.equal(client.tracks.rtt.t.length, new Set(samples.map((event) => event.t_us)).size);
  assert.ok(client.sacks.length > 0);
  assert.ok(Math.max(...series.queues[0].v) > 3, 'a window full waits in front of the cable');
});

test('values hold until the next one; rates are bytes in a stretch', () => {
  const track = { t: [10, 20, 30], v: [1, 2, 3] };
  assert.deepEqual(
    [5, 10, 25, 99].map((t_us) => valueAt(track, t_us)),
    [null, 1, 2, 3],
  );
  const rate = rateOf({ t: [0, 500, 1500], v: [100, 100, 50] }, 2000, 1000);
  assert.deepEqual(rate.t, [1000, 2000, 3000]);
  assert.deepEqual(rate.v, [1_600_000, 400_000, 0]);
  assert.equal(stretch(1_000_000), 20_000);
  assert.equal(stretch(100), 1000);
});

test('a graph has one time axis for all its lines, and lines that hold reach its end', () => {
  const graph = GRAPHS.find((each) => each.name === 'bytes');
  assert.ok(graph);
  const own_tracks = { cwnd: { t: [10, 30], v: [100, 200] }, flight: { t: [20], v: [5] } };
  const tracks = tracksOf(/** @type {any} */ ({ tracks: { ...own_tracks, sent: { t: [], v: [] } } }), undefined, [], 40);
  const points = pointsOf(graph, tracks, 40);
  assert.deepEqual(points[0], [0.00001, 0.00002, 0.00003, 0.00004]);
  const at = (/** @type {string} */ name) => points[1 + graph.lines.findIndex((line) => line.name === name)];
  assert.deepEqual(at('cwnd'), [100, null, 200, 200]);
  assert.deepEqual(at('flight'), [null, 5, null, 5]);
  assert.deepEqual(at('window'), [null, null, null, null]);
});

test('a long line is drawn by few points, with its lows and highs', () => {
  const count = 100_000;
  const track = { t: Array.from({ length: count }, (_, i) => i * 10), v: Array.from({ length: count }, (_, i) => i % 1000) };
  track.v[54_321] = -7;
  track.v[12_345] = 5000;
  const thin = thinned(track, 0, count * 10, 400);
  assert.ok(thin.t.length <= 1601 && thin.t.length === thin.v.length, `${thin.t.length} points`);
  assert.ok(thin.t.every((t_us, i) => i === 0 || t_us > thin.t[i - 1]), 'in order');
  assert.deepEqual([Math.min(...thin.v), Math.max(...thin.v), thin.t[0], thin.t.at(-1)], [-7, 5000, 0, (count - 1) * 10]);
  assert.ok(thin.t.every((t_us, i) => track.v[t_us / 10] === thin.v[i]), 'each is one of the line');
  assert.deepEqual(thinned(track, 101, 139, 400), { t: [100, 110, 120, 130, 140], v: [10, 11, 12, 13, 14] }, 'few are all kept, with those on both sides');
});

test('segments that follow on within a pixel are one stroke; those sent again stay', () => {
  const marks = Array.from({ length: 50_000 }, (_, i) => ({ t_us: i * 10, from: i * 100, to: (i + 1) * 100, again: false, frame: i + 1 }));
  marks[20_000] = { ...marks[19_000], t_us: 200_000, again: true };
  const strokes = strokesOf(marks, 0, 500_000, 400);
  assert.ok(strokes.length <= 404, `${strokes.length} strokes`);
  assert.equal(strokes.filter(({ again }) => again).length, 1);
  assert.deepEqual([strokes[0].from, strokes.at(-1)?.to], [0, 5_000_000]);
  assert.deepEqual(strokesOf(marks, 100, 130, 400), marks.slice(10, 14));
});
