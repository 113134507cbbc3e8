/** A terminal on the lab: one line in, text out, with a history and completion. The Tab key completes only where there is something to complete. */
import { css, html } from 'lit';
import { LabElement } from './base.js';
import { t } from '../i18n/index.js';
import { Terminal, completions } from '../model/terminal.js';

/** What was typed stays when another view is looked at meanwhile. @type {WeakMap<import('../model/app.js').App, Terminal>} */
const terminals = new WeakMap();

export class LabTerminal extends LabElement {
  static properties = { typed: { state: true } };
  static styles = [
    LabElement.styles,
    css`
      :host {
        display: grid;
        grid-template-rows: minmax(0, 1fr) auto auto;
        gap: 8px;
        height: 100%;
        min-height: 240px;
      }
      .log {
        overflow: auto;
        scrollbar-width: thin;
        font: 12px/20px var(--mono);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .in {
        font-weight: 700;
        margin-top: 4px;
      }
      .error {
        padding-left: 8px;
        border-left: 3px solid var(--now);
      }
      .say {
        font-family: var(--sans);
        font-size: var(--text-m);
      }
      form {
        display: flex;
        align-items: center;
        gap: 8px;
        border-top: 1px solid var(--hair);
        padding-top: 8px;
      }
      form input {
        flex: 1;
        font-family: var(--mono);
      }
      .hints {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        min-height: 28px;
      }
      .hints button {
        min-height: 24px;
        padding: 0 8px;
        font: 12px var(--mono);
      }
    `,
  ];

  constructor() {
    super();
    this.typed = '';
    /** Where in the history the arrows are; its length: at the new line. */
    this.at = 0;
  }

  /** @returns {Terminal} */
  get terminal() {
    let terminal = terminals.get(this.app);
    if (!terminal) terminals.set(this.app, (terminal = new Terminal(this.app)));
    return terminal;
  }

  get hints() {
    const { typed } = this;
    return typed === '' ? ['help', 'connect', 'send ', 'close', 'ss', 'tcpdump'] : completions(typed).slice(0, 8);
  }

  /** @param {string} line */
  type(line) {
    this.typed = line;
    void this.updateComplete.then(() => this.input?.focus());
  }

  get input() {
    return /** @type {HTMLInputElement | null} */ (this.renderRoot.querySelector('form input'));
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    void this.terminal.run(this.typed);
    this.at = this.terminal.history.length;
    this.typed = '';
  }

  /** @param {KeyboardEvent} event */
  keys(event) {
    const { history } = this.terminal;
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      this.at = Math.max(0, Math.min(history.length, this.at + (event.key === 'ArrowUp' ? -1 : 1)));
      this.typed = history[this.at] ?? '';
    } else if (event.key === 'Tab' && !event.shiftKey && this.typed !== '' && completions(this.typed).length > 0) {
      event.preventDefault();
      this.typed = completed(this.typed, completions(this.typed));
    }
  }

  updated() {
    const log = this.renderRoot.querySelector('.log');
    if (log) log.scrollTop = log.scrollHeight;
  }

  render() {
    const { terminal } = this;
    return html`<div class="log" role="log" tabindex="0" aria-label=${t('term-log')}>
        ${terminal.lines.length === 0 ? html`<p class="say second">${t('term-start')}</p>` : ''}
        ${terminal.lines.map(({ kind, text, message }) =>
          message
            ? html`<div class="${kind} say">${t(message.id, message.args)}</div>`
            : html`<div class=${kind} lang="en">${text}</div>`,
        )}
      </div>
      <div class="hints" role="group" aria-label=${t('term-hints')}>
        ${this.hints.map((hint) => html`<button type="button" @click=${() => this.type(hint)}>${hint}</button>`)}
      </div>
      <form @submit=${this.submit}>
        <label class="mono" for="line">${terminal.prompt}</label>
        <input
          id="line"
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          .value=${this.typed}
          @input=${(/** @type {Event} */ event) => (this.typed = /** @type {HTMLInputElement} */ (event.target).value)}
          @keydown=${this.keys}
        />
      </form>`;
  }
}

/** As far as all ways to go on agree; with one way, all of it and a space. @param {string} typed @param {string[]} ways */
function completed(typed, ways) {
  if (ways.length === 1) return `${ways[0]} `;
  let common = ways[0];
  for (const way of ways) while (!way.startsWith(common)) common = common.slice(0, -1);
  return common.length > typed.length ? common : typed;
}

customElements.define('lab-terminal', LabTerminal);
