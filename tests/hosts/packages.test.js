/** What `make dist` gives away, used by somebody who has nothing else: one file, the npm package, the site without a network. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';

import { TOP } from '../support/from-web.js';
import { DIST, PACKAGES, article, checkGuest, openPage, serve, withHosts } from './support.js';

/** @param {(folder: string) => Promise<void>} body */
const inFolder = (body) => async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tcplab-host-'));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test('one file runs from a disk, lessons and drawer and all, and asks for nothing', async () => {
  await withHosts({}, async ({ browser }) => {
    const context = await browser.newContext({ viewport: { width: 1100, height: 800 } });
    const page = await context.newPage();
    const asked = /** @type {string[]} */ ([]);
    page.on('request', (request) => asked.push(request.url()));
    const complaints = /** @type {string[]} */ ([]);
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(`${pathToFileURL(join(PACKAGES, 'tcp-lab.html'))}?lang=en&lesson=12-flow`);
    await page.locator('lab-lesson [data-continue]').click();
    await page.locator('[data-views]').click();
    await page.locator('lab-drawer').waitFor();
    await page.locator('lab-lesson [data-continue]').click();
    await page.locator('lab-lesson input[name=number]').waitFor();
    assert.deepEqual(asked.filter((url) => !/^(file|data):/.test(url)), []);
    assert.equal(asked.filter((url) => url.startsWith('file:')).length, 1);
    assert.deepEqual(complaints, []);
  });
});

test('a file of the site opened from a disk finds its classic script', async () => {
  await withHosts({}, async ({ browser }) => {
    const { page, complaints } = await openPage(browser, `${pathToFileURL(join(DIST, 'embed.html'))}?lang=ko`, { allowed: /CORS policy|Failed to load/ });
    await page.locator('lab-host .chip').first().waitFor();
    assert.deepEqual(complaints(), []);
  });
});

test('the site works in any folder and, once visited, without a network; other files of its server are left alone', async () => {
  const site = await serve({ '/some/where/': DIST }, ({ url }) => (url.pathname === '/some/where/other.txt' ? { body: 'other', type: 'text/plain' } : null));
  try {
    await withHosts({}, async ({ browser }) => {
      const { page, context, complaints } = await openPage(browser, `${site.url}some/where/?lang=en`, { allowed: /Failed to load resource: net::ERR/ });
      await page.evaluate(async () => {
        const ready = await navigator.serviceWorker.ready;
        const worker = /** @type {ServiceWorker} */ (ready.active);
        if (worker.state !== 'activated') await new Promise((done) => worker.addEventListener('statechange', () => worker.state === 'activated' && done(undefined)));
      });
      await context.setOffline(true);
      const before = site.asked.length;
      await page.goto(`${site.url}some/where/index.html?lang=en&lesson=05-handshake`);
      await page.locator('lab-lesson [data-continue]').click();
      await page.goto(`${site.url}some/where/course.html?lang=ko`);
      await page.locator('lab-course [data-lesson]').first().waitFor();
      assert.equal(await page.evaluate(() => fetch('other.txt').then(() => 'came', () => 'did not come')), 'did not come');
      assert.deepEqual(site.asked.slice(before), []);
      assert.deepEqual(complaints(), []);
      await context.setOffline(false);
      assert.equal(await page.evaluate(async () => (await fetch('other.txt')).text()), 'other');
      const caches_of = await page.evaluate(() => caches.keys());
      assert.equal(caches_of.length, 1);
      assert.match(caches_of[0], /^tcplab http.*\/some\/where\/ [0-9a-f]{16}$/);
    });
  } finally {
    await site.close();
  }
});

test('an embed registers no worker unless it is asked to', async () => {
  await withHosts({}, async ({ browser, lab }) => {
    const { page } = await openPage(browser, `${lab}embed.html`);
    await page.locator('lab-host .chip').first().waitFor();
    assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
    await page.goto(`${lab}embed.html?offline=1`);
    await page.evaluate(() => navigator.serviceWorker.ready);
  });
});

/** @param {string} folder installs the package there, from its file and nothing else */
function installPackage(folder) {
  const tarball = readdirSync(PACKAGES).find((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), '{ "name": "host", "private": true, "type": "module" }');
  execFileSync('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', join(PACKAGES, String(tarball))], { cwd: folder });
}

const MAIN = `import 'tcp-lab';
import type { TcpLab } from 'tcp-lab';
import { LabFrame, watchLabs } from 'tcp-lab/host';

const lab: TcpLab = document.querySelector('tcp-lab')!;
lab.addEventListener('tcplab-step', ({ detail }) => {
  document.title = \`\${detail.t.toFixed(0)} \${detail.sentence}\`;
});
const frames: LabFrame[] = watchLabs();
if (frames.length > 0) void frames[0].seek(0);
`;

test('npm: the package installs from its file, has types, and runs in a bare page and in a project of Vite', inFolder(async (folder) => {
  installPackage(folder);
  const page_of = (/** @type {string} */ script) => article('<tcp-lab lang="en" speed="1"></tcp-lab>', `<script type="module" src="${script}"></script>`);
  writeFileSync(join(folder, 'bare.html'), page_of('./node_modules/tcp-lab/tcp-lab.js'));
  writeFileSync(join(folder, 'index.html'), page_of('./main.ts'));
  writeFileSync(join(folder, 'main.ts'), MAIN);
  const node = (/** @type {string[]} */ ...args) => execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  const tool = (/** @type {string} */ path) => join(TOP, 'web/node_modules', path);
  node(tool('typescript/bin/tsc'), '--noEmit', '--strict', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'es2022,dom', 'main.ts');
  node(tool('vite/bin/vite.js'), 'build', '--base', './', '--logLevel', 'error');
  const server = await serve({ '/built/': join(folder, 'dist'), '/': folder });
  try {
    await withHosts({}, async ({ browser }) => {
      for (const path of ['bare.html', 'built/']) {
        const { page, complaints } = await openPage(browser, server.url + path);
        await checkGuest(page, page);
        await page.locator('[data-views]').click();
        await page.locator('lab-drawer').waitFor();
        assert.deepEqual(complaints(), [], path);
        if (path === 'built/') assert.match(await page.title(), /^\d+ ./);
        await page.close();
      }
    });
  } finally {
    await server.close();
  }
}));

const TOOLS = join(TOP, 'tests/hosts/node_modules');

test('Eleventy: an element and a frame in Markdown', inFolder(async (folder) => {
  cpSync(DIST, join(folder, 'lab'), { recursive: true });
  const markdown = `---
title: A course
---
# A page

<script type="module" src="./lab/tcp-lab.js"></script>

<tcp-lab lang="en" speed="1"></tcp-lab>

[after](#){id=after}

<a id="after" href="#">after</a>

<iframe id="lab" src="./lab/embed.html?lang=ko" width="100%" height="500" loading="lazy"></iframe>

<div style="height: 3000px"></div>
`.replace('[after](#){id=after}\n\n', '');
  mkdirSync(join(folder, 'pages'));
  writeFileSync(join(folder, 'pages/index.md'), markdown);
  writeFileSync(join(folder, 'eleventy.config.js'), "export default (config) => config.addPassthroughCopy('lab');\n");
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  execFileSync(process.execPath, [join(TOOLS, '@11ty/eleventy/cmd.cjs'), '--input=pages', '--output=out', '--quiet'], { cwd: folder });
  const server = await serve({ '/': join(folder, 'out') });
  try {
    await withHosts({}, async ({ browser }) => {
      const { page, complaints } = await openPage(browser, server.url, { allowed: /favicon|404/ });
      await checkGuest(page, page);
      await page.locator('#lab').scrollIntoViewIfNeeded();
      await page.frameLocator('#lab').locator('lab-host .chip').first().waitFor();
      assert.deepEqual(complaints(), []);
    });
  } finally {
    await server.close();
  }
}));

test('reveal.js: a slide’s lab begins with its slide, and has the keys only while somebody is in it', inFolder(async (folder) => {
  cpSync(DIST, join(folder, 'lab'), { recursive: true });
  cpSync(join(TOOLS, 'reveal.js/dist'), join(folder, 'reveal'), { recursive: true });
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html><html><head><meta charset="utf-8"><title>Slides</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="reveal/reveal.css"><link rel="stylesheet" href="reveal/theme/white.css"></head><body>
<div class="reveal"><div class="slides">
<section><h2>One</h2></section>
<section><tcp-lab id="own" lang="en" speed="1" style="height: 600px"></tcp-lab></section>
<section><iframe id="lab" data-src="lab/embed.html?lang=en" width="960" height="600"></iframe></section>
</div></div>
<script src="reveal/reveal.js"></script><script src="lab/tcp-lab.classic.js"></script><script src="start.js"></script></body></html>`,
  );
  writeFileSync(join(folder, 'start.js'), 'Reveal.initialize({ controls: false, progress: false, transition: "none", viewDistance: 1 });\n');
  const server = await serve({ '/': folder });
  try {
    await withHosts({}, async ({ browser }) => {
      const { page, complaints } = await openPage(browser, server.url);
      const slide = () => page.evaluate(() => /** @type {any} */ (globalThis).Reveal.getIndices().h);
      await page.waitForFunction(() => /** @type {any} */ (globalThis).Reveal.isReady());
      assert.equal(await page.locator('#own lab-host').count(), 0, 'not begun: it is on another slide');
      await page.keyboard.press('ArrowRight');
      await page.locator('#own lab-host .chip').first().waitFor();
      assert.equal(await slide(), 1);
      await page.locator('#own [data-call=connect]').click();
      await page.locator('#own lab-host .chip', { hasText: 'ESTABLISHED' }).first().waitFor();
      await page.locator('#own [data-key=back]').focus();
      const at = () => page.evaluate(() => /** @type {any} */ (document.querySelector('#own')).app.cursor.id);
      const here = await at();
      await page.keyboard.press('ArrowLeft');
      await page.waitForFunction((id) => /** @type {any} */ (document.querySelector('#own')).app.cursor.id < id, here);
      assert.equal(await slide(), 1, 'the arrow was the lab’s');
      await page.mouse.click(5, 5);
      await page.keyboard.press('ArrowRight');
      await page.frameLocator('#lab').locator('lab-host .chip').first().waitFor();
      assert.equal(await slide(), 2, 'the arrow was the slides’');
      assert.deepEqual(complaints(), []);
    });
  } finally {
    await server.close();
  }
}));

test('each package is there, and none is over 1.4 MB', () => {
  const sizes = Object.fromEntries(readdirSync(PACKAGES).map((name) => [name.replace(/-\d.*\.tgz/, '.tgz'), readFileSync(join(PACKAGES, name)).length]));
  assert.deepEqual(Object.keys(sizes).sort(), ['tcp-lab-cmi5.zip', 'tcp-lab-scorm12.zip', 'tcp-lab.html', 'tcp-lab.tgz']);
  for (const [name, bytes] of Object.entries(sizes)) assert.ok(bytes < 1_400_000, `${name}: ${bytes} bytes`);
});
