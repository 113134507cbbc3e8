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
