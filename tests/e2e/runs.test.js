/** Runs are opened from the header, kept under a name, deleted, and go out and in as a file. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { openBrowser, openPage, violations } from './browser.js';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

/** @param {import('playwright-core').Page} page */
const openRuns = async (page) => {
  await page.locator('[data-open-runs]').click();
  await page.locator('lab-runs dialog[open]').waitFor();
};

for (const [language, theme, width, height] of /** @type {[string, string, number, number][]} */ ([
  ['ko', 'light', 1440, 900],
  ['en', 'dark', 768, 1024],
])) {
  test(`a run to begin with is chosen, told in a sentence, and played: ${language}, ${width} px`, async () => {
    const { page, complaints } = await openPage(on, `index.html?lang=${language}&theme=${theme}`, { width, height });
    await page.locator('lab-host .chip').first().waitFor();
    await openRuns(page);
    assert.ok((await page.locator('lab-runs [data-preset]').count()) >= 12);
    assert.deepEqual(await violations(page), []);
    await page.locator('lab-runs [data-preset=crossing-fins]').click();
    await page.locator('lab-opened [data-opened=crossing-fins]').waitFor();
    assert.match(await page.locator('lab-opened .about').innerText(), /CLOSING/);
    assert.equal(await page.locator('lab-predict').count(), 0);
    await page.locator('lab-player select').selectOption('1');
    await page.locator('lab-opened [data-play]').click();
    await page.waitForFunction(() => document.querySelector('tcp-lab')?.shadowRoot?.querySelector('lab-host')?.shadowRoot?.querySelector('.chip')?.textContent?.includes('TIME_WAIT'));
    assert.deepEqual(await violations(page), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    assert.deepEqual(complaints, []);
  });
}

test('what was done is kept under a name, opened again, saved, deleted, and taken back from the file', async () => {
  const { page, complaints } = await openPage(on, 'index.html?lang=en');
  await page.locator('[data-call=connect]').click();
  await page.waitForFunction(() => /** @type {any} */ (document.querySelector('tcp-lab'))?.app.cursor.t_us > 1_000);
  const deeds = await page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-lab')).app.session.lab.actions.length);
  await openRuns(page);
  await page.locator('lab-runs input[name=name]').fill('my run & more');
  await page.locator('lab-runs [data-keep]').click();
  await page.locator('lab-runs [data-own="my run & more"] a').click();
  await page.locator('lab-opened [data-opened="my run & more"]').waitFor();
  assert.equal(await page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-lab')).app.session.lab.actions.length), deeds);
  await openRuns(page);
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('lab-runs [data-save]').click()]);
  const file = readFileSync(await download.path());
  await page.locator('lab-runs [data-drop]').click();
  assert.equal(await page.locator('lab-runs [data-own]').count(), 0);
  const take = page.locator('lab-runs [data-file=runs]');
  const damaged = Buffer.from(String(file).replace(/tcplab:1:..../, 'tcplab:1:AAAA'));
  await take.setInputFiles({ name: 'bad.json', mimeType: 'application/json', buffer: damaged });
  assert.equal(await page.locator('lab-runs [role=alert] code').innerText(), 'runs[0].run');
  assert.equal(await page.locator('lab-runs [data-own]').count(), 0);
  await take.setInputFiles({ name: 'good.json', mimeType: 'application/json', buffer: file });
  await page.locator('lab-runs [data-own="my run & more"]').waitFor();
  assert.deepEqual(complaints, []);
});

test('on a phone the help leads there', async () => {
  const { page } = await openPage(on, 'index.html?lang=ko', { width: 360, height: 740 });
  await page.locator('lab-host .chip').first().waitFor();
  assert.equal(await page.locator('[data-open-runs]').isVisible(), false);
  await page.locator('lab-header button').last().click();
  await page.locator('lab-help [data-runs]').click();
  await page.locator('lab-runs dialog[open]').waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  assert.deepEqual(await violations(page), []);
});

test('a run that is not there is told', async () => {
  const { page } = await openPage(on, 'index.html?lang=en&own=nothing');
  assert.match(await page.locator('tcp-lab [role=alert]').innerText(), /no such run/);
});

test('another run is opened from its beginning, whatever was left; a reload returns to it', async () => {
  const { page } = await openPage(on, 'index.html?lang=en&preset=refused');
  const time = () => page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-lab'))?.app?.cursor.t_us);
  await page.locator('lab-opened [data-play]').click();
  await page.waitForFunction(() => /** @type {any} */ (document.querySelector('tcp-lab'))?.app.isBegun);
  await page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-lab')).app.pause());
  const left = Math.round(await time()); // it is kept in whole microseconds
  await page.reload();
  await page.locator('lab-opened [data-opened=refused]').waitFor();
  await page.waitForFunction((t_us) => /** @type {any} */ (document.querySelector('tcp-lab'))?.app?.cursor.t_us === t_us, left);
  await page.goto(`${on.url}index.html?lang=en&preset=silence`);
  await page.locator('lab-opened [data-opened=silence]').waitFor();
  assert.equal(await time(), 0);
  assert.equal(await page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-lab')).app.scenario.title), 'A wall that says nothing');
});
