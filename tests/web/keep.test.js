/** A run that outlives a reload: what is kept leads to the same memory, and what cannot be read is as if it were not there. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Lab, loadModule } from '../../wasm/engine.js';
import { App } from '../../web/model/app.js';
import { forgetKept, keepRun, readKept, tabStorage } from '../../web/model/keep.js';
import { FIRST_SCENARIO } from '../../web/model/scenario.js';
import { Session } from '../../web/model/session.js';
import { TOP } from '../support/from-web.js';

const wasm = await loadModule(readFileSync(join(TOP, 'build/wasm/tcplab.wasm')));
const SECOND = 1_000_000;

/** @param {(text: string) => void} [take] */
function storage(take = () => {}) {
  const kept = new Map();
  return {
    kept,
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => (take(text), kept.set(key, text)),
    removeItem: (/** @type {string} */ key) => kept.delete(key),
  };
}

/** @param {string} [url] */
async function open(url) {
  const lab = url ? await Lab.fromUrl(url, { wasm }) : await Lab.create({ wasm, scenario: FIRST_SCENARIO });
  return new App(new Session(lab));
}

/** A connection with a file on it, looked back at in the middle of a moment. */
async function used() {
  const app = await open();
  app.session.connect(0);
  app.seek(SECOND);
  app.session.send(0, 'bytes of a file', 'notes.txt');
  app.seek(2 * SECOND);
  app.session.ping(0);
  app.seek(5 * SECOND);
  const sent = app.timeline.log.find((event) => event.kind === 'header_added' && event.t_us > 0);
  app.seekTo(sent?.id ?? 0);
  return app;
}

test('a run that was kept is taken up where it was left', async () => {
  const box = storage();
  const app = await used();
  keepRun(box, app.session);
  const kept = readKept(box);
  assert.ok(kept);
  const again = await open(kept.run);
  await again.resume(kept);
  assert.deepEqual(again.cursor, app.cursor);
  assert.deepEqual(again.state, app.state);
  assert.equal(again.timeline.log.length, app.timeline.log.length, 'what was known of the future is known');
  assert.deepEqual(again.session.sent, app.session.sent, 'the file has its name');
  assert.equal(again.session.lab.hash(), app.session.lab.hash());
  again.session.ping(0);
  app.session.ping(0);
  again.seek(9 * SECOND);
  app.seek(9 * SECOND);
  assert.equal(again.session.lab.hash(), app.session.lab.hash(), 'and it goes on in the same way');
});

test('what has not begun, and what is too large, is not kept; nor is what was kept before', async () => {
  const box = storage();
  keepRun(box, (await open()).session);
  assert.equal(box.kept.size, 0);
  const app = await used();
  keepRun(box, app.session);
  assert.equal(box.kept.size, 1);
  app.session.datagram(0, new Uint8Array(600_000));
  keepRun(box, app.session);
  assert.equal(box.kept.size, 0);
});

test('a storage that is full, forbidden or not there is done without', async () => {
  const { session } = await used();
  const full = storage(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  keepRun(full, session);
  assert.equal(readKept(full), null);
  const forbid = () => {
    throw new DOMException('no', 'SecurityError');
  };
  const forbidden = { getItem: forbid, setItem: forbid, removeItem: forbid };
  keepRun(forbidden, session);
  assert.equal(readKept(forbidden), null);
  forgetKept(forbidden);
  keepRun(null, session);
  assert.equal(readKept(null), null);
  Object.defineProperty(globalThis, 'sessionStorage', { configurable: true, get: forbid });
  assert.equal(tabStorage(), null);
});

test('what is kept is read with care', async () => {
  const box = storage();
  keepRun(box, (await used()).session);
  const [[key, text]] = box.kept;
  const sound = JSON.parse(text);
  for (const wrong of [
    '',
    '{',
    'null',
    '[]',
    JSON.stringify({ ...sound, version: 2 }),
    JSON.stringify({ ...sound, run: 7 }),
    JSON.stringify({ ...sound, of: undefined }),
    JSON.stringify({ ...sound, of: 'preset refused' }),
    JSON.stringify({ ...sound, t_us: -1 }),
    JSON.stringify({ ...sound, id: 1.5 }),
    JSON.stringify({ ...sound, end_us: '9' }),
    JSON.stringify({ ...sound, names: [1] }),
    JSON.stringify({ ...sound, names: undefined }),
  ]) {
    box.kept.set(key, wrong);
    assert.equal(readKept(box), null, wrong);
  }
});
