/** A capture file on the page, as a person has it: dropped or chosen, looked into, left; and files that are none. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { resolveFromWeb } from '../support/from-web.js';
import { makeLab, noise, openConnection, twoHosts } from '../wasm/support.js';
import { openBrowser, openLab } from './browser.js';

const AXE = readFileSync(resolveFromWeb('axe-core/axe.min.js'), 'utf8');

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

/** Two connections, the first over a bad link. */
async function twoConnections() {
  const lab = await makeLab(twoHosts({ delay_ms: 10 }));
  const { listener, client, server } = openConnection(lab);
  lab.links[0].set({ loss: 0.04 });
  client.send(noise(200_000));
  for (let i = 0; i < 40; i++) {
    lab.runFor(100_000);
    server.recv(1_000_000);
  }
  lab.links[0].set({ loss: 0 });
  client.close();
  lab.runFor(1_000_000);
  server.close();
  lab.runFor(1_000_000);
  const second = lab.host('client').socket();
  second.connect('10.0.0.2:80');
  lab.runFor(300_000);
  listener.accept()?.send('hello');
  lab.runFor(300_000);
  return lab;
}

const lab_of_file = await twoConnections();
const FILE = Buffer.from(lab_of_file.pcapng());

/** @param {import('playwright-core').Page} page @param {string} name @param {Buffer} bytes */
async function drop(page, name, bytes) {
  const data = await page.evaluateHandle(
    ([called, base64]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(base64), (each) => each.charCodeAt(0))], called));
      return transfer;
    },
    [name, bytes.toString('base64')],
  );
  await page.dispatchEvent('tcp-lab', 'dragover', { dataTransfer: data });
  assert.equal(await page.locator('tcp-lab .drop').count(), 1, 'the page says that it takes the file');
  await page.dispatchEvent('tcp-lab', 'drop', { dataTransfer: data });
}

/** @param {import('playwright-core').Page} page */
async function violations(page) {
  // The page's policy forbids scripts from elsewhere; the debugger may still evaluate.
  await page.evaluate(AXE);
  const result = await page.evaluate(() => /** @type {any} */ (window).axe.run(document, { resultTypes: ['violations'] }));
  return result.violations.map((/** @type {any} */ each) => `${each.id}: ${each.nodes.map((/** @type {any} */ node) => node.target.flat().join(' ')).join(', ')}`);
}

/** @param {import('playwright-core').Page} page */
const cursor = (page) => page.evaluate(() => ({ ...(document.querySelector('tcp-lab')?.app.cursor ?? { id: 0, t_us: 0 }) }));

/** @param {import('playwright-core').Page} page */
const sticksOut = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('a capture is dropped: connections, a ladder with what was noticed, a packet; and the lab is as it was', async () => {
  const lab = await openLab(on, { speed: '0.001' });
  const { page } = lab;
  await lab.connect();
  const before_it = [await cursor(page), await lab.chips()];
  await drop(page, 'ours.pcapng', FILE);
  const view = page.locator('lab-capture');
  const rows = view.locator('[data-connection]');
  await rows.nth(1).waitFor();
  assert.equal(await page.locator('lab-ladder').isVisible(), false);
  assert.match(await rows.nth(0).innerText(), /10\.0\.0\.1:\d+\s+→ 10\.0\.0\.2:80[\s\S]*handshake\s+both sides closed[\s\S]*duplicate ACK \d+/);
  assert.match(await rows.nth(1).innerText(), /handshake\s+still open\s+nothing/);
  await rows.nth(0).getByRole('button').click();
  const ladder = view.locator('lab-capture-ladder');
  await ladder.locator('.arrow').first().waitFor();
  assert.match(await view.locator('section.aside').innerText(), /State at the end\s+TIME_WAIT\s+CLOSED[\s\S]*Round trip/);
  assert.match((await ladder.locator('svg').first().textContent()) ?? '', /SYN seq 0[\s\S]*SYN_SENT/);
  await ladder.locator('[data-mark="1"]').click();
  const picked = ladder.locator('g[data-segment]:has(.selected)');
  await picked.locator('.of-verdict', { hasText: /\S/ }).first().waitFor({ state: 'attached' }); // the ladder scrolls there first
  assert.match((await picked.locator('.of-verdict').allTextContents()).join(''), /duplicate ACK|retransmission|gap|out of order|window/);
  await ladder.locator('.scroller').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  const packet = view.locator('lab-capture-packet');
  await packet.locator('.dump').waitFor();
  assert.match(await packet.locator('[data-field="tcp.seq"]').innerText(), /sequence number\s+0\s+absolute \d+/);
  const syn = lab_of_file.events().find(({ kind, flags }) => kind === 'tcp_segment_sent' && flags === 2)?.frame;
  const bytes = [...(lab_of_file.frame(syn)?.bytes ?? [])].slice(0, 16).map((byte) => byte.toString(16).padStart(2, '0')).join('');
  assert.equal((await packet.locator('.dump div').first().locator('i').allTextContents()).join('').replace(/\s/g, ''), bytes);
  await page.keyboard.press('ArrowDown');
  await packet.getByText('SYN+ACK seq 0 ack 1').waitFor();
  await lab.shot('capture-1440');
  await page.keyboard.press('Escape');
  await view.locator('section.aside').waitFor();
  await page.keyboard.press('Escape');
  await rows.nth(1).waitFor();
  await page.keyboard.press('Escape');
  await view.waitFor({ state: 'detached' });
  assert.equal(await page.locator('lab-header').evaluate((header) => header.shadowRoot?.activeElement?.hasAttribute('data-open-capture')), true);
  assert.deepEqual([await cursor(page), await lab.chips()], before_it);
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('by keyboard alone: a file is chosen with the button, and read in a worker', async () => {
  const lab = await openLab(on, { language: 'ko' });
  const { page } = lab;
  const chooser_comes = page.waitForEvent('filechooser');
  await page.locator('[data-open-capture]').focus();
  await page.keyboard.press('Enter');
  const chooser = await chooser_comes;
  const [worker] = await Promise.all([page.waitForEvent('worker'), chooser.setFiles({ name: '우리.pcapng', mimeType: '', buffer: FILE })]);
  assert.match(worker.url(), /capture-worker/);
  const view = page.locator('lab-capture');
  await view.locator('[data-connection]').nth(1).waitFor();
  assert.match(await view.locator('.about').innerText(), /패킷 \d+개, TCP 연결 2개/);
  await view.locator('[data-connection="2"]').getByRole('button').focus();
  await page.keyboard.press('Enter');
  await view.locator('lab-capture-ladder .arrow').first().waitFor();
  await view.locator('lab-capture-ladder').getByRole('button', { name: '표로 보기' }).click();
  assert.match(await view.locator('lab-capture-ladder tbody').innerText(), /SYN\+ACK seq 0 ack 1[\s\S]*len 5/);
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('what is no capture, is cut off or is damaged says so in a sentence', async () => {
  const lab = await openLab(on);
  const { page } = lab;
  const view = page.locator('lab-capture');
  await drop(page, 'letter.txt', Buffer.from('This is a letter and no capture at all.'));
  assert.match(await view.locator('.failed').innerText(), /letter\.txt cannot be opened\.\s+It is no capture: it begins neither as pcap nor as pcapng/);
  await drop(page, 'nothing.pcap', Buffer.alloc(0));
  await view.getByText('The file is empty.').waitFor();
  const damaged = Buffer.from(FILE);
  damaged.fill(0xff, damaged.length >> 1);
  await drop(page, 'damaged.pcapng', damaged);
  await view.getByText(/The file is damaged at byte [\d,]+\. What comes before that was read\./).waitFor();
  await view.locator('lab-capture-ladder .arrow').first().waitFor();
  await drop(page, 'cut.pcapng', FILE.subarray(0, FILE.length - 9));
  await view.getByText('The file ends in the middle of a packet. What comes before that was read.').waitFor();
  await view.locator('[data-leave]').click();
  await view.waitFor({ state: 'detached' });
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

for (const [width, height, language, theme] of /** @type {const} */ ([
  [1440, 900, 'ko', 'dark'],
  [768, 1024, 'en', 'light'],
  [360, 740, 'ko', 'light'],
])) {
  test(`axe finds nothing and nothing sticks out: ${width} px, ${language}, ${theme}`, async () => {
    const lab = await openLab(on, { width, height, language, theme });
    const { page } = lab;
    await drop(page, 'ours.pcapng', FILE);
    const view = page.locator('lab-capture');
    await view.locator('[data-connection]').nth(1).waitFor();
    assert.deepEqual(await violations(page), []);
    assert.ok((await sticksOut(page)) <= 0);
    await lab.shot(`capture-list-${width}-${theme}`);
    await view.locator('[data-connection="1"]').getByRole('button').click();
    const ladder = view.locator('lab-capture-ladder');
    await ladder.locator('[data-mark="1"]').click();
    await ladder.locator('.selected').waitFor();
    assert.deepEqual(await violations(page), []);
    assert.ok((await sticksOut(page)) <= 0);
    await lab.shot(`capture-ladder-${width}-${theme}`);
    await ladder.locator('.selected .grip').click({ force: true });
    await view.locator('lab-capture-packet .dump').waitFor();
    assert.deepEqual(await violations(page), []);
    assert.ok((await sticksOut(page)) <= 0);
    await lab.shot(`capture-packet-${width}-${theme}`);
    assert.deepEqual(lab.complaints, []);
    await lab.close();
  });
}
