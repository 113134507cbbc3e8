/** The same scenario, run by the native program and by the module, gives the same events and the same frames. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';

import { logToJson } from '../../wasm/run.js';
import { FIRST_SCENARIO } from '../../web/model/scenario.js';
import { lessonNames, readLesson, take } from '../lessons/support.js';
import { at, makeLab, noise, sha256, twoHosts } from './support.js';

/** Every scenario in the tree, but those of lessons, which are taken below. */
const FOLDERS = ['tests/lab/scenarios', 'web/presets', 'tests/fuzz/corpus/scenario'];
const UNTIL_MS = 120_000;
const SOME_ACTION_FAILED = 3;
/** INT64_MAX, "never", as JSON.parse() reads it. */
const NEVER = 2 ** 63;

const folder = mkdtempSync(join(tmpdir(), 'tcplab-'));
after(() => rmSync(folder, { recursive: true }));

/**
 * What the native program makes of a scenario.
 * @param {object} scenario
 * @param {number} until_ms
 * @param {object[]} [actions]
 */
function runNative(scenario, until_ms, actions) {
  const file = (name) => join(folder, name);
  writeFileSync(file('scenario.json'), JSON.stringify(scenario));
  const args = ['run', file('scenario.json'), '--quiet', '--until', String(until_ms)];
  args.push('--trace', file('trace.jsonl'), '--pcap', file('frames.pcapng'));
  if (actions) {
    writeFileSync(file('actions.json'), JSON.stringify(actions));
    args.push('--actions', file('actions.json'));
  }
  const { status, stderr } = spawnSync(at('build/native/tcplab'), args, { encoding: 'utf8' });
  assert.ok(status === 0 || (actions && status === SOME_ACTION_FAILED), `exit code ${status}: ${stderr}`);
  const lines = readFileSync(file('trace.jsonl'), 'utf8').trimEnd().split('\n');
  return { lines, pcapng: readFileSync(file('frames.pcapng')) };
}

/**
 * The engine's event, said as the native program says it: numbers as they are in the record.
 * @param {Record<string, any>} event
 * @param {Record<string, any>} native only its keys are used
 */
function asNative(event, native) {
  const value = (key) => {
    if (key === 'layer' || key.startsWith('unused')) return native[key];
    if (key === 'node') return event.node ?? 255;
    const number = event[`${key}_code`] ?? event[key];
    return number === null ? NEVER : number;
  };
  return JSON.stringify(Object.fromEntries(Object.keys(native).map((key) => [key, value(key)])));
}

/**
 * @param {import('../../wasm/engine.js').Lab} lab
 * @param {{lines: string[], pcapng: Buffer}} native
 */
function compare(lab, { lines, pcapng }) {
  const events = lab.events();
  const theirs = lines.map((line) => JSON.parse(line));
  const ours = theirs.map((each, index) => (events[index] ? asNative(events[index], each) : 'nothing'));
  const different = theirs.findIndex((each, index) => JSON.stringify(each) !== ours[index]);
  assert.equal(different, -1, `event ${different + 1}:\nnative ${lines[different]}\nwasm   ${ours[different]}`);
  assert.equal(events.length, lines.length);
  assert.equal(sha256(ours.join('\n')), sha256(theirs.map((each) => JSON.stringify(each)).join('\n')));
  assert.equal(sha256(lab.pcapng()), sha256(pcapng));
}

/** @type {[string, Record<string, any>][]} */
const scenarios = [
  ...FOLDERS.flatMap((path) =>
    readdirSync(at(path))
      .filter((name) => name.endsWith('.json'))
      .map((name) => /** @type {[string, any]} */ ([`${path}/${name}`, JSON.parse(readFileSync(join(at(path), name), 'utf8'))])),
  ),
  ["the page's first", FIRST_SCENARIO],
  ["the template's", JSON.parse(readFileSync(at('web/lessons/template/lesson.json'), 'utf8')).scenario],
];

test('there are scenarios to compare', () => {
  for (const path of FOLDERS) assert.ok(scenarios.filter(([name]) => name.startsWith(path)).length >= 5, path);
});

for (const [name, scenario] of scenarios) {
  test(`${name}: native and WebAssembly agree`, async () => {
    const until_ms = Math.min(scenario.end_ms ?? UNTIL_MS, UNTIL_MS);
    const lab = await makeLab(scenario, { memory_mib: 128 });
    lab.runUntil(until_ms * 1000);
    assert.ok(lab.lastEvent > 0);
    assert.equal(lab.lostEvents, 0);
    compare(lab, runNative(scenario, until_ms));
  });
}

for (const name of lessonNames) {
  test(`lesson ${name}: native and WebAssembly agree on all of it`, async () => {
    const run = await take(readLesson(name), { answer: ({ verdict }) => verdict?.right ?? '', task: (each) => each.showHow() });
    const { lab } = run.stage;
    assert.equal(lab.lostEvents, 0);
    compare(lab, runNative(lab.scenario, lab.now_us / 1000, logToJson(lab.actions)));
  });
}

test('a log of actions made here is repeated by the native program', async () => {
  const scenario = twoHosts({ loss: 0.1, jitter_ms: 3 });
  const lab = await makeLab(scenario);
  const listener = lab.host('server').socket();
  listener.bind(80);
  listener.listen();
  const client = lab.host('client').socket();
  client.connect('10.0.0.2:80');
  for (let i = 0; i < 20; i++) {
    try {
      client.send(`message ${i}\n`);
    } catch (error) {
      assert.equal(error.code, 'EALREADY'); // the one before is still being sent; refusing is part of the run, too
    }
    lab.runFor(40_000 + i);
  }
  lab.links[0].set({ loss: 0 });
  lab.runFor(3_000_000);
  listener.accept().recv();
  client.close();
  lab.runUntil(10_000_000);
  compare(lab, runNative(scenario, 10_000, lab.actions));
});

/** A run with everything in it that a person can do to frames, also between two things of one moment. */
async function handmadeRun() {
  const scenario = twoHosts({ jitter_ms: 2, exactly: [{ drop: { match: 'data', from: 'client', nth: 2 } }] }, {
    actions: [{ do: 'ping', node: 'client', to: 'server', count: 1, when: { node: 'server', state: 'ESTABLISHED', after_ms: 3 } }],
  });
  const lab = await makeLab(scenario);
  const listener = lab.host('server').socket();
  listener.bind(80);
  listener.listen();
  const client = lab.host('client').socket();
  client.connect('10.0.0.2:80');
  for (let i = 0; i < 12; i++) lab.runUntil(lab.next_us ?? lab.now_us, { maxEvents: 1 });
  lab.links[0].exactly({ delay: { match: 'ack', nth: [1, 2], by_ms: 15 } });
  lab.runFor(300_000);
  const server = listener.accept();
  client.send(noise(4000));
  for (let i = 0; i < 5; i++) {
    lab.runUntil(lab.next_us ?? lab.now_us, { maxEvents: 1 });
    lab.links[0].set({ delay_ms: 15 + i });
  }
  lab.host('client').forge({ to: '10.0.0.2:80', from: '10.0.0.1:7', flags: 'SYN', seq: 4_000_000_000, options: { mss: 100 } }, noise(9));
  lab.links[0].inject('server', noise(60));
  lab.runFor(1_000_000);
  server.recv(1 << 20);
  lab.host('client').setFaults(['skip_time_wait']);
  client.close();
  lab.host('server').stop(lab.host('server').start({ app: 'echo', port: 7 }));
  lab.runFor(5_000_000);
  return lab;
}

test('forged segments, raw bytes, exact wishes, rules that go and waiting actions are repeated by the native program', async () => {
  const lab = await handmadeRun();
  const kinds = new Set(lab.events().map(({ kind }) => kind));
  for (const kind of ['frame_lost', 'frame_delayed', 'ping_reply', 'action']) assert.ok(kinds.has(kind), kind);
  compare(lab, runNative(lab.scenario, lab.now_us / 1000, logToJson(lab.actions)));
});

test('the native program repeats a run from the page\'s URL', async () => {
  const lab = await handmadeRun();
  const file = join(folder, 'url.pcapng');
  const { status, stderr } = spawnSync(at('build/native/tcplab'), ['replay', `https://example.org/#${lab.url()}`, '--quiet', '--until', String(lab.now_us / 1000), '--pcap', file], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.equal(sha256(readFileSync(file)), sha256(lab.pcapng()));
});

test('another seed is another run', async () => {
  const scenario = twoHosts({ loss: 0.3 }, { actions: [{ at_ms: 0, do: 'ping', node: 'client', to: '10.0.0.2', count: 10 }] });
  const runs = [];
  for (const seed of [1, 2]) {
    const lab = await makeLab(scenario, { seed });
    lab.runUntil(20_000_000);
    compare(lab, runNative({ ...scenario, seed }, 20_000));
    runs.push(sha256(lab.pcapng()));
  }
  assert.notEqual(runs[0], runs[1]);
});
