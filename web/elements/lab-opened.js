/** Which run is open, in place of the first question: what is to be seen in it, and the way to others. */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { getLanguage, t } from '../i18n/index.js';
import { ToldError } from '../i18n/told.js';
import '../i18n/runs.js';
import { readRuns } from '../model/saved-runs.js';
import { loadPreset } from '../presets/index.js';
import { LabModule } from '../../wasm/module.js';
import { readUrl } from '../../wasm/options.js';

/** @typedef {{kind: 'preset' | 'own', name: string}} Opened */

/**
 * The run that the address asks for: `?preset=lossy-wifi`, or one of a person's own, `?own=my run`.
 * @param {WebAssembly.Module} wasm
 * @param {Opened} opened
 * @returns {Promise<{scenario: Record<string, any>, actions?: import('../../wasm/engine.js').Action[]}>}
 */
export async function loadRun(wasm, { kind, name }) {
  if (kind === 'preset') {
    const scenario = await loadPreset(name);
    if (scenario) return { scenario };
  } else {
    const kept = readRuns(localStorage).find((each) => each.name === name);
    if (kept) return readUrl(new LabModule(wasm), kept.run);
  }
  throw new ToldError(t('runs-missing'));
}

export class LabOpened extends LabElement {
  static styles = [
    LabElement.styles,
    css`
      section {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 20px;
        min-height: 32px;
      }
      h2 {
        color: var(--application-ink);
      }
      .about {
        flex: 1 1 320px;
        font-size: var(--text-l);
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      a {
        color: inherit;
        text-decoration: none;
      }
    `,
  ];

  /** The ways to other runs; a lab in somebody else's page has none. */
  others() {
    return html`<button data-more @click=${() => this.dispatchEvent(new CustomEvent('open-runs', { bubbles: true, composed: true }))}>${t('opened-more')}</button>
      <a class="button" href="./index.html?lang=${getLanguage()}">${t('opened-first')}</a>`;
  }

  render() {
    const { kind, name } = /** @type {Opened} */ (this.app.opened);
    const title = kind === 'preset' ? t(`preset-${name}`) : name;
    const is_fresh = this.app.cursor.t_us === 0 && !this.app.timeline.playing;
    return html`<section aria-label=${title} data-opened=${name}>
      <h2>${title}</h2>
      <p class="about">${kind === 'preset' ? t(`preset-${name}-about`) : t('opened-own')}</p>
      <div class="buttons">
        ${is_fresh ? html`<button data-play @click=${() => this.app.play()}>${t('opened-play')}</button>` : nothing}
        ${this.app.open_lesson ? nothing : this.others()}
      </div>
    </section>`;
  }
}

customElements.define('lab-opened', LabOpened);
