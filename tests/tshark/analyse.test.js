/** Our analysis of captures beside Wireshark's: the same verdict on the same segment. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import test from 'node:test';

import { analyse, compare, compareRepeats } from '../support/verdicts.js';
import { run, scenario, scratch, tcplab } from './cli.js';

for (const seed of ['7', '8', '9', '10']) {
  for (const where of [[], ['--pcap-at', 'client:0'], ['--pcap-at', 'server:0']]) {
    test(`a lossy transfer, seed ${seed}, ${where[1] ?? 'each frame once'}`, (t) => {
      const { pcap } = run(t, scenario('bulk_lossy'), '--quiet', '--seed', seed, ...where);
      const found = compare(pcap);
      compareRepeats(pcap, found);
      assert.ok((found.RETRANSMISSION ?? []).length > 10);
      assert.ok((found.DUP_ACK ?? []).length > 100);
    });
  }
}

test('a receiver that does not read: zero windows as tshark sees them, probes as we sent them', (t) => {
  const file = scratch(t);
  const receive = (at_ms) => ({ at_ms, do: 'recv', node: 'server', socket: 2, max: 1_000_000 });
  const document = {
    tcplab: 1,
    nodes: [
      { name: 'client', address: '10.0.0.1/24', apps: [{ app: 'sender', to: 'server:80', bytes: 300_000, start_ms: 100, close: true }] },
      { name: 'server', address: '10.0.0.2/24' },
    ],
    links: [{ between: ['client', 'server'], delay_ms: 10, rate_bit_per_s: 1e7 }],
    actions: [
      { at_ms: 0, do: 'socket', node: 'server', type: 'tcp' },
      { at_ms: 0, do: 'bind', node: 'server', socket: 1, port: 80 },
      { at_ms: 0, do: 'listen', node: 'server', socket: 1 },
      { at_ms: 1000, do: 'accept', node: 'server', socket: 1 },
      receive(9000),
      receive(9100),
      receive(19_000),
      receive(29_000),
      receive(39_000),
    ],
  };
  writeFileSync(file('slow.json'), JSON.stringify(document));
  const { pcap, events } = run(t, file('slow.json'), '--quiet', '--until', '60000');
  const { found } = { found: compare(pcap, ['zero_window', 'out_of_order', 'fast_retransmission']) };
  assert.ok(found.ZERO_WINDOW.length > 5);
  const probes = events.filter(({ kind, rule }) => kind === 'tcp_segment_sent' && rule === 'TCP_WINDOW_PROBE').length;
  assert.ok(probes > 5);
  assert.equal(found.ZERO_WINDOW_PROBE.length, probes);
});

test('how connections began and ended', (t) => {
  const about = (name) => analyse(run(t, scenario(name), '--quiet').pcap).stdout;
  assert.match(about('handshake'), /opening COMPLETE, closing CLOSED/);
  assert.match(about('refused'), /opening REFUSED, closing RESET/);
  assert.match(about('simultaneous_open'), /opening SIMULTANEOUS/);
  assert.match(about('simultaneous_close'), /closing CLOSED/);
});

test('what is no capture, and what cannot be read', (t) => {
  const file = scratch(t);
  writeFileSync(file('text'), 'this is a text and no capture at all');
  assert.equal(tcplab(['analyse', file('text')]).status, 2);
  assert.match(tcplab(['analyse', file('text')]).stderr, /neither pcap nor pcapng/);
  assert.equal(tcplab(['analyse', file('nothing')]).status, 1);
  assert.equal(tcplab(['analyse']).status, 2);
});
