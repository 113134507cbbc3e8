/** The course page: progress goes out as a file and comes in as one, a bad file is told, and nothing is forgotten unasked. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { openBrowser, openPage, violations } from './browser.js';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

const DONE = { step: 9, finished: true, answers: { a: { answer: 'x', right: true } }, tasks: {} };

/** A file that is chosen. @param {unknown} content */
const file = (content) => ({ name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)) });

test('progress is saved, taken elsewhere, and forgotten only when asked twice', async () => {
  const { page, complaints } = await openPage(on, 'course.html?lang=en');
  const take = page.locator('[data-file=progress]');
  await page.locator('[data-lesson]').last().waitFor();
  assert.equal(await page.locator('[data-export]').count(), 0, 'nothing to save yet');
  await take.setInputFiles(file({ tcplab_progress: 1, lessons: { '05-handshake': DONE, '06-why-three': DONE } }));
  await page.locator('[data-said]', { hasText: '2 lessons taken from mine.json' }).waitFor();
  assert.match(await page.locator('[data-finished]').innerText(), /^2 of 18/);
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-export]').click()]);
  const saved = JSON.parse(readFileSync(await download.path(), 'utf8'));
  assert.deepEqual(saved, { tcplab_progress: 1, lessons: { '05-handshake': DONE, '06-why-three': DONE } });
  await page.reload();
  assert.match(await page.locator('[data-finished]').innerText(), /^2 of 18/);
  await page.locator('[data-forget]').click();
  assert.match(await page.locator('[data-finished]').innerText(), /^2 of 18/, 'it asks first');
  await page.locator('[data-forget]').click();
  assert.match(await page.locator('[data-finished]').innerText(), /^0 of 18/);
  assert.deepEqual(complaints, []);
});

for (const language of ['ko', 'en']) {
  test(`each fault of a file is told with its place, in ${language}, and a reader of screens hears it`, async () => {
    const { page } = await openPage(on, `course.html?lang=${language}`, { width: 360, height: 740 });
    await page.locator('[data-file=progress]').setInputFiles(file({ tcplab_progress: 1, lessons: { '05-handshake': { ...DONE, step: 'far' }, 'no-lesson': DONE } }));
    const told = page.locator('[role=alert]');
    await told.locator('li').last().waitFor();
    assert.deepEqual(await told.locator('li code').allInnerTexts(), ['lessons.05-handshake.step', 'lessons.no-lesson']);
    assert.match(await page.locator('[data-finished]').innerText(), /0/);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    assert.deepEqual(await violations(page), []);
  });
}
