/** Captures of real networks, read in pieces by the capture module; here with our own as the real ones, of which all is known. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { Capture } from '../../wasm/capture.js';
import { at, makeLab, noise, openConnection, twoHosts } from './support.js';

const wasm = await WebAssembly.compile(readFileSync(at('build/wasm/capture.wasm')));
const open = (/** @type {Uint8Array | Blob} */ file, options = {}) => Capture.open(file, { wasm, ...options });

/** A transfer over a bad link, its frames as each was sent. */
async function lossyRun() {
  const lab = await makeLab(twoHosts({ delay_ms: 10 }));
  const { client, server } = openConnection(lab);
  lab.links[0].set({ loss: 0.04, reorder: 0.05, duplicate: 0.02 });
  client.send(noise(300_000));
  for (let i = 0; i < 30; i++) {
    lab.runFor(100_000);
    server.recv(1_000_000);
  }
  lab.links[0].set({ loss: 0, reorder: 0, duplicate: 0 });
  client.close();
  lab.runFor(1_000_000);
  server.close();
  lab.runFor(1_000_000);
  return lab;
}

test('the module imports nothing and is small', () => {
  assert.deepEqual(WebAssembly.Module.imports(wasm), []);
  assert.ok(readFileSync(at('build/wasm/capture.wasm')).length < 64_000);
});

test('what is told of a capture is what happened', async () => {
  const lab = await lossyRun();
  const capture = await open(lab.pcapng());
  const sent = lab.events().filter(({ kind }) => kind === 'tcp_segment_sent');
  const packets = [...capture.packets({ connection: 1 })];
  assert.equal(packets.length, sent.length);
  const again = sent.filter(({ retransmission, payload_bytes }) => retransmission && payload_bytes).length;
  assert.ok(again > 5);
  const isAgain = ({ verdicts, payload_bytes }) => payload_bytes && (verdicts.includes('RETRANSMISSION') || verdicts.includes('OUT_OF_ORDER'));
  assert.equal(packets.filter(isAgain).length, again);
  const [connection] = capture.connections;
  assert.equal(capture.connections.length, 1);
  assert.deepEqual([connection.opening, connection.closing], ['COMPLETE', 'CLOSED']);
  assert.deepEqual(connection.ends.map(({ state }) => state), ['TIME_WAIT', 'CLOSED']);
  assert.match(connection.ends[0].endpoint, /^10\.0\.0\.1:\d+$/);
  assert.equal(connection.ends[1].endpoint, '10.0.0.2:80');
  assert.ok(connection.handshake_us > 20_000 && connection.handshake_us < 22_000, String(connection.handshake_us));
  assert.ok(connection.ends[0].rtt_us.min >= 10_000); // each frame is captured where it is sent
  const when = (frame) => lab.frame(frame).t_us;
  assert.equal(packets[1].t_us - packets[0].t_us, when(sent[1].frame) - when(sent[0].frame));
});

test('the columns of a connection say the same as its packets', async () => {
  const lab = await lossyRun();
  const capture = await open(lab.pcapng());
  const columns = capture.segments(1);
  const packets = [...capture.packets({ connection: 1 })];
  assert.equal(columns.count, packets.length);
  packets.forEach((packet, i) => {
    for (const name of ['index', 't_us', 'seq', 'ack', 'payload_bytes', 'window_bytes', 'flags', 'end']) assert.equal(columns[name][i], packet[name], name);
    assert.equal(columns.rtt_us[i], packet.rtt_us ?? 0);
    assert.deepEqual([columns.state_0[i], columns.state_1[i]].map((state) => capture.states[state]), packet.states);
    assert.deepEqual(capture.verdicts.filter((_, bit) => columns.verdicts[i] & (1 << bit)), packet.verdicts);
  });
  assert.equal(capture.segments(2).count, 0);
});

test('a file that was cut off says so, and what is whole of it is read', async () => {
  const lab = await lossyRun();
  const file = lab.pcapng();
  const whole = await open(file);
  assert.equal(whole.cut_off_bytes, 0);
  const cut = await open(file.subarray(0, file.length - 10));
  assert.equal(cut.count, whole.count - 1);
  assert.ok(cut.cut_off_bytes > 20);
});

test('a file in pieces, as a Blob, and with pauses is the same file', async () => {
  const lab = await lossyRun();
  const file = lab.pcapng();
  const whole = await open(file);
  const all = (capture) => [[...capture.packets()], capture.connections];
  const steps = [];
  let pauses = 0;
  const blob = await open(new Blob([file]), { progress: (done, size) => steps.push([done, size]), pause: async () => void pauses++ });
  assert.deepEqual(all(blob), all(whole));
  assert.deepEqual(steps.at(-1), [file.length, file.length]);
  assert.equal(pauses, steps.length);
  const fed = new Capture(wasm);
  for (let from = 0; from < file.length; from += 997) fed.feed(file.subarray(from, from + 997));
  assert.deepEqual(all(fed), all(whole));
});

test('a packet can be looked into', async () => {
  const lab = await lossyRun();
  const capture = await open(lab.pcapng());
  const frame = lab.frames().find((id) => lab.events().some((event) => event.frame === id && event.kind === 'tcp_segment_sent'));
  const packet = [...capture.packets({ connection: 1 })][0];
  assert.deepEqual(await capture.frame(packet.index), lab.frame(frame).bytes);
  const names = ({ fields }) => fields.map(({ protocol, name, offset, value }) => [protocol, name, offset, value]);
  assert.deepEqual(names(await capture.dissect(packet.index)), names(lab.dissect(frame)));
});

test('what is no capture is refused, and what is damaged is read up to there', async () => {
  await assert.rejects(open(new Uint8Array(100)), { name: 'LabError', code: 'EBADMSG', message: /neither pcap nor pcapng/ });
  await assert.rejects(open(new Uint8Array(3)), { code: 'EBADMSG' });
  await assert.rejects(open(new Uint8Array(100), { memory_mib: 1 }), { code: 'EINVAL', message: /^memory_mib: / });
  const lab = await lossyRun();
  const file = lab.pcapng();
  const whole = await open(file);
  const { position } = whole.packet(20);
  file[position - 24] = 7; // the length of its block, no multiple of 4 any more
  const broken = await open(file);
  assert.equal(broken.count, 20);
  assert.equal(broken.damaged_at, position - 28);
  assert.throws(() => broken.packet(20), { code: 'EINVAL', message: /^index: / });
  const aborted = { aborted: true };
  await assert.rejects(open(file, { signal: aborted }), { code: 'ECANCELED' });
});
