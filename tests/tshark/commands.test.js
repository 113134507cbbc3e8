/**
 * The commands of tcplab that take runs apart: replay, url, diff, seek, describe, dissect; the drawing; help, man page
 * and completion, which come from one list.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'node:test';

import { TOP } from '../support/from-web.js';
import { TCPLAB, fields, packets, run, scenario, scratch, tcplab } from './cli.js';

const COMMANDS = ['run', 'replay', 'check', 'describe', 'seek', 'diff', 'dissect', 'url', 'schema', 'tap', 'completion', 'manual'];
const HANDSHAKE = JSON.parse(readFileSync(scenario('handshake'), 'utf8'));
const LOG = [
  { at_us: 5000, command: { do: 'socket', node: 'client', type: 'udp' } },
  { at_us: 5000, step: 6, command: { do: 'sendto', node: 'client', socket: 2, to: 'server:9', blob: true }, blob: 'aGVsbG8=' },
];

/** Options that a command's help lists. */
const optionsOf = (command) => [...tcplab([command, '--help']).stdout.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, name]) => name);

test('each command has help worth the name, the man page and both completions know each option', () => {
  const help = tcplab(['--help']).stdout;
  const page = readFileSync(`${TOP}core/native/tcplab.1`, 'utf8').replaceAll('\\-', '-');
  const bash = tcplab(['completion', 'bash']).stdout;
  const zsh = tcplab(['completion', 'zsh']).stdout;
  for (const command of COMMANDS) {
    assert.match(help, new RegExp(`^  tcplab ${command} `, 'm'));
    assert.equal(tcplab(['help', command]).stdout, tcplab([command, '--help']).stdout);
    assert.ok(page.includes(`.SS tcplab ${command}`), command);
    for (const option of optionsOf(command)) {
      assert.ok(page.includes(`.B ${option}`), `man page: ${command} ${option}`);
      assert.match(bash, new RegExp(`    ${command}\\) options='[^']*${option} `), `bash: ${command} ${option}`);
      assert.ok(zsh.split(`    ${command})`)[1].split(';;')[0].includes(`'${option}[`), `zsh: ${command} ${option}`);
    }
  }
  assert.ok(optionsOf('run').length > 10);
  assert.equal(tcplab(['completion', 'fish']).status, 2);
});

test('completion for bash completes commands, options and nothing after an unknown command', () => {
  const complete = (...words) => {
    const script = `source <(${TCPLAB} completion bash); COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _tcplab; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', script]).toString().split('\n').filter(Boolean);
  };
  assert.deepEqual(complete('tcplab', 'd'), ['describe', 'diff', 'dissect']);
  assert.deepEqual(complete('tcplab', 'run', '--se'), ['--seed']);
  assert.deepEqual(complete('tcplab', 'completion', 'z'), ['zsh']);
  assert.deepEqual(complete('tcplab', 'run', '--color', 'a'), ['auto', 'always']);
});

test('a run in a URL is the run in files, to the byte', (t) => {
  const file = scratch(t);
  writeFileSync(file('log.json'), JSON.stringify(LOG));
  const url = tcplab(['url', scenario('handshake'), '--actions', file('log.json'), '--page', 'https://example.org/lab/']);
  assert.equal(url.status, 0, url.stderr);
  assert.match(url.stdout, /^https:\/\/example\.org\/lab\/#tcplab:1:[\w-]+\n$/);
  writeFileSync(file('url.txt'), url.stdout);
  const decoded = JSON.parse(tcplab(['url', '--decode', url.stdout.trim()]).stdout);
  assert.deepEqual(decoded, { scenario: HANDSHAKE, actions: LOG });
  writeFileSync(file('run.json'), JSON.stringify(decoded));
  const runs = [
    ['run', scenario('handshake'), '--actions', file('log.json')],
    ['run', url.stdout.trim()],
    ['replay', file('url.txt')],
    ['replay', file('run.json')],
    ['replay', file('log.json'), '--scenario', scenario('handshake')],
  ].map((args) => {
    const { status, stderr } = tcplab([...args, '--quiet', '--pcap', file('p.pcapng'), '--trace', file('t.jsonl')]);
    assert.equal(status, 0, `${args.join(' ')}: ${stderr}`);
    return readFileSync(file('p.pcapng'), 'hex') + readFileSync(file('t.jsonl'), 'utf8');
  });
  for (const other of runs) assert.ok(other === runs[0]);
  assert.ok(runs[0].includes('"kind":"action"'));
});

test('a seed of sixteen digits comes through a URL as it is', () => {
  const document = { ...HANDSHAKE, seed: 9007199254740991 };
  const url = tcplab(['url', '-'], JSON.stringify(document)).stdout.trim();
  assert.equal(JSON.parse(tcplab(['url', '--decode', url]).stdout).scenario.seed, 9007199254740991);
  assert.equal(tcplab(['run', url]).stdout, tcplab(['run', '-'], JSON.stringify(document)).stdout);
});

test('a damaged URL, a log without a run and a run without a log are refused', (t) => {
  const file = scratch(t);
  const url = tcplab(['url', scenario('handshake')]).stdout.trim();
  for (const args of [['run', url.slice(0, -3)], ['replay', 'tcplab:7:AAAA'], ['replay', scenario('handshake')], ['check', `${url}x`]]) {
    const { status, stdout, stderr } = tcplab(args);
    assert.equal(status, 2, args.join(' '));
    assert.match(stderr + stdout, /damaged|version|no log of actions/);
  }
  writeFileSync(file('bad.json'), '[{"at_us": 5, "command": {"do": "socket"}}, {"at_us": 1, "command": {}}]');
  assert.match(tcplab(['run', scenario('ping'), '--actions', file('bad.json')]).stderr, /order of their time/);
});

test('check looks into logs, too', (t) => {
  const file = scratch(t);
  const actions = [...LOG, { at_us: 6000, command: { do: 'bnd', node: 'client', socket: 1 } }, { at_us: 7000, command: { do: 'close', node: 'nobody', socket: 1 } }];
  writeFileSync(file('run.json'), JSON.stringify({ scenario: HANDSHAKE, actions }));
  const { status, stdout } = tcplab(['check', file('run.json')]);
  assert.equal(status, 2);
  assert.match(stdout, /log: actions\[2\]\.do: expected a name like "bind"/);
  assert.match(stdout, /log: actions\[3\]\.node: expected the name of a node, got "nobody"/);
  writeFileSync(file('run.json'), JSON.stringify({ scenario: HANDSHAKE, actions: LOG }));
  assert.equal(tcplab(['check', file('run.json')]).status, 0);
});

test('diff finds where two runs part, and ends with 4', (t) => {
  const file = scratch(t);
  const lossy = structuredClone(HANDSHAKE);
  lossy.links[0].exactly = [{ drop: { match: 'data', nth: 1 } }];
  writeFileSync(file('lossy.json'), JSON.stringify(lossy));
  const same = tcplab(['diff', scenario('handshake'), scenario('handshake')]);
  assert.equal(same.status, 0);
  assert.match(same.stdout, /^The runs are alike: \d+ events\.\n$/);
  const { status, stdout } = tcplab(['diff', scenario('handshake'), file('lossy.json')]);
  assert.equal(status, 4);
  assert.match(stdout, /^They part at 0\.\d+ s, event \d+:\nA \{.*\nB \{.*\nFrom there on \d+ frames are alike/);
  assert.match(stdout, /^> .*seq 1 ack 1 .*len 14$/m); // the copy that only the second run has
  const json = JSON.parse(tcplab(['diff', '--json', scenario('handshake'), file('lossy.json')]).stdout);
  assert.ok(json.only_b >= 1 && json.event > 1 && json.segments.length > 0);
  assert.equal(tcplab(['diff', scenario('handshake'), 'nowhere.json']).status, 1);
});

test('seek tells connections, frames on their way, and what is next', () => {
  const { status, stdout } = tcplab(['seek', scenario('handshake'), '--at', '50', '--next', '2']);
  assert.equal(status, 0);
  const [at, ...rest] = stdout.trimEnd().split('\n');
  assert.equal(at, 'at 0.050000 s');
  assert.match(stdout, /client +socket 1 +tcp 10\.0\.0\.1:\d+ > 10\.0\.0\.2:80 {2}SYN_SENT/);
  assert.match(stdout, /wire +frame \d+ to server on its way: TCP .*\[SYN\] seq 0/);
  const next = rest.slice(rest.indexOf('next') + 1);
  assert.equal(next.length, 2);
  assert.match(next[0], /server +LISTEN -> SYN_RCVD/);
});

test('describe is the state at a time; --watch a line for each change', () => {
  const state = JSON.parse(tcplab(['describe', scenario('handshake'), 'client', '--at', '50']).stdout);
  assert.equal(state.sockets[0].tcp.state, 'SYN_SENT');
  const lines = tcplab(['describe', scenario('handshake'), 'client', '--at', '200', '--watch']).stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.ok(lines.length > 3);
  const states = lines.map(({ state: { sockets } }) => sockets[0]?.tcp?.state);
  for (const each of ['SYN_SENT', 'FIN_WAIT_1']) assert.ok(states.includes(each), each);
  lines.reduce((before, { t_us, state: now }) => {
    assert.ok(t_us >= before.t_us && JSON.stringify(now) !== JSON.stringify(before.now));
    return { t_us, now };
  }, { t_us: 0, now: null });
  assert.equal(tcplab(['describe', scenario('handshake'), 'nobody']).status, 2);
});

test('dissect reads our captures, classic pcap and hexadecimal alike', (t) => {
  const { pcap } = run(t, scenario('handshake'), '--quiet');
  const file = scratch(t);
  const ours = tcplab(['dissect', pcap]);
  assert.equal(ours.status, 0, ours.stderr);
  assert.equal(ours.stdout.match(/^frame \d+:/gm).length, packets(pcap, 'frame').length);
  const syn = tcplab(['dissect', pcap, '--frame', '3']).stdout;
  const [{ 'tcp.seq_raw': seq }] = fields(pcap, ['tcp.seq_raw'], 'frame.number==3');
  assert.match(syn, new RegExp(`seq +${seq}`));
  assert.match(syn, /flags +SYN/);
  execFileSync('editcap', ['-F', 'pcap', pcap, file('classic.pcap')]);
  assert.equal(tcplab(['dissect', file('classic.pcap')]).stdout.match(/^frame \d+:/gm).length, packets(pcap, 'frame').length);
  const hex = '45 00 00 1c 00 01 00 00 40 01 66 dd 0a 00 00 01\n0a000002 08:00:f7:ff:00:00:00:00';
  assert.match(tcplab(['dissect', '-', '--raw-ip'], hex).stdout, /src +10\.0\.0\.1[^]*icmp/);
  for (const bad of ['', '0', 'zz', '45 0']) assert.equal(tcplab(['dissect', '-'], bad).status, 2, bad);
  const bytes = readFileSync(pcap);
  for (let len = 1; len < bytes.length; len += 97) {
    writeFileSync(file('cut.pcapng'), bytes.subarray(0, len));
    assert.ok([0, 2].includes(tcplab(['dissect', file('cut.pcapng')]).status), `cut at ${len}`);
  }
});

/** What stands in the columns of a line: Unicode letters count as one. */
const widthOf = (line) => [...line].length;

test('the drawing fits any width, and shows frames and states', () => {
  for (const width of [40, 60, 80, 133, 300]) {
    const { stdout } = tcplab(['run', scenario('handshake'), '--ladder', '--width', String(width)]);
    const lines = stdout.trimEnd().split('\n');
    for (const line of lines) assert.ok(widthOf(line) <= width, `${width}: ${line}`);
    assert.equal(lines.filter((line) => line.includes('▶')).length, 7);
    assert.equal(lines.filter((line) => line.includes('◀')).length, 5);
    assert.ok(stdout.includes('SYN_RCVD'));
  }
  assert.doesNotThrow(() => tcplab(['run', scenario('routed'), '--ladder', '--width', '5', '--until', '200']));
  const env = { ...process.env, COLUMNS: '72' };
  const drawn = spawnSync(TCPLAB, ['run', scenario('handshake'), '--ladder'], { env }).stdout.toString();
  assert.ok(drawn.split('\n').some((line) => widthOf(line) === 72) && drawn.split('\n').every((line) => widthOf(line) <= 72));
});

test('colours only when they are asked for or a terminal wants them', () => {
  const drawn = (env, ...args) => spawnSync(TCPLAB, ['run', scenario('handshake'), '--ladder', ...args], { env: { ...process.env, ...env } }).stdout.toString();
  assert.ok(!drawn({}).includes('\u001b'));
  assert.ok(drawn({ NO_COLOR: '1' }, '--color', 'always').includes('\u001b'));
  assert.ok(!drawn({}, '--color=never').includes('\u001b'));
  assert.equal(tcplab(['run', scenario('ping'), '--color', 'pink']).status, 2);
  const onTerminal = (env) => spawnSync('script', ['-qec', `${TCPLAB} run ${scenario('handshake')} --ladder`, '/dev/null'], { env: { ...process.env, TERM: 'xterm', ...env } }).stdout.toString();
  assert.ok(onTerminal({}).includes('\u001b['));
  assert.ok(!onTerminal({ NO_COLOR: '1' }).includes('\u001b['));
});

test('a pipe that closes early and a full disk do not look like success', () => {
  const piped = spawnSync('bash', ['-c', `set -o pipefail; ${TCPLAB} run ${scenario('bulk_lossy')} | head -n 3`]);
  assert.equal(piped.stdout.toString().split('\n').length, 4);
  assert.equal(piped.stderr.toString(), '');
  const full = spawnSync('bash', ['-c', `${TCPLAB} run ${scenario('handshake')} >/dev/full`]);
  assert.equal(full.status, 1);
  assert.match(full.stderr.toString(), /^tcplab: standard output: /);
});

test('options are found by their beginning, values by "=", and "--" ends them', () => {
  const wrong = tcplab(['run', scenario('ping'), '--sed', '3']);
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /run has no option --sed; did you mean --seed\?/);
  assert.equal(tcplab(['run', '--seed=3', '--', scenario('ping')]).stdout, tcplab(['run', scenario('ping'), '--seed', '3']).stdout);
  assert.equal(tcplab(['run', scenario('ping'), '--quiet=1']).status, 2);
});

test('a run ends when its scenario says it does', () => {
  const document = { ...HANDSHAKE, end_when: { node: 'client', state: 'TIME_WAIT' } };
  const { stdout } = tcplab(['run', '-', '--state', '--quiet'], JSON.stringify(document));
  const { now_us, nodes } = JSON.parse(stdout);
  assert.ok(now_us < 1_000_000, String(now_us));
  assert.equal(nodes[0].sockets.length + nodes[1].sockets.length > 0, true);
});

test('why: what led to an event, with rules and the functions that decided, back to the first cause', () => {
  const why = (what) => tcplab(['run', scenario('handshake'), '--quiet', '--why', what]);
  const lines = tcplab(['run', scenario('handshake'), '--numbers']).stdout.split('\n');
  const answer = lines.find((line) => line.includes('[SYN,ACK]'));
  const sent = Number(answer.match(/^ *(\d+) /)[1]);
  const { status, stdout } = why(String(sent));
  assert.equal(status, 0);
  const events = [...stdout.matchAll(/event (\d+) (\w+)/g)].map(([, id, kind]) => ({ id: Number(id), kind }));
  assert.equal(events[0].id, sent);
  assert.ok(events.every(({ id }, i) => i === 0 || id < events[i - 1].id), 'causes are before what they cause');
  const kinds = events.map(({ kind }) => kind);
  for (const kind of ['tcp_segment_sent', 'tcp_segment_received', 'frame_delivered', 'frame_sent', 'socket_call']) assert.ok(kinds.includes(kind), kind);
  assert.match(stdout, /RFC 9293 3\.10\.7\.2: A SYN that reaches LISTEN/);
  assert.match(stdout, /decided in core\/transport\/tcp_output\.c, decide_syn\(\)\n/);
  assert.equal(stdout.match(/RFC 9293 3\.10\.1:/g).length, 1, 'a rule is told where it was followed');
  const frame = tcplab(['run', scenario('handshake'), '--quiet', '--why', 'frame:2']).stdout;
  assert.match(frame, /The life of frame 2:[^]*header_added[^]*frame_queued[^]*frame_sent[^]*frame_delivered[^]*Why it was made/);
  for (const wrong of ['0', '-1', 'x', 'frame:', '51x', '4294967296']) assert.equal(why(wrong).status, 2, wrong);
  for (const unknown of ['99999', 'frame:99999']) {
    assert.equal(why(unknown).status, 2);
    assert.match(why(unknown).stderr, /--why: there was no such/);
  }
});
