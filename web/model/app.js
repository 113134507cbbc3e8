/**
 * What the page as a whole knows beside the lab: the selection, what is open, the last trouble, the questions and
 * answers. No DOM. Views subscribe and are told that something changed, not what.
 *
 * @typedef {import('./session.js').Session} Session
 * @typedef {import('./prediction.js').Trial} Trial
 * @typedef {import('./rush.js').Change} Change
 */
import { NEAR_STEPS } from '../../wasm/remote.js';
import { causalChain } from './chain.js';
import { Journey, Search } from './journey.js';
import { nextLoop } from './loop.js';
import { newsAt } from './news.js';
import { Rush } from './rush.js';
import { AT_ONCE } from './timeline.js';
import { grabbed, onLinks } from './select.js';

/** The drawer's views, in the order of its tabs. */
export const TABS = /** @type {const} */ ([
  ...['packet', 'machine', 'sequence', 'graphs'],
  ...['tables', 'code', 'events', 'faults', 'forge', 'terminal'],
]);

export const SPEEDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

/** How a step looks when motion is not wanted: one each so often. */
const STEP_EVERY_MS = 1200;

/**
 * The ways to step; those that may have to look far give what looks on.
 * @typedef {'on' | 'back' | 'segment' | 'segment-back' | 'state' | 'state-back'} Step
 * @type {Record<Step, (timeline: import('./timeline.js').Timeline) => (() => boolean | null) | void>}
 */
const STEPS = {
  on: (timeline) => () => timeline.stepOn(),
  back: (timeline) => void timeline.stepBack(),
  segment: (timeline) => () => timeline.stepSegment(),
  'segment-back': (timeline) => void timeline.stepBack(timeline.isDeparture),
  state: (timeline) => () => timeline.stepOn(isStateChange),
  'state-back': (timeline) => void timeline.stepBack(isStateChange),
};

/** @param {import('./types.js').LabEvent} event */
const isStateChange = ({ kind }) => kind === 'tcp_state';

export class App {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    /** @type {Set<(change: Change) => void>} */
    this.listeners = new Set();
    /** The selected frame; 0: none. */
    this.selected = 0;
    /** The frame that a hand or the focus is on, in whichever view; 0: none. */
    this.pointed = 0;
    /** The frame that the selected one is held against; 0: none. */
    this.compared = 0;
    this.drawer_open = false;
    /** @type {string} one of TABS */
    this.tab = TABS[0];
    this.link_open = false;
    /** Which of the lab's links settings and faults are for. */
    this.link = 0;
    this.help_open = false;
    this.relative = true;
    /** @type {{code: string, message: string} | null} */
    this.trouble = null;
    /** @type {{guess: number | null, hurt: number | null, trials: Trial[] | null}} */
    this.prediction = { guess: null, hurt: null, trials: null };
    /** @type {(() => Promise<Trial[]>) | null} */
    this.run_trials = null;
    /** Makes the same run again, for looking back. @type {((actions: any[]) => Promise<import('../../wasm/engine.js').Lab>) | null} */
    this.copy_run = null;
    /** Runs the engine elsewhere when it has far to go; without it, all is run at once. @type {import('../../wasm/remote.js').Remote | null} */
    this.remote = null;
    /** Begins another run, where that can be done. @type {(() => void) | null} */
    this.begin_anew = null;
    /** Is there a dialog to hand the run on? */
    this.can_share = false;
    /** Through which views look inside, when one has. @type {import('./glass.js').Glass | null} */
    this.glass = null;
    /** The lesson that is being taken. @type {import('./lesson-stage.js').PageLesson | null} */
    this.lesson = null;
    /** What the lab was made with. @type {Record<string, any>} */
    this.scenario = {};
    /** The run that was opened by its name. @type {{kind: 'preset' | 'own', name: string} | null} */
    this.opened = null;
    /** Opens another lesson in the same place; null: each has a page of its own. @type {((name: string) => void) | null} */
    this.open_lesson = null;
    /** Is progress kept where the browser keeps things for a page? */
    this.keeps_progress = true;
    this.reduced_motion = false;
    /** The stretch that is played again and again. @type {import('./loop.js').Loop | null} */
    this.loop = null;
    this.since_step_ms = 0;
    this.rush = new Rush();
    /** Changes whenever a view should look again. */
    this.turn = 0;
  }

  get timeline() {
    return this.session.timeline;
  }

  get state() {
    return this.session.timeline.state;
  }

  get record() {
    return this.session.timeline.record;
  }

  get cursor() {
    return this.session.timeline.cursor;
  }

  /** Has anything been done, or happened, since the beginning? */
  get isBegun() {
    return this.timeline.log.length > this.session.opening_id;
  }

  /** @param {(change: Change) => void} listener @returns {() => void} to stop listening */
  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** @param {Change} [change] */
  changed(change = 'news') {
    this.turn++;
    for (const listener of this.listeners) listener(change);
    if (change !== 'news') this.rush.draw(performance.now());
  }

  /**
   * Does what a control asks; when it cannot be done, the reason becomes a sentence in the page.
   * @param {() => unknown} action
   * @returns {boolean}
   */
  try(action) {
    this.trouble = null;
    try {
      action();
    } catch (error) {
      this.#fail(error);
    }
    this.changed();
    return this.trouble === null;
  }

  /** The same for what takes time. @param {Promise<unknown>} coming */
  async tryLater(coming) {
    try {
      await coming;
    } catch (error) {
      this.#fail(error);
      this.changed();
    }
  }

  /**
   * Moves in time; when the engine cannot, that is a sentence in the page, too, and time stands still.
   * @param {() => Change | void} action what it changes; else news
   */
  #move(action) {
    /** @type {Change} */
    let change = 'news';
    try {
      change = action() ?? change;
    } catch (error) {
      this.timeline.pause();
      this.#fail(error);
    }
    this.changed(change);
  }

  /** @param {unknown} error */
  #fail(error) {
    const { code = 'ERROR', message = String(error) } = /** @type {{code?: string, message?: string}} */ (error);
    this.trouble = { code, message };
  }

  /** Something a program does: then time goes on, so that one sees what follows. @param {() => unknown} action */
  call(action) {
    if (!this.try(action)) return;
    this.play();
    this.since_step_ms = 0;
  }

  play() {
    this.since_step_ms = STEP_EVERY_MS;
    this.timeline.play();
    this.changed();
  }

  pause() {
    this.timeline.pause();
    this.changed();
  }

  togglePlay() {
    if (this.timeline.playing) this.pause();
    else this.play();
  }

  /** What is far is looked for on a way, which ends when something else is done. @param {Step} how */
  step(how) {
    const { timeline } = this;
    timeline.pause();
    this.#move(() => {
      const look = STEPS[how](timeline);
      if (look && look() === null) void this.#goAlong(new Search(timeline).go(look));
    });
  }

  /** In a lesson, its steps are what can be gone back to. */
  get canUndo() {
    return !this.lesson && this.session.last_deed !== '';
  }

  undo() {
    if (this.canUndo) this.#leap(() => this.session.undo());
  }

  redo() {
    if (this.session.undone.length > 0) this.#leap(() => this.session.redo());
  }

  /** @param {() => void} action */
  #leap(action) {
    this.pause();
    this.try(action);
    if (!this.record.by_frame.has(this.selected)) this.selected = 0;
    if (!this.record.by_frame.has(this.compared)) this.compared = 0;
  }

  /** Marks the beginning of a stretch to be played again and again, then its end, then forgets it. */
  markLoop() {
    this.loop = nextLoop(this.loop, this.cursor.t_us);
    this.changed();
  }

  /**
   * Goes to a time. What is far is on its way then, and ends when something else is done.
   * @param {number} t_us @param {'news' | 'drag'} [change] drag: a hand drags time along
   * @returns {Promise<void>} when it is over
   */
  seek(t_us, change = 'news') {
    let over = Promise.resolve();
    this.timeline.pause();
    this.#move(() => {
      if (!this.timeline.seek(t_us, this.remote ? NEAR_STEPS : Infinity) && this.remote) over = this.#goAlong(new Journey(this.timeline, t_us).go(this.remote, this.session.lab));
      if (change === 'drag') this.rush.frame(AT_ONCE);
      return change;
    });
    return over;
  }

  /** Goes through a run that was kept to where it was left, unless something else is done. @param {import('./keep.js').KeptRun} kept */
  async resume({ end_us, t_us, id, names }) {
    this.session.doings.names = names;
    await this.seek(end_us);
    if (this.cursor.t_us !== end_us) return;
    await this.seek(t_us);
    if (this.timeline.at(id)?.t_us === this.cursor.t_us) this.seekTo(id); // not all of that moment had been seen
  }

  /** @param {Promise<void>} way that ends, there or elsewhere */
  async #goAlong(way) {
    try {
      await way;
    } catch (error) {
      this.#fail(error);
    }
    this.changed();
  }

  /** @param {number} id */
  seekTo(id) {
    this.timeline.pause();
    this.timeline.seekTo(id);
    this.changed();
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.timeline.speed = speed;
    this.changed();
  }

  /** Real time passes. @param {number} wall_ms */
  tick(wall_ms) {
    if (!this.timeline.playing) return;
    if (!this.reduced_motion) {
      const { id } = this.cursor;
      this.#move(() => {
        this.timeline.tick(wall_ms);
        this.#goRound();
        const change = this.rush.frame(this.cursor.id - id);
        return this.timeline.playing ? change : 'news';
      });
      return;
    }
    this.since_step_ms += wall_ms;
    if (this.since_step_ms < STEP_EVERY_MS) return;
    this.since_step_ms = 0;
    this.#move(() => {
      const wasBusy = this.timeline.isBusy || this.timeline.isPast;
      if (!wasBusy && !this.timeline.skip_rest) this.timeline.pause();
      else if (this.timeline.stepOn() === false) this.timeline.pause();
      this.timeline.skip_rest = false;
      this.#goRound();
    });
  }

  /** At the end of the marked stretch, or where nothing more comes before it, play goes on from its beginning. */
  #goRound() {
    const { loop, timeline } = this;
    if (!loop || loop.to_us === null) return;
    if (timeline.playing && timeline.cursor.t_us < loop.to_us) return;
    timeline.seek(loop.from_us);
    timeline.playing = true;
  }

  /** An open drawer goes on showing what it shows. @param {number} frame @param {boolean} [open] */
  select(frame, open = false) {
    this.selected = frame;
    if (open && frame) this.drawer_open = true;
    this.changed();
  }

  /** From the inside, that is. @param {number} frame */
  look(frame) {
    this.selected = frame;
    this.open('packet');
  }

  /** What is pointed at lights up in all views. @param {number} frame */
  point(frame) {
    if (this.pointed === frame) return;
    this.pointed = frame;
    this.changed();
  }

  /** Whose settings and faults are shown. @param {number} link */
  chooseLink(link) {
    this.link = link;
    this.changed();
  }

  /** @param {string} tab */
  open(tab) {
    this.tab = tab;
    this.drawer_open = true;
    this.changed();
  }

  closeDrawer() {
    this.drawer_open = false;
    this.glass?.rest();
    this.changed();
  }

  /** The frame that all views light. */
  get lit() {
    return this.pointed || this.selected;
  }

  /** The frame that "drop" means. */
  get grabbed() {
    return grabbed(onLinks(this.state, this.record).frames, this.selected);
  }

  /** Another run begins at the cursor; the one so far is kept beside it. */
  branch() {
    this.pause();
    this.try(() => this.session.branches.branch((action) => this.session.act(action)));
  }

  dropGrabbed() {
    const frame = this.grabbed;
    if (!frame) return;
    this.selected = frame.frame;
    this.try(() => this.session.drop(frame.frame));
  }

  /** What just happened, and what asked for it. */
  get news() {
    return newsAt(this.session, this.state.moment);
  }

  /** Why a frame was sent, from the root. @param {number} frame */
  chain(frame) {
    const found = this.record.by_frame.get(frame);
    return found ? causalChain(this.timeline.at, found.cause_id || found.born_id) : [];
  }

  /** Does a person read what arrives at a host? In a lesson, or a run that was opened, where no program does. @param {number} node */
  readsByHand(node) {
    return this.is_own_scenario ? !this.scenario.nodes[node].apps?.length : node === 0;
  }

  /** Is it another lab than the one the page opens with? */
  get is_own_scenario() {
    return this.lesson !== null || this.opened !== null;
  }

  get handshake() {
    return this.session.handshake.at(this.cursor.id);
  }

  /** @param {number} count */
  guess(count) {
    this.prediction = { ...this.prediction, guess: count };
    this.changed();
  }

  /** @param {number} segment which one hurts least */
  async guessHurt(segment) {
    this.prediction = { ...this.prediction, hurt: segment };
    this.changed();
    const trials = (await this.run_trials?.()) ?? null;
    this.prediction = { ...this.prediction, trials };
    this.changed();
  }
}
