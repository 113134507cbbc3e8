/** What the pages around the lab share: a head with the ways to the others, the language, light or dark. */
import { LitElement, css, html, nothing } from 'lit';
import { LANGUAGES } from '../i18n/bundle.js';
import { awaitsWords, getLanguage, loadWords, onLanguage, setLanguage, t, wordsSettled } from '../i18n/index.js';
import '../i18n/pages.js';
import { shared } from '../styles/shared.js';
import { getTheme, setTheme } from '../theme.js';

/** The pages, by their files; the words are `page-` and the file's name. */
const PAGES = ['index', 'course', 'teacher', 'try', 'embedding'];

/** What each language calls itself. */
const OWN_NAMES = { ko: '한국어', en: 'English' };

export class PageElement extends LitElement {
  /** @type {import('lit').CSSResultGroup} */
  static styles = [
    shared,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        align-items: center;
        padding: 12px 24px;
        border-bottom: 1px solid var(--hair);
      }
      .head nav {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        margin-right: auto;
      }
      .head a {
        color: var(--second);
        text-decoration: none;
        padding: 4px 0;
      }
      .head a:hover {
        color: var(--ink);
      }
      .head a[aria-current] {
        color: var(--ink);
        font-weight: 600;
        box-shadow: inset 0 -2px 0 var(--ink);
      }
      main {
        max-width: 760px;
        margin: 0 auto;
        padding: 24px 24px 64px;
      }
      h1 {
        font-size: var(--text-xl);
      }
      .about {
        margin: 8px 0 20px;
        font-size: var(--text-l);
      }
      .faults {
        border-left: 2px solid var(--now);
        padding: 4px 0 4px 12px;
        margin: 12px 0;
      }
      .faults ul {
        padding-left: 1.4em;
      }
      @media (max-width: 480px) {
        .head,
        main {
          padding-left: 16px;
          padding-right: 16px;
        }
      }
      @media print {
        .head {
          display: none;
        }
      }
    `,
  ];

  /** @param {string} page the file's name, without .html */
  constructor(page) {
    super();
    this.page = page;
    this.stop = () => {};
    /** Words did not come. */
    this.fault = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.stop = onLanguage(() => this.requestUpdate());
    loadWords().catch(this.tell);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  /** @param {Error} error */
  tell = (error) => {
    this.fault = error.message;
    this.requestUpdate();
  };

  /** @param {import('../i18n/index.js').Language} language */
  speak(language) {
    this.fault = '';
    setLanguage(language).catch(this.tell);
  }

  /** Nothing is drawn before its words are there. */
  scheduleUpdate() {
    return awaitsWords() ? wordsSettled().then(() => super.scheduleUpdate()) : super.scheduleUpdate();
  }

  willUpdate() {
    document.title = `${t(`page-${this.page}`)} – TCP Lab`;
  }

  head() {
    const language = getLanguage();
    const isDark = getTheme() === 'dark';
    const turn = () => {
      setTheme(isDark ? 'light' : 'dark');
      this.requestUpdate();
    };
    return html`<header class="head">
      <nav aria-label=${t('page-nav')}>
        ${PAGES.map((page) => html`<a href="./${page}.html?lang=${language}" aria-current=${page === this.page ? 'page' : nothing}>${t(`page-${page}`)}</a>`)}
      </nav>
      <div role="group" aria-label=${t('language')}>
        ${LANGUAGES.map((each) => html`<button class="plain" lang=${each} aria-pressed=${each === language} @click=${() => this.speak(each)}>${OWN_NAMES[each]}</button>`)}
      </div>
      <button class="plain" aria-pressed=${isDark} @click=${turn}>${t('theme-dark')}</button>
      ${this.fault ? html`<p class="fault" role="alert">${this.fault}</p>` : nothing}
    </header>`;
  }
}
