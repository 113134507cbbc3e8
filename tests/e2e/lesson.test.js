/** A lesson in a real browser: predicted, watched, judged, remembered by the course page. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { openBrowser, openPage, violations } from './browser.js';

test('a lesson is taken from its first word to its score, and the course page remembers it', async () => {
  const on = await openBrowser();
  try {
    const { page, complaints } = await openPage(on, 'index.html?lang=en&lesson=05-handshake');
    const lesson = page.locator('lab-lesson');
    const next = lesson.locator('[data-continue]');
    await next.click();
    await next.click();
    await lesson.locator('[data-choice=zero]').click();
    await next.waitFor();
    assert.equal(await lesson.locator('[data-choice=any]').getAttribute('aria-disabled'), 'true', 'the answer is locked');
    await lesson.locator('[data-verdict=wrong]').waitFor();
    assert.match(String(await lesson.locator('[data-after]').textContent()), /1,200,299,770/, 'the number is the run’s');
    assert.ok(await lesson.locator('[data-reason]').isVisible());
    await lesson.locator('.term').first().click();
    assert.ok(await lesson.locator('[data-meaning]').isVisible());
    await next.click();
    await lesson.locator('[data-choice="SYN+ACK"]').click();
    await next.click();
    await lesson.locator('input[name=number]').fill('17');
    await lesson.locator('form button').click();
    await next.click();
    await next.click();
    await lesson.locator('input[name=number]').fill('3');
    await lesson.locator('form button').click();
    await next.click();
    await lesson.locator('[data-task=open]').waitFor();
    assert.deepEqual(await violations(page), []);
    await lesson.locator('[data-show]').click();
    await next.click();
    assert.match(String(await lesson.locator('[data-score]').textContent()), /2 of 5/);
    await page.goto(`${on.url}course.html?lang=ko`);
    const row = page.locator('lab-course [data-lesson="05-handshake"]');
    assert.match(String(await row.textContent()), /5점 가운데 2점/);
    assert.equal(await page.locator('lab-course [data-lesson]').count(), 18);
    assert.deepEqual(complaints, []);
  } finally {
    await on.close();
  }
});

test('a narrow page keeps the lesson in sight, without scrolling sideways', async () => {
  const on = await openBrowser();
  try {
    const { page, complaints } = await openPage(on, 'index.html?lang=ko&lesson=12-flow', { width: 360, height: 780 });
    const next = page.locator('lab-lesson [data-continue]');
    await next.click();
    await next.click();
    await page.locator('lab-lesson input[name=number]').waitFor();
    const box = await page.locator('lab-lesson section').boundingBox();
    assert.ok(box && box.y > 0 && box.y + 40 < 780, JSON.stringify(box));
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    assert.deepEqual(complaints, []);
  } finally {
    await on.close();
  }
});

test('a lesson that does not exist is told, not shown as an empty lab', async () => {
  const on = await openBrowser();
  try {
    const { page } = await openPage(on, 'index.html?lang=en&lesson=99-nothing');
    await page.locator('tcp-lab [role=alert]').waitFor();
    assert.match(String(await page.locator('tcp-lab [role=alert]').textContent()), /no such lesson/);
  } finally {
    await on.close();
  }
});

test('the stack is played by hand: a segment made in the view that forges does the last task', async () => {
  const on = await openBrowser();
  try {
    const { page, complaints } = await openPage(on, 'index.html?lang=en&lesson=18-be-the-stack');
    await page.locator('lab-lesson [data-continue]').waitFor();
    await page.evaluate(async () => {
      const { app } = /** @type {any} */ (document.querySelector('tcp-lab'));
      const { lesson } = app;
      for (await lesson.next(); lesson.run.step?.id !== 'hand-made'; await lesson.next()) {
        if (lesson.run.kind === 'predict') await lesson.predict(lesson.run.verdict.right);
        if (lesson.run.kind === 'task') await lesson.showHow();
      }
      await app.seek(app.cursor.t_us + 300_000);
      app.open('forge');
    });
    await page.locator('lab-lesson [data-task=open]').waitFor();
    await page.locator('lab-forge select[name=node]').selectOption('1');
    await page.locator('lab-forge [data-start=next]').click();
    assert.match(await page.locator('lab-forge input[name=to]').inputValue(), /:7000$/);
    await page.locator('lab-forge input[name=payload]').fill('hello');
    await page.locator('lab-forge input[name=payload]').blur();
    await page.locator('lab-forge [data-forge=send]').click();
    await page.locator('lab-lesson [data-task=done]').waitFor();
    assert.deepEqual(complaints, []);
  } finally {
    await on.close();
  }
});
