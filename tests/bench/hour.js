/**
 * `node tests/bench/hour.js`: what the page holds while an hour of simulated time is played, and while the same hour is played again.
 * A connection is open, and every six seconds there is a ping; play runs as the page does it, a quarter of a second of the screen each time.
 *
 * The first hour grows the history, which can be gone back to: events, frames, snapshots. The second one adds nothing to it, so
 * whatever grows then is a leak. It prints; it fails only when it cannot measure.
 */
import { openLab } from '../e2e/browser.js';
import { memory, withBrowser } from './support/browser.js';

const HOUR_US = 3_600_000_000;
const LOOKS = 6;

const mib = (/** @type {number} */ bytes) => (bytes / 1048576).toFixed(1).padStart(9);

/** Plays on to a time. @param {import('playwright-core').Page} page @param {number} until_us */
const playTo = (page, until_us) =>
  page.evaluate(async (t_us) => {
    const { app } = /** @type {any} */ (document.querySelector('tcp-lab'));
    app.setSpeed(1);
    while (app.cursor.t_us < t_us) {
      if (!app.timeline.playing) app.play();
      app.tick(250);
      await new Promise((next) => setTimeout(next));
    }
    app.pause();
  }, until_us);

/** @param {import('playwright-core').Page} page @param {string} when */
async function row(page, when) {
  const held = await memory(page);
  const { events, history } = await page.evaluate(() => {
    const { app } = /** @type {any} */ (document.querySelector('tcp-lab'));
    return { events: app.timeline.log.length, history: app.session.lab.history.bytes };
  });
  const cells = [held.heap, held.buffers, history].map(mib).join('');
  console.log(`${when.padEnd(20)}${events.toLocaleString('en-US').padStart(9)}${cells}${String(held.nodes).padStart(9)}${String(held.listeners).padStart(11)}`);
  return { ...held, events };
}

await withBrowser(async (on) => {
  const lab = await openLab(on, {});
  const { page } = lab;
  await lab.connect();
  await page.evaluate(() => {
    const { app } = /** @type {any} */ (document.querySelector('tcp-lab'));
    app.timeline.turn_ms = Infinity; // as much happens in a turn on any machine
    app.session.act(() => app.session.lab.host('client').start({ app: 'ping', to: 'server', count: 600, interval_ms: 6000 }));
  });
  console.log(`\n${'played until'.padEnd(20)}   events heap MiB  buffers  history    nodes  listeners`);
  const first = await row(page, 'the beginning');
  for (let i = 1; i <= LOOKS; i++) {
    await playTo(page, (HOUR_US * i) / LOOKS);
    await row(page, `${(60 * i) / LOOKS} min`);
  }
  await page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-lab')).app.seek(0));
  const before = await row(page, 'back at 0');
  for (let i = 1; i <= LOOKS; i++) {
    await playTo(page, (HOUR_US * i) / LOOKS);
    await row(page, `again, ${(60 * i) / LOOKS} min`);
  }
  await page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-lab')).app.seek(0));
  const after = await row(page, 'back at 0');
  const held = (/** @type {typeof after} */ each) => each.heap + each.buffers;
  console.log(`\nthe first hour: ${mib(held(before) - held(first)).trim()} MiB of history, ${((held(before) - held(first)) / (before.events - first.events)).toFixed(0)} bytes for each event`);
  console.log(`the second hour, over the same events: ${mib(held(after) - held(before)).trim()} MiB`);
  await lab.close();
});
