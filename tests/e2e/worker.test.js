/** Far in time, in a real browser under the page's own security policy: a worker runs, and the page stays in hand. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, openLab } from './browser.js';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

/** Connects, and has six megabytes to send. @param {import('./browser.js').LabPage} lab */
async function load(lab) {
  await lab.connect();
  await lab.page.evaluate(() => {
    const app = document.querySelector('tcp-lab')?.app;
    app?.try(() => app.session.send(0, new Uint8Array(6_000_000)));
  });
}

/** Types into the terminal. @param {import('./browser.js').LabPage} lab @param {string} line */
async function type({ page }, line) {
  if (!(await page.locator('lab-drawer').count())) await page.locator('[data-views]').click();
  await page.locator('lab-drawer #tab-terminal').click();
  await page.locator('lab-terminal form input').fill(line);
  await page.keyboard.press('Enter');
}

/** @param {import('./browser.js').LabPage} lab @param {number} t_us */
const comesTo = ({ page }, t_us) => page.waitForFunction((t) => document.querySelector('tcp-lab')?.app.cursor.t_us === t, t_us, { timeout: 60_000 });

test('a long seek shows its progress, can be stopped, and goes on', async () => {
  const lab = await openLab(on, {});
  const { page } = lab;
  await load(lab);
  assert.equal(page.workers().length, 0, 'nothing was far yet');
  await type(lab, 'seek 60s');
  const stop = page.locator('[data-key=journey-stop]');
  await stop.waitFor();
  if (page.workers().length === 0) await page.waitForEvent('worker');
  assert.equal(page.workers().length, 1);
  assert.match(await page.locator('lab-player .journey').innerText(), /On the way to/);
  await lab.shot('journey');
  await stop.click();
  await stop.waitFor({ state: 'detached' });
  const t_us = await page.evaluate(() => document.querySelector('tcp-lab')?.app.cursor.t_us ?? 0);
  assert.ok(t_us < 60_000_000, 'it stands on its way');
  await type(lab, 'seek 60s');
  await comesTo(lab, 60_000_000);
  await lab.page.locator('lab-host .chip').first().waitFor();
  assert.equal(await lab.chips(), 'ESTABLISHED ESTABLISHED');
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('whatever is done in a long run, it is done in small turns', async () => {
  const lab = await openLab(on, {});
  const { page } = lab;
  await load(lab);
  // Not how long things take, for that is the machine's; how much is done before others have their turn.
  await page.evaluate(() => {
    const app = /** @type {any} */ (document.querySelector('tcp-lab')).app;
    const { lab: engine } = app.session;
    const most = /** @type {any} */ (window).most = { tick_events: 0, steps: 0, events: 0 };
    const { tick } = app.timeline;
    app.timeline.tick = (/** @type {number} */ ms) => {
      const { id } = app.cursor;
      tick.call(app.timeline, ms);
      most.tick_events = Math.max(most.tick_events, app.cursor.id - id);
    };
    const { runUntil } = engine;
    engine.runUntil = (/** @type {any[]} */ ...args) => {
      const done = runUntil.apply(engine, args);
      most.steps = Math.max(most.steps, done);
      return done;
    };
    const { follow } = app.timeline;
    app.timeline.follow = (/** @type {number} */ count) => {
      most.events = Math.max(most.events, count);
      return follow.call(app.timeline, count);
    };
  });
  await page.locator('lab-player select').selectOption('1');
  await page.locator('[data-key=play]').click();
  await page.waitForFunction(() => (/** @type {any} */ (window)).most.tick_events > 100);
  await lab.pause();
  await type(lab, 'seek 60s');
  await comesTo(lab, 60_000_000);
  assert.equal(page.workers().length, 1, 'what is far, a worker has run');
  const { tick_events, steps, events } = await page.evaluate(() => (/** @type {any} */ (window)).most);
  assert.ok(tick_events > 0 && tick_events <= 500, `${tick_events} events in a turn of play`);
  assert.ok(steps > 0 && steps <= 500, `${steps} things run at once by the page's own engine`);
  assert.ok(events > 0 && events <= 100, `${events} events taken over at once`);
  const known = await page.evaluate(() => document.querySelector('tcp-lab')?.app.timeline.log.length ?? 0);
  assert.ok(known > 50_000, 'it was a long run');
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('a page that may not even ask for a worker does all of it itself', async () => {
  const lab = await openLab(on, {});
  const { page } = lab;
  await page.evaluate(() => {
    window.Worker = /** @type {any} */ (
      class {
        constructor() {
          throw new DOMException('a page from a file has no workers', 'SecurityError');
        }
      }
    );
  });
  await load(lab);
  await type(lab, 'seek 60s');
  await comesTo(lab, 60_000_000);
  await type(lab, 'seek 2s');
  await comesTo(lab, 2_000_000);
  assert.equal(page.workers().length, 0);
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('where no worker can be had, it goes as far without', async () => {
  const lab = await openLab(on, {});
  await lab.page.route('**/worker-*.js', (route) => route.abort());
  await load(lab);
  await type(lab, 'seek 60s');
  await comesTo(lab, 60_000_000);
  assert.equal(lab.page.workers().length, 0);
  assert.deepEqual(
    lab.complaints.filter((text) => !text.includes('ERR_FAILED')),
    [],
    'that the file was kept from it is all there is to complain of',
  );
  await lab.close();
});
