/** A walk through the engine's calls: two hosts, a handshake, data, a close, and all that can be asked about it. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { Lab, loadModule } from '../../wasm/engine.js';
import { makeLab, openConnection, statesOf, twoHosts, wasm, wasmBytes } from './support.js';

const text = (bytes) => new TextDecoder().decode(bytes);

test('a lab is built by calls', async () => {
  const lab = await Lab.create({ wasm });
  const client = lab.addHost({ name: 'client', address: '10.0.0.1/24' });
  lab.addHost({ name: 'server', address: '10.0.0.2/24' });
  const link = lab.link(client, 'server', { name: 'wire', delay_ms: 5 });
  assert.deepEqual(lab.hosts.map(({ name, node }) => [name, node]), [['client', 0], ['server', 1]]);
  assert.equal(link.name, 'wire');
  assert.equal(lab.links[0], link);
  openConnection(lab);
});

test('the module is taken in each form', async () => {
  const empty = { tcplab: 1 };
  const response = (type) => new Response(wasmBytes, { headers: { 'content-type': type } });
  for (const source of [wasm, wasmBytes, wasmBytes.buffer.slice(wasmBytes.byteOffset, wasmBytes.byteOffset + wasmBytes.length), response('application/wasm'), response('text/plain')]) {
    const lab = await Lab.create({ wasm: source, scenario: empty });
    assert.equal(lab.now_us, 0);
  }
  await assert.rejects(loadModule(new Response('', { status: 404 })), { code: 'ENOENT' });
  await assert.rejects(loadModule(new Uint8Array([1, 2, 3])), { code: 'ENOEXEC' });
  await assert.rejects(loadModule(/** @type {any} */ (17)), { code: 'EINVAL' });
});

test('the handshake goes through its states in order', async () => {
  const lab = await makeLab();
  openConnection(lab);
  const states = statesOf(lab);
  assert.deepEqual(states.filter((line) => line.startsWith('client')), ['client CLOSED > SYN_SENT', 'client SYN_SENT > ESTABLISHED']);
  assert.ok(states.includes('server SYN_RCVD > ESTABLISHED'), states.join('\n'));
  const flags = lab.events().filter(({ kind }) => kind === 'tcp_segment_sent').map(({ flags_text }) => flags_text);
  assert.deepEqual(flags, ['SYN', 'SYN,ACK', 'ACK']);
});

test('every segment names its cause and its rule', async () => {
  const lab = await makeLab();
  openConnection(lab);
  const segments = lab.events().filter(({ kind }) => kind === 'tcp_segment_sent');
  assert.equal(segments.length, 3);
  for (const segment of segments) {
    assert.ok(segment.rule && lab.rules[segment.rule].document.startsWith('RFC'), JSON.stringify(segment));
    assert.ok(segment.cause > 0 && lab.event(segment.cause).id === segment.cause);
  }
  assert.equal(segments[1].rule, 'TCP_LISTEN_SYN');
  // The SYN+ACK is there because the SYN arrived, and that because connect() was called.
  const chain = [];
  for (let event = segments[1]; event; event = lab.event(event.cause)) chain.push(event);
  assert.ok(chain.some(({ kind, flags_text }) => kind === 'tcp_segment_sent' && flags_text === 'SYN'), chain.map(({ kind }) => kind).join(' < '));
  assert.ok(chain.some(({ kind, call }) => kind === 'socket_call' && call === 'CONNECT'));
});

test('data goes across and back, and the stream ends', async () => {
  const lab = await makeLab();
  const { client, server } = openConnection(lab);
  client.send('GET / HTTP/1.0\r\n\r\n');
  lab.runFor(200_000);
  assert.equal(text(server.recv()), 'GET / HTTP/1.0\r\n\r\n');
  assert.equal(server.recv().length, 0);
  server.send(new TextEncoder().encode('안녕'));
  lab.runFor(200_000);
  assert.equal(text(client.recv(3)) + text(client.recv()), '안녕');
  server.close();
  lab.runFor(200_000);
  assert.equal(client.recv(), null);
  client.close();
  lab.runFor(200_000);
  const states = statesOf(lab);
  for (const line of [
    'server ESTABLISHED > FIN_WAIT_1',
    'client ESTABLISHED > CLOSE_WAIT',
    'server FIN_WAIT_1 > FIN_WAIT_2',
    'client CLOSE_WAIT > LAST_ACK',
    'server FIN_WAIT_2 > TIME_WAIT',
    'client LAST_ACK > CLOSED',
  ]) assert.ok(states.includes(line), `${line} in\n${states.join('\n')}`);
});

test('text with any character arrives as it was', async () => {
  const lab = await makeLab();
  const { client, server } = openConnection(lab);
  const sent = 'a"b\\c\n\u0001\u0000 \u{1f600} 한글';
  client.send(sent);
  lab.runFor(200_000);
  assert.equal(text(server.recv()), sent);
});

test('events are numbered without gaps, in order of time, and stay the same objects', async () => {
  const lab = await makeLab();
  const { client } = openConnection(lab);
  const before = lab.events();
  client.send('x');
  lab.runFor(100_000);
  const after = lab.events();
  assert.deepEqual(after.map(({ id }) => id), after.map((_, index) => index + 1));
  assert.ok(after.every(({ t_us }, index) => index === 0 || t_us >= after[index - 1].t_us));
  before.forEach((event, index) => assert.equal(event, after[index]));
  assert.deepEqual(lab.events(before.length), after.slice(before.length));
  assert.equal(lab.lastEvent, after.length);
  assert.equal(lab.event(0), null);
  assert.equal(lab.event(after.length + 1), null);
});

test('an event has names beside its numbers', async () => {
  const lab = await makeLab();
  openConnection(lab);
  const state = lab.events().find(({ kind }) => kind === 'tcp_state');
  assert.deepEqual([state.layer, state.from, state.from_code, state.to], ['transport', 'CLOSED', 0, lab.names.tcp_state[state.to_code]]);
  const connect = lab.events().find(({ kind, call }) => kind === 'socket_call' && call === 'CONNECT');
  assert.deepEqual([connect.addr_text, connect.port, connect.result_name], ['10.0.0.2', 80, 'EINPROGRESS']);
  const header = lab.events().find(({ kind, protocol }) => kind === 'header_added' && protocol === 'ethernet');
  assert.deepEqual([header.layer, header.header_bytes], ['link', 14]);
  const actions = lab.events().filter(({ kind }) => kind === 'action').map(({ action }) => action);
  assert.deepEqual(actions, ['socket', 'bind', 'listen', 'socket', 'connect', 'accept']);
});

test('frames are kept and can be read', async () => {
  const lab = await makeLab();
  openConnection(lab);
  const syn = lab.events().find(({ kind, flags_text }) => kind === 'tcp_segment_sent' && flags_text === 'SYN');
  const frame = lab.frame(syn.frame);
  assert.deepEqual([frame.id, frame.node, frame.link, frame.direction], [syn.frame, 0, 0, 0]);
  assert.equal(frame.rule, 'TCP_ACTIVE_OPEN');
  assert.ok(lab.frames().includes(syn.frame));
  const { malformed, fields } = lab.dissect(syn.frame);
  assert.equal(malformed, false);
  const field = (protocol, name) => fields.find((each) => each.protocol === protocol && each.name === name);
  assert.equal(field('tcp', 'dst_port').value, 80);
  assert.equal(field('ipv4', 'src').text, '10.0.0.1');
  assert.equal(fields.filter(({ is_bad }) => is_bad).length, 0);
  assert.ok(fields.every(({ offset, len }) => offset + len <= frame.bytes.length));
  assert.deepEqual(lab.dissect(frame.bytes, { fcs: true }).fields, fields);
  const arrived = lab.frame(syn.frame, { received: true });
  assert.deepEqual([arrived.node, arrived.bytes], [1, frame.bytes]);
  assert.ok(arrived.t_us > frame.t_us);
  assert.equal(lab.frame(999_999), null);
  assert.equal(lab.dissect(999_999), null);
});

test('any bytes can be dissected', async () => {
  const lab = await makeLab();
  assert.equal(lab.dissect(new Uint8Array(0)).malformed, true);
  for (let len = 1; len < 80; len++) {
    const { fields } = lab.dissect(new Uint8Array(len).fill(0x45), { rawIp: len % 2 === 0 });
    assert.ok(fields.every((field) => field.offset + field.len <= len));
  }
});

test('the capture is a pcapng file', async () => {
  const lab = await makeLab();
  openConnection(lab);
  const file = lab.pcapng();
  const view = new DataView(file.buffer);
  assert.equal(view.getUint32(0, true), 0x0a0d0d0a);
  let packets = 0;
  for (let offset = 0; offset < file.length; offset += view.getUint32(offset + 4, true)) if (view.getUint32(offset, true) === 6) packets++;
  assert.equal(packets, lab.frames().length);
  assert.ok(lab.pcapng({ view: 'all' }).length > file.length);
});

test('UDP datagrams, and what comes of them', async () => {
  const lab = await makeLab();
  const server = lab.host('server').socket('udp');
  server.bind(5000);
  const client = lab.host('client').socket('udp');
  client.sendTo('10.0.0.2:5000', 'one');
  client.sendTo('10.0.0.2:5000', 'two');
  lab.runFor(300_000);
  const first = server.recvFrom();
  assert.equal(text(first.data), 'one');
  assert.match(first.from, /^10\.0\.0\.1:\d+$/);
  assert.equal(text(server.recvFrom().data), 'two');
  assert.equal(server.recvFrom(), null);
});

test('ping is answered', async () => {
  const lab = await makeLab();
  lab.host('client').ping('10.0.0.2', 2);
  lab.runFor(5_000_000);
  const replies = lab.events().filter(({ kind }) => kind === 'ping_reply');
  assert.equal(replies.length, 2);
  assert.ok(replies.every(({ rtt_us }) => rtt_us >= 40_000 && rtt_us < 90_000));
});

test('links change and people interfere', async () => {
  const lab = await makeLab();
  lab.links[0].set({ delay_ms: 1 });
  lab.links[0].dropNext({ match: 'syn', direction: 0 });
  const { client } = openConnectionLater(lab);
  lab.runFor(5_000_000);
  const lost = lab.events().filter(({ kind }) => kind === 'frame_lost');
  assert.deepEqual(lost.map(({ reason }) => reason), ['PERSON']);
  assert.equal(client.info().tcp.state, 'ESTABLISHED');
});

function openConnectionLater(lab) {
  const listener = lab.host('server').socket();
  listener.bind(80);
  listener.listen();
  const client = lab.host('client').socket();
  client.connect('10.0.0.2:80');
  return { listener, client };
}

test('time stands still until it is told to go, and says when something is next', async () => {
  const lab = await makeLab();
  assert.deepEqual([lab.now_us, lab.next_us], [0, null]);
  openConnectionLater(lab);
  assert.equal(lab.now_us, 0);
  assert.ok(lab.next_us >= 0);
  assert.equal(lab.runUntil(1_000_000, { maxEvents: 1 }), 1);
  assert.ok(lab.now_us < 1_000_000);
  assert.ok(lab.runUntil(1_000_000) > 1);
  assert.equal(lab.now_us, 1_000_000);
});

test('describe() shows hosts, links and sockets', async () => {
  const lab = await makeLab(twoHosts({ duplicate: 0.25 }));
  const { client } = openConnection(lab);
  const state = lab.describe();
  assert.deepEqual(state.nodes.map(({ name }) => name), ['client', 'server']);
  assert.equal(state.links[0].name, 'wire');
  assert.equal(client.info().tcp.state, 'ESTABLISHED');
  assert.equal(lab.links[0].describe().name, 'wire');
  assert.equal(lab.host('client').describe().name, 'client');
  assert.throws(() => lab.describe('nobody'), { code: 'EINVAL', message: /^node: / });
});
