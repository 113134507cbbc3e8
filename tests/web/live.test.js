/** A page that is served while lessons are written: it reloads when one is saved and sound, and only then. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { Live } from '../../web/live.js';
import { startServer } from '../../web/serve.js';

/** Waits for something to be told, one at a time. */
function mailbox() {
  const letters = /** @type {string[]} */ ([]);
  const readers = /** @type {((letter: string) => void)[]} */ ([]);
  return {
    put(/** @type {string} */ letter) {
      const reader = readers.shift();
      if (reader) reader(letter);
      else letters.push(letter);
    },
    take: () => new Promise((/** @type {(letter: string) => void} */ done) => (letters.length > 0 ? done(String(letters.shift())) : readers.push(done))),
    get empty() {
      return letters.length === 0;
    },
  };
}

/** @param {(at: {url: string, lessons: string, said: ReturnType<typeof mailbox>, wrong: {now: string}}) => Promise<void>} body */
function withLive(body) {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tcplab-live-'));
    const [site, lessons] = ['site', 'lessons'].map((name) => join(folder, name));
    mkdirSync(site);
    mkdirSync(join(lessons, '01-one'), { recursive: true });
    writeFileSync(join(site, 'index.html'), '<!doctype html><html><head><title>x</title></head></html>');
    const said = mailbox();
    const wrong = { now: '' };
    const live = new Live(lessons, () => Promise.resolve(wrong.now), said.put);
    const server = await startServer(site, { live });
    try {
      await body({ url: server.url, lessons, said, wrong });
    } finally {
      live.close();
      await server.close();
      rmSync(folder, { recursive: true });
    }
  };
}

/** A page that listens. @param {string} url */
async function listen(url) {
  const heard = mailbox();
  await new Promise((done, fail) => {
    const asked = request(`${url}live-events`, (response) => {
      response.setEncoding('utf8');
      response.on('data', (text) => {
        if (text.startsWith(':')) done(undefined);
        else heard.put(text);
      });
      response.on('error', () => {}); // the server ends it
    });
    asked.on('error', fail);
    asked.end();
  });
  return heard;
}

test('a lesson that is saved reloads every page that is open', withLive(async ({ url, lessons, said }) => {
  const pages = await Promise.all([listen(url), listen(url)]);
  writeFileSync(join(lessons, '01-one', 'ko.ftl'), 'title = 하나');
  assert.match(await said.take(), /reloads/);
  for (const page of pages) assert.match(await page.take(), /^event: reload/);
}));

test('a lesson that is new is watched, too', withLive(async ({ url, lessons, said }) => {
  const page = await listen(url);
  mkdirSync(join(lessons, '02-two'));
  await said.take();
  await page.take();
  writeFileSync(join(lessons, '02-two', 'lesson.json'), '{}');
  await said.take();
  assert.match(await page.take(), /^event: reload/);
}));

test('what is wrong is told, and the page stays as it was until it is mended', withLive(async ({ url, lessons, said, wrong }) => {
  const page = await listen(url);
  wrong.now = '01-one/lesson.json: steps[1].from: expected the name of a node';
  writeFileSync(join(lessons, '01-one', 'lesson.json'), '{');
  assert.equal(await said.take(), wrong.now);
  assert.equal(page.empty, true);
  wrong.now = '';
  writeFileSync(join(lessons, '01-one', 'lesson.json'), '{}');
  await said.take();
  assert.match(await page.take(), /^event: reload/);
}));

test('pages get the script that listens, from a file and under the same policy; others than live ones do not', withLive(async ({ url }) => {
  const page = await fetch(url);
  const html = await page.text();
  assert.match(html, /<script type="module" src="\.\/live-reload\.js"><\/script><\/head>/);
  assert.equal(Number(page.headers.get('content-length')), Buffer.byteLength(html));
  assert.match(String(page.headers.get('content-security-policy')), /script-src 'self'/);
  const script = await fetch(`${url}live-reload.js`);
  assert.match(String(script.headers.get('content-type')), /javascript/);
  assert.match(await script.text(), /EventSource\('\.\/live-events'\)/);
  assert.equal((await fetch(url, { method: 'HEAD' })).headers.get('content-length'), String(Buffer.byteLength(html)));
}));
