/** All lessons in their order, and how far one has got. */
import { LitElement, css, html, nothing } from 'lit';
import { getLanguage, onLanguage, setLanguage, t } from '../i18n/index.js';
import { LANGUAGES } from '../i18n/bundle.js';
import { lessonNames, loadLesson } from '../lessons/index.js';
import { score } from '../model/lesson.js';
import { forgetProgress, readProgress } from '../model/lesson-store.js';
import { lessonText } from '../model/lesson-text.js';
import { shared } from '../styles/shared.js';

export class LabCourse extends LitElement {
  static properties = { lessons: { state: true } };
  static styles = [
    shared,
    css`
      main {
        max-width: 760px;
        margin: 0 auto;
        padding: 32px 24px 64px;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
        align-items: baseline;
        border-bottom: 2px solid var(--ink);
        padding-bottom: 12px;
      }
      h1 {
        font-size: var(--text-xl);
        margin-right: auto;
      }
      .about {
        margin: 12px 0 20px;
        font-size: var(--text-l);
      }
      ol {
        list-style: none;
      }
      li {
        border-bottom: 1px solid var(--hair);
      }
      li a {
        display: grid;
        grid-template-columns: 32px minmax(0, 1fr) auto;
        gap: 0 12px;
        padding: 10px 0;
        color: inherit;
        text-decoration: none;
      }
      li a:hover {
        background: var(--hover);
      }
      .number {
        font: 600 13px / 1.8 var(--mono);
        color: var(--second);
      }
      .title {
        font-size: var(--text-l);
        font-weight: 600;
      }
      .done .number {
        background: var(--mark);
        color: var(--on-mark);
        text-align: center;
        align-self: start;
      }
      .far {
        color: var(--second);
        text-align: right;
      }
      footer {
        margin-top: 24px;
        display: flex;
        gap: 16px;
        align-items: center;
      }
      footer a {
        color: inherit;
      }
      @media (max-width: 480px) {
        li a {
          grid-template-columns: 32px minmax(0, 1fr);
        }
        .far {
          grid-column: 2;
          text-align: left;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../lessons/index.js').Lesson[]} */
    this.lessons = [];
    this.stop = () => {};
  }

  async connectedCallback() {
    super.connectedCallback();
    this.stop = onLanguage(() => this.requestUpdate());
    const all = await Promise.all(lessonNames.map(loadLesson));
    this.lessons = all.filter((lesson) => lesson !== null);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  /** @param {import('../lessons/index.js').Lesson} lesson @param {import('../model/lesson.js').Progress | undefined} progress */
  row(lesson, progress) {
    const texts = lesson.texts[getLanguage()];
    const far = !progress ? t('course-minutes', { minutes: lesson.minutes }) : progress.finished ? t('lesson-score', score(lesson, progress)) : t('course-begun');
    return html`<li class=${progress?.finished ? 'done' : ''}>
      <a href="./index.html?lesson=${lesson.id}&lang=${getLanguage()}" data-lesson=${lesson.id}>
        <span class="number">${Number.parseInt(lesson.id, 10)}</span>
        <span><span class="title">${lessonText(texts, 'title')}</span><br /><span class="second">${lessonText(texts, 'about')}</span></span>
        <span class="far">${far}</span>
      </a>
    </li>`;
  }

  render() {
    const progress = readProgress(localStorage);
    const finished = Object.values(progress).filter((each) => each.finished).length;
    const forget = () => {
      forgetProgress(localStorage);
      this.requestUpdate();
    };
    return html`<main>
      <header>
        <h1>${t('course-title')}</h1>
        ${LANGUAGES.map((each) => html`<button class="plain" lang=${each} aria-pressed=${each === getLanguage()} @click=${() => setLanguage(each)}>${each === 'ko' ? '한국어' : 'English'}</button>`)}
      </header>
      <p class="about">${t('course-about')}</p>
      <ol>
        ${this.lessons.map((lesson) => this.row(lesson, progress[lesson.id]))}
      </ol>
      <footer>
        <span data-finished>${t('course-finished', { finished, of: lessonNames.length })}</span>
        <a href="./index.html?lang=${getLanguage()}">${t('course-lab')}</a>
        ${finished > 0 ? html`<button class="plain" @click=${forget}>${t('course-forget')}</button>` : nothing}
      </footer>
    </main>`;
  }
}

customElements.define('lab-course', LabCourse);
