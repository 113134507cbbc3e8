/** The page in a real browser, with real clicks and keys. Time is stepped, never waited for. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';

import { openBrowser, openLab, violations } from './browser.js';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

/** So slow that the moment between two clicks changes nothing, however busy the machine. @param {string} [language] */
const openSlowly = (language = 'en') => openLab(on, { language, speed: '0.001' });

test('connect, close: the states on the page, in order', async () => {
  const lab = await openSlowly();
  assert.equal(await lab.chips(), 'CLOSED LISTEN');
  await lab.call('connect');
  assert.deepEqual((await lab.statesUntil('ESTABLISHED ESTABLISHED')).slice(-4), [
    'SYN_SENT LISTEN',
    'SYN_SENT SYN_RCVD',
    'ESTABLISHED SYN_RCVD',
    'ESTABLISHED ESTABLISHED',
  ]);
  for (let i = 0; i < 10 && !(await lab.sentence()).includes('accept()'); i++) await lab.step('on');
  await lab.call('close', 0);
  assert.deepEqual((await lab.statesUntil('FIN_WAIT_2 CLOSE_WAIT')).slice(-3), [
    'FIN_WAIT_1 ESTABLISHED',
    'FIN_WAIT_1 CLOSE_WAIT',
    'FIN_WAIT_2 CLOSE_WAIT',
  ]);
  await lab.call('close', 1);
  assert.deepEqual((await lab.statesUntil('CLOSED CLOSED')).slice(-4), [
    'FIN_WAIT_2 LAST_ACK',
    'TIME_WAIT LAST_ACK',
    'TIME_WAIT CLOSED',
    'CLOSED CLOSED',
  ]);
  await lab.shot('closed');
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('text sent on one side is read on the other', async () => {
  const lab = await openSlowly('ko');
  await lab.connect();
  await lab.page.locator('lab-program').first().locator('input[type=text]').fill('안녕, TCP');
  await lab.call('send');
  const got = lab.page.locator('[data-received="1"]');
  for (let i = 0; i < 40 && (await got.count()) === 0; i++) await lab.step('on');
  assert.equal(await got.innerText(), '안녕, TCP');
  assert.match(await lab.page.locator('lab-host .count').nth(1).innerText(), /읽음 11 B/);
  await lab.close();
});

test('a file from disk arrives equal, and says so with its SHA-256', async () => {
  const lab = await openSlowly();
  await lab.connect();
  const buffer = Buffer.from(Uint8Array.from({ length: 20_000 }, (_, i) => (i * 31) & 255));
  await lab.page
    .locator('lab-program')
    .first()
    .locator('input[type=file]')
    .setInputFiles({ name: 'notes.bin', mimeType: 'application/octet-stream', buffer });
  await lab.call('send');
  const panel = lab.page.locator('lab-program').nth(1).locator('.got');
  for (let i = 0; i < 60 && (await panel.locator('.sum').count()) === 0; i++) await lab.step('segment');
  assert.match(await panel.innerText(), /Equal to the file that was sent/);
  assert.ok((await panel.locator('.sum').innerText()).includes(createHash('sha256').update(buffer).digest('hex')));
  await lab.close();
});

test('a dropped frame is crossed out and sent again', async () => {
  const lab = await openSlowly();
  await lab.call('connect');
  await lab.step('segment');
  assert.match((await lab.page.locator('.frame').getAttribute('aria-label')) ?? '', /SYN seq 0/);
  await lab.page.locator('.frame').click();
  await lab.page.locator('[data-hand=drop]').click();
  assert.match(await lab.sentence(), /was lost: you dropped it/);
  assert.match((await lab.page.locator('[role=status]').textContent()) ?? '', /was lost/, 'it is said aloud, too');
  await lab.step('segment');
  assert.match(await lab.sentence(), /sends the SYN segment again/);
  assert.equal(await lab.page.locator('lab-ladder .arrow.again').count(), 1);
  assert.match(await lab.page.locator('lab-news .why').innerText(), /RFC 6298/);
  await lab.shot('dropped');
  await lab.statesUntil('ESTABLISHED ESTABLISHED');
  assert.equal(await lab.chips(), 'ESTABLISHED ESTABLISHED');
  await lab.close();
});

test('the keyboard alone: connect, step, drop, help', async () => {
  const lab = await openSlowly();
  const { page } = lab;
  /** @param {() => boolean} isThere */
  const tabTo = async (isThere) => {
    for (let i = 0; i < 40 && !(await page.evaluate(isThere)); i++) await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(isThere), 'the key Tab gets there');
  };
  await tabTo(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active?.getAttribute('data-call') === 'connect';
  });
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.querySelector('tcp-lab')?.app.timeline.playing), false);
  for (let i = 0; i < 80 && (await lab.chips()) !== 'ESTABLISHED ESTABLISHED'; i++)
    {await page.keyboard.press('ArrowRight');}
  assert.equal(await lab.chips(), 'ESTABLISHED ESTABLISHED');
  for (let i = 0; i < 80 && (await lab.chips()) !== 'SYN_SENT LISTEN'; i++) await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('d');
  assert.match(await lab.sentence(), /was lost: you dropped it/);
  await page.keyboard.press('?');
  await page.locator('lab-help dialog[open]').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('lab-help dialog[open]').waitFor({ state: 'detached' });
  await lab.close();
});

test('keys mean nothing while somebody types, or looks elsewhere', async () => {
  const lab = await openSlowly();
  await lab.page.keyboard.press('ArrowRight');
  assert.equal(
    await lab.page.evaluate(
      () =>
        document.querySelector('tcp-lab')?.app.timeline.log.length === document.querySelector('tcp-lab')?.app.cursor.id,
    ),
    true,
  );
  const input = lab.page.locator('lab-program').first().locator('input[type=text]');
  await input.fill('');
  await input.press('d');
  await input.press('?');
  assert.equal(await input.inputValue(), 'd?');
  assert.equal(await lab.page.locator('lab-help dialog[open]').count(), 0);
  await lab.close();
});

test('a packet shows its fields, its bytes and why it was sent, each lighting the other', async () => {
  const lab = await openSlowly();
  await lab.connect();
  const { page } = lab;
  await page.locator('lab-ladder').getByRole('button', { name: 'As a table' }).click();
  await page.locator('lab-ladder table').getByRole('button', { name: 'SYN+ACK seq 0 ack 1' }).click();
  const packet = page.locator('lab-packet');
  const field = packet.locator('[data-field="tcp.ack"]');
  await field.hover();
  assert.equal(await packet.locator('.dump i.lit').count(), 4);
  await packet.locator('.dump i').nth(38).hover();
  assert.equal(await packet.locator('tr.lit').getAttribute('data-field'), 'tcp.seq');
  assert.match(await packet.locator('.rule').innerText(), /RFC 9293 §3\.10\.7\.2/);
  const chain = await packet.locator('.chain li').allInnerTexts();
  assert.match(chain.join('\n'), /connect\(\)[\s\S]*makes a segment: SYN\+ACK/);
  await page.locator('lab-drawer [data-close]').click();
  await page.locator('lab-drawer').waitFor({ state: 'detached' });
  await lab.close();
});

test('the prediction is judged by the run, and by copies of the lab', async () => {
  const lab = await openSlowly();
  await lab.page.locator('[data-choice="2"]').click();
  await lab.call('connect');
  await lab.statesUntil('ESTABLISHED ESTABLISHED');
  assert.equal(await lab.page.locator('[data-verdict]').innerText(), 'Not 2 but 3:');
  await lab.page.locator('[data-choice=ACK]').click();
  assert.match(await lab.page.locator('[data-verdict-hurt]').innerText(), /Right: ACK/);
  await lab.close();
});

test('what cannot be done becomes a sentence', async () => {
  const lab = await openSlowly();
  await lab.page.getByRole('button', { name: /link settings/ }).click();
  const delay = lab.page.locator('input[name=delay_ms]');
  await delay.fill('-5');
  await delay.press('Enter');
  assert.match(await lab.page.locator('[role=alert]').innerText(), /cannot be done[\s\S]*delay_ms/);
  await lab.close();
});

test('play plays until the connection stands, and rests', async () => {
  const lab = await openSlowly();
  await lab.page.locator('lab-player select').selectOption('1');
  await lab.page.locator('[data-call=connect]').click();
  await lab.page.waitForFunction(() =>
    [...(document.querySelector('tcp-lab')?.shadowRoot?.querySelectorAll('lab-host') ?? [])].every(
      (host) => host.shadowRoot?.querySelector('.chip')?.textContent === 'ESTABLISHED',
    ),
  );
  await lab.page.waitForFunction(() => !document.querySelector('tcp-lab')?.app.timeline.playing);
  assert.equal(await lab.page.locator('[data-key=play]').innerText(), 'Play');
  await lab.close();
});

test('the language changes everywhere', async () => {
  const lab = await openSlowly();
  await lab.call('connect');
  await lab.page.getByRole('button', { name: '한국어' }).click();
  await lab.page.locator('html[lang=ko]').waitFor();
  assert.match(await lab.sentence(), /클라이언트/);
  assert.equal(await lab.page.locator('[data-key=play]').innerText(), '재생');
  await lab.close();
});

test('a flipped bit is caught by the check sequence, and the segment comes again', async () => {
  const lab = await openSlowly();
  await lab.connect();
  await lab.call('send');
  await lab.step('segment');
  await lab.page.locator('[data-hand=corrupt]').click();
  assert.match(await lab.sentence(), /One bit .* has flipped/);
  for (let i = 0; i < 20 && !(await lab.sentence()).includes('dropped this'); i++) await lab.step('on');
  assert.match(await lab.sentence(), /link layer dropped this: the frame check sequence is wrong/);
  const got = lab.page.locator('[data-received="1"]');
  for (let i = 0; i < 60 && (await got.count()) === 0; i++) await lab.step('on');
  assert.equal(await got.innerText(), 'Hello, server!');
  await lab.close();
});

test('datagrams that do not arrive are counted', async () => {
  const lab = await openSlowly();
  const panel = lab.page.locator('lab-program');
  await lab.call('ping');
  for (let i = 0; i < 6; i++) await lab.step('segment');
  await lab.call('sendto');
  await lab.step('segment');
  await lab.page.keyboard.press('d');
  assert.match(await panel.nth(1).locator('.got').innerText(), /0 of 1 datagrams arrived[\s\S]*1 missing, 14 bytes/);
  await lab.call('sendto');
  for (let i = 0; i < 40 && !(await panel.nth(1).innerText()).includes('Hello'); i++) await lab.step('on');
  assert.match(await panel.nth(1).locator('.got').innerText(), /1 of 2 datagrams arrived[\s\S]*1 missing/);
  await lab.close();
});

test('what cannot leave because the cable is unplugged is drawn, and crossed out', async () => {
  const lab = await openSlowly();
  await lab.connect();
  await lab.page.locator('lab-wire .caption button').click();
  await lab.page.locator('[data-link=up]').click();
  await lab.call('send');
  const stubs = lab.page.locator('lab-ladder .arrow:has(.cross)');
  for (let i = 0; i < 20 && (await stubs.count()) === 0; i++) await lab.step('on');
  assert.match((await stubs.first().textContent()) ?? '', /PSH\+ACK seq 1 ack 1 len 14/);
  await lab.page.locator('lab-ladder .tools button').last().click();
  assert.match(await lab.page.locator('lab-ladder table tr').last().innerText(), /PSH\+ACK seq 1[\s\S]*lost/);
  await lab.shot('unplugged');
  await lab.close();
});

test('a frame dragged off the cable is dropped; put back, it flies on', async () => {
  const lab = await openSlowly();
  await lab.call('connect');
  await lab.step('segment');
  const { mouse } = lab.page;
  const drag = async (/** @type {number} */ by) => {
    const box = await lab.page.locator('.frame').boundingBox();
    assert.ok(box);
    await mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await mouse.down();
    await mouse.move(box.x + box.width / 2, box.y + box.height / 2 + by, { steps: 4 });
    await mouse.up();
  };
  await drag(12);
  assert.equal(await lab.page.locator('.frame').count(), 1);
  assert.equal(await lab.page.locator('.frame').getAttribute('aria-pressed'), 'false', 'a drag is no click');
  await drag(60);
  assert.match(await lab.sentence(), /was lost: you dropped it/);
  assert.equal(await lab.page.locator('.frame').count(), 0);
  await lab.close();
});

test('the first call is told before time goes on', async () => {
  const lab = await openSlowly();
  await lab.connect();
  await lab.call('close');
  assert.match(await lab.sentence(), /called close\(\)/);
  assert.equal(await lab.chips(), 'ESTABLISHED ESTABLISHED');
  await lab.close();
});

test('TIME_WAIT stands in the ladder as a bracket, and ends in CLOSED', async () => {
  const lab = await openSlowly();
  await lab.connect();
  await lab.call('close', 0);
  await lab.statesUntil('FIN_WAIT_2 CLOSE_WAIT');
  await lab.call('close', 1);
  await lab.statesUntil('TIME_WAIT CLOSED');
  const brackets = lab.page.locator('lab-ladder .bracket');
  assert.match((await brackets.allTextContents()).join(' '), /TIME_WAIT\s*60 s/);
  await lab.shot('time-wait');
  await lab.statesUntil('CLOSED CLOSED');
  await lab.close();
});

for (const [what, answer] of /** @type {const} */ ([
  ['is not there', { status: 404, body: 'No such file.' }],
  ['is not WebAssembly', { status: 200, contentType: 'application/wasm', body: 'oops' }],
])) {
  test(`a module that ${what} leaves a sentence, not a blank page`, async () => {
    const page = await on.browser.newPage();
    await page.route('**/*.wasm', (route) => route.fulfill(answer));
    await page.goto(`${on.url}?lang=en`);
    const sentence = page.locator('tcp-lab [role=alert]');
    await sentence.waitFor();
    assert.match(await sentence.innerText(), /The lab cannot be opened\. .*module could not be (loaded|fetched)/);
    await page.close();
  });
}

test('what did not come can be asked for again, and a lesson that is not there leads to the lab', async () => {
  const page = await on.browser.newPage();
  await page.route('**/*.wasm', (route) => route.fulfill({ status: 503, body: 'Later.' }), { times: 1 });
  await page.goto(`${on.url}?lang=en`);
  await page.locator('tcp-lab [data-again]').click();
  await page.locator('lab-host .chip').first().waitFor();

  await page.goto(`${on.url}?lang=ko&theme=dark&lesson=nothing`);
  const sentence = page.locator('tcp-lab [role=alert]');
  await sentence.waitFor();
  assert.equal(await sentence.innerText(), '실험실을 열 수 없습니다. 그런 수업이 없습니다.');
  assert.deepEqual(await violations(page), []);
  await page.locator('tcp-lab .failure a').click();
  await page.locator('lab-host .chip').first().waitFor();
  assert.match(page.url(), /\?lang=ko&theme=dark$/);
  await page.close();
});

test('words that do not come leave a sentence', async () => {
  const page = await on.browser.newPage();
  await page.route('**/en-*.js', (route) => route.abort());
  await page.goto(`${on.url}?lang=en`);
  const sentence = page.locator('tcp-lab [role=alert]');
  await sentence.waitFor();
  assert.match(await sentence.innerText(), /^The words of this page could not be fetched\..* load the page anew\.$/);
  await page.unroute('**/en-*.js');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('lab-host .chip').first().waitFor();
  await page.close();
});

test('a language whose words do not come leaves the one that is spoken; it is spoken when they do', async () => {
  const page = await on.browser.newPage();
  await page.goto(`${on.url}?lang=en`);
  await page.locator('lab-host .chip').first().waitFor();
  await page.route('**/ko-*.js', (route) => route.abort());
  const korean = page.getByRole('button', { name: '한국어' });
  await korean.click();
  await page.locator('[role=alert]', { hasText: 'The words of this page could not be fetched.' }).waitFor();
  assert.equal(await page.locator('[data-key=play]').innerText(), 'Play');
  assert.equal(await korean.getAttribute('aria-pressed'), 'false');
  await page.unroute('**/ko-*.js');
  await korean.click();
  await page.locator('html[lang=ko]').waitFor();
  await page.locator('[data-key=play]', { hasText: '재생' }).waitFor();
  assert.equal(await korean.getAttribute('aria-pressed'), 'true');
  await page.close();
});

test('a server that knows no WebAssembly type does no harm', async () => {
  const page = await on.browser.newPage();
  await page.route('**/*.wasm', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-type': 'text/plain' } });
  });
  await page.goto(`${on.url}?lang=en`);
  await page.locator('lab-host .chip').first().waitFor();
  await page.close();
});
