/** For who teaches: each lesson's lines for other pages, its answer key, its worksheet, and the way to show it to a room. */
import { css, html, nothing } from 'lit';
import { PageElement } from './page.js';
import './lab-sheet.js';
import { getLanguage, t } from '../i18n/index.js';
import { lessonNames, loadLesson } from '../lessons/index.js';
import { elementCode, iframeCode } from '../model/embed-code.js';
import { lessonText } from '../model/lesson-text.js';

/** What an embed may be asked for here; the first says nothing of it. */
const WISHES = /** @type {Record<'lang' | 'theme' | 'controls', string[]>} */ ({
  lang: ['', 'ko', 'en'],
  theme: ['', 'light', 'dark'],
  controls: ['', 'player', 'none'],
});

export class LabTeacher extends PageElement {
  static properties = { lessons: { state: true }, open: { state: true }, wish: { state: true }, copied: { state: true } };
  static styles = [
    PageElement.styles,
    css`
      .wishes {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
      }
      .wishes label {
        display: flex;
        gap: 8px;
        align-items: center;
      }
      ol.lessons {
        list-style: none;
        margin-top: 16px;
      }
      .lessons > li {
        border-top: 1px solid var(--hair);
        padding: 12px 0;
        display: grid;
        gap: 8px;
      }
      h2 {
        font-size: var(--text-l);
        color: var(--ink);
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      a.button {
        color: inherit;
        text-decoration: none;
      }
      pre {
        margin: 0;
        padding: 8px 12px;
        border: 1px solid var(--hair);
        border-radius: 4px;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        word-break: normal;
      }
      .code {
        display: grid;
        gap: 4px;
      }
      .code > div {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        align-items: center;
      }
      .present {
        max-width: 62em;
        margin-top: 16px;
      }
    `,
  ];

  constructor() {
    super('teacher');
    const asked = new URLSearchParams(location.search);
    /** Of which lesson a sheet is shown, and which. */
    this.sheet = { lesson: asked.get('lesson') ?? '', kind: asked.get('sheet') ?? '' };
    /** @type {import('../lessons/index.js').Lesson[]} */
    this.lessons = [];
    /** The lesson whose lines are shown. */
    this.open = '';
    this.wish = { lang: '', theme: '', controls: '' };
    /** Which line was copied. */
    this.copied = '';
  }

  async connectedCallback() {
    super.connectedCallback();
    const names = this.sheet.kind ? [this.sheet.lesson] : lessonNames;
    const all = await Promise.all(names.map(loadLesson));
    this.lessons = all.filter((lesson) => lesson !== null);
  }

  /** @param {string} key @param {string} code */
  async copy(key, code) {
    try {
      await navigator.clipboard.writeText(code);
      this.copied = key;
    } catch {
      const line = /** @type {HTMLElement} */ (this.renderRoot.querySelector(`[data-code="${key}"]`));
      getSelection()?.selectAllChildren(line); // where a page may not copy, a person can
    }
  }

  /** @param {string} key @param {string} code */
  code(key, code) {
    return html`<div class="code">
      <div>
        <span>${t(`teacher-${key}`)}</span>
        <button data-copy=${key} @click=${() => this.copy(key, code)}>${t('teacher-copy')}</button>
        <span role="status">${this.copied === key ? t('teacher-copied') : ''}</span>
      </div>
      <pre lang="en" tabindex="0" aria-label=${t(`teacher-${key}`)}><code data-code=${key}>${code}</code></pre>
    </div>`;
  }

  /** @param {import('../lessons/index.js').Lesson} lesson */
  lines(lesson) {
    const base = new URL('.', location.href).href;
    const title = `TCP Lab: ${lessonText(lesson.texts[getLanguage()], 'title')}`;
    const choose = (/** @type {string} */ name, /** @type {Event} */ event) =>
      (this.wish = { ...this.wish, [name]: /** @type {HTMLSelectElement} */ (event.target).value });
    return html`<div class="wishes">
        ${Object.entries(WISHES).map(
          ([name, values]) =>
            html`<label
              >${t(`teacher-wish-${name}`)}
              <select data-wish=${name} @change=${(/** @type {Event} */ event) => choose(name, event)}>
                ${values.map((value) => html`<option value=${value} ?selected=${value === /** @type {any} */ (this.wish)[name]}>${t(`teacher-${name}-${value || 'any'}`)}</option>`)}
              </select></label
            >`,
        )}
      </div>
      ${this.code('iframe', iframeCode(base, lesson.id, title, this.wish))} ${this.code('element', elementCode(base, lesson.id, this.wish))}`;
  }

  /** @param {import('../lessons/index.js').Lesson} lesson */
  row(lesson) {
    const texts = lesson.texts[getLanguage()];
    const isOpen = this.open === lesson.id;
    const to = (/** @type {string} */ page, /** @type {string} */ more) => `./${page}.html?lesson=${lesson.id}&lang=${getLanguage()}${more}`;
    const toggle = () => {
      this.open = isOpen ? '' : lesson.id;
      this.copied = '';
    };
    return html`<li data-lesson=${lesson.id}>
      <div>
        <h2>${Number.parseInt(lesson.id, 10)}. ${lessonText(texts, 'title')}</h2>
        <p class="second">${lessonText(texts, 'about')} ${t('course-minutes', { minutes: lesson.minutes })}</p>
      </div>
      <div class="ways">
        <a class="button" data-present href=${to('index', '&present=1')}>${t('teacher-present')}</a>
        <a class="button" data-worksheet href=${to('teacher', '&sheet=blank')}>${t('teacher-worksheet')}</a>
        <a class="button" data-key href=${to('teacher', '&sheet=key')}>${t('teacher-key')}</a>
        <button data-embed aria-expanded=${isOpen} @click=${toggle}>${t('teacher-embed')}</button>
      </div>
      ${isOpen ? this.lines(lesson) : nothing}
    </li>`;
  }

  render() {
    const { lesson, kind } = this.sheet;
    if (kind) {
      const [found] = this.lessons;
      return html`${this.head()}
        <main>${found ? html`<lab-sheet .lesson=${found} .answers=${kind === 'key'}></lab-sheet>` : html`<p role="status">${lessonNames.includes(lesson) ? '' : t('lesson-missing')}</p>`}</main>`;
    }
    return html`${this.head()}
      <main>
        <h1>${t('teacher-title')}</h1>
        <p class="about">${t('teacher-about')}</p>
        <p>${t('teacher-present-keys')}</p>
        <ol class="lessons">
          ${this.lessons.map((each) => this.row(each))}
        </ol>
      </main>`;
  }
}

customElements.define('lab-teacher', LabTeacher);
