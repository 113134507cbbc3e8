/**
 * A lesson in the page. The engine runs a step at once, and the cursor then plays what happened; so the texts know
 * their values from the beginning, and who does not want to wait goes on. No DOM.
 *
 * @typedef {import('./app.js').App} App
 * @typedef {import('../../wasm/engine.js').Lab} Lab
 * @typedef {import('../../wasm/engine.js').Action} Action
 * @typedef {import('./lesson.js').Stage} Stage
 */
import { SPEEDS } from './app.js';
import { joinSpans } from './spans.js';
import { LessonRun } from './lesson.js';
import { Trace, runTo } from './lesson-query.js';

/** A step is played in about so long at most; more only if somebody slows it down. */
const PLAY_MAX_MS = 9_000;

/** The page's lab as a stage: time is the cursor's. @implements {Stage} */
export class PageStage {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    /** Where the step ends; null: time is the person's own. @type {number | null} */
    this.stop_us = 0;
    /** The speed that the person chose, and the one that a step was given. */
    this.chosen_speed = app.timeline.speed;
    this.given_speed = app.timeline.speed;
    app.subscribe(() => this.#arrive());
  }

  get lab() {
    return /** @type {Lab} */ (this.app.session.lab);
  }

  get #timeline() {
    return this.app.timeline;
  }

  /** Has the cursor come to where the step ends? */
  get isThere() {
    return this.stop_us === null || this.app.cursor.t_us >= this.stop_us;
  }

  /** The cursor rests where the step ends, also when what is left until there is silence. */
  #arrive() {
    const { playing, cursor, log } = this.#timeline;
    if (this.stop_us === null) return;
    const over = playing && cursor.t_us >= this.stop_us;
    const silent = !playing && cursor.id >= log.length && cursor.t_us < this.stop_us;
    if (!over && !silent) return;
    this.#timeline.pause();
    this.#timeline.seek(this.stop_us);
    queueMicrotask(() => this.app.changed());
  }

  /** Puts cursor and engine to a time; what was done later is forgotten. @param {number} t_us */
  #stand(t_us) {
    this.#timeline.pause();
    this.#timeline.seek(t_us);
    this.app.session.act(() => this.lab.runUntil(this.lab.now_us));
    this.#timeline.seek(t_us);
  }

  /** @param {boolean} free */
  mark(free) {
    this.#stand(free || this.stop_us === null ? this.app.cursor.t_us : this.stop_us);
    this.stop_us = this.lab.now_us;
    return { t_us: this.lab.now_us, id: this.#timeline.log.length };
  }

  /** @param {import('./lesson-judge.js').Mark} mark */
  back({ t_us }) {
    this.stop_us = t_us;
    this.#stand(t_us);
  }

  /** At the end of what was played, also when the cursor is still on its way there. @param {(lab: Lab) => void} change */
  act(change) {
    if (this.stop_us !== null) this.#timeline.seek(this.stop_us);
    this.app.session.act(() => change(this.lab));
  }

  /** Where frames are long on their way, time goes faster. @param {number} from_us @param {number} to_us */
  #pace(from_us, to_us) {
    const timeline = this.#timeline;
    if (timeline.speed !== this.given_speed) this.chosen_speed = timeline.speed;
    const spans = [...timeline.record.by_frame.values()]
      .map(({ sent_us, arrival_us }) => /** @type {[number, number]} */ ([Math.max(from_us, sent_us ?? 0), Math.min(to_us, arrival_us ?? 0)]))
      .filter(([from, to]) => to > from);
    const flight_ms = joinSpans(spans).reduce((sum, [from, to]) => sum + (to - from) / 1000, 0);
    const fits = (/** @type {number} */ speed) => speed >= this.chosen_speed && flight_ms / speed <= PLAY_MAX_MS;
    this.given_speed = timeline.speed = SPEEDS.find(fits) ?? SPEEDS[SPEEDS.length - 1];
  }

  /** @param {import('./lesson-query.js').Stop | undefined} stop @param {number} from */
  play(stop, from) {
    const start_us = this.app.cursor.t_us;
    const came = !stop || runTo(this.lab, new Trace(this.lab), stop, from);
    this.#timeline.pull();
    this.stop_us = came ? this.lab.now_us : start_us;
    this.#pace(start_us, this.stop_us);
    if (this.stop_us > start_us) this.app.play();
    return came;
  }
}

/** A lesson, its place in the page, and where its progress is kept. */
export class PageLesson {
  /**
   * @param {App} app
   * @param {import('../lessons/index.js').Lesson} lesson
   * @param {(actions: Action[]) => Promise<Lab>} copy
   * @param {(progress: import('./lesson.js').Progress) => void} keep
   */
  constructor(app, lesson, copy, keep) {
    this.app = app;
    this.lesson = lesson;
    this.stage = new PageStage(app);
    this.run = new LessonRun(lesson, this.stage, copy);
    this.keep = keep;
    /** Something is being judged. */
    this.busy = false;
    this.judged = 0;
    app.subscribe(() => void this.#watch());
  }

  /** Does something that may take a while, once at a time. @param {() => unknown} action */
  async #do(action) {
    if (this.busy) return;
    this.busy = true;
    this.app.changed();
    try {
      await action();
      this.keep(this.run.progress);
    } catch (error) {
      this.app.try(() => {
        throw error;
      });
    } finally {
      this.busy = false;
      this.app.changed();
    }
  }

  next() {
    return this.#do(async () => {
      await this.run.next();
      if (this.run.kind === 'beat') this.#select();
      if (this.run.kind === 'task') this.#begin();
    });
  }

  /** From here time is the person's own. */
  #begin() {
    this.stage.stop_us = null;
    this.app.pause();
    this.app.timeline.seek(this.stage.lab.now_us);
    this.judged = this.stage.lab.actions.length;
  }

  /** Marks the frame that the step is about. */
  #select() {
    const select = this.run.step?.show?.select;
    if (!select) return;
    const trace = new Trace(this.stage.lab);
    this.app.select(trace.nth(select, { from: 0, to: trace.last }, -1)?.frame ?? 0);
  }

  /** @param {string | number} answer */
  predict(answer) {
    return this.#do(() => {
      this.run.predict(answer);
      this.#select();
    });
  }

  /** Asks the judge after each thing that a person does in a task. */
  async #watch() {
    const { run, stage } = this;
    const { length } = stage.lab.actions;
    if (run.kind !== 'task' || run.isDone || this.busy || length === this.judged) return;
    this.judged = length;
    await this.#do(() => run.check());
  }

  hint() {
    this.run.hint();
    this.app.changed();
  }

  again() {
    return this.#do(() => {
      this.run.again();
      this.#begin();
    });
  }

  showHow() {
    return this.#do(() => this.run.showHow());
  }
}
