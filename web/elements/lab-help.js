/** What the keys do and how the drawing is to be read. */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { t } from '../i18n/index.js';
import { dialogStyles } from '../styles/dialog.js';

const KEYS = [
  ['←  →', 'help-step'],
  ['Shift ← →', 'help-segment'],
  ['S', 'help-state'],
  ['Space', 'help-play'],
  ['D', 'help-drop'],
  ['B', 'help-branch'],
  ['Ctrl Z', 'help-undo'],
  ['L', 'help-loop'],
  ['?', 'help-help'],
  ['Esc', 'help-escape'],
];
const GRAMMAR = ['help-colour', 'help-shape', 'help-dash'];

export class LabHelp extends LabElement {
  static styles = [
    LabElement.styles,
    dialogStyles,
    css`
      dialog {
        max-width: min(480px, calc(100vw - 32px));
      }
      h2 {
        margin-bottom: 12px;
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 6px 20px;
      }
      dt {
        font: 600 13px var(--mono);
      }
      .more {
        margin-bottom: 16px;
      }
      ul {
        margin: 16px 0;
        padding-left: 18px;
      }
    `,
  ];

  updated() {
    const dialog = /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector('dialog'));
    if (this.app.help_open && !dialog.open) dialog.showModal();
    else if (!this.app.help_open && dialog.open) dialog.close();
  }

  close() {
    this.app.help_open = false;
    this.app.changed();
  }

  render() {
    return html`<dialog aria-labelledby="help" @close=${this.close}>
      <h2 id="help">${t('help')}</h2>
      <dl>
        ${KEYS.map(
          ([key, id]) =>
            html`<dt>${key}</dt>
              <dd>${t(id)}</dd>`,
        )}
      </dl>
      <ul>
        ${GRAMMAR.map((id) => html`<li>${t(id)}</li>`)}
      </ul>
      <p class="more">
        ${t('capture-hint')}
        <button
          @click=${() => {
            this.close();
            this.dispatchEvent(new CustomEvent('open-capture', { bubbles: true, composed: true }));
          }}
        >
          ${t('capture-open')}
        </button>
      </p>
      <p class="more">
        ${t('runs-hint')}
        <button
          data-runs
          @click=${() => {
            this.close();
            this.dispatchEvent(new CustomEvent('open-runs', { bubbles: true, composed: true }));
          }}
        >
          ${t('runs')}
        </button>
      </p>
      ${
        this.app.isBegun && this.app.begin_anew
          ? html`<p class="more">${t('new-run-hint')} <button data-new-run @click=${this.app.begin_anew}>${t('new-run')}</button></p>`
          : nothing
      }
      ${
        this.app.can_share
          ? html`<p class="more">
              ${t('share-hint')}
              <button
                data-share
                @click=${() => {
                  this.close();
                  this.dispatchEvent(new CustomEvent('share', { bubbles: true, composed: true }));
                }}
              >
                ${t('share')}
              </button>
            </p>`
          : nothing
      }
      <button @click=${this.close}>${t('close')}</button>
    </dialog>`;
  }
}

customElements.define('lab-help', LabHelp);
