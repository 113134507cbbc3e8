/**
 * The whole lab as one element: makes a lab of the engine, gives it to the views, passes keys and real time on.
 * It only wires; the page that shows it names it <tcp-lab>. Layout follows its own width, so it looks the same in a page, a narrow column or a frame.
 */
import { html, nothing } from 'lit';
import { LabElement } from './base.js';
import { labStyles } from './tcp-lab-styles.js';
import { hasMessage, loadWords, t, withWords } from '../i18n/index.js';
import { ToldError } from '../i18n/told.js';
import { Lab, loadModule } from '../../wasm/engine.js';
import { Remote } from '../../wasm/remote.js';
import { App } from '../model/app.js';
import { isSpoken, sentence } from '../model/narrate.js';
import { handshakeTrials } from '../model/prediction.js';
import { FIRST_SCENARIO, TCP_PORT, plannedEnd_us } from '../model/scenario.js';
import { Session } from '../model/session.js';
import { CaptureDoor } from './capture-door.js';
import wasm_url from '../../build/wasm/tcplab.wasm?url';
import './lab-header.js';
import './lab-help.js';
import './lab-host.js';
import './lab-ladder.js';
import './lab-news.js';
import './lab-player.js';
import './lab-predict.js';
import './lab-program.js';
import './lab-wire.js';

/** A copy that only shakes hands needs little. */
const COPY_MIB = 16;
/** One that runs a lesson's step ahead needs more. */
const LESSON_COPY_MIB = 32;
/** One for all labs of a page. @type {Promise<WebAssembly.Module> | null} */
let compiled = null;

/** @returns {Promise<WebAssembly.Module>} */
export function compiledModule() {
  compiled ??= loadModule(wasm_url).catch((error) => {
    compiled = null; // it may work the next time
    throw error;
  });
  return compiled;
}

/**
 * What a lab begins with.
 * @typedef {object} Plan
 * @property {import('../lessons/index.js').Lesson | null} lesson
 * @property {Record<string, any>} scenario
 * @property {import('./lab-opened.js').Opened | null} [opened] which run it is, if it has a name
 * @property {number} [seed] instead of the scenario's
 * @property {import('../../wasm/engine.js').Action[]} [actions] what was done in it before
 * @property {import('../../wasm/options.js').HistoryBounds} [history]
 */

/** Of each frame of the screen, what happens in the lab may take so much; the rest is for drawing it. */
const TURN_MS = 2;

/** At high speed many things happen at once; a listener hears the last of them, this often at most. */
const SPEAK_EVERY_MS = 900;

/** Which letter a key is for: what it types, or where Hangul is typed, what stands on it in Latin. @param {KeyboardEvent} event */
const letterOf = ({ key, code }) => (/^[a-z]$/i.test(key) ? key : code.startsWith('Key') ? code.slice(3) : '').toLowerCase();

export class TcpLab extends LabElement {
  /** @type {import('lit').PropertyDeclarations} */
  static properties = {
    lesson: { type: String },
    failure: { state: true },
    spoken: { state: true },
    drawer_came: { state: true },
  };
  static styles = [LabElement.styles, labStyles];

  constructor() {
    super();
    /** Name of the lesson to take; else the address may tell one. */
    this.lesson = '';
    /** Why there is no lab. */
    this.failure = '';
    /** It is said in the reader's language. */
    this.failure_told = false;
    this.spoken = '';
    /** The drawer's code is loaded when it is first opened. */
    this.drawer_came = false;
    this.spoken_id = 0;
    this.spoken_at_ms = 0;
    this.drawn_ms = 0;
    this.frame_request = 0;
    this.has_focus = false;
    /** What it is in its page: a role. */
    this.landmark = 'main';
    this.captures = new CaptureDoor(this);
    this.still = matchMedia('(prefers-reduced-motion: reduce)');
  }

  connectedCallback() {
    super.connectedCallback();
    this.addEventListener('keydown', this.onKey);
    this.addEventListener('focusin', () => (this.has_focus = true));
    document.addEventListener('pointerdown', this.onPointer);
    this.still.addEventListener('change', this.onStill);
    if (!this.app) void this.start();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    cancelAnimationFrame(this.frame_request);
    document.removeEventListener('pointerdown', this.onPointer);
    this.still.removeEventListener('change', this.onStill);
  }

  onStill = () => {
    if (this.app) this.app.reduced_motion = this.still.matches;
  };

  /** Who presses elsewhere has left. @param {Event} event */
  onPointer = (event) => {
    if (!event.composedPath().includes(this)) this.has_focus = false;
  };

  /** A frame that lands takes its button with it; the keys must go on working for who had the focus there. */
  keepFocus() {
    if (!this.has_focus || document.activeElement !== document.body) return;
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.main'))?.focus({ preventScroll: true });
  }

  async start() {
    try {
      const [wasm] = await Promise.all([this.module(), loadWords()]);
      this.app = await this.makeApp(wasm, await this.plan(wasm));
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
      this.failure_told = error instanceof ToldError;
    }
  }

  /** What the address asks for. @param {WebAssembly.Module} wasm @returns {Promise<Plan>} */
  async plan(wasm) {
    const asked = new URLSearchParams(location.search);
    const kind = asked.has('preset') ? 'preset' : 'own';
    const name = asked.get(kind);
    if (!name) return this.planLesson(this.lesson || asked.get('lesson') || '');
    const opened = /** @type {const} */ ({ kind, name });
    const run = await (await withWords(import('./lab-opened.js'))).loadRun(wasm, opened);
    return { lesson: null, opened, ...run };
  }

  /** @param {string} wanted '' no lesson @returns {Promise<Plan>} */
  async planLesson(wanted) {
    const lesson = wanted ? await (await import('./lab-lesson.js')).loadLesson(wanted) : null;
    if (wanted && !lesson) throw new ToldError(t('lesson-missing'));
    return { lesson, scenario: lesson?.scenario ?? FIRST_SCENARIO };
  }

  /** @param {WebAssembly.Module} wasm @param {Plan} plan */
  async makeApp(wasm, { lesson, opened = null, actions: begun = [], ...made }) {
    const app = new App(new Session(await Lab.create({ wasm, ...made, actions: begun })));
    if (!app.session.topology.isCable) await withWords(import('./lab-net.js'));
    const to = `${app.session.nodes[1].address}:${TCP_PORT}`;
    const copy = () => Lab.create({ wasm, scenario: FIRST_SCENARIO, memory_mib: COPY_MIB });
    const again = (/** @type {import('../../wasm/engine.js').Action[]} */ actions) => Lab.create({ wasm, ...made, actions });
    app.timeline.turn_ms = TURN_MS;
    app.remote = new Remote();
    app.run_trials = () => handshakeTrials(copy, { client: app.session.nodes[0].name, to });
    app.reduced_motion = this.still.matches;
    app.subscribe(() => this.wake());
    app.subscribe(() => this.has_focus && requestAnimationFrame(() => this.keepFocus()));
    app.copy_run = again;
    app.opened = opened;
    app.scenario = made.scenario;
    if (opened) app.timeline.script_end_us = plannedEnd_us(made.scenario, begun);
    if (lesson) {
      const { openLesson } = await import('./lab-lesson.js');
      app.lesson = openLesson(app, lesson, (actions) => Lab.create({ wasm, ...made, actions, memory_mib: LESSON_COPY_MIB }));
    }
    return app;
  }

  /** The stack, compiled once for all labs of a page. */
  module() {
    return compiledModule();
  }

  /** What a page has beside the lab. @returns {unknown} */
  more() {
    return nothing;
  }

  /** A run as a file, where one can be opened. @param {string} _text */
  async openRun(_text) {
    throw new ToldError(t('run-not-here'));
  }

  shouldUpdate() {
    return true;
  }

  /** Is there somebody to draw for? */
  get isSeen() {
    return true;
  }

  /** Draws on as long as time goes. */
  wake() {
    this.speak();
    if (this.frame_request || !this.app.timeline.playing || !this.isSeen) return;
    this.drawn_ms = performance.now();
    const turn = (/** @type {number} */ now_ms) => {
      this.frame_request = 0;
      const passed_ms = Math.min(100, Math.max(0, now_ms - this.drawn_ms));
      this.drawn_ms = now_ms;
      this.app.tick(passed_ms);
      if (this.app.timeline.playing && this.isSeen && !this.frame_request) this.frame_request = requestAnimationFrame(turn);
    };
    this.frame_request = requestAnimationFrame(turn);
  }

  /** Says the newest thing worth hearing. */
  speak() {
    const { state, timeline, session } = this.app;
    const event = timeline.at(state.moment);
    if (!event || event.id === this.spoken_id || !isSpoken(event)) return;
    const now_ms = performance.now();
    if (timeline.playing && now_ms - this.spoken_at_ms < SPEAK_EVERY_MS) return;
    const message = sentence(event, session.words);
    this.spoken_id = event.id;
    this.spoken_at_ms = now_ms;
    this.spoken = message ? t(message.id, message.args) : '';
  }

  /** Keys act only when the focus is in here, and never on those who are typing. @param {KeyboardEvent} event */
  onKey(event) {
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    if (!this.app || event.altKey || this.app.help_open) return;
    if (target.matches?.('input:not([type=range], [type=checkbox], [type=radio]), textarea, select')) return;
    const action = event.ctrlKey || event.metaKey ? this.commandOf(event) : this.actionOf(event, target);
    if (!action) return;
    event.preventDefault();
    action();
  }

  /** With the command key: what was done is taken back, or brought again. @param {KeyboardEvent} event @returns {(() => void) | null} */
  commandOf(event) {
    const letter = letterOf(event);
    if (letter === 'y' || (letter === 'z' && event.shiftKey)) return () => this.app.redo();
    return letter === 'z' ? () => this.app.undo() : null;
  }

  /** @param {KeyboardEvent} event @param {HTMLElement} target @returns {(() => void) | null} */
  actionOf(event, target) {
    const { app } = this;
    if (target.matches?.('[type=radio]') && event.key.startsWith('Arrow')) return null;
    switch (letterOf(event)) {
      case 'd':
        return () => app.dropGrabbed();
      case 's':
        return () => app.step(event.shiftKey ? 'state-back' : 'state');
      case 'l':
        return () => app.markLoop();
      case 'b':
        return app.lesson ? null : () => app.branch();
    }
    switch (event.key) {
      case 'ArrowRight':
        return () => app.step(event.shiftKey ? 'segment' : 'on');
      case 'ArrowLeft':
        return () => app.step(event.shiftKey ? 'segment-back' : 'back');
      case ' ':
        return target.matches?.('button, label, summary, input:not([type=range])') ? null : () => app.togglePlay();
      case '?':
        return () => this.openHelp();
      case 'Escape':
        return app.drawer_open ? () => app.closeDrawer() : null;
      default:
        return null;
    }
  }

  /** Fetches the drawer when it is wanted; without it, that is told. */
  bringDrawer() {
    if (this.drawer_came || !this.app?.drawer_open) return;
    const coming = withWords(import('./lab-drawer.js')).then(
      () => void (this.drawer_came = true),
      (error) => {
        this.app.drawer_open = false;
        throw error;
      },
    );
    void this.app.tryLater(coming);
  }

  openHelp() {
    this.app.help_open = true;
    this.app.changed();
  }

  /** The top line. @returns {unknown} */
  header() {
    return html`<lab-header .app=${this.app} @help=${this.openHelp}></lab-header>`;
  }

  /** Tries what failed once more. */
  again() {
    this.failure = '';
    return this.start();
  }

  /** Where else one can go from a lab that could not be opened. @returns {unknown} */
  elsewhere() {
    return nothing;
  }

  /** The words for it may be what did not come. */
  failed() {
    const has_words = hasMessage('failure');
    return html`<div class="failure" role=${this.landmark} aria-label="TCP Lab">
      <h1>TCP Lab</h1>
      <p role="alert">${has_words ? t('failure') : nothing} ${this.failure_told ? this.failure : html`<code lang="en">${this.failure}</code>`}</p>
      <p><button data-again @click=${() => void this.again()}>${t(has_words ? 'failure-again' : 'words-again')}</button> ${has_words ? this.elsewhere() : nothing}</p>
    </div>`;
  }

  render() {
    const { app } = this;
    if (this.failure) return this.failed();
    if (!app) return html`<p class="failure">${t('loading')}</p>`;
    this.bringDrawer();
    return html`<div class="whole ${app.drawer_open ? 'with-drawer' : ''}" ?hidden=${this.captures.isOpen}>
        ${this.header()}
        <div class="main" role=${this.landmark} tabindex="-1" aria-label="TCP Lab">
          <div class="grid">
            <lab-host class="client" .app=${app} .node=${0}></lab-host>
            <lab-news class="news" .app=${app}></lab-news>
            ${app.session.topology.isCable ? html`<lab-wire class="wire" .app=${app}></lab-wire>` : html`<lab-net class="wire" .app=${app}></lab-net>`}
            <lab-host class="server" .app=${app} .node=${1}></lab-host>
            <lab-link class="link" .app=${app}></lab-link>
            <lab-program class="left" .app=${app} .node=${0}></lab-program>
            <lab-ladder class="ladder" .app=${app}></lab-ladder>
            <lab-program class="right" .app=${app} .node=${1}></lab-program>
            ${app.lesson
              ? html`<lab-lesson class="predict" .app=${app}></lab-lesson>`
              : app.opened
                ? html`<lab-opened class="predict" .app=${app}></lab-opened>`
                : html`<lab-predict class="predict" .app=${app}></lab-predict>`}
            <lab-player class="player" .app=${app}></lab-player>
          </div>
        </div>
        ${app.drawer_open && this.drawer_came ? html`<lab-drawer class="drawer" .app=${app}></lab-drawer>` : nothing}
      </div>
      <lab-help .app=${app}></lab-help>
      ${this.captures.render()} ${this.more()}
      <p class="hidden" role="status" aria-live="polite">${this.spoken}</p>`;
  }
}
