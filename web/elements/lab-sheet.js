/**
 * A lesson on paper. Blank: its questions with room for predictions, and an empty ladder. As a key: what the stack answered when it
 * was run just now, why each other answer is wrong, and the ladder of each step as the stack drew it; shown only when asked once more.
 */
import { LitElement, css, html, nothing } from 'lit';
import { getLanguage, onLanguage, t } from '../i18n/index.js';
import { glossary } from '../lessons/index.js';
import { timeText } from '../model/format.js';
import { lessonText, piecesOf } from '../model/lesson-text.js';
import { rehearse } from '../model/lesson-rehearsal.js';
import { lifelines, recordOf, sheetOf } from '../model/sheet.js';
import { shared } from '../styles/shared.js';
import { emptyLadder, sheetLadder, sheetStyles } from '../views/sheet-ladder.js';
import { Lab, loadModule } from '../../wasm/engine.js';
import wasm_url from '../../build/wasm/tcplab.wasm?url';

/** @typedef {import('../model/lesson-rehearsal.js').Rehearsed} Rehearsed */

const MEMORY_MIB = 32;

export class LabSheet extends LitElement {
  static properties = { lesson: { attribute: false }, answers: { attribute: false }, steps: { state: true }, wanted: { state: true }, failure: { state: true } };
  static styles = [
    shared,
    sheetStyles,
    css`
      h1 {
        font-size: var(--text-xl);
      }
      .who {
        display: grid;
        grid-template-columns: 2fr 1fr;
        gap: 24px;
        margin: 16px 0;
      }
      .who span,
      .blank {
        display: block;
        border-bottom: 1px solid var(--edge);
        min-height: 32px;
      }
      ol.steps {
        padding-left: 1.6em;
      }
      .steps > li {
        margin: 12px 0;
        break-inside: avoid;
      }
      .steps > li.long {
        break-inside: auto;
      }
      .ask {
        font-size: var(--text-l);
      }
      ul {
        list-style: none;
        margin: 4px 0;
      }
      li.right {
        font-weight: 600;
      }
      .box {
        display: inline-block;
        width: 1em;
        height: 1em;
        border: 1px solid var(--ink);
        margin-right: 8px;
        vertical-align: -2px;
        text-align: center;
        line-height: 0.9em;
      }
      .reason,
      .after {
        color: var(--second);
      }
      .after {
        border-left: 2px solid var(--edge);
        padding-left: 12px;
        margin: 4px 0;
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin: 12px 0;
      }
      @media print {
        .tools {
          display: none;
        }
        /* Paper is white, whatever the screen was. */
        :host {
          --paper: #ffffff;
          --ink: #000000;
          --second: #444444;
          --edge: #888888;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../lessons/index.js').Lesson} */
    this.lesson = /** @type {any} */ (undefined);
    /** With answers. */
    this.answers = false;
    /** Who opens the key by accident sees no answer yet. */
    this.wanted = false;
    /** @type {Rehearsed[] | null} null: it has not been run yet */
    this.steps = null;
    this.failure = '';
    this.record = /** @type {import('../model/record.js').RunRecord | null} */ (null);
    this.stop = () => {};
  }

  connectedCallback() {
    super.connectedCallback();
    this.stop = onLanguage(() => this.requestUpdate());
    void this.run();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  async run() {
    try {
      const { lesson } = this;
      const wasm = await loadModule(wasm_url);
      const { steps, lab } = await rehearse(lesson, (actions) => Lab.create({ wasm, scenario: lesson.scenario, actions, memory_mib: MEMORY_MIB }));
      this.record = recordOf(lab);
      this.steps = steps;
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    }
  }

  /** @param {string} text */
  words(text) {
    const nameOf = (/** @type {string} */ term) => lessonText(glossary[getLanguage()], term);
    return piecesOf(text, nameOf).map((piece) => (piece.kind === 'code' ? html`<code>${piece.text}</code>` : piece.text));
  }

  /** @param {string} id @param {string} attribute @param {Record<string, any>} values */
  text(id, attribute, values) {
    return this.words(lessonText(this.lesson.texts[getLanguage()], id, attribute, values));
  }

  /** What an answer is called. @param {Rehearsed} rehearsed @param {import('../model/lesson-rehearsal.js').Answer} answer */
  answerText({ step, asked_values }, { answer, label }) {
    if (step.ask === 'number') return Number(answer).toLocaleString(getLanguage(), { maximumFractionDigits: 1 });
    if (step.ask === 'choice') return this.text(step.id, `choice-${answer}`, asked_values);
    if (step.ask === 'drop') return `${answer}: ${label}`;
    return answer === 'none' ? t('lesson-none') : String(answer);
  }

  /** @param {Rehearsed} rehearsed */
  blanks(rehearsed) {
    const { step, answers } = rehearsed;
    if (step.ask === 'number') return html`<span class="blank" data-blank></span>`;
    return html`<ul>
        ${answers.map((answer) => html`<li><span class="box" data-blank></span>${this.answerText(rehearsed, answer)}</li>`)}
      </ul>
      <span class="second">${t('sheet-because')}</span><span class="blank"></span>`;
  }

  /** @param {Rehearsed} rehearsed */
  solved(rehearsed) {
    const { step, answers, values } = rehearsed;
    const time = (/** @type {number | null} */ ms) => (ms === null ? t('lesson-never') : timeText(ms * 1000));
    return html`<ul>
        ${answers.map(
          (answer) =>
            html`<li class=${answer.right ? 'right' : ''} data-answer=${answer.right ? 'right' : 'wrong'}>
              <span class="box">${answer.right ? '✓' : ''}</span>${this.answerText(rehearsed, answer)}
              ${answer.time_ms === undefined ? nothing : html`– ${time(answer.time_ms)}`} ${answer.reason ? html`<span class="reason">– ${this.text(step.id, answer.reason, values)}</span>` : nothing}
            </li>`,
        )}
      </ul>
      ${step.ask === 'number' ? html`<p class="reason">${t('sheet-otherwise')} ${this.text(step.id, 'why', values)}</p>` : nothing}
      <p class="after">${this.text(step.id, 'after', values)}</p>`;
  }

  /** @param {Rehearsed} rehearsed */
  task({ step, values }) {
    if (!this.answers) return html`<span class="blank" data-blank></span>`;
    const hints = Array.from({ length: step.hints ?? 0 }, (_, i) => this.text(step.id, `hint-${i + 1}`, values));
    return html`<ul>
        ${hints.map((hint) => html`<li>${t('lesson-hint')}: ${hint}</li>`)}
      </ul>
      <p class="after">${this.text(step.id, 'done', values)}</p>`;
  }

  /** @param {Rehearsed} rehearsed */
  step(rehearsed) {
    const { step, kind, asked_values, values } = rehearsed;
    const sheet = this.answers && this.record ? sheetOf(this.record, this.lesson.scenario, rehearsed) : null;
    const body = kind === 'predict' ? (this.answers ? this.solved(rehearsed) : this.blanks(rehearsed)) : kind === 'task' ? this.task(rehearsed) : nothing;
    return html`<li data-step=${step.id} class=${sheet && sheet.rows > 12 ? 'long' : ''}>
      <p class=${kind === 'beat' ? '' : 'ask'}>${this.text(step.id, '', kind === 'predict' ? asked_values : values)}</p>
      ${body}
      ${sheet ? sheetLadder(sheet, t('sheet-ladder')) : nothing} ${sheet && sheet.left_out > 0 ? html`<p class="second">${t('sheet-more', { count: sheet.left_out })}</p>` : nothing}
    </li>`;
  }

  /** Who opens it by accident may still go away. */
  gate() {
    return html`<p>${t('sheet-gate')}</p>
      <p class="tools"><button data-show @click=${() => (this.wanted = true)}>${t('sheet-show')}</button></p>`;
  }

  render() {
    const { lesson, steps } = this;
    if (this.failure) return html`<p role="alert">${t('failure')} <code lang="en">${this.failure}</code></p>`;
    const title = html`<h1>${t('lesson-of', { number: Number.parseInt(lesson.id, 10), title: lessonText(lesson.texts[getLanguage()], 'title') })}</h1>`;
    if (this.answers && !this.wanted) return html`${title}${this.gate()}`;
    if (!steps) return html`${title}<p role="status">${t('sheet-running')}</p>`;
    const shown = this.answers ? steps : steps.filter(({ kind }) => kind !== 'beat');
    return html`${title}
      <p>${this.text('about', '', {})}</p>
      ${this.answers ? html`<p class="second">${t('sheet-key')}</p>` : html`<div class="who"><span>${t('sheet-name')}</span><span>${t('sheet-date')}</span></div>`}
      <p class="tools"><button data-print @click=${() => print()}>${t('sheet-print')}</button></p>
      <ol class="steps">
        ${shown.map((each) => this.step(each))}
      </ol>
      ${this.answers ? html`<p>${this.text('end', '', {})}</p>` : html`<h2>${t('sheet-draw')}</h2>${emptyLadder(lifelines(lesson.scenario), t('sheet-draw'))}`}`;
  }
}

customElements.define('lab-sheet', LabSheet);
