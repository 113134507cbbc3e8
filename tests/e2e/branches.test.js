/** Two runs beside each other: a person goes back, does something else, and sees where they part. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, openLab } from './browser.js';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

/** A connection is made, then its SYN is dropped after all. @param {object} how */
async function changed(how) {
  const lab = await openLab(on, { speed: '0.001', ...how });
  const { page } = lab;
  await lab.connect();
  assert.equal(await page.locator('lab-branches section').count(), 0, 'one run needs no names');
  for (let i = 0; i < 80 && (await lab.chips()) !== 'SYN_SENT LISTEN'; i++) await lab.step('back');
  await lab.step('segment');
  await page.locator('.frame').click();
  await page.locator('[data-hand=drop]').click();
  return lab;
}

test('acting in the past: both runs stand in the ladder, their first difference is marked and told, and one can go back', async () => {
  const lab = await changed({ language: 'en' });
  const { page } = lab;
  const runs = page.locator('lab-branches');
  await lab.statesUntil('ESTABLISHED ESTABLISHED');
  assert.deepEqual(await page.locator('lab-ladder .head').allTextContents(), ['Run 1', 'Run 2']);
  assert.equal(await page.locator('lab-ladder .parting').count(), 1);
  assert.match(await runs.locator('section').innerText(), /First difference, at [^:]+:\s*Run 1:.*reached the client.*Run 2:.*was lost: you dropped it/s);
  await lab.shot('runs-1440-en');
  await runs.locator('[data-branch="0"]').click();
  assert.equal(await runs.locator('[data-branch="0"]').getAttribute('aria-pressed'), 'true');
  assert.equal(await lab.chips(), 'ESTABLISHED ESTABLISHED');
  assert.match(await runs.locator('section').innerText(), /Run 2:.*was lost.*Run 1:.*reached the client/s);
  await runs.locator('[data-branches=rename]').click();
  await runs.locator('input').fill('As it was');
  await runs.locator('form button').click();
  assert.equal(await runs.locator('[data-branch="0"]').innerText(), 'As it was');
  await runs.locator('[data-branches=drop]').click();
  assert.equal(await runs.locator('section').count(), 0);
  assert.equal(await page.locator('lab-ladder .head').count(), 0);
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('on a phone one run is drawn at a time, and the other is a press away; the key B begins one', async () => {
  const lab = await changed({ language: 'ko', width: 360, height: 740 });
  const { page } = lab;
  const runs = page.locator('lab-branches');
  assert.equal(await page.locator('lab-ladder .head').count(), 0);
  assert.match(await runs.locator('section').innerText(), /처음 갈라집니다/);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
  await lab.shot('runs-360-ko');
  await runs.locator('[data-branch="0"]').click();
  assert.equal(await runs.locator('[data-branch="0"]').getAttribute('aria-pressed'), 'true');
  await page.keyboard.press('b');
  assert.equal(await runs.locator('[data-branch]').count(), 3);
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});
