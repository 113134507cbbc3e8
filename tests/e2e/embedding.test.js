/** The page on embedding: its lines can be copied, its examples live, its frame tells and obeys; both languages, narrow and wide. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, openPage, violations } from './browser.js';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

test('lines are copied, and under them is what they make', async () => {
  const { page, complaints } = await openPage(on, 'embedding.html?lang=en');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.locator('[data-copy=frame]').click();
  const copied = (await page.locator('[data-code=frame]').textContent()) ?? '';
  await page.waitForFunction(async (text) => (await navigator.clipboard.readText()) === text, copied);
  assert.match(copied, /^<iframe src="http:\/\/localhost:\d+\/embed\.html\?lesson=05-handshake&amp;lang=en"/);
  await page.frameLocator('[data-example=frame]').locator('lab-lesson [data-continue]').waitFor();
  await page.locator('tcp-lab').scrollIntoViewIfNeeded();
  await page.locator('tcp-lab lab-lesson [data-continue]').waitFor();
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(complaints, []);
});

test('the frame tells what happens, and does what the buttons say', async () => {
  const { page, complaints } = await openPage(on, 'embedding.html?lang=en');
  const heard = page.locator('[data-heard]');
  const press = (/** @type {string} */ command) => page.locator(`[data-command="${command}"]`).click();
  await page.locator('[data-example=messages]').scrollIntoViewIfNeeded();
  await heard.locator('li', { hasText: 'tcplab-resize' }).first().waitFor();
  await press("step('on')");
  await heard.locator('li', { hasText: 'tcplab-step' }).first().waitFor();
  await press("set({ lesson: '05-handshake' })");
  await page.frameLocator('[data-example=messages]').locator('lab-lesson [data-continue]').waitFor();
  assert.deepEqual(complaints, []);
});

for (const [language, width, theme] of /** @type {const} */ ([['ko', 360, 'light'], ['en', 768, 'dark']])) {
  test(`in ${language} at ${width} pixels nothing sticks out, and each parameter and event has its words`, async () => {
    const { page, complaints } = await openPage(on, `embedding.html?lang=${language}&theme=${theme}`, { width, height: 780 });
    await page.locator('tcp-lab').scrollIntoViewIfNeeded();
    await page.locator('tcp-lab lab-lesson [data-continue]').waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    const cells = await page.locator('td').allInnerTexts();
    assert.ok(cells.length > 20 && cells.every((text) => !text.startsWith('embedding-')), cells.join('\n'));
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(complaints, []);
  });
}
