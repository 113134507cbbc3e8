/**
 * `node tests/bench/page.js`: the page in a real browser with a lab of one hour and more than a hundred thousand events, and
 * with a capture of a hundred megabytes. It prints how long seeks take, what the history holds, and the longest task on
 * the page's thread; nothing here judges.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openBrowser, openLab } from '../e2e/browser.js';
import { TOP } from '../support/from-web.js';

const HOUR_US = 3_600_000_000;
const SEEKS = 300;

const folder = mkdtempSync(join(tmpdir(), 'tcplab-'));
const on = await openBrowser();

/** @param {string} what @param {string} text */
const say = (what, text) => console.log(`${what.padEnd(44)} ${text}`);
const ms = (/** @type {number} */ value) => `${value.toFixed(0)} ms`;
const mib = (/** @type {number} */ bytes) => `${(bytes / 1048576).toFixed(1)} MiB`;

/**
 * The longest task on the page's thread while something is done: the time it had a processor, so that a machine which is
 * shared with others does not count.
 * @param {import('playwright-core').Page} page @param {() => Promise<unknown>} what
 */
async function longest(page, what) {
  await on.browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await what();
  await page.waitForTimeout(300); // what was begun is drawn
  const { traceEvents } = JSON.parse((await on.browser.stopTracing()).toString());
  const place = (/** @type {any} */ { pid, tid }) => `${pid} ${tid}`;
  const mains = new Set(traceEvents.filter((/** @type {any} */ each) => each.args?.name === 'CrRendererMain').map(place));
  const tasks = traceEvents.filter((/** @type {any} */ each) => each.tdur !== undefined && mains.has(place(each)));
  return `longest task ${ms(Math.max(0, ...tasks.map((/** @type {any} */ each) => each.tdur)) / 1000)}`;
}

/** @param {import('../e2e/browser.js').LabPage} lab */
async function hour(lab) {
  const { page } = lab;
  await lab.connect();
  await page.evaluate(() => {
    const { app } = /** @type {any} */ (document.querySelector('tcp-lab'));
    app.try(() => app.session.send(0, new Uint8Array(6_000_000)));
    app.try(() => app.session.act(() => app.session.host(0).start({ app: 'ping', to: 'server', count: 600, interval_ms: 6000 })));
  });
  let took = 0;
  const task = await longest(page, async () => {
    const begin = performance.now();
    await page.evaluate((t_us) => void (/** @type {any} */ (document.querySelector('tcp-lab')).app.seek(t_us)), HOUR_US);
    await page.waitForFunction((t_us) => document.querySelector('tcp-lab')?.app.cursor.t_us === t_us, HOUR_US, { timeout: 120_000 });
    took = performance.now() - begin;
  });
  const events = await page.evaluate(() => document.querySelector('tcp-lab')?.app.timeline.log.length ?? 0);
  say('an hour ahead, in the worker', `${events} events, ${ms(took)}, ${task}`);
}

/** @param {import('../e2e/browser.js').LabPage} lab */
async function seeks({ page }) {
  /** @type {Record<string, number[]>} */
  let times = {};
  const task = await longest(page, async () => {
    times = await page.evaluate(
      async ([count, hour_us]) => {
        const { app } = /** @type {any} */ (document.querySelector('tcp-lab'));
        const { log } = app.timeline;
        const turn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        const timed = async (/** @type {number[]} */ list, /** @type {() => void} */ what) => {
          const from = performance.now();
          what();
          list.push(performance.now() - from);
          await turn();
        };
        const [engine, page_model] = [[], []].map(() => /** @type {number[]} */ ([]));
        for (let i = 0, x = 12345; i < count; i++) {
          x = (Math.imul(x, 1103515245) + 12345) >>> 0;
          // Half of the places evenly over time, half of them evenly over what happens.
          const t_us = i % 2 ? Math.floor((x / 2 ** 32) * hour_us) : log[Math.floor((x / 2 ** 32) * log.length)].t_us;
          await timed(engine, () => app.session.lab.seek(t_us)); // as when something is done there
          await timed([], () => app.session.lab.seek(hour_us));
          await timed(page_model, () => app.seek(t_us));
        }
        return { 'by the engine': engine, 'by the cursor': page_model };
      },
      [SEEKS, HOUR_US],
    );
  });
  for (const [name, list] of Object.entries(times)) {
    const sorted = list.toSorted((a, b) => a - b);
    const at = (/** @type {number} */ share) => sorted[Math.floor((sorted.length - 1) * share)].toFixed(1);
    say(`${SEEKS} seeks ${name}`, `median ${at(0.5)} ms, 95 % ${at(0.95)} ms, worst ${at(1)} ms`);
  }
  say('all of these, with their drawing', task);
  const { bytes, snapshots } = await page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-lab')).app.session.lab.history);
  say('kept for going back', `${mib(bytes)} in ${snapshots} snapshots and the log`);
}

/** @param {import('../e2e/browser.js').LabPage} lab */
async function doings({ page }) {
  const act = async (/** @type {string} */ name, /** @type {(app: any) => void} */ what, wait_ms = 0) => {
    const task = await longest(page, async () => {
      await page.evaluate(`void (${what})(document.querySelector('tcp-lab').app)`);
      await page.waitForTimeout(wait_ms);
    });
    say(name, task);
  };
  await act('to the end', (app) => app.seek(3_600_000_000));
  await act('a step back', (app) => app.step('back'));
  await act('a step on', (app) => app.step('on'));
  await act('the next segment', (app) => app.step('segment'));
  await act('to 1 s', (app) => app.seek(1_000_000));
  await act('3 s of play at full speed', (app) => (app.setSpeed(1), app.play()), 3000);
  await act('pause', (app) => app.pause());
  await act('a ping in the past, with a new future', (app) => app.try(() => app.session.ping(0)));
}

/** A transfer of that many bytes, as a capture file. @param {number} bytes */
function captureOf(bytes) {
  const [scenario, pcap] = ['big.json', 'big.pcapng'].map((name) => join(folder, name));
  const hosts = [
    { name: 'client', address: '10.0.0.1/24', apps: [{ app: 'sender', to: 'server:80', bytes, close: true }] },
    { name: 'server', address: '10.0.0.2/24', apps: [{ app: 'receiver', port: 80, close: true }] },
  ];
  const links = [{ between: ['client', 'server'], delay_ms: 5, rate_bit_per_s: 1e9, loss: 0.001 }];
  writeFileSync(scenario, JSON.stringify({ tcplab: 1, nodes: hosts, links }));
  const { status, stderr } = spawnSync(join(TOP, 'build/native/tcplab'), ['run', scenario, '--quiet', '--memory', '1000', '--pcap', pcap]);
  if (status !== 0) throw new Error(`tcplab: ${stderr}`);
  return pcap;
}

async function capture() {
  const file = captureOf(80_000_000);
  const lab = await openLab(on, {});
  const { page } = lab;
  const choosing = page.waitForEvent('filechooser');
  await page.locator('[data-open-capture]').click();
  const chooser = await choosing;
  let took = 0;
  const task = await longest(page, async () => {
    const begin = performance.now();
    await chooser.setFiles(file);
    await page.locator('lab-capture-ladder svg').first().waitFor({ timeout: 120_000 });
    took = performance.now() - begin;
  });
  say(`a capture of ${mib(statSync(file).size)}, until it is drawn`, `${ms(took)}, ${task}`);
  await lab.close();
}

try {
  const lab = await openLab(on, {});
  await hour(lab);
  await seeks(lab);
  await doings(lab);
  await lab.close();
  await capture();
} finally {
  await on.close();
  rmSync(folder, { recursive: true });
}
