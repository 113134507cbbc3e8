/**
 * `node tests/bench/load.js`: how long it takes from asking for the page to the answer to the first thing that a person does on it:
 * connect() is pressed as soon as it is there, and the page tells what just happened. Each load has a browser context of its own, with nothing in its
 * caches; the page comes from localhost, uncompressed. The bar is one second. It prints; it fails only when it cannot measure.
 */
import { quantile, withBrowser, workInAll } from './support/browser.js';

const LOADS = 11;
const BAR_MS = 1000;

/** In the page, before all else: waits for the button, presses it, and waits for what follows. */
function interact() {
  const of = (/** @type {string} */ element, /** @type {string} */ part) => document.querySelector('tcp-lab')?.shadowRoot?.querySelector(element)?.shadowRoot?.querySelector(part);
  /** @type {any} */
  const times = (/** @type {any} */ (window).times = {});
  const told = () => of('lab-news', '.what')?.textContent;
  const look = () => {
    const button = /** @type {HTMLElement | null} */ (of('lab-program', '[data-call=connect]'));
    if (button && !times.there) {
      times.there = performance.now();
      times.before = told();
      button.click();
    }
    if (times.there && told() !== times.before) times.answered = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

await withBrowser(async (on) => {
  /** @type {{there: number, answered: number, work: number}[]} */
  const loads = [];
  for (let i = 0; i < LOADS; i++) {
    const context = await on.browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(interact);
    const work = await workInAll(page, async () => {
      await page.goto(`${on.url}?lang=en`);
      await page.waitForFunction(() => /** @type {any} */ (window).times?.answered, undefined, { timeout: 60_000 });
    });
    loads.push({ ...(await page.evaluate(() => /** @type {any} */ (window).times)), work });
    await context.close();
  }
  console.log(`\n${'cold loads from localhost, ms'.padEnd(44)}    p50    p95    max`);
  for (const [name, key] of /** @type {const} */ ([['until connect() can be pressed', 'there'], ['until the page has answered it', 'answered'], ['work of the main thread until then', 'work']])) {
    const list = loads.map((each) => each[key]);
    const cells = [0.5, 0.95, 1].map((share) => quantile(list, share).toFixed(0).padStart(7));
    console.log(`${name.padEnd(44)}${cells.join('')}  ${quantile(list, 0.5) <= BAR_MS ? '' : `over ${BAR_MS} ms`}`);
  }
});
