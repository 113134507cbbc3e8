/** Programs: the lines of each with the one it is at, and what it waits for there. A line that was done is a button to its moment. */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { t } from '../i18n/index.js';
import { bytesText, timeText } from '../model/format.js';
import { described } from '../model/glass.js';
import { ProgramLog, lastStep, personWaits, placeOf, portOf, waitingLine } from '../model/programs.js';
import { chip } from '../model/select.js';

/** A long session's first calls are left out. */
const LINES_MAX = 40;

export class LabCode extends LabElement {
  static styles = [
    LabElement.styles,
    css`
      :host {
        display: block;
      }
      .host {
        margin-bottom: 24px;
      }
      h3 {
        font-size: var(--text-l);
        font-weight: 600;
        margin-bottom: 8px;
      }
      h4 {
        margin: 0 0 4px;
        font-size: var(--text-m);
        font-weight: 600;
      }
      .program {
        margin-bottom: 16px;
      }
      ol {
        list-style: none;
        border-left: 3px solid var(--application);
      }
      li {
        display: grid;
        grid-template-columns: 20px minmax(0, 1fr) auto;
        align-items: baseline;
        gap: 0 8px;
        min-height: 28px;
        padding: 2px 8px 2px 6px;
        line-height: 24px;
      }
      li code {
        overflow-wrap: anywhere;
      }
      li.at {
        background: var(--application-tint);
      }
      li.at code {
        font-weight: 700;
        color: var(--application-ink);
      }
      .pointer {
        color: var(--application-ink);
        font-weight: 700;
        text-align: right;
      }
      .waits {
        padding: 4px 8px 0 12px;
        border-left: 3px solid var(--application);
        color: var(--second);
      }
      li button.plain {
        min-height: 24px;
        padding: 0 4px;
      }
    `,
  ];

  constructor() {
    super();
    this.programs = new ProgramLog();
  }

  /** @param {{text: string, at: boolean, waiting: boolean, note: unknown}[]} lines */
  lines(lines) {
    return html`<ol>
      ${lines.map(
        ({ text, at, waiting, note }) =>
          html`<li class=${at ? 'at' : ''} aria-current=${at ? 'step' : nothing}>
            <span class="pointer" aria-hidden="true">${at ? '▸' : waiting ? '…' : ''}</span><code>${text}</code><span class="mono second">${note}</span>
          </li>`,
      )}
    </ol>`;
  }

  /** What a person does at this host. @param {number} node */
  person(node) {
    const { app } = this;
    const lines = this.programs.linesOf(node, app.cursor.id).slice(-LINES_MAX);
    const last = lines.at(-1);
    return html`<div class="program" data-person=${node}>
      <h4>${t('code-person')}</h4>
      ${
        lines.length === 0
          ? html`<p class="second">${t('code-person-none')}</p>`
          : html`${this.lines(
                lines.map((line) => ({
                  text: line.text,
                  at: line === last,
                  waiting: false,
                  note: html`${line.result} <button class="plain mono" @click=${() => app.seekTo(line.id)}>${timeText(line.t_us)}</button>`,
                })),
              )}
              <p class="waits">${t(`waits-${personWaits(last?.call, chip(app.state, node))}`)}</p>`
      }
    </div>`;
  }

  /** @param {any} program as described @param {number} node */
  program(program, node) {
    const steps = this.programs.stepsOf(node, program.id);
    const place = placeOf(program.app, lastStep(steps, this.app.cursor.id));
    const waiting = program.done ? -1 : waitingLine(program.app, place.line);
    const waits = program.done ? 'done' : place.waits;
    const { app } = this;
    const port = portOf(steps, program.app);
    return html`<div class="program" data-app=${program.id}>
      <h4>
        ${program.app}${port ? html` <code>:${port}</code>` : nothing} <span class="second">${program.received_bytes ? t('count-received', { bytes: bytesText(program.received_bytes) }) : nothing}</span>
      </h4>
      ${this.lines(
        program.steps.map((/** @type {string} */ text, /** @type {number} */ i) => ({
          text,
          at: i === place.line,
          waiting: i === waiting,
          note:
            i === place.line
              ? html`<button class="plain mono" @click=${() => app.seekTo(place.id)}>${timeText(app.timeline.at(place.id)?.t_us ?? 0)}</button>`
              : nothing,
        })),
      )}
      ${waits ? html`<p class="waits">${t(`waits-${waits}`)}</p>` : nothing}
    </div>`;
  }

  render() {
    const { app } = this;
    const told = described(app);
    this.programs.follow(app.timeline.log);
    return html`${app.session.nodes.map((info, node) => {
      if (!info.address) return nothing; // a switch runs none
      const programs = told?.nodes[node]?.apps ?? [];
      return html`<div class="host" role="group" aria-label=${t('program', { node: info.name })}>
        <h3>${t('host', { node: info.name })}</h3>
        ${programs.length === 0 || this.programs.linesOf(node, app.cursor.id).length ? this.person(node) : nothing}
        ${programs.map((/** @type {any} */ program) => this.program(program, node))}
      </div>`;
    })}`;
  }
}

customElements.define('lab-code', LabCode);
