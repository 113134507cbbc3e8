/** How the page looks and reads: no rule of WCAG that axe knows is broken, nothing sticks out, at three widths in both languages. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { LabPage, openBrowser, openLab, openPage, violations } from './browser.js';

const SIZES = [
  [1440, 900],
  [768, 1024],
  [360, 740],
];

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let on;
before(async () => void (on = await openBrowser()));
after(() => on?.close());

/** Elements whose text is wider than the page. @param {import('playwright-core').Page} page */
const sticksOut = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const [width, height] of SIZES) {
  for (const language of ['ko', 'en']) {
    test(`${width} px in ${language}: first look, handshake, packet`, async () => {
      const lab = await openLab(on, { language, width, height });
      await lab.shot(`start-${width}-${language}`);
      assert.equal(await sticksOut(lab.page), 0);
      await lab.call('connect');
      await lab.step('segment');
      await lab.step('segment');
      await lab.page.locator('.frame').click();
      await lab.shot(`handshake-${width}-${language}`);
      assert.equal(await sticksOut(lab.page), 0);
      await lab.page.locator('[data-hand]').last().focus();
      await lab.page.locator('lab-wire .hands button').last().click();
      await lab.page.locator('lab-packet .dump').waitFor();
      await lab.shot(`packet-${width}-${language}`);
      assert.equal(await sticksOut(lab.page), 0);
      assert.deepEqual(lab.complaints, []);
      await lab.close();
    });
  }
}

for (const [width, height] of SIZES) {
  for (const language of ['ko', 'en']) {
    test(`${width} px in ${language}: nothing jumps while a connection is made`, async () => {
      const lab = await openLab(on, { language, width, height, speed: '0.001' });
      const places = () =>
        lab.page.evaluate(() =>
          ['lab-host', 'lab-wire', 'lab-program', 'lab-predict'].map((name) => {
            const element = document.querySelector('tcp-lab')?.shadowRoot?.querySelector(name);
            return `${name} ${Math.round((element?.getBoundingClientRect().top ?? 0) + window.scrollY)}`;
          }),
        );
      // On a phone what stands under a program moves when the program gets more to do; what is above must not.
      const fixed = (/** @type {string[]} */ all) => (width < 600 ? all.slice(0, 3) : all);
      const start = fixed(await places());
      const button = await lab.page.locator('[data-call=connect]').boundingBox();
      const player = await lab.page.locator('lab-player').boundingBox();
      assert.ok(button && player && button.y + button.height <= player.y, 'connect() can be seen at once');
      await lab.call('connect');
      for (let i = 0; i < 50; i++) {
        assert.deepEqual(fixed(await places()), start, await lab.sentence());
        await lab.step('on');
      }
      await lab.close();
    });
  }
}

for (const language of ['ko', 'en']) {
  for (const theme of ['light', 'dark']) {
    test(`axe finds nothing: ${language}, ${theme}`, async () => {
      const lab = await openLab(on, { language, theme });
      assert.deepEqual(await violations(lab.page), []);
      await lab.connect();
      await lab.call('send');
      await lab.step('segment');
      await lab.page.locator('lab-wire .caption button').click();
      await lab.page.locator('.frame').first().click();
      await lab.page.locator('lab-wire .hands button').last().click();
      await lab.page.locator('lab-packet .dump').waitFor();
      await lab.shot(`whole-${theme}-${language}`);
      assert.deepEqual(await violations(lab.page), []);
      await lab.close();
    });
  }
}

/** A run of the network with frames on it, one of them in hand, a link that is cut and one that is another each way. @param {import('./browser.js').LabPage} lab */
const busyNet = ({ page }) =>
  page.evaluate(() => {
    const app = document.querySelector('tcp-lab')?.app;
    if (!app) return;
    app.session.setLink({ delay_ms: 300, loss: 0.1 }, 'b_to_a', 1);
    app.seek(115_000);
    app.session.setLink({ up: false }, '', 0);
    app.select(app.state.flying[0] ?? 0);
  });

/** A second run that parts from the first: its SYN is lost. @param {import('./browser.js').LabPage} lab */
const twoRuns = ({ page }) =>
  page.evaluate(() => {
    const app = document.querySelector('tcp-lab')?.app;
    if (!app) return;
    app.session.connect(0);
    app.seek(300_000);
    app.seek(45_000);
    app.session.drop(app.state.flying[0]);
    app.seek(2_000_000);
  });

for (const [language, theme, width] of /** @type {const} */ ([
  ['ko', 'light', 1440],
  ['ko', 'dark', 360],
  ['en', 'light', 360],
  ['en', 'dark', 1440],
])) {
  test(`axe finds nothing on the network and in the kit and the forge for it: ${language}, ${theme}, ${width} px`, async () => {
    const { page, complaints } = await openPage(on, `?preset=narrow-path&lang=${language}&theme=${theme}`, { width, height: 900 });
    const lab = new LabPage(page, complaints);
    await page.locator('lab-net .net').waitFor();
    assert.deepEqual(await violations(page), [], 'at the beginning');
    await busyNet(lab);
    await page.locator(width > 1000 ? '[data-says="1"]' : 'lab-net .caption button').click();
    await page.locator('lab-net .frame[aria-pressed=true]').waitFor();
    await page.locator('lab-link fieldset').waitFor();
    await lab.shot(`axe-net-${width}-${theme}-${language}`);
    assert.deepEqual(await violations(page), [], 'with frames');
    for (const tab of ['faults', 'forge']) {
      await openTab(lab, tab);
      assert.deepEqual(await violations(page), [], tab);
    }
    assert.deepEqual(complaints, []);
    await lab.close();
  });

  test(`axe finds nothing where two runs stand beside each other: ${language}, ${theme}, ${width} px`, async () => {
    const lab = await openLab(on, { language, theme, width });
    await twoRuns(lab);
    await lab.page.locator('lab-branches section').waitFor();
    await lab.shot(`axe-runs-${width}-${theme}-${language}`);
    assert.deepEqual(await violations(lab.page), []);
    await lab.page.locator('lab-branches [data-branch="0"]').click();
    await lab.page.locator('lab-branches [data-branches=rename]').click();
    await lab.page.locator('lab-branches input').waitFor();
    assert.deepEqual(await violations(lab.page), [], 'while it is named');
    assert.deepEqual(lab.complaints, []);
    await lab.close();
  });
}

const TABS = ['packet', 'machine', 'sequence', 'graphs', 'tables', 'code', 'events', 'faults', 'forge', 'terminal'];

/** A run with a lost segment, data in flight and something selected. @param {import('./browser.js').LabPage} lab */
const busyRun = ({ page }) =>
  page.evaluate(() => {
    const app = document.querySelector('tcp-lab')?.app;
    if (!app) return;
    app.session.connect(0);
    app.seek(300_000);
    app.session.dropNext(0, 'data');
    app.session.send(0, 'TCP counts bytes. 바이트를 셉니다. '.repeat(600));
    app.seek(app.cursor.t_us + 70_000);
    app.select(app.record.frames.filter((frame) => frame.segment?.payload_bytes).at(-3)?.frame ?? 0);
  });

/** @param {import('./browser.js').LabPage} lab @param {string} tab */
async function openTab({ page }, tab) {
  await page.evaluate((name) => document.querySelector('tcp-lab')?.app.open(name), tab);
  await page.locator(`lab-${tab}`).waitFor();
}

for (const [language, theme] of ['ko', 'en'].flatMap((each) => ['light', 'dark'].map((colours) => [each, colours]))) {
  test(`axe finds nothing in any view of the drawer: ${language}, ${theme}`, async () => {
    const lab = await openLab(on, { language, theme });
    await openTab(lab, 'packet');
    assert.deepEqual(await violations(lab.page), [], 'with nothing to show');
    await busyRun(lab);
    const found = [];
    for (const tab of TABS) {
      await openTab(lab, tab);
      found.push(...(await violations(lab.page)).map((/** @type {string} */ each) => `${tab}: ${each}`));
    }
    assert.deepEqual(found, []);
    assert.deepEqual(lab.complaints, []);
    await lab.close();
  });
}

for (const [width, height] of SIZES) {
  for (const language of ['ko', 'en']) {
    test(`${width} px in ${language}: each view fits, and time can be stepped beside it`, async () => {
      const lab = await openLab(on, { language, width, height });
      await busyRun(lab);
      for (const tab of TABS) {
        await openTab(lab, tab);
        assert.equal(await sticksOut(lab.page), 0, tab);
        const over = await lab.page
          .locator('lab-drawer [role=tabpanel]')
          .evaluate((panel) => panel.scrollWidth - panel.clientWidth);
        assert.ok(over <= 0, `${tab} is ${over} px wider than its drawer`);
        await lab.shot(`view-${tab}-${width}-${language}`);
      }
      const drawer = await lab.page.locator('lab-drawer').boundingBox();
      const step = await lab.page.locator('[data-key=on]').boundingBox();
      assert.ok(drawer && step);
      const isBelow = step.y >= drawer.y + drawer.height;
      assert.ok(isBelow || step.x + step.width <= drawer.x, 'the drawer does not cover the player');
      assert.ok(width < 1000 || drawer.width <= width / 3 + 1, 'a third at most');
      await lab.close();
    });
  }
}

for (const theme of ['light', 'dark']) {
  test(`who asks for more contrast gets 7:1 for all text: ${theme}`, async () => {
    const lab = await openLab(on, { theme });
    await lab.page.emulateMedia({ contrast: 'more' });
    await lab.page.evaluate(() => document.querySelector('tcp-lab')?.app.open('packet'));
    await busyRun(lab);
    await lab.page.locator('lab-packet .dump').waitFor();
    await lab.shot(`contrast-${theme}`);
    assert.deepEqual(await violations(lab.page, { rules: { 'color-contrast-enhanced': { enabled: true } } }), []);
    await lab.close();
  });

  test(`where the system’s colours are all there is, nothing is told by the page’s own alone: ${theme}`, async () => {
    const lab = await openLab(on, { theme });
    await lab.page.emulateMedia({ forcedColors: 'active', colorScheme: theme === 'dark' ? 'dark' : 'light' });
    await busyRun(lab);
    await lab.page.evaluate(() => document.querySelector('tcp-lab')?.app.open('packet'));
    await lab.page.locator('lab-packet .dump').waitFor();
    await lab.shot(`forced-${theme}`);
    const lines = await lab.page
      .locator('[aria-pressed=true], [aria-expanded=true][data-views], [role=tab][aria-selected=true]')
      .evaluateAll((pressed) => pressed.filter((each) => each.tagName === 'BUTTON').map((each) => getComputedStyle(each).textDecorationLine));
    assert.ok(lines.length >= 3 && lines.every((line) => line === 'underline'), `what is pressed is underlined: ${lines}`);
    // The browser paints text in the system's colours, whatever the page asked for, which is what axe reads.
    assert.deepEqual(await violations(lab.page, { rules: { 'color-contrast': { enabled: false } } }), []);
    await lab.close();
  });
}

test('axe finds nothing on a phone, and in the table', async () => {
  const lab = await openLab(on, { width: 360, height: 740 });
  await lab.connect();
  await lab.page.locator('lab-ladder .tools button').last().click();
  assert.deepEqual(await violations(lab.page), []);
  await lab.close();
});

test('a window of a desktop shows it all, and text fields take the room there is', async () => {
  const lab = await openLab(on);
  assert.equal(await lab.page.evaluate(() => document.documentElement.scrollHeight), 900);
  const field = lab.page.locator('lab-program').first().locator('input[type=text]');
  // Some browsers make a field as wide as this by themselves.
  const over = await field.evaluate((/** @type {HTMLInputElement} */ input) => {
    input.size = 60;
    const program = /** @type {ShadowRoot} */ (input.getRootNode()).host;
    return program.scrollWidth - program.clientWidth;
  });
  assert.equal(over, 0);
  await lab.close();
});

test('where motion is not wanted, play goes in steps', async () => {
  const lab = await openLab(on, { reducedMotion: 'reduce' });
  await lab.page.locator('[data-call=connect]').click();
  await lab.page.waitForFunction(() => (document.querySelector('tcp-lab')?.app.cursor.id ?? 0) > 15);
  const at = await lab.page.evaluate(() => {
    const app = document.querySelector('tcp-lab')?.app;
    return app && app.timeline.at(app.cursor.id)?.t_us === app.cursor.t_us;
  });
  assert.equal(at, true, 'the cursor stands on an event');
  await lab.close();
});

test('the ladder’s tools stay on one line on a phone and beside the drawer', async () => {
  for (const [width, height] of SIZES) {
    const lab = await openLab(on, { width, height });
    await lab.connect();
    await lab.page.evaluate(() => document.querySelector('tcp-lab')?.app.select(1, true));
    await lab.page.locator('lab-drawer aside').waitFor();
    const tops = await lab.page
      .locator('lab-ladder .tools button')
      .evaluateAll((buttons) => buttons.map((button) => Math.round(button.getBoundingClientRect().top)));
    assert.equal(new Set(tops).size, 1, `${width} px: ${tops}`);
    await lab.close();
  }
});

test('nothing is asked of any other server', async () => {
  const context = await on.browser.newContext();
  const page = await context.newPage();
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(on.url);
  await page.locator('lab-host .chip').first().waitFor();
  assert.deepEqual(
    asked.filter((url) => !url.startsWith(on.url)),
    [],
  );
  await context.close();
});
