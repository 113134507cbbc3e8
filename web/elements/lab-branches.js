/** The runs of a lab, once there are two: which is current, which stands beside it, where they part; names, and dropping one. */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { t } from '../i18n/index.js';
import { clockText } from '../model/format.js';
import { sentence } from '../model/narrate.js';
import { runName } from '../views/node-name.js';

export class LabBranches extends LabElement {
  static properties = { renaming: { state: true } };
  static styles = [
    LabElement.styles,
    css`
      section {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 8px;
        align-items: center;
        padding: 4px 0;
        border-top: 1px solid var(--hair);
      }
      .run {
        display: inline-flex;
        align-items: center;
      }
      p {
        flex-basis: 100%;
      }
      b {
        font-weight: 600;
      }
      input {
        width: 120px;
      }
    `,
  ];

  constructor() {
    super();
    this.renaming = false;
  }

  /** @param {() => void} action */
  do(action) {
    this.app.try(action);
  }

  /** @param {SubmitEvent} event */
  rename(event) {
    event.preventDefault();
    const input = /** @type {HTMLInputElement} */ (this.renderRoot.querySelector('input'));
    const { branches: runs } = this.app.session;
    this.renaming = false;
    this.do(() => runs.rename(runs.current, input.value));
  }

  /** In words: what each of the two did first that the other did not. */
  difference() {
    const { session } = this.app;
    const { branches: runs } = session;
    const { other, difference } = runs;
    if (!other) return nothing;
    if (!difference) return html`<p class="second">${t('branches-same')}</p>`;
    const told = (/** @type {import('../model/types.js').LabEvent | null} */ event, /** @type {import('../model/narrate.js').Words} */ words) => {
      const message = event && sentence(event, words);
      return message ? t(message.id, message.args) : t('branches-nothing');
    };
    return html`<p>
      <b>${t('branches-difference', { time: clockText(difference.t_us) })}</b>
      <b>${runName(this.app, other.id)}:</b> ${told(difference.there, session.wordsOf(other.record))}
      <b>${runName(this.app, runs.current)}:</b> ${told(difference.here, session.words)}
    </p>`;
  }

  render() {
    const { app } = this;
    const { branches: runs } = app.session;
    const { all, current, beside } = runs;
    if (all.length < 2 || app.lesson) return nothing;
    return html`<section aria-label=${t('branches')}>
      ${all.map(({ id }) => html`<button class="plain" data-branch=${id} aria-pressed=${id === current} @click=${() => this.do(() => app.session.switchTo(id))}>${runName(app, id)}</button>`)}
      <label>
        ${t('branches-beside')}
        <select @change=${(/** @type {Event} */ event) => this.do(() => (runs.beside = Number(/** @type {HTMLSelectElement} */ (event.target).value)))}>
          <option value="-1" ?selected=${beside < 0}>${t('branches-none')}</option>
          ${all.filter(({ id }) => id !== current).map(({ id }) => html`<option value=${id} ?selected=${id === beside}>${runName(app, id)}</option>`)}
        </select>
      </label>
      ${
        this.renaming
          ? html`<form @submit=${this.rename}>
              <input type="text" maxlength="24" aria-label=${t('branches-name')} .value=${runName(app, current)} />
              <button>${t('branches-rename')}</button>
            </form>`
          : html`<button class="plain" data-branches="rename" @click=${() => (this.renaming = true)}>${t('branches-rename')}</button>`
      }
      ${beside >= 0 ? html`<button class="plain" data-branches="drop" @click=${() => this.do(() => runs.drop(beside))}>${t('branches-drop', { name: runName(app, beside) })}</button>` : nothing}
      ${this.difference()}
    </section>`;
  }
}

customElements.define('lab-branches', LabBranches);
