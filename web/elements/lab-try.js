/**
 * A lesson is written, or pasted, and tried: its three texts, all that is wrong with them and where, what the stack answers,
 * and the lesson itself beside them. The draft is kept in the browser with every keystroke.
 */
import { html, nothing } from 'lit';
import { fileButton, saveFile } from './files.js';
import { PageElement } from './page.js';
import { tryStyles } from './lab-try-styles.js';
import { LANGUAGES, makeBundle } from '../i18n/bundle.js';
import { getLanguage, loadWords, t } from '../i18n/index.js';
import { glossary, lessonNames, lessonSources } from '../lessons/index.js';
import { lineAt, placeOf } from '../model/json-place.js';
import { DRAFT, PARTS, keepDraft, partOf, readDraft } from '../model/lesson-draft.js';
import { rehearsalFaults, rehearse } from '../model/lesson-rehearsal.js';
import { textFaults } from '../model/lesson-words.js';
import { checkLesson } from '../../wasm/check.js';
import { Lab, loadModule } from '../../wasm/engine.js';
import check_url from '../../build/wasm/check.wasm?url';
import wasm_url from '../../build/wasm/tcplab.wasm?url';

/** @typedef {import('../model/lesson-draft.js').Draft} Draft */
/** @typedef {{part: keyof Draft, path: string, line: number, at: number, what: string}} Fault `at`: an offset into the text */

const TEMPLATE = 'template';
const MEMORY_MIB = 32;
const FILES = { json: 'lesson.json', ko: 'ko.ftl', en: 'en.ftl' };

export class LabTry extends PageElement {
  static properties = {
    draft: { state: true },
    shown_part: { state: true },
    sound: { state: true },
    faults: { state: true },
    steps: { state: true },
    shown: { state: true },
    said: { state: true },
    replaced: { state: true },
  };
  static styles = [PageElement.styles, tryStyles];

  constructor() {
    super('try');
    /** @type {Draft | null} null: it is being fetched */
    this.draft = readDraft(localStorage);
    /** The text that is being edited. @type {keyof Draft} */
    this.shown_part = 'json';
    /** @type {Fault[] | null} null: not looked at yet */
    this.faults = null;
    /** Nothing is wrong that can be told without running it. */
    this.sound = false;
    /** What the stack answered when it was run through. @type {import('../model/lesson-rehearsal.js').Rehearsed[]} */
    this.steps = [];
    /** How often it has been run: the lesson beside the texts is that of the last time. */
    this.shown = 0;
    this.said = '';
    /** What a file or another lesson has replaced, to be put back. @type {Draft | null} */
    this.replaced = null;
    /** Which change is being looked at. */
    this.turn = 0;
    /** And both languages' glossaries, which say what a term is. */
    this.modules = Promise.all([loadModule(check_url), loadModule(wasm_url), ...LANGUAGES.map((language) => loadWords(language))]);
  }

  async connectedCallback() {
    super.connectedCallback();
    if (this.draft) await this.look();
    else await this.begin(TEMPLATE);
  }

  /** Starts from the texts of a lesson that there is. @param {string} name */
  async begin(name) {
    this.replace(await lessonSources(name));
  }

  /** As change(), of what somebody may want back. @param {Partial<Draft>} parts */
  replace(parts) {
    this.replaced = this.draft;
    this.change(parts);
  }

  putBack() {
    const { replaced } = this;
    this.replaced = null;
    if (replaced) this.change(replaced);
  }

  /** @param {Partial<Draft>} parts */
  change(parts) {
    this.draft = { json: '', ko: '', en: '', ...this.draft, ...parts };
    this.said = keepDraft(localStorage, this.draft) ? '' : t('try-not-kept');
    this.steps = [];
    this.sound = false;
    void this.look();
  }

  /** Looks for all that is wrong. What is newer than the answer will have its own. */
  async look() {
    const turn = ++this.turn;
    const draft = /** @type {Draft} */ (this.draft);
    const faults = await this.faultsOf(draft);
    if (turn !== this.turn) return;
    this.faults = faults;
    this.sound = faults.length === 0;
  }

  /** @param {Draft} draft @returns {Promise<Fault[]>} */
  async faultsOf(draft) {
    const [check] = await this.modules;
    const structure = (await checkLesson(check, draft.json)).map(({ path, what }) => this.inJson(path, what, draft));
    let lesson;
    try {
      lesson = JSON.parse(draft.json);
    } catch {
      return structure;
    }
    const sound = Array.isArray(lesson?.steps) && lesson.steps.every((/** @type {any} */ step) => typeof step?.id === 'string');
    return sound ? [...structure, ...LANGUAGES.flatMap((language) => this.inTexts(lesson, language, draft[language]))] : structure;
  }

  /** @param {string} path @param {string} what @param {Draft} draft @returns {Fault} */
  inJson(path, what, { json }) {
    // What is not JSON is told with a line and a column instead of a path.
    const [, broken] = what.match(/line (\d+)/) ?? [];
    const at = broken ? json.split('\n').slice(0, Number(broken) - 1).join('\n').length + 1 : placeOf(json, path);
    return { part: 'json', path, line: lineAt(json, at), at, what };
  }

  /** @param {Record<string, any>} lesson @param {'ko' | 'en'} part @param {string} source @returns {Fault[]} */
  inTexts(lesson, part, source) {
    const bundle = makeBundle(part, [source]);
    return textFaults(lesson, bundle, source, (term) => glossary[part].hasMessage(term)).map(({ path, id, args }) => {
      const [message, attribute] = path.split('.');
      const start = /^\d+$/.test(path) ? source.split('\n').slice(0, Number(path) - 1).join('\n').length + 1 : source.search(new RegExp(`^${message} =`, 'm'));
      const inner = attribute ? source.indexOf(`.${attribute} =`, Math.max(0, start)) : start;
      const at = Math.max(0, inner < 0 ? start : inner);
      return { part, path, line: lineAt(source, at), at, what: t(id, args) };
    });
  }

  /** Runs it through, and opens it beside its texts. */
  async run() {
    const draft = /** @type {Draft} */ (this.draft);
    const [, wasm] = await this.modules;
    const lesson = JSON.parse(draft.json);
    try {
      const { steps } = await rehearse({ ...lesson, id: DRAFT }, (actions) => Lab.create({ wasm, scenario: lesson.scenario, actions, memory_mib: MEMORY_MIB }));
      this.steps = steps;
      this.faults = rehearsalFaults(steps).map(({ path, id }) => this.inJson(path, t(id), draft));
      this.shown++;
    } catch (error) {
      this.faults = [this.inJson('steps', error instanceof Error ? error.message : String(error), draft)];
    }
  }

  /** Puts the cursor where a fault is. @param {Fault} fault */
  async goTo({ part, at }) {
    this.shown_part = part;
    await this.updateComplete;
    const text = /** @type {HTMLTextAreaElement} */ (this.renderRoot.querySelector('textarea'));
    text.focus();
    text.setSelectionRange(at, at);
    const line_px = Number.parseFloat(getComputedStyle(text).lineHeight);
    text.scrollTop = Math.max(0, (lineAt(text.value, at) - 4) * line_px);
  }

  /** @param {DragEvent} event */
  async drop(event) {
    event.preventDefault();
    for (const file of event.dataTransfer?.files ?? []) {
      const text = await file.text();
      this.replace({ [partOf(file.name, text)]: text });
    }
  }

  tabs() {
    return html`<div class="tabs" role="group" aria-label=${t('try-texts')}>
      ${PARTS.map((part) => {
        const wrong = this.faults?.filter((fault) => fault.part === part).length ?? 0;
        return html`<button class="plain" data-part=${part} aria-pressed=${part === this.shown_part} @click=${() => (this.shown_part = part)}>
          <code>${FILES[part]}</code>${wrong > 0 ? html` <span class="count">${wrong}</span>` : nothing}
        </button>`;
      })}
    </div>`;
  }

  found() {
    if (!this.faults) return html`<p class="second">${t('try-looking')}</p>`;
    if (this.faults.length === 0) return html`<p data-good>${t(this.steps.length > 0 ? 'try-runs' : 'try-good')}</p>`;
    return html`<p>${t('try-faults', { count: this.faults.length })}</p>
      <ul class="faults">
        ${this.faults.map(
          (fault) =>
            html`<li>
              <button class="place" @click=${() => this.goTo(fault)}><code>${FILES[fault.part]}:${fault.line}</code> <code data-path>${fault.path}</code></button>
              <span>${fault.what}</span>
            </li>`,
        )}
      </ul>`;
  }

  /** What the stack answered. */
  answers() {
    const asked = this.steps.filter(({ kind }) => kind === 'predict');
    if (asked.length === 0) return nothing;
    return html`<h2>${t('try-answers')}</h2>
      <ul class="answers">
        ${asked.map(({ step, right }) => html`<li><code>${step.id}</code> ${right ?? '–'}</li>`)}
      </ul>`;
  }

  files() {
    const save = () => PARTS.forEach((part) => saveFile(FILES[part], this.draft?.[part] ?? '', 'text/plain'));
    const take = (/** @type {string} */ text, /** @type {string} */ name) => this.replace({ [partOf(name, text)]: text });
    const begin = (/** @type {Event} */ event) => {
      const select = /** @type {HTMLSelectElement} */ (event.target);
      if (select.value) void this.begin(select.value);
      select.value = '';
    };
    return html`<div class="files">
      <select data-begin aria-label=${t('try-begin')} @change=${begin}>
        <option value="">${t('try-begin')}</option>
        ${[TEMPLATE, ...lessonNames].map((name) => html`<option value=${name}>${name}</option>`)}
      </select>
      ${fileButton(t('try-take'), take, 'lesson')}
      <button data-save @click=${save}>${t('try-save')}</button>
      ${this.replaced ? html`<button data-put-back @click=${this.putBack}>${t('try-put-back')}</button>` : nothing}
    </div>`;
  }

  render() {
    const { draft } = this;
    if (!draft) return this.head();
    const edit = (/** @type {Event} */ event) => this.change({ [this.shown_part]: /** @type {HTMLTextAreaElement} */ (event.target).value });
    return html`${this.head()}
      <main @dragover=${(/** @type {Event} */ event) => event.preventDefault()} @drop=${this.drop}>
        <h1>${t('try-title')}</h1>
        <p class="about">${t('try-about')}</p>
        <div class="both">
          <div class="write">
            ${this.files()} ${this.tabs()}
            <textarea spellcheck="false" autocapitalize="off" lang=${this.shown_part === 'ko' ? 'ko' : 'en'} aria-label=${FILES[this.shown_part]} .value=${draft[this.shown_part]} @input=${edit}></textarea>
            <div class="run">
              <button class="first" data-run aria-disabled=${!this.sound} @click=${() => (this.sound ? this.run() : undefined)}>${t('try-run')}</button>
              <p role="status">${this.said}</p>
            </div>
            <div aria-live="polite" data-found>${this.found()}</div>
            ${this.answers()}
          </div>
          ${this.shown > 0
            ? html`<iframe title=${t('try-lesson')} src="./index.html?lesson=${DRAFT}&lang=${getLanguage()}&shown=${this.shown}"></iframe>`
            : html`<p class="second empty">${t('try-empty')}</p>`}
        </div>
      </main>`;
  }
}

customElements.define('lab-try', LabTry);
