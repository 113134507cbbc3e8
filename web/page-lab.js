/**
 * The lab as it stands in a page of its own. Its address holds the run, and a reload returns to it; a link, or a file that
 * is dropped here, opens another; "New run" begins anew.
 */
import { html, nothing } from 'lit';
import { t, withWords } from './i18n/index.js';
import { TcpLab } from './elements/tcp-lab.js';
import { TABS } from './model/app.js';
import { forgetKept, keepRun, readKept, tabStorage } from './model/keep.js';
import { LINK_MAX, readRunFile, runText } from './model/share.js';
import { LabError } from '../wasm/error.js';
import { LabModule } from '../wasm/module.js';
import { readUrl } from '../wasm/options.js';

/** The address follows when nothing has changed for so long. */
const ADDRESS_AFTER_MS = 400;

const isLink = () => location.hash.includes('tcplab:');
const isReload = () => /** @type {PerformanceNavigationTiming | undefined} */ (performance.getEntriesByType('navigation')[0])?.type !== 'navigate';

/** Another run that is opened is not the one that was left. @param {import('./elements/lab-opened.js').Opened | null} [opened] */
const opening = (opened) => (opened ? `${opened.kind} ${opened.name}` : '');

export class PageLab extends TcpLab {
  constructor() {
    super();
    this.storage = tabStorage();
    /** @type {import('./model/keep.js').KeptRun | null} the run to return to */
    this.kept = null;
    /** What is wrong with the link or file that was to be opened. @type {LabError | null} */
    this.refused = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.telling = undefined;
    /** The dialog's code is there. */
    this.sharing = false;
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('pagehide', this.keep);
    window.addEventListener('hashchange', this.onHash);
    this.addEventListener('share', () => void this.share());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.telling);
    window.removeEventListener('pagehide', this.keep);
    window.removeEventListener('hashchange', this.onHash);
  }

  /** @param {WebAssembly.Module} wasm */
  async plan(wasm) {
    const plan = await super.plan(wasm);
    if (plan.lesson) return plan;
    const kept = readKept(this.storage, opening(plan.opened));
    if (isLink() && !(kept && isReload())) return { ...plan, ...this.readLink(wasm) };
    if (!kept) return plan;
    try {
      const run = readUrl(new LabModule(wasm), kept.run);
      this.kept = kept;
      return { ...plan, ...run };
    } catch {
      forgetKept(this.storage); // another version wrote it
      return plan;
    }
  }

  /** The run of the address, and where it is to be looked at. @param {WebAssembly.Module} wasm @returns {Partial<import('./elements/tcp-lab.js').Plan>} */
  readLink(wasm) {
    try {
      const run = readUrl(new LabModule(wasm), location.hash);
      const t_us = Math.round(Number(new URLSearchParams(location.search).get('t')) * 1000);
      this.returnTo(Number.isSafeInteger(t_us) && t_us > 0 ? t_us : 0);
      return run;
    } catch (error) {
      this.refuse(error);
      return {};
    }
  }

  /** @param {number} t_us */
  returnTo(t_us) {
    this.kept = { of: '', run: '', end_us: t_us, t_us, id: 0, names: [] };
  }

  /** @param {unknown} error */
  refuse(error) {
    this.kept = null;
    this.refused = new LabError('ELINK', error instanceof Error ? error.message : String(error));
  }

  /** A run of which no lab can be made is refused; then there is the first lab. @param {WebAssembly.Module} wasm @param {import('./elements/tcp-lab.js').Plan} plan */
  async makeApp(wasm, plan) {
    const app = await super.makeApp(wasm, plan).catch(async (error) => {
      if (plan.lesson) throw error;
      this.refuse(error);
      return super.makeApp(wasm, await super.plan(wasm));
    });
    if (app.session.nodes.length < 2) {
      this.refuse(t('link-two-hosts'));
      return super.makeApp(wasm, await super.plan(wasm));
    }
    if (!plan.lesson) {
      app.begin_anew = () => this.beginAnew();
      app.can_share = true;
      app.subscribe((change) => change === 'news' && this.tellAddress());
    }
    return app;
  }

  /** The address without what it asked for. */
  elsewhere() {
    const asked = new URLSearchParams(location.search);
    if (!['lesson', 'preset', 'own'].some((name) => asked.has(name))) return nothing;
    for (const name of [...asked.keys()]) if (!['lang', 'theme'].includes(name)) asked.delete(name);
    return html`<a class="button" href="?${asked}">${t('failure-elsewhere')}</a>`;
  }

  more() {
    return this.sharing ? html`<lab-share .app=${this.app}></lab-share>` : nothing;
  }

  async start() {
    await super.start();
    await this.arrive();
  }

  /** Goes to where the run was left, or says why it is not here. */
  async arrive() {
    const { app, refused, kept } = this;
    this.refused = this.kept = null;
    if (!app) return;
    const views = new URLSearchParams(location.search).get('views') ?? '';
    if (/** @type {readonly string[]} */ (TABS).includes(views)) app.open(views);
    if (kept) await app.resume(kept);
    if (refused) {
      app.try(() => {
        throw refused;
      });
    }
  }

  /** Another link was put into the address. */
  onHash = () => {
    if (isLink()) void this.beginWith((wasm) => this.readLink(wasm));
  };

  /** A run, or a scenario, as a file. @param {string} text */
  openRun(text) {
    return this.beginWith(() => {
      try {
        const { t_us, ...run } = readRunFile(text);
        this.returnTo(t_us);
        return run;
      } catch (error) {
        this.refuse(error);
        return {};
      }
    });
  }

  /** Another lab in place of this one; when it cannot be, this one stays. @param {(wasm: WebAssembly.Module) => Partial<import('./elements/tcp-lab.js').Plan>} read */
  async beginWith(read) {
    const { app: before } = this;
    const wasm = await this.module();
    const plan = { ...(await this.planLesson('')), ...read(wasm) };
    const app = this.refused ? before : await this.makeApp(wasm, plan);
    if (this.refused || app === before) return this.arrive();
    before?.pause();
    before?.remote?.close();
    for (const stop of this.stops.splice(1)) stop();
    this.app = /** @type {any} */ (undefined);
    await this.updateComplete;
    this.app = app;
    return this.arrive();
  }

  /** The address holds the run as long as it is short enough for one. */
  tellAddress() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      const { app } = this;
      if (!app || app.lesson || app.timeline.playing || app.timeline.journey) return;
      // Whoever prints with the browser's own command gets the ladder from now on; without its code, the page as it is.
      if (app.isBegun) import('./views/paper.js').then(({ preparePaper }) => preparePaper(app)).catch(() => {});
      const address = new URL(location.href);
      const run = app.session.lab.actions.length > 0 || isLink() ? runText(app) : '';
      const isShort = run !== '' && run.length <= LINK_MAX;
      address.hash = isShort ? run : '';
      if (isShort) address.searchParams.set('t', String(Math.round(app.cursor.t_us) / 1000));
      else address.searchParams.delete('t');
      if (address.href !== location.href) replaceAddress(address);
    }, ADDRESS_AFTER_MS);
  }

  /** The dialog to hand the run on. */
  async share() {
    const { app } = this;
    try {
      await withWords(import('./elements/lab-share.js'));
    } catch (error) {
      app.try(() => {
        throw error;
      });
      return;
    }
    this.sharing = true;
    this.requestUpdate();
    await this.updateComplete;
    /** @type {import('./elements/lab-share.js').LabShare | null} */ (this.renderRoot.querySelector('lab-share'))?.open();
  }

  /** The page goes; a lesson keeps its own progress. */
  keep = () => {
    if (this.app && !this.app.lesson) keepRun(this.storage, this.app.session, opening(this.app.opened));
  };

  beginAnew() {
    window.removeEventListener('pagehide', this.keep);
    clearTimeout(this.telling);
    forgetKept(this.storage);
    const address = new URL(location.href);
    address.hash = '';
    address.searchParams.delete('t');
    replaceAddress(address);
    location.reload();
  }
}

/** A frame without an origin, or a file, may not have it changed. @param {URL} address */
function replaceAddress(address) {
  try {
    history.replaceState(history.state, '', address.href.replace(/#$/, ''));
  } catch {
    // Then the link is in the dialog only.
  }
}
