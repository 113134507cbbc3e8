/** A file of 1 MiB over a bad link: whole with TCP; with UDP as much as came, and what is missing is known. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { makeLab, noise, openConnection, sha256, twoHosts } from './support.js';

const MIB = 1 << 20;
const BAD = { loss: 0.05, reorder: 0.05, reorder_ms: 5, duplicate: 0.02, delay_ms: 5, rate_bit_per_s: 100_000_000 };
const STEP_US = 50_000;
const LIMIT_US = 600_000_000;

/** Reads until the stream ends; what came, as one. */
function readAll(lab, socket) {
  const parts = [];
  for (;;) {
    const part = socket.recv(1_000_000);
    if (part === null) return Buffer.concat(parts);
    parts.push(part);
    if (part.length === 0) {
      assert.ok(lab.now_us < LIMIT_US, 'the stream did not end');
      lab.runFor(STEP_US);
    }
  }
}

test('TCP brings every byte', async () => {
  const file = noise(MIB);
  const lab = await makeLab(twoHosts(BAD));
  const { client, server } = openConnection(lab);
  client.send(file);
  lab.runFor(STEP_US);
  client.close();
  const received = readAll(lab, server);
  assert.equal(received.length, MIB);
  assert.equal(sha256(received), sha256(file));
  const count = (wanted) => lab.events().filter(wanted).length;
  assert.ok(count(({ kind, reason }) => kind === 'frame_lost' && reason === 'RANDOM') > 20);
  assert.ok(count(({ kind }) => kind === 'frame_duplicated') > 5);
  assert.ok(count(({ kind, retransmission }) => kind === 'tcp_segment_sent' && retransmission) > 20);
  assert.equal(lab.lostEvents, 0);
});

test('UDP brings most of it, and what is missing is counted', async () => {
  const file = noise(MIB);
  const lab = await makeLab(twoHosts({ ...BAD, queue_frames: 10_000 }));
  const server = lab.host('server').socket('udp');
  server.bind(5000);
  const client = lab.host('client').socket('udp');
  const datagrams = 1024;
  const seen = new Set();
  let copies = 0;
  const receive = () => {
    for (let datagram; (datagram = server.recvFrom(2000)) !== null; ) {
      const number = new DataView(datagram.data.buffer).getUint32(0);
      if (seen.has(number)) copies++;
      assert.deepEqual(datagram.data.slice(4), file.slice(number * 1024, (number + 1) * 1024));
      seen.add(number);
    }
  };
  for (let i = 0; i < datagrams; i++) {
    const payload = new Uint8Array(1028);
    new DataView(payload.buffer).setUint32(0, i);
    payload.set(file.subarray(i * 1024, (i + 1) * 1024), 4);
    client.sendTo('10.0.0.2:5000', payload);
    lab.runFor(1000);
    if (i % 16 === 15) receive();
  }
  lab.runFor(1_000_000);
  receive();
  const missing = datagrams - seen.size;
  assert.ok(missing > 20 && missing < 200, `${missing} missing`);
  // Each datagram that did not come, and each copy, has its event: nothing is hidden.
  const events = lab.events();
  const of = (kind) => events.filter((event) => event.kind === kind);
  assert.equal(of('udp_sent').length, datagrams);
  assert.equal(of('udp_received').length, seen.size + copies);
  const lost = new Set(of('frame_lost').map(({ frame }) => frame));
  const copyOf = new Map(of('frame_duplicated').map(({ frame, copy_frame }) => [frame, copy_frame]));
  const gone = of('udp_sent').filter(({ frame }) => lost.has(frame) && (!copyOf.has(frame) || lost.has(copyOf.get(frame))));
  assert.equal(gone.length, missing);
});
