/** The top line: the name, with a frame as its sign, the language, light or dark. */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { frameBar, frameBarStyles } from '../views/frame-bar.js';
import { getLanguage, setLanguage, t } from '../i18n/index.js';
import { getTheme, setTheme } from '../theme.js';

/** A SYN: Ethernet 14, IPv4 20, TCP 40; and one byte of an application's, or it would not be a sign of all four. */
const SIGN = /** @type {import('../model/types.js').Stripe[]} */ ([
  { layer: 'link', protocol: 'ethernet', bytes: 14 },
  { layer: 'internet', protocol: 'ipv4', bytes: 20 },
  { layer: 'transport', protocol: 'tcp', bytes: 32 },
  { layer: 'application', protocol: 'payload', bytes: 24 },
]);

export class LabHeader extends LabElement {
  static styles = [
    LabElement.styles,
    frameBarStyles,
    css`
      header {
        display: flex;
        align-items: center;
        gap: 12px;
        min-height: 56px;
        padding: 4px var(--side);
        border-bottom: 1px solid var(--hair);
      }
      .bar {
        width: 48px;
        height: 18px;
        flex: none;
      }
      h1 {
        font-size: var(--text-l);
        font-weight: 700;
        white-space: nowrap;
      }
      .topic {
        color: var(--second);
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
        flex: 1;
        min-width: 0;
        container: topic / inline-size;
      }
      @container topic (max-width: 119px) {
        .topic span {
          display: none;
        }
      }
      nav {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        align-items: center;
        gap: 4px;
      }
      .group {
        display: flex;
        margin-right: 8px;
      }
      .views {
        margin: 0 4px;
      }
      .views[aria-expanded='true'] {
        background: var(--ink);
        color: var(--paper);
        border-color: var(--ink);
      }
      @container lab (max-width: 599px) {
        header {
          min-height: 48px;
        }
        /* The help has it, too. */
        .capture,
        .anew {
          display: none;
        }
        .group {
          margin-right: 0;
        }
      }
      @container lab (max-width: 419px) {
        h1 {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        nav {
          gap: 0;
        }
      }
    `,
  ];

  render() {
    const language = getLanguage();
    const isDark = getTheme() === 'dark';
    const choose = (/** @type {import('../i18n/index.js').Language} */ to, /** @type {string} */ name) =>
      html`<button class="plain" lang=${to} aria-pressed=${language === to} @click=${() => void this.app.tryLater(setLanguage(to))}>
        ${name}
      </button>`;
    return html`<header>
      ${frameBar(SIGN)}
      <h1>TCP Lab</h1>
      <p class="topic"><span>${t('topic')}</span></p>
      <nav aria-label=${t('settings')}>
        <div class="group" role="group" aria-label=${t('language')}>${choose('ko', '한국어')}${choose('en', 'EN')}</div>
        <button
          class="plain"
          aria-pressed=${isDark}
          @click=${() => {
            setTheme(isDark ? 'light' : 'dark');
            this.requestUpdate();
          }}
        >
          ${t('theme-dark')}
        </button>
        ${
          this.app.isBegun && this.app.begin_anew
            ? html`<button class="plain anew" data-new-run @click=${this.app.begin_anew}>${t('new-run')}</button>`
            : nothing
        }
        ${
          this.app.can_share
            ? html`<button class="plain capture" data-share @click=${() => this.dispatchEvent(new CustomEvent('share', { bubbles: true, composed: true }))}>${t('share')}</button>`
            : nothing
        }
        <button
          class="plain capture"
          data-open-capture
          @click=${() => this.dispatchEvent(new CustomEvent('open-capture', { bubbles: true, composed: true }))}
        >
          ${t('capture-open')}
        </button>
        <button class="plain capture" data-open-runs @click=${() => this.dispatchEvent(new CustomEvent('open-runs', { bubbles: true, composed: true }))}>
          ${t('runs')}
        </button>
        <button
          class="views"
          data-views
          aria-expanded=${this.app.drawer_open}
          @click=${() => (this.app.drawer_open ? this.app.closeDrawer() : this.app.open(this.app.tab))}
        >
          ${t('views')}
        </button>
        <button
          class="plain"
          @click=${() => this.dispatchEvent(new CustomEvent('help', { bubbles: true, composed: true }))}
        >
          ${t('help')}
        </button>
      </nav>
    </header>`;
  }
}

customElements.define('lab-header', LabHeader);
