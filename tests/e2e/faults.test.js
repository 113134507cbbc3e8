/** The fault kit and the forge, used as a person would: set, wait, see what the stack does about it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, openLab } from './browser.js';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

/** @param {string} tab @param {{language?: string, width?: number, height?: number}} [how] */
async function openAt(tab, how = {}) {
  const lab = await openLab(on, { speed: '0.001', ...how });
  await lab.connect();
  await lab.page.evaluate((name) => document.querySelector('tcp-lab')?.app.open(name), tab);
  await lab.page.locator(`lab-${tab} section`).first().waitFor();
  return lab;
}

test('the link settings lead to the kit; loss in one direction only is set, told, and undone by "all in order"', async () => {
  const lab = await openLab(on, { speed: '0.001' });
  const { page } = lab;
  await lab.connect();
  await page.locator('lab-wire .caption button').click();
  await page.locator('[data-link=kit]').click();
  const kit = page.locator('lab-faults');
  await kit.getByRole('radio', { name: 'Client → Server' }).check();
  await kit.locator('[name=loss]').fill('100');
  await kit.locator('[name=loss]').press('Enter');
  await kit.getByRole('radio', { name: 'Server → Client' }).check();
  assert.equal(await kit.locator('[name=loss]').inputValue(), '0');
  await kit.getByRole('radio', { name: 'both ways' }).check();
  assert.equal(await kit.locator('[name=loss]').getAttribute('placeholder'), 'differs');
  await lab.call('send');
  for (let i = 0; i < 20 && !(await lab.sentence()).includes('was lost'); i++) await lab.step('on');
  assert.match(await lab.sentence(), /from the client to the server was lost/);
  await kit.locator('[data-kit=calm]').click();
  assert.equal(await kit.locator('[name=loss]').inputValue(), '0');
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('the next FIN is waited for and dropped, and then nothing waits any more', async () => {
  const lab = await openAt('faults');
  const kit = lab.page.locator('lab-faults');
  await kit.locator('[data-next="0 fin"]').click();
  assert.equal(await kit.locator('.waiting').innerText(), 'Drop FIN no. 1 from Client');
  await lab.call('close');
  for (let i = 0; i < 30 && !(await lab.sentence()).includes('was lost'); i++) await lab.step('on');
  assert.match(await lab.sentence(), /FIN\+ACK from the client to the server was lost/);
  assert.equal(await kit.locator('.waiting').count(), 0);
  await lab.close();
});

test('exactly which frame: the second data segment is delayed, and the wish can be forgotten', async () => {
  const lab = await openAt('faults', { language: 'ko' });
  const kit = lab.page.locator('lab-faults');
  await kit.locator('summary').click();
  await kit.locator('[name=deed]').selectOption('delay');
  await kit.locator('[name=nth]').fill('2');
  await kit.locator('[name=match]').selectOption('data');
  await kit.locator('[name=from]').selectOption('client');
  await kit.locator('[name=by_ms]').fill('70');
  await kit.locator('[data-kit=arrange]').click();
  assert.equal(await kit.locator('.waiting').innerText(), '클라이언트에서 보내는 2번째 데이터: 늦추기');
  await kit.locator('[data-kit=forget]').click();
  assert.equal(await kit.locator('.waiting').count(), 0);
  await lab.close();
});

test('a rule is broken for one host: TIME_WAIT is skipped', async () => {
  const lab = await openAt('faults');
  const box = lab.page.getByRole('checkbox', { name: 'Client: Skips TIME_WAIT' });
  await box.check();
  assert.match(await lab.sentence(), /The client’s stack keeps other rules now/);
  await lab.call('close', 0);
  await lab.statesUntil('FIN_WAIT_2 CLOSE_WAIT');
  await lab.call('close', 1);
  const states = await lab.statesUntil('CLOSED CLOSED');
  assert.ok(states.includes('CLOSED LAST_ACK'), `the client is gone before its last ACK has arrived: ${states}`);
  await lab.step('back');
  assert.equal(await box.isChecked(), true, 'the kit shows the moment that is looked at');
  await lab.close();
});

for (const [width, height] of [
  [1440, 900],
  [360, 740],
]) {
  test(`forge at ${width} px: an RST that fits is shown byte by byte, sent, and ends the connection`, async () => {
    const lab = await openAt('forge', { width, height });
    const forge = lab.page.locator('lab-forge');
    await forge.locator('[data-start=reset]').click();
    assert.equal(await forge.getByRole('checkbox', { name: 'RST' }).isChecked(), true);
    assert.equal(await forge.locator('[name=seq]').inputValue(), '1', 'counted from the first, as everywhere');
    const dump = async () => ((await forge.locator('.dump').getAttribute('aria-label')) ?? '').split(' ');
    const before_change = await dump();
    await forge.getByRole('checkbox', { name: 'Wrong checksum' }).check();
    const spoilt = await dump();
    const differ = spoilt.map((byte, i) => (byte === before_change[i] ? -1 : i)).filter((i) => i >= 0);
    assert.ok(differ.length > 0 && differ.every((i) => i >= 50 && i <= 51 || i >= spoilt.length - 4), `only the checksum (and the frame check sequence): ${differ}`);
    await forge.getByRole('checkbox', { name: 'Wrong checksum' }).uncheck();
    assert.deepEqual(await dump(), before_change);
    await forge.locator('[data-forge=send]').click();
    assert.match(await lab.sentence(), /you made by hand/);
    for (let i = 0; i < 30 && (await lab.chips()) !== 'ESTABLISHED CLOSED'; i++) await lab.step('on');
    assert.equal(await lab.chips(), 'ESTABLISHED CLOSED', 'the client knows nothing of it');
    assert.deepEqual(lab.complaints, []);
    await lab.close();
  });
}

test('delay and rate of one direction: the kit sets them, the caption tells both ways, the answer is that late', async () => {
  const lab = await openAt('faults');
  const { page } = lab;
  const kit = page.locator('lab-faults');
  const caption = page.locator('lab-wire .caption');
  await kit.getByRole('radio', { name: 'Server → Client' }).check();
  await kit.locator('[name=delay_ms]').fill('300');
  await kit.locator('[name=delay_ms]').press('Enter');
  await kit.locator('[name=rate_bit_per_s]').fill('0.064');
  await kit.locator('[name=rate_bit_per_s]').press('Enter');
  await caption.getByText('← 300 ms · 64 kbit/s · loss 0 %').waitFor();
  await caption.getByText('→ 20 ms · 10 Mbit/s · loss 0 %').waitFor();
  await kit.getByRole('radio', { name: 'Client → Server' }).check();
  assert.equal(await kit.locator('[name=delay_ms]').inputValue(), '20', 'the other way is as it was');
  await kit.getByRole('radio', { name: 'both ways' }).check();
  assert.equal(await kit.locator('[name=delay_ms]').getAttribute('placeholder'), 'differs');
  assert.equal(await kit.locator('[name=jitter_ms]').inputValue(), '0', 'what is the same both ways is told');
  const now_ms = async () => Number(/^([\d.]+) ms$/.exec(await page.locator('lab-player .now').innerText())?.[1]);
  await lab.call('send');
  const begun_ms = await now_ms();
  for (let i = 0; i < 60 && !(await lab.sentence()).includes('ACK reached the client'); i++) await lab.step('on');
  // There and back: 20 ms and its 300, 40 of a delayed acknowledgment, and some 10 to send 64 bytes at 64 kbit/s.
  const taken_ms = (await now_ms()) - begun_ms;
  assert.ok(taken_ms > 328 && taken_ms < 400, `${taken_ms} ms`);
  await kit.getByRole('radio', { name: 'Client → Server' }).check();
  await kit.locator('[data-kit=up]').click();
  await caption.getByText('→ cut').waitFor();
  await caption.getByText('← 300 ms').waitFor();
  await kit.locator('[data-kit=calm]').click();
  await caption.getByText('→ 20 ms · 10 Mbit/s').waitFor();
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});
