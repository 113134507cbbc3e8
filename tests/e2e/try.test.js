/** A lesson is written in the page: faults are told with their places as one types, nothing is lost, and what is good runs beside its texts. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { openBrowser, openPage, violations } from './browser.js';
import { TOP } from '../support/from-web.js';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

/** @param {import('playwright-core').Page} page */
const text = (page) => page.locator('lab-try textarea');

test('the template is good, runs, and can be taken as a lesson', async () => {
  const { page, complaints } = await openPage(on, 'try.html?lang=en');
  await page.locator('[data-good]').waitFor();
  await page.locator('[data-run]').click();
  await page.locator('.answers').waitFor();
  assert.match(await page.locator('.answers').innerText(), /question SYN\+ACK/);
  assert.match(await page.locator('[data-good]').innerText(), /runs to its end/);
  const lesson = page.frameLocator('iframe').locator('lab-lesson');
  await lesson.locator('[data-continue]').click();
  await lesson.locator('[data-step=beat]').waitFor();
  assert.match(await lesson.locator('[data-step=beat]').innerText(), /sequence number \d/);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(complaints, []);
});

test('every mistake is told with its file, line and path as one types, and leads there', async () => {
  const { page, complaints } = await openPage(on, 'try.html?lang=en');
  await page.locator('[data-good]').waitFor();
  const good = await text(page).inputValue();
  await text(page).fill(good.replace('"delay_ms": 20', '"delay_ms": "fast"').replace('"from": "server"', '"from": "srver"'));
  await page.locator('.faults li').nth(1).waitFor();
  const line = good.split('\n').findIndex((each) => each.includes('"from": "server"')) + 1;
  assert.deepEqual(await page.locator('[data-path]').allInnerTexts(), ['scenario.links[0].delay_ms', 'steps[1].from']);
  assert.match(await page.locator('.faults li').nth(1).innerText(), new RegExp(`lesson\\.json:${line} .*expected the name of a node, got "srver"`));
  assert.equal(await page.locator('[data-run]').getAttribute('aria-disabled'), 'true');
  await page.locator('.faults li button').nth(1).click();
  const at = await text(page).evaluate((area) => /** @type {HTMLTextAreaElement} */ (area).value.slice(/** @type {HTMLTextAreaElement} */ (area).selectionStart).slice(0, 7));
  assert.equal(at, '"srver"');
  await page.locator('[data-part=en]').click();
  await text(page).fill((await text(page).inputValue()).replace('about =', 'aboot ='));
  await page.locator('.faults li', { hasText: 'en.ftl' }).first().waitFor();
  assert.ok((await page.locator('[data-path]').allInnerTexts()).includes('about'));
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(complaints, []);
});

test('what is broken or half typed is kept, over a reload, too, and another lesson can be undone', async () => {
  const { page } = await openPage(on, 'try.html?lang=ko', { width: 360, height: 740 });
  await page.locator('[data-good]').waitFor();
  await text(page).fill('{ "steps": [ ');
  await page.locator('.faults li').first().waitFor();
  await page.reload();
  await page.locator('.faults li').first().waitFor();
  assert.equal(await text(page).inputValue(), '{ "steps": [ ');
  await page.locator('[data-begin]').selectOption('05-handshake');
  await page.locator('[data-good]').waitFor();
  assert.equal(await text(page).inputValue(), readFileSync(join(TOP, 'web/lessons/05-handshake/lesson.json'), 'utf8'));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  await page.locator('[data-put-back]').click();
  await page.locator('.faults li').first().waitFor();
  assert.equal(await text(page).inputValue(), '{ "steps": [ ');
});

test('files go in by their names, in any order', async () => {
  const { page } = await openPage(on, 'try.html?lang=en');
  await page.locator('[data-good]').waitFor();
  for (const name of ['en.ftl', 'lesson.json', 'ko.ftl']) {
    await page.locator('[data-file=lesson]').setInputFiles(join(TOP, 'web/lessons/09-reset', name));
  }
  await page.locator('[data-good]').waitFor();
  await page.locator('[data-part=ko]').click();
  assert.equal(await text(page).inputValue(), readFileSync(join(TOP, 'web/lessons/09-reset/ko.ftl'), 'utf8'));
});
