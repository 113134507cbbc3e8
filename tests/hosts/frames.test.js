/** Labs in iframes: in pages with scripts and without, from elsewhere, in a sandbox, behind a policy. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { article, checkGuest, openPage, takeLesson, withHosts } from './support.js';

/** What the page hears of the lab: names of events, and the last detail of each. */
const LISTEN = `<script>
  window.heard = {};
  for (const name of ['ready', 'resize', 'step', 'answer', 'complete', 'statement', 'error'])
    document.addEventListener('tcplab-' + name, (event) => (window.heard[name] = event.detail));
</script>`;

const frame = (/** @type {string} */ src, more = '') => `<iframe data-tcplab id="lab" width="100%" height="500" style="border:0" src="${src}" ${more}></iframe>`;

/** @param {import('playwright-core').Page} page @param {string} name @returns {Promise<any>} */
const heard = async (page, name) => {
  await page.waitForFunction((/** @type {string} */ each) => /** @type {any} */ (window).heard[each], name);
  return page.evaluate((/** @type {string} */ each) => /** @type {any} */ (window).heard[each], name);
};

test('a plain page: the frame alone works, the helper makes it as tall as it likes and tells what happens', async () => {
  const body = frame('/lab/embed.html?lang=en&amp;speed=1');
  const pages = { '/': { body: article(body, `${LISTEN}<script type="module" src="/lab/tcplab-host.js"></script>`) } };
  await withHosts(pages, async ({ browser, host }) => {
    const { page, complaints } = await openPage(browser, host);
    await checkGuest(page, page.frameLocator('#lab'));
    assert.deepEqual(await heard(page, 'ready'), { version: 1, lesson: '', lang: 'en' });
    const { height } = await heard(page, 'resize');
    assert.equal(await page.evaluate(() => document.getElementById('lab')?.style.height), `${height}px`);
    const { sentence, event } = await heard(page, 'step');
    assert.ok(sentence && event.kind, JSON.stringify(event));
    assert.deepEqual(complaints(), []);
  });
});

test('a page of another origin: the same, and its commands are done', async () => {
  const page_of = (/** @type {string} */ lab) => ({ body: article(frame(`${lab}embed.html?lang=en&amp;speed=1`), `${LISTEN}<script src="${lab}tcplab-host.classic.js"></script>`) });
  await withHosts({ '/': page_of }, async ({ browser, host }) => {
    const { page, complaints } = await openPage(browser, host);
    await checkGuest(page, page.frameLocator('#lab'));
    const answers = await page.evaluate(async () => {
      const [lab] = /** @type {any} */ (window).tcplabHost.watchLabs();
      await lab.pause();
      await lab.seek(0);
      await lab.step('on');
      await lab.set({ theme: 'dark', lesson: '05-handshake' });
      return lab.set({ onclick: 'x' }).catch((/** @type {Error} */ error) => error.message);
    });
    assert.match(answers, /onclick: there is no such setting/);
    await page.frameLocator('#lab').locator('lab-lesson [data-continue]').waitFor();
    assert.equal(await page.frameLocator('#lab').locator('tcp-lab').getAttribute('data-theme'), 'dark');
    assert.deepEqual(complaints(), []);
  });
});

test('a sandbox without allow-same-origin, on a server that allows nothing to others: the lab comes as a classic script', async () => {
  const body = frame('/lab/embed.html?lang=ko&amp;speed=1', 'sandbox="allow-scripts"');
  const pages = { '/': { body: article(body, `${LISTEN}<script type="module" src="/lab/tcplab-host.js"></script>`) } };
  await withHosts(pages, async ({ browser, host }) => {
    const { page, complaints } = await openPage(browser, host, { allowed: /CORS policy|Failed to load resource/ });
    await checkGuest(page, page.frameLocator('#lab'));
    assert.equal((await heard(page, 'ready')).lang, 'ko');
    assert.ok((await heard(page, 'step')).sentence);
    assert.deepEqual(complaints(), []);
  });
});

test('a sanitised page: an iframe and nothing else, no script runs in it', async () => {
  const body = '<iframe id="lab" src="/lab/embed.html?lang=ko&amp;speed=1" width="100%" height="480" allowfullscreen="allowfullscreen"></iframe>';
  const pages = { '/': { body: article(body), headers: { 'content-security-policy': "script-src 'none'" } } };
  await withHosts(pages, async ({ browser, host }) => {
    const { page, complaints } = await openPage(browser, host);
    await checkGuest(page, page.frameLocator('#lab'));
    assert.deepEqual(complaints(), []);
  });
});

test('a lesson in a frame reports each answer and its end, as messages and as statements', async () => {
  const body = frame('/lab/embed.html?lang=en&amp;lesson=05-handshake');
  const script = `<script>
    window.all = [];
    for (const name of ['answer', 'complete', 'statement'])
      document.addEventListener('tcplab-' + name, (event) => window.all.push([name, event.detail]));
  </script><script type="module" src="/lab/tcplab-host.js"></script>`;
  await withHosts({ '/': { body: article(body, script) } }, async ({ browser, host }) => {
    const { page, complaints } = await openPage(browser, host);
    await takeLesson(page.frameLocator('#lab'));
    await page.waitForFunction(() => /** @type {any} */ (window).all.some((/** @type {any} */ [name]) => name === 'complete'));
    const all = /** @type {[string, any][]} */ (await page.evaluate(() => /** @type {any} */ (window).all));
    const of = (/** @type {string} */ wanted) => all.filter(([name]) => name === wanted).map(([, detail]) => detail);
    assert.equal(of('answer').length, 5);
    assert.deepEqual(of('answer')[0], { version: 1, lesson: '05-handshake', step: of('answer')[0].step, answer: 'zero', right: false });
    assert.equal(of('answer').filter(({ right }) => right).length, 2);
    assert.deepEqual(of('complete'), [{ version: 1, lesson: '05-handshake', points: 2, of: 5, scaled: 0.4 }]);
    assert.equal(of('statement').length, 6);
    assert.equal(of('statement').at(-1).statement.result.score.scaled, 0.4);
    assert.ok(await page.frameLocator('#lab').locator('lab-lesson button[data-next]').isVisible(), 'the next lesson opens in the same frame');
    assert.deepEqual(complaints(), []);
  });
});

test('bad values are sentences in the frame, and a run behind the # is played', async () => {
  await withHosts({}, async ({ browser, lab }) => {
    const { page, complaints } = await openPage(browser, `${lab}embed.html?lang=en&speed=fast&views=all&seed=x`);
    await page.locator('lab-host .chip').first().waitFor();
    assert.equal(await page.locator('.faults li').count(), 3);
    assert.match(await page.locator('.faults').innerText(), /“speed” is a number from 0.001 to 1. “fast” was left out/);
    const run = await page.evaluate(() => {
      const { session } = /** @type {any} */ (document.querySelector('tcp-lab')).app;
      session.connect(0);
      return session.lab.url();
    });
    for (const [bad, sentence] of [
      ['?lang=en&lesson=99-nothing', /no such lesson/],
      ['?lang=en#tcplab:1:damaged', /url: /],
      ['?lang=en&scenario=no-such-run', /no such run/],
      [`?lang=en&scenario=${encodeURIComponent('{"tcplab":1,"nodes":[{"name":"a"}]}')}`, /two nodes or more/],
      [`?lang=en&scenario=${encodeURIComponent('{"tcplab":1,"nodes":7}')}`, /nodes/],
    ]) {
      await page.goto('about:blank');
      await page.goto(`${lab}embed.html${bad}`);
      await page.locator('[role=alert]').waitFor();
      assert.match(await page.locator('[role=alert]').innerText(), /** @type {RegExp} */ (sentence));
    }
    await page.goto('about:blank');
    await page.goto(`${lab}embed.html?lang=en&t=1000#${run}`);
    await page.locator('lab-host .chip', { hasText: 'ESTABLISHED' }).first().waitFor();
    await page.goto(`${lab}embed.html?lang=en&scenario=lossy-wifi`);
    await page.locator('[data-opened=lossy-wifi] [data-play]').waitFor();
    assert.equal(await page.locator('[data-opened] a').count(), 0, 'no way leads out of the frame');
    assert.deepEqual(complaints(), []);
  });
});
