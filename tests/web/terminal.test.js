/** The terminal: what is typed becomes calls of the session, and the stack's tables come back as text. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Lab, loadModule } from '../../wasm/engine.js';
import { App } from '../../web/model/app.js';
import { FIRST_SCENARIO } from '../../web/model/scenario.js';
import { chip } from '../../web/model/select.js';
import { Session } from '../../web/model/session.js';
import { COMMANDS, Terminal, columns, completions } from '../../web/model/terminal.js';
import { TOP } from '../support/from-web.js';

const wasm = await loadModule(readFileSync(join(TOP, 'build/wasm/tcplab.wasm')));

async function start(scenario = /** @type {any} */ (FIRST_SCENARIO)) {
  const create = (/** @type {any[]} */ actions) => Lab.create({ wasm, scenario, actions });
  const app = new App(new Session(await create([])));
  app.copy_run = create;
  const terminal = new Terminal(app);
  /** Types a line and gives what came of it. @param {string} line */
  const type = async (line) => {
    const before = terminal.lines.length;
    await terminal.run(line);
    app.pause();
    return terminal.lines.slice(before + 1).map((each) => each.text ?? each.message?.id);
  };
  /** @param {number} us */
  const run = (us) => app.seek(app.cursor.t_us + us);
  return { app, terminal, type, run };
}

test('connect, send, close: as the buttons do', async () => {
  const { app, type, run } = await start();
  assert.deepEqual(await type('connect'), []);
  run(1);
  assert.equal(chip(app.state, 0), 'SYN_SENT');
  run(300_000);
  await type('send  two words ');
  assert.equal(new TextDecoder().decode(app.session.sent.at(-1)?.bytes), 'two words');
  run(300_000);
  await type('close');
  run(300_000);
  assert.equal(chip(app.state, 0), 'FIN_WAIT_2');
  await type('host server');
  await type('close');
  run(300_000);
  assert.equal(`${chip(app.state, 0)} ${chip(app.state, 1)}`, 'TIME_WAIT CLOSED');
});

test('shutdown ends one direction only', async () => {
  const { app, type, run } = await start();
  await type('connect');
  run(300_000);
  await type('shutdown');
  run(300_000);
  assert.equal(`${chip(app.state, 0)} ${chip(app.state, 1)}`, 'FIN_WAIT_2 CLOSE_WAIT');
  await type('host server');
  await type('send still here');
  run(300_000);
  await type('host client');
  await type('recv');
  assert.equal(new TextDecoder().decode(app.session.received(0)), 'still here');
});

test('ss, ip, timers and tcpdump say what the stack says', async () => {
  const { type, run } = await start();
  await type('connect');
  assert.match((await type('timers')).join(), /s1 +retransmit/);
  run(300_000);
  const ss = await type('ss');
  assert.equal(ss.length, 2);
  assert.match(ss[1] ?? '', /^tcp +ESTABLISHED +0 +0 +10\.0\.0\.1:\d+ +10\.0\.0\.2:80$/);
  assert.deepEqual(await type('ip neigh'), ['10.0.0.2 dev eth0 lladdr 02:00:00:00:00:02 REACHABLE']);
  assert.match((await type('ip')).join('\n'), /inet 10\.0\.0\.1\/24/);
  assert.deepEqual(await type('ip route'), ['10.0.0.0/24 dev eth0']);
  const dump = await type('tcpdump 3');
  assert.deepEqual(
    dump.map((line) => /Flags \[(.+?)\], seq (\d+)(?:, ack (\d+))?/.exec(line ?? '')?.slice(1)),
    [
      ['S', '0', undefined],
      ['S.', '0', '1'],
      ['.', '1', '1'],
    ],
  );
});

test('tcpdump names who truly sends to whom, on which link', async () => {
  const preset = (/** @type {string} */ name) => JSON.parse(readFileSync(join(TOP, `web/presets/${name}.json`), 'utf8'));
  const switched = await start({ ...preset('switch'), actions: [{ at_ms: 0, do: 'ping', node: 'camera', to: 'printer', count: 1 }] });
  switched.run(1_000_000);
  assert.deepEqual((await switched.type('tcpdump 99')).map((line) => line?.replace(/^[\d.]+ /, '')), [
    'camera ARP 10.0.0.4 > 10.0.0.3: ARP 10.0.0.3?',
    ...['client', 'server', 'printer'].map((link) => `${link} ARP 10.0.0.4 > 10.0.0.3: ARP 10.0.0.3?`),
    ...['printer', 'camera'].map((link) => `${link} ARP 10.0.0.3 > 10.0.0.4: ARP reply`),
    ...['camera', 'printer'].map((link) => `${link} ICMP 10.0.0.4 > 10.0.0.3: ICMP echo`),
    ...['printer', 'camera'].map((link) => `${link} ICMP 10.0.0.3 > 10.0.0.4: ICMP echo reply`),
  ]);
  const routed = await start(preset('narrow-path'));
  routed.run(180_000);
  const lines = await routed.type('tcpdump 99');
  const of = (/** @type {RegExp} */ what) => lines.filter((line) => what.test(line ?? '')).map((line) => line?.split(' ').slice(1, 6).join(' ').replace(/\.\d{5}(?=[ :])/, '.*'));
  assert.deepEqual(of(/Flags \[S\]/), ['near IP 10.0.0.1.* > 10.0.1.1.80:', 'far IP 10.0.0.1.* > 10.0.1.1.80:']);
  assert.deepEqual(of(/Flags \[S\.\]/), ['far IP 10.0.1.1.80 > 10.0.0.1.*:', 'near IP 10.0.1.1.80 > 10.0.0.1.*:']);
  assert.deepEqual(of(/^.{9}far ARP.*\?/), ['far ARP 10.0.1.254 > 10.0.1.1:']);
});

test('frames can be dropped, now or when they come', async () => {
  const { app, type, run } = await start();
  await type('connect');
  run(50_000);
  const syn = app.grabbed?.frame ?? 0;
  assert.ok(syn);
  await type('drop');
  assert.equal(app.record.by_frame.get(syn)?.reason, 'PERSON');
  run(3_000_000);
  assert.equal(chip(app.state, 0), 'ESTABLISHED');
  await type('drop next data');
  await type('send lost at first');
  run(1_000_000);
  const lost = app.record.frames.filter((frame) => frame.lost_id > 0);
  assert.equal(lost.length, 2);
  assert.ok((lost[1].segment?.payload_bytes ?? 0) > 0);
});

test('the link and time are at hand', async () => {
  const { app, type } = await start();
  await type('link delay 5ms');
  await type('link loss 10');
  const settings = () => app.session.settings();
  assert.deepEqual([settings().a_to_b.delay_ms, settings().b_to_a.delay_ms, settings().a_to_b.loss], [5, 5, 0.1]);
  await type('link out delay 80ms');
  await type('link in rate 1');
  assert.deepEqual([settings().a_to_b.delay_ms, settings().b_to_a.delay_ms], [80, 5]);
  assert.deepEqual([settings().a_to_b.rate_bit_per_s, settings().b_to_a.rate_bit_per_s], [10_000_000, 1_000_000]);
  assert.match((await type('link'))[1], /^delay_ms +80 +5$/);
  await type('host server');
  assert.match((await type('link'))[1], /^delay_ms +5 +80$/, 'out is what this host sends');
  await type('link wire out jitter 2ms');
  assert.deepEqual([settings().a_to_b.jitter_ms, settings().b_to_a.jitter_ms], [0, 2]);
  await type('link down');
  assert.deepEqual([settings().a_to_b.up, settings().b_to_a.up], [false, false]);
  await type('seek 1.5s');
  assert.equal(app.cursor.t_us, 1_500_000);
  assert.deepEqual(await type('time'), ['1.500 s']);
});

test('what is not understood is a sentence, what cannot be done says why', async () => {
  const { type } = await start();
  assert.deepEqual(await type('conect'), ['term-unknown']);
  assert.deepEqual(await type('toString'), ['term-unknown']);
  assert.deepEqual(await type('ip toString'), ['term-unknown']);
  assert.deepEqual(await type('seek soon'), ['term-time']);
  assert.deepEqual(await type('link loss much'), ['term-number']);
  assert.deepEqual(await type('send'), ['term-text']);
  assert.deepEqual(await type('drop'), ['term-no-frame']);
  assert.match((await type('send x'))[0] ?? '', /^EBADF: /);
});

test('help knows every command, and history what was typed', async () => {
  const { type, terminal } = await start();
  assert.equal((await type('help')).length, Object.keys(COMMANDS).length);
  assert.equal((await type('help ping')).length, 1);
  await type('help ping');
  assert.deepEqual(terminal.history, ['help', 'help ping']);
  assert.deepEqual(await type('history'), ['  1  help', '  2  help ping', '  3  history']);
  await type('clear');
  assert.deepEqual(terminal.lines, []);
});

test('half a word finds its ends', () => {
  assert.deepEqual(completions('co'), ['connect', 'corrupt']);
  assert.deepEqual(completions('ip r'), ['ip route']);
  assert.deepEqual(completions('drop next s'), ['drop next syn', 'drop next syn_ack']);
  assert.deepEqual(completions('help tcp'), ['help tcpdump']);
  assert.deepEqual(completions(''), []);
  assert.deepEqual(completions('constructor '), []);
});

test('columns stand under each other', () => {
  assert.deepEqual(columns([['a', 'long', 1], ['long', 'b', 22]]), ['a     long  1', 'long  b     22']);
});
