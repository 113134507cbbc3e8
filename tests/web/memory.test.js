/** What the page's model holds on to: a run that can be gone back to, and nothing else. No browser. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Lab } from '../../wasm/engine.js';
import { App } from '../../web/model/app.js';
import { FIRST_SCENARIO } from '../../web/model/scenario.js';
import { Session } from '../../web/model/session.js';

const wasm = new WebAssembly.Module(readFileSync(new URL('../../build/wasm/tcplab.wasm', import.meta.url)));
const HOUR_US = 3_600_000_000;

/** How many objects, members of lists and bytes of typed arrays can be reached. @param {unknown} root */
function weigh(root) {
  const seen = new Set();
  const next = [root];
  let weight = 0;
  for (let at = next.pop(); next.length > 0 || at !== undefined; at = next.pop()) {
    if (typeof at !== 'object' || at === null || seen.has(at)) continue;
    seen.add(at);
    weight++;
    if (ArrayBuffer.isView(at)) weight += at.byteLength;
    else if (at instanceof Map) next.push(...[...at].flat());
    else if (at instanceof Set) next.push(...at);
    else for (const key of Reflect.ownKeys(at)) next.push(Reflect.get(at, key));
    if (at instanceof Map || at instanceof Set) weight += at.size;
  }
  return weight;
}

/** @param {App} app @param {number} until_us */
function playTo(app, until_us) {
  app.setSpeed(1);
  while (app.cursor.t_us < until_us) {
    if (!app.timeline.playing) app.play();
    app.tick(250);
  }
  app.pause();
}

/** An hour with a ping every minute and a connection on which something is said. */
async function anHour() {
  const app = new App(new Session(await Lab.create({ wasm, scenario: FIRST_SCENARIO })));
  app.session.connect(0);
  app.seek(1_000_000);
  app.session.send(0, new Uint8Array(200_000));
  app.session.act(() => app.session.host(0).start({ app: 'ping', to: 'server', count: 60, interval_ms: 60_000 }));
  playTo(app, HOUR_US);
  app.seek(0);
  return app;
}

test('an hour that is played again adds nothing to what the model holds', async () => {
  const app = await anHour();
  const once = weigh(app);
  assert.ok(app.timeline.log.length > 4000);
  for (let round = 0; round < 2; round++) {
    playTo(app, HOUR_US);
    app.step('back');
    app.step('segment-back');
    app.seek(0);
    assert.equal(weigh(app), once);
  }
});

test('what is done and taken back leaves events of that run only, however often', async () => {
  const app = await anHour();
  const sizes = () => {
    const { log, record, index, checkpoints } = app.timeline;
    return [log.length, record.frames.length, record.by_frame.size, index.ways.length, index.places.size, checkpoints.length];
  };
  const round = (/** @type {number} */ i) => {
    app.seek(HOUR_US / 2 + i);
    app.try(() => app.session.ping(0));
    app.undo();
    return sizes();
  };
  const first = round(0);
  for (let i = 1; i < 10; i++) assert.deepEqual(round(i), first);
});
