/** All runs that can be opened, in a dialog: those to begin with, and a person's own, which are kept, deleted, saved as a file and taken from one. */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { fileButton, saveFile } from './files.js';
import { getLanguage, t } from '../i18n/index.js';
import { dialogStyles } from '../styles/dialog.js';
import '../i18n/runs.js';
import { NAME_MAX, dropRun, keepRuns, readRuns, runsFromFile, runsToFile } from '../model/saved-runs.js';
import { PRESETS } from '../presets/index.js';
import { LabModule } from '../../wasm/module.js';
import { readUrl } from '../../wasm/options.js';

export class LabRuns extends LabElement {
  static properties = { ...LabElement.properties, wasm: { attribute: false }, said: { state: true }, faults: { state: true } };
  static styles = [
    LabElement.styles,
    dialogStyles,
    css`
      dialog {
        width: min(880px, calc(100vw - 32px));
      }
      .top {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
        gap: 16px;
      }
      h3 {
        font-size: var(--text-m);
        margin: 16px 0 4px;
      }
      ul {
        list-style: none;
      }
      .presets {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr));
        gap: 0 24px;
      }
      .presets a {
        display: block;
        height: 100%;
        padding: 6px 0;
        border-top: 1px solid var(--hair);
        color: inherit;
        text-decoration: none;
      }
      .presets a:hover {
        background: var(--hover);
      }
      .presets strong {
        display: block;
      }
      .own li,
      form,
      .files {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
        padding: 4px 0;
      }
      .own a,
      form input {
        flex: 1 1 160px;
        min-width: 0;
        color: inherit;
        overflow-wrap: anywhere;
      }
      .faults {
        border-left: 2px solid var(--now);
        padding-left: 12px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {WebAssembly.Module} */
    this.wasm = /** @type {any} */ (undefined);
    /** What came of the last thing done. */
    this.said = '';
    /** What is wrong with a file. @type {{name: string, faults: import('../model/saved-runs.js').Fault[]} | null} */
    this.faults = null;
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector('dialog'));
  }

  async open() {
    this.said = '';
    this.faults = null;
    await this.updateComplete;
    this.#dialog.showModal();
  }

  /** @param {string} said */
  tell(said) {
    this.said = said;
    this.faults = null;
    this.requestUpdate();
  }

  /** Keeps what has been done in the lab until now. @param {Event} event */
  keep(event) {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (/** @type {HTMLFormElement} */ (event.target).elements.namedItem('name'));
    const name = field.value.trim();
    if (!name) return;
    this.app.try(() => {
      const kept = keepRuns(localStorage, [{ name, run: this.app.session.lab.url() }]);
      this.tell(kept ? t('runs-kept', { name }) : t('runs-not-kept'));
    });
    if (this.app.trouble) this.tell(this.app.trouble.message);
    else field.value = '';
  }

  /** @param {string} run @returns {string} what is wrong with it */
  #check = (run) => {
    try {
      readUrl(new LabModule(this.wasm), run);
      return '';
    } catch (error) {
      return error instanceof Error ? `(${error.message})` : '';
    }
  };

  /** @param {string} text @param {string} name */
  take(text, name) {
    const { runs, faults } = runsFromFile(text, this.#check);
    if (faults.length > 0) {
      this.said = '';
      this.faults = { name, faults };
    } else this.tell(keepRuns(localStorage, runs) ? t('runs-taken', { count: runs.length, name }) : t('runs-not-kept'));
  }

  /** @param {string} name */
  drop(name) {
    dropRun(localStorage, name);
    this.tell(t('runs-dropped', { name }));
  }

  own() {
    const runs = readRuns(localStorage);
    const to = (/** @type {string} */ name) => `./index.html?${new URLSearchParams({ own: name, lang: getLanguage() })}`;
    return html`<h3>${t('runs-own')}</h3>
      ${runs.length === 0 ? html`<p class="second">${t('runs-own-none')}</p>` : nothing}
      <ul class="own">
        ${runs.map(({ name }) => html`<li data-own=${name}><a href=${to(name)}>${name}</a><button data-drop aria-label="${t('runs-drop')}: ${name}" @click=${() => this.drop(name)}>${t('runs-drop')}</button></li>`)}
      </ul>
      <form @submit=${this.keep}>
        <input type="text" name="name" maxlength=${NAME_MAX} autocomplete="off" placeholder=${t('runs-name')} aria-label=${t('runs-name')} />
        <button data-keep>${t('runs-keep')}</button>
      </form>
      <div class="files">
        ${runs.length > 0 ? html`<button data-save @click=${() => saveFile('tcplab-runs.json', runsToFile(runs))}>${t('runs-save')}</button>` : nothing}
        ${fileButton(t('runs-take'), (text, name) => this.take(text, name), 'runs')}
      </div>
      <p role="status" data-said>${this.said}</p>
      ${this.faults
        ? html`<div class="faults" role="alert">
            <p>${t('runs-refused', { name: this.faults.name })}</p>
            <ul>
              ${this.faults.faults.map(({ path, id, args }) => html`<li><code lang="en">${path}</code> ${t(id, args)}</li>`)}
            </ul>
          </div>`
        : nothing}`;
  }

  render() {
    return html`<dialog aria-labelledby="runs">
      <div class="top">
        <h2 id="runs">${t('runs-title')}</h2>
        <button data-close @click=${() => this.#dialog.close()}>${t('close')}</button>
      </div>
      ${this.own()}
      <h3>${t('runs-presets')}</h3>
      <ul class="presets">
        ${PRESETS.map((name) => html`<li><a data-preset=${name} href="./index.html?preset=${name}&lang=${getLanguage()}"><strong>${t(`preset-${name}`)}</strong><span class="second">${t(`preset-${name}-about`)}</span></a></li>`)}
      </ul>
    </dialog>`;
  }
}

customElements.define('lab-runs', LabRuns);
