/**
 * `node tests/bench/frames.js [--why] [word ...]`: what one animation frame costs the page's main thread, in headless Chromium, with a ladder of a
 * hundred thousand segments and more than five hundred frames on the link. The bar is 8 ms at the 95th percentile. It prints; it fails only
 * when it cannot measure. How work is measured is told in support/browser.js.
 *
 * The run is one bulk transfer, 300 Mbit/s with 30 ms each way: some 550 frames are on the link at any time once it is going. Hands
 * are real ones, through the browser: a wheel, a wheel with ctrl, a mouse on the scrubber.
 *
 * With words, only rows that have one of them in their name are measured; with --why, what took the time of those frames that were above the
 * bar is printed below each row (support/why.js).
 */
import { openLab } from '../e2e/browser.js';
import { TABS } from '../../web/model/app.js';
import { frames, quantile, traced, withBrowser, workPerFrame } from './support/browser.js';
import { profiled } from './support/why.js';

const SEGMENTS = Number(process.env.SEGMENTS ?? 100_000);
const IN_FLIGHT = 500;
const FRAMES = 240;
const BAR_MS = 8;

const WORDS = process.argv.slice(2).filter((word) => word !== '--why');
const isAskedWhy = process.argv.includes('--why');

/** @typedef {import('playwright-core').Page} Page */

/** @param {Page} page */
async function longRun(page) {
  await page.evaluate(() => {
    const { app } = /** @type {any} */ (document.querySelector('tcp-lab'));
    app.session.setLink({ rate_bit_per_s: 300_000_000, delay_ms: 30, queue_frames: 1000 });
    app.session.act(() => {
      app.session.lab.host('server').start({ app: 'receiver', port: 81 });
      app.session.lab.host('client').start({ app: 'sender', to: 'server:81', bytes: 1_000_000_000 });
    });
  });
  for (let to_us = 500_000; to_us < 20_000_000; to_us += 250_000) {
    const count = await page.evaluate(async (t_us) => {
      const { app } = /** @type {any} */ (document.querySelector('tcp-lab'));
      await app.seek(t_us);
      return app.timeline.index.ways.length;
    }, to_us);
    if (count >= SEGMENTS) return count;
  }
  throw new Error('there were too few segments');
}

const flying = (/** @type {Page} */ page) => page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-lab')).app.state.flying.length);

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {() => Promise<unknown>} [before] brings the page to where it begins; not measured
 * @property {() => Promise<unknown>} during
 * @property {() => Promise<unknown>} [after]
 */

/** @param {Page} page @param {Row} row */
async function measureRow(page, { name, before, during, after }) {
  await before?.();
  await frames(page, 20); // what was done to get there is over
  const why = isAskedWhy ? await profiled(page) : null;
  const { work, spans, events } = workPerFrame(await traced(page, during));
  const [half, most, all] = [0.5, 0.95, 1].map((share) => quantile(work, share).toFixed(1).padStart(7));
  const isMet = quantile(work, 0.95) <= BAR_MS;
  console.log(`${name.padEnd(44)}${half}${most}${all}${String(await flying(page)).padStart(7)}  ${isMet ? '' : `over ${BAR_MS} ms`}`);
  if (why) console.log(await why(spans.filter((_, i) => work[i] > BAR_MS), events));
  await after?.();
}

/** @param {Page} page @param {number} speed */
async function playAt(page, speed) {
  await page.evaluate((wanted) => {
    const { app } = /** @type {any} */ (document.querySelector('tcp-lab'));
    app.setSpeed(wanted);
    app.play();
  }, speed);
  await frames(page, FRAMES);
}

/** A hand turns the wheel on the ladder, once in each frame. @param {Page} page @param {(i: number) => number} by */
async function wheel(page, by) {
  for (let i = 0; i < FRAMES / 2; i++) {
    await page.mouse.wheel(0, by(i));
    await frames(page, 1);
  }
}

/** @param {import('../e2e/browser.js').LabPage} lab */
async function measure(lab) {
  const { page } = lab;
  const count = await longRun(page);
  console.log(`${count.toLocaleString('en-US')} segments in the ladder (wanted: ${SEGMENTS.toLocaleString('en-US')}, and ${IN_FLIGHT} frames in flight)\n`);
  console.log(`${'main thread, ms of each animation frame'.padEnd(44)}    p50    p95    max flying`);
  const isWanted = (/** @type {Row} */ { name }) => WORDS.length === 0 || WORDS.some((word) => name.includes(word));
  for (const row of [...played(lab), ...(await handled(lab))].filter(isWanted)) await measureRow(page, row);
}

/** @param {Page} page @param {string} name */
const press = (page, name) => page.locator('lab-ladder').getByRole('button', { name }).click();

/** @param {import('../e2e/browser.js').LabPage} lab @returns {Row[]} */
function played({ page }) {
  const inView = { before: () => press(page, 'Fit'), after: () => press(page, 'Follow') };
  const drawer = {
    before: async (/** @type {string} */ tab) => {
      await page.evaluate((open) => /** @type {any} */ (document.querySelector('tcp-lab')).app.open(open), tab);
      await page.locator(`lab-${tab}`).waitFor();
    },
    after: () => page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-lab')).app.closeDrawer()),
  };
  return [
    { name: 'playing at 1/100, followed', during: () => playAt(page, 0.01) },
    { name: 'playing at full speed, followed', during: () => playAt(page, 1) },
    { name: 'playing at 1/100, all of it in view', ...inView, during: () => playAt(page, 0.01) },
    { name: 'playing at full speed, all of it in view', ...inView, during: () => playAt(page, 1) },
    ...TABS.map((tab) => ({ name: `playing at 1/100, drawer: ${tab}`, before: () => drawer.before(tab), during: () => playAt(page, 0.01), after: drawer.after })),
  ];
}

/** @param {import('../e2e/browser.js').LabPage} lab @returns {Promise<Row[]>} */
async function handled(lab) {
  const { page } = lab;
  const box = async (/** @type {string} */ selector) => {
    const found = await page.locator(selector).boundingBox();
    if (!found) throw new Error(`${selector} is not to be seen`);
    return found;
  };
  const [scroller, track] = [await box('lab-ladder .scroller'), await box('lab-player .scrub')];
  const toLadder = (/** @type {number} */ part) => page.mouse.move(scroller.x + scroller.width / 2, scroller.y + scroller.height * part);
  const withControl = (/** @type {number} */ by) => ({
    during: () => wheel(page, (i) => (i % 60 < 30 ? by : -by)),
    after: () => page.keyboard.up('Control'),
  });
  const at = (/** @type {number} */ part) => /** @type {const} */ ([track.x + track.width * part, track.y + track.height - 6]);
  const rest = () => lab.pause();
  return [
    { name: 'at rest, the ladder scrolled', before: () => rest().then(() => toLadder(0.5)), during: () => wheel(page, (i) => (i % 40 < 20 ? -300 : 290)) },
    { name: 'at rest, larger and smaller', before: () => rest().then(() => toLadder(0.5)).then(() => page.keyboard.down('Control')), ...withControl(24) },
    {
      name: 'at rest, from all of it to little and back',
      before: async () => {
        await rest();
        await press(page, 'Fit');
        await toLadder(1 / 3);
        await page.keyboard.down('Control');
      },
      ...withControl(-40),
    },
    {
      name: 'the scrubber dragged',
      before: async () => {
        await rest();
        await press(page, 'Follow');
        await page.mouse.move(...at(0.5));
        await page.mouse.down();
      },
      during: async () => {
        for (let i = 0; i < FRAMES / 2; i++) {
          await page.mouse.move(...at(0.5 + 0.45 * Math.sin(i / 12)));
          await frames(page, 1);
        }
      },
      after: () => page.mouse.up(),
    },
  ];
}

await withBrowser(async (on) => {
  const lab = await openLab(on, {});
  await measure(lab);
  if (lab.complaints.length > 0) throw new Error(lab.complaints.join('\n'));
  await lab.close();
});
