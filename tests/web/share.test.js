/** A run handed on: the same run comes back from a link, a file; and the ladder as a picture has all of it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Lab, loadModule } from '../../wasm/engine.js';
import { App } from '../../web/model/app.js';
import { FIRST_SCENARIO } from '../../web/model/scenario.js';
import { Session } from '../../web/model/session.js';
import { embedLines, linkOf, readRunFile, runFile, runText } from '../../web/model/share.js';
import { FRAMES_MAX, ladderPages, ladderSheet, ladderSvg } from '../../web/views/ladder-sheet.js';
import { TOP } from '../support/from-web.js';

const wasm = await loadModule(readFileSync(join(TOP, 'build/wasm/tcplab.wasm')));
const LOOK = { language: 'ko', theme: 'dark' };
const PAGE = 'https://example.org/lab/index.html';

/** A connection with a drop in it, text, and the cursor behind the end. */
async function lossyRun() {
  const app = new App(new Session(await Lab.create({ wasm, scenario: FIRST_SCENARIO })));
  const { session } = app;
  session.connect(0);
  session.timeline.seek(300_000);
  session.dropNext(0, 'data');
  session.send(0, 'over and over');
  session.timeline.seek(3_000_000);
  session.timeline.seek(350_000);
  return app;
}

test('a link holds the run, where one looks, the view, language and theme; the command line reads it', async () => {
  const app = await lossyRun();
  app.open('graphs');
  const link = new URL(linkOf(app, PAGE, LOOK));
  assert.deepEqual(Object.fromEntries(link.searchParams), { lang: 'ko', theme: 'dark', t: '350', views: 'graphs' });
  const again = await Lab.fromUrl(link.href, { wasm });
  again.runUntil(3_000_000);
  app.session.lab.seek(3_000_000);
  assert.equal(again.hash(), app.session.lab.hash());
  assert.ok(link.href.length < 2048, `${link.href.length} characters`);
});

test('the lines for other pages lead to the same run', async () => {
  const app = await lossyRun();
  const { iframe, element } = embedLines(app, 'https://example.org/lab/', LOOK);
  const [, src] = /src="([^"]+)"/.exec(iframe) ?? [];
  const address = new URL(src.replaceAll('&amp;', '&'));
  assert.equal(address.pathname, '/lab/embed.html');
  assert.equal(address.hash.slice(1), runText(app));
  assert.match(element, /<tcp-lab run="tcplab:1:[\w-]+" lang="ko" theme="dark" t="350"><\/tcp-lab>$/);
});

test('a file holds the run, too; bytes that were sent come back', async () => {
  const app = await lossyRun();
  const bytes = Uint8Array.from({ length: 3000 }, (_, i) => (i * 7) & 255);
  app.session.send(0, bytes);
  const file = runFile(app);
  const { scenario, actions, t_us } = readRunFile(file);
  assert.equal(t_us, 350_000);
  assert.deepEqual(actions.at(-1)?.blob, bytes);
  const again = await Lab.create({ wasm, scenario, actions });
  again.runUntil(1_000_000);
  app.session.lab.seek(1_000_000);
  assert.equal(again.hash(), app.session.lab.hash());
});

test('a bare scenario is a run that nobody has touched; what is none says why', () => {
  assert.deepEqual(readRunFile(JSON.stringify(FIRST_SCENARIO)).actions, []);
  for (const [text, why] of /** @type {const} */ ([
    ['{"nodes":', /^file: this is not JSON/],
    ['{"a":1}', /^file: there is neither/],
    ['{"scenario":{"nodes":[]},"actions":3}', /^actions: /],
    ['{"scenario":{"nodes":[]},"t_us":-1}', /^t_us: /],
  ])) {
    assert.throws(() => readRunFile(text), { code: 'EINVAL', message: why });
  }
});

/** Is every tag closed? A parser for a picture without text in attributes. @param {string} svg */
function isWellFormed(svg) {
  const open = [];
  for (const [, end, name, alone] of svg.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (alone) continue;
    if (!end) open.push(name);
    else if (open.pop() !== name) return false;
  }
  return open.length === 0;
}

test('the ladder as a picture has each frame, the lost one crossed out, the one sent again dashed, and the states', async () => {
  const app = await lossyRun();
  const svg = ladderSvg(app);
  assert.ok(isWellFormed(svg));
  const frames = app.record.frames.filter((frame) => frame.sent_us !== null);
  assert.equal([...svg.matchAll(/<line [^>]*y2="[^"]+" stroke="#(?:1d4ed8|6d28d9|0f766e)"/g)].length, frames.length);
  assert.equal([...svg.matchAll(/10m0 -10/g)].length, 1);
  assert.equal([...svg.matchAll(/stroke-dasharray/g)].length, 1);
  for (const text of ['client', 'server', 'SYN+ACK seq 0 ack 1', 'ESTABLISHED', 'SYN_RCVD']) assert.ok(svg.includes(text), text);
  assert.equal(ladderSheet(app).left_out, 0);
  assert.ok(FRAMES_MAX >= 1000);
});

test('time goes down in its order, and what lasted longer is drawn no shorter', async () => {
  const app = await lossyRun();
  const { body } = ladderSheet(app);
  const arrows = [...body.matchAll(/<line x1="[\d.]+" y1="([\d.]+)" x2="[\d.]+" y2="([\d.]+)" stroke="#(?!5b6470)/g)].map(([, from, to]) => [Number(from), Number(to)]);
  assert.ok(arrows.every(([from, to]) => to > from), 'nothing arrives before it is sent');
  assert.match(body, /… [\d.]+ m?s …/, 'a long silence is cut short, and says so');
});

test('on paper nothing is left out between two pages', async () => {
  const app = await lossyRun();
  const { height } = ladderSheet(app);
  const pages = ladderPages(app, 300);
  assert.ok(pages.length > 1 && pages.every(isWellFormed));
  const windows = pages.map((page) => /viewBox="0 (\d+(?:\.\d+)?) \d+ (\d+(?:\.\d+)?)">/.exec(page.slice(10)) ?? []).map(([, from, tall]) => [Number(from), Number(tall)]);
  windows.forEach(([from, tall], i) => assert.equal(from + tall, windows[i + 1]?.[0] ?? height));
  assert.ok(pages.every((page) => page.includes('>client<')), 'each has its head');
});
