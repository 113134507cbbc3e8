/** Going back and forth in time, acting differently, snapshots, and labs that do not disturb each other. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { fingerprint, makeLab, noise, openConnection, statesOf, twoHosts } from './support.js';

const LOSSY = { loss: 0.05, duplicate: 0.03, reorder: 0.1, delay_ms: 10 };

/** A run with enough in it: connect, 300 kB with losses, close. Returns its end. */
function busyRun(lab) {
  const { client, server } = openConnection(lab);
  client.send(noise(300_000));
  for (let i = 0; i < 40; i++) {
    lab.runFor(100_000);
    server.recv(1_000_000);
  }
  client.close();
  server.close();
  lab.runFor(2_000_000);
  return lab.now_us;
}

test('seek(t) is the same as having run to t', async () => {
  const lab = await makeLab(twoHosts(LOSSY));
  const end = busyRun(lab);
  const whole = fingerprint(lab);
  for (const t_us of [1_234_567, 40_000, end, 0, 2_000_000, 2_000_001, end - 1]) {
    lab.seek(t_us);
    assert.equal(lab.now_us, t_us);
    const straight = await makeLab(twoHosts(LOSSY), { actions: lab.actions });
    straight.runUntil(t_us);
    assert.equal(fingerprint(lab), fingerprint(straight), `at ${t_us}`);
    assert.deepEqual(lab.describe(), straight.describe());
  }
  lab.seek(end);
  assert.equal(fingerprint(lab), whole);
});

test('what was done later happens again, and events stay the same objects', async () => {
  const lab = await makeLab(twoHosts(LOSSY));
  const end = busyRun(lab);
  const events = lab.events();
  lab.seek(500_000);
  assert.ok(lab.events().length < events.length);
  assert.ok(lab.events().every((event) => event.t_us <= 500_000));
  lab.runUntil(end);
  assert.ok(lab.events().every((event, index) => event === events[index]));
  assert.equal(lab.events().length, events.length);
});

test('a run is scenario, seed and actions', async () => {
  const lab = await makeLab(twoHosts(LOSSY), { seed: 99 });
  const end = busyRun(lab);
  const again = await makeLab(lab.scenario, { seed: lab.seed, actions: lab.actions });
  again.runUntil(end);
  assert.equal(fingerprint(again), fingerprint(lab));
  const other = await makeLab(twoHosts(LOSSY), { seed: 100, actions: lab.actions });
  other.runUntil(end);
  assert.notEqual(fingerprint(other), fingerprint(lab));
});

test('a person who acts between two things of one moment is repeated exactly', async () => {
  const lab = await makeLab();
  openConnection(lab);
  lab.host('client').ping('10.0.0.2', 3);
  for (let i = 0; i < 30 && lab.next_us !== null; i++) {
    lab.runUntil(lab.next_us, { maxEvents: 1 });
    lab.links[0].set({ delay_ms: 5 + (i % 3) });
  }
  lab.runFor(1_000_000);
  const again = await makeLab(twoHosts(), { actions: lab.actions });
  again.runUntil(lab.now_us);
  assert.equal(fingerprint(again), fingerprint(lab));
});

test('acting in the past makes another future', async () => {
  const lab = await makeLab();
  const { client } = openConnection(lab);
  const t_us = lab.now_us;
  client.send('first');
  lab.runFor(500_000);
  const before = lab.events();
  lab.seek(t_us - 1);
  client.abort();
  lab.runFor(500_000);
  assert.equal(lab.actions.at(-1).command.do, 'abort');
  assert.ok(!lab.actions.some(({ command }) => command.do === 'send'));
  assert.ok(statesOf(lab).includes('client ESTABLISHED > CLOSED'));
  assert.ok(!before.some(({ kind, flags_text }) => kind === 'tcp_segment_sent' && flags_text.includes('RST')));
  const straight = await makeLab(twoHosts(), { actions: lab.actions });
  straight.runUntil(lab.now_us);
  assert.equal(fingerprint(lab), fingerprint(straight));
});

test('a command that fails in the past leaves the future alone', async () => {
  const lab = await makeLab();
  const { client } = openConnection(lab);
  const t_us = lab.now_us;
  client.send('first');
  lab.runFor(500_000);
  const whole = fingerprint(lab);
  lab.seek(t_us - 1);
  assert.throws(() => lab.command({ do: 'drop', frame: 'that one' }));
  lab.seek(t_us + 500_000);
  assert.equal(fingerprint(lab), whole);
});

test('branch() leaves what was to come with the branch before', async () => {
  const lab = await makeLab();
  openConnection(lab);
  const all = lab.actions;
  lab.seek(0);
  const { id, parent } = lab.branch();
  assert.deepEqual([id, parent], [1, 0]);
  lab.runFor(1_000_000);
  assert.ok(lab.actions.every(({ at_us }) => at_us === 0));
  assert.ok(lab.actions.length < all.length);
  assert.deepEqual(lab.branches[0].actions, all);
});

test('hosts come and go with time', async () => {
  const lab = await makeLab();
  lab.runFor(1000);
  lab.addHost({ name: 'third', address: '10.0.0.3/24' });
  assert.equal(lab.hosts.length, 3);
  lab.seek(500);
  assert.equal(lab.hosts.length, 2);
  lab.runUntil(1000);
  assert.equal(lab.hosts.length, 3);
});

test('snapshots put all back, here and in another instance', async () => {
  const lab = await makeLab(twoHosts(LOSSY));
  const { client, server } = openConnection(lab);
  client.send(noise(100_000));
  lab.runFor(60_000);
  const snapshot = lab.snapshot();
  const then = fingerprint(lab);
  lab.runFor(3_000_000);
  const received = server.recv(1_000_000);
  const later = fingerprint(lab);
  lab.restore(snapshot);
  assert.equal(fingerprint(lab), then);
  const other = await makeLab(twoHosts(LOSSY));
  other.restore(snapshot);
  for (const each of [lab, other]) {
    each.runFor(3_000_000);
    assert.deepEqual(each.host('server').socketOf(server.handle).recv(1_000_000), received);
    assert.equal(fingerprint(each), later);
    each.seek(30_000);
    assert.equal(each.now_us, 30_000);
  }
});

test('two instances of one module do not disturb each other', async () => {
  const alone = await makeLab(twoHosts(LOSSY));
  busyRun(alone);
  const labs = [await makeLab(twoHosts(LOSSY)), await makeLab(twoHosts(LOSSY))];
  const ends = labs.map(openConnection);
  ends.forEach(({ client }) => client.send(noise(300_000)));
  for (let i = 0; i < 40; i++) {
    labs.forEach((lab) => lab.runFor(100_000));
    ends.forEach(({ server }) => server.recv(1_000_000));
  }
  ends.forEach(({ client, server }) => {
    client.close();
    server.close();
  });
  labs.forEach((lab) => lab.runFor(2_000_000));
  for (const lab of labs) assert.equal(fingerprint(lab), fingerprint(alone));
});
