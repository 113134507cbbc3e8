/** The teacher's page: lines that can be copied, a key that the stack made and that does not show itself, sheets for paper, and presenting. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, openPage, violations } from './browser.js';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

/** @param {import('playwright-core').Page} page */
const tooWide = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const [language, width] of /** @type {[string, number][]} */ ([
  ['ko', 1440],
  ['en', 360],
])) {
  test(`each lesson has its lines, and they follow what is wished for: ${language}, ${width} px`, async () => {
    const { page, complaints } = await openPage(on, `teacher.html?lang=${language}`, { width, height: 800 });
    const row = page.locator('[data-lesson="05-handshake"]');
    await row.locator('[data-embed]').click();
    assert.equal(await page.locator('[data-lesson]').count(), 18);
    await row.locator('[data-wish=theme]').selectOption('dark');
    const line = await row.locator('[data-code=iframe]').innerText();
    assert.match(line, new RegExp(`^<iframe src="${on.url}embed\\.html\\?lesson=05-handshake&amp;theme=dark"`));
    assert.match(await row.locator('[data-code=element]').innerText(), /<tcp-lab lesson="05-handshake" theme="dark"><\/tcp-lab>$/);
    assert.equal(await tooWide(page), 0);
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(complaints, []);
  });
}

test('a line is copied', async () => {
  const { page } = await openPage(on, 'teacher.html?lang=en');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const row = page.locator('[data-lesson="01-layers"]');
  await row.locator('[data-embed]').click();
  await row.locator('[data-copy=iframe]').click();
  await row.getByText('Copied.').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await row.locator('[data-code=iframe]').innerText());
});

for (const [language, theme, width] of /** @type {[string, string, number][]} */ ([
  ['ko', 'light', 1440],
  ['en', 'dark', 360],
])) {
  test(`the key shows nothing until it is asked, and then what the stack did: ${language}, ${theme}, ${width} px`, async () => {
    const { page, complaints } = await openPage(on, `teacher.html?lang=${language}&theme=${theme}&lesson=05-handshake&sheet=key`, { width, height: 800 });
    await page.locator('[data-show]').waitFor();
    assert.equal(await page.locator('[data-answer]').count(), 0);
    await page.locator('[data-show]').click();
    const next = page.locator('[data-step=next]');
    assert.match(await next.locator('[data-answer=right]').innerText(), /SYN\+ACK/);
    assert.equal(await next.locator('[data-answer=wrong] .reason').count(), await next.locator('[data-answer=wrong]').count());
    assert.match(String(await next.locator('svg').textContent()), /SYN\+ACK seq 0 ack 1/);
    assert.equal(await tooWide(page), 0);
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(complaints, []);
  });
}

test('a worksheet has the questions with blanks and an empty ladder, no answer, and prints without the page around it', async () => {
  const { page } = await openPage(on, 'teacher.html?lang=en&lesson=05-handshake&sheet=blank');
  await page.locator('[data-step=next] [data-blank]').first().waitFor();
  const text = await page.locator('lab-sheet').innerText();
  assert.equal(await page.locator('[data-answer]').count(), 0);
  assert.doesNotMatch(text, /seq 0|two things in one segment/);
  assert.equal(await page.locator('svg.sheet').count(), 1);
  assert.equal(await page.locator('svg.sheet text').count(), 2, 'the hosts’ names, and nothing else');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('.head').isVisible(), false);
  assert.equal(await page.locator('[data-print]').isVisible(), false);
  assert.ok(await page.locator('[data-step=next]').isVisible());
});

test('a lesson is presented with keys alone, with the ladder and large type', async () => {
  const { page, complaints } = await openPage(on, 'index.html?lang=en&lesson=05-handshake&present=1');
  const lesson = page.locator('lab-lesson');
  await page.waitForFunction(() => document.querySelector('tcp-lab')?.shadowRoot?.activeElement?.role === 'main');
  assert.equal(await page.locator('lab-header nav').isVisible(), false);
  const size = (/** @type {string} */ selector) => page.locator(selector).evaluate((element) => element.getBoundingClientRect());
  assert.ok((await size('lab-ladder')).height > 400);
  const [cable, layer] = [await size('lab-wire .wire'), await size('lab-host.client li.link')];
  const line_y = (cable.top + cable.bottom) / 2;
  assert.ok(line_y > layer.top && line_y < layer.bottom, 'the cable is fixed to the link layer');
  await page.keyboard.press('n');
  await lesson.locator('[data-step=closed-listen]').waitFor();
  await page.keyboard.press('PageDown');
  await lesson.locator('[data-choice=zero]').waitFor();
  await page.keyboard.press('3');
  await lesson.locator('[data-choice=any].chosen').waitFor();
  await page.keyboard.press('Enter');
  await lesson.locator('[data-step=next]').waitFor();
  const type = await lesson.locator('[data-step=next]').evaluate((text) => Number.parseFloat(getComputedStyle(text).fontSize));
  assert.ok(type >= 19, `${type}`);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press('Escape');
  await page.waitForURL(/teacher\.html/);
  assert.deepEqual(complaints, []);
});
