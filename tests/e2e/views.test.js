/** The drawer's views, used as a person would: pointed at, pressed, typed into; each lights up what the others show. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, openLab } from './browser.js';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

/** @param {string} [language] */
const openSlowly = (language = 'en') => openLab(on, { language, speed: '0.001' });

/** @param {import('./browser.js').LabPage} lab @param {string} tab */
async function openTab({ page }, tab) {
  if (!(await page.locator('lab-drawer').count())) await page.locator('[data-views]').click();
  await page.locator(`lab-drawer #tab-${tab}`).click();
  await page.locator(`lab-${tab}`).waitFor();
}

/** @param {import('./browser.js').LabPage} lab */
const cursor = ({ page }) =>
  page.evaluate(() => ({ ...(document.querySelector('tcp-lab')?.app.cursor ?? { id: 0, t_us: 0 }) }));

/** All the text of a view, which lies behind its element. @param {import('./browser.js').LabPage} lab @param {string} view */
const textOf = ({ page }, view) =>
  page.locator(view).evaluate((element) => (element.shadowRoot?.textContent ?? '').replace(/\s+/g, ' '));

/** The frame whose arrow is lit in the ladder. @param {import('./browser.js').LabPage} lab */
const litArrows = ({ page }) =>
  page.locator('lab-ladder .arrow:has(> .mark)').evaluateAll((all) => all.map((each) => each.getAttribute('data-frame')));

test('the drawer is closed at first, opens with its tabs, and its keys are its own', async () => {
  const lab = await openSlowly();
  const { page } = lab;
  assert.equal(await page.locator('lab-drawer').count(), 0);
  await lab.call('connect');
  const before_keys = await cursor(lab);
  await page.locator('[data-views]').click();
  await page.locator('lab-drawer #tab-packet').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const chosen = page.locator('lab-drawer [role=tab][aria-selected=true]');
  assert.equal(await chosen.innerText(), 'Sequence');
  assert.equal(await chosen.evaluate((tab) => tab.getRootNode().activeElement === tab), true, 'the focus goes along');
  await page.keyboard.press('End');
  assert.equal(await chosen.innerText(), 'Terminal');
  await page.keyboard.press('ArrowRight');
  assert.equal(await chosen.innerText(), 'Packet');
  assert.deepEqual(await cursor(lab), before_keys, 'time has not moved meanwhile');
  await page.keyboard.press('Escape');
  await page.locator('lab-drawer').waitFor({ state: 'detached' });
  await page.locator('lab-host .chip').first().click();
  await page.locator('lab-machine').waitFor();
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

test('packet: a field is explained, a checksum worked out, a frame held against another', async () => {
  const lab = await openSlowly('ko');
  const { page } = lab;
  await lab.connect();
  await page.locator('lab-ladder').getByRole('button', { name: '표로 보기' }).click();
  await page.locator('lab-ladder table').getByRole('button', { name: 'SYN+ACK seq 0 ack 1' }).click();
  const packet = page.locator('lab-packet');
  const field = (/** @type {string} */ name) => packet.locator(`[data-field="tcp.${name}"]`);
  assert.match(await field('seq').innerText(), /순서 번호 seq\s+0\s+절대 번호 \d+/);
  await field('ack').getByRole('button').click();
  assert.match(await packet.locator('tr.more').innerText(), /프로그램이 읽었다는 뜻은 아닙니다[\s\S]*바이트 42부터 4바이트/);
  await field('checksum').getByRole('button').click();
  const working = (await packet.locator('.working').innerText()).replaceAll('\t', ' ');
  const [, turned] = /1의 보수\s+(0x[0-9a-f]{4})/.exec(working) ?? [];
  assert.ok(turned && (await field('checksum').innerText()).includes(turned), working);
  assert.match(working, /✓ 같음/);
  await packet.locator('.compare select').selectOption({ label: await packet.locator('.compare option', { hasText: 'SYN seq 0' }).first().innerText() });
  assert.equal(await field('flag_ack').evaluate((row) => row.classList.contains('differs')), true);
  assert.equal(await field('flag_syn').evaluate((row) => row.classList.contains('differs')), false);
  await lab.close();
});

test('packet: its life on the wire, and a time there is a way to that moment', async () => {
  const lab = await openSlowly();
  const { page } = lab;
  await lab.connect();
  await page.evaluate(() => {
    const app = document.querySelector('tcp-lab')?.app;
    app?.look(app.record.frames.find((frame) => frame.segment?.flags === 2)?.frame ?? 0);
  });
  const packet = page.locator('lab-packet');
  await packet.locator('.dump').waitFor();
  const life = await textOf(lab, 'lab-packet');
  const order = ['Its life', 'TCP makes a segment: SYN', '14 bytes of Ethernet header', 'reached the server', 'What it caused', 'from LISTEN to SYN_RCVD', 'SYN+ACK'];
  order.reduce((from, text) => {
    const at = life.indexOf(text, from);
    assert.ok(at >= 0, `${text} comes after ${from} in ${life}`);
    return at;
  }, life.indexOf('Its life'));
  await packet.locator('.chain li', { hasText: 'reached the server' }).last().getByRole('button').click();
  assert.match(await lab.sentence(), /The frame with SYN reached the server/);
  await lab.close();
});

test('states: the map shows both ends, a state is a button to its moment, a step lights its segment', async () => {
  const lab = await openSlowly();
  const { page } = lab;
  await lab.connect();
  await openTab(lab, 'machine');
  const map = page.locator('lab-machine');
  assert.match((await map.locator('.state.now').textContent()) ?? '', /ESTABLISHED\s*C\s*S/);
  assert.equal(await map.locator('.way.taken').count(), 5);
  assert.deepEqual(await map.locator('[data-end="1"] .path button').allInnerTexts(), [
    ...['CLOSED', 'LISTEN', 'SYN_RCVD', 'ESTABLISHED'],
  ]);
  assert.match(await map.locator('[data-end="0"] .next').innerText(), /FIN_WAIT_1\s+The program calls close\(\)/);
  await map.locator('[data-end="0"] .path li').nth(2).hover();
  const frame = await page.evaluate(() => {
    const app = document.querySelector('tcp-lab')?.app;
    return String(app?.record.frames.find((each) => each.segment?.flags === 18)?.frame);
  });
  assert.deepEqual(await litArrows(lab), [frame], 'the SYN+ACK made it ESTABLISHED');
  assert.equal(await map.locator('.way.lit').getAttribute('data-way'), 'SYN_SENT ESTABLISHED');
  await map.locator('[data-state=SYN_SENT]').click();
  assert.equal(await lab.chips(), 'SYN_SENT LISTEN');
  assert.equal(await map.locator('.way.ahead').count() > 0, true, 'what comes later is dotted');
  await map.locator('[data-end="0"] .path .later button').first().click();
  assert.match(await lab.chips(), /^ESTABLISHED/);
  await lab.close();
});

test('sequence space: the text that was sent, byte by byte, at both ends', async () => {
  const lab = await openSlowly();
  const { page } = lab;
  await lab.connect();
  await openTab(lab, 'sequence');
  await lab.call('send');
  await lab.step('segment');
  const view = page.locator('lab-sequence');
  const row = async (/** @type {string} */ kind) => (await view.locator(`.cells .char.on-${kind}`).allTextContents()).join('');
  assert.equal(await row('flight'), 'Hello,␣server!');
  assert.equal(await row('read'), '');
  await view.locator('.cells .part.flight').nth(3).hover();
  const [frame] = await litArrows(lab);
  const bytes = await page.evaluate((id) => document.querySelector('tcp-lab')?.app.record.by_frame.get(Number(id))?.segment?.payload_bytes, frame);
  assert.equal(bytes, 14, 'the segment with the text is lit');
  await page.locator('lab-news').hover();
  for (let i = 0; i < 40 && (await row('read')) === ''; i++) await lab.step('on');
  assert.equal(await row('read'), 'Hello,␣server!');
  assert.match(await textOf(lab, 'lab-sequence'), /SND\.UNA 1 .*SND\.NXT 15 .*RCV\.NXT 15/);
  assert.match(await view.locator('table').nth(1).innerText(), /read by the program\s+1 – 14/);
  for (let i = 0; i < 40 && !(await textOf(lab, 'lab-sequence')).includes('SND.UNA 15'); i++) await lab.step('on');
  assert.equal(await row('acked'), 'SHello,␣server!');
  await lab.close();
});

test('sequence space: a lost segment leaves a gap, and the rest is held', async () => {
  const lab = await openSlowly();
  const { page } = lab;
  await lab.connect();
  await openTab(lab, 'terminal');
  const line = page.locator('lab-terminal form input');
  for (const typed of ['drop next data', `send ${'x'.repeat(9000)}`]) {
    await line.fill(typed);
    await line.press('Enter');
  }
  await lab.pause();
  await openTab(lab, 'sequence');
  const view = page.locator('lab-sequence');
  for (let i = 0; i < 200 && (await view.locator('.bars .part.sacked').count()) === 0; i++) await lab.step('on');
  assert.match(await view.locator('table').first().innerText(), /arrived behind a gap \(SACK\)\s+1,449 – /);
  assert.match(await view.locator('table').nth(1).innerText(), /held, a gap before it\s+1,449 – /);
  await lab.shot('sequence');
  await lab.close();
});

test('graphs that do not come leave a sentence, are asked for once, and again when somebody wants them', async () => {
  const lab = await openLab(on);
  let asked = 0;
  await lab.page.route('**/lab-graphs-*.js', (route) => (asked++ === 0 ? route.abort() : route.continue()));
  await lab.page.evaluate(() => document.querySelector('tcp-lab')?.app.open('graphs'));
  await lab.page.locator('lab-drawer [data-again]').waitFor();
  assert.match(await lab.page.locator('lab-drawer [role=tabpanel]').innerText(), /^This view could not be fetched\. Try again$/);
  await lab.connect();
  assert.equal(asked, 1, 'time that goes on does not ask for it');
  await lab.page.locator('lab-drawer [data-again]').click();
  await lab.page.locator('lab-graphs canvas').first().waitFor();
  await lab.close();
});

test('graphs: values at the cursor, a click goes there, a drag looks closer', async () => {
  const lab = await openSlowly();
  const { page } = lab;
  await lab.connect();
  await page.evaluate(() => {
    const app = document.querySelector('tcp-lab')?.app;
    app?.session.send(0, 'y'.repeat(30_000));
    app?.seek(app.cursor.t_us + 1_000_000);
  });
  await openTab(lab, 'graphs');
  const view = page.locator('lab-graphs');
  const plot = view.locator('#plot-sequence .u-over');
  await plot.waitFor();
  const legend = view.locator('[data-graph=sequence] figcaption');
  assert.match(await legend.innerText(), /acknowledged\s*30,001/);
  const inked = await view.locator('#plot-sequence canvas').evaluate((/** @type {HTMLCanvasElement} */ canvas) => {
    const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')).getImageData(0, 0, canvas.width, canvas.height);
    let blue = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i + 2] > 150 && data[i] < 100) blue++;
    return blue;
  });
  assert.ok(inked > 300, `segments and lines are drawn: ${inked}`);
  const box = await plot.boundingBox();
  assert.ok(box);
  const end_us = await view.evaluate((/** @type {any} */ element) => element.end_us);
  await plot.click({ position: { x: box.width * 0.1, y: box.height / 2 } });
  const { t_us } = await cursor(lab);
  assert.equal(await view.evaluate((/** @type {any} */ element) => element.end_us), end_us, 'the graph stays as it is');
  assert.ok(Math.abs(t_us / end_us - 0.1) < 0.02, `a tenth of the way: ${t_us} of ${end_us}`);
  await page.mouse.move(box.x + box.width * 0.05, box.y + 80);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.3, box.y + 80, { steps: 5 });
  await page.mouse.up();
  assert.equal(await view.getByRole('button', { name: 'Fit' }).getAttribute('aria-pressed'), 'false');
  await view.getByRole('button', { name: 'Fit' }).click();
  assert.equal(await view.getByRole('button', { name: 'Fit' }).getAttribute('aria-pressed'), 'true');
  await view.getByRole('button', { name: 'Larger' }).click();
  assert.equal(await view.getByRole('button', { name: 'Fit' }).getAttribute('aria-pressed'), 'false');
  assert.deepEqual(lab.complaints, []);
  await lab.shot('graphs');
  await lab.close();
});

test('graphs: the segment under the mouse is lit in the ladder', async () => {
  const lab = await openSlowly();
  const { page } = lab;
  await lab.connect();
  await lab.call('send');
  await lab.step('segment');
  await openTab(lab, 'graphs');
  await page.locator('lab-graphs #plot-sequence .u-over').waitFor();
  const at = await page.locator('lab-graphs').evaluate((/** @type {any} */ view) => {
    const plot = view.plots.get('sequence');
    const mark = view.look().own.segments.at(-1);
    return { x: plot.valToPos(mark.t_us / 1e6, 'x'), y: plot.valToPos(mark.from, 'y'), frame: String(mark.frame) };
  });
  await page.locator('lab-graphs #plot-sequence .u-over').hover({ position: { x: at.x, y: Math.max(1, at.y - 2) } });
  assert.ok((await litArrows(lab)).includes(at.frame));
  await lab.close();
});

test('tables: the socket and its block at this moment, and at an earlier one', async () => {
  const lab = await openSlowly();
  const { page } = lab;
  await lab.connect();
  await openTab(lab, 'tables');
  const view = page.locator('lab-tables');
  assert.match(await view.locator('table').first().innerText(), /10\.0\.0\.1:\d+\s+10\.0\.0\.2:80\s+ESTABLISHED/);
  const item = (/** @type {string} */ key) => view.locator(`[data-item=${key}] td`).innerText();
  assert.deepEqual([await item('snd_una'), await item('rcv_nxt'), await item('snd_mss')], ['1', '1', '1,448 B']);
  assert.match(await textOf(lab, 'lab-tables'), /10\.0\.0\.2 ?02:00:00:00:00:02 ?known/);
  await page.evaluate(() => document.querySelector('tcp-lab')?.app.seek(30_000));
  await view.locator('table', { hasText: 'SYN_SENT' }).first().waitFor();
  assert.match(await textOf(lab, 'lab-tables'), /Timers that run .*RTO ?970 ms/);
  await view.getByRole('button', { name: 'Server' }).click();
  assert.match(await view.locator('table').first().innerText(), /\*:80\s+–\s+LISTEN/);
  await lab.close();
});

test('program: the line it is at, and what it waits for', async () => {
  const lab = await openSlowly('ko');
  const { page } = lab;
  await openTab(lab, 'code');
  const view = page.locator('lab-code');
  const server = view.locator('[data-app="1"]');
  assert.match(await server.locator('[aria-current]').innerText(), /listen\(l, backlog\);/);
  assert.match(await server.locator('.waits').innerText(), /accept\(\)에서 누군가 연결하기를 기다립니다/);
  await lab.connect();
  assert.match(await server.locator('[aria-current]').innerText(), /c = accept\(l\);/);
  assert.match(await server.locator('.waits').innerText(), /recv\(\)에서 데이터/);
  assert.match(await view.locator('[data-person="0"]').innerText(), /s1 = socket\(TCP\);[\s\S]*connect\(s1, 10\.0\.0\.2:80\);/);
  await view.locator('[data-person="0"] li').first().getByRole('button').click();
  assert.equal((await cursor(lab)).t_us, 0);
  assert.match(await server.locator('[aria-current]').innerText(), /listen\(l, backlog\);/, 'looking back works');
  await lab.close();
});

test('events: filtered, walked with the arrows, followed to their cause; only rows in view exist', async () => {
  const lab = await openSlowly();
  const { page } = lab;
  await lab.connect();
  await openTab(lab, 'events');
  const view = page.locator('lab-events');
  const all = Number(await view.locator('[role=table]').getAttribute('aria-rowcount'));
  assert.ok(all > 80);
  assert.ok((await view.locator('[role=row]').count()) < 45, 'not all of them are made');
  await view.getByRole('textbox').fill('tcp_state');
  assert.deepEqual(await view.locator('.kind').allInnerTexts(), Array(5).fill('tcp_state'));
  await view.locator('[role=row]', { hasText: 'LISTEN to SYN_RCVD' }).getByRole('button').first().click();
  assert.equal(await lab.chips(), 'SYN_SENT SYN_RCVD');
  await view.locator('[role=table]').focus();
  await page.keyboard.press('ArrowDown');
  assert.equal(await lab.chips(), 'ESTABLISHED SYN_RCVD');
  await view.getByRole('textbox').fill('');
  await view.locator('[role=row].here').getByRole('button', { name: /Go to its cause/ }).click();
  await view.locator('[role=row].here', { hasText: 'tcp_segment_received' }).waitFor();
  await view.getByRole('button', { name: 'Frames' }).click();
  assert.match(await view.locator('[role=row].here').innerText(), /Server[\s\S]*SYN\+ACK seq 0 ack 1[\s\S]*→ Client · delivered/);
  await view.locator('[role=row]', { hasText: 'ARP reply' }).first().hover();
  assert.equal((await litArrows(lab)).length > 0, true);
  await lab.close();
});

test('terminal: commands, completion, history, complaints', async () => {
  const lab = await openSlowly('ko');
  const { page } = lab;
  await openTab(lab, 'terminal');
  const view = page.locator('lab-terminal');
  const line = view.locator('form input');
  await line.fill('conn');
  await line.press('Tab');
  assert.equal(await line.inputValue(), 'connect ');
  await line.press('Enter');
  await lab.pause();
  await lab.statesUntil('ESTABLISHED ESTABLISHED');
  const type = async (/** @type {string} */ typed) => {
    await line.fill(typed);
    await line.press('Enter');
  };
  await type('ss');
  await view.locator('.out', { hasText: 'ESTABLISHED' }).waitFor();
  await type('tcpdump 3');
  assert.match(await view.locator('.log').innerText(), /Flags \[S\], seq 0[\s\S]*Flags \[S\.\], seq 0, ack 1[\s\S]*Flags \[\.\], seq 1, ack 1/);
  await type('dorp');
  assert.match(await view.locator('.error').innerText(), /“dorp”: 모르는 말입니다/);
  await line.press('ArrowUp');
  await line.press('ArrowUp');
  assert.equal(await line.inputValue(), 'tcpdump 3');
  await line.fill('');
  await line.press('Tab');
  assert.equal(await line.evaluate((input) => input.getRootNode().activeElement === input), false, 'Tab leads on where there is nothing to complete');
  await lab.shot('terminal');
  await lab.close();
});

test('the ladder’s table opens at the cursor', async () => {
  const lab = await openSlowly();
  const { page } = lab;
  await lab.connect();
  await page.evaluate(() => {
    const app = document.querySelector('tcp-lab')?.app;
    app?.session.send(0, 'z'.repeat(60_000));
    app?.seek(app.cursor.t_us + 1_000_000);
  });
  await page.locator('lab-ladder').getByRole('button', { name: 'As a table' }).click();
  const row = page.locator('lab-ladder tr[aria-current]');
  await row.waitFor();
  await page.waitForFunction(() => {
    const ladder = document.querySelector('tcp-lab')?.shadowRoot?.querySelector('lab-ladder')?.shadowRoot;
    const box = ladder?.querySelector('.scroller')?.getBoundingClientRect();
    const here = ladder?.querySelector('tr[aria-current]')?.getBoundingClientRect();
    return box && here && here.top >= box.top && here.bottom <= box.bottom + 1;
  });
  await lab.close();
});

test('a segment made and a frame that leaves are told apart', async () => {
  const lab = await openSlowly();
  await lab.call('connect');
  const told = [];
  for (let i = 0; i < 60 && (await lab.chips()) !== 'ESTABLISHED ESTABLISHED'; i++) {
    await lab.step('on');
    told.push(await lab.sentence());
  }
  const twice = told.filter((sentence, i) => sentence === told[i - 1]);
  assert.deepEqual(twice, []);
  assert.ok(told.includes('The client’s TCP makes a segment: SYN.'));
  await lab.close();
});

test('a closed server offers nothing to send with', async () => {
  const lab = await openSlowly();
  await lab.connect();
  const server = lab.page.locator('lab-program').nth(1);
  assert.equal(await server.locator('[data-call=send]').count(), 1);
  await lab.call('close', 0);
  await lab.statesUntil('FIN_WAIT_2 CLOSE_WAIT');
  await lab.call('close', 1);
  await lab.statesUntil('TIME_WAIT CLOSED');
  assert.equal(await server.locator('[data-call]').count(), 0);
  assert.match(await server.locator('section').innerText(), /Waits on port 80/);
  await lab.close();
});
