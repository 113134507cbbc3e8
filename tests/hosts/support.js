/**
 * Pages of other people with labs in them, in a real browser: what the tests of this folder share. The lab lies on one
 * server, the page on another, so that both are of different origins; the page's server has the lab below /lab/, too. Neither allows
 * anything to other origins.
 */
import assert from 'node:assert/strict';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { after } from 'node:test';

import { CHROMIUM, PATIENCE_MS, complaintsOf, launch } from '../e2e/browser.js';
import { TOP } from '../support/from-web.js';

export const DIST = join(TOP, 'build/dist');
export const PACKAGES = join(TOP, 'build/packages');

/** @type {Record<string, string>} */
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.wasm': 'application/wasm', '.svg': 'image/svg+xml' };

/** @typedef {{body: string | Buffer, headers?: Record<string, string>, type?: string, status?: number}} Answer */
/** @typedef {(request: {method: string, url: URL, headers: import('node:http').IncomingHttpHeaders, body: string}) => Answer | null | undefined} Route */

/**
 * Files of folders, by prefix, and answers made by the test.
 * @param {Record<string, string>} folders
 * @param {Route} [route]
 */
export async function serve(folders, route = () => null) {
  const asked = /** @type {string[]} */ ([]);
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    asked.push(url.pathname);
    let body = '';
    for await (const part of request) body += part;
    const made = route({ method: request.method ?? '', url, headers: request.headers, body });
    if (made) {
      response.writeHead(made.status ?? 200, { 'content-type': made.type ?? 'text/html; charset=utf-8', ...made.headers });
      return response.end(made.body);
    }
    for (const [prefix, folder] of Object.entries(folders)) {
      if (!url.pathname.startsWith(prefix)) continue;
      const path = url.pathname.slice(prefix.length);
      const file = normalize(join(folder, path.endsWith('/') || path === '' ? `${path}index.html` : path));
      if (!file.startsWith(folder + sep) || !existsSync(file) || !statSync(file).isFile()) continue;
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
      return createReadStream(file).pipe(response);
    }
    response.writeHead(404);
    response.end();
  });
  await new Promise((done) => server.listen(0, 'localhost', () => done(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://localhost:${port}/`,
    asked,
    close: () =>
      new Promise((done) => {
        server.close(() => done(undefined));
        server.closeAllConnections();
      }),
  };
}

/** A long page with something above and below the lab, and a place to go on to. @param {string} lab @param {string} [head] */
export const article = (lab, head = '') => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title><link rel="icon" href="data:,">${head}</head>
<body><main><h1>A page</h1>${lab}<p><a id="after" href="#">after</a></p></main><div style="height: 3000px"></div></body></html>`;

/** How a browser is begun whose memory is counted: see small_pages.c. */
const SMALL_PAGES = { executablePath: join(TOP, 'build/test/hosts/small_pages'), env: { ...process.env, SMALL_PAGES_FOR: String(CHROMIUM) } };

/** One browser for all tests of a file. @type {Promise<import('playwright-core').Browser> | null} */
let opened = null;
after(async () => (await opened)?.close());

/**
 * A browser, the lab's server, and one for the pages of this test, by their paths.
 * @param {Record<string, Answer | ((lab: string) => Answer)>} pages
 * @param {(on: {browser: import('playwright-core').Browser, lab: string, host: string, asked: string[]}) => Promise<void>} body
 */
export async function withHosts(pages, body) {
  opened ??= launch(SMALL_PAGES);
  const browser = await opened;
  const lab = await serve({ '/': DIST });
  const made = (/** @type {Answer | ((lab: string) => Answer)} */ page) => (typeof page === 'function' ? page(lab.url) : page);
  const host = await serve({ '/lab/': DIST }, ({ url }) => (pages[url.pathname] ? made(pages[url.pathname]) : null));
  try {
    await body({ browser, lab: lab.url, host: host.url, asked: host.asked });
  } finally {
    for (const context of browser.contexts()) await context.close();
    await host.close();
    await lab.close();
  }
}

/**
 * @param {import('playwright-core').Browser} browser @param {string} url
 * @param {{width?: number, height?: number, allowed?: RegExp}} [how] allowed: complaints that belong to the test
 */
export async function openPage(browser, url, { width = 1000, height = 900, allowed } = {}) {
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const all = complaintsOf(page);
  await page.goto(url);
  return { page, context, complaints: () => all.filter((text) => !allowed?.test(text)) };
}

/** Where in the window the middle of an element is. @param {import('playwright-core').Locator} locator */
async function middleOf(locator) {
  const box = await locator.boundingBox();
  assert.ok(box, 'it can be seen');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/**
 * What holds for a lab in whatever page: it comes, it takes nothing, it plays when it is told to, and it lets go.
 * @param {import('playwright-core').Page} page
 * @param {import('playwright-core').Page | import('playwright-core').FrameLocator} inside
 */
export async function checkGuest(page, inside) {
  const chips = inside.locator('lab-host .chip');
  await chips.first().waitFor();
  const scrolled = () => page.waitForFunction(() => scrollY > 0);
  const top = () => page.evaluate(() => scrollTo(0, 0));
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'BODY', 'nobody has the focus');
  assert.equal(await chips.first().innerText(), 'CLOSED', 'nothing plays');
  await page.keyboard.press('Space');
  await scrolled();
  await top();
  const { x, y } = await middleOf(inside.locator('lab-ladder').first());
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, 400);
  await scrolled();
  await top();
  assert.equal(await chips.first().innerText(), 'CLOSED', 'keys and wheel were not the lab’s');
  await inside.locator('[data-call=connect]').first().click();
  // Play goes on by frames of the screen, of which a busy machine has few.
  await inside.locator('lab-host .chip', { hasText: 'ESTABLISHED' }).first().waitFor({ timeout: 60_000 });
  await inside.locator('[data-key=play]').first().focus();
  for (let i = 0; i < 60 && !(await page.evaluate(() => document.activeElement?.id === 'after')); i++) await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'after', 'the focus can leave');
  await inside.locator('tcp-lab').first().evaluate(async (lab) => {
    /** @type {any} */ (lab).app.changed();
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'after', 'and is not taken back when something happens');
  await top();
  const again = await middleOf(inside.locator('lab-ladder').first());
  await page.mouse.move(again.x, again.y);
  await page.mouse.wheel(0, 400);
  await scrolled(); // a ladder that could scroll does not, now that nobody is in it
  await top();
}

/** Takes lesson 5, with two of five points. @param {import('playwright-core').FrameLocator} inside */
export async function takeLesson(inside) {
  const lesson = inside.locator('lab-lesson');
  const next = lesson.locator('[data-continue]');
  const says = async (/** @type {string} */ text) => {
    await lesson.locator('input[name=number]').fill(text);
    await lesson.locator('form button').click();
    await next.click();
  };
  await next.click();
  await next.click();
  await lesson.locator('[data-choice=zero]').click();
  await next.click();
  await lesson.locator('[data-choice="SYN+ACK"]').click();
  await next.click();
  await says('17');
  await next.click();
  await says('3');
  await lesson.locator('[data-show]').click();
  await next.click();
  await lesson.locator('[data-score]').waitFor();
}
