/** Whose events are: a socket's number is used again while the connection that had it is not over yet. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Lab, loadModule } from '../../wasm/engine.js';
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
