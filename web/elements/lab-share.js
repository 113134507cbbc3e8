/** The run to be handed on: link, lines for another page, files, paper. It comes when it is first asked for. */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import '../i18n/share.js';
import { getLanguage, t } from '../i18n/index.js';
import { dialogStyles } from '../styles/dialog.js';
import { LINK_MAX, embedLines, linkOf, runFile, runText } from '../model/share.js';
import { getTheme } from '../theme.js';
import { ladderSvg } from '../views/ladder-sheet.js';
import { printLadder } from '../views/paper.js';

/** A picture of so many pixels more than the drawing's own. */
const PNG_SCALE = 2;
/** What canvases of all browsers can hold. */
const PNG_HEIGHT_MAX = 16_000;

export class LabShare extends LabElement {
  static properties = { said: { state: true } };
  static styles = [
    LabElement.styles,
    dialogStyles,
    css`
      dialog {
        width: min(560px, calc(100vw - 32px));
      }
      h3 {
        margin: 16px 0 4px;
        font-size: var(--text-s);
        font-weight: 600;
        color: var(--second);
      }
      .line {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: start;
        gap: 8px;
        margin-top: 12px;
      }
      label {
        display: grid;
        gap: 2px;
        color: var(--second);
        font-size: var(--text-s);
      }
      textarea {
        font: 12px/1.4 var(--mono);
        color: var(--ink);
        background: var(--paper);
        border: 1px solid var(--edge);
        border-radius: 4px;
        padding: 4px 8px;
        resize: vertical;
        overflow-wrap: anywhere;
        word-break: break-all;
      }
      .line button {
        margin-top: 18px;
      }
      .files {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .end {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: 16px;
        margin-top: 24px;
      }
    `,
  ];

  constructor() {
    super();
    this.said = '';
  }

  open() {
    this.app.pause();
    this.said = '';
    this.requestUpdate();
    void this.updateComplete.then(() => /** @type {HTMLDialogElement | null} */ (this.renderRoot.querySelector('dialog'))?.showModal());
  }

  close() {
    /** @type {HTMLDialogElement | null} */ (this.renderRoot.querySelector('dialog'))?.close();
  }

  get look() {
    return { language: getLanguage(), theme: getTheme() };
  }

  /** @param {string} name */
  async copy(name) {
    const area = /** @type {HTMLTextAreaElement} */ (this.renderRoot.querySelector(`textarea[name=${name}]`));
    area.select();
    try {
      await navigator.clipboard.writeText(area.value);
      this.said = t('share-copied');
    } catch {
      this.said = t('share-copy-fails');
    }
  }

  /** @param {string} name @param {string} text @param {number} rows */
  line(name, text, rows) {
    return html`<div class="line">
      <label>${t(`share-${name}`)}<textarea readonly name=${name} rows=${rows} .value=${text}></textarea></label>
      <button data-copy=${name} @click=${() => this.copy(name)}>${t('share-copy')}</button>
    </div>`;
  }

  /** @param {BlobPart} data @param {string} name @param {string} type */
  save(data, name, type) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([data], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href));
  }

  async savePng() {
    const svg = ladderSvg(this.app);
    const picture = new Image();
    picture.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    await picture.decode();
    const scale = Math.min(PNG_SCALE, PNG_HEIGHT_MAX / picture.height);
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(picture.src);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (blob) this.save(blob, 'tcplab.png', 'image/png');
  }

  links() {
    const { app, look } = this;
    const run = runText(app);
    if (run === '') return html`<p>${t('share-too-long')}</p>`;
    const page = new URL(location.pathname, location.href);
    const link = linkOf(app, String(page), look);
    const lines = embedLines(app, String(new URL('./', page)), look);
    return html`${this.line('link', link, 2)}
      <p class="second">${t(link.length > LINK_MAX ? 'share-long' : 'share-size', { bytes: link.length })}</p>
      ${this.line('iframe', lines.iframe, 2)} ${this.line('element', lines.element, 3)}`;
  }

  render() {
    const { app } = this;
    const files = /** @type {[string, () => void][]} */ ([
      ['pcapng', () => this.save(/** @type {BlobPart} */ (app.session.lab.pcapng()), 'tcplab.pcapng', 'application/octet-stream')],
      ['json', () => this.save(runFile(app), 'tcplab-run.json', 'application/json')],
      ['svg', () => this.save(ladderSvg(app), 'tcplab.svg', 'image/svg+xml')],
      ['png', () => void this.savePng()],
      ['print', () => (this.close(), printLadder(app))],
    ]);
    return html`<dialog aria-labelledby="share">
      <h2 id="share">${t('share-title')}</h2>
      <p class="second">${t('share-intro')}</p>
      ${app.lesson ? nothing : this.links()}
      <h3>${t('share-files')}</h3>
      <div class="files">${files.map(([name, save]) => html`<button data-save=${name} title=${name === 'pcapng' ? t('share-pcapng-hint') : nothing} @click=${() => app.try(save)}>${t(`share-${name}`)}</button>`)}</div>
      <div class="end"><span role="status">${this.said}</span><button @click=${this.close}>${t('close')}</button></div>
    </dialog>`;
  }
}

customElements.define('lab-share', LabShare);
