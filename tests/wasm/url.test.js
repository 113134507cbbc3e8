/** Runs as URLs: written and read by the module's own C code. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Lab } from '../../wasm/engine.js';
import { at, fingerprint, makeLab, noise, openConnection, twoHosts, wasm } from './support.js';

/** What mail programs and chats leave whole. */
const LESSON_MAX = 2048;

/** A lesson's worth of doing things: open, a dozen messages, a drop, close. */
async function lessonSizedRun() {
  const lab = await makeLab(twoHosts({ loss: 0.05 }));
  const { client, server } = openConnection(lab);
  for (let i = 0; i < 12; i++) {
    client.send(`message ${i}`);
    lab.runFor(150_000);
    server.recv();
  }
  lab.links[0].dropNext({ match: 'fin' });
  client.close();
  lab.runFor(500_000);
  server.close();
  lab.runFor(5_000_000);
  return lab;
}

test('a run comes back from its URL to the same bytes', async () => {
  const lab = await lessonSizedRun();
  const url = lab.url();
  assert.match(url, /^tcplab:1:[\w-]+$/);
  assert.ok(url.length <= LESSON_MAX, `${url.length} characters`);
  const again = await Lab.fromUrl(`https://example.org/lab/?lang=ko#${url}`, { wasm });
  assert.deepEqual(again.scenario, lab.scenario);
  assert.deepEqual(again.actions, lab.actions);
  again.runUntil(lab.now_us);
  assert.equal(fingerprint(again), fingerprint(lab));
  assert.equal(again.url(), url);
});

test('bytes that were sent are in it, and a seed that was given', async () => {
  const lab = await makeLab(twoHosts(), { seed: 12345 });
  const { client } = openConnection(lab);
  client.send(noise(300));
  lab.runFor(1_000_000);
  const again = await Lab.fromUrl(lab.url(), { wasm });
  assert.equal(again.seed, 12345);
  again.runUntil(lab.now_us);
  assert.equal(fingerprint(again), fingerprint(lab));
});

test('each example scenario fits', async () => {
  const folder = at('tests/lab/scenarios');
  for (const name of readdirSync(folder)) {
    const scenario = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const url = (await makeLab(scenario)).url();
    assert.ok(url.length <= LESSON_MAX, `${name}: ${url.length} characters`);
    assert.deepEqual((await Lab.fromUrl(url, { wasm })).scenario, scenario);
  }
});

test('what is damaged or something else is refused with a sentence', async () => {
  const url = (await makeLab()).url();
  const wrong = [
    ['', /no "tcplab:" in it/],
    ['https://example.org/', /no "tcplab:" in it/],
    [url.replace(':1:', ':9:'), /of a version that is not known here/],
    [url.slice(0, -1), /damaged/],
    [`${url}A`, /damaged/],
    [url.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')), /damaged/],
  ];
  for (const [text, message] of wrong) {
    await assert.rejects(Lab.fromUrl(text, { wasm }), (error) => error.code === 'EINVAL' && message.test(error.message), text);
  }
});

test('a run that is too long is refused', async () => {
  const lab = await makeLab();
  const { client } = openConnection(lab);
  client.send(noise(900_000));
  assert.throws(() => lab.url(), { code: 'EMSGSIZE' });
});
