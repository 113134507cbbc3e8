/** Far away in time: the page's model with the engine run elsewhere. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Lab, LabError, loadModule } from '../../wasm/engine.js';
import { Remote } from '../../wasm/remote.js';
import { App } from '../../web/model/app.js';
import { whenDescribed } from '../../web/model/glass.js';
import { FIRST_SCENARIO } from '../../web/model/scenario.js';
import { Session } from '../../web/model/session.js';
import { TOP } from '../support/from-web.js';

const wasm = await loadModule(readFileSync(join(TOP, 'build/wasm/tcplab.wasm')));
const remote = new Remote(); // node has no Worker of browsers: the pieces are run here, between turns
after(() => remote.close());

const SECOND = 1_000_000;
const FAR_US = 100 * SECOND;

/** A connection on which three megabytes are about to be sent. @param {Remote | null} by */
async function start(by) {
  const create = (/** @type {any[]} */ actions) => Lab.create({ wasm, scenario: FIRST_SCENARIO, actions });
  const app = new App(new Session(await create([])));
  app.remote = by;
  app.copy_run = create;
  app.session.connect(0);
  app.seek(SECOND / 2);
  app.session.send(0, new Uint8Array(2_000_000));
  return app;
}

/** Until the way is over. @param {App} app */
const over = (app) =>
  new Promise((resolve) => {
    const stop = app.subscribe(() => {
      if (app.timeline.journey) return;
      stop();
      resolve(undefined);
    });
  });

/** Until a part of it is done. @param {App} app */
async function halfway(app) {
  while (app.timeline.journey?.share === 0) await new Promise((resolve) => setTimeout(resolve));
  assert.ok(app.timeline.journey);
}

/** What the page shows of a run. @param {App} app */
const shown = ({ timeline, session }) => ({
  cursor: timeline.cursor,
  state: timeline.state,
  events: timeline.log.length,
  frames: timeline.record.frames.length,
  hash: session.lab.hash(),
});

test('a long seek gives way to others, and ends where one that is run at once does', async () => {
  const at_once = await start(null);
  at_once.seek(FAR_US);
  const app = await start(remote);
  app.seek(FAR_US);
  assert.ok(app.timeline.journey, 'it is on its way');
  /** @type {number[]} What others saw of it, each time that it was their turn. */
  const shares = [];
  const watch = setInterval(() => shares.push(app.timeline.journey?.share ?? 1));
  await over(app);
  clearInterval(watch);
  assert.ok(
    shares.some((share) => share > 0 && share < 1),
    `others had a turn while it was on its way: ${shares}`,
  );
  assert.deepEqual(shares, [...shares].sort((a, b) => a - b), 'it only goes on');
  assert.equal(app.trouble, null);
  assert.deepEqual(shown(app), shown(at_once));
});

test('what is near is there at once', async () => {
  const app = await start(remote);
  app.seek(SECOND / 2 + 1000);
  assert.equal(app.timeline.journey, null);
  assert.equal(app.cursor.t_us, SECOND / 2 + 1000);
});

test('a newer wish ends an older one, and so does any step, call or look back', async () => {
  for (const other of /** @type {((app: App) => void)[]} */ ([
    (app) => app.pause(),
    (app) => app.step('on'),
    (app) => app.step('back'),
    (app) => app.seek(SECOND / 2),
    (app) => app.seekTo(3),
    (app) => void app.try(() => app.session.ping(0)),
  ])) {
    const app = await start(remote);
    app.seek(FAR_US);
    await halfway(app);
    other(app);
    assert.equal(app.timeline.journey, null);
    const { id, t_us } = app.cursor;
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual([app.cursor.id, app.cursor.t_us], [id, t_us], 'the cursor stays where it was put');
    assert.equal(app.timeline.log.length, app.session.lab.lastEvent, 'all that the engine did is known');
  }
});

test('what a step looks for may be far: it is looked for on a way, which others can end', async () => {
  const silent = (/** @type {App} */ app) => {
    const { timeline } = app;
    const turns = { left: 3 };
    timeline.stepOn = () => (turns.left-- > 0 ? null : (timeline.seekTo(timeline.cursor.id + 1), true));
    return turns;
  };
  const app = await start(remote);
  app.seek(0);
  let turns = silent(app);
  app.step('on');
  assert.ok(app.timeline.journey, 'it is looking');
  await over(app);
  assert.equal(turns.left, -1);
  turns = silent(app);
  app.step('on');
  app.pause();
  assert.equal(app.timeline.journey, null);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(turns.left, 2, 'it looks no further');
});

test('who acts on the way makes the run that these actions make', async () => {
  const app = await start(remote);
  app.seek(FAR_US);
  await halfway(app);
  app.try(() => app.session.ping(0));
  app.seek(FAR_US);
  await over(app);
  const again = await Lab.create({ wasm, scenario: FIRST_SCENARIO, actions: app.session.lab.actions });
  again.runUntil(FAR_US);
  assert.equal(app.session.lab.hash(), again.hash());
});

test('a far seek after another goes on from where the first one was left', async () => {
  const app = await start(remote);
  app.seek(FAR_US / 2);
  app.seek(FAR_US);
  await over(app);
  assert.equal(app.cursor.t_us, FAR_US);
});

test('looking into the past of a long run finds it as it was', async () => {
  const app = await start(remote);
  app.seek(FAR_US);
  await over(app);
  app.seek(2 * SECOND);
  const seen = await whenDescribed(app);
  const lab = await Lab.create({ wasm, scenario: FIRST_SCENARIO, actions: app.session.lab.actions });
  lab.runUntil(2 * SECOND);
  assert.deepEqual(seen, lab.describe());
});

test('a worker that dies becomes a sentence; what came is kept, and going there again goes on', async () => {
  const dying = new Remote();
  const app = await start(dying);
  app.seek(FAR_US);
  await halfway(app);
  dying.close();
  await over(app);
  assert.equal(app.trouble?.code, 'ECHILD');
  assert.ok(app.cursor.t_us < FAR_US);
  assert.equal(app.timeline.log.length, app.session.lab.lastEvent);
  app.seek(FAR_US);
  await over(app);
  assert.equal(app.cursor.t_us, FAR_US);
  dying.close();
});

test('a fault while time goes on stops it with a sentence', async () => {
  const app = await start(null);
  app.play();
  app.timeline.tick = () => {
    throw new LabError('EFAULT', 'the stack stopped');
  };
  app.tick(16);
  assert.equal(app.trouble?.code, 'EFAULT');
  assert.equal(app.timeline.playing, false);
});
