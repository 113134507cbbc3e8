/** A switch: the first question goes everywhere, what it has learned only where it should, and its table shows what it knows. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { LabPage, openBrowser, openPage, violations } from './browser.js';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

/** @param {string} [language] @param {{width?: number, height?: number}} [size] */
async function openSwitched(language = 'en', size = {}) {
  const { page, complaints } = await openPage(on, `?preset=switch&lang=${language}&theme=light`, size);
  await page.locator('lab-net .net').waitFor();
  await page.locator('lab-player select').selectOption('0.001');
  return new LabPage(page, complaints);
}

/** Steps until a sentence says so. @param {LabPage} lab @param {RegExp} so */
async function stepUntil(lab, so) {
  for (let i = 0; i < 150 && !so.test(await lab.sentence()); i++) await lab.step('on');
  assert.match(await lab.sentence(), so);
}

/** The switch's table: address, port, age. @param {import('playwright-core').Page} page */
async function tableOf(page) {
  await page.locator('lab-tables').getByRole('button', { name: 'Switch' }).click();
  const rows = page.locator('lab-tables table').filter({ hasText: 'Learned addresses' }).locator('tbody tr');
  return async () => (await rows.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
}

test('somebody pings across the switch: flooding, then forwarding, and the table', async () => {
  const lab = await openSwitched();
  const { page } = lab;
  assert.equal(await page.locator('lab-net .node[data-node="2"] .layers i').count(), 1, 'it has a link layer and nothing above');
  await page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-lab')).app.open('terminal'));
  const line = page.locator('lab-terminal form input');
  for (const typed of ['host switch', 'host printer', 'pause', 'ping', 'pause']) {
    await line.fill(typed);
    await line.press('Enter');
  }
  assert.match(await page.locator('lab-terminal .log .error').first().innerText(), /switch/, 'no programs run on a switch');
  assert.equal(await page.locator('lab-terminal form label').innerText(), 'printer$');
  await page.locator('lab-terminal .log').getByText('printer$ ping').waitFor();

  await stepUntil(lab, /The switch learns that 02:00:00:00:00:01 is at the port to the client/);
  await stepUntil(lab, /sends the frame with ARP out by all 3 other ports: it is for everybody/);
  await lab.shot('switch-flood-1440-en');
  await stepUntil(lab, /The switch learns that 02:00:00:00:00:03 is at the port to printer/);
  await stepUntil(lab, /sends the frame with ICMP out by the port to the server only/);
  await lab.shot('switch-forward-1440-en');
  await stepUntil(lab, /got the answer to its ping/);

  await page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-lab')).app.open('tables'));
  const table = await tableOf(page);
  await assert.doesNotReject(page.locator('lab-tables').getByText('02:00:00:00:00:03').waitFor());
  const rows = await table();
  assert.equal(rows.length, 3);
  assert.ok(rows.some((row) => /^02:00:00:00:00:02 port1 Server \d/.test(row)), rows.join());
  assert.ok(rows.some((row) => /^02:00:00:00:00:03 port2 printer \d/.test(row)), rows.join());
  assert.equal(await page.locator('lab-tables table').count(), 2, 'no sockets, no routes');
  await lab.shot('switch-table-1440-en');
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('a cable that is pulled takes its addresses out of the table, and what goes there is flooded', async () => {
  const lab = await openSwitched();
  const { page } = lab;
  const seek = (/** @type {number} */ ms) => page.evaluate((us) => /** @type {any} */ (document.querySelector('tcp-lab')).app.seek(us), ms * 1000);
  await seek(1690);
  await page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-lab')).app.open('tables'));
  await page.locator('lab-tables').waitFor();
  const table = await tableOf(page);
  await page.locator('lab-tables').getByText('02:00:00:00:00:02').waitFor();
  assert.equal((await table()).length, 2);
  await seek(1750);
  await page.locator('lab-tables').getByText('02:00:00:00:00:02').waitFor({ state: 'detached' });
  assert.equal((await table()).length, 1);
  await seek(1690);
  await page.locator('lab-tables').getByText('02:00:00:00:00:02').waitFor();
  await stepUntil(lab, /forgets 02:00:00:00:00:02 at the port to the server: the cable there was unplugged/);
  await stepUntil(lab, /out by all 3 other ports: it has not learned yet where the receiver is/);
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

for (const [width, height] of [[768, 1024], [360, 740]]) {
  test(`a switch at ${width} px, in Korean`, async () => {
    const lab = await openSwitched('ko', { width, height });
    await stepUntil(lab, /스위치가 ARP 프레임을 다른 포트 3개로 모두 내보냅니다/);
    await lab.step('segment');
    await lab.shot(`switch-${width}-ko`);
    assert.equal(await lab.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    assert.deepEqual(lab.complaints, []);
    await lab.close();
  });
}
