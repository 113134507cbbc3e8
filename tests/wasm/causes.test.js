/** Why things happened, what became of frames, and in what two futures differ. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { LabModule } from '../../wasm/module.js';
import { at, makeLab, noise, openConnection, wasm } from './support.js';

const kindsOf = (chain) => chain.map(({ event }) => event.kind);
const find = (lab, kind, more = () => true) => lab.events().find((event) => event.kind === kind && more(event));

test('a SYN+ACK leads back to the call, and names its rule and the function that decided', async () => {
  const lab = await makeLab();
  openConnection(lab);
  const { chain, trigger, root } = lab.why(find(lab, 'tcp_segment_sent', ({ flags_text }) => flags_text === 'SYN,ACK').id);
  assert.deepEqual(kindsOf(chain), ['tcp_segment_sent', 'tcp_segment_received', 'frame_delivered', 'frame_sent', 'frame_queued', 'tcp_segment_sent', 'socket_call', 'action']);
  assert.equal(chain[0].rule.name, 'TCP_LISTEN_SYN');
  assert.match(chain[0].rule.document + chain[0].rule.section, /^RFC 9293/);
  assert.ok(chain[0].decided.some((site) => site.file === 'transport/tcp_output.c' && site.function === 'decide_syn'));
  assert.deepEqual([trigger.kind, trigger.event.kind, root.kind, root.event.kind], ['frame', 'frame_delivered', 'user', 'action']);
  const call = lab.why(find(lab, 'socket_call', ({ call: what }) => what === 'CONNECT').id);
  assert.deepEqual([call.trigger.kind, call.root.kind], ['user', 'user']);
  assert.equal(lab.why(99_999), null);
});

test('what a timer did leads back to the timer', async () => {
  const lab = await makeLab();
  const { client } = openConnection(lab);
  lab.links[0].dropNext({ match: 'data' });
  client.send('lost');
  lab.runFor(3_000_000);
  const again = find(lab, 'tcp_segment_sent', ({ retransmission }) => retransmission);
  const { chain, trigger } = lab.why(again.id);
  assert.ok(chain[0].rule.document.startsWith('RFC'));
  assert.equal(trigger.kind, 'timer');
  assert.equal(trigger.event.kind, 'tcp_timer_fired');
});

test('the life of a frame that arrives: built, queued, sent, taken, and what it caused', async () => {
  const lab = await makeLab();
  const { client } = openConnection(lab);
  client.send('hello');
  lab.runFor(500_000);
  const made = find(lab, 'tcp_segment_sent', ({ payload_bytes }) => payload_bytes === 5);
  const life = lab.life(made.frame);
  assert.equal(life.fate, 'arrived');
  assert.equal(life.born, made);
  assert.deepEqual(life.built.map(({ protocol }) => protocol), ['tcp', 'ipv4', 'ethernet']);
  assert.deepEqual([life.queued.kind, life.sent.kind, life.ended.kind, life.reason], ['frame_queued', 'frame_sent', 'frame_delivered', null]);
  assert.deepEqual(life.taken.filter(({ kind }) => kind === 'header_removed').map(({ protocol }) => protocol), ['ethernet', 'ipv4', 'tcp']);
  assert.ok(life.caused.some(({ kind }) => kind === 'socket_ready'));
  assert.ok(life.caused.every(({ frame, node }) => frame !== made.frame && node === 1));
  assert.equal(lab.life(123_456), null);
});

test('the life of frames that do not arrive, or not whole, or twice', async () => {
  const lab = await makeLab();
  const { client } = openConnection(lab);
  lab.links[0].dropNext({ match: 'data' });
  client.send('lost');
  lab.runFor(10_000);
  const lost = lab.life(find(lab, 'tcp_segment_sent', ({ payload_bytes }) => payload_bytes === 4).frame);
  assert.deepEqual([lost.fate, lost.reason, lost.ended, lost.caused], ['on its way', null, null, []]);
  lab.runFor(100_000);
  const gone = lab.life(lost.frame);
  assert.deepEqual([gone.fate, gone.reason, gone.ended.kind], ['lost', 'PERSON', 'frame_lost']);
  lab.runFor(3_000_000);
  client.send('twice');
  const twice = find(lab, 'tcp_segment_sent', ({ payload_bytes }) => payload_bytes === 5);
  lab.command({ do: 'duplicate', frame: twice.frame });
  lab.command({ do: 'corrupt', frame: twice.frame, offset: 60, bit: 2, inside: true });
  lab.runFor(100_000);
  const original = lab.life(twice.frame);
  assert.deepEqual([original.fate, original.reason], ['dropped', 'BAD_CHECKSUM']);
  assert.deepEqual(original.troubles.map(({ kind }) => kind), ['frame_duplicated', 'frame_corrupted']);
  assert.equal(original.copies.length, 1);
  const copy = lab.life(original.copies[0]);
  assert.deepEqual([copy.fate, copy.copy_of], ['arrived', twice.frame]);
});

test('each rule names the one function that decides by it, each kind of event those that emit it, and they are there', () => {
  const module = new LabModule(wasm);
  const { rules, sites } = module.replyJson(module.call('lab_api_layout'));
  assert.deepEqual(Object.keys(sites.rules).sort(), rules.slice(1).map(([name]) => name).sort());
  for (const [name, list] of Object.entries(sites.rules)) assert.equal(list.length, 1, `${name} is decided in ${list}`);
  for (const [name, list] of [...Object.entries(sites.rules), ...Object.entries(sites.kinds)]) {
    for (const site of list) {
      const [file, func] = site.split(' ');
      const source = readFileSync(at(`core/${file}`), 'utf8');
      const begin = source.search(new RegExp(`^[A-Za-z][^;{]*\\b${func}\\([^;{]*\\n?\\{`, 'm'));
      assert.ok(begin >= 0, `${file} has no function ${func}`);
      assert.match(source.slice(begin, source.indexOf('\n}', begin)), new RegExp(`\\b(RULE_|TRACE_)?${name}\\b`), `${func} of ${file} has nothing of ${name}`);
    }
  }
  assert.ok(Object.keys(sites.kinds).length > 30);
});

test('two futures: where they part, and the segments that differ', async () => {
  const lab = await makeLab();
  const { client } = openConnection(lab);
  client.send(noise(3000));
  lab.runFor(1_000_000);
  lab.seek(300_500);
  const frame = find(lab, 'tcp_segment_sent', ({ payload_bytes }) => payload_bytes > 1000).frame;
  lab.command({ do: 'drop', frame });
  lab.runFor(200_000);
  const before = { hash: lab.hash(), branches: lab.branches, last: lab.lastEvent };
  const found = lab.compare(0, 1);
  assert.equal(found.t_us, 1_300_000);
  assert.equal(found.divergence.t_us, 300_500);
  assert.deepEqual([found.divergence.b.kind, found.divergence.b.action], ['action', 'drop']);
  assert.equal(found.divergence.event, lab.branches[1].fork.event + 1);
  assert.ok(found.segments.length > 0);
  const again = found.segments.find(({ kind, b }) => kind === 'only_b' && b.made.retransmission);
  assert.ok(again, 'what was sent again is in b alone');
  assert.equal(again.a, null);
  for (const { a, b } of found.segments) for (const side of [a, b]) if (side) assert.equal(side.made.frame, side.frame);
  assert.equal(Object.values(found.counts).reduce((sum, count) => sum + count), found.segments.length);
  assert.equal(lab.hash(), before.hash, 'we are where we were');
  assert.equal(lab.lastEvent, before.last);
  assert.equal(lab.compare(0, 1, { max: 1 }).segments.length, 1);
  assert.equal(lab.compare(0, 1, { t_us: 300_000 }).divergence, null);
  assert.throws(() => lab.compare(0, 0), { code: 'EINVAL' });
  assert.throws(() => lab.compare(0, 7), { code: 'ENOENT', message: /no branch 7/ });
});
