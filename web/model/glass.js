/**
 * The lab's description at the cursor. At the engine's own now it is asked; for the past a copy of the run is taken
 * there, so that looking changes nothing. What has been asked is kept until the cursor or the run moves on.
 *
 * @typedef {import('../../wasm/engine.js').Lab} Lab
 */
import { howOften } from './seldom.js';

/** While time goes on, so often at most: a description is long. One that takes long is asked for more seldom, so that it takes a small part of the time. */
const LOOK_EVERY_MS = 120;

export class Glass {
  /**
   * @param {import('./session.js').Session} session
   * @param {((actions: any[]) => Promise<Lab>) | null} copy makes a lab of the same scenario that will do these actions
   * @param {() => void} changed called when a description has come that had to be waited for
   * @param {import('../../wasm/remote.js').Remote | null} [remote] takes the copy there when it is far; without it, it is run at once
   */
  constructor(session, copy, changed, remote = null) {
    this.session = session;
    this.copy = copy;
    this.changed = changed;
    this.remote = remote;
    /** @type {any} */
    this.shown = null;
    this.key = '';
    this.asked = '';
    this.at_ms = 0;
    this.every_ms = LOOK_EVERY_MS;
    /** @type {{lab: Lab, actions: number, last: any} | null} */
    this.past = null;
  }

  /** Names the moment at the cursor. */
  get #moment() {
    const { cursor, log } = this.session.timeline;
    const time = cursor.id === log.length ? '' : cursor.t_us;
    return `${cursor.id} ${log.length} ${time} ${this.session.lab.actions.length}`;
  }

  /** What is known now; what is asked for comes with `changed`. @param {number} now_ms @returns {any} */
  look(now_ms) {
    const key = this.#moment;
    const isFresh = this.session.timeline.playing && this.shown !== null && now_ms - this.at_ms < this.every_ms;
    if (key === this.key || isFresh || this.session.timeline.journey) return this.shown;
    if (this.session.timeline.isNow) this.#ask(key, now_ms);
    else if (this.asked !== key) void this.#lookBack(key, now_ms);
    return this.shown;
  }

  /** @param {string} key @param {number} now_ms */
  #ask(key, now_ms) {
    const begun_ms = performance.now();
    this.#take(key, this.session.lab.describe(), now_ms);
    this.every_ms = howOften(LOOK_EVERY_MS, performance.now() - begun_ms);
  }

  /** The description at the cursor, waited for. @param {number} now_ms @returns {Promise<any>} */
  async wait(now_ms) {
    const key = this.#moment;
    if (this.key !== key && this.session.timeline.isNow) this.#ask(key, now_ms);
    else if (this.key !== key) await this.#lookBack(key, now_ms);
    return this.shown;
  }

  /** Nobody looks any more: what was asked for need not come. */
  rest() {
    this.asked = this.key;
  }

  /** @param {string} key @param {any} shown @param {number} now_ms */
  #take(key, shown, now_ms) {
    this.key = this.asked = key;
    this.shown = shown;
    this.at_ms = now_ms;
  }

  /** A worker that dies is done without. @param {Lab} lab @param {number} t_us @param {() => boolean} isWanted */
  async #goTo(lab, t_us, isWanted) {
    if (this.remote) await this.remote.seek(lab, t_us, { isWanted }).catch(() => lab.seek(t_us));
    else lab.seek(t_us);
  }

  /** @param {string} key @param {number} now_ms */
  async #lookBack(key, now_ms) {
    this.asked = key;
    const { t_us, id } = this.session.timeline.cursor;
    const { actions } = this.session.lab;
    const isSame = this.past?.actions === actions.length && this.past.last === actions.at(-1);
    if (!isSame && this.copy) this.past = { lab: await this.copy(actions), actions: actions.length, last: actions.at(-1) };
    if (this.asked !== key || !this.past) return;
    const { lab } = this.past;
    await this.#goTo(lab, Math.max(0, t_us - 1), () => this.asked === key);
    if (this.asked !== key) return;
    while (lab.lastEvent < id && lab.runUntil(t_us, { maxEvents: 1 }) > 0);
    if ((lab.next_us ?? Infinity) > t_us) lab.runUntil(t_us); // nothing more is due: only the clock goes on
    this.#take(key, lab.describe(), now_ms);
    this.changed();
  }
}

/** The one through which all views of a page look. @param {import('./app.js').App} app */
function glassOf(app) {
  app.glass ??= new Glass(app.session, app.copy_run, () => app.changed(), app.remote);
  return app.glass;
}

/** The lab's description at the cursor; null while it is being fetched. @param {import('./app.js').App} app @returns {any} */
export const described = (app) => glassOf(app).look(performance.now());

/** The same, waited for. @param {import('./app.js').App} app @returns {Promise<any>} */
export const whenDescribed = (app) => glassOf(app).wait(performance.now());
