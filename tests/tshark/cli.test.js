/**
 * The command line: what it prints, what it refuses, how it ends.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import test from 'node:test';

import { SCENARIOS, scenario, scratch, tcplab } from './cli.js';

test('help and version', () => {
  assert.match(tcplab(['--version']).stdout, /^tcplab \d+\.\d+\.\d+\n$/);
  const help = tcplab(['--help']);
  assert.equal(help.status, 0);
  for (const word of ['run SCENARIO', 'check FILE', 'COMMAND --help', 'Exit codes']) assert.ok(help.stdout.includes(word), word);
  assert.equal(tcplab([]).status, 2);
  const unknown = tcplab(['fly']);
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /there is no command "fly"/);
});

test('every example scenario is good', () => {
  const files = readdirSync(SCENARIOS).map((name) => `${SCENARIOS}/${name}`);
  const { status, stdout } = tcplab(['check', ...files]);
  assert.equal(status, 0, stdout);
  assert.equal(stdout.split('\n').filter((line) => line.endsWith(': good')).length, files.length);
});

test('check ends with 2 and names each fault by its path', () => {
  const bad = '{"nodes": [{"name": "a"}], "links": [{"between": ["a", "b"], "delay_ms": "fast"}]}';
  const { status, stdout } = tcplab(['check', '-'], bad);
  assert.equal(status, 2);
  assert.deepEqual(stdout.trimEnd().split('\n'), [
    '-: links[0].delay_ms: expected a number >= 0, got "fast"',
    '-: links[0].between[1]: expected the name of a node, got "b"',
  ]);
  assert.equal(tcplab(['check', 'no/such/file.json']).status, 1);
  assert.equal(tcplab(['check']).status, 2);
});

test('the ladder tells frames, states and rules in order', () => {
  const { status, stdout } = tcplab(['run', scenario('handshake')]);
  assert.equal(status, 0);
  const order = [
    'ARP who has 10.0.0.2',
    '[SYN] seq 0',
    'LISTEN -> SYN_RCVD',
    '[SYN,ACK] seq 0 ack 1',
    'SYN_SENT -> ESTABLISHED',
    'len 14',
    'FIN_WAIT_2 -> TIME_WAIT',
    'TIME_WAIT -> CLOSED',
  ];
  let from = 0;
  for (const part of order) {
    const at = stdout.indexOf(part, from);
    assert.ok(at >= 0, `${part} comes after what is before it in:\n${stdout}`);
    from = at;
  }
  assert.match(stdout, /\[SYN\] .*\| RFC 9293 3\.10\.1/);
});

test('--until, --seed and --state', () => {
  const short = tcplab(['run', scenario('handshake'), '--until', '70', '--state', '--quiet']);
  const state = JSON.parse(short.stdout);
  assert.equal(state.now_us, 70000);
  assert.equal(state.nodes[0].sockets[0].tcp.state, 'SYN_SENT');
  assert.equal(state.nodes[1].apps[0].app, 'receiver');
  const lines = (seed) => tcplab(['run', scenario('bulk_lossy'), '--seed', seed, '--until', '1000']).stdout;
  assert.equal(lines('5'), lines('5'));
  assert.notEqual(lines('5'), lines('6'));
});

test('--actions does what people did, at their times', (t) => {
  const file = scratch(t);
  const actions = [
    { at_us: 0, command: { do: 'socket', node: 'client', type: 'udp' } },
    { at_us: 5000, command: { do: 'sendto', node: 'client', socket: 1, to: 'server:9', text: 'hello' } },
  ];
  writeFileSync(file('actions.json'), JSON.stringify(actions));
  writeFileSync(file('s.json'), readFileSync(scenario('refused'), 'utf8').replace(/"apps": \[[^]*?\],?\s*\}/, '"tcp": {} }'));
  const good = tcplab(['run', file('s.json'), '--actions', file('actions.json'), '--trace', file('t.jsonl')]);
  assert.equal(good.status, 0, good.stderr);
  assert.match(good.stdout, /0\.005000 {2}client > server +ARP/);
  const events = readFileSync(file('t.jsonl'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(events.filter(({ kind }) => kind === 'action').map(({ t_us }) => t_us), [0, 5000]);
  events.forEach((event, index) => assert.equal(event.id, index + 1));
  writeFileSync(file('actions.json'), JSON.stringify([{ at_us: 0, command: { do: 'drop', frame: 7 } }]));
  const failed = tcplab(['run', file('s.json'), '--actions', file('actions.json'), '--quiet']);
  assert.equal(failed.status, 3);
  assert.match(failed.stderr, /drop: no such thing/);
});

test('bad options are sentences', () => {
  for (const args of [['run'], ['run', '--seed'], ['run', scenario('ping'), '--seed', 'x'], ['run', scenario('ping'), '--fast', '1']]) {
    const { status, stderr } = tcplab(args);
    assert.equal(status, 2, args.join(' '));
    assert.match(stderr, /^tcplab: .+\.\n$/);
  }
});
