/**
 * A capture file that was opened: its connections, and one of them as a ladder with what was noticed. The lab waits
 * behind it, as it was left.
 */
import { html, nothing } from 'lit';
import { LabElement } from './base.js';
import { captureStyles } from './lab-capture-styles.js';
import { t } from '../i18n/index.js';
import '../i18n/capture.js';
import { openCaptureFile } from '../model/capture-file.js';
import { CaptureLadder, troublesOf } from '../model/capture-ladder.js';
import { bytesText, timeText } from '../model/format.js';
import capture_wasm_url from '../../build/wasm/capture.wasm?url';
import { noticed } from './lab-capture-packet.js';
import './lab-capture-ladder.js';

/** @typedef {import('../../wasm/capture.js').CapturedConnection} CapturedConnection */
/** @typedef {import('../../wasm/capture.js').CapturedEnd} CapturedEnd */

const ROWS_AT_ONCE = 200;
const ORDERS = /** @type {const} */ (['first', 'bytes', 'noticed']);

/** @param {CapturedConnection} connection */
const bytesOf = ({ ends }) => ends[0].payload_bytes + ends[1].payload_bytes;
/** @param {CapturedConnection} connection */
const noticedOf = (connection) => troublesOf(connection).reduce((sum, [, count]) => sum + count, 0);
/** @param {string} prefix @param {string} name */
const named = (prefix, name) => t(`${prefix}-${name.toLowerCase().replaceAll('_', '-')}`);

export class LabCapture extends LabElement {
  static properties = {
    file: { attribute: false },
    opened: { state: true },
    failure: { state: true },
    percent: { state: true },
    order: { state: true },
    rows: { state: true },
    connection: { state: true },
    columns: { state: true },
    picked: { state: true },
    packet: { state: true },
  };
  static styles = [LabElement.styles, captureStyles];

  constructor() {
    super();
    /** @type {File | null} */
    this.file = null;
    /** @type {import('../model/capture-file.js').CaptureFile | null} */
    this.opened = null;
    /** @type {{code: string, message: string} | null} */
    this.failure = null;
    this.percent = 0;
    /** @type {typeof ORDERS[number]} */
    this.order = 'first';
    this.rows = ROWS_AT_ONCE;
    /** The connection that is looked at. @type {CapturedConnection | null} */
    this.connection = null;
    /** @type {import('../../wasm/capture.js').SegmentColumns | null} */
    this.columns = null;
    this.picked = -1;
    /** @type {import('./lab-capture-packet.js').ShownPacket | null} */
    this.packet = null;
    this.giving_up = new AbortController();
    this.addEventListener('keydown', (event) => this.keys(event));
  }

  connectedCallback() {
    super.connectedCallback();
    this.stops.push(() => this.close());
  }

  shouldUpdate() {
    return true;
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('file') && this.file) void this.open(this.file);
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  updated(changed) {
    if (changed.has('file') || (changed.has('connection') && changed.get('connection') !== undefined)) this.focusTitle();
  }

  focusTitle() {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('h1'))?.focus({ preventScroll: true });
  }

  close() {
    this.giving_up.abort();
    this.opened?.close();
    this.opened = null;
  }

  /** @param {File} file */
  async open(file) {
    this.close();
    const giving_up = new AbortController();
    Object.assign(this, { giving_up, failure: null, percent: 0, rows: ROWS_AT_ONCE, connection: null, columns: null, packet: null, picked: -1 });
    const progress = (/** @type {number} */ done, /** @type {number} */ all) => (this.percent = Math.floor((100 * done) / all));
    try {
      const opened = await openCaptureFile(file, { wasm: capture_wasm_url, progress, signal: giving_up.signal });
      if (giving_up.signal.aborted) return opened.close();
      this.opened = opened;
      const { connections } = opened.summary;
      if (connections.length === 1) await this.show(connections[0]);
    } catch (error) {
      const { code = 'broken', message = String(error) } = /** @type {{code?: string, message?: string}} */ (error);
      if (!giving_up.signal.aborted) this.failure = { code, message };
    }
  }

  /** @param {CapturedConnection} connection */
  async show(connection) {
    const columns = await this.opened?.segments(connection.number);
    if (columns) Object.assign(this, { connection, columns, packet: null, picked: -1 });
  }

  /** @param {CustomEvent<{segment: number, open: boolean}>} event */
  async pick({ detail: { segment, open } }) {
    this.picked = segment;
    const { opened, connection, columns } = this;
    if (!opened || !connection || !columns || !(open || this.packet)) return;
    const inside = await opened.inside(columns.index[segment]);
    if (this.picked !== segment || this.columns !== columns) return;
    const ladder = new CaptureLadder(columns, opened.summary);
    const end = columns.end[segment];
    this.packet = {
      frame: ladder.frame(segment),
      number: columns.index[segment] + 1,
      wire_bytes: inside.wire_bytes,
      inside,
      verdicts: ladder.verdicts(segment),
      states: [ladder.state(segment, end === 0 ? 0 : 1), ladder.state(segment, end === 0 ? 1 : 0)],
      endpoints: [connection.ends[end].endpoint, connection.ends[1 - end].endpoint],
      rtt_us: columns.rtt_us[segment],
    };
  }

  /** Keys in here are not the lab's. @param {KeyboardEvent} event */
  keys(event) {
    event.stopPropagation();
    if (event.key !== 'Escape') return;
    if (this.packet) this.packet = null;
    else if (this.connection && (this.opened?.summary.connections.length ?? 0) > 1) this.connection = null;
    else this.leave();
  }

  leave() {
    this.dispatchEvent(new CustomEvent('leave'));
  }

  another() {
    this.dispatchEvent(new CustomEvent('another'));
  }

  /** What is to be known before anything else. */
  warnings() {
    const summary = this.opened?.summary;
    if (!summary) return nothing;
    const { damaged_at, cut_off_bytes, ignored, packets, connections, link_type } = summary;
    return html`
      ${damaged_at !== null ? html`<p class="warn" role="alert">${t('capture-damaged', { at: damaged_at.toLocaleString('en-US') })}</p>` : nothing}
      ${cut_off_bytes > 0 ? html`<p class="warn" role="alert">${t('capture-cut')}</p>` : nothing}
      ${ignored > 0 ? html`<p class="warn">${t('capture-ignored', { count: ignored })}</p>` : nothing}
      ${packets === 0 ? html`<p>${t('capture-no-packets')}</p>` : nothing}
      ${packets > 0 && connections.length === 0 ? html`<p>${link_type === null ? t('capture-none') : t('capture-link-type', { type: link_type })}</p>` : nothing}`;
  }

  /** @param {CapturedConnection} connection */
  troubles(connection) {
    const all = troublesOf(connection);
    if (all.length === 0) return html`<span class="second">${t('capture-nothing-noticed')}</span>`;
    return all.map(([name, count]) => `${t(noticed(name))} ${count}`).join(' · ');
  }

  sorted() {
    const all = [...(this.opened?.summary.connections ?? [])];
    if (this.order === 'bytes') all.sort((a, b) => bytesOf(b) - bytesOf(a));
    if (this.order === 'noticed') all.sort((a, b) => noticedOf(b) - noticedOf(a));
    return all;
  }

  list() {
    const all = this.sorted();
    if (all.length === 0) return nothing;
    const column = (/** @type {string} */ name, /** @type {string} */ kind = '') => html`<th scope="col" class=${kind}>${t(`capture-column-${name}`)}</th>`;
    return html`<div class="order">
        <label>${t('capture-sort')}
          <select @change=${(/** @type {Event} */ event) => (this.order = /** @type {any} */ (event.target).value)}>
            ${ORDERS.map((order) => html`<option value=${order} ?selected=${order === this.order}>${t(`capture-sort-${order}`)}</option>`)}
          </select></label>
        <p class="second">${t('capture-onlooker')}</p>
      </div>
      <table class="list">
        <caption class="hidden">${t('capture-list')}</caption>
        <thead>
          <tr>
            ${column('number', 'number')}${column('ends')}${column('packets', 'number')}${column('bytes', 'number less')}${column('start', 'number wide')}
            ${column('duration', 'number wide')}${column('opening', 'less')}${column('closing', 'less')}${column('noticed')}
          </tr>
        </thead>
        <tbody>
          ${all.slice(0, this.rows).map((each) => this.row(each))}
        </tbody>
      </table>
      ${all.length > this.rows ? html`<p><button @click=${() => (this.rows += ROWS_AT_ONCE)}>${t('capture-more', { count: Math.min(ROWS_AT_ONCE, all.length - this.rows) })}</button></p>` : nothing}`;
  }

  /** @param {CapturedConnection} connection */
  row(connection) {
    const { number, ends, first_us, last_us, opening, closing } = connection;
    return html`<tr data-connection=${number}>
      <td class="mono number">${number}</td>
      <td>
        <button class="plain" @click=${() => void this.show(connection)}>${ends[0].endpoint} <span class="to">→ ${ends[1].endpoint}</span></button>
      </td>
      <td class="mono number">${(ends[0].packets + ends[1].packets).toLocaleString('en-US')}</td>
      <td class="mono number less">${bytesText(bytesOf(connection))}</td>
      <td class="mono number wide">${timeText(first_us)}</td>
      <td class="mono number wide">${timeText(last_us - first_us)}</td>
      <td class="less">${named('opening', opening)}</td>
      <td class="less">${named('closing', closing)}</td>
      <td>${this.troubles(connection)}</td>
    </tr>`;
  }

  /** @param {CapturedConnection} connection */
  ends(connection) {
    const { ends, opening, closing, handshake_us } = connection;
    const row = (/** @type {string} */ name, /** @type {(end: CapturedEnd) => unknown} */ say) =>
      html`<tr><th scope="row">${t(`capture-end-${name}`)}</th>${ends.map((end) => html`<td class="mono">${say(end)}</td>`)}</tr>`;
    const range = (/** @type {number} */ min, /** @type {number} */ max) => (min === max ? bytesText(min) : t('capture-range', { min: bytesText(min), max: bytesText(max) }));
    const all = troublesOf(connection);
    return html`<section class="aside" tabindex="0" aria-label=${t('capture-ends')}>
      <h2>${t('capture-ends')}</h2>
      <p>${named('opening', opening)}${handshake_us ? ` (${timeText(handshake_us)})` : ''} · ${named('closing', closing)}</p>
      <table class="ends">
        <thead><tr><td></td>${ends.map(({ endpoint }) => html`<th scope="col">${endpoint}</th>`)}</tr></thead>
        <tbody>
          ${row('state', ({ state }) => state)} ${row('packets', ({ packets }) => packets.toLocaleString('en-US'))}
          ${row('bytes', ({ payload_bytes }) => bytesText(payload_bytes))}
          ${row('window', ({ window_bytes }) => (window_bytes ? range(window_bytes.min, window_bytes.max) : t('capture-unknown')))}
          ${row('scale', ({ scale }) => (scale === null ? t('capture-unknown') : t('capture-scale', { bytes: 2 ** scale })))}
          ${row('flight', ({ in_flight_bytes_max }) => bytesText(in_flight_bytes_max))}
          ${row('rtt', ({ rtt_us }) => (rtt_us ? t('capture-rtt', { min: timeText(rtt_us.min), max: timeText(rtt_us.max), mean: timeText(rtt_us.mean), count: rtt_us.count }) : '–'))}
          ${row('mss', ({ mss_bytes }) => (mss_bytes ? bytesText(mss_bytes) : t('capture-unknown')))}
          ${row('sack', ({ sack_permitted }) => t(sack_permitted ? 'capture-yes' : 'capture-no'))}
        </tbody>
      </table>
      <p class="second">${t('capture-onlooker-rtt')}</p>
      <h2>${t('capture-noticed')}</h2>
      ${all.length === 0 ? html`<p>${t('capture-nothing-noticed')}</p>` : nothing}
      <table class="counts" ?hidden=${all.length === 0}>
        <thead><tr><td></td>${ends.map(({ endpoint }) => html`<th scope="col" class="number">${endpoint}</th>`)}</tr></thead>
        <tbody>
          ${all.map(([name]) => html`<tr><th scope="row"><strong>${t(noticed(name))}</strong> ${t(`${noticed(name)}-more`)}</th>${ends.map(({ verdicts }) => html`<td class="mono number">${verdicts[name] ?? 0}</td>`)}</tr>`)}
        </tbody>
      </table>
    </section>`;
  }

  /** @param {CapturedConnection} connection */
  whole(connection) {
    const { packet } = this;
    return html`<div class="connection">
      <lab-capture-ladder
        .columns=${this.columns}
        .names=${this.opened?.summary ?? { verdicts: [], states: [] }}
        .endpoints=${connection.ends.map(({ endpoint }) => endpoint)}
        .picked=${this.picked}
        .half=${this.clientWidth < 1000}
        @pick=${this.pick}
      ></lab-capture-ladder>
      ${
        packet
          ? html`<section class="sheet" tabindex="0" aria-label=${t('capture-packet', { number: packet.number })}>
              <div class="packet-head">
                <h2>${t('capture-packet', { number: packet.number })}</h2>
                <button class="plain" @click=${() => (this.packet = null)}>${t('capture-packet-close')}</button>
              </div>
              <lab-capture-packet .shown=${packet}></lab-capture-packet>
            </section>`
          : this.ends(connection)
      }
    </div>`;
  }

  body() {
    const { failure, opened, connection } = this;
    const name = this.file?.name ?? '';
    if (failure) {
      return html`<div class="failed" role="alert">
        <p>${t('capture-failed', { name })}</p>
        <p>${t(`capture-why-${failure.code}`, { message: failure.message })}</p>
      </div>`;
    }
    if (!opened) {
      return html`<p>${t('capture-reading', { name, percent: this.percent })}</p>
        <progress max="100" value=${this.percent} aria-label=${t('capture')}></progress>`;
    }
    return html`${this.warnings()} ${connection ? this.whole(connection) : this.list()}`;
  }

  render() {
    const { opened, connection } = this;
    const summary = opened?.summary;
    return html`<main class="page ${connection ? 'with-ladder' : ''}">
      <header class="top">
        <h1 tabindex="-1">${this.file?.name ?? t('capture')}</h1>
        <p class="second about">
          ${summary ? t('capture-about', { packets: summary.packets.toLocaleString('en-US'), connections: summary.connections.length.toLocaleString('en-US') }) : nothing}
        </p>
        <div class="actions">
          ${connection && (summary?.connections.length ?? 0) > 1 ? html`<button @click=${() => (this.connection = null)}>${t('capture-all')}</button>` : nothing}
          ${opened || this.failure ? html`<button @click=${this.another}>${t('capture-another')}</button>` : nothing}
          <button data-leave @click=${this.leave}>${opened || this.failure ? t('capture-back') : t('capture-cancel')}</button>
        </div>
      </header>
      <div class="body">${this.body()}</div>
    </main>`;
  }
}

customElements.define('lab-capture', LabCapture);
