/** Runs of one lab beside each other: what is done in the past keeps what was known, and one can go back to it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Lab, loadModule } from '../../wasm/engine.js';
import { FIRST_SCENARIO } from '../../web/model/scenario.js';
import { Session } from '../../web/model/session.js';
import { TOP } from '../support/from-web.js';

const wasm = await loadModule(readFileSync(join(TOP, 'build/wasm/tcplab.wasm')));

/** A connection that stands, and the cursor back on the way of its SYN. */
async function lookingBack() {
  const session = new Session(await Lab.create({ wasm, scenario: FIRST_SCENARIO }));
  const { timeline } = session;
  session.connect(0);
  timeline.seek(300_000);
  const syn = timeline.log.find(({ kind }) => kind === 'tcp_segment_sent')?.frame ?? 0;
  timeline.seek(50_000);
  return { session, timeline, syn };
}

test('what is done in the past begins another run; the one before stands beside it, with where they part', async () => {
  const { session, timeline, syn } = await lookingBack();
  const { branches: runs } = session;
  assert.equal(runs.all.length, 1);
  assert.equal(runs.other, null);
  const before = timeline.log.slice();
  session.drop(syn);
  assert.deepEqual(runs.all.map(({ id, parent }) => [id, parent]), [[0, null], [1, 0]]);
  assert.deepEqual([runs.current, runs.beside], [1, 0]);
  timeline.seek(2_000_000);
  const { other, difference } = runs;
  assert.ok(other && difference);
  assert.deepEqual(other.record.frames.length, new Set(before.flatMap(({ frame }) => frame || [])).size, 'it is as it was');
  assert.equal(difference.t_us, 50_000);
  assert.equal(difference.here?.kind, 'frame_lost');
  assert.equal(difference.there?.kind, 'frame_delivered');
  assert.ok(other.index.ways.length > 0 && other.index.ways.length !== timeline.index.ways.length);
  assert.equal(other.cursor.t_us, timeline.cursor.t_us);
});

test('where they part is what tells something else, not what only stands elsewhere in the run', async () => {
  const session = new Session(await Lab.create({ wasm, scenario: FIRST_SCENARIO }));
  const { timeline, branches: runs } = session;
  session.connect(0);
  timeline.seek(300_000);
  timeline.seek(25_000);
  session.send(0, 'hello'); // it waits for the handshake, which is as it was
  timeline.seek(300_000);
  const { difference } = runs;
  assert.deepEqual([difference?.here?.kind, difference?.here?.call], ['socket_call', 'SEND'], 'once it is connected');
  assert.deepEqual([difference?.there?.kind, difference?.there?.rule], ['frame_sent', 'TCP_SYN_SENT_ACK']);
});

test('going to another run and back again: each is as it was, to the event', async () => {
  const { session, timeline, syn } = await lookingBack();
  const { branches: runs } = session;
  const first = timeline.log.slice();
  session.drop(syn);
  timeline.seek(2_000_000);
  const second = timeline.log.slice();
  runs.switchTo(0);
  assert.deepEqual(timeline.log.slice(0, first.length).map(({ id, kind, t_us }) => [id, kind, t_us]), first.map(({ id, kind, t_us }) => [id, kind, t_us]));
  assert.equal(timeline.cursor.t_us, 2_000_000, 'at the same time');
  assert.equal(timeline.state.nodes[0].connections[0].state, 'ESTABLISHED');
  assert.deepEqual([runs.current, runs.beside], [0, 1]);
  assert.equal(timeline.record.frames.length, new Set(timeline.log.flatMap(({ frame }) => frame || [])).size, 'what follows the log follows');
  runs.switchTo(1);
  assert.deepEqual(timeline.log.slice(0, second.length), second);
  session.send(0, 'still here');
  assert.equal(runs.all.length, 2, 'going on is no other run');
});

test('another run can be begun without doing anything, named, and dropped', async () => {
  const { session, timeline } = await lookingBack();
  const { branches: runs } = session;
  runs.branch((action) => session.act(action));
  assert.equal(runs.all.length, 2);
  timeline.seek(400_000);
  assert.equal(runs.difference, null, 'both are the same');
  runs.rename(1, '  without loss ');
  assert.equal(runs.names.get(1), 'without loss');
  runs.rename(1, ' ');
  assert.equal(runs.names.has(1), false);
  runs.drop(0);
  assert.deepEqual(runs.all.map(({ id }) => id), [1]);
  assert.equal(runs.other, null);
});
