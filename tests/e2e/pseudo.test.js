/**
 * The page in a made-up language whose texts are longer by two fifths: nothing is cut, nothing overlaps, nothing sticks out, and
 * nothing is written that is no message. On the lab, in each view, in a lesson and on the pages around it, at three widths.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { openBrowser } from './browser.js';
import { CLOSE, OPEN, buildPseudo, pseudoText } from './pseudo.js';
import { TABS } from '../../web/model/app.js';
import { startServer } from '../../web/serve.js';

const SIZES = [
  [1440, 900],
  [768, 1024],
  [360, 740],
];
const folder = mkdtempSync(join(tmpdir(), 'tcplab-pseudo-'));

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;
before(async () => {
  await buildPseudo(folder);
  server = await startServer(folder);
  on = await openBrowser();
});
after(async () => {
  await on?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the language itself: longer, accented, in brackets, blanks and signs as they were', () => {
  const long = pseudoText('Retransmission timeout');
  assert.ok(long.startsWith(OPEN) && long.endsWith(CLOSE));
  assert.ok(long.length > 1.4 * 'Retransmission timeout'.length);
  assert.doesNotMatch(long, /[aeiouy]/i);
  assert.equal(pseudoText(' ms · '), ` ${OPEN}mš · ẅï${CLOSE} `.replace('mš · ẅï', pseudoText('ms ·').slice(1, -1)));
  assert.equal(pseudoText(', '), ', ');
});

/** @param {string} path @param {number[]} size */
async function open(path, [width, height]) {
  const context = await on.browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`${server.url}${path}${path.includes('?') ? '&' : '?'}lang=en`);
  return { page, context };
}

/** Names that are the same in every language: of the product, of machines, programs, calls, variables and units. */
const NAMES = ['Lab', 'client', 'server', 'Mbit', 'ping', 'cwnd', 'ssthresh', 'receiver', 'sender', 'echo', 'lesson'];

/**
 * What is wrong with what can be seen.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
const troubles = (page) =>
  page.evaluate(
    ({ first, last, names }) => {
      /** All elements, in shadow roots, too. @param {Document | ShadowRoot} root @returns {Element[]} */
      const inside = (root) => [...root.querySelectorAll('*')].flatMap((each) => [each, ...(each.shadowRoot ? inside(each.shadowRoot) : [])]);
      const found = /** @type {string[]} */ ([]);
      /** What can be seen of a box, in all that scrolls or cuts around it. @param {Element} each */
      const shown = (each) => {
        let { left, right, top, bottom } = each.getBoundingClientRect();
        for (let at = each.parentElement ?? /** @type {any} */ (each.getRootNode()).host; at; at = at.parentElement ?? /** @type {any} */ (at.getRootNode()).host) {
          if (getComputedStyle(at).overflowY === 'visible') continue;
          const box = at.getBoundingClientRect();
          [left, right, top, bottom] = [Math.max(left, box.left), Math.min(right, box.right), Math.max(top, box.top), Math.min(bottom, box.bottom)];
        }
        return { left, right, top, bottom };
      };
      const seen = /** @type {HTMLElement[]} */ (inside(document)).filter((each) => each.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }));
      /** Where it is, for people. @param {Element} each */
      const name = (each) => `${/** @type {any} */ (each.getRootNode()).host?.localName ?? ''} ${each.localName}.${each.getAttribute('class') ?? ''}`;
      /** Texts of its own. @param {Element} each */
      const ownText = (each) => [...each.childNodes].flatMap((node) => (node.nodeType === Node.TEXT_NODE ? [String(node.textContent)] : [])).join('');
      /** Code, numbers, names and what people wrote are no messages. @param {Element} each */
      const isData = (each) => {
        for (let at = /** @type {Element | null} */ (each); at; at = at.parentElement ?? /** @type {any} */ (at.getRootNode()).host ?? null) {
          if (at.matches('code, pre, textarea, select, svg, .mono, .hidden, .text, [lang], [data-own]')) return true;
          if (getComputedStyle(at).fontFamily.includes('monospace') && !getComputedStyle(at).fontFamily.includes('sans-serif')) return true;
          if (at.localName === 'html' || at.shadowRoot) return false;
        }
        return false;
      };
      for (const each of seen) {
        const style = getComputedStyle(each);
        const box = each.getBoundingClientRect();
        const text = ownText(each);
        const clips = ['hidden', 'clip'].includes(style.overflowX) && each.clientWidth > 1 && !each.matches('.hidden');
        if (clips && each.scrollWidth > each.clientWidth + 1 && each.textContent?.trim() && !each.title.includes(each.textContent.trim())) found.push(`cut: ${name(each)} ${each.scrollWidth} > ${each.clientWidth} “${each.textContent.trim().slice(0, 60)}”`);
        const words = (text.match(/[A-Za-z]*[a-z]{3,}/g) ?? []).filter((word) => !names.includes(word));
        if (words.length > 0 && !text.includes(first) && !text.includes(last) && !isData(each) && box.width > 1) found.push(`no message: ${name(each)} “${text.trim().slice(0, 60)}”`);
      }
      const controls = seen.filter((each) => each.matches('button, select, a.button, input'));
      for (const [i, one] of controls.entries()) {
        const a = shown(one);
        for (const other of controls.slice(i + 1)) {
          const b = shown(other);
          if (one.getRootNode() !== other.getRootNode() || one.contains(other) || other.contains(one)) continue;
          const [across, down] = [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];
          if (across > 2 && down > 2) found.push(`overlap: ${name(one)} “${one.textContent?.trim().slice(0, 30)}” and “${other.textContent?.trim().slice(0, 30)}”`);
        }
      }
      const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
      return over > 0 ? [...found, `the page is ${over} px too wide`] : found;
    },
    { first: OPEN, last: CLOSE, names: NAMES },
  );

for (const size of SIZES) {
  test(`${size[0]} px: the lab, at its beginning and with a connection`, async () => {
    const { page, context } = await open('index.html', size);
    await page.locator('lab-host .chip').first().waitFor();
    assert.deepEqual(await troubles(page), [], 'at the beginning');
    await page.evaluate(() => {
      const { app } = /** @type {any} */ (document.querySelector('tcp-lab'));
      app.session.connect(0);
      app.seek(70_000);
    });
    await page.locator('lab-ladder svg').first().waitFor();
    assert.deepEqual(await troubles(page), [], 'while it shakes hands');
    await context.close();
  });

  test(`${size[0]} px: each view of the drawer`, async () => {
    const { page, context } = await open('index.html', size);
    await page.locator('lab-host .chip').first().waitFor();
    await page.evaluate(() => {
      const { app } = /** @type {any} */ (document.querySelector('tcp-lab'));
      app.session.connect(0);
      app.seek(300_000);
      app.session.send(0, 'TCP counts bytes. '.repeat(300));
      app.seek(app.cursor.t_us + 70_000);
      app.select(app.record.frames.at(-3).frame);
    });
    const found = [];
    for (const tab of TABS) {
      await page.evaluate((name) => /** @type {any} */ (document.querySelector('tcp-lab')).app.open(name), tab);
      await page.locator(`lab-${tab}`).waitFor();
      found.push(...(await troubles(page)).map((each) => `${tab}: ${each}`));
    }
    assert.deepEqual(found, []);
    await context.close();
  });

  test(`${size[0]} px: what opens over the page`, async () => {
    const { page, context } = await open('index.html', size);
    await page.locator('lab-host .chip').first().waitFor();
    const found = [];
    for (const [wish, dialog] of [['open-runs', 'lab-runs'], ['share', 'lab-share'], ['help', 'lab-help']]) {
      await page.locator('lab-header').evaluate((header, type) => header.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true })), wish);
      await page.locator(`${dialog} dialog[open]`).waitFor();
      found.push(...(await troubles(page)).map((each) => `${dialog}: ${each}`));
      await page.keyboard.press('Escape');
      await page.locator(`${dialog} dialog[open]`).waitFor({ state: 'detached' });
    }
    assert.deepEqual(found, []);
    await context.close();
  });

  test(`${size[0]} px: a lesson, the course, and the pages for those who teach and write`, async () => {
    const { page, context } = await open('index.html?lesson=05-handshake', size);
    const next = page.locator('lab-lesson [data-continue]');
    await next.click();
    await next.click();
    await page.locator('lab-lesson [data-choice]').first().waitFor();
    assert.deepEqual(await troubles(page), [], 'a question');
    for (const path of ['course.html', 'teacher.html', 'teacher.html?lesson=05-handshake&sheet=blank', 'try.html']) {
      await page.goto(`${server.url}${path}${path.includes('?') ? '&' : '?'}lang=en`);
      await page.locator('li, textarea').first().waitFor();
      assert.deepEqual(await troubles(page), [], path);
    }
    await context.close();
  });
}
