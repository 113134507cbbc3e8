/**
 * Beside the player: taking back what was done, and more ways through time behind one button (steps from state to state,
 * a stretch played again and again, where play slows down by itself).
 */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { t } from '../i18n/index.js';
import { timeText } from '../model/format.js';
import { SLOWED_AT } from '../model/dwell.js';

export class LabDeeds extends LabElement {
  static properties = { open: { state: true } };
  static styles = [
    LabElement.styles,
    css`
      :host {
        display: inline-flex;
        gap: 8px;
        position: relative;
      }
      .more {
        position: absolute;
        right: 0;
        bottom: calc(100% + 44px);
        z-index: 4;
        display: grid;
        gap: 8px;
        width: max-content;
        max-width: min(360px, calc(100cqi - 32px));
        padding: 12px;
        background: var(--paper);
        border: 1px solid var(--ink);
        border-radius: 4px;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        color: var(--second);
        font-size: var(--text-s);
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-height: 24px;
        cursor: pointer;
      }
      input {
        width: 16px;
        height: 16px;
        margin: 0;
        accent-color: var(--ink);
      }
      .narrow {
        display: none;
      }
      @container lab (max-width: 879px) {
        .narrow {
          display: flex;
        }
        .wide[data-key='redo'] {
          display: none;
        }
      }
      @container lab (max-width: 599px) {
        :host {
          position: static;
        }
        .more {
          right: auto;
          left: 0;
          bottom: calc(100% + 4px);
        }
        .word {
          display: none;
        }
        .wide {
          display: none;
        }
        button {
          padding: 3px 8px;
        }
      }
      @container lab (min-width: 600px) {
        .dots {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.open = false;
  }

  /** Escape closes it, and the focus stays where it came from. @param {KeyboardEvent} event */
  keys(event) {
    if (event.key !== 'Escape' || !this.open) return;
    event.stopPropagation();
    this.open = false;
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('[data-key=more]'))?.focus();
  }

  /** @param {string} where "wide": only where there is room for it beside the player */
  undo(where) {
    const { app } = this;
    return html`<button
        class=${where}
        data-key="undo"
        aria-disabled=${!app.canUndo}
        title=${app.canUndo ? t('undo-what', { what: app.session.last_deed }) : ''}
        @click=${() => app.undo()}
      >
        ${t('undo')}
      </button>
      ${app.session.undone.length > 0 ? html`<button class=${where} data-key="redo" @click=${() => app.redo()}>${t('redo')}</button>` : nothing}`;
  }

  loop() {
    const { loop } = this.app;
    if (!loop) return t('loop-from');
    if (loop.to_us === null) return t('loop-to', { from: timeText(loop.from_us) });
    return t('loop-end', { from: timeText(loop.from_us), to: timeText(loop.to_us) });
  }

  /** @param {typeof SLOWED_AT[number]} sort @param {boolean} isOn */
  slow(sort, isOn) {
    const { slowed_at } = this.app.timeline;
    if (isOn) slowed_at.add(sort);
    else slowed_at.delete(sort);
    this.app.changed();
  }

  panel() {
    const { app } = this;
    return html`<div class="more" id="more">
      <div class="row narrow">${this.undo('')}</div>
      <div class="row">
        <button data-key="segment-back" @click=${() => app.step('segment-back')}>${t('step-segment-back')}</button>
        <button data-key="state-back" @click=${() => app.step('state-back')}>${t('step-state-back')}</button>
        <button data-key="state" @click=${() => app.step('state')}>${t('step-state')}</button>
      </div>
      <div class="row"><button data-key="loop" aria-pressed=${app.loop !== null} @click=${() => app.markLoop()}>${this.loop()}</button></div>
      <fieldset>
        <legend>${t('slow-at')}</legend>
        ${SLOWED_AT.map(
          (sort) =>
            html`<label
              ><input
                type="checkbox"
                name="slow-${sort}"
                .checked=${app.timeline.slowed_at.has(sort)}
                @change=${(/** @type {Event} */ e) => this.slow(sort, /** @type {HTMLInputElement} */ (e.target).checked)}
              />${t(`slow-${sort}`)}</label
            >`,
        )}
      </fieldset>
    </div>`;
  }

  render() {
    return html`${this.undo('wide')}
      <button data-key="more" aria-expanded=${this.open} aria-controls="more" @keydown=${this.keys} @click=${() => (this.open = !this.open)}><span class="word">${t('more')}</span><span class="dots" role="img" aria-label=${t('more')}>⋯</span></button>
      ${this.open ? html`<div @keydown=${this.keys}>${this.panel()}</div>` : nothing}`;
  }
}

customElements.define('lab-deeds', LabDeeds);
