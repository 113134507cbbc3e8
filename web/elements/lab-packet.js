/**
 * One frame from the inside: its stripes, its fields with what they mean, its bytes, and why it was sent. Fields and
 * bytes light each other up; both have their layer's colour.
 */
import { html, nothing } from 'lit';
import { LabElement } from './base.js';
import { packetStyles } from './lab-packet-styles.js';
import { frameBarStyles } from '../views/frame-bar.js';
import { hasMessage, t } from '../i18n/index.js';
import { hexText, timeText } from '../model/format.js';
import { ruleMessage, sentence } from '../model/narrate.js';
import { fate } from '../model/select.js';
import { frameText } from '../model/segment.js';

/** @typedef {import('../../wasm/engine.js').DissectField} Field */

const ROW_BYTES = 16;
/** A frame with much payload shows its headers and the payload's beginning. */
const BYTES_SHOWN = 112;

export class LabPacket extends LabElement {
  static properties = { lit: { state: true } };
  static styles = [LabElement.styles, frameBarStyles, packetStyles];

  constructor() {
    super();
    /** Index of the field that is pointed at; -1: none. */
    this.lit = -1;
    /** @type {{key: string, bytes: Uint8Array, fields: Field[], owner: Int16Array} | null} */
    this.read = null;
  }

  /** The frame's bytes and fields, read once. What a frame suffers on its way shows in what was received. @param {import('../model/types.js').FrameRecord} frame */
  look(frame) {
    const { lab } = this.app.session;
    const received = ['delivered', 'discarded'].includes(fate(frame, this.app.cursor));
    const key = `${frame.frame} ${frame.born_id} ${received}`;
    if (this.read?.key === key) return this.read;
    const bytes = (lab.frame(frame.frame, { received }) ?? lab.frame(frame.frame))?.bytes ?? new Uint8Array(0);
    const { fields } = lab.dissect(frame.frame, { received }) ?? lab.dissect(frame.frame) ?? { fields: [] };
    const owner = new Int16Array(bytes.length).fill(-1);
    fields.forEach((field, i) => {
      const isWider = field.is_header || field.bit_count > 0;
      for (let at = field.offset; at < field.offset + field.len; at++)
        {if (!isWider || owner[at] < 0 || fields[owner[at]].is_header) owner[at] = i;}
    });
    this.read = { key, bytes, fields, owner };
    this.lit = -1;
    return this.read;
  }

  /** @param {Field[]} fields @param {number} total */
  bar(fields, total) {
    const headers = fields.filter((field) => field.is_header);
    const own = headers.map((header, i) => ({
      layer: header.layer,
      name: header.protocol,
      len: (headers[i + 1]?.offset ?? header.offset + header.len) - header.offset,
    }));
    const named = own.map((part) => ({ ...part, len: Math.max(1, part.len) }));
    const payload = fields.find((field) => field.protocol === 'payload');
    if (payload) named.push({ layer: payload.layer, name: t('payload'), len: payload.len });
    const rest = total - named.reduce((sum, part) => sum + part.len, 0);
    return html`<div class="big bar" role="img" aria-label=${t('packet-bar', { bytes: total })}>
      ${named.map(({ layer, name, len }) => html`<i class=${layer} style="flex:${len} 0 0"><span>${hasMessage(`protocol-${name}`) ? t(`protocol-${name}`) : name} ${len}</span></i>`)}
      ${rest > 0 ? html`<i class="rest" style="flex:${rest} 0 0"></i>` : nothing}
    </div>`;
  }

  /** @param {Field} field @param {number} i */
  row(field, i) {
    const base = `field-${field.protocol}-${field.name.replaceAll('_', '-')}`;
    if (field.is_header) {
      return html`<tr class="head ${field.layer}">
        <th colspan="3" scope="colgroup">
          ${hasMessage(`protocol-${field.protocol}`) ? t(`protocol-${field.protocol}`) : field.protocol}
          <span class="mono">${field.text}</span>
        </th>
      </tr>`;
    }
    const name = hasMessage(base) ? t(base) : field.name;
    const meaning = hasMessage(`${base}-means`) ? t(`${base}-means`) : '';
    const light = () => (this.lit = i);
    return html`<tr
      class=${this.lit === i ? 'lit' : ''}
      data-field=${`${field.protocol}.${field.name}`}
      tabindex="0"
      @mouseenter=${light}
      @focus=${light}
      @mouseleave=${() => (this.lit = -1)}
    >
      <th scope="row" class="name ${field.layer}">${name}</th>
      <td class="mono value ${field.is_bad ? 'wrong' : ''}">${field.text || String(field.value)}</td>
      <td class="second">${meaning}</td>
    </tr>`;
  }

  /** @param {Uint8Array} bytes @param {Field[]} fields @param {Int16Array} owner */
  dump(bytes, fields, owner) {
    const lit = fields[this.lit];
    const shown = Math.min(bytes.length, BYTES_SHOWN);
    const rows = [];
    for (let at = 0; at < shown; at += ROW_BYTES) {
      const cells = [];
      for (let i = at; i < Math.min(at + ROW_BYTES, shown); i++) {
        const field = fields[owner[i]];
        const isLit = lit && i >= lit.offset && i < lit.offset + lit.len;
        cells.push(
          html`<i class="${field?.layer ?? ''} ${isLit ? 'lit' : ''}" @mouseenter=${() => (this.lit = owner[i])}
            >${hexText(bytes[i])}</i
          >`,
        );
      }
      rows.push(html`<div><span class="offset">${at.toString(16).padStart(4, '0')}</span>${cells}</div>`);
    }
    return html`<div
      class="dump"
      role="img"
      aria-label=${t('packet-bytes', { bytes: bytes.length })}
      @mouseleave=${() => (this.lit = -1)}
    >
      ${rows}
      ${shown < bytes.length ? html`<p class="second">${t('packet-more', { bytes: bytes.length - shown })}</p>` : nothing}
    </div>`;
  }

  /** @param {import('../model/types.js').FrameRecord} frame */
  why(frame) {
    const { app } = this;
    const steps = app.chain(frame.frame).map((event) => ({ event, message: sentence(event, app.session.words) }));
    // That a frame left is said already by what is in it.
    const told = steps.filter(
      ({ message, event }) => event.kind === 'action' || (message !== null && event.kind !== 'frame_sent'),
    );
    const rule = frame.rule ? app.session.lab.rules[frame.rule] : null;
    const key = frame.rule ? ruleMessage(frame.rule) : '';
    return html`<h3>${t('packet-why')}</h3>
      <ol class="chain">
        ${told.map(
          ({ event, message }) =>
            html`<li>
              <button class="plain mono" @click=${() => app.seekTo(event.id)}>${timeText(event.t_us)}</button>
              ${message ? t(message.id, message.args) : t('say-action', { action: event.action })}
            </li>`,
        )}
      </ol>
      ${rule ? html`<p class="rule"><b>${rule.document}${rule.section ? ` §${rule.section}` : ''}</b> ${hasMessage(key) ? t(key) : rule.text}</p>` : nothing}`;
  }

  render() {
    const { app } = this;
    if (!app.packet_open) return nothing;
    const frame = app.record.by_frame.get(app.selected);
    const close = () => {
      app.packet_open = false;
      app.changed();
    };
    return html`<aside aria-label=${t('packet')}>
      <div class="top">
        <h2>${t('packet')}</h2>
        <button class="plain" data-close @click=${close}>${t('close')}</button>
      </div>
      ${frame ? this.frame(frame) : html`<p class="second">${t('packet-none')}</p>`}
    </aside>`;
  }

  /** @param {import('../model/types.js').FrameRecord} frame */
  frame(frame) {
    const { bytes, fields, owner } = this.look(frame);
    return html`<p class="title mono">${frameText(frame, this.app.relative)}</p>
      <p class="second">
        ${t(`fate-${fate(frame, this.app.cursor)}`)}${frame.segment?.retransmission ? ` · ${t('fate-again')}` : ''}${frame.copy_of ? ` · ${t('fate-copy')}` : ''}${frame.corrupted ? ` · ${t('fate-corrupted')}` : ''}
      </p>
      ${bytes.length === 0 ? html`<p>${t('packet-gone')}</p>` : this.bar(fields, bytes.length)} ${this.why(frame)}
      ${
        bytes.length === 0
          ? nothing
          : html`${this.dump(bytes, fields, owner)}
              <table>
                <colgroup>
                  <col class="of-name" />
                  <col class="of-value" />
                  <col />
                </colgroup>
                <tbody>
                  ${fields.map((field, i) => this.row(field, i))}
                </tbody>
              </table>`
      }`;
  }
}

customElements.define('lab-packet', LabPacket);
