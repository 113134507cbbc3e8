/** A link's settings, for both ways at once: each change is a command, from the cursor's time on. */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { t } from '../i18n/index.js';
import { setOf } from '../model/link-settings.js';
import { differsStyles, linkChoice } from '../views/link-choice.js';

/** Shown in per cent, told as a part of 1. */
const CHANCES = ['loss', 'duplicate', 'reorder', 'corrupt', 'corrupt_inside'];

export class LabLink extends LabElement {
  static styles = [
    LabElement.styles,
    differsStyles,
    css`
      fieldset {
        border: 0;
        border-block: 1px solid var(--hair);
        margin: 0;
        padding: 12px 0;
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 8px 20px;
      }
      legend {
        padding: 0;
      }
      label {
        display: grid;
        gap: 2px;
        color: var(--second);
        font-size: var(--text-s);
      }
      .with {
        display: flex;
        align-items: center;
        gap: 4px;
      }
      input {
        width: 76px;
        color: var(--ink);
        font-family: var(--mono);
      }
      button {
        align-self: end;
      }
    `,
  ];

  /** @param {Event} event @param {string} name @param {number} scale */
  change(event, name, scale) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const value = input.value === '' ? NaN : Number(input.value) / scale;
    const before = input.defaultValue;
    const isDone = this.app.try(() =>
      this.app.session.setLink({ [name]: name === 'rate_bit_per_s' ? Math.round(value) : value }, '', this.app.link),
    );
    if (!isDone) input.value = before;
  }

  /** @param {string} name @param {number} max @param {number | string} step @param {string} unit @param {number} [scale] */
  number(name, max, step, unit, scale = 1) {
    const set = setOf(this.app.session.settings(this.app.link), '', name);
    const value = set === null ? '' : String(Math.round(set * scale * 1e6) / 1e6);
    return html`<label>
      ${t(`link-${name.replaceAll('_', '-')}`)}
      <span class="with"
        ><input
          type="number"
          name=${name}
          min="0"
          max=${max}
          step=${step}
          placeholder=${set === null ? t('link-differs') : ''}
          .defaultValue=${value}
          .value=${value}
          @change=${(/** @type {Event} */ e) => this.change(e, name, scale)}
        />${unit}</span
      >
    </label>`;
  }

  render() {
    const { app } = this;
    if (!app.link_open) return nothing;
    const isUp = setOf(app.session.settings(app.link), '', 'up') === true;
    return html`<fieldset>
      <legend class="hidden">${t('link-settings')}</legend>
      ${app.session.topology.links.length > 1 ? html`<label>${t('link-which')}${linkChoice(app)}</label>` : nothing}
      ${this.number('delay_ms', 10_000, 'any', 'ms')} ${this.number('rate_bit_per_s', 100_000, 'any', 'Mbit/s', 1e-6)}
      ${this.number('queue_frames', 10_000, 1, t('link-frames'))} ${CHANCES.map((name) => this.number(name, 100, 'any', '%', 100))}
      <button data-link="kit" @click=${() => app.open('faults')}>${t('link-kit')}</button>
      <button
        data-link="up"
        aria-pressed=${!isUp}
        @click=${() => app.try(() => app.session.setLink({ up: !isUp }, '', app.link))}
      >
        ${t(isUp ? 'link-unplug' : 'link-plug')}
      </button>
    </fieldset>`;
  }
}

customElements.define('lab-link', LabLink);
