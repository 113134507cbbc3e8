/** Time by keys and buttons: each key of the help does what it says, and what was done is taken back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, openLab } from './browser.js';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

/** @param {import('./browser.js').LabPage} lab */
const at = ({ page }) =>
  page.evaluate(() => {
    const app = document.querySelector('tcp-lab')?.app;
    const event = app?.timeline.at(app.cursor.id);
    return { ...(app?.cursor ?? { id: 0, t_us: 0 }), kind: event?.kind ?? '', playing: Boolean(app?.timeline.playing), actions: app?.session.lab.actions.length ?? 0 };
  });

test('each key: steps by event, segment and state, play, drop, undo, redo, loop, help, close', async () => {
  const lab = await openLab(on, { speed: '0.001' });
  const { page } = lab;
  const { keyboard } = page;
  await lab.call('connect');
  const start = await at(lab);
  await keyboard.press('ArrowRight');
  const one = await at(lab);
  assert.ok(one.id > start.id);
  await keyboard.press('ArrowLeft');
  assert.equal((await at(lab)).id, start.id, 'the left arrow goes back to it');
  await keyboard.press('Shift+ArrowRight');
  const segment = await at(lab);
  assert.match((await page.locator('.frame').getAttribute('aria-label')) ?? '', /SYN/, 'a segment is on its way');
  await keyboard.press('s');
  assert.equal((await at(lab)).kind, 'tcp_state');
  assert.equal(await lab.chips(), 'SYN_SENT SYN_RCVD');
  await keyboard.press('s');
  assert.equal(await lab.chips(), 'ESTABLISHED SYN_RCVD');
  await keyboard.press('Shift+S');
  assert.equal(await lab.chips(), 'SYN_SENT SYN_RCVD');
  await keyboard.press('Shift+ArrowLeft');
  assert.equal((await at(lab)).kind, 'frame_sent');
  assert.ok((await at(lab)).t_us < segment.t_us);

  await keyboard.press('Space');
  assert.equal((await at(lab)).playing, true);
  await keyboard.press('Space');
  assert.equal((await at(lab)).playing, false);

  await keyboard.press('Shift+ArrowRight');
  const before_drop = await at(lab);
  await keyboard.press('d');
  assert.match(await lab.sentence(), /was lost: you dropped it/);
  assert.equal((await at(lab)).actions, before_drop.actions + 1);
  await keyboard.press('Control+z');
  assert.equal((await at(lab)).actions, before_drop.actions, 'the drop is taken back');
  assert.equal(await page.locator('.frame').count(), 1, 'and the frame flies again');
  await keyboard.press('Control+Shift+Z');
  assert.equal((await at(lab)).actions, before_drop.actions + 1, 'it is dropped again');
  await keyboard.press('Control+z');
  await keyboard.press('Control+y');
  assert.equal((await at(lab)).actions, before_drop.actions + 1);

  await keyboard.press('l');
  await keyboard.press('ArrowLeft');
  await keyboard.press('ArrowLeft');
  await keyboard.press('l');
  const loop = await page.evaluate(() => document.querySelector('tcp-lab')?.app.loop);
  assert.ok(loop && loop.to_us !== null && loop.from_us < loop.to_us);
  await keyboard.press('l');
  assert.equal(await page.evaluate(() => document.querySelector('tcp-lab')?.app.loop), null);

  await keyboard.press('?');
  const help = page.locator('lab-help dialog[open]');
  assert.match(await help.innerText(), /Ctrl Z\s+take back/);
  await keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
  await page.locator('[data-views]').click();
  await page.locator('lab-drawer').waitFor();
  await keyboard.press('Escape');
  await page.locator('lab-drawer').waitFor({ state: 'detached' });
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('keys work where Hangul is typed, and never in a field', async () => {
  const lab = await openLab(on, { language: 'ko', speed: '0.001' });
  const { page } = lab;
  await lab.call('connect');
  const press = (/** @type {string} */ key, /** @type {string} */ code) =>
    page.evaluate(([k, c]) => document.querySelector('tcp-lab')?.dispatchEvent(new KeyboardEvent('keydown', { key: k, code: c, bubbles: true, composed: true })), [key, code]);
  await press('ㄴ', 'KeyS');
  assert.equal((await at(lab)).kind, 'tcp_state');
  const input = page.locator('lab-program').first().locator('input[type=text]');
  await input.fill('abc');
  await input.press('Control+z');
  assert.equal((await at(lab)).actions, 2, 'undo of a field is the field’s');
  await lab.close();
});

test('undo by button: connect() is taken back whole, and brought again', async () => {
  const lab = await openLab(on, { speed: '0.001' });
  const { page } = lab;
  const undo = page.locator('[data-key=undo]').first();
  assert.equal(await undo.getAttribute('aria-disabled'), 'true');
  await lab.connect();
  assert.equal(await undo.getAttribute('title'), 'Takes back: connect');
  await undo.click();
  assert.equal(await lab.chips(), 'CLOSED LISTEN');
  assert.equal(await page.locator('lab-ladder .arrow').count(), 0, 'no segment was ever sent');
  assert.equal(await undo.getAttribute('aria-disabled'), 'true');
  await page.locator('[data-key=redo]').first().click();
  await lab.statesUntil('ESTABLISHED ESTABLISHED');
  assert.equal(await lab.chips(), 'ESTABLISHED ESTABLISHED');
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('more ways through time, on a phone too; where play slows down can be switched off', async () => {
  const lab = await openLab(on, { width: 360, height: 740, speed: '0.001' });
  const { page } = lab;
  await lab.call('connect');
  await page.locator('[data-key=more]').click();
  await page.locator('[data-key=state]').click();
  assert.equal(await lab.chips(), 'SYN_SENT LISTEN');
  await page.locator('[data-key=state]').click();
  assert.equal(await lab.chips(), 'SYN_SENT SYN_RCVD');
  await page.locator('[data-key=loop]').click();
  assert.match(await page.locator('[data-key=loop]').innerText(), /^Loop: from .* to here$/);
  const box = page.getByRole('checkbox', { name: 'state changes' });
  await box.uncheck();
  assert.equal(await page.evaluate(() => document.querySelector('tcp-lab')?.app.timeline.slowed_at.has('state')), false);
  await page.locator('lab-deeds .more [data-key=undo]').click();
  assert.equal(await lab.chips(), 'CLOSED LISTEN');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('lab-deeds .more').count(), 0);
  await lab.close();
});

/** Presses Tab until the focus is there. @param {import('playwright-core').Page} page @param {string} selector */
async function tabTo(page, selector) {
  const isThere = () =>
    page.evaluate((wanted) => {
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      return active?.matches(wanted) ?? false;
    }, selector);
  for (let i = 0; i < 80 && !(await isThere()); i++) await page.keyboard.press('Tab');
  assert.ok(await isThere(), `the key Tab gets to ${selector}`);
}

test('the keyboard alone: handshake, data, close on both sides, and what is said aloud meanwhile', async () => {
  const lab = await openLab(on, { speed: '0.001' });
  const { page } = lab;
  const { keyboard } = page;
  /** @type {string[]} */
  const said = [];
  const listen = async () => {
    const text = (await page.locator('tcp-lab > [role=status], [role=status][aria-live=polite]').last().textContent()) ?? '';
    if (text && said.at(-1) !== text) said.push(text);
  };
  const stepUntil = async (/** @type {() => Promise<boolean>} */ isDone, /** @type {string} */ what) => {
    for (let i = 0; i < 120 && !(await isDone()); i++) {
      await keyboard.press('ArrowRight');
      await listen();
    }
    assert.ok(await isDone(), what);
  };
  const chipsAre = (/** @type {string} */ chips) => async () => (await lab.chips()) === chips;

  await tabTo(page, '[data-call=connect]');
  await keyboard.press('Enter');
  await listen();
  await stepUntil(chipsAre('ESTABLISHED ESTABLISHED'), 'connected');
  await stepUntil(async () => (await lab.sentence()).includes('accept()'), 'accepted');

  await tabTo(page, 'input[type=text]');
  await keyboard.press('Control+a');
  await keyboard.type('by keys');
  await tabTo(page, '[data-call=send]');
  await keyboard.press('Enter');
  await stepUntil(async () => (await page.locator('[data-received="1"]').count()) > 0, 'read');
  assert.equal(await page.locator('[data-received="1"]').innerText(), 'by keys');

  await tabTo(page, '[data-call=close]');
  await keyboard.press('Enter');
  await stepUntil(chipsAre('FIN_WAIT_2 CLOSE_WAIT'), 'closed on one side');
  await tabTo(page, 'lab-ladder button, .tools button');
  await tabTo(page, '[data-call=close]');
  await keyboard.press('Enter');
  await stepUntil(chipsAre('TIME_WAIT CLOSED'), 'closed on both');

  const told = said.join('\n');
  for (const sentence of [
    /The client’s state changed from CLOSED to SYN_SENT/,
    /The client sends a SYN/,
    /The server’s state changed from LISTEN to SYN_RCVD/,
    /The server sends a SYN\+ACK/,
    /The client’s state changed from SYN_SENT to ESTABLISHED/,
    /The client sends a segment with 7 bytes of data/,
    /The server’s program read 7 bytes with recv\(\)/,
    /The client sends a FIN/,
    /The server’s state changed from ESTABLISHED to CLOSE_WAIT/,
    /The client’s state changed from FIN_WAIT_2 to TIME_WAIT/,
  ]) {
    assert.match(told, sentence);
  }
  assert.ok(said.every((sentence) => !sentence.includes('header')), 'what a listener need not follow is not said');
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('at high speed a listener hears the last of what happens, not all', async () => {
  const lab = await openLab(on, { speed: '1' });
  const { page } = lab;
  await page.evaluate(() => {
    const said = /** @type {any} */ (window);
    said.said = [];
    const region = document.querySelector('tcp-lab')?.shadowRoot?.querySelector('[role=status][aria-live=polite]');
    if (region) new MutationObserver(() => said.said.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
  });
  await page.locator('[data-call=connect]').click();
  await page.waitForFunction(() => {
    const app = document.querySelector('tcp-lab')?.app;
    return app && !app.timeline.playing && app.state.nodes.every((node) => node.connections.at(-1)?.state === 'ESTABLISHED');
  });
  const said = await page.evaluate(() => /** @type {any} */ (window).said);
  const spoken = await page.evaluate(() => document.querySelector('tcp-lab')?.app.timeline.log.filter(({ kind }) => kind !== 'action' && !kind.startsWith('header')).length ?? 0);
  assert.ok(said.length > 0 && said.length < spoken / 2, `${said.length} sentences for ${spoken} events`);
  await lab.close();
});
