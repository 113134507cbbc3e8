/**
 * What the benches of the page share: a browser, or one sentence why there is none; the work of an animation frame; memory.
 *
 * Work is what Chromium's own trace says of tasks of the renderer's main thread (script, style, layout, paint, collecting garbage),
 * summed from one animation frame to the next, as CPU time of that thread: so it hardly depends on who else uses the machine.
 */
import { loadavg } from 'node:os';
import { CHROMIUM, openBrowser } from '../../e2e/browser.js';

const CATEGORIES = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];

/** @typedef {{name: string, ph: string, ts: number, dur?: number, tdur?: number, tid: number, pid: number, args: any}} TraceEvent */
/** @typedef {import('../../e2e/browser.js').LabPage} LabPage */
/** In the trace's microseconds. @typedef {{from: number, to: number}} Span */

/** Does something with a browser. Where there is none, that is said, and nothing fails. @param {(on: Awaited<ReturnType<typeof openBrowser>>) => Promise<void>} what */
export async function withBrowser(what) {
  if (!CHROMIUM) {
    console.log('The page is not measured: there is no Chromium here (chromium, chromium-browser or google-chrome in /usr/bin).');
    return;
  }
  const on = await openBrowser();
  try {
    console.log(`Chromium ${on.browser.version()}, load average ${loadavg().map((each) => each.toFixed(1)).join(' ')}`);
    await what(on);
  } finally {
    await on.close();
  }
}

/** @param {number[]} list @param {number} share */
export const quantile = (list, share) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];

/** What the main thread does while something goes on. @param {import('playwright-core').Page} page @param {() => Promise<unknown>} during */
export async function traced(page, during) {
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
  return tasksOf(events);
}

/** The main thread's tasks and when animation frames came, in order. @param {TraceEvent[]} events */
function tasksOf(events) {
  const marks = events.filter(({ name }) => name === 'FireAnimationFrame');
  if (marks.length < 3) throw new Error('hardly an animation frame was seen');
  const { tid, pid } = marks[0];
  const isOfPage = (/** @type {TraceEvent} */ each) => each.tid === tid && each.pid === pid;
  const tasks = events.filter((each) => each.name === 'ThreadControllerImpl::RunTask' && isOfPage(each) && each.dur !== undefined).sort((a, b) => a.ts - b.ts);
  if (tasks.every(({ tdur }) => tdur === undefined)) throw new Error('the trace has no CPU times');
  const fired = marks.filter(isOfPage).map(({ ts }) => ts).sort((a, b) => a - b);
  return { tasks, fired, events: events.filter(isOfPage) };
}

/** Its work in all, in milliseconds. @param {import('playwright-core').Page} page @param {() => Promise<unknown>} during */
export async function workInAll(page, during) {
  const { tasks } = await traced(page, during);
  return tasks.reduce((sum, { tdur = 0 }) => sum + tdur / 1000, 0);
}

/**
 * Its work in each animation frame.
 * @param {Awaited<ReturnType<typeof traced>>} trace
 * @returns {{work: number[], spans: Span[][], events: TraceEvent[]}} milliseconds; when the main thread was busy for each of them
 */
export function workPerFrame({ tasks, fired, events }) {
  /** @type {number[]} */
  const work = [];
  /** @type {Span[][]} */
  const spans = [];
  let next = 0;
  for (const { ts, dur = 0, tdur = 0 } of tasks) {
    // All that is called for one animation frame is called in one task.
    const isFrame = fired[next] <= ts + dur;
    while (fired[next] <= ts + dur) next++;
    if (isFrame) {
      work.push(0);
      spans.push([]);
    }
    if (work.length === 0) continue;
    work[work.length - 1] += tdur / 1000;
    spans[spans.length - 1].push({ from: ts, to: ts + dur });
  }
  return { work: work.slice(1, -1), spans: spans.slice(1, -1), events };
}

/** Many animation frames go by. @param {import('playwright-core').Page} page @param {number} count */
export const frames = (page, count) =>
  page.evaluate(
    (left) =>
      new Promise((done) => {
        const next = () => (left-- > 0 ? requestAnimationFrame(next) : done(null));
        next();
      }),
    count,
  );

/**
 * What the page holds when all garbage is collected.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<{heap: number, buffers: number, nodes: number, listeners: number}>} bytes of objects, and of typed arrays with
 *   WebAssembly's memory; how many nodes and listeners there are
 */
export async function memory(page) {
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.enable');
  for (let i = 0; i < 2; i++) await client.send('HeapProfiler.collectGarbage'); // what the first lets go of may hold more
  const { usedSize, backingStorageSize } = /** @type {any} */ (await client.send('Runtime.getHeapUsage'));
  const { nodes, jsEventListeners } = await client.send('Memory.getDOMCounters');
  await client.detach();
  return { heap: usedSize, buffers: backingStorageSize, nodes, listeners: jsEventListeners };
}
