/**
 * A lesson being taken: where it stands, what was answered, what comes next. No DOM. The lab in which it happens is
 * given as a stage, so that the page can play what a test runs at once.
 *
 * @typedef {import('../../wasm/engine.js').Lab} Lab
 * @typedef {import('./lesson-judge.js').Mark} Mark
 * @typedef {import('./lesson-judge.js').Step} Step
 * @typedef {import('./lesson-judge.js').Verdict} Verdict
 * @typedef {import('./lesson-query.js').Stop} Stop
 *
 * Where a lesson happens.
 * @typedef {object} Stage
 * @property {Lab} lab the one that is shown
 * @property {(free: boolean) => Mark} mark where the lesson stands, with all done that is due; free: where the person has got
 *   to by hand
 * @property {(mark: Mark) => void} back goes there; what was done later is forgotten
 * @property {(change: (lab: Lab) => void) => void} act does something now
 * @property {(stop: Stop | undefined, from: number) => boolean} play shows what happens until the stop, of which events
 *   after `from` count; false: it does not come
 *
 * What remains of a step that was answered.
 * @typedef {{answer: string | number, right: boolean}} Answered
 * @typedef {{done: boolean, hints: number, shown: boolean}} TaskDone
 * @typedef {{lesson: string, step: number, finished: boolean, answers: Record<string, Answered>, tasks: Record<string, TaskDone>}} Progress
 */
import { AHEAD_MS, isRight, judge, judgeTask, perform } from './lesson-judge.js';
import { Trace, evaluate } from './lesson-query.js';

/** @param {Step} step @returns {'predict' | 'task' | 'beat'} */
export const kindOf = (step) => ('ask' in step ? 'predict' : 'goal' in step ? 'task' : 'beat');

/** Points: each prediction that was right, each task done without being shown. @param {Record<string, any>} lesson @param {Progress} progress */
export function score(lesson, { answers, tasks }) {
  const counted = lesson.steps.filter((/** @type {Step} */ step) => kindOf(step) !== 'beat');
  const good = (/** @type {Step} */ step) =>
    kindOf(step) === 'task' ? tasks[step.id]?.done && !tasks[step.id].shown : answers[step.id]?.right;
  return { points: counted.filter(good).length, of: counted.length };
}

/** @param {string} lesson @returns {Progress} */
export const freshProgress = (lesson) => ({ lesson, step: 0, finished: false, answers: {}, tasks: {} });

/** What is missing shows as such; nobody reads a tenth of a microsecond. @param {any} value */
const readable = (value) => (typeof value === 'number' ? Math.round(value * 10) / 10 : (value ?? '?'));

export class LessonRun {
  /**
   * @param {Record<string, any>} lesson
   * @param {Stage} stage
   * @param {(actions: import('../../wasm/engine.js').Action[]) => Promise<Lab>} copy a fresh lab with these actions
   */
  constructor(lesson, stage, copy) {
    this.lesson = lesson;
    this.stage = stage;
    this.copy = copy;
    this.progress = freshProgress(lesson.id);
    this.index = -1;
    /** Where the step began. @type {Mark} */
    this.mark = { t_us: 0, id: 0 };
    /** @type {Verdict | null} of the question that stands: it is known before the answer, and not shown */
    this.verdict = null;
    /** @type {string | number | null} */
    this.answer = null;
    this.hints = 0;
    /** What the texts mention, at the step's beginning and at its end. */
    this.asked_values = /** @type {Record<string, any>} */ ({});
    this.values = /** @type {Record<string, any>} */ ({});
    /** The shown run no longer comes to where the lesson wants to stop. */
    this.astray = false;
  }

  /** @returns {Step | null} null before the first and after the last */
  get step() {
    return this.lesson.steps[this.index] ?? null;
  }

  get kind() {
    return this.step ? kindOf(this.step) : null;
  }

  get isOver() {
    return this.index >= this.lesson.steps.length;
  }

  /** Has the step been dealt with, so that the next may come? */
  get isDone() {
    if (!this.step) return true;
    if (this.kind === 'predict') return this.answer !== null;
    return this.kind === 'beat' || Boolean(this.progress.tasks[this.step.id]?.done);
  }

  get score() {
    return score(this.lesson, this.progress);
  }

  /** What a text may mention: the step's values in the run so far. @param {Step} step */
  #say(step) {
    const trace = new Trace(this.stage.lab);
    const say = /** @type {Record<string, any>} */ (step.say ?? {});
    const scope = { from: 0, to: trace.last, step: this.mark.id };
    return Object.fromEntries(Object.entries(say).map(([name, value]) => [name, readable(evaluate(trace, value, scope))]));
  }

  /** Goes on to the next step. */
  async next() {
    if (!this.isDone) return;
    this.mark = this.stage.mark(this.kind === 'task');
    this.index++;
    this.progress.step = Math.max(this.progress.step, this.index);
    this.verdict = null;
    this.answer = null;
    this.hints = 0;
    const { step } = this;
    if (!step) {
      this.progress.finished = true;
      return;
    }
    this.asked_values = this.#say(step);
    this.values = this.asked_values;
    if (this.kind === 'beat') this.#show(step);
    if (this.kind === 'predict') this.verdict = await judge(this.#copyAt(), this.mark, step);
    if (this.kind === 'task') {
      this.progress.tasks[step.id] ??= { done: false, hints: 0, shown: false };
      this.#open(step);
    }
  }

  /** Sets a task up. What is done in it is done after its beginning, so that going back there undoes it. @param {Step} step */
  #open(step) {
    this.stage.play({ after_ms: 1 }, this.mark.id);
    if (step.do) this.stage.act((lab) => perform(lab, new Trace(lab), step.do));
    this.stage.play({ after_ms: 1 }, this.mark.id);
  }

  /** The run so far, to be made anew. */
  #copyAt() {
    const actions = this.stage.lab.actions.filter(({ at_us }) => at_us <= this.mark.t_us);
    return () => this.copy(actions);
  }

  /** Plays a step in the shown lab. @param {Step} step */
  #show(step) {
    if (step.do) this.stage.act((lab) => perform(lab, new Trace(lab), step.do));
    this.astray = !this.stage.play(step.until, this.mark.id);
    this.values = this.#say(step);
  }

  /**
   * Locks an answer; then the shown lab runs, and the verdict may be told.
   * @param {string | number} answer
   * @returns {boolean | null} whether it was right; null: there was nothing to answer
   */
  predict(answer) {
    const { step, verdict } = this;
    if (!step || !verdict || this.answer !== null) return null;
    this.answer = answer;
    const right = isRight(step, verdict, answer);
    this.progress.answers[step.id] ??= { answer, right };
    this.#show(step);
    return right;
  }

  /** Which text tells why the answer was wrong: of this choice, of this trap, or of any. @returns {string} */
  get reason() {
    const { step, verdict, answer } = this;
    if (!step || !verdict || answer === null || isRight(step, verdict, answer)) return '';
    if (step.ask !== 'number') return step.ask === 'drop' ? 'why' : `why-${String(answer).toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
    const trap = verdict.traps.find(({ value }) => value !== null && Math.abs(value - Number(answer)) <= (step.within ?? 0));
    return trap ? `why-${trap.id}` : 'why';
  }

  /** One more hint of a task. */
  hint() {
    const task = this.step && this.progress.tasks[this.step.id];
    if (!this.step || !task) return;
    this.hints = Math.min(this.hints + 1, this.step.hints ?? 0);
    task.hints = Math.max(task.hints, this.hints);
  }

  /** Has what was done met the task's goal, or will it? To be asked after each action. */
  async check() {
    const { step } = this;
    const task = step && this.progress.tasks[step.id];
    if (!step || !task || task.done) return task?.done ?? false;
    const { lab } = this.stage;
    const actions = lab.actions.filter(({ at_us }) => at_us <= lab.now_us);
    task.done = await judgeTask(() => this.copy(actions), { from: this.mark, now_us: lab.now_us }, step);
    if (task.done) this.values = this.#say(step);
    return task.done;
  }

  /** Back to where the step began, to try it once more. */
  again() {
    this.stage.back(this.mark);
    if (this.step) this.#open(this.step);
  }

  /** Does the task, for who wants to see how. It then gives no point. */
  async showHow() {
    const { step } = this;
    if (!step) return;
    this.progress.tasks[step.id].shown = true;
    this.again();
    this.stage.act((lab) => perform(lab, new Trace(lab), step.solution));
    await this.check();
    this.stage.play({ after_ms: step.ahead_ms ?? AHEAD_MS }, this.mark.id);
  }
}

/** A stage without a picture: what is played has happened at once. @param {Lab} lab @param {typeof import('./lesson-query.js').runTo} runTo @returns {Stage} */
export function plainStage(lab, runTo) {
  return {
    lab,
    mark() {
      lab.runUntil(lab.now_us);
      return { t_us: lab.now_us, id: lab.lastEvent };
    },
    back({ t_us }) {
      lab.seek(t_us);
      lab.branch();
    },
    act: (change) => change(lab),
    play: (stop, from) => !stop || runTo(lab, new Trace(lab), stop, from),
  };
}
