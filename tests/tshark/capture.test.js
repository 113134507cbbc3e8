/**
 * The captures that we export, read by somebody who knows: no frame malformed, no checksum bad, and the same story told.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'node:test';

import { fields, packets, run, scenario, scratch, tshark } from './cli.js';

const BAD = [
  '_ws.malformed',
  'eth.fcs.status == "Bad"',
  'ip.checksum.status == "Bad"',
  'tcp.checksum.status == "Bad"',
  'udp.checksum.status == "Bad"',
  'icmp.checksum.status == "Bad"',
  '_ws.expert.severity == "Error"',
  '(ip && !icmp && !(ip.checksum.status == "Good"))',
  '(tcp && !icmp && !(tcp.checksum.status == "Good"))',
  '(udp && !icmp && !(udp.checksum.status == "Good"))',
].join(' || ');

/** Of enum drop_reason. */
const BAD_FCS = 2;

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const SCENARIOS = ['handshake', 'bulk_lossy', 'udp_lossy', 'refused', 'simultaneous_open', 'simultaneous_close', 'routed', 'ping', 'ecn'];

for (const name of SCENARIOS) {
  test(`${name}: no frame is malformed and no checksum is bad`, (t) => {
    const { pcap, events, status } = run(t, scenario(name), '--quiet');
    assert.equal(status, 0);
    const sent = events.filter(({ kind }) => kind === 'frame_sent').length;
    const copies = events.filter(({ kind }) => kind === 'frame_duplicated').length;
    const all = fields(pcap, ['frame.number', 'frame.protocols', 'frame.interface_name', 'frame.comment']);
    assert.equal(all.length, sent - copies, 'each frame is there once');
    assert.deepEqual(packets(pcap, BAD), []);
    for (const packet of all) assert.match(packet['frame.comment'], /^frame \d+, event \d+ because of event \d+/);
  });
}

/** The events that a comment names, with what it says they are. @param {string} comment */
const causesIn = (comment) => [...comment.matchAll(/event (\d+) ([a-z_]+)/g)].map(([, id, kind]) => [Number(id), kind]);

/** What sets a host off: a chain of causes ends there, or where it began. */
const TRIGGERS = ['action', 'tcp_timer_fired', 'socket_call', 'frame_delivered', 'app_step'];

test('each comment names its causes up to what set the sender off, as the events have them', (t) => {
  for (const name of ['handshake', 'bulk_lossy', 'routed']) {
    const { pcap, events } = run(t, scenario(name), '--quiet');
    const by_id = new Map(events.map((event) => [event.id, event]));
    for (const { 'frame.comment': comment } of fields(pcap, ['frame.comment'])) {
      const causes = causesIn(comment.split(' Causes: ')[1]);
      let expected = Number(comment.match(/because of event (\d+)/)[1]);
      for (const [id, kind] of causes) {
        assert.equal(id, expected, comment);
        assert.equal(kind, by_id.get(id).kind, comment);
        expected = by_id.get(id).cause;
      }
      assert.ok(TRIGGERS.includes(causes.at(-1)[1]) || expected === 0, comment);
    }
  }
});

test('Wireshark can be asked for what the retransmission timer sent', (t) => {
  const file = scratch(t);
  const document = JSON.parse(readFileSync(scenario('handshake'), 'utf8'));
  document.links[0].exactly = [{ drop: { match: 'syn', nth: 1 } }];
  writeFileSync(file('lost_syn.json'), JSON.stringify(document));
  const { pcap, events } = run(t, file('lost_syn.json'), '--quiet');
  const [ours] = events.filter(({ kind, rule }) => kind === 'tcp_segment_sent' && rule === 'TCP_RETRANSMIT_SYN');
  const asked = fields(pcap, ['frame.comment'], 'frame.comment contains "RFC 6298" && frame.comment contains "tcp_timer_fired RETRANSMIT at client"');
  assert.deepEqual(asked.map((packet) => Number(packet['frame.comment'].match(/^frame (\d+)/)[1])), [ours.frame]);
});

test('FCS are there and right; a corrupted frame is told by the receiver\'s capture', (t) => {
  const { pcap } = run(t, scenario('routed'), '--quiet');
  assert.equal(packets(pcap, 'eth.fcs.status == "Good"').length, packets(pcap, 'frame').length);
  const received = run(t, scenario('routed'), '--quiet', '--pcap-at', 'router:1');
  const dropped = received.events.filter(({ kind, node, reason }) => kind === 'packet_dropped' && node === 1 && reason === BAD_FCS);
  assert.ok(dropped.length > 0);
  assert.equal(packets(received.pcap, 'eth.fcs.status == "Bad"').length, dropped.length);
  const server = run(t, scenario('routed'), '--quiet', '--pcap-at', 'server:0');
  assert.ok(packets(server.pcap, 'eth.fcs.status == "Good" && (tcp.checksum.status == "Bad" || ip.checksum.status == "Bad")').length > 0);
});

test('handshake and close are recognised, with the states our events tell', (t) => {
  const { pcap, events } = run(t, scenario('handshake'), '--quiet');
  const segments = fields(pcap, ['tcp.flags.str', 'tcp.len', 'tcp.seq', 'tcp.ack', 'tcp.completeness'], 'tcp');
  const flags = segments.map((segment) => segment['tcp.flags.str'].replace(/·/g, ''));
  assert.deepEqual(flags.slice(0, 3), ['S', 'AS', 'A']);
  assert.equal(flags.filter((flag) => flag.includes('F')).length, 2);
  // 31: by the last segment it has seen SYN, SYN+ACK, ACK, data, FIN, and no RST.
  assert.equal(Number(segments.at(-1)['tcp.completeness']), 31);
  const connection = tshark('-r', pcap, '-q', '-z', 'conv,tcp');
  assert.match(connection, /10\.0\.0\.1:\d+\s+<-> 10\.0\.0\.2:80/);
  const states = events.filter(({ kind, node }) => kind === 'tcp_state' && node === 0).map(({ to }) => to);
  assert.deepEqual(states, [2, 4, 5, 6, 10, 0]);
});

test('its analysis of retransmissions agrees with our events', (t) => {
  for (const seed of ['7', '8', '9']) {
    const { pcap, events } = run(t, scenario('bulk_lossy'), '--quiet', '--seed', seed);
    const ours = events.filter(({ kind, retransmission, payload_bytes }) => kind === 'tcp_segment_sent' && retransmission && payload_bytes);
    const frames = ours.map(({ frame }) => frame).sort((a, b) => a - b);
    assert.ok(frames.length > 10, 'something was lost');
    // Where frames are captured as they are sent, one that is older than what was sent before can only have been sent again;
    // one that follows quickly on another is "out of order" to a mere onlooker.
    const again = fields(pcap, ['frame.comment'], '(tcp.analysis.retransmission || tcp.analysis.out_of_order) && tcp.len > 0');
    const theirs = again.map((packet) => Number(packet['frame.comment'].match(/^frame (\d+)/)[1])).sort((a, b) => a - b);
    assert.deepEqual(theirs, frames);
    assert.deepEqual(packets(pcap, 'tcp.analysis.lost_segment || tcp.analysis.ack_lost_segment'), []);
  }
});

test('what looks like a fast retransmission was sent before the timer ran out', (t) => {
  const { pcap, events } = run(t, scenario('bulk_lossy'), '--quiet');
  const again = events.filter(({ kind, retransmission }) => kind === 'tcp_segment_sent' && retransmission);
  const ruleOf = new Map(again.map(({ frame, rule }) => [frame, rule]));
  const seen = fields(pcap, ['frame.comment'], 'tcp.analysis.fast_retransmission && tcp.len > 0');
  assert.ok(seen.length > 5);
  for (const packet of seen) {
    const frame = Number(packet['frame.comment'].match(/^frame (\d+)/)[1]);
    assert.ok(ruleOf.has(frame), `frame ${frame} is a retransmission to us, too`);
    assert.doesNotMatch(ruleOf.get(frame), /^TCP_RETRANSMIT_/);
  }
});

test('a real file goes through TCP on a bad link: the same SHA-256', (t) => {
  const file = scratch(t);
  const bytes = Buffer.alloc(1 << 20);
  for (let i = 0, x = 1; i < bytes.length; i++) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0;
    bytes[i] = x >>> 16;
  }
  const lossy = {
    nodes: [
      { name: 'client', address: '10.0.0.1/24', apps: [{ app: 'sender', to: 'server:80', base64: bytes.toString('base64'), close: true }] },
      { name: 'server', address: '10.0.0.2/24', apps: [{ app: 'receiver', port: 80, close: true }] },
    ],
    links: [{ between: ['client', 'server'], delay_ms: 10, rate_bit_per_s: 1e7, loss: 0.05, duplicate: 0.05, reorder: 0.05, reorder_ms: 4 }],
  };
  writeFileSync(file('lossy.json'), JSON.stringify(lossy));
  // The server's own capture: what it received, duplicates and disorder included.
  const { pcap, status } = run(t, file('lossy.json'), '--quiet', '--pcap-at', 'server:0');
  assert.equal(status, 0);
  assert.ok(packets(pcap, 'tcp.analysis.retransmission || tcp.analysis.out_of_order').length > 20, 'the link was bad');
  const followed = tshark('-r', pcap, '-q', '-z', 'follow,tcp,raw,0');
  const hex = followed.split('\n').filter((line) => /^[0-9a-f]+$/.test(line)).join('');
  assert.equal(sha256(Buffer.from(hex, 'hex')), sha256(bytes));
});

test('over UDP what is missing is counted', (t) => {
  const { stdout, pcap, events } = run(t, scenario('udp_lossy'), '--quiet', '--summary');
  const [, sent] = stdout.match(/client sender \d+: sent (\d+) bytes/);
  const [, received, messages] = stdout.match(/server receiver \d+: .*received (\d+) bytes in (\d+) messages/);
  assert.equal(Number(sent), 1 << 20);
  assert.equal(Number(received), Number(messages) * 1024);
  const lost = events.filter(({ kind, link, direction }) => kind === 'frame_lost' && link === 0 && direction === 0).length;
  const copies = events.filter(({ kind, direction }) => kind === 'frame_duplicated' && direction === 0).length;
  const onWire = packets(pcap, 'udp').length;
  assert.ok(lost > 20);
  assert.equal(Number(messages), onWire + copies - lost);
});
