/** A capture file as the page asks of it, and its ladder; our own captures are the files, of which all is known. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { openCaptureFile } from '../../web/model/capture-file.js';
import { CaptureLadder, secondsText, troublesOf } from '../../web/model/capture-ladder.js';
import { at, makeLab, noise, openConnection, twoHosts } from '../wasm/support.js';

const wasm = /** @type {any} */ (await WebAssembly.compile(readFileSync(at('build/wasm/capture.wasm'))));
const nobody = new AbortController().signal;

/** Opened as in a page without workers: node has none of the browser's. @param {Uint8Array | string} bytes */
const open = (bytes, progress = (/** @type {number} */ _done, /** @type {number} */ _all) => {}) =>
  openCaptureFile(new Blob([bytes]), { wasm, progress, signal: nobody });

/** @param {Uint8Array | string} bytes */
const refused = (bytes) =>
  open(bytes).then(
    () => '',
    ({ code }) => code,
  );

/** A transfer on a bad link, then silence, then a close. */
async function transfer() {
  const lab = await makeLab(twoHosts({ delay_ms: 10 }));
  const { client, server } = openConnection(lab);
  lab.links[0].set({ loss: 0.04 });
  client.send(noise(200_000));
  for (let i = 0; i < 30; i++) {
    lab.runFor(100_000);
    server.recv(1_000_000);
  }
  lab.links[0].set({ loss: 0 });
  lab.runFor(60_000_000);
  client.close();
  lab.runFor(1_000_000);
  server.close();
  lab.runFor(1_000_000);
  return lab.pcapng();
}

/** @param {number[]} times @param {number[]} [verdicts] */
function ladderOf(times, verdicts = []) {
  const count = times.length;
  const zeros = () => new Uint32Array(count);
  const bytes = () => new Uint8Array(count);
  const columns = {
    ...{ count, index: zeros(), t_us: Float64Array.from(times), seq: zeros(), ack: zeros(), payload_bytes: zeros(), window_bytes: zeros() },
    ...{ verdicts: Uint32Array.from(times, (_, i) => verdicts[i] ?? 0), rtt_us: zeros(), flags: bytes(), end: bytes(), state_0: bytes(), state_1: bytes() },
  };
  return new CaptureLadder(columns, { verdicts: ['RETRANSMISSION', 'FAST_RETRANSMISSION', 'SPURIOUS_RETRANSMISSION', 'DUP_ACK'], states: ['CLOSED'] });
}

test('a capture of ours: one connection, its ends, what was noticed, and each packet from the inside', async () => {
  const file = await transfer();
  const told = /** @type {number[][]} */ ([]);
  const capture = await open(file, (done, all) => told.push([done, all]));
  assert.deepEqual(told.at(-1), [file.length, file.length]);
  const { summary } = capture;
  assert.deepEqual([summary.damaged_at, summary.cut_off_bytes, summary.link_type, summary.connections.length], [null, 0, null, 1]);
  const [connection] = summary.connections;
  const columns = await capture.segments(1);
  const ladder = new CaptureLadder(columns, summary);
  const counted = new Map(troublesOf(connection));
  for (const name of summary.verdicts) {
    const seen = Array.from({ length: columns.count }, (_, i) => ladder.verdicts(i)).filter((names) => names.includes(name)).length;
    assert.equal(seen, counted.get(name) ?? 0, name);
  }
  assert.ok((counted.get('DUP_ACK') ?? 0) > 3);
  const inside = await capture.inside(columns.index[0]);
  assert.equal(inside.bytes.length, inside.wire_bytes);
  assert.equal(inside.fields.find(({ protocol, name }) => protocol === 'tcp' && name === 'flag_syn')?.value, 1);
  assert.equal(ladder.newState(0, 0), 'SYN_SENT');
  assert.deepEqual([ladder.state(2, 0), ladder.state(2, 1)], ['ESTABLISHED', 'ESTABLISHED']);
  assert.equal(ladder.state(columns.count - 1, 0), connection.ends[0].state);
  assert.ok(ladder.folds.some(({ us }) => us > 50_000_000), 'the minute of silence is folded');
  capture.close();
});

test('no two segments stand closer than a row; time is to scale between; silence is folded', () => {
  const ladder = ladderOf([0, 10, 20_000, 40_000, 10_000_000, 10_000_001]);
  const gaps = Array.from(ladder.y.slice(1), (y, i) => y - ladder.y[i]);
  assert.ok(gaps.every((gap) => gap >= 24), String(gaps));
  assert.equal(gaps[1].toFixed(2), ((88 / 20_000) * 19_990).toFixed(2));
  assert.equal(gaps[2].toFixed(2), '88.00');
  assert.ok(gaps[3] < 100);
  assert.deepEqual(ladder.folds.map(({ index, us }) => [index, us]), [[4, 9_960_000]]);
  assert.ok(ladder.folds[0].y > ladder.y[3] && ladder.folds[0].y < ladder.y[4]);
});

test('only what lies between two heights is asked for, in a hundred thousand segments as in ten', () => {
  const ladder = ladderOf(Array.from({ length: 100_000 }, (_, i) => i * 10));
  const { from, to } = ladder.between(1_000_000, 1_000_800);
  assert.ok(to - from > 30 && to - from < 36, `${from} to ${to}`);
  assert.ok(ladder.y[from] >= 1_000_000 && ladder.y[from - 1] < 1_000_000 && ladder.y[to] >= 1_000_800);
});

test('from mark to mark, and back; a retransmission is drawn as one', () => {
  const ladder = ladderOf([0, 1, 2, 3, 4], [0, 1, 0, 8, 0]);
  assert.equal(ladder.nextVerdict(-1, 1), 1);
  assert.equal(ladder.nextVerdict(1, 1), 3);
  assert.equal(ladder.nextVerdict(3, 1), -1);
  assert.equal(ladder.nextVerdict(3, -1), 1);
  assert.deepEqual([1, 3].map((i) => ladder.frame(i).segment?.retransmission), [true, false]);
  assert.equal(secondsText(1_234_567.8), '1.234568');
});

test('what is no capture is refused with the reason; what is damaged is read as far as it goes', async () => {
  assert.equal(await refused(''), 'empty');
  assert.equal(await refused('this is a text and no capture at all'), 'format');
  assert.equal(await refused('short'), 'format');
  assert.equal(await refused(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0)), 'gzip');
  const file = await transfer();
  const whole = await open(file);
  const cut = await open(file.subarray(0, file.length - 7));
  assert.ok(cut.summary.cut_off_bytes > 0);
  assert.equal(cut.summary.packets, whole.summary.packets - 1);
  const damaged = file.slice();
  damaged.fill(0xff, file.length / 2);
  const half = await open(damaged);
  assert.ok(half.summary.damaged_at !== null && half.summary.damaged_at <= file.length / 2 + 2000);
  assert.ok(half.summary.packets > 10);
});

test('a capture of a link that is not known says which', async () => {
  const file = new Uint8Array(24 + 16 + 30);
  const view = new DataView(file.buffer);
  [0xa1b2c3d4, 0x00040002, 0, 0, 65_535, 105, 1, 0, 30, 30].forEach((word, i) => view.setUint32(4 * i, word, true));
  const { summary } = await open(file);
  assert.deepEqual([summary.packets, summary.connections.length, summary.link_type], [1, 0, 105]);
});

test('who gives up gets no capture', async () => {
  const giving_up = new AbortController();
  giving_up.abort();
  const file = await transfer();
  await assert.rejects(openCaptureFile(new Blob([file]), { wasm, progress: () => {}, signal: giving_up.signal }), { code: 'cancelled' });
});
