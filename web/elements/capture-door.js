/**
 * The way from the lab to a capture file and back: a file is dropped, or chosen with a button. What shows it is loaded only then.
 * The lab is paused and hidden meanwhile, and otherwise left as it is.
 */
import { html, nothing } from 'lit';
import { t, withWords } from '../i18n/index.js';

/** Does somebody drag files, and not onto a control that takes files itself? @param {DragEvent} event */
function bringsFiles(event) {
  const isForOther = event.composedPath().some((each) => each instanceof HTMLInputElement && each.type === 'file');
  return Boolean(event.dataTransfer?.types.includes('Files')) && !isForOther;
}

export class CaptureDoor {
  /** @param {import('./tcp-lab.js').TcpLab} host */
  constructor(host) {
    this.host = host;
    /** The file that is shown. @type {File | null} */
    this.file = null;
    /** Files are held over the page. */
    this.dragging = false;
    /** The view's code is there. */
    this.came = false;
    host.addController(this);
    host.addEventListener('dragover', (event) => this.over(event));
    host.addEventListener('dragleave', (event) => this.drag(event.relatedTarget !== null && this.dragging));
    host.addEventListener('drop', (event) => this.drop(event));
    host.addEventListener('open-capture', () => this.choose());
  }

  hostDisconnected() {
    this.file = null;
  }

  get isOpen() {
    return this.file !== null && this.came;
  }

  /** @param {DragEvent} event */
  over(event) {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    this.drag(true);
  }

  /** @param {boolean} on */
  drag(on) {
    if (this.dragging === on) return;
    this.dragging = on;
    this.host.requestUpdate();
  }

  /** @param {DragEvent} event */
  drop(event) {
    this.drag(false);
    if (!bringsFiles(event)) return;
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) this.open(file);
  }

  choose() {
    /** @type {HTMLInputElement | null} */ (this.host.renderRoot.querySelector('[data-capture-file]'))?.click();
  }

  /** @param {Event} event */
  chosen = (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (input.files?.[0]) this.open(input.files[0]);
    input.value = ''; // the same file may be chosen again
  };

  /** A capture, or a run that was saved: such a document begins with a brace. @param {File} file */
  async open(file) {
    const { app } = this.host;
    if (!app) return;
    app.pause();
    const first = await file.slice(0, 64).text().catch(() => '');
    if (first.trimStart().startsWith('{')) {
      await this.openRun(file);
      return;
    }
    await app.tryLater(
      withWords(import('./lab-capture.js')).then(() => {
        this.came = true;
        this.file = file;
        this.host.requestUpdate();
      }),
    );
  }

  /** @param {File} file */
  async openRun(file) {
    try {
      await this.host.openRun(await file.text());
    } catch (error) {
      this.host.app.try(() => {
        throw error;
      });
    }
  }

  leave = async () => {
    this.file = null;
    this.host.requestUpdate();
    await this.host.updateComplete;
    const header = this.host.renderRoot.querySelector('lab-header');
    /** @type {HTMLElement | null | undefined} */ (header?.shadowRoot?.querySelector('[data-open-capture]'))?.focus();
  };

  render() {
    return html`<input type="file" hidden data-capture-file aria-label=${t('capture-open')} @change=${this.chosen} />
      ${this.isOpen ? html`<lab-capture .file=${this.file} @leave=${this.leave} @another=${() => this.choose()}></lab-capture>` : nothing}
      ${this.dragging ? html`<p class="drop" role="status">${t('capture-drop')}</p>` : nothing}`;
  }
}
