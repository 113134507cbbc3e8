/**
 * A real browser on the built page, served from this process: what the tests of this folder share.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServer } from '../../web/serve.js';
import { TOP, chromium, resolveFromWeb } from '../support/from-web.js';

/** Where the browser is; undefined: there is none. */
export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const SWITCHES = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

const AXE = readFileSync(resolveFromWeb('axe-core/axe.min.js'), 'utf8');

export const SHOTS = join(TOP, 'build/e2e');
mkdirSync(SHOTS, { recursive: true });

/** A page that does not answer in this time is broken; nothing is measured with it. */
export const PATIENCE_MS = 20_000;

/** @param {{executablePath?: string, env?: Record<string, string>}} [by] a program that starts the browser */
export const launch = (by) => chromium.launch({ executablePath: CHROMIUM, args: SWITCHES, ...by });

export async function openBrowser() {
  const server = await startServer(join(TOP, 'build/web'));
  const browser = await launch();
  return {
    browser,
    url: server.url,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/**
 * The lab, loaded and at rest. Whatever the page complains of on its console is an error.
 * @param {Awaited<ReturnType<typeof openBrowser>>} on
 * @param {{language?: string, theme?: string, width?: number, height?: number, reducedMotion?: 'reduce' | 'no-preference', speed?: string}} [how]
 */
export async function openLab(
  on,
  { language = 'en', theme = 'light', width = 1440, height = 900, reducedMotion = 'no-preference', speed = '' } = {},
) {
  const context = await on.browser.newContext({ viewport: { width, height }, reducedMotion });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints = complaintsOf(page);
  await page.goto(`${on.url}?lang=${language}&theme=${theme}`);
  await page.locator('lab-host .chip').first().waitFor();
  if (speed) await page.locator('lab-player select').selectOption(speed);
  return new LabPage(page, complaints);
}

/**
 * Any page of the site. What it complains of on its console is gathered.
 * @param {Awaited<ReturnType<typeof openBrowser>>} on
 * @param {string} path
 * @param {{width?: number, height?: number}} [size]
 */
export async function openPage(on, path, { width = 1440, height = 900 } = {}) {
  const context = await on.browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints = complaintsOf(page);
  await page.goto(`${on.url}${path}`);
  return { page, complaints };
}

/** @param {import('playwright-core').Page} page */
export function complaintsOf(page) {
  const complaints = /** @type {string[]} */ ([]);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  return complaints;
}

/** The rules of WCAG that axe finds broken, each with where. @param {import('playwright-core').Page} page @param {Record<string, any>} [options] of axe */
export async function violations(page, options = {}) {
  // The page's policy forbids scripts from elsewhere; the debugger may still evaluate.
  await page.evaluate(AXE);
  // Colours that are on their way to others are neither: what ends is ended.
  await page.evaluate(() => {
    /** @param {Document | ShadowRoot} root */
    const end = (root) => {
      for (const each of root.getAnimations()) if (each.effect?.getComputedTiming().endTime !== Infinity) each.finish();
      for (const { shadowRoot } of root.querySelectorAll('*')) if (shadowRoot) end(shadowRoot);
    };
    end(document);
  });
  const result = await page.evaluate(
    (more) => /** @type {any} */ (window).axe.run(document, { resultTypes: ['violations'], ...more }),
    options,
  );
  return result.violations.map(
    (/** @type {any} */ each) =>
      `${each.id}: ${each.nodes.map((/** @type {any} */ node) => `${node.target.flat().join(' ')} (${node.any[0]?.message ?? ''})`).join(', ')}`,
  );
}

export class LabPage {
  /** @param {import('playwright-core').Page} page @param {string[]} complaints */
  constructor(page, complaints) {
    this.page = page;
    this.complaints = complaints;
  }

  /** The two state chips, as a person reads them. */
  async chips() {
    return (await this.page.locator('lab-host .chip').allInnerTexts()).join(' ');
  }

  /** Presses a program's call and holds time at once, so that the test steps. @param {string} call @param {number} [node] */
  async call(call, node = 0) {
    await this.page.locator('lab-program').nth(node).locator(`[data-call=${call}]`).click();
    await this.pause();
  }

  async pause() {
    const play = this.page.locator('[data-key=play]');
    if (await this.page.evaluate(() => document.querySelector('tcp-lab')?.app.timeline.playing)) await play.click();
  }

  /** @param {'on' | 'back' | 'segment'} key */
  async step(key) {
    await this.page.locator(`[data-key=${key}]`).click();
  }

  /**
   * Steps from event to event until both chips say something, and gives every pair on the way.
   * @param {string} last
   */
  async statesUntil(last) {
    const seen = [await this.chips()];
    for (let i = 0; i < 200 && seen.at(-1) !== last; i++) {
      await this.step('on');
      const now = await this.chips();
      if (now !== seen.at(-1)) seen.push(now);
    }
    return seen;
  }

  async connect() {
    await this.call('connect');
    await this.statesUntil('ESTABLISHED ESTABLISHED');
    for (let i = 0; i < 10 && !(await this.sentence()).includes('accept()'); i++) await this.step('on');
  }

  /** What just happened. */
  async sentence() {
    return this.page.locator('lab-news .what').innerText();
  }

  /** @param {string} name */
  async shot(name) {
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }

  async close() {
    await this.page.context().close();
  }
}
