/** <tcp-lab> in pages that allow scripts: as a module and as a classic script, behind a policy, many on one page. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { violations } from '../e2e/browser.js';
import { article, checkGuest, openPage, withHosts } from './support.js';

const MODULE = '<script type="module" src="/lab/tcp-lab.js"></script>';
const POLICY = "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'";

test('a page whose policy allows its own scripts and WebAssembly, and no more', async () => {
  const page_of = { body: article('<tcp-lab lang="en" speed="1"></tcp-lab>', MODULE), headers: { 'content-security-policy': POLICY } };
  await withHosts({ '/': page_of }, async ({ browser, host }) => {
    const { page, complaints } = await openPage(browser, host);
    await checkGuest(page, page);
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), undefined, 'the page’s own elements are left alone');
    assert.equal(await page.evaluate(() => localStorage.length + document.cookie.length), 0, 'nothing is kept');
    assert.deepEqual(complaints(), []);
  });
});

test('a classic script of another origin that allows nothing to others', async () => {
  const page_of = (/** @type {string} */ lab) => ({ body: article('<tcp-lab lang="ko" speed="1"></tcp-lab>', `<script src="${lab}tcp-lab.classic.js"></script>`) });
  await withHosts({ '/': page_of }, async ({ browser, host }) => {
    const { page, complaints } = await openPage(browser, host, { allowed: /CORS policy|Failed to load resource/ });
    await checkGuest(page, page);
    assert.deepEqual(complaints(), []);
  });
});

test('attributes are read, obeyed when they change, and tell what they cannot be', async () => {
  await withHosts({ '/': { body: article('<tcp-lab lang="en" lesson="05-handshake" theme="dark"></tcp-lab>', MODULE) } }, async ({ browser, host }) => {
    const { page, complaints } = await openPage(browser, host);
    const lab = page.locator('tcp-lab');
    await lab.locator('lab-lesson [data-continue]').waitFor();
    assert.deepEqual(await violations(page), []);
    assert.equal(await lab.evaluate((element) => getComputedStyle(element).getPropertyValue('--paper').trim()), '#12151a');
    await lab.evaluate((element) => element.setAttribute('lesson', '07-close'));
    await lab.locator('lab-lesson h2', { hasText: 'Lesson 7' }).waitFor();
    await lab.evaluate((element) => element.setAttribute('lang', 'ko'));
    await lab.locator('lab-lesson h2', { hasText: '수업 7' }).waitFor();
    await lab.evaluate((element) => (element.removeAttribute('lesson'), element.setAttribute('controls', 'player')));
    await lab.locator('lab-player').waitFor();
    await lab.locator('lab-program').first().waitFor({ state: 'hidden' });
    const error = await lab.evaluate(
      (element) =>
        new Promise((done) => {
          element.addEventListener('tcplab-error', (event) => done(/** @type {CustomEvent} */ (event).detail.message));
          element.setAttribute('seed', 'many');
        }),
    );
    assert.match(error, /“seed”.*“many”/);
    assert.deepEqual(complaints(), []);
  });
});

test('labs that were never in sight have not begun; one that leaves it rests, and goes on when it is back', async () => {
  const labs = Array.from({ length: 4 }, (_, i) => `<tcp-lab lang="en" id="lab-${i}"></tcp-lab><div style="height: 2000px"></div>`).join('');
  await withHosts({ '/': { body: article(labs, MODULE) } }, async ({ browser, host, asked }) => {
    const { page, complaints } = await openPage(browser, host);
    const begun = () => page.evaluate(() => [...document.querySelectorAll('tcp-lab')].filter((lab) => /** @type {any} */ (lab).app).length);
    await page.locator('#lab-0 lab-host .chip').first().waitFor();
    assert.equal(await begun(), 1);
    await page.locator('#lab-0 [data-call=connect]').click();
    await page.locator('#lab-3').scrollIntoViewIfNeeded();
    await page.locator('#lab-3 lab-host .chip').first().waitFor();
    await page.waitForFunction(() => !(/** @type {any} */ (document.querySelector('#lab-0')).in_sight));
    const requested = await page.evaluate(() => /** @type {any} */ (document.querySelector('#lab-0')).app.timeline.playing);
    assert.equal(requested, true, 'it still means to play');
    // No frame is asked for: after the last one there is none.
    await page.waitForFunction(() => /** @type {any} */ (document.querySelector('#lab-0')).frame_request === 0);
    await page.locator('#lab-0').scrollIntoViewIfNeeded();
    await page.waitForFunction(() => /** @type {any} */ (document.querySelector('#lab-0')).frame_request !== 0);
    assert.equal(asked.filter((path) => path.endsWith('.wasm')).length, 1, 'one module for all');
    assert.deepEqual(complaints(), []);
  });
});

/** What the process of a page holds for itself alone, in MiB (Linux). @param {number} pid */
function privateMib(pid) {
  const all = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return [...all.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].reduce((sum, [, kb]) => sum + Number(kb) / 1024, 0);
}

/** How a lab is put into a page, and where it is found then. @type {Record<string, {tag: string, attribute: string, value: string, lab: (page: import('playwright-core').Page, index: number) => import('playwright-core').Locator}>} */
const KINDS = {
  element: { tag: 'tcp-lab', attribute: 'lang', value: 'en', lab: (page, index) => page.locator('tcp-lab').nth(index) },
  frame: { tag: 'iframe', attribute: 'src', value: '/lab/embed.html?lang=en', lab: (page, index) => page.frameLocator('iframe').nth(index).locator('tcp-lab') },
};

for (const [kind, { tag, attribute, value, lab }] of Object.entries(KINDS)) {
  test(`each further lab on a page costs less than 6 MiB: ${kind}`, async (t) => {
    const more = 5;
    await withHosts({ '/': { body: article('<div id="labs"></div>', MODULE) } }, async ({ browser, host }) => {
      const { page, context } = await openPage(browser, host);
      const on_browser = await browser.newBrowserCDPSession();
      const on_page = await context.newCDPSession(page);
      /** By process, the least of some looks: what else a process is about comes and goes. @returns {Promise<Map<number, number>>} */
      const measure = async () => {
        const least = new Map();
        for (let i = 0; i < 8; i++) {
          // Without what the browser only keeps because there is room.
          await on_page.send('Memory.simulatePressureNotification', { level: 'critical' });
          await on_page.send('HeapProfiler.collectGarbage');
          const { processInfo } = await on_browser.send('SystemInfo.getProcessInfo');
          const renderers = processInfo.filter(({ type }) => type === 'renderer');
          for (const { id } of renderers) least.set(id, Math.min(least.get(id) ?? Infinity, privateMib(id)));
        }
        return least;
      };
      /** Adds one, and watches a whole connection in it. @param {number} index */
      const add = async (index) => {
        await page.evaluate(
          (given) => {
            const element = document.createElement(given.tag);
            element.setAttribute(given.attribute, given.value);
            document.getElementById('labs')?.append(element);
            element.scrollIntoView();
          },
          { tag, attribute, value },
        );
        await lab(page, index).locator('lab-host .chip').first().waitFor();
        await lab(page, index).evaluate((element) => {
          const { app } = /** @type {any} */ (element);
          app.session.connect(0);
          app.seek(1_000_000);
          app.session.send(0, 'hello');
          app.seek(2_000_000);
          app.session.close(0);
          app.seek(5_000_000);
        });
      };
      for (let i = 0; i < 2; i++) await add(i);
      const before = await measure();
      for (let i = 0; i < more; i++) await add(i + 2);
      // The page's own process is the one that grew most.
      const growth = [...(await measure())].map(([id, mib]) => mib - (before.get(id) ?? mib));
      const each = Math.max(...growth) / more;
      t.diagnostic(`${each.toFixed(2)} MiB each`);
      assert.ok(each < 6, `${each.toFixed(2)} MiB each`);
    });
  });
}
