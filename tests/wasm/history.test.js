/** The time machine as properties: any way to a moment gives the same memory, bit by bit; and what it keeps is bounded. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { Packer } from '../../wasm/pack.js';
import { Snapshots } from '../../wasm/snapshots.js';
import { makeLab, noise, openConnection, twoHosts } from './support.js';

const SECOND = 1_000_000;
const LOSSY = { loss: 0.05, duplicate: 0.03, reorder: 0.1, delay_ms: 10 };

/** Numbers below `n`, the same each time. @param {number} seed */
function dice(seed) {
  let x = seed * 2654435769;
  return (/** @type {number} */ n) => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return Math.floor((x / 2 ** 32) * n);
  };
}

/** Something that a person might do; it may fail, which is part of the run. */
function actAtRandom(lab, pick) {
  const socket = () => lab.host(['client', 'server'][pick(2)]).socketOf(1 + pick(3));
  const frames = lab.frames();
  const deeds = [
    () => lab.host('client').socket().connect(`10.0.0.2:${[80, 81][pick(2)]}`),
    () => socket().send(noise(1 + pick(20_000))),
    () => socket().recv(1 + pick(10_000)),
    () => socket().close(),
    () => lab.host('server').ping('10.0.0.1', 1 + pick(3)),
    () => lab.links[0].set({ loss: pick(10) / 20, delay_ms: 1 + pick(30) }),
    () => lab.links[0].dropNext({ direction: pick(2), count: 1 + pick(2) }),
    () => lab.command({ do: ['drop', 'duplicate'][pick(2)], frame: frames.at(-1) ?? 1 }),
  ];
  try {
    deeds[pick(deeds.length)]();
  } catch (error) {
    if (error.name !== "LabError") throw error;
    assert.notEqual(error.code, 'EFAULT', error.message);
  }
}

/** The same moment, reached by running there in a lab of its own. */
async function straight(lab, scenario, t_us, actions = lab.actions) {
  const other = await makeLab(scenario, { actions });
  other.runUntil(t_us);
  return other;
}

for (const seed of [1, 2, 3, 4]) {
  test(`seek(t) is running to t, for times, actions and branches at random (${seed})`, async () => {
    const pick = dice(seed);
    const scenario = { ...twoHosts(LOSSY), seed };
    const lab = await makeLab(scenario, { history: { between: 64 << pick(4) } });
    const listener = lab.host('server').socket();
    listener.bind(80);
    listener.listen();
    for (let i = 0; i < 60; i++) {
      const what = pick(13);
      if (what < 4) actAtRandom(lab, pick);
      else if (what < 7) lab.seek(pick(3_000_000));
      else if (what < 9) lab.switchTo(lab.branches[pick(lab.branches.length)].id, pick(2) ? {} : { t_us: pick(3_000_000) });
      else if (what < 10) lab.branch();
      else if (what < 11 && lab.actions.length > 2) lab.undo(1 + pick(2));
      else lab.runFor(pick(200_000));
      if (i % 6 !== 5) continue;
      lab.seek(pick(3_000_000));
      const other = await straight(lab, scenario, lab.now_us);
      assert.equal(lab.hash(), other.hash(), `step ${i}, at ${lab.now_us}`);
      assert.deepEqual(lab.events(), other.events());
    }
    assert.ok(lab.branches.length > 3, 'there were branches');
  });
}

test('what is taken back leaves the memory as it was before, and can be brought again', async () => {
  for (const seed of [5, 6]) {
    const pick = dice(seed);
    const lab = await makeLab({ ...twoHosts(LOSSY), seed }, { history: { between: 128 } });
    const { client } = openConnection(lab);
    client.send(noise(30_000));
    /** @type {{hash: string, actions: number}[]} */
    const before = [];
    for (let i = 0; i < 12; i++) {
      const here = { hash: lab.hash(), actions: lab.actions.length };
      actAtRandom(lab, pick);
      if (lab.actions.length > here.actions) before.push(here); // else it failed without a trace
      lab.runFor(pick(60_000));
    }
    const end = { hash: lab.hash(), events: lab.events(), t_us: lab.now_us, actions: lab.actions };
    const { from } = lab.undo();
    assert.equal(lab.hash(), before.at(-1).hash);
    for (const { hash, actions } of before.slice(0, -1).reverse()) {
      lab.undo(lab.actions.length - actions);
      assert.equal(lab.hash(), hash, `with ${actions} actions`);
      assert.equal(lab.actions.length, actions);
    }
    lab.runFor(100_000);
    lab.switchTo(from.id, { t_us: end.t_us });
    assert.equal(lab.hash(), end.hash);
    assert.deepEqual(lab.events(), end.events);
    assert.deepEqual(lab.actions, end.actions);
  }
});

test('an action that is still to come is taken back, too; with none there is nothing', async () => {
  const lab = await makeLab(twoHosts(), { actions: [{ at_us: 5000, command: { do: 'ping', node: 'client', to: 'server' } }] });
  lab.undo();
  assert.deepEqual([lab.now_us, lab.actions], [5000, []]);
  assert.throws(() => lab.undo(), { code: 'ENOENT' });
  const other = await makeLab();
  other.host('client').socket();
  assert.throws(() => other.undo(2), { code: 'EINVAL', message: /^count: / });
});

test('branches keep their futures, and the one that is entered is where it was left', async () => {
  const scenario = twoHosts(LOSSY);
  const lab = await makeLab(scenario);
  const { client } = openConnection(lab);
  client.send(noise(50_000));
  lab.runFor(1_000_000);
  const first = { hash: lab.hash(), events: lab.events(), t_us: lab.now_us };
  lab.seek(400_000);
  client.abort(); // in the past: a branch
  lab.runFor(300_000);
  const second = { hash: lab.hash(), events: lab.events() };
  assert.deepEqual(lab.branches.map(({ id, parent, is_current }) => [id, parent, is_current]), [[0, null, false], [1, 0, true]]);
  assert.equal(lab.branches[1].fork.t_us, 400_000);
  lab.switchTo(0, { t_us: first.t_us });
  assert.equal(lab.hash(), first.hash);
  assert.ok(lab.events().every((event, index) => event === first.events[index]), 'the same objects');
  lab.switchTo(1);
  assert.equal(lab.hash(), second.hash);
  assert.ok(lab.events().every((event, index) => event === second.events[index]));
  assert.equal(lab.actions.at(-1).command.do, 'abort');
  lab.seek(500_000);
  lab.host('client').ping('10.0.0.2', 1); // a branch of the branch
  lab.runFor(100_000);
  const third = lab.hash();
  lab.switchTo(0, { t_us: 350_000 });
  lab.switchTo(2);
  assert.equal(lab.hash(), third);
  assert.deepEqual(lab.branches.map(({ parent }) => parent), [null, 0, 1]);
  for (const { id, tip_us, actions } of lab.branches) {
    lab.switchTo(id, { t_us: tip_us });
    assert.equal(lab.hash(), (await straight(lab, scenario, tip_us, actions)).hash(), `branch ${id}`);
  }
  assert.throws(() => lab.switchTo(9), { code: 'ENOENT', message: /no branch 9/ });
});

test('a branch in which nothing was done is used again, and there is an end to their number', async () => {
  const lab = await makeLab();
  openConnection(lab);
  lab.seek(100_000);
  assert.equal(lab.branch().id, 1);
  assert.equal(lab.branch().id, 1);
  for (let i = 0; i < 100; i++) {
    lab.seek(100_000 + i);
    lab.host('client').ping('10.0.0.2', 1);
    lab.runFor(1000);
  }
  const ids = lab.branches.map(({ id }) => id);
  assert.equal(ids.length, 64);
  assert.equal(ids[0], 0);
  lab.switchTo(0);
});

test('what is said of the future comes true, and asking changes nothing', async () => {
  const lab = await makeLab(twoHosts(LOSSY));
  const { client } = openConnection(lab);
  client.send(noise(200_000));
  lab.runFor(45_000);
  const before = { hash: lab.hash(), last: lab.lastEvent, events: lab.events(), actions: lab.actions, branches: lab.branches, history: lab.history };
  const next = lab.ahead();
  const ten = lab.ahead({ segments: 10 });
  const later = lab.ahead({ until_us: lab.now_us + 500_000 });
  const lost = lab.ahead({ when: ({ kind }) => kind === 'frame_lost' });
  const aborted = lab.ahead({ commands: [{ do: 'abort', node: 'client', socket: client.handle }], until_us: lab.now_us + 100_000 });
  assert.equal(lab.hash(), before.hash);
  assert.equal(lab.lastEvent, before.last);
  assert.deepEqual(lab.actions, before.actions);
  assert.deepEqual(lab.branches, before.branches);
  assert.deepEqual(lab.history, before.history);
  assert.ok(lab.events().every((event, index) => event === before.events[index]));
  lab.runFor(500_000);
  const happened = lab.events(before.last);
  assert.deepEqual(later.events, happened);
  assert.equal(later.now_us, lab.now_us);
  const segments = happened.filter(({ kind }) => kind === 'tcp_segment_sent');
  assert.deepEqual(next.segments, segments.slice(0, 1));
  assert.deepEqual(ten.segments, segments.slice(0, 10));
  assert.deepEqual(lost.found, happened.find(({ kind }) => kind === 'frame_lost'));
  assert.deepEqual([next.ended, ten.ended, later.ended, lost.ended], ['segments', 'segments', 'until', 'when']);
  assert.ok(aborted.segments.some(({ flags_text }) => flags_text.includes('RST')));
  assert.throws(() => lab.ahead({ until_us: 0 }), { code: 'EINVAL', message: /^until_us: / });
  assert.throws(() => lab.ahead({ when: /** @type {any} */ (1) }), { code: 'EINVAL', message: /^when: / });
});

test('a lab at rest has no next segment; actions to come belong to the future', async () => {
  const lab = await makeLab();
  const { events, segments: none, found, now_us, ended } = lab.ahead();
  assert.deepEqual([events, none, found, now_us, ended], [[], [], null, 0, 'rest']);
  openConnection(lab);
  const segments = lab.events().filter(({ kind }) => kind === 'tcp_segment_sent');
  lab.seek(0);
  assert.deepEqual(lab.ahead({ segments: 2 }).segments, segments.filter(({ id }) => id > lab.lastEvent).slice(0, 2));
});

test('looking leaves no trace in memory', async () => {
  const lab = await makeLab(twoHosts(LOSSY));
  openConnection(lab);
  const hash = lab.hash();
  lab.describe();
  lab.describe('client');
  lab.frames();
  lab.pcapng();
  lab.dissect(1);
  assert.throws(() => lab.command({ do: 'socket', node: 'nobody' }));
  assert.equal(lab.hash(), hash);
});

test('history is bounded, and so is what a seek runs again', async () => {
  const scenario = twoHosts({ loss: 0.01 }, { nodes: [
    { name: 'client', address: '10.0.0.1/24', apps: [{ app: 'sender', to: 'server:80', bytes: 3_000_000, close: true }, { app: 'ping', to: 'server', count: 3000, interval_ms: 20 }] },
    { name: 'server', address: '10.0.0.2/24', apps: [{ app: 'receiver', port: 80, close: true }] },
  ] });
  const lab = await makeLab(scenario);
  lab.runUntil(3_600_000_000);
  const events = lab.lastEvent;
  assert.ok(events > 90_000 && events < 200_000, `${events} events`);
  const { bytes, snapshots } = lab.history;
  assert.ok(bytes < 64 << 20, `${bytes} bytes`);
  assert.ok(snapshots <= 160);
  const pick = dice(5);
  for (let i = 0; i < 200; i++) {
    lab.seek(/** @type {any} */ (lab.event(1 + pick(lab.lastEvent))).t_us);
    assert.ok(lab.history.rerun.events < 6000, `${lab.history.rerun.events} events again`);
    lab.seek(3_600_000_000);
    assert.ok(lab.history.rerun.events < 6000, `${lab.history.rerun.events} events again`);
    assert.equal(lab.lastEvent, events);
  }
});

test('the history of much bulk is bounded, too, and any of its moments is as it was', async () => {
  const scenario = twoHosts({ loss: 0.01, reorder: 0.01 }, { nodes: [
    { name: 'client', address: '10.0.0.1/24', apps: [{ app: 'sender', to: 'server:80', bytes: 60_000_000, close: true }] },
    { name: 'server', address: '10.0.0.2/24', apps: [{ app: 'receiver', port: 80, close: true }] },
  ] });
  const lab = await makeLab(scenario);
  const last = [];
  for (let t_us = 0; t_us <= 90_000_000; t_us += SECOND) {
    lab.runUntil(t_us);
    last.push(lab.lastEvent);
    assert.ok(lab.history.bytes < 64 << 20, `${lab.history.bytes} bytes at ${t_us}`);
  }
  assert.ok(lab.lastEvent > 800_000, `${lab.lastEvent} events`);
  const other = await makeLab(scenario);
  for (const second of [1, 17, 45, 80]) {
    other.runUntil(second * SECOND);
    lab.seek(second * SECOND);
    assert.deepEqual([lab.hash(), lab.lastEvent], [other.hash(), last[second]], `after ${second} s`);
    const from = Math.max(0, last[second] - 3000);
    assert.deepEqual(lab.events(from), other.events(from));
    lab.seek(90 * SECOND);
    assert.deepEqual(lab.events(from, 3000), other.events(from, 3000));
    assert.ok(lab.history.bytes < 64 << 20, `${lab.history.bytes} bytes after seeking`);
  }
  const end = lab.hash();
  lab.seek(80 * SECOND);
  lab.links[0].set({ loss: 0 }); // a branch, whose events take the place of many
  lab.runFor(SECOND);
  lab.switchTo(0, { t_us: 90 * SECOND });
  assert.deepEqual([lab.hash(), lab.lastEvent], [end, last[90]]);
});

test('packed records are the same again, whatever stands in them, and those of a run take a quarter', async () => {
  const pick = dice(9);
  const records = new Uint32Array(16 * 500);
  records.forEach((_, i) => (records[i] = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, pick(2 ** 32), i][pick(7)]));
  const bytes = new Uint8Array(records.buffer);
  const packer = new Packer(64, 16);
  assert.deepEqual(packer.unpack(packer.pack(bytes), bytes.length), bytes);
  assert.deepEqual(packer.unpack(packer.pack(bytes.subarray(0, 0)), 0), new Uint8Array(0));
  const lab = await makeLab(twoHosts(LOSSY));
  openConnection(lab).client.send(noise(100_000));
  const { records: run } = lab.stretch(10_000_000, Infinity);
  const packed = packer.pack(run);
  assert.deepEqual(packer.unpack(packed, run.length), run);
  assert.ok(packed.length < run.length / 4, `${packed.length} of ${run.length}`);
});

test('snapshots thin out to stay within their bytes and their number, evenly, and keep the beginning', () => {
  const PAGE = 8192;
  const path = [{ branch: 0, end: null }];
  for (const bounds of [{ bytesMax: 40 * PAGE }, { countMax: 30 }]) {
    const snapshots = new Snapshots({ between: 10, ...bounds });
    for (let step = 0; step < 10_000; step++) {
      const position = { step, t_us: step, applied: 0, event: 0 };
      if (!snapshots.wants(position, path)) continue;
      snapshots.add({ ...position, branch: 0, image: { len: PAGE, captured: 0, pages: [new Uint8Array(PAGE)] } });
      assert.ok(snapshots.bytes <= (bounds.bytesMax ?? Infinity) && snapshots.count <= (bounds.countMax ?? Infinity));
      assert.equal(snapshots.bytes, snapshots.count * PAGE);
    }
    assert.ok(snapshots.count >= 10, String(snapshots.count));
    assert.equal(snapshots.first.step, 0);
    for (let t_us = 0; t_us < 10_000; t_us += 7) {
      const found = /** @type {any} */ (snapshots.before(t_us, path));
      assert.ok(found.step <= t_us && t_us - found.step <= 2 * snapshots.between, `${found.step} for ${t_us}`);
    }
  }
});

test('a snapshot belongs to a branch up to where others left it', () => {
  const snapshots = new Snapshots();
  const add = (branch, step) => snapshots.add({ branch, step, t_us: step, applied: 0, event: step, image: { len: 0, captured: 0, pages: [] } });
  [[0, 0], [0, 10], [0, 20], [1, 15], [1, 30]].forEach(([branch, step]) => add(branch, step));
  const fork = { step: 12, t_us: 12, applied: 0, event: 12 };
  const other = [{ branch: 0, end: fork }, { branch: 1, end: null }];
  const at = (t_us, path) => snapshots.before(t_us, path)?.step;
  assert.deepEqual([5, 14, 15, 99].map((t_us) => at(t_us, other)), [0, 10, 15, 30]);
  assert.deepEqual([5, 14, 99].map((t_us) => at(t_us, [{ branch: 0, end: null }])), [0, 10, 20]);
  snapshots.drop(1);
  assert.equal(at(99, other), 10);
});

test('a damaged snapshot is refused, wherever it is damaged', async () => {
  const lab = await makeLab();
  openConnection(lab);
  const whole = lab.snapshot();
  const hash = lab.hash();
  const refused = (bytes, message) => assert.throws(() => lab.restore(bytes), { name: 'LabError', code: 'EINVAL', message });
  for (const at of [8, 23, 24, 27, 28, 100, whole.length >> 1, whole.length - 1]) {
    const bytes = whole.slice();
    bytes[at] ^= 1;
    refused(bytes, /^snapshot: it is damaged/);
  }
  refused(whole.subarray(0, whole.length - 16), /^snapshot: it is damaged/);
  refused(whole.subarray(0, 20), /^snapshot: these bytes are no snapshot/);
  refused(new Uint8Array(100), /^snapshot: these bytes are no snapshot/);
  const old = whole.slice();
  old[7] = '1'.charCodeAt(0);
  refused(old, /^snapshot: it is of version "1", and this is version 2/);
  assert.equal(lab.hash(), hash);
  lab.restore(whole);
  assert.equal(lab.hash(), hash);
  const larger = await makeLab(twoHosts(), { memory_mib: 32 });
  assert.throws(() => larger.restore(whole), { code: 'EINVAL', message: /^snapshot: it was made with other memory/ });
  const other = await makeLab({ ...twoHosts(), seed: 8 });
  assert.throws(() => other.restore(whole), { code: 'EINVAL', message: /^snapshot: it is of another scenario/ });
});
