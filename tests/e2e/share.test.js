/** A run handed on, as a person would: copied, opened elsewhere, saved, dropped, printed; and what is damaged says so. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { openBrowser, openLab } from './browser.js';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

/** @param {import('./browser.js').LabPage} lab */
const hashOf = ({ page }) => page.evaluate(() => document.querySelector('tcp-lab')?.app.session.lab.hash());

/** A connection whose SYN was dropped once. @param {{language?: string, theme?: string, width?: number, height?: number}} [how] */
async function droppedRun(how) {
  const lab = await openLab(on, { speed: '0.001', ...how });
  await lab.call('connect');
  await lab.step('segment');
  await lab.page.keyboard.press('d');
  await lab.statesUntil('ESTABLISHED ESTABLISHED');
  return lab;
}

/** @param {import('./browser.js').LabPage} lab */
async function openShare({ page }) {
  await page.locator('lab-header [data-share]').click();
  await page.locator('lab-share dialog[open]').waitFor();
  return page.locator('lab-share');
}

test('a copied link opens the same run, at the same moment, in its language and colours', async () => {
  const lab = await droppedRun({ language: 'ko', theme: 'dark' });
  const share = await openShare(lab);
  const link = await share.locator('textarea[name=link]').inputValue();
  await share.locator('[data-copy=link]').click();
  await share.locator('[role=status]', { hasText: /\S/ }).waitFor(); // the clipboard takes its time
  const hash = await hashOf(lab);
  const cursor = await lab.page.evaluate(() => document.querySelector('tcp-lab')?.app.cursor.t_us);
  const context = await on.browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.waitForFunction((t_us) => document.querySelector('tcp-lab')?.app?.cursor.t_us === t_us, cursor);
  assert.equal(await page.evaluate(() => document.querySelector('tcp-lab')?.app.session.lab.hash()), hash);
  assert.equal(await page.evaluate(() => `${document.documentElement.lang} ${document.documentElement.dataset.theme}`), 'ko dark');
  assert.equal((await page.locator('lab-host .chip').allInnerTexts()).join(' '), 'ESTABLISHED ESTABLISHED');
  await context.close();
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('the address follows the run, and is opened by another tab', async () => {
  const lab = await droppedRun();
  await lab.page.waitForFunction(() => location.hash.startsWith('#tcplab:1:'));
  const address = lab.page.url();
  const other = await (await on.browser.newContext()).newPage();
  await other.goto(address);
  await other.waitForFunction(() => (document.querySelector('tcp-lab')?.app?.session.lab.actions.length ?? 0) === 3);
  await other.context().close();
  await lab.close();
});

for (const [what, spoil] of /** @type {const} */ ([
  ['cut off', (/** @type {string} */ run) => run.slice(0, -20)],
  ['mistyped', (/** @type {string} */ run) => `${run.slice(0, 40)}${run[40] === 'A' ? 'B' : 'A'}${run.slice(41)}`],
  ['of another version', (/** @type {string} */ run) => run.replace('tcplab:1:', 'tcplab:9:')],
])) {
  test(`a link that was ${what} says so, and the page works`, async () => {
    const from = await droppedRun();
    const run = await from.page.evaluate(() => document.querySelector('tcp-lab')?.app.session.lab.url() ?? '');
    await from.close();
    const context = await on.browser.newContext();
    const page = await context.newPage();
    await page.goto(`${on.url}?lang=en#${spoil(run)}`);
    const alert = page.locator('lab-news [role=alert]');
    await alert.waitFor();
    assert.match(await alert.innerText(), /This run cannot be opened\. The link was cut off or changed/);
    await page.locator('[data-call=connect]').click();
    await page.locator('lab-host .chip', { hasText: 'SYN_SENT' }).waitFor();
    await context.close();
  });
}

test('a run is saved as a file, and opens when it is dropped; another file that is no run leaves the lab as it is', async () => {
  const lab = await droppedRun();
  const share = await openShare(lab);
  const [download] = await Promise.all([lab.page.waitForEvent('download'), share.locator('[data-save=json]').click()]);
  const text = readFileSync(await download.path(), 'utf8');
  assert.equal(JSON.parse(text).actions.length, 3);
  const hash = await hashOf(lab);
  await lab.close();
  const other = await openLab(on, { speed: '0.001' });
  const drop = (/** @type {string} */ content, /** @type {string} */ name) =>
    other.page.evaluate(
      ([body, file]) => {
        const data = new DataTransfer();
        data.items.add(new File([body], file, { type: 'application/json' }));
        document.querySelector('tcp-lab')?.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, composed: true, cancelable: true }));
      },
      [content, name],
    );
  await drop(text, 'tcplab-run.json');
  await other.page.waitForFunction((wanted) => document.querySelector('tcp-lab')?.app?.session.lab.hash() === wanted, hash);
  assert.equal(await other.chips(), 'ESTABLISHED ESTABLISHED');
  await drop('{"nodes":[}', 'x.json');
  await other.page.locator('lab-news [role=alert]').waitFor();
  assert.match(await other.page.locator('lab-news [role=alert]').innerText(), /the file is no run/);
  assert.equal(await other.chips(), 'ESTABLISHED ESTABLISHED');
  await other.close();
});

test('files: a capture with comments, the ladder as SVG and PNG', async () => {
  const lab = await droppedRun();
  const share = await openShare(lab);
  const save = async (/** @type {string} */ name) => {
    const [download] = await Promise.all([lab.page.waitForEvent('download'), share.locator(`[data-save=${name}]`).click()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const pcapng = await save('pcapng');
  assert.equal(pcapng.bytes.readUInt32LE(0), 0x0a0d0d0a);
  assert.match(pcapng.bytes.toString('latin1'), /RFC 9293/, 'with comments');
  const svg = await save('svg');
  assert.match(svg.bytes.toString('utf8'), /^<svg[\s\S]*SYN\+ACK seq 0 ack 1[\s\S]*<\/svg>$/);
  const png = await save('png');
  assert.equal(png.bytes.toString('latin1', 1, 4), 'PNG');
  assert.ok(png.bytes.readUInt32BE(16) >= 1400 && png.bytes.length > 10_000, 'twice as wide as the drawing, and not empty');
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('a run too large for a link says so, and offers the file', async () => {
  const lab = await openLab(on, { speed: '0.001' });
  await lab.connect();
  await lab.page.evaluate(() => document.querySelector('tcp-lab')?.app.session.send(0, crypto.getRandomValues(new Uint8Array(3000))));
  const share = await openShare(lab);
  assert.match(await share.locator('p.second').nth(1).innerText(), /^\d,\d{3} characters: mail and chats may cut this link off/);
  await lab.page.keyboard.press('Escape');
  await lab.page.evaluate(() => {
    const { app } = /** @type {any} */ (document.querySelector('tcp-lab'));
    app.session.timeline.seek(app.cursor.t_us + 5_000_000);
    app.session.send(0, Uint8Array.from({ length: 1_200_000 }, (_, i) => (i * i * 7) & 255));
  });
  await openShare(lab);
  assert.equal(await share.locator('textarea').count(), 0);
  assert.match(await share.locator('dialog').innerText(), /too large for a link\. Save it as a file/);
  await lab.close();
});

test('printed, there is the ladder page by page, dark on white, and nothing else', async () => {
  const lab = await droppedRun({ theme: 'dark' });
  const share = await openShare(lab);
  await lab.page.evaluate(() => (window.print = () => {})); // a dialog would wait for somebody
  await share.locator('[data-save=print]').click();
  await lab.page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await lab.page.emulateMedia({ media: 'print' });
  assert.equal(await lab.page.locator('tcp-lab').isVisible(), false);
  const pages = await lab.page.locator('body > .paper .page').allTextContents();
  assert.match(pages.join(' '), /client[\s\S]*SYN\+ACK seq 0 ack 1/);
  assert.equal(await lab.page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
  await lab.shot('paper');
  await lab.page.emulateMedia({ media: 'screen' });
  await lab.page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  assert.equal(await lab.page.locator('body > .paper').count(), 0);
  assert.equal(await lab.page.locator('tcp-lab').isVisible(), true);
  await lab.close();
});

test('the browser’s own command prints the ladder, too', async () => {
  const lab = await droppedRun();
  await lab.page.waitForFunction(() => {
    window.dispatchEvent(new Event('beforeprint')); // nothing hears it until the code has come
    return (document.querySelector('body > .paper')?.textContent ?? '').includes('SYN+ACK seq 0 ack 1');
  });
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('the dialog fits a phone, where the help leads to it', async () => {
  const lab = await openLab(on, { width: 360, height: 740, language: 'ko' });
  await lab.connect();
  await lab.page.getByRole('button', { name: '도움말' }).click();
  await lab.page.locator('lab-help [data-share]').click();
  const dialog = lab.page.locator('lab-share dialog[open]');
  await dialog.waitFor();
  const box = await dialog.boundingBox();
  assert.ok(box && box.x >= 0 && box.x + box.width <= 360);
  assert.ok(await dialog.evaluate((element) => element.scrollWidth <= element.clientWidth));
  await lab.shot('share-360');
  await lab.close();
});
