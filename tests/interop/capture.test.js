/**
 * A capture of two Linux kernels that talk over a bad cable, in namespaces of the test's own: our analysis finds in it what
 * Wireshark finds. Neither end and none of the bytes are ours.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { analyse, compare, compareRepeats } from '../support/verdicts.js';

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const [NEAR, FAR] = [`tcplab-near-${process.pid}`, `tcplab-far-${process.pid}`];
const [CLIENT, SERVER] = ['10.78.0.1', '10.78.0.2'];
const BYTES = 400_000;

const folder = mkdtempSync(join(tmpdir(), 'tcplab-'));
const pcap = join(folder, 'kernels.pcap');
const ip = (...args) => execFileSync('ip', args, { encoding: 'utf8' });

/** A child inside a namespace whose lines can be waited for. */
class Child {
  constructor(namespace, ...command) {
    this.process = spawn('ip', ['netns', 'exec', namespace, ...command], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.text = '';
    this.over = new Promise((done) => this.process.once('exit', done));
    this.process.stdout.on('data', (data) => (this.text += data));
  }

  /** @param {string | RegExp} line */
  says(line) {
    return new Promise((done, failed) => {
      const look = () => this.text.match(line) && done(this.text);
      this.process.stdout.on('data', look);
      this.over.then((code) => failed(new Error(`it ended with ${code} and said ${JSON.stringify(this.text)}`)));
      look();
    });
  }

  async end() {
    this.process.kill();
    await this.over;
  }
}

/** @type {Child[]} */
const children = [];
const start = (...args) => {
  const child = new Child(...args);
  children.push(child);
  return child;
};

before(async () => {
  for (const name of [NEAR, FAR]) ip('netns', 'add', name);
  const relay = start(NEAR, 'python3', file('relay.py'), 'near0', 'far0', FAR, pcap);
  await relay.says('ready');
  for (const [name, device, address] of [
    [NEAR, 'near0', CLIENT],
    [FAR, 'far0', SERVER],
  ]) {
    ip('-n', name, 'addr', 'add', `${address}/24`, 'dev', device);
    ip('-n', name, 'link', 'set', device, 'up');
  }
  const server = start(FAR, 'python3', file('peer.py'), 'serve', '80');
  await server.says('listening');
  const client = start(NEAR, 'python3', file('peer.py'), 'send', SERVER, '80', String(BYTES));
  await relay.says('zero window');
  server.process.stdin.write('read\n');
  await server.says(`${BYTES}\n`);
  await client.says('0\n');
  await client.over;
});

after(async () => {
  for (const child of children) await child.end();
  for (const name of [NEAR, FAR]) ip('netns', 'del', name);
  rmSync(folder, { recursive: true });
});

test('each segment gets the verdict that Wireshark gives it', () => {
  const found = compare(pcap);
  compareRepeats(pcap, found);
  const again = ['RETRANSMISSION', 'FAST_RETRANSMISSION', 'SPURIOUS_RETRANSMISSION'].flatMap((name) => found[name] ?? []);
  assert.ok(again.length >= 7, 'what the cable lost went again');
  assert.ok(found.DUP_ACK.length > 0);
  assert.ok(found.ZERO_WINDOW.length > 0, 'the server did not read');
});

test('the connection is known from its first segment to its last', () => {
  const { stdout } = analyse(pcap);
  assert.match(stdout, /opening COMPLETE, closing CLOSED/);
  assert.match(stdout, new RegExp(`${CLIENT.replaceAll('.', '\\.')}:\\d+.*${SERVER.replaceAll('.', '\\.')}:80`));
});
