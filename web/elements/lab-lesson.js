/** A lesson beside the lab: what is said, what is asked, and what the stack did. It holds no answer of its own. */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { getLanguage, t } from '../i18n/index.js';
import { beliefs, glossary } from '../lessons/index.js';
import { timeText } from '../model/format.js';
import { isRight } from '../model/lesson-judge.js';
import { PageLesson } from '../model/lesson-stage.js';
import { keepProgress } from '../model/lesson-store.js';
import { lessonText, piecesOf } from '../model/lesson-text.js';

export { loadLesson } from '../lessons/index.js';

/** Reaching for storage fails where a frame has none. @param {import('../model/lesson.js').Progress} progress */
function keepHere(progress) {
  try {
    keepProgress(localStorage, progress);
  } catch {
    // The progress lasts as long as the page.
  }
}

/**
 * Opens a lesson in a page's lab.
 * @param {import('../model/app.js').App} app
 * @param {import('../lessons/index.js').Lesson} lesson
 * @param {ConstructorParameters<typeof PageLesson>[2]} copy
 */
export const openLesson = (app, lesson, copy) => new PageLesson(app, lesson, copy, (progress) => app.keeps_progress && keepHere(progress));

export class LabLesson extends LabElement {
  static properties = { term: { state: true } };
  static styles = [
    LabElement.styles,
    css`
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 4px 24px;
        min-height: 96px;
        align-items: start;
      }
      header {
        grid-column: 1 / -1;
        display: flex;
        flex-wrap: wrap;
        gap: 0 16px;
        align-items: baseline;
        font-size: var(--text-s);
        color: var(--second);
      }
      h2 {
        color: var(--application-ink);
      }
      a {
        color: inherit;
      }
      header a {
        margin-left: auto;
      }
      .said {
        font-size: var(--text-l);
        max-width: 62em;
        outline: none;
      }
      .said p + p {
        margin-top: 4px;
      }
      .buttons,
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
      }
      .choices {
        margin-top: 6px;
      }
      .choices button {
        white-space: normal;
        text-align: left;
      }
      .choices input {
        width: 12em;
      }
      .buttons {
        justify-content: flex-end;
      }
      .first {
        background: var(--ink);
        color: var(--paper);
        border-color: var(--ink);
        font-weight: 600;
      }
      .first:hover {
        background: var(--second);
      }
      button.chosen,
      button.chosen[aria-disabled='true'] {
        background: var(--mark);
        color: var(--on-mark);
        border-color: var(--ink);
      }
      .verdict {
        display: flex;
        flex-wrap: wrap;
        gap: 0 20px;
        font-weight: 600;
      }
      .verdict .wrong {
        text-decoration: underline wavy var(--now);
      }
      .term {
        all: unset;
        cursor: pointer;
        border-bottom: 1px dotted var(--second);
      }
      .term:focus-visible {
        outline: 2px solid var(--ink);
      }
      .meaning {
        font-size: var(--text-m);
        border-left: 2px solid var(--edge);
        padding-left: 12px;
        margin-top: 6px;
      }
      ol,
      ul {
        padding-left: 1.4em;
        font-size: var(--text-m);
      }
      /* Where all stands below each other, it stays in sight above the player. */
      @container lab (max-width: 879px) {
        :host {
          position: sticky;
          bottom: 76px;
          z-index: 3;
          max-height: 52dvh;
          overflow: auto;
          background: var(--paper);
        }
        /* With the sentence at the top and the player below, the stage keeps the rest. */
        @media (min-height: 640px) {
          :host {
            max-height: min(52dvh, 100dvh - 390px);
          }
        }
        section {
          grid-template-columns: minmax(0, 1fr);
        }
        .buttons {
          justify-content: flex-start;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** The term whose meaning is shown. */
    this.term = '';
  }

  get page() {
    return /** @type {PageLesson} */ (this.app.lesson);
  }

  get language() {
    return getLanguage();
  }

  /** A text with its terms and code. @param {string} text */
  words(text) {
    const nameOf = (/** @type {string} */ term) => lessonText(glossary[this.language], term);
    return piecesOf(text, nameOf).map((piece) => {
      if (piece.kind === 'code') return html`<code>${piece.text}</code>`;
      if (piece.kind !== 'term') return piece.text;
      const { term } = piece;
      const toggle = () => (this.term = this.term === term ? '' : term);
      return html`<button class="term" aria-expanded=${this.term === term} data-term=${term} @click=${toggle}>${piece.text}</button>`;
    });
  }

  /** @param {string} id @param {string} [attribute] @param {Record<string, any>} [values] */
  text(id, attribute, values = this.page.run.values) {
    return lessonText(this.page.lesson.texts[this.language], id, attribute, values);
  }

  meaning() {
    if (!this.term) return nothing;
    const bundle = glossary[this.language];
    const rfc = lessonText(bundle, this.term, 'rfc');
    return html`<p class="meaning" data-meaning>
      <strong>${lessonText(bundle, this.term)}</strong> ${lessonText(bundle, this.term, 'means')} ${rfc ? html`<span class="second">${rfc}</span>` : nothing}
    </p>`;
  }

  /** What an answer is called. @param {string | number | null} answer */
  answerText(answer) {
    const { step, verdict } = this.page.run;
    if (answer === null) return '–';
    if (step?.ask === 'number') return Number(answer).toLocaleString(this.language, { maximumFractionDigits: 1 });
    if (step?.ask === 'choice') return this.text(step.id, `choice-${answer}`);
    if (step?.ask === 'drop') return `${answer}: ${verdict?.options.find(({ id }) => id === answer)?.label ?? ''}`;
    return answer === 'none' ? t('lesson-none') : String(answer);
  }

  /** @param {Record<string, any>} step */
  choices(step) {
    const { verdict, answer } = this.page.run;
    if (step.ask === 'number') return answer === null ? this.numberField() : nothing;
    const locked = answer !== null || this.page.busy;
    return html`<div class="choices" role="group" aria-label=${t('lesson-predict')}>
      ${verdict?.options.map(
        ({ id }) =>
          html`<button
            data-choice=${id}
            class=${answer === id ? 'chosen' : ''}
            aria-pressed=${answer === id}
            aria-disabled=${locked}
            @click=${() => (locked ? undefined : this.page.predict(id))}
          >
            ${this.answerText(id)}
          </button>`,
      )}
    </div>`;
  }

  numberField() {
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      const form = /** @type {HTMLFormElement} */ (event.target);
      const given = /** @type {HTMLInputElement} */ (form.elements.namedItem('number')).value.replace(/[,\s]/g, '');
      if (given !== '' && Number.isFinite(Number(given))) void this.page.predict(Number(given));
    };
    return html`<form class="choices" @submit=${submit}>
      <input name="number" type="text" inputmode="decimal" autocomplete="off" aria-label=${t('lesson-number')} placeholder=${t('lesson-number')} />
      <button>${t('lesson-predict')}</button>
    </form>`;
  }

  /** You predicted, the stack did. @param {Record<string, any>} step */
  verdict(step) {
    const { run, stage } = this.page;
    const { verdict, answer } = run;
    if (!verdict || answer === null) return nothing;
    if (!stage.isThere) return html`<p class="second" data-watch>${t('lesson-watch')}</p>`;
    if (verdict.right === null) return html`<p data-verdict>${t('lesson-no-answer')}</p>`;
    const right = isRight(step, verdict, answer);
    return html`<p class="verdict" data-verdict=${right ? 'right' : 'wrong'}>
        <span>${t(right ? 'lesson-right' : 'lesson-wrong')}</span>
        <span class=${right ? '' : 'wrong'}>${t('lesson-you', { answer: this.answerText(answer) })}</span>
        <span>${t('lesson-stack', { answer: this.answerText(verdict.right) })}</span>
      </p>
      ${run.reason ? html`<p data-reason>${this.words(this.text(step.id, run.reason))}</p>` : nothing} ${this.times(verdict.options)}
      <p data-after>${this.words(this.text(step.id, 'after'))}</p>`;
  }

  /** What each loss cost. @param {import('../model/lesson-judge.js').Option[]} options */
  times(options) {
    if (options.every(({ time_ms }) => time_ms === undefined)) return nothing;
    const time = (/** @type {number | null | undefined} */ ms) => (ms === null || ms === undefined ? t('lesson-never') : timeText(ms * 1000));
    return html`<ul>
      ${options.map(({ id, label, time_ms }) => html`<li>${id}: ${label} – ${time(time_ms)}</li>`)}
    </ul>`;
  }

  /** @param {Record<string, any>} step */
  task(step) {
    const { run } = this.page;
    const hints = Array.from({ length: run.hints }, (_, i) => html`<li>${this.words(this.text(step.id, `hint-${i + 1}`))}</li>`);
    const status = run.isDone ? this.words(this.text(step.id, 'done')) : t('lesson-task-open');
    return html`${hints.length ? html`<ol>
        ${hints}
      </ol>` : nothing}
      <p data-task=${run.isDone ? 'done' : 'open'} class=${run.isDone ? '' : 'second'}>${status}</p>`;
  }

  /** @param {Record<string, any>} step */
  said(step) {
    const { run } = this.page;
    const values = run.kind === 'predict' ? run.asked_values : run.values;
    return html`<p data-step=${step.id}>${this.words(this.text(step.id, '', values))}</p>
      ${run.kind === 'predict' ? html`${this.choices(step)}${this.verdict(step)}` : nothing}
      ${run.kind === 'task' ? this.task(step) : nothing} ${run.astray ? html`<p class="second">${t('lesson-astray')}</p>` : nothing}`;
  }

  start() {
    return html`<p data-step="about">${this.words(this.text('about'))}</p>`;
  }

  end() {
    const { run, lesson } = this.page;
    const name = (/** @type {{belief: string}} */ { belief }) => lessonText(beliefs[this.language], belief);
    return html`<p data-step="end">${this.words(this.text('end'))}</p>
      <p data-score>${t('lesson-score', run.score)}</p>
      <p class="second">${t('lesson-beliefs')}</p>
      <ul>
        ${lesson.breaks.map((/** @type {any} */ each) => html`<li><s>${name(each)}</s></li>`)}
      </ul>`;
  }

  /** To a lesson: a page of its own, or the same element. @param {string} name @param {string} label */
  wayTo(name, label) {
    const { open_lesson } = this.app;
    const isNext = label === 'lesson-next';
    const look = isNext ? 'button first' : 'button';
    if (open_lesson) return html`<button class=${look} ?data-next=${isNext} @click=${() => open_lesson(name)}>${t(label)}</button>`;
    return html`<a class=${look} ?data-next=${isNext} href="./index.html?lesson=${name}&lang=${this.language}">${t(label)}</a>`;
  }

  /** The way on, and the others. */
  buttons() {
    const { run, stage, busy, lesson } = this.page;
    const { step } = run;
    if (run.isOver) {
      return html`${lesson.next ? this.wayTo(lesson.next, 'lesson-next') : nothing} ${this.wayTo(lesson.id, 'lesson-restart')}`;
    }
    const look = step?.show?.packet && this.app.selected && (run.kind === 'beat' || run.answer !== null);
    const task = run.kind === 'task' && !run.isDone;
    const on = run.index < 0 ? 'lesson-start' : stage.isThere ? 'lesson-continue' : 'lesson-skip';
    return html`${look ? html`<button @click=${() => this.app.select(this.app.selected, true)}>${t('lesson-look')}</button>` : nothing}
      ${task && run.hints < (step?.hints ?? 0) ? html`<button data-hint @click=${() => this.page.hint()}>${t('lesson-hint')}</button>` : nothing}
      ${task ? html`<button data-again @click=${() => this.page.again()}>${t('lesson-again')}</button>` : nothing}
      ${task ? html`<button data-show @click=${() => this.page.showHow()}>${t('lesson-show')}</button>` : nothing}
      ${run.isDone ? html`<button class="first" data-continue aria-disabled=${busy} @click=${() => this.page.next()}>${t(on)}</button>` : nothing}`;
  }

  render() {
    const { run, lesson } = this.page;
    const place = run.isOver ? lesson.steps.length : Math.max(0, run.index + 1);
    const body = run.isOver ? this.end() : run.step ? this.said(run.step) : this.start();
    return html`<section aria-label=${t('lesson')}>
      <header>
        <h2>${t('lesson-of', { number: Number.parseInt(lesson.id, 10), title: this.text('title') })}</h2>
        <span>${t('lesson-place', { place, of: lesson.steps.length })}</span>
        ${this.app.open_lesson ? nothing : html`<a href="./course.html?lang=${this.language}">${t('lesson-course')}</a>`}
      </header>
      <div class="said" aria-live="polite">${body} ${this.meaning()}</div>
      <div class="buttons">${this.buttons()}</div>
    </section>`;
  }
}

customElements.define('lab-lesson', LabLesson);
