/** The ladder under a person's hands: larger, smaller, moved, all of it, also when it is long. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, openLab } from './browser.js';

/** @typedef {import('./browser.js').LabPage} LabPage */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

/** A connection over which a file goes, run to its end. @param {number} bytes @param {object} [how] */
async function withFile(bytes, how = {}) {
  const lab = await openLab(on, { speed: '0.001', ...how });
  await lab.connect();
  const buffer = Buffer.alloc(bytes, 7);
  await lab.page.locator('lab-program').first().locator('input[type=file]').setInputFiles({ name: 'notes.bin', mimeType: 'application/octet-stream', buffer });
  await lab.call('send');
  await lab.page.evaluate(async () => {
    const { app } = /** @type {any} */ (document.querySelector('tcp-lab'));
    app.seek(app.cursor.t_us + 3_000_000);
    while (app.timeline.journey) await new Promise((next) => setTimeout(next));
  });
  return lab;
}

/** @param {LabPage} lab */
const ladder = ({ page }) => page.locator('lab-ladder');

/** What the ladder shows: its scale, its place, how it draws. @param {LabPage} lab */
const shown = (lab) =>
  ladder(lab).evaluate(async (element) => {
    const of = /** @type {any} */ (element);
    await of.updateComplete;
    const canvas = /** @type {HTMLCanvasElement} */ (of.renderRoot.querySelector('canvas'));
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (copy.getContext('2d', { willReadFrequently: true }));
    if (!canvas.hidden) context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    const beside = context.getImageData(0, 0, 54, copy.height).data;
    return {
      scale: of.view.px_per_us,
      top: of.view.top,
      mode: of.view.mode,
      as: of.drawn[0].in_view.as,
      arrows: of.renderRoot.querySelectorAll('.arrow').length,
      isPainted: data.some((value) => value > 0),
      /** What is written beside it: on the canvas, or as marks. */
      written: beside.some((value) => value > 0),
      marked: of.renderRoot.querySelectorAll('.tick').length > 0,
      colours: data.reduce((sum, value, i) => (sum * 31 + value * (i + 1)) % 1_000_003, 7),
      span_us: of.view.seen(0),
      scroll_gap: Math.abs(of.scroller.scrollTop - of.view.scroll_top),
    };
  });

test('a long run: all of it as shades, larger as lines, larger as arrows; a line can be chosen', async () => {
  const lab = await withFile(4_000_000);
  await ladder(lab).getByRole('button', { name: 'Fit' }).click();
  const all = await shown(lab);
  assert.equal(all.as, 'shades');
  assert.ok(all.isPainted);
  assert.deepEqual([all.written, all.marked, all.arrows], [true, false, 0]);
  assert.ok(all.span_us[0] <= 0 && all.span_us[1] >= 3_000_000, 'from the beginning to the end');
  assert.match(await ladder(lab).locator('.hint').innerText(), /Too many frames/);
  await lab.shot('ladder-shades');
  await ladder(lab).locator('.scroller').focus();
  const seen = new Set();
  for (let i = 0; i < 40 && !seen.has('arrows'); i++) {
    await lab.page.keyboard.press('+');
    const now = await shown(lab);
    if (now.as === 'lines' && !seen.has('lines')) {
      assert.ok(now.isPainted);
      assert.deepEqual([now.written, now.marked, now.arrows], [true, false, 0]);
      await lab.shot('ladder-lines');
      const frame = await ladder(lab).evaluate((element) => {
        const of = /** @type {any} */ (element);
        const { left, top } = of.scroller.getBoundingClientRect();
        for (let y = 40; y < of.height - 40; y += 5) if (of.frameAt({ clientX: left + of.width / 2, clientY: top + y })) return { x: left + of.width / 2, y: top + y };
        return null;
      });
      assert.ok(frame, 'a line runs through the middle');
      await lab.page.mouse.move(frame.x, frame.y);
      await lab.page.mouse.click(frame.x, frame.y);
      await lab.page.locator('lab-packet .dump').waitFor();
      assert.equal(await ladder(lab).locator('.arrow.selected').count(), 1, 'it stands out as an arrow');
      await lab.page.keyboard.press('Escape');
      await ladder(lab).locator('.scroller').focus();
    }
    seen.add(now.as);
  }
  assert.deepEqual([...seen].filter((as) => as !== 'shades'), ['lines', 'arrows']);
  const near = await shown(lab);
  assert.ok(near.arrows > 0 && near.arrows <= 90);
  assert.deepEqual([near.written, near.marked], [false, true]);
  await lab.page.keyboard.press('0');
  const again = await shown(lab);
  assert.deepEqual([again.mode, again.arrows], ['fit', 1], 'of the arrows only the chosen one is left');
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('what is painted takes on the colours of the page when they change', async () => {
  const lab = await withFile(4_000_000);
  await ladder(lab).getByRole('button', { name: 'Fit' }).click();
  const light = (await shown(lab)).colours;
  const changed = async (/** @type {number} */ from) => {
    for (let i = 0; i < 200; i++) {
      const { colours } = await shown(lab);
      if (colours !== from) return colours;
    }
    return from;
  };
  const toDark = () => lab.page.locator('lab-header').getByRole('button', { name: 'Dark' }).click();
  await toDark();
  const dark = await changed(light);
  assert.notEqual(dark, light);
  await toDark();
  assert.equal(await changed(dark), light, 'and the first ones again');
  await lab.close();
});

test('a wheel with ctrl makes it larger at the hand; without, it scrolls; a mouse drags it; "follow" comes back to now', async () => {
  const lab = await withFile(300_000);
  const box = await ladder(lab).locator('.scroller').boundingBox();
  assert.ok(box);
  const at = { x: box.x + box.width / 2, y: box.y + 120 };
  await lab.page.mouse.move(at.x, at.y);
  const first = await shown(lab);
  const timeAt = () => ladder(lab).evaluate((element) => /** @type {any} */ (element).view.axis.toUs(120 + /** @type {any} */ (element).view.top - 20));
  const under = await timeAt();
  await lab.page.keyboard.down('Control');
  await lab.page.mouse.wheel(0, -120);
  await lab.page.keyboard.up('Control');
  const larger = await shown(lab);
  assert.ok(larger.scale > first.scale);
  assert.ok(Math.abs((await timeAt()) - under) < 2000, 'what is under the hand stays there');
  await lab.page.mouse.wheel(0, -200);
  await lab.page.waitForFunction((top) => /** @type {any} */ (document.querySelector('tcp-lab')).renderRoot.querySelector('lab-ladder').view.top < top, larger.top);
  const scrolled = await shown(lab);
  assert.equal(scrolled.mode, 'free');
  await lab.page.mouse.move(at.x - 150, at.y);
  await lab.page.mouse.down();
  await lab.page.mouse.move(at.x - 150, at.y + 60, { steps: 4 });
  await lab.page.mouse.up();
  const dragged = await shown(lab);
  assert.ok(Math.abs(scrolled.top - dragged.top - 60) < 2, 'it went along with the hand');
  assert.equal(await lab.page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-lab')).app.drawer_open), false, 'and nothing was chosen');
  await ladder(lab).getByRole('button', { name: 'Follow' }).click();
  const back = await shown(lab);
  const now_us = await lab.page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-lab')).app.cursor.t_us);
  assert.ok(back.span_us[0] <= now_us && now_us <= back.span_us[1]);
  assert.ok(back.scroll_gap < 1.5);
  await lab.close();
});

test('while a hand drags time along, the stage and the ladder are drawn in turns, and both when it rests', async () => {
  const lab = await withFile(60_000);
  const turns = await lab.page.evaluate(async () => {
    const root = /** @type {any} */ (document.querySelector('tcp-lab')).renderRoot;
    const [stage, paper, player] = ['lab-wire', 'lab-ladder', 'lab-player'].map((name) => root.querySelector(name));
    const input = player.renderRoot.querySelector('input');
    let drawn = '';
    for (const [name, element] of Object.entries({ stage, paper })) {
      const { updated } = element;
      element.updated = (/** @type {any} */ changed) => {
        drawn += `${name} `;
        updated.call(element, changed);
      };
    }
    const turn = async (/** @type {string} */ type, /** @type {number} */ px) => {
      drawn = '';
      input.value = String(px);
      input.dispatchEvent(new Event(type));
      await Promise.all([stage, paper, player].map((each) => each.updateComplete));
      return drawn.trim();
    };
    const dragged = [];
    for (let i = 0; i < 6; i++) dragged.push(await turn('input', 100 + i * 20));
    return { dragged: dragged.join(', '), rested: await turn('change', 200) };
  });
  assert.match(turns.dragged, /^(stage, paper, stage, paper, stage, paper|paper, stage, paper, stage, paper, stage)$/);
  assert.equal(turns.rested, 'stage paper');
  await lab.close();
});

test('two fingers make it larger, on a phone', async () => {
  const lab = await withFile(60_000, { width: 360, height: 740 });
  await ladder(lab).locator('.scroller').scrollIntoViewIfNeeded();
  const before_ = await shown(lab);
  const touch = (/** @type {string} */ type, /** @type {number} */ apart) =>
    ladder(lab).evaluate(
      (element, how) => {
        const scroller = /** @type {any} */ (element).scroller;
        const { left, top } = scroller.getBoundingClientRect();
        const touches = [0, 1].map((identifier) => new Touch({ identifier, target: scroller, clientX: left + 100, clientY: top + 100 + identifier * how.apart }));
        scroller.dispatchEvent(new TouchEvent(how.type, { touches, bubbles: true, cancelable: true }));
      },
      { type, apart },
    );
  await touch('touchstart', 40);
  await touch('touchmove', 80);
  assert.ok(Math.abs((await shown(lab)).scale / before_.scale - 2) < 0.01);
  await lab.close();
});

test('the table turns its pages, and an empty ladder says what it is for', async () => {
  const lab = await openLab(on, { speed: '0.001' });
  assert.match(await ladder(lab).locator('.hint').innerText(), /press connect\(\)/);
  await lab.close();
  const long = await withFile(400_000);
  await ladder(long).getByRole('button', { name: 'As a table' }).click();
  const rows = ladder(long).locator('tbody tr');
  assert.equal(await rows.count(), 200);
  const last = await rows.last().getAttribute('data-frame');
  await ladder(long).getByRole('button', { name: 'Earlier' }).click();
  assert.notEqual(await rows.last().getAttribute('data-frame'), last);
  await ladder(long).getByRole('button', { name: 'Later' }).click();
  assert.equal(await rows.last().getAttribute('data-frame'), last);
  await long.close();
});

test('arrows that have passed leave no node behind', async () => {
  const lab = await withFile(60_000);
  const nodes = () =>
    ladder(lab).evaluate(async (element) => {
      const of = /** @type {any} */ (element);
      for (const part of [0, 0.25, 0.5, 0.75, 1, 0]) {
        of.app.seek(of.app.timeline.end_us * part);
        await of.updateComplete;
      }
      const walker = document.createTreeWalker(of.renderRoot, NodeFilter.SHOW_ALL);
      let count = 0;
      while (walker.nextNode()) count++;
      return count;
    });
  const first = await nodes();
  for (let i = 0; i < 3; i++) assert.equal(await nodes(), first);
  await lab.close();
});
