/**
 * The drawer: ways to look inside and to break things, one at a time. It comes with its own words; a view that needs
 * much code or few need at first comes when it is first looked at.
 */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import '../i18n/views.js';
import { t, withWords } from '../i18n/index.js';
import { TABS } from '../model/app.js';
import './lab-code.js';
import './lab-events.js';
import './lab-faults.js';
import './lab-forge.js';
import './lab-machine.js';
import './lab-packet.js';
import './lab-sequence.js';
import './lab-tables.js';
import './lab-terminal.js';

/** @typedef {import('../model/app.js').App} App */

/** @type {Record<string, (app: App) => unknown>} */
const VIEWS = {
  packet: (app) => html`<lab-packet .app=${app}></lab-packet>`,
  machine: (app) => html`<lab-machine .app=${app}></lab-machine>`,
  sequence: (app) => html`<lab-sequence .app=${app}></lab-sequence>`,
  graphs: (app) => html`<lab-graphs .app=${app}></lab-graphs>`,
  tables: (app) => html`<lab-tables .app=${app}></lab-tables>`,
  code: (app) => html`<lab-code .app=${app}></lab-code>`,
  events: (app) => html`<lab-events .app=${app}></lab-events>`,
  faults: (app) => html`<lab-faults .app=${app}></lab-faults>`,
  forge: (app) => html`<lab-forge .app=${app}></lab-forge>`,
  terminal: (app) => html`<lab-terminal .app=${app}></lab-terminal>`,
};

/** Those that come later. @type {Record<string, () => Promise<unknown>>} */
const LATER = {
  graphs: () => withWords(import('./lab-graphs.js')),
};

export class LabDrawer extends LabElement {
  static styles = [
    LabElement.styles,
    css`
      :host {
        display: block;
      }
      aside {
        display: grid;
        grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
        height: 100%;
        min-height: 0;
      }
      .head {
        display: flex;
        align-items: flex-start;
        padding: 8px 12px 6px;
        border-bottom: 1px solid var(--hair);
      }
      [role='tablist'] {
        display: flex;
        flex-wrap: wrap;
        flex: 1;
        min-width: 0;
      }
      [role='tab'] {
        min-height: 32px;
        padding: 3px 6px;
        border: 0;
        border-radius: 0;
        color: var(--second);
        box-shadow: inset 0 -2px 0 transparent;
        text-align: left;
        white-space: normal;
      }
      [role='tab']:hover {
        background: none;
        color: var(--ink);
      }
      [role='tab'][aria-selected='true'] {
        color: var(--ink);
        box-shadow: inset 0 -2px 0 var(--ink);
      }
      [role='tabpanel'] {
        min-height: 0;
        overflow: auto;
        padding: 16px 24px 24px;
        scrollbar-width: thin;
      }
      .close {
        flex: none;
        min-height: 32px;
        padding-inline: 6px;
      }
      /* Where one line does not hold them, two lines of five. */
      @container lab (max-width: 619px) {
        :host(:lang(en)) [role='tablist'] {
          display: grid;
          grid-template-columns: repeat(5, minmax(0, auto));
          justify-content: space-between;
          padding-right: 16px;
        }
      }
      @container lab (max-width: 439px) {
        [role='tablist'] {
          display: grid;
          grid-template-columns: repeat(5, minmax(0, auto));
          justify-content: space-between;
        }
        [role='tab'] {
          padding-inline: 2px;
          font-size: 0.8125rem;
        }
      }
      @container lab (max-width: 599px) {
        .head {
          padding: 4px 8px;
        }
        [role='tabpanel'] {
          padding: 12px 16px 16px;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** Views that come later and were asked for. @type {Map<string, 'coming' | 'lost'>} */
    this.later = new Map();
  }

  /** The arrows go from tab to tab, as everywhere; the steps of time wait meanwhile. @param {KeyboardEvent} event */
  keys(event) {
    const by = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowLeft: -1, Home: -TABS.length, End: TABS.length })[event.key];
    if (by === undefined || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    const at = TABS.findIndex((tab) => tab === this.app.tab);
    const to = Math.abs(by) > 1 ? Math.max(0, Math.min(TABS.length - 1, at + by)) : (at + by + TABS.length) % TABS.length;
    this.app.open(TABS[to]);
    void this.updateComplete.then(() => this.tab(TABS[to])?.focus());
  }

  /** @param {string} name */
  tab(name) {
    return /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(`#tab-${name}`));
  }

  view() {
    const { app } = this;
    if (LATER[app.tab] && !customElements.get(`lab-${app.tab}`)) return this.awaited(app.tab);
    return VIEWS[app.tab]?.(app) ?? nothing;
  }

  /** In place of a view that is still to come. @param {string} tab */
  awaited(tab) {
    if (!this.later.has(tab)) this.bring(tab);
    if (this.later.get(tab) === 'coming') return html`<p class="second">${t('view-loading')}</p>`;
    return html`<p>${t('view-lost')} <button data-again @click=${() => this.bring(tab)}>${t('failure-again')}</button></p>`;
  }

  /** @param {string} tab */
  bring(tab) {
    this.later.set(tab, 'coming');
    const coming = LATER[tab]().catch((error) => {
      this.later.set(tab, 'lost');
      throw error;
    });
    void this.app.tryLater(coming.finally(() => this.requestUpdate()));
    this.requestUpdate();
  }

  render() {
    const { app } = this;
    return html`<aside aria-label=${t('drawer')}>
      <div class="head">
        <div role="tablist" aria-label=${t('drawer')} @keydown=${this.keys}>
          ${TABS.map(
            (tab) =>
              html`<button
                role="tab"
                id="tab-${tab}"
                aria-selected=${app.tab === tab}
                aria-controls="panel"
                tabindex=${app.tab === tab ? 0 : -1}
                @click=${() => app.open(tab)}
              >
                ${t(`tab-${tab}`)}
              </button>`,
          )}
        </div>
        <button class="plain close" data-close @click=${() => app.closeDrawer()}>${t('close')}</button>
      </div>
      <div role="tabpanel" id="panel" tabindex="0" aria-labelledby="tab-${app.tab}">${this.view()}</div>
    </aside>`;
  }
}

customElements.define('lab-drawer', LabDrawer);
