/**
 * Ten key scenes, told as text: what stands where, what a person can read, which frames are where on the cable, and the ladder
 * row by row. Not as pixels: fonts differ from machine to machine, and this does not. `UPDATE_SCENES=1 node --test
 * tests/e2e/scenes.test.js` writes scenes.txt anew; what changed is then to be looked at before it is committed.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { TOP } from '../support/from-web.js';
import { openBrowser, openLab } from './browser.js';

const KEPT = join(TOP, 'tests/e2e/scenes.txt');

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

/** What is in sight, from top to bottom and from left to right; things within 24 px of each other are in one row. @param {import('playwright-core').Page} page */
const places = (page) =>
  page.evaluate(() => {
    const root = document.querySelector('tcp-lab')?.shadowRoot;
    const names = ['lab-header', 'lab-news', 'lab-host', 'lab-wire', 'lab-link', 'lab-program', 'lab-ladder', 'lab-predict', 'lab-player', 'lab-drawer'];
    const boxes = [...(root?.querySelectorAll(names.join(',')) ?? [])]
      .map((element) => ({ name: element.localName, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && box.height > 0)
      .sort((a, b) => (Math.abs(a.box.top - b.box.top) > 24 ? a.box.top - b.box.top : a.box.left - b.box.left));
    return boxes.map(({ name }) => name.replace('lab-', '')).join(' ');
  });

/** Where frames are on the cable, in tenths of it, and what they are. @param {import('playwright-core').Page} page */
const onTheWire = (page) =>
  page.evaluate(() => {
    const app = document.querySelector('tcp-lab')?.app;
    if (!app) return [];
    return app.state.flying.map((id) => {
      const frame = app.record.by_frame.get(id);
      const span = (frame?.arrival_us ?? 0) - (frame?.sent_us ?? 0);
      return `${frame?.protocol} ${frame?.segment?.flags ?? ''} from ${frame?.node} at ${Math.round((10 * (app.cursor.t_us - (frame?.sent_us ?? 0))) / (span || 1))}/10`;
    });
  });

/** The ladder as its table says it. @param {import('playwright-core').Page} page */
async function ladder(page) {
  const toggle = page.locator('lab-ladder .tools button').last();
  await toggle.click();
  const rows = await page.locator('lab-ladder table tbody tr').evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent?.trim().replace(/\s+/g, ' ')).join(' | ')));
  await toggle.click();
  return rows;
}

/** @param {import('./browser.js').LabPage} lab @param {string} name */
async function scene(lab, name) {
  const { page } = lab;
  const text = async (/** @type {string} */ selector) => (await page.locator(selector).allInnerTexts()).map((each) => each.replace(/\s+/g, ' ').trim());
  const drawer = (await page.locator('lab-drawer [role=tab][aria-selected=true]').allInnerTexts()).join('');
  return [
    `== ${name}`,
    `places: ${await places(page)}`,
    `states: ${await lab.chips()}`,
    `says: ${await lab.sentence()}`,
    `why: ${(await text('lab-news .why')).join(' ')}`,
    `layers: ${(await text('lab-host li')).join(' / ')}`,
    `wire: ${(await onTheWire(page)).join(', ')}`,
    `calls: ${(await text('lab-program [data-call]')).join(' ')}`,
    `drawer: ${drawer}`,
    ...(await ladder(page)).map((row) => `ladder: ${row}`),
    '',
  ]
    .map((line) => line.trimEnd())
    .join('\n');
}

test('ten key scenes are as they were', async () => {
  const told = [];
  const lab = await openLab(on, { speed: '0.001' });
  const { page } = lab;
  told.push(await scene(lab, 'first look'));
  await lab.call('connect');
  await lab.step('segment');
  told.push(await scene(lab, 'SYN on its way'));
  await page.keyboard.press('d');
  told.push(await scene(lab, 'SYN dropped'));
  await lab.step('segment');
  told.push(await scene(lab, 'SYN sent again'));
  await lab.statesUntil('ESTABLISHED ESTABLISHED');
  told.push(await scene(lab, 'connected'));
  await lab.call('send');
  await lab.step('segment');
  await page.locator('.frame').first().click();
  told.push(await scene(lab, 'data grabbed'));
  await page.evaluate(() => {
    const app = document.querySelector('tcp-lab')?.app;
    app?.look(app.record.frames.findLast((frame) => frame.segment)?.frame ?? 0);
  });
  await page.locator('lab-packet .dump').waitFor();
  told.push(await scene(lab, 'packet opened'));
  await page.evaluate(() => document.querySelector('tcp-lab')?.app.open('faults'));
  await page.locator('[data-next="1 ack"]').click();
  await page.locator('lab-faults .waiting').waitFor();
  told.push(await scene(lab, 'the next ACK will be dropped'));
  await page.evaluate(() => document.querySelector('tcp-lab')?.app.closeDrawer());
  await page.evaluate(() => {
    const app = document.querySelector('tcp-lab')?.app;
    app?.session.close(0);
    app?.session.timeline.seek(app.cursor.t_us + 2_000_000);
    app?.session.close(1);
    app?.session.timeline.seek(app.cursor.t_us + 1_000_000);
    app?.changed();
  });
  told.push(await scene(lab, 'TIME_WAIT'));
  assert.deepEqual(lab.complaints, []);
  await lab.close();

  const phone = await openLab(on, { language: 'ko', width: 360, height: 740, speed: '0.001' });
  await phone.connect();
  told.push(await scene(phone, 'connected, on a phone, in Korean'));
  await phone.close();

  assert.equal(told.length, 10);
  const text = told.join('\n');
  if (process.env.UPDATE_SCENES) writeFileSync(KEPT, text);
  assert.deepEqual(text.split('\n'), readFileSync(KEPT, 'utf8').split('\n'));
});
