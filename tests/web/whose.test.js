/** Whose events are: a socket's number is used again while the connection that had it is not over yet. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Lab, loadModule } from '../../wasm/engine.js';
import { timersIn } from '../../web/model/brackets.js';
import { SequenceSpace } from '../../web/model/sequence.js';
import { Timeline } from '../../web/model/timeline.js';
import { Owners } from '../../web/model/whose.js';
import { TOP } from '../support/from-web.js';

const wasm = await loadModule(readFileSync(join(TOP, 'build/wasm/tcplab.wasm')));
const nodes = [
  { name: 'client', address: '10.0.0.1/24' },
  { name: 'server', address: '10.0.0.2/24', apps: [{ app: 'receiver', port: 80, close: true }] },
];

/** A lab on which time can pass. */
async function begin() {
  const lab = await Lab.create({ wasm, scenario: { tcplab: 1, nodes, links: [{ between: ['client', 'server'], delay_ms: 10 }] } });
  return { lab, pass: (/** @type {number} */ ms) => void lab.runUntil(lab.now_us + ms * 1000) };
}

/** The owner of each event, in the order of the log. @param {import('../../web/model/types.js').LabEvent[]} log */
function owners(log) {
  const whose = new Owners();
  return log.map((event) => whose.keyOf(event, (id) => log[id - 1]));
}

/** The ports of those connections that the client's calls of a kind belong to; '': nobody's. @param {import('../../web/model/types.js').LabEvent[]} log @param {string} call @param {number} [node] */
function portsOf(log, call, node = 0) {
  const keys = owners(log);
  return log.flatMap((event, i) => (event.kind === 'socket_call' && event.call === call && event.node === node && event.result > 0 ? [keys[i].split(' ').slice(1, 3).join(' ')] : []));
}

/** The local ports of a host's connections, in the order of opening. @param {import('../../web/model/types.js').LabEvent[]} log */
const opened = (log) => log.flatMap((event) => (event.kind === 'tcp_state' && event.to === 'SYN_SENT' ? [event.local_port] : []));

test('calls on a number that is used again are the new connection’s, though the old one speaks still', async () => {
  const { lab, pass } = await begin();
  const first = lab.host('client').socket();
  first.connect('10.0.0.2:80');
  pass(100);
  first.send('old');
  pass(100);
  lab.links[0].dropNext({ direction: 0, match: 'ack' }); // the last ACK: the server's FIN comes again in TIME_WAIT
  first.close();
  pass(60);
  const second = lab.host('client').socket();
  assert.equal(second.handle, first.handle);
  second.connect('10.0.0.2:80');
  pass(170);
  second.send('new');
  pass(100);
  const log = /** @type {any} */ (lab.events());
  const [old, fresh] = opened(log);
  const in_time_wait = log.findLast((/** @type {any} */ event) => event.kind === 'tcp_segment_received' && event.node === 0 && event.dst_port === old);
  assert.ok(in_time_wait.socket === second.handle && in_time_wait.t_us > 300_000, 'the old connection speaks under the number that is the new one’s');
  assert.deepEqual(portsOf(log, 'SEND'), [`${old} 80`, `${fresh} 80`]);
  assert.deepEqual(portsOf(log, 'SOCKET'), ['', ''], 'a socket that is not connected yet has none');
});

test('the same four numbers again are a new connection', () => {
  const at = (/** @type {number} */ id) => log[id - 1];
  const state = (/** @type {string} */ to, socket = 3) => ({ kind: 'tcp_state', node: 1, socket, to, local_port: 80, remote_port: 9, remote_addr: 1 });
  const call = (/** @type {string} */ name, socket = 3, result = 1) => ({ kind: 'socket_call', node: 1, socket, call: name, result });
  const log = /** @type {any[]} */ (
    [state('SYN_RCVD', 0), call('ACCEPT', 1, 3), state('CLOSE_WAIT'), call('CLOSE'), state('SYN_RCVD', 0), call('ACCEPT', 1, 3), state('ESTABLISHED'), call('RECV')].map((event, i) => ({ id: i + 1, cause: 0, ...event }))
  );
  const whose = new Owners();
  assert.equal(log.map((event) => whose.keyOf(event, at)).at(-1), '1 80 9 1');
});

/** The client closes while its data is lost, and opens another connection under the number at once; the old one's timer runs out. */
async function timedOut() {
  const { lab, pass } = await begin();
  const first = lab.host('client').socket();
  first.connect('10.0.0.2:80');
  pass(100);
  lab.links[0].set({ loss: 1 });
  first.send('old');
  first.close();
  pass(1);
  lab.links[0].set({ loss: 0 });
  const second = lab.host('client').socket();
  assert.equal(second.handle, first.handle);
  second.connect('10.0.0.2:80');
  pass(2000);
  const log = /** @type {import('../../web/model/types.js').LabEvent[]} */ (/** @type {any} */ (lab.events()));
  const fired = log.find(({ kind, node, timer }) => kind === 'tcp_timer_fired' && node === 0 && timer === 'RETRANSMIT');
  assert.ok(fired && fired.socket === second.handle, 'it runs out under the number that is the new one’s');
  return { lab, log, fired };
}

test('a timer that runs out after close is the old connection’s, with all that it leads to', async () => {
  const { log, fired } = await timedOut();
  const [old, fresh] = opened(log);
  const keys = owners(log);
  const led_to = log.filter(({ cause, kind, src_port = old }) => cause === fired.id && kind.startsWith('tcp_') && src_port === old);
  const congestion = led_to.find(({ kind }) => kind === 'tcp_congestion');
  assert.ok(congestion, 'it begins anew with a small window');
  for (const { id, kind } of [fired, ...led_to]) assert.equal(keys[id - 1].split(' ')[1], String(old), kind);
  const space = new SequenceSpace();
  space.follow(log, fired.id + led_to.length);
  const end = (/** @type {number} */ port) => [...space.ends].find(([key]) => key.startsWith(`0 ${port} `))?.[1];
  assert.deepEqual([end(old)?.cwnd, end(fresh)?.cwnd === congestion.cwnd_bytes], [congestion.cwnd_bytes, false]);
});

test('the ladder’s timers are each connection’s own, whatever its socket’s number', async () => {
  const { lab, log, fired } = await timedOut();
  const [old, fresh] = opened(log);
  const timeline = new Timeline(/** @type {any} */ (lab), 2);
  const since = (/** @type {string} */ kind) => log.findLast(({ id, node, timer, ...event }) => id < fired.id && node === 0 && timer === 'RETRANSMIT' && event.kind === kind);
  const [armed, stopped] = [since('tcp_timer_armed'), since('tcp_timer_stopped')];
  assert.ok(armed && stopped && armed.local_port === old && stopped.local_port === fresh);
  timeline.seekTo(stopped.id);
  const shown = () => timersIn(timeline.index, timeline.state.timers, timeline.cursor.id, [0, lab.now_us]).filter(({ node, timer }) => node === 0 && timer === 'RETRANSMIT');
  assert.deepEqual(shown().map(({ from_us, due_us }) => due_us > from_us && from_us), [100_000], 'the new one’s has ended, the old one’s runs');
  timeline.seekTo(fired.id);
  assert.deepEqual(shown().map((span) => [span.from_us, span.due_us, span.fired]), [[armed.t_us, fired.t_us, true]]);
});
