/**
 * `node tests/bench/frames.js`: what one animation frame costs the page's main thread, in headless
 * Chromium, with a ladder of a hundred thousand segments and five hundred frames on the link; and how memory grows while an hour
 * of simulated time is played. It prints; it fails only when it cannot measure.
 *
 * Work is what Chromium's own trace says of tasks of the renderer's main thread (script, style, layout, paint), summed from one
 * animation frame to the next, as CPU time of that thread: so it hardly depends on who else uses the machine.
 */
import { openBrowser, openLab } from '../e2e/browser.js';

const SEGMENTS = Number(process.env.SEGMENTS ?? 100_000);
const IN_FLIGHT = 500;
const FRAMES = 240;
const BAR_MS = 8;
const HOUR_US = 3_600_000_000;
const CATEGORIES = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];

/** @typedef {{name: string, ph: string, ts: number, dur?: number, tdur?: number, tid: number, pid: number, args: any}} TraceEvent */
/** @typedef {import('../e2e/browser.js').LabPage} LabPage */

/** @param {number[]} list @param {number} share */
const quantile = (list, share) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];

/**
 * Records what the main thread does while something goes on.
 * @param {LabPage} lab @param {() => Promise<unknown>} during
 * @returns {Promise<number[]>} milliseconds for each animation frame
 */
async function workPerFrame({ page }, during) {
  const client = await page.context().newCDPSession(page);
  /** @type {TraceEvent[]} */
  const events = [];
  client.on('Tracing.dataCollected', ({ value }) => events.push(.../** @type {any} */ (value)));
  await client.send('Tracing.start', { traceConfig: { includedCategories: CATEGORIES }, transferMode: 'ReportEvents' });
  await during();
  const complete = new Promise((done) => client.once('Tracing.tracingComplete', done));
  await client.send('Tracing.end');
  await complete;
  await client.detach();
  const marks = events.filter(({ name }) => name === 'FireAnimationFrame');
  const thread = marks[0];
  if (!thread) throw new Error('no animation frame was seen');
  const isTask = (/** @type {TraceEvent} */ { name, tid, pid, dur }) =>
    name === 'ThreadControllerImpl::RunTask' && tid === thread.tid && pid === thread.pid && dur !== undefined;
  const tasks = events.filter(isTask).sort((a, b) => a.ts - b.ts);
  const fired = marks.filter(({ tid }) => tid === thread.tid).map(({ ts }) => ts).sort((a, b) => a - b);
  /** @type {number[]} */
  const sums = [];
  let next = 0;
  for (const { ts, dur = 0, tdur = dur } of tasks) {
    // All that animation frames call is called in one task.
    const isFrame = fired[next] <= ts + dur;
    while (fired[next] <= ts + dur) next++;
    if (isFrame) sums.push(0);
    if (sums.length > 0) sums[sums.length - 1] += tdur / 1000;
  }
  if (tasks.some(({ tdur }) => tdur === undefined)) console.log('(no CPU time in the trace: these are wall times)');
  return sums.slice(1, -1);
}

/** Many animation frames go by. @param {LabPage} lab @param {number} count */
const frames = ({ page }, count) =>
  page.evaluate(
    (left) =>
      new Promise((done) => {
        const next = () => (left-- > 0 ? requestAnimationFrame(next) : done(null));
        next();
      }),
    count,
  );

/** A bulk transfer over a long fat link, run until there are so many segments. @param {LabPage} lab */
async function longRun({ page }) {
  await page.evaluate(() => {
    const { app } = /** @type {any} */ (document.querySelector('tcp-lab'));
    app.session.setLink({ rate_bit_per_s: 300_000_000, delay_ms: 20, queue_frames: 50 });
    app.session.act(() => {
      app.session.lab.host('server').start({ app: 'receiver', port: 81 });
      app.session.lab.host('client').start({ app: 'sender', to: 'server:81', bytes: 1_000_000_000 });
    });
  });
  for (let to_us = 250_000; ; to_us += 250_000) {
    const count = await page.evaluate(async (t_us) => {
      const { app } = /** @type {any} */ (document.querySelector('tcp-lab'));
      app.seek(t_us);
      while (app.timeline.journey) await new Promise((next) => setTimeout(next, 20));
      return app.timeline.index.ways.length;
    }, to_us);
    if (count >= SEGMENTS) return count;
    if (to_us > 10_000_000) throw new Error(`only ${count} segments in ten seconds`);
  }
}

const flying = (/** @type {LabPage} */ { page }) => page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-lab')).app.state.flying.length);

/** @param {string} name @param {number[]} work */
function print(name, work) {
  const [half, most, all] = [0.5, 0.95, 1].map((share) => quantile(work, share).toFixed(1).padStart(6));
  const isMet = quantile(work, 0.95) <= BAR_MS;
  console.log(`${name.padEnd(46)}${half}${most}${all}  ${isMet ? '' : `over ${BAR_MS} ms`}`);
}

/** @param {LabPage} lab */
async function heapBytes({ page }) {
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.collectGarbage');
  const { usedSize } = await client.send('Runtime.getHeapUsage');
  await client.detach();
  return usedSize;
}

const on = await openBrowser();
try {
  const lab = await openLab(on, { speed: '0.02' });
  const ladder = lab.page.locator('lab-ladder');
  const count = await longRun(lab);
  console.log(`${count.toLocaleString('en-US')} segments in the ladder, ${await flying(lab)} frames on the link (wanted: ${IN_FLIGHT})`);
  console.log(`${'main thread, ms of each animation frame'.padEnd(46)}   p50   p95   max`);
  const play = async () => {
    await lab.page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-lab')).app.play());
    await frames(lab, FRAMES);
  };
  print('playing, the ladder follows', await workPerFrame(lab, play));
  await ladder.getByRole('button', { name: 'Fit' }).click();
  print('playing, the whole ladder in view', await workPerFrame(lab, play));
  await lab.pause();
  const zoomed = async () => {
    for (let i = 0; i < 60; i++) {
      await ladder.evaluate((element, factor) => /** @type {any} */ (element).zoom(factor), i < 30 ? 1.2 : 1 / 1.2);
      await frames(lab, 1);
    }
  };
  print('at rest, larger and smaller', await workPerFrame(lab, zoomed));
  const panned = async () => {
    for (let i = 0; i < 120; i++) {
      await ladder.evaluate((element, by) => /** @type {any} */ (element).pan(by), i % 40 < 20 ? 300 : -290);
      await frames(lab, 1);
    }
  };
  await ladder.getByRole('button', { name: 'Follow' }).click();
  print('at rest, moved up and down', await workPerFrame(lab, panned));
  await lab.close();

  const quiet = await openLab(on, { speed: '1' });
  await quiet.connect();
  const before = await heapBytes(quiet);
  const events = await quiet.page.evaluate(async (t_us) => {
    const { app } = /** @type {any} */ (document.querySelector('tcp-lab'));
    const from = app.timeline.log.length;
    app.session.act(() => app.session.lab.host('client').start({ app: 'ping', to: 'server', count: 3600, interval_ms: 1000 }));
    app.play();
    while (app.cursor.t_us < t_us) {
      app.timeline.tick(250);
      app.changed();
      if (!app.timeline.playing) app.play();
      await new Promise((next) => setTimeout(next));
    }
    app.pause();
    return app.timeline.log.length - from;
  }, HOUR_US);
  const grown = (await heapBytes(quiet)) - before;
  console.log(`an hour of play: ${events.toLocaleString('en-US')} events, the heap is ${(grown / 1048576).toFixed(1)} MiB larger, ${(grown / events).toFixed(0)} bytes for each event that can be gone back to`);
  await quiet.close();
} finally {
  await on.close();
}
