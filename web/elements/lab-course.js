/** All lessons in their order, and how far one has got. */
import { css, html, nothing } from 'lit';
import { fileButton, saveFile } from './files.js';
import { PageElement } from './page.js';
import { getLanguage, t } from '../i18n/index.js';
import { lessonNames, loadLesson } from '../lessons/index.js';
import { score } from '../model/lesson.js';
import { progressFromFile, progressToFile } from '../model/lesson-file.js';
import { forgetProgress, mergeProgress, readProgress } from '../model/lesson-store.js';
import { lessonText } from '../model/lesson-text.js';

export class LabCourse extends PageElement {
  static properties = { lessons: { state: true }, said: { state: true }, faults: { state: true }, asking: { state: true } };
  static styles = [
    PageElement.styles,
    css`
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
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
      }
      footer h2,
      footer p {
        flex-basis: 100%;
      }
      [data-said]:empty {
        display: none;
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
    super('course');
    /** @type {import('../lessons/index.js').Lesson[]} */
    this.lessons = [];
    /** What came of the last thing done with the progress. */
    this.said = '';
    /** What is wrong with the file that was to be taken. @type {{name: string, faults: import('../model/lesson-file.js').Fault[]} | null} */
    this.faults = null;
    /** Whether all is really to be forgotten. */
    this.asking = false;
  }

  async connectedCallback() {
    super.connectedCallback();
    const all = await Promise.all(lessonNames.map(loadLesson));
    this.lessons = all.filter((lesson) => lesson !== null);
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

  /** @param {string} text @param {string} name */
  take(text, name) {
    const { progress, faults } = progressFromFile(text, lessonNames);
    this.asking = false;
    this.faults = faults.length > 0 ? { name, faults } : null;
    const count = mergeProgress(localStorage, progress);
    this.said = faults.length > 0 ? '' : t(count > 0 ? 'course-imported' : 'course-import-none', { count, name });
  }

  /** Asks once before it forgets. */
  forget() {
    if (this.asking) forgetProgress(localStorage);
    this.said = this.asking ? t('course-forgotten') : '';
    this.faults = null;
    this.asking = !this.asking;
  }

  /** @param {Record<string, import('../model/lesson.js').Progress>} progress */
  kept(progress) {
    const count = Object.keys(progress).length;
    const finished = Object.values(progress).filter((each) => each.finished).length;
    const refused = this.faults;
    return html`<footer>
      <h2>${t('course-progress')}</h2>
      <p><span data-finished>${t('course-finished', { finished, of: lessonNames.length })}</span> <span class="second">${t('course-kept')}</span></p>
      ${count > 0 ? html`<button data-export @click=${() => saveFile('tcplab-progress.json', progressToFile(progress))}>${t('course-export')}</button>` : nothing}
      ${fileButton(t('course-import'), (text, name) => this.take(text, name), 'progress')}
      ${count > 0 ? html`<button data-forget @click=${this.forget}>${this.asking ? t('course-forget-sure', { count }) : t('course-forget')}</button>` : nothing}
      <p role="status" data-said>${this.said}</p>
      ${refused
        ? html`<div class="faults" role="alert">
            <p>${t('course-refused', { name: refused.name })}</p>
            <ul>
              ${refused.faults.map(({ path, id, args }) => html`<li><code lang="en">${path}</code> ${t(id, args)}</li>`)}
            </ul>
          </div>`
        : nothing}
    </footer>`;
  }

  render() {
    const progress = readProgress(localStorage);
    return html`${this.head()}
      <main>
        <h1>${t('course-title')}</h1>
        <p class="about">${t('course-about')}</p>
        <ol>
          ${this.lessons.map((lesson) => this.row(lesson, progress[lesson.id]))}
        </ol>
        ${this.kept(progress)}
      </main>`;
  }
}

customElements.define('lab-course', LabCourse);
