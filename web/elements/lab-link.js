/** The cable's settings: each change is a command, from the cursor's time on. */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { t } from '../i18n/index.js';

/** @type {{name: 'delay_ms' | 'queue_frames', max: number, step: number}[]} */
const NUMBERS = [
  { name: 'delay_ms', max: 10_000, step: 1 },
  { name: 'queue_frames', max: 10_000, step: 1 },
];
/** Shown in per cent, told as a part of 1. @type {('loss' | 'duplicate' | 'reorder' | 'corrupt' | 'corrupt_inside')[]} */
const CHANCES = ['loss', 'duplicate', 'reorder', 'corrupt', 'corrupt_inside'];

export class LabLink extends LabElement {
  static styles = [
    LabElement.styles,
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
      this.app.session.setLink({ [name]: name === 'rate_bit_per_s' ? Math.round(value) : value }),
    );
    if (!isDone) input.value = before;
  }

  /** @param {string} name @param {number} value @param {number} max @param {number | string} step @param {string} unit @param {number} [scale] */
  number(name, value, max, step, unit, scale = 1) {
    return html`<label>
      ${t(`link-${name.replaceAll('_', '-')}`)}
      <span class="with"
        ><input
          type="number"
          name=${name}
          min="0"
          max=${max}
          step=${step}
          .defaultValue=${String(value)}
          .value=${String(value)}
          @change=${(/** @type {Event} */ e) => this.change(e, name, scale)}
        />${unit}</span
      >
    </label>`;
  }

  render() {
    const { app } = this;
    if (!app.link_open) return nothing;
    const link = app.session.settings;
    return html`<fieldset>
      <legend class="hidden">${t('link-settings')}</legend>
      ${this.number('delay_ms', link.delay_ms, NUMBERS[0].max, 'any', 'ms')}
      ${this.number('rate_bit_per_s', link.rate_bit_per_s / 1e6, 100_000, 'any', 'Mbit/s', 1e-6)}
      ${this.number('queue_frames', link.queue_frames, NUMBERS[1].max, 1, t('link-frames'))}
      ${CHANCES.map((name) => this.number(name, Math.round(link[name] * 1e4) / 100, 100, 'any', '%', 100))}
      <button data-link="kit" @click=${() => app.open('faults')}>${t('link-kit')}</button>
      <button
        data-link="up"
        aria-pressed=${!link.up}
        @click=${() => app.try(() => app.session.setLink({ up: !link.up }))}
      >
        ${t(link.up ? 'link-unplug' : 'link-plug')}
      </button>
    </fieldset>`;
  }
}

customElements.define('lab-link', LabLink);
