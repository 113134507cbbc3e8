/** A reload returns to the run, in a real browser; where nothing may be kept, the page works without. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, openLab } from './browser.js';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

/** @param {import('./browser.js').LabPage} lab */
const place = ({ page }) =>
  page.evaluate(() => {
    const { cursor, timeline, session } = /** @type {NonNullable<HTMLElementTagNameMap['tcp-lab']>} */ (document.querySelector('tcp-lab')).app;
    return { t_us: cursor.t_us, id: cursor.id, events: timeline.log.length, loss: session.settings().a_to_b.loss };
  });

/** @param {import('./browser.js').LabPage} lab */
async function reload({ page }) {
  await page.reload();
  await page.locator('lab-host .chip').first().waitFor();
}

test('a reload returns to the run and to where one looked; a new run is asked for', async () => {
  const lab = await openLab(on, {});
  const { page } = lab;
  const anew = page.locator('lab-header [data-new-run]');
  assert.equal(await anew.count(), 0, 'there is nothing yet to begin anew');
  await lab.connect();
  await page.evaluate(() => document.querySelector('tcp-lab')?.app.session.setLink({ loss: 0.25 }));
  await lab.step('back');
  await lab.step('back');
  const left = await place(lab);
  const sentence = await lab.sentence();
  await reload(lab);
  assert.deepEqual(await place(lab), left);
  assert.equal(await lab.chips(), 'ESTABLISHED ESTABLISHED');
  assert.equal(await lab.sentence(), sentence);
  await anew.click();
  await page.waitForFunction(() => document.querySelector('tcp-lab')?.app?.isBegun === false);
  assert.equal(await lab.chips(), 'CLOSED LISTEN');
  await reload(lab);
  assert.equal(await lab.chips(), 'CLOSED LISTEN');
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('on a narrow page the new run is in the help', async () => {
  const lab = await openLab(on, { width: 360, height: 740 });
  await lab.connect();
  await lab.page.keyboard.press('?');
  const anew = lab.page.locator('lab-help [data-new-run]');
  await anew.click();
  await lab.page.waitForFunction(() => document.querySelector('tcp-lab')?.app?.isBegun === false);
  await lab.close();
});

test('where nothing may be kept, nothing is missed', async () => {
  const lab = await openLab(on, {});
  const { page } = lab;
  await page.addInitScript(() =>
    Object.defineProperty(window, 'sessionStorage', {
      get() {
        throw new DOMException('a frame without an origin has no storage', 'SecurityError');
      },
    }),
  );
  await reload(lab);
  await lab.connect();
  await page.goto(`${on.url}?lang=en`); // an address without the run
  await page.locator('lab-host .chip').first().waitFor();
  assert.equal(await lab.chips(), 'CLOSED LISTEN');
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});
