/** Runs to begin with: each shows, on the stack, what its sentence says; and runs that a person keeps. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Lab, loadModule } from '../../wasm/engine.js';
import { LabModule } from '../../wasm/module.js';
import { readUrl } from '../../wasm/options.js';
import { LANGUAGES, makeBundle } from '../../web/i18n/bundle.js';
import { App } from '../../web/model/app.js';
import { Trace, evaluate, holds } from '../../web/model/lesson-query.js';
import { NAME_MAX, dropRun, keepRuns, readRuns, runsFromFile, runsToFile } from '../../web/model/saved-runs.js';
import { plannedEnd_us } from '../../web/model/scenario.js';
import { Session } from '../../web/model/session.js';
import { TOP } from '../support/from-web.js';

const folder = join(TOP, 'web/presets');
const wasm = await loadModule(readFileSync(join(TOP, 'build/wasm/tcplab.wasm')));
const source = readFileSync(join(folder, 'index.js'), 'utf8');
const listed = [...source.slice(source.indexOf('PRESETS = ['), source.indexOf('];')).matchAll(/'([\w-]+)'/g)].map((match) => match[1]);
const scenarioOf = (/** @type {string} */ name) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));

const SECOND = 1_000_000;
const sent = (/** @type {any} */ more) => ({ kind: 'tcp_segment_sent', ...more });
const some = (/** @type {any} */ pattern) => ({ count: pattern, above: 0 });
const none = (/** @type {any} */ pattern) => ({ count: pattern, is: 0 });
const came = (/** @type {string} */ node, /** @type {string} */ to) => some({ kind: 'tcp_state', node, to });
const again = sent({ retransmission: 1 });
const lost = { kind: 'frame_lost' };
const recv = (/** @type {string} */ node) => ({ kind: 'socket_call', call: 'RECV', node, result: { min: 1 } });

/** What must be so after so many seconds, for the sentence to be true. @type {Record<string, {s?: number, so: any[]}>} */
const SHOWN = {
  'quiet-lan': { so: [none(again), none(lost), { sum: 'result', of: recv('server'), is: 20_000 }] },
  'web-request': { so: [{ count: sent({ node: 'client', segment: 'data' }), is: 1 }, { count: recv('client'), is: 1 }, came('server', 'FIN_WAIT_1'), came('client', 'LAST_ACK'), none({ kind: 'tcp_segment_sent', segment: 'rst' })] },
  mail: { so: [{ count: recv('client'), is: 7 }, { count: recv('server'), is: 6 }, came('server', 'TIME_WAIT'), none(sent({ segment: 'rst' }))] },
  'lossy-wifi': { s: 30, so: [some(lost), some(again), some({ kind: 'tcp_sacked' }), { sum: 'result', of: recv('server'), is: 200_000 }] },
  satellite: { so: [none(lost), { smallest: 'rtt_us', of: { kind: 'tcp_rtt_sample' }, above: 500_000 }] },
  'slow-modem': { so: [{ largest: 'queue_frames', of: { kind: 'frame_queued' }, above: 2 }, { sum: 'result', of: recv('server'), is: 12_000 }] },
  'narrow-path': { so: [some({ kind: 'icmp_received', node: 'client' }), { largest: 'payload_bytes', of: sent({ node: 'client', retransmission: 1 }), below: 600 }, { sum: 'result', of: recv('server'), is: 12_000 }] },
  'simultaneous-open': { so: [came('client', 'SYN_RCVD'), came('server', 'SYN_RCVD'), came('client', 'ESTABLISHED'), none({ kind: 'tcp_state', to: 'LISTEN' })] },
  'crossing-fins': { so: [came('client', 'CLOSING'), came('server', 'CLOSING'), came('client', 'TIME_WAIT'), came('server', 'TIME_WAIT')] },
  'half-close': { so: [{ count: recv('client'), is: 3 }, came('client', 'FIN_WAIT_2'), came('client', 'TIME_WAIT'), none(sent({ segment: 'rst' }))] },
  switch: { so: [{ count: { kind: 'ping_reply' }, is: 5 }, { count: { kind: 'switch_flooded', reason: 'BROADCAST' }, is: 1 }, { count: { kind: 'switch_flooded', reason: 'UNKNOWN' }, is: 1 }, { count: { kind: 'switch_forgot', reason: 'PORT_DOWN' }, is: 1 }, { count: { kind: 'switch_learned' }, is: 3 }, { count: { kind: 'switch_forwarded' }, is: 10 }, { count: { kind: 'frame_delivered', node: 'camera' }, is: 2 }] },
  refused: { so: [some(sent({ node: 'server', segment: 'rst' })), some({ kind: 'icmp_received', node: 'client' })] },
  silence: { s: 40, so: [{ count: sent({ node: 'client', segment: 'syn' }), is: 5 }, { between_ms: [sent({ retransmission: 0 }), sent({ retransmission: 1 })], is: 1000 }, { state: 'client', is: 'CLOSED' }] },
  unplugged: { s: 605, so: [{ state: 'client', is: 'ESTABLISHED' }, { state: 'server', is: 'ESTABLISHED' }, { count: recv('server'), is: 1 }] },
  'tiny-window': { s: 15, so: [some(sent({ node: 'server', window_bytes: 0 })), some({ kind: 'tcp_timer_fired', timer: 'PERSIST' }), { sum: 'result', of: recv('server'), is: 20_000 }] },
  'long-queue': { so: [none(lost), { largest: 'rtt_us', of: { kind: 'ping_reply' }, above: { divide: [{ smallest: 'rtt_us', of: { kind: 'ping_reply' } }, 0.2] } }] },
  'reno-and-cubic': { so: [some(lost), { distinct: 'src_port', of: sent({ node: 'client', segment: 'data' }), is: 2 }, { distinct: 'cwnd_bytes', of: { kind: 'tcp_congestion' }, above: 20 }] },
  'udp-against-tcp': { so: [some(again), { count: { kind: 'udp_sent' }, is: 600 }, { sum: 'result', of: recv('server'), is: 400_000 }] },
  ecn: { so: [none(lost), none(again), some({ kind: 'frame_marked' })] },
  'bad-memory': { s: 30, so: [some({ kind: 'frame_corrupted' }), some({ kind: 'checksum_checked', protocol: 'tcp', good: 0 }), { sum: 'result', of: recv('server'), is: 60_000 }] },
  'syn-flood': { s: 5, so: [{ count: sent({ node: 'client', segment: 'syn' }), above: 1 }, { state: 'client', is: 'SYN_SENT' }] },
  'syn-cookies': { s: 5, so: [{ state: 'client', is: 'ESTABLISHED' }, { count: { kind: 'tcp_state', node: 'server', to: 'SYN_RCVD' }, above: 1 }] },
};

test('each document is listed, with its words in each language, and shown by two hosts', () => {
  const there = readdirSync(folder).flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -5)] : []));
  assert.deepEqual([...listed].sort(), there.sort());
  assert.deepEqual([...listed].sort(), Object.keys(SHOWN).sort());
  assert.ok(listed.length >= 12);
  for (const language of LANGUAGES) {
    const bundle = makeBundle(language, [readFileSync(join(TOP, `web/i18n/${language}-runs.ftl`), 'utf8')]);
    for (const name of listed) for (const id of [`preset-${name}`, `preset-${name}-about`]) assert.ok(bundle.hasMessage(id), `${language}: ${id}`);
  }
  for (const name of listed) assert.deepEqual(scenarioOf(name).nodes.slice(0, 2).map((/** @type {any} */ node) => node.name), ['client', 'server']);
});

for (const name of listed) {
  test(`${name}: the run is what its sentence says`, async () => {
    const lab = await Lab.create({ wasm, scenario: scenarioOf(name) });
    const { s = 10, so } = SHOWN[name];
    lab.runUntil(s * SECOND);
    const trace = new Trace(lab);
    const all = { from: 0, to: trace.last };
    for (const statement of so) {
      const { above, below, is, ...value } = statement;
      assert.ok(holds(trace, statement, all), `${JSON.stringify(statement)}: it is ${evaluate(trace, value, all)}, not ${JSON.stringify({ above, below, is })}`);
    }
  });
}

test('pressing play shows all that is planned, and then comes to rest', async () => {
  for (const name of ['syn-flood', 'unplugged', 'crossing-fins']) {
    const scenario = scenarioOf(name);
    const app = new App(new Session(await Lab.create({ wasm, scenario })));
    const { timeline } = app;
    timeline.script_end_us = plannedEnd_us(scenario);
    timeline.speed = 1;
    app.play();
    for (let i = 0; timeline.playing; i++) {
      assert.ok(i < 20_000, `${name}: it comes to rest`);
      app.tick(50);
    }
    const last = Math.max(...scenario.actions.map((/** @type {any} */ { at_ms }) => at_ms)) * 1000;
    assert.ok(timeline.cursor.t_us >= last, `${name}: ${timeline.cursor.t_us}`);
    assert.equal(timeline.isBusy, false);
  }
});

test('what is planned ends with the last action, program, or thing done', () => {
  assert.equal(plannedEnd_us({}), 0);
  assert.equal(plannedEnd_us({ actions: [{ at_ms: 5 }, { when: {} }], nodes: [{ apps: [{ start_ms: 7 }] }, {}] }), 7000);
  assert.equal(plannedEnd_us({ actions: [{ at_ms: 5 }] }, [{ at_us: 9000 }]), 9000);
});

/** A storage as browsers have it. */
function storage() {
  const kept = new Map();
  return /** @type {any} */ ({
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
  });
}

/** @param {string} run @returns {string} */
function check(run) {
  try {
    readUrl(new LabModule(wasm), run);
    return '';
  } catch (error) {
    return String(error);
  }
}

test('what was done in a run is kept with it, and done again when it is opened', async () => {
  const lab = await Lab.create({ wasm, scenario: scenarioOf('quiet-lan') });
  lab.runUntil(SECOND);
  lab.host('client').ping('10.0.0.2', 2);
  lab.runUntil(5 * SECOND);
  const store = storage();
  assert.equal(keepRuns(store, [{ name: 'mine', run: lab.url() }]), true);
  const [kept] = readRuns(store);
  const again_lab = await Lab.create({ wasm, ...readUrl(new LabModule(wasm), kept.run) });
  again_lab.runUntil(5 * SECOND);
  assert.equal(again_lab.hash(), lab.hash());
});

test('runs are named, replaced, deleted, saved as a file and taken from one', () => {
  const store = storage();
  const run = (/** @type {string} */ name) => ({ name, run: 'tcplab:1:x' });
  keepRuns(store, [run('a'), run('b')]);
  keepRuns(store, [{ name: 'a', run: 'tcplab:1:y' }]);
  assert.deepEqual(readRuns(store), [run('b'), { name: 'a', run: 'tcplab:1:y' }]);
  const file = runsToFile(readRuns(store));
  dropRun(store, 'b');
  assert.deepEqual(readRuns(store).map(({ name }) => name), ['a']);
  assert.deepEqual(runsFromFile(file, () => '').runs.map(({ name }) => name), ['b', 'a']);
  const full = { ...storage(), setItem: () => { throw new Error('full'); } };
  assert.equal(keepRuns(full, [run('a')]), false);
});

test('a bad file of runs is told by path, and nothing of it is taken', async () => {
  const lab = await Lab.create({ wasm, scenario: scenarioOf('quiet-lan') });
  const good = { name: 'good', run: lab.url() };
  const faults = (/** @type {any} */ file) => {
    const found = runsFromFile(typeof file === 'string' ? file : JSON.stringify(file), check);
    assert.equal(found.faults.length > 0, found.runs.length === 0);
    return found.faults.map(({ path, id }) => `${path} ${id}`);
  };
  assert.deepEqual(faults({ tcplab_runs: 1, runs: [good] }), []);
  assert.deepEqual(faults({ tcplab_runs: 1, runs: [good, { name: 'x'.repeat(NAME_MAX + 1), run: good.run }, { name: 'damaged', run: good.run.slice(0, -9) }, 5] }), [
    'runs[1].name runs-fault-name',
    'runs[2].run runs-fault-run',
    'runs[3].name runs-fault-name',
  ]);
  assert.deepEqual(faults('['), [' runs-fault-json']);
  assert.deepEqual(faults({}), [' runs-fault-kind']);
  assert.deepEqual(faults({ tcplab_runs: 9 }), ['tcplab_runs runs-fault-version']);
  assert.deepEqual(faults({ tcplab_runs: 1, runs: {} }), ['runs runs-fault-list']);
  const store = storage();
  store.setItem('tcplab-runs', '[5, {"name": "x"}]');
  assert.deepEqual(readRuns(store), []);
});
