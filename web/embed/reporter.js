/**
 * What a host page is told of a lab: each time something changed, what is new since the last time. No DOM; `tell` takes
 * it further.
 *
 * @typedef {(name: string, detail: Record<string, any>) => void} Tell
 * @typedef {import('../model/app.js').App} App
 */
import { sentence } from '../model/narrate.js';
import { lessonText } from '../model/lesson-text.js';
import { answered, completed } from './statements.js';

export class Reporter {
  /**
   * @param {App} app
   * @param {Tell} tell
   * @param {(id: string, args: Record<string, any>) => string} say words of the page's language
   */
  constructor(app, tell, say) {
    this.app = app;
    this.tell = tell;
    this.say = say;
    this.moment = app.state.moment;
    this.playing = false;
    /** @type {Set<string>} steps of the lesson that were told */
    this.told = new Set();
    this.finished = false;
    /** The last trouble, to tell each once. @type {App['trouble']} */
    this.trouble = null;
    this.stop = app.subscribe(() => this.look());
  }

  look() {
    this.#lookAtTime();
    this.#lookAtLesson();
    const { trouble } = this.app;
    if (trouble && trouble !== this.trouble) this.tell('error', { code: trouble.code, message: trouble.message });
    this.trouble = trouble;
  }

  #lookAtTime() {
    const { timeline, state, cursor, session } = this.app;
    if (state.moment === this.moment && timeline.playing === this.playing) return;
    this.moment = state.moment;
    this.playing = timeline.playing;
    const event = timeline.at(state.moment);
    const message = event ? sentence(event, session.words) : null;
    this.tell('step', {
      t: cursor.t_us / 1000,
      playing: timeline.playing,
      event: event ? { id: event.id, kind: event.kind } : null,
      sentence: message ? this.say(message.id, message.args) : '',
    });
  }

  #lookAtLesson() {
    const lesson = this.app.lesson;
    if (!lesson) return;
    const { progress, score } = lesson.run;
    for (const [step, { answer, right }] of Object.entries(progress.answers)) this.#answer(step, answer, right);
    for (const [step, { done, shown }] of Object.entries(progress.tasks)) if (done) this.#answer(step, null, !shown);
    if (!progress.finished || this.finished) return;
    this.finished = true;
    const { points, of } = score;
    const { texts } = lesson.lesson;
    const title = { ko: lessonText(texts.ko, 'title'), en: lessonText(texts.en, 'title') };
    const all = { lesson: progress.lesson, points, of, scaled: of > 0 ? points / of : 1 };
    this.tell('complete', all);
    this.tell('statement', { statement: completed({ ...all, title }) });
  }

  /** @param {string} step @param {string | number | null} answer @param {boolean} right */
  #answer(step, answer, right) {
    if (this.told.has(step)) return;
    this.told.add(step);
    const all = { lesson: /** @type {import('../model/lesson-stage.js').PageLesson} */ (this.app.lesson).run.progress.lesson, step, answer, right };
    this.tell('answer', all);
    this.tell('statement', { statement: answered(all) });
  }
}
