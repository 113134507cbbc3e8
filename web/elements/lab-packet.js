/**
 * One frame from the inside: its stripes, its bytes, its fields with what they mean, why it was sent and what became
 * of it. Fields and bytes light each other up; both have their layer's colour. Held against another frame, what
 * differs is marked.
 */
import { html, nothing } from 'lit';
import { LabElement } from './base.js';
import { packetStyles } from './lab-packet-styles.js';
import { checksumWorking } from '../views/checksum-working.js';
import { frameBarStyles } from '../views/frame-bar.js';
import { lifeOf, whySent } from '../views/packet-story.js';
import { hasMessage, t } from '../i18n/index.js';
import { covered } from '../model/checksum.js';
import { hexText, timeText } from '../model/format.js';
import { fate } from '../model/select.js';
import { frameText } from '../model/segment.js';

/** @typedef {import('../../wasm/engine.js').DissectField} Field */
/** @typedef {import('../model/types.js').FrameRecord} FrameRecord */
/** @typedef {{bytes: Uint8Array, fields: Field[], owner: Int16Array}} Inside */

const ROW_BYTES = 16;
/** A frame with much payload shows its headers and the payload's beginning. */
const BYTES_SHOWN = 112;
/** Frames that one can be held against: the nearest of its protocol. */
const OTHERS_MAX = 40;

export class LabPacket extends LabElement {
  static properties = { lit: { state: true }, opened: { state: true }, whole: { state: true } };
  static styles = [LabElement.styles, frameBarStyles, packetStyles];

  constructor() {
    super();
    /** Index of the field that is pointed at; -1: none. */
    this.lit = -1;
    /** The field that is explained at length, by its name. */
    this.opened = '';
    /** The frame whose chain of reasons is shown in full. */
    this.whole = 0;
    /** @type {Map<string, Inside>} */
    this.read = new Map();
  }

  /** The frame's bytes and fields, read once. What a frame suffers on its way shows in what was received. @param {FrameRecord} frame @returns {Inside} */
  look(frame) {
    const { lab } = this.app.session;
    const received = ['delivered', 'discarded'].includes(fate(frame, this.app.cursor));
    const key = `${frame.frame} ${frame.born_id} ${received} ${frame.corrupted}`;
    const known = this.read.get(key);
    if (known) return known;
    const bytes = (lab.frame(frame.frame, { received }) ?? lab.frame(frame.frame))?.bytes ?? new Uint8Array(0);
    const { fields } = lab.dissect(frame.frame, { received }) ?? lab.dissect(frame.frame) ?? { fields: [] };
    if (this.read.size > 3) this.read.clear();
    this.lit = -1;
    const inside = { bytes, fields, owner: ownersOf(fields, bytes.length) };
    if (bytes.length > 0) this.read.set(key, inside);
    return inside;
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

  /** What a field says: sequence numbers as everywhere on the page, counted from the first or not. @param {Field} field @param {FrameRecord} frame */
  value(field, frame) {
    const counted = frame.segment?.relative[/** @type {'seq' | 'ack'} */ (field.name)];
    const isCounted = this.app.relative && field.protocol === 'tcp' && counted !== undefined;
    return isCounted ? String(counted) : field.text || String(field.value);
  }

  /** @param {Field} field @param {FrameRecord} frame */
  meaning(field, frame) {
    const base = keyOf(field);
    const counted = frame.segment?.relative[/** @type {'seq' | 'ack'} */ (field.name)];
    if (this.app.relative && field.protocol === 'tcp' && counted !== undefined) {
      return t('packet-absolute', { number: String(field.value) });
    }
    return hasMessage(`${base}-means`) ? t(`${base}-means`) : '';
  }

  /**
   * @param {Field} field @param {number} i
   * @param {FrameRecord} frame
   * @param {Inside} inside
   * @param {{frame: FrameRecord, inside: Inside} | null} other
   */
  row(field, i, frame, inside, other) {
    const base = keyOf(field);
    if (field.is_header) {
      return html`<tr class="head ${field.layer}">
        <th colspan="3" scope="colgroup">
          ${hasMessage(`protocol-${field.protocol}`) ? t(`protocol-${field.protocol}`) : field.protocol}
          <span class="mono">${field.text}</span>
        </th>
      </tr>`;
    }
    const name = `${field.protocol}.${field.name}`;
    const match = other && other.inside.fields.find((each) => each.protocol === field.protocol && each.name === field.name);
    const theirs = match && other ? this.value(match, other.frame) : '–';
    const differs = other !== null && theirs !== this.value(field, frame);
    const isOpen = this.opened === name;
    const light = () => (this.lit = i);
    return html`<tr
        class="${this.lit === i ? 'lit' : ''} ${differs ? 'differs' : ''}"
        data-field=${name}
        @mouseenter=${light}
        @mouseleave=${() => (this.lit = -1)}
      >
        <th scope="row" class="name ${field.layer}">
          <button class="plain" aria-expanded=${isOpen} @focus=${light} @click=${() => (this.opened = isOpen ? '' : name)}>
            ${hasMessage(base) ? t(base) : field.name}
          </button>
        </th>
        <td class="mono value ${field.is_bad ? 'wrong' : ''}">${this.value(field, frame)}</td>
        <td class=${other ? 'mono value' : 'second'}>${other ? theirs : this.meaning(field, frame)}</td>
      </tr>
      ${isOpen ? this.explained(field, inside, frame) : nothing}`;
  }

  /** A field at length. @param {Field} field @param {Inside} inside @param {FrameRecord} frame */
  explained(field, { bytes, fields }, frame) {
    const base = keyOf(field);
    const more = hasMessage(`${base}-more`) ? t(`${base}-more`) : this.meaning(field, frame);
    const bits = field.bit_count > 0 ? t('packet-bits', { count: field.bit_count, at: field.bit_offset }) : '';
    const pieces = field.name === 'checksum' ? covered(bytes, fields, field.protocol) : null;
    return html`<tr class="more">
      <td colspan="3">
        <p>${more}</p>
        <p class="second">${t('packet-place', { from: field.offset, bytes: field.len })} ${bits}</p>
        ${pieces ? checksumWorking(pieces, field) : nothing}
      </td>
    </tr>`;
  }

  /** @param {Inside} inside */
  dump({ bytes, fields, owner }) {
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

  /** Which frame to hold it against. @param {FrameRecord} frame */
  compare(frame) {
    const { app } = this;
    const near = app.record.frames
      .filter((each) => each !== frame && each.protocol === frame.protocol && fate(each, app.cursor) !== 'unborn')
      .sort((a, b) => Math.abs(a.frame - frame.frame) - Math.abs(b.frame - frame.frame))
      .slice(0, OTHERS_MAX)
      .sort((a, b) => a.frame - b.frame);
    if (near.length === 0) return nothing;
    return html`<label class="compare"
      >${t('packet-compare')}
      <select
        @change=${(/** @type {Event} */ event) => {
          app.compared = Number(/** @type {HTMLSelectElement} */ (event.target).value);
          app.changed();
        }}
      >
        <option value="0">${t('packet-compare-none')}</option>
        ${near.map(
          (each) =>
            html`<option value=${each.frame} ?selected=${each.frame === app.compared}>
              ${timeText(each.sent_us ?? each.born_us)} ${frameText(each, app.relative)}
            </option>`,
        )}
      </select></label
    >`;
  }

  /** @param {FrameRecord} frame @param {Inside} inside @param {{frame: FrameRecord, inside: Inside} | null} other */
  table(frame, inside, other) {
    return html`<table class="fields">
      <colgroup>
        <col class="of-name" />
        <col class="of-value" />
        <col />
      </colgroup>
      ${other ? html`<thead class="hidden-head"><tr><th scope="col">${t('column-what')}</th><th scope="col">${t('packet-this')}</th><th scope="col">${t('packet-other')}</th></tr></thead>` : nothing}
      <tbody>
        ${inside.fields.map((field, i) => this.row(field, i, frame, inside, other))}
      </tbody>
    </table>`;
  }

  render() {
    const frame = this.app.record.by_frame.get(this.app.selected);
    if (!frame || fate(frame, this.app.cursor) === 'unborn') return html`<p class="second">${t('packet-none')}</p>`;
    return this.frame(frame);
  }

  /** @param {FrameRecord} frame */
  frame(frame) {
    const { app } = this;
    const inside = this.look(frame);
    const against = app.compared !== frame.frame ? app.record.by_frame.get(app.compared) : undefined;
    const other = against ? { frame: against, inside: this.look(against) } : null;
    const { bytes, fields } = inside;
    return html`<div class="packet">
      <p class="title mono">${frameText(frame, app.relative)}</p>
      <p class="second">
        ${t(`fate-${fate(frame, app.cursor)}`)}${frame.segment?.retransmission ? ` · ${t('fate-again')}` : ''}${frame.copy_of ? ` · ${t('fate-copy')}` : ''}${frame.corrupted ? ` · ${t('fate-corrupted')}` : ''}
      </p>
      ${bytes.length === 0 ? html`<p>${t('packet-gone')}</p>` : this.bar(fields, bytes.length)} ${whySent(app, frame, { whole: this.whole === frame.frame, open: () => (this.whole = frame.frame) })}
      ${
        bytes.length === 0
          ? nothing
          : html`${this.dump(inside)} ${this.compare(frame)} ${this.table(frame, inside, other)}`
      }
      ${lifeOf(app, frame)}
    </div>`;
  }
}

/** Which field each byte is of: the narrowest. @param {Field[]} fields @param {number} length @returns {Int16Array} by index, -1: none */
export function ownersOf(fields, length) {
  const owner = new Int16Array(length).fill(-1);
  fields.forEach((field, i) => {
    const isWider = field.is_header || field.bit_count > 0;
    for (let at = field.offset; at < field.offset + field.len; at++) {
      if (!isWider || owner[at] < 0 || fields[owner[at]].is_header) owner[at] = i;
    }
  });
  return owner;
}

/** A field's messages begin so. @param {Field} field */
const keyOf = (field) => `field-${field.protocol}-${field.name.replaceAll('_', '-')}`;

customElements.define('lab-packet', LabPacket);
