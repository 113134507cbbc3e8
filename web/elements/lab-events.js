/**
 * The list of events, and the ladder as a table: only the rows in view exist, however long the run. The row at the
 * cursor is marked; arrows up and down go through the list and take time along.
 */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { SizeOf } from './size-of.js';
import { t } from '../i18n/index.js';
import { words } from '../views/packet-story.js';
import { EventList, LAYERS, fieldsText, layerOf, rowsUntil } from '../model/eventlist.js';
import { bytesText, timeText } from '../model/format.js';
import { fate } from '../model/select.js';
import { frameText } from '../model/segment.js';

/** @typedef {import('../model/types.js').LabEvent} LabEvent */
/** @typedef {import('../model/types.js').FrameRecord} FrameRecord */

const ROW_PX = 48;
/** Rows made above and below what is in view. */
const MORE = 6;

export class LabEvents extends LabElement {
  static properties = {
    mode: { state: true },
    text: { state: true },
    layers: { state: true },
    top: { state: true },
    height: { state: true },
  };
  static styles = [
    LabElement.styles,
    css`
      :host {
        display: grid;
        grid-template-rows: auto auto minmax(240px, 1fr);
        gap: 8px;
        height: 100%;
      }
      .tools,
      .layers {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 8px;
      }
      .tools {
        margin: -4px 0 0 -6px;
      }
      .tools input {
        flex: 1 1 140px;
      }
      .layers label {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        min-height: 24px;
        font-size: var(--text-s);
        color: var(--hue, var(--second));
      }
      .layers input {
        accent-color: var(--hue, var(--second));
        width: 16px;
        height: 16px;
        margin: 0;
      }
      .application {
        --hue: var(--application-ink);
      }
      .transport {
        --hue: var(--transport-ink);
      }
      .internet {
        --hue: var(--internet-ink);
      }
      .link {
        --hue: var(--link-ink);
      }
      .scroller {
        overflow: auto;
        scrollbar-width: thin;
        border-top: 1px solid var(--hair);
        position: relative;
      }
      .all {
        position: relative;
      }
      [role='row'] {
        position: absolute;
        inset-inline: 0;
        height: ${ROW_PX}px;
        display: grid;
        grid-template: 24px 20px / 76px 84px minmax(0, 1fr) auto;
        align-items: center;
        gap: 0 8px;
        padding-top: 2px;
        border-bottom: 1px solid var(--hair);
        white-space: nowrap;
        overflow: hidden;
      }
      [role='row'] > * {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .kind {
        color: var(--hue, var(--ink));
        font-weight: 600;
      }
      .what {
        grid-column: 1 / -1;
        color: var(--second);
        font-size: var(--text-s);
        padding-left: 6px;
      }
      [role='row'] button.plain {
        min-height: 24px;
        padding: 0 6px;
        text-align: left;
      }
      @container lab (max-width: 439px) {
        [role='row'] {
          grid-template-columns: 64px 80px minmax(0, 1fr) auto;
          gap: 0 4px;
        }
        [role='row'] button.plain {
          padding: 0 2px;
        }
      }
      .future {
        opacity: 0.65;
      }
      .lit {
        background: var(--mark-tint);
      }
      .here {
        box-shadow: inset 3px 0 0 var(--now);
      }
      .none {
        padding: 12px 0;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {'events' | 'frames'} */
    this.mode = 'events';
    this.text = '';
    this.layers = new Set(LAYERS);
    this.list = new EventList();
    this.top = 0;
    this.height = 400;
    this.followed = -1;
    /** The frames that were listed last. @type {{key: string, rows: FrameRecord[]}} */
    this.found = { key: '', rows: [] };
    this.size = new SizeOf(
      this,
      ({ height }) => (this.height = height),
      () => this.scroller,
    );
  }

  get scroller() {
    return /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.scroller'));
  }

  /** The row at the cursor stays in view as time goes. */
  updated() {
    const { scroller } = this;
    const at = this.here - 1;
    if (!scroller || at === this.followed) return;
    this.followed = at;
    const y = at * ROW_PX;
    if (y >= this.top && y <= this.top + this.height - 2 * ROW_PX) return;
    scroller.scrollTop = Math.max(0, y - this.height / 2);
  }

  /** @returns {(LabEvent | FrameRecord)[]} */
  get rows() {
    const { app } = this;
    if (this.mode === 'events') return this.list.follow(app.timeline.log, { text: this.text, layers: this.layers });
    const wanted = this.text.trim().toLowerCase();
    const key = `${app.turn} ${wanted}`;
    if (this.found.key === key) return this.found.rows;
    const isWanted = (/** @type {FrameRecord} */ frame) =>
      (frame.sent_us !== null || frame.lost_us !== null) && (wanted === '' || frameText(frame, app.relative).toLowerCase().includes(wanted));
    this.found = { key, rows: app.record.frames.filter(isWanted) };
    return this.found.rows;
  }

  /** How many rows have come until the cursor. */
  get here() {
    const { rows } = this;
    const { id } = this.app.cursor;
    if (this.mode === 'events') return rowsUntil(/** @type {LabEvent[]} */ (rows), id);
    return /** @type {FrameRecord[]} */ (rows).filter((frame) => (frame.sent_id || frame.lost_id) <= id).length;
  }

  /** @param {number} index */
  go(index) {
    const row = this.rows[index];
    if (!row) return;
    const frame = row.frame;
    if (frame) this.app.selected = frame;
    this.app.seekTo('id' in row ? row.id : row.sent_id || row.lost_id);
  }

  /** @param {KeyboardEvent} event */
  keys(event) {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    event.stopPropagation();
    const at = this.here - 1;
    this.go(event.key === 'ArrowDown' ? at + 1 : Math.max(0, at - 1));
  }

  /** @param {LabEvent} event @param {number} index @param {boolean} isHere */
  event(event, index, isHere) {
    const { app } = this;
    const name = app.session.nodes[event.node]?.name;
    const told = event.kind.startsWith('header_') ? header(event) : words(app, event);
    const fields = fieldsText(event);
    return html`<div
      role="row"
      aria-rowindex=${index + 1}
      data-event=${event.id}
      class="${layerOf(event)} ${isHere ? 'here' : ''} ${event.id > app.cursor.id ? 'future' : ''} ${event.frame && event.frame === app.lit ? 'lit' : ''}"
      style="top:${index * ROW_PX}px"
      @mouseenter=${() => app.point(event.frame)}
    >
      <span role="cell"><button class="plain mono" tabindex=${isHere ? 0 : -1} @click=${() => this.go(index)}>${timeText(event.t_us)}</button></span>
      <span role="cell">${name ? t('host', { node: name }) : t('event-lab')}</span>
      <span role="cell" class="kind mono">${event.kind}</span>
      <span role="cell">${
        event.cause
          ? html`<button
              class="plain mono"
              tabindex=${isHere ? 0 : -1}
              @click=${() => app.seekTo(event.cause)}
            >
              <span class="hidden">${t('event-cause')}</span> ← ${event.cause}
            </button>`
          : nothing
      }</span>
      <span role="cell" class="what" title=${[told, fields].filter(Boolean).join('\n')}>${told || fields || event.rule || '–'}</span>
    </div>`;
  }

  /** @param {FrameRecord} frame @param {number} index @param {boolean} isHere */
  frame(frame, index, isHere) {
    const { app } = this;
    const name = (/** @type {number} */ node) => t('host', { node: app.session.nodes[node]?.name ?? '' });
    const now = fate(frame, app.cursor);
    return html`<div
      role="row"
      aria-rowindex=${index + 1}
      data-frame=${frame.frame}
      class="${frame.stripes[0] ? '' : 'link'} ${isHere ? 'here' : ''} ${now === 'unborn' ? 'future' : ''} ${frame.frame === app.lit ? 'lit' : ''}"
      style="top:${index * ROW_PX}px"
      @mouseenter=${() => app.point(frame.frame)}
    >
      <span role="cell"><button class="plain mono" tabindex=${isHere ? 0 : -1} @click=${() => this.go(index)}>${timeText(frame.sent_us ?? frame.lost_us ?? 0)}</button></span>
      <span role="cell">${name(frame.direction)}</span>
      <span role="cell" class="kind mono">${frameText(frame, app.relative)}</span>
      <span role="cell" class="mono second">${bytesText(frame.len_bytes)}</span>
      <span role="cell" class="what">→ ${name(1 - frame.direction)} · ${t(`fate-${now}`)}${frame.segment?.retransmission ? ` · ${t('fate-again')}` : ''}</span>
    </div>`;
  }

  /** @param {string} layer */
  layer(layer) {
    const toggle = () => {
      const next = new Set(this.layers);
      if (!next.delete(/** @type {any} */ (layer))) next.add(/** @type {any} */ (layer));
      this.layers = next;
    };
    return html`<label class=${layer}>
      <input type="checkbox" .checked=${this.layers.has(/** @type {any} */ (layer))} @change=${toggle} />
      ${t(layer === 'lab' ? 'event-lab' : `layer-${layer}`)}
    </label>`;
  }

  render() {
    const { rows, here } = this;
    // A list that has become shorter is scrolled back by the browser, which tells so only afterwards.
    const top = Math.min(this.top, Math.max(0, rows.length * ROW_PX - this.height));
    const from = Math.max(0, Math.floor(top / ROW_PX) - MORE);
    const to = Math.min(rows.length, Math.ceil((top + this.height) / ROW_PX) + MORE);
    const mode = (/** @type {'events' | 'frames'} */ name) =>
      html`<button class="plain" aria-pressed=${this.mode === name} @click=${() => ((this.mode = name), (this.followed = -1))}>
        ${t(`list-${name}`)}
      </button>`;
    return html`<div class="tools">
        ${mode('events')}${mode('frames')}
        <input
          type="text"
          aria-label=${t('list-filter')}
          placeholder=${t('list-filter')}
          .value=${this.text}
          @input=${(/** @type {Event} */ event) => (this.text = /** @type {HTMLInputElement} */ (event.target).value)}
        />
        <span class="mono second">${rows.length.toLocaleString('en-US')}</span>
      </div>
      <div class="layers" role="group" aria-label=${t('list-layers')}>
        ${this.mode === 'events' ? LAYERS.map((layer) => this.layer(layer)) : nothing}
      </div>
      <div
        class="scroller"
        tabindex="0"
        role="table"
        aria-label=${t(`list-${this.mode}`)}
        aria-rowcount=${rows.length}
        @scroll=${(/** @type {Event} */ event) => (this.top = /** @type {HTMLElement} */ (event.target).scrollTop)}
        @keydown=${this.keys}
        @mouseleave=${() => this.app.point(0)}
      >
        ${rows.length === 0 ? html`<p role="row" class="none second" style="position:static"><span role="cell">${t('list-none')}</span></p>` : nothing}
        <div class="all" role="rowgroup" style="height:${rows.length * ROW_PX}px">
          ${rows
            .slice(from, to)
            .map((row, i) =>
              'id' in row ? this.event(row, from + i, from + i === here - 1) : this.frame(row, from + i, from + i === here - 1),
            )}
        </div>
      </div>`;
  }
}

/** In a list a header needs fewer words. @param {LabEvent} event */
const header = ({ kind, protocol, header_bytes, total_bytes }) =>
  t(`row-${kind.replace('_', '-')}`, { protocol, bytes: header_bytes, total: total_bytes });

customElements.define('lab-events', LabEvents);
