/**
 * <tcp-lab> in somebody else's page: what it is asked for stands in its attributes, what happens in it is told by events
 * of the DOM, and it is a good guest. It starts when it comes into sight and rests when it is out of it, plays nothing
 * unasked, takes focus, keys and the wheel only from who is in it, and keeps nothing in the page's storage.
 *
 * Events: tcplab-ready, -resize, -step, -answer, -complete, -statement, -error. README.md says what each tells.
 */
import { html, nothing } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import './words.js';
import { TcpLab } from '../elements/tcp-lab.js';
import { getLanguage, loadWords, setLanguage, speakLanguage, t, withWords } from '../i18n/index.js';
import { ToldError } from '../i18n/told.js';
import { SPEEDS, TABS } from '../model/app.js';
import { plannedEnd_us } from '../model/scenario.js';
import { LabModule } from '../../wasm/module.js';
import { readUrl } from '../../wasm/options.js';
import { embedStyles } from './embed-styles.js';
import { BEGINNING, PARAMETERS, STAGE_VIEWS, readParameters } from './parameters.js';
import { Reporter } from './reporter.js';
import { VERSION } from './version.js';

/** It begins a little before it is seen. */
const MARGIN = '200px';

/** What a guest keeps for going back: some minutes of a run. */
const HISTORY = { bytesMax: 2 << 20, countMax: 40 };

export class EmbeddedLab extends TcpLab {
  static properties = { faults: { state: true } };
  static styles = [...TcpLab.styles, embedStyles];

  static get observedAttributes() {
    return [...new Set([...super.observedAttributes, ...PARAMETERS])];
  }

  constructor() {
    super();
    const { wanted, faults } = readParameters(() => null);
    this.wanted = wanted;
    this.faults = faults;
    /** Has it been seen, so that it may begin? */
    this.seen = false;
    this.in_sight = false;
    /** Is progress kept in the page's storage? */
    this.keeps_progress = false;
    /** Is it alone in a frame, as tall as the frame? */
    this.in_frame = false;
    this.landmark = 'region';
    /** @type {Reporter | null} */
    this.reporter = null;
    this.told_height = 0;
    this.dark = matchMedia('(prefers-color-scheme: dark)');
    this.eye = new IntersectionObserver((entries) => this.see(entries.at(-1)?.isIntersecting ?? false), { rootMargin: MARGIN });
    this.rule = new ResizeObserver(() => {
      this.dress();
      this.measure();
    });
    /** One lab is made after the other. @type {Promise<void>} */
    this.starting = Promise.resolve();
    this.anew = false;
  }

  connectedCallback() {
    this.read();
    super.connectedCallback();
    window.addEventListener('blur', this.onLeave);
    document.addEventListener('focusin', this.onPointer);
    this.addEventListener('pointerdown', this.onEnter);
    this.addEventListener('focusin', this.onEnter);
    this.addEventListener('keypress', this.onPress);
    this.dark.addEventListener('change', this.dress);
    this.eye.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('blur', this.onLeave);
    document.removeEventListener('focusin', this.onPointer);
    this.dark.removeEventListener('change', this.dress);
    this.eye.disconnect();
    this.rule.disconnect();
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    super.attributeChangedCallback(name, before, now);
    if (!this.isConnected || before === now || !PARAMETERS.includes(name)) return;
    this.read();
    if (BEGINNING.includes(name)) this.beginAnew();
    else this.apply(name);
  }

  /** Takes the attributes over. */
  read() {
    const { wanted, faults } = readParameters((name) => this.getAttribute(name));
    this.wanted = wanted;
    this.faults = faults;
    const nearest = this.parentElement?.closest('[lang]')?.getAttribute('lang')?.slice(0, 2);
    const language = wanted.lang || (nearest === 'ko' || nearest === 'en' ? nearest : getLanguage());
    const spoken = language === getLanguage() ? loadWords() : speakLanguage(language);
    this.dress();
    const tell = () => {
      for (const { message, args } of faults) this.tell('error', { code: 'EINVAL', message: t(message, args) });
    };
    spoken.then(tell, tell); // without its words there is no lab, which start() tells
  }

  /** Colours, and what is left out. */
  dress = () => {
    const { theme, views, controls } = this.wanted;
    this.dataset.theme = theme === 'auto' ? (this.dark.matches ? 'dark' : 'light') : theme;
    const without = STAGE_VIEWS.filter((view) => !views.includes(view));
    if (controls !== 'full') without.push('link', 'programs');
    if (controls === 'none') without.push('player');
    // Two hosts and a cable are in the ladder, too; what lies between others is not.
    if (this.isCompact && !this.hasAttribute('views')) without.push('link', ...(this.app?.session.topology.isCable === false ? [] : ['wire']));
    this.dataset.without = without.join(' ');
    this.toggleAttribute('data-compact', this.isCompact);
  };

  /** Is there too little room for the whole stage? An element without a height of its own is as tall as it likes. */
  get isCompact() {
    const drawer = this.app?.drawer_open && this.clientWidth >= BESIDE ? Math.max(400, this.clientWidth * 0.33) : 0;
    return this.clientWidth - drawer < WIDE || (this.in_frame && this.clientHeight < TALL);
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  updated(changed) {
    super.updated(changed);
    this.dress(); // the drawer may have opened
  }

  /** What may change while it runs. @param {string} name */
  apply(name) {
    const { app, wanted } = this;
    if (!app) return;
    if (name === 'speed' && wanted.speed !== null) app.setSpeed(nearestSpeed(wanted.speed));
    if (name === 'reducedmotion') app.reduced_motion = wanted.reducedmotion ?? this.still.matches;
    if (name === 'views') app.drawer_open = this.openFirst();
    if (name === 'paused') this.play(!wanted.paused);
    app.changed();
  }

  /** Opens the drawer when one of its views was asked for. */
  openFirst() {
    const tab = this.wanted.views.find((view) => /** @type {readonly string[]} */ (TABS).includes(view));
    if (tab) this.app.tab = tab;
    return tab !== undefined;
  }

  /** @param {boolean} isIn */
  see(isIn) {
    this.in_sight = isIn;
    if (isIn && !this.seen) {
      this.seen = true;
      void this.start();
    } else if (isIn && this.app) this.wake();
  }

  /** Nothing is begun before it can be seen. */
  start() {
    if (this.seen) this.starting = this.starting.then(() => this.makeLab());
    return this.starting;
  }

  async makeLab() {
    await super.start();
    if (this.failure) return this.tell('error', { code: 'EINVAL', message: this.failure });
    const { app, wanted } = this;
    if (!app) return;
    app.open_lesson = (name) => this.setAttribute('lesson', name);
    app.reduced_motion = wanted.reducedmotion ?? this.still.matches;
    app.drawer_open = this.openFirst();
    if (wanted.speed !== null) app.setSpeed(nearestSpeed(wanted.speed));
    if (wanted.t !== null) app.seek(wanted.t * 1000);
    this.reporter = new Reporter(app, this.tell, t);
    await this.updateComplete;
    this.rule.observe(this);
    for (const part of this.renderRoot.querySelectorAll('.grid, .player')) this.rule.observe(part);
    this.tell('ready', { lesson: wanted.lesson, lang: getLanguage() });
    this.measure();
    if (!wanted.paused) app.play();
  }

  /** Another lesson, scenario or run; several attributes that change together are one change. */
  beginAnew() {
    if (this.anew || !this.seen) return;
    this.anew = true;
    this.starting = this.starting.then(() => {
      this.anew = false;
      this.end();
      return this.makeLab();
    });
  }

  /** Without a lab, as before the first. */
  end() {
    this.reporter?.stop();
    this.reporter = null;
    this.app?.pause();
    this.app?.remote?.close();
    this.rule.disconnect();
    for (const stop of this.stops.splice(1)) stop();
    this.failure = '';
    this.told_height = 0;
    this.app = /** @type {any} */ (undefined);
  }

  /** @param {WebAssembly.Module} wasm @returns {Promise<import('../elements/tcp-lab.js').Plan>} */
  async plan(wasm) {
    const { lesson, scenario, run, seed } = this.wanted;
    const plan = { ...(await this.planLesson(lesson)), history: HISTORY, ...(seed === null ? {} : { seed }) };
    if (lesson || (!run && !scenario)) return plan;
    if (!run && !scenario.trimStart().startsWith('{')) {
      const opened = /** @type {const} */ ({ kind: 'preset', name: scenario });
      return { ...plan, opened, ...(await (await withWords(import('../elements/lab-opened.js'))).loadRun(wasm, opened)) };
    }
    const given = run ? readUrl(new LabModule(wasm), run) : { scenario: JSON.parse(scenario) };
    const { nodes } = given.scenario;
    if (Array.isArray(nodes) && (nodes.length < 2 || nodes.slice(0, 2).some((node) => !node?.interfaces?.length))) throw new ToldError(t('embed-two-hosts'));
    return { ...plan, ...given };
  }

  /** @param {WebAssembly.Module} wasm @param {import('../elements/tcp-lab.js').Plan} plan */
  async makeApp(wasm, plan) {
    const app = await super.makeApp(wasm, plan);
    app.keeps_progress = this.keeps_progress;
    if (!plan.lesson && (this.wanted.run || this.wanted.scenario)) app.timeline.script_end_us = plannedEnd_us(plan.scenario, plan.actions);
    return app;
  }

  onStill = () => this.apply('reducedmotion');

  /** Out of sight nothing moves. */
  get isSeen() {
    return this.in_sight;
  }

  /** Somebody is in here: now keys and the wheel are for the lab. */
  onEnter = () => this.toggleAttribute('data-active', true);

  /** The window, or the frame, has lost the focus. */
  onLeave = () => {
    this.has_focus = false;
    this.toggleAttribute('data-active', false);
  };

  /** Who presses or goes elsewhere has left. @param {Event} event */
  onPointer = (event) => {
    if (!event.composedPath().includes(this)) this.onLeave();
  };

  /** A key that does something in here does nothing around it. @param {KeyboardEvent} event */
  onKey(event) {
    super.onKey(event);
    this.onPress(event);
  }

  /** @param {KeyboardEvent} event */
  onPress(event) {
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    if (event.defaultPrevented || event.key === '?' || target.matches?.('input, textarea, select')) event.stopPropagation();
  }

  /** @param {string} name @param {Record<string, any>} detail */
  tell = (name, detail) => {
    this.dispatchEvent(new CustomEvent(`tcplab-${name}`, { bubbles: true, detail: { version: VERSION, ...detail } }));
  };

  /** How tall it would like to be: with a ladder of some length, however tall it is now. */
  measure() {
    const ladder = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.ladder'));
    const whole = this.renderRoot.querySelector('.whole');
    if (!ladder || !whole) return;
    const player = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.player'));
    this.style.setProperty('--player', `${player?.offsetHeight ?? 0}px`); // the drawer stands above it
    const others = [...whole.children].reduce((sum, each) => sum + (each.matches('.drawer') ? 0 : naturalHeight(each)), 0);
    const wish = ladder.offsetHeight > 0 ? LADDER_WISH : 0;
    const isSquat = this.isCompact && this.clientWidth >= WIDE;
    const height = isSquat ? TALL_WISH : Math.ceil(others - ladder.offsetHeight + wish);
    if (height === this.told_height) return;
    this.told_height = height;
    this.tell('resize', { height });
  }

  // ---- What a host page can do ----

  /** @param {boolean} [on] */
  play(on = true) {
    if (on) this.app?.play();
    else this.app?.pause();
  }

  pause() {
    this.play(false);
  }

  /** @param {number} t_ms */
  seek(t_ms) {
    this.app?.seek(t_ms * 1000);
  }

  /** @param {'on' | 'back' | 'segment'} [how] */
  step(how = 'on') {
    this.app?.step(how);
  }

  // ---- The picture ----

  /** A slim line instead of the page's: the page around has a name and colours of its own. */
  header() {
    if (this.wanted.controls !== 'full') return nothing;
    const { app } = this;
    const speak = (/** @type {'ko' | 'en'} */ to, /** @type {string} */ name) =>
      html`<button class="plain" lang=${to} aria-pressed=${getLanguage() === to} @click=${() => void app.tryLater(setLanguage(to))}>${name}</button>`;
    return html`<nav class="slim" aria-label=${t('settings')}>
      <b>TCP Lab</b>
      <span>${speak('ko', '한국어')}${speak('en', 'EN')}</span>
      <button class="plain" data-views aria-expanded=${app.drawer_open} @click=${() => (app.drawer_open ? app.closeDrawer() : app.open(app.tab))}>${t('views')}</button>
      <button class="plain" @click=${() => this.openHelp()}>${t('help')}</button>
    </nav>`;
  }

  render() {
    const told = this.faults.map(({ message, args }) => html`<li>${t(message, args)}</li>`);
    return html`${told.length ? html`<ul class="faults" role="alert">${told}</ul>` : nothing}${keyed(this.app, super.render())}`;
  }
}

/** From this width and height the whole stage has room; and what it asks for to get there. In pixels. */
const WIDE = 880;
/** From here the drawer stands beside the stage. */
const BESIDE = 1000;
const TALL = 640;
const TALL_WISH = 760;

/** In a page that lets it be as tall as it likes, the ladder gets so many pixels. */
const LADDER_WISH = 320;

/** @param {Element} element */
const naturalHeight = (element) => Math.max(element.scrollHeight, /** @type {HTMLElement} */ (element).offsetHeight);

/** @param {number} speed */
const nearestSpeed = (speed) => SPEEDS.reduce((best, each) => (Math.abs(each - speed) < Math.abs(best - speed) ? each : best));
