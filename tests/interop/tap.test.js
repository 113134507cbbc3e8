/**
 * Our host at one end of a TAP device, the Linux kernel at the other, in a network namespace of the test's own.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const TCPLAB = fileURLToPath(new URL('../../build/native/tcplab', import.meta.url));
const CLIENT = fileURLToPath(new URL('client.js', import.meta.url));
const FAST_OPEN = fileURLToPath(new URL('fast_open.py', import.meta.url));
const NAMESPACE = `tcplab-${process.pid}`;
const [KERNEL, OURS] = ['10.77.0.1', '10.77.0.2'];
const MIB = 1 << 20;

let ours;

const ip = (...args) => execFileSync('ip', args, { encoding: 'utf8' });
const inside = (...command) => ['netns', 'exec', NAMESPACE, ...command];

/** What one command inside the namespace prints. */
function output(...command) {
  return execFileSync('ip', inside(...command), { encoding: 'utf8', timeout: 60_000 });
}

function client(what, port, count) {
  return JSON.parse(output(process.execPath, CLIENT, what, OURS, String(port), String(count)));
}

/** One of the kernel's counters. */
const counter = (name) => Number(output('nstat', '-asz', name).match(/^Tcp\S+\s+(\d+)/m)[1]);

/** What the kernel tells of a connection to us over which 1 MiB was echoed. */
async function socketInfo() {
  const holder = spawn('ip', inside(process.execPath, CLIENT, 'hold', OURS, '7', String(MIB)), { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((done) => holder.once('exit', done));
  assert.deepEqual(JSON.parse(await firstLine(holder)), { received: MIB });
  const seen = output('ss', '-tinoH', 'dst', OURS);
  holder.stdin.end();
  await ended;
  return seen;
}

/** Resolves with the first line that a child prints. */
function firstLine(child) {
  return new Promise((done, failed) => {
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
      if (text.includes('\n')) done(text.split('\n')[0]);
    });
    child.on('exit', (code) => failed(new Error(`it ended with ${code}`)));
  });
}

before(async () => {
  ip('netns', 'add', NAMESPACE);
  ip('-n', NAMESPACE, 'link', 'set', 'lo', 'up');
  ip('-n', NAMESPACE, 'tuntap', 'add', 'dev', 'tap0', 'mode', 'tap');
  ip('-n', NAMESPACE, 'addr', 'add', `${KERNEL}/24`, 'dev', 'tap0');
  ip('-n', NAMESPACE, 'link', 'set', 'tap0', 'up');
  const servers = ['--app', 'echo:7', '--app', 'receiver:80', '--app', 'echo-udp:7'];
  ours = spawn('ip', inside(TCPLAB, 'tap', '--device', 'tap0', '--address', `${OURS}/24`, '--seed', '1', '--fast-open', '8', ...servers), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.equal(await firstLine(ours), 'ready');
});

after(async () => {
  if (ours) {
    const ended = new Promise((done) => ours.once('exit', done));
    ours.kill();
    await ended;
  }
  ip('netns', 'del', NAMESPACE);
});

test('the kernel pings us', () => {
  assert.match(output('ping', '-c', '3', '-i', '0.2', '-W', '5', OURS), / 3 received/);
});

test('8 MiB go to us and come back as they were, with a half-close on the way', () => {
  assert.deepEqual(client('echo', 7, 8 * MIB), { equal: true, bytes: 8 * MIB });
});

test('one byte, and none', () => {
  assert.deepEqual(client('echo', 7, 1), { equal: true, bytes: 1 });
  assert.deepEqual(client('echo', 7, 0), { equal: true, bytes: 0 });
});

test('a hundred connections at once', () => {
  assert.deepEqual(client('many', 7, 100), { equal: 100 });
});

test('a port where nobody listens refuses', () => {
  assert.deepEqual(client('refused', 9, 0), { error: 'ECONNREFUSED' });
});

test('a datagram comes back', () => {
  assert.deepEqual(client('udp', 7, 1400), { equal: true });
});

test('the kernel has agreed on window scale and timestamps with us', async () => {
  const seen = await socketInfo();
  assert.match(seen, /wscale:7,/);
  assert.match(seen, /mss:1448/); // 1460 without the twelve bytes of timestamps
});

test('the kernel asks for ECN, and gets it, and ECN-capable packets of ours', async () => {
  output('sysctl', '-qw', 'net.ipv4.tcp_ecn=1');
  try {
    assert.match(await socketInfo(), / ecn ecnseen /);
  } finally {
    output('sysctl', '-qw', 'net.ipv4.tcp_ecn=2');
  }
});

test('the kernel gets a Fast Open cookie of ours, shows it, and its text in the SYN is answered', () => {
  output('sysctl', '-qw', 'net.ipv4.tcp_fastopen=1');
  const open = () => JSON.parse(output('python3', FAST_OPEN, OURS, '7'));
  assert.deepEqual(open(), { equal: true, syn_data: false }); // asks
  assert.equal(counter('TcpExtTCPFastOpenActive'), 0);
  assert.deepEqual(open(), { equal: true, syn_data: true });
  assert.equal(counter('TcpExtTCPFastOpenActive'), 1); // "SYN data was acknowledged"
});
