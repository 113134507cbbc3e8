/** A question before watching, and after it what the stack itself says. No answer stands in the page. */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { t } from '../i18n/index.js';
import { timeText } from '../model/format.js';
import { mildest } from '../model/prediction.js';

const COUNTS = [1, 2, 3, 4];
const SEGMENTS = ['SYN', 'SYN+ACK', 'ACK'];

export class LabPredict extends LabElement {
  static styles = [
    LabElement.styles,
    css`
      section {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 20px;
        min-height: 32px;
      }
      h2 {
        color: var(--application-ink);
      }
      .ask {
        font-size: var(--text-l);
        font-weight: 600;
      }
      .choices {
        display: flex;
        gap: 8px;
        flex-wrap: wrap;
      }
      .choices button {
        min-width: 48px;
      }
      button[aria-pressed='true'] {
        background: var(--mark);
        color: var(--on-mark);
        border-color: var(--ink);
      }
      .verdict {
        flex-basis: 100%;
      }
      .judge {
        margin-left: auto;
        font-size: var(--text-s);
        color: var(--second);
      }
      table {
        border-collapse: collapse;
      }
      td,
      th {
        padding: 0 20px 0 0;
        text-align: left;
        font-weight: 400;
      }
      th {
        font: 12px var(--mono);
      }
      .best {
        font-weight: 700;
      }
      @container lab (max-width: 1099px) {
        .judge {
          display: none;
        }
      }
      @container lab (max-width: 599px) {
        .choices {
          flex-basis: 100%;
        }
      }
    `,
  ];

  /** @param {string} key @param {(string | number)[]} choices @param {number | null} chosen @param {(i: number) => void} choose */
  question(key, choices, chosen, choose) {
    return html`<p class="ask" id=${key}>${t(key)}</p>
      <div class="choices" role="group" aria-labelledby=${key}>
        ${choices.map(
          (choice, i) =>
            html`<button
              aria-pressed=${chosen === i}
              aria-disabled=${chosen !== null}
              data-choice=${choice}
              @click=${() => (chosen === null ? choose(i) : undefined)}
            >
              ${choice}
            </button>`,
        )}
      </div>`;
  }

  first() {
    const { guess } = this.app.prediction;
    return this.question('ask-count', COUNTS, guess === null ? null : COUNTS.indexOf(guess), (i) =>
      this.app.guess(COUNTS[i]),
    );
  }

  /** What the run that is shown says. */
  verdict() {
    const { guess } = this.app.prediction;
    const { segments, again } = this.app.handshake;
    const count = segments.length;
    const id = guess === null ? 'verdict-count' : guess === count ? 'verdict-right' : 'verdict-wrong';
    return html`<p>
      <span data-verdict>${t(id, { count, guess: guess ?? 0 })}</span> <code>${segments.join(' → ')}</code>
      ${again ? t('verdict-again', { again }) : nothing}
    </p>`;
  }

  second() {
    const { hurt, trials } = this.app.prediction;
    return html`${this.verdict()} ${this.question('ask-hurt', SEGMENTS, hurt, (i) => void this.app.guessHurt(i))}
    ${trials && hurt !== null ? this.trials(trials, hurt) : nothing}`;
  }

  /** @param {import('../model/prediction.js').Trial[]} trials @param {number} hurt */
  trials(trials, hurt) {
    const best = mildest(trials);
    return html`<div class="verdict">
      <p data-verdict-hurt>${t(best === hurt ? 'hurt-right' : 'hurt-wrong', { best: trials[best].lost })}</p>
      <table>
        <tr>
          ${trials.map((trial, i) => {
            const time = trial.first_data_us === null ? '–' : timeText(trial.first_data_us);
            return html`<td class=${i === best ? 'best' : ''}>${t('hurt-time', { lost: trial.lost, time })}</td>`;
          })}
        </tr>
      </table>
    </div>`;
  }

  render() {
    return html`<section aria-label=${t('predict')}>
      <h2>${t('predict')}</h2>
      ${this.app.handshake.done ? this.second() : this.first()}
      <span class="judge">${t('predict-judge')}</span>
    </section>`;
  }
}

customElements.define('lab-predict', LabPredict);
