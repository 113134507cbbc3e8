/** More than one cable: a router between the hosts, and a lab of sixteen nodes. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { LabPage, openBrowser, openLab, openPage, PATIENCE_MS } from './browser.js';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

/** The page's lab made anew of another scenario. @param {LabPage} lab @param {object} scenario */
async function remake({ page }, scenario) {
  await page.evaluate(async (made) => {
    const element = /** @type {any} */ (document.querySelector('tcp-lab'));
    const { wasm } = element.app.session.lab.depart();
    const app = await element.makeApp(wasm, { lesson: null, scenario: made });
    element.app = undefined;
    await element.updateComplete;
    app.timeline.speed = 0.001;
    element.app = app;
    await element.updateComplete;
  }, scenario);
  await page.locator('lab-net .net').waitFor();
}

const app_80 = { app: 'receiver', port: 80, protocol: 'tcp', close: false, keep: true };
const ROUTED = {
  tcplab: 1,
  nodes: [
    { name: 'client', address: '10.0.0.1/24', routes: [{ to: '10.0.1.0/24', via: '10.0.0.254' }] },
    { name: 'server', address: '10.0.1.2/24', routes: [{ to: '0.0.0.0/0', via: '10.0.1.254' }], apps: [app_80] },
    { name: 'router', kind: 'router', interfaces: [{ address: '10.0.0.254/24' }, { address: '10.0.1.254/24' }] },
  ],
  links: [
    { name: 'near', between: ['client', 'router:0'], delay_ms: 10, rate_bit_per_s: 10_000_000 },
    { name: 'far', between: ['router:1', 'server'], delay_ms: 20, rate_bit_per_s: 10_000_000 },
  ],
};

/** Two routers, and fourteen hosts on them. */
function sixteen() {
  const side = (/** @type {number} */ net, /** @type {string} */ name, /** @type {object} */ more = {}) => (/** @type {number} */ i) => ({ name: `${name}${i || ''}`, address: `10.0.${10 * net + i}.1/24`, routes: [{ to: '0.0.0.0/0', via: `10.0.${10 * net + i}.254` }], ...more });
  const [client, server] = [side(1, 'client')(0), side(2, 'server', { apps: [app_80] })(0)];
  const others = Array.from({ length: 12 }, (_, i) => side(i % 2 ? 2 : 1, `h${i}`)(1 + (i >> 1)));
  const hostsOf = (/** @type {number} */ net) => [net === 1 ? client : server, ...others.filter((_, i) => (i % 2 ? 2 : 1) === net)];
  const router = (/** @type {number} */ net) => ({
    name: `r${net}`,
    kind: 'router',
    interfaces: [...hostsOf(net).map(({ address }) => ({ address: address.replace('.1/24', '.254/24') })), { address: `10.0.99.${net}/24` }],
    routes: [{ to: '0.0.0.0/0', via: `10.0.99.${3 - net}` }],
  });
  const links = [1, 2].flatMap((net) => hostsOf(net).map(({ name }, i) => ({ between: [name, `r${net}:${i}`], delay_ms: 5 })));
  return { tcplab: 1, nodes: [client, server, router(1), router(2), ...others], links: [...links, { name: 'core', between: ['r1:7', 'r2:7'], delay_ms: 10 }] };
}

/** Steps until it is so. @param {LabPage} lab @param {() => Promise<boolean>} isSo @param {'on' | 'segment'} [key] */
async function stepUntil(lab, isSo, key = 'on') {
  for (let i = 0; i < 120 && !(await isSo()); i++) await lab.step(key);
  assert.ok(await isSo());
}

test('a router: it is drawn, headers come off and on in it, its frames can be grabbed, the ladder has its lifeline', async () => {
  const lab = await openLab(on, { speed: '0.001' });
  await remake(lab, ROUTED);
  const { page } = lab;
  assert.match(await page.locator('.node.router').innerText(), /Router\s*Internet\s*Link/);
  await lab.shot('router-1440-en');
  await lab.call('connect');
  const passing = page.locator('lab-net .passing');
  await stepUntil(lab, async () => (await passing.count()) > 0);
  const label = page.locator('lab-net .frame').first();
  await stepUntil(lab, async () => ((await page.locator('lab-net .frame').count()) > 0 ? /SYN seq 0/.test((await label.getAttribute('aria-label')) ?? '') : false), 'segment');
  const first = await label.getAttribute('data-frame');
  await lab.step('segment');
  assert.match((await label.getAttribute('aria-label')) ?? '', /SYN seq 0|ARP/);
  await stepUntil(lab, async () => ((await label.count()) ? /SYN seq 0/.test((await label.getAttribute('aria-label')) ?? '') && (await label.getAttribute('data-frame')) !== first : false), 'segment');
  await label.click();
  await lab.shot('router-syn-1440-en');
  await page.locator('[data-hand=drop]').click();
  assert.match(await lab.sentence(), /was lost: you dropped it/, 'on the second link, too');
  await lab.statesUntil('ESTABLISHED ESTABLISHED');
  assert.equal(await lab.chips(), 'ESTABLISHED ESTABLISHED');
  assert.deepEqual(await page.locator('lab-ladder .head').allTextContents(), ['Client', 'Router', 'Server']);
  await lab.shot('router-done-1440-en');
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

/** The preset with a router, at its beginning. @param {{width?: number, height?: number}} [how] */
async function openRouted({ width = 1440, height = 900 } = {}) {
  const { page, complaints } = await openPage(on, '?preset=narrow-path&lang=en&theme=light', { width, height });
  await page.locator('lab-net .net').waitFor();
  await page.locator('lab-player select').selectOption('0.001');
  return new LabPage(page, complaints);
}

/** What a link is said to do, where it is drawn. @param {import('playwright-core').Page} page @param {number} link */
const says = (page, link) => page.locator(`lab-net [data-says="${link}"]`);

test('two links: each has its caption, and settings and the kit are for the one that was chosen', async () => {
  const lab = await openRouted();
  const { page } = lab;
  await says(page, 0).getByText('10 ms · 100 Mbit/s').waitFor();
  await says(page, 1).getByText('20 ms · 10 Mbit/s').waitFor();
  await says(page, 1).click();
  const settings = page.locator('lab-link');
  await settings.locator('[name=delay_ms]').fill('70');
  await settings.locator('[name=delay_ms]').press('Enter');
  await says(page, 1).getByText('70 ms').waitFor();
  await says(page, 0).getByText('10 ms').waitFor();
  assert.match(await lab.sentence(), /The link “far” has other settings now/);
  await settings.locator('[data-link=kit]').click();
  const kit = page.locator('lab-faults');
  await kit.getByRole('radio', { name: 'router → server' }).check();
  await kit.locator('[name=loss]').fill('100');
  await kit.locator('[name=loss]').press('Enter');
  await says(page, 1).getByText('→ 70 ms · 10 Mbit/s · loss 100 %').waitFor();
  await says(page, 1).getByText('← 70 ms · 10 Mbit/s').waitFor();
  await stepUntil(lab, async () => /from the router to the server was lost/.test(await lab.sentence()));
  await kit.getByRole('combobox', { name: 'Link' }).selectOption('near: Client – Router');
  await kit.getByRole('radio', { name: 'client → router' }).check();
  assert.equal(await kit.locator('[name=loss]').inputValue(), '0', 'nothing is lost on this one');
  await kit.getByRole('radio', { name: 'both ways' }).check();
  await kit.locator('[data-kit=up]').click();
  await says(page, 0).getByText('The cable is unplugged').waitFor();
  assert.match(await lab.sentence(), /The cable of “near” is unplugged/);
  await lab.shot('links-1440-en');
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

for (const [width, height] of [[768, 1024], [360, 740]]) {
  test(`two links at ${width} px: one is chosen above the network, and told`, async () => {
    const lab = await openRouted({ width, height });
    const { page } = lab;
    const caption = page.locator('lab-net .caption');
    await caption.getByText('10 ms · 100 Mbit/s').waitFor();
    await caption.getByRole('combobox', { name: 'Link' }).selectOption('far: Router – Server');
    await caption.getByText('20 ms · 10 Mbit/s').waitFor();
    await caption.getByRole('button').click();
    await page.locator('lab-link [name=delay_ms]').fill('5');
    await page.locator('lab-link [name=delay_ms]').press('Enter');
    await caption.getByText('5 ms · 10 Mbit/s').waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    await lab.shot(`links-${width}-en`);
    assert.deepEqual(lab.complaints, []);
    await lab.close();
  });
}

test('a router forges: as the server it ends the connection that passes by, and says on which link', async () => {
  const lab = await openRouted();
  const { page } = lab;
  await lab.statesUntil('ESTABLISHED ESTABLISHED');
  await stepUntil(lab, async () => (await lab.sentence()).includes('accept()'));
  await page.getByRole('button', { name: 'Views' }).click();
  await page.locator('lab-drawer').getByRole('tab', { name: 'Forge' }).click();
  const forge = page.locator('lab-forge');
  await forge.locator('[data-forge=way]').getByText('It leaves on near: Client → Router').waitFor();
  await forge.locator('[name=node]').selectOption('Router');
  await forge.locator('[name=as]').selectOption('Server');
  await forge.locator('[data-start=reset]').click();
  assert.equal(await forge.locator('[name=from]').inputValue(), '10.0.1.1:80');
  assert.match(await forge.locator('[name=to]').inputValue(), /^10\.0\.0\.1:/);
  await forge.locator('[data-forge=way]').getByText('It leaves on near: Router → Client').waitFor();
  await lab.shot('forge-router-1440-en');
  await forge.locator('[data-forge=send]').click();
  assert.match(await lab.sentence(), /The router .*you made by hand/);
  await stepUntil(lab, async () => (await lab.chips()) === 'CLOSED ESTABLISHED');
  assert.deepEqual(await forge.locator('[name=interface] option').allTextContents(), ['as the route says', '0 · near', '1 · far']);
  await forge.locator('[name=interface]').selectOption('1');
  await forge.getByText('This cannot be sent: EHOSTUNREACH').waitFor(); // nobody there has the client's address
  await forge.locator('[name=to]').fill('10.0.1.1:80');
  await forge.locator('[name=to]').press('Enter');
  await forge.locator('[data-forge=way]').getByText('It leaves on far: Router → Server').waitFor();
  await forge.locator('[name=interface]').selectOption('');
  await forge.locator('[data-forge=way]').getByText('It leaves on far: Router → Server').waitFor();
  await forge.locator('[name=node]').selectOption('Client');
  await forge.locator('[name=interface]').waitFor({ state: 'detached' });
  assert.deepEqual(lab.complaints, []);
  await lab.close();
});

for (const [width, height] of [[1440, 900], [768, 1024], [360, 740]]) {
  test(`sixteen nodes at ${width} px: all stand apart and inside, frames go over five links, lifelines can be chosen`, async () => {
    const lab = await openLab(on, { width, height, speed: '0.001', language: 'ko' });
    await remake(lab, sixteen());
    const { page } = lab;
    const nodes = page.locator('lab-net .node');
    assert.equal(await nodes.count(), 16);
    const boxes = await nodes.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().toJSON()));
    boxes.forEach((a, i) => {
      assert.ok(a.left >= 0 && a.right <= width, `${i} is inside`);
      boxes.slice(i + 1).forEach((b, k) => assert.ok(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top, `${i} and ${i + 1 + k} do not meet`));
    });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    await lab.call('connect');
    await lab.step('segment');
    await page.locator('lab-net .frame').first().waitFor({ timeout: PATIENCE_MS });
    await lab.shot(`sixteen-${width}-ko`);
    await lab.statesUntil('ESTABLISHED ESTABLISHED');
    assert.deepEqual(await page.locator('lab-ladder .head').allTextContents(), ['클라이언트', 'r1', 'r2', '서버']);
    await page.locator('lab-ladder .menu > summary').click();
    await page.locator('lab-ladder .menu label', { hasText: 'r2' }).locator('input').uncheck();
    assert.deepEqual(await page.locator('lab-ladder .head').allTextContents(), ['클라이언트', 'r1', '서버']);
    await lab.shot(`sixteen-ladder-${width}-ko`);
    assert.deepEqual(lab.complaints, []);
    await lab.close();
  });
}
