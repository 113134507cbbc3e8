/**
 * The sequence space: what the sender knows of its numbers and what the receiver has of them, to scale and under each
 * other; and through a lens each byte, with the text that a person sent.
 */
import { html, nothing, svg } from 'lit';
import { LabElement } from './base.js';
import { SizeOf } from './size-of.js';
import { BAR, CELL, byteRow, byteTicks, sequenceBars } from '../views/sequence-bars.js';
import { sequenceStyles } from './lab-sequence-styles.js';
import { t } from '../i18n/index.js';
import { bytesText } from '../model/format.js';
import { otherEnd, shownConnection } from '../model/select.js';
import { SequenceSpace, inFlight, receiveParts, sendEdge, sendParts } from '../model/sequence.js';
import { FLAG } from '../model/segment.js';

/** Kinds of which the bytes are there to be shown. */
const RECEIVED = ['read', 'waiting', 'held'];

export class LabSequence extends LabElement {
  static properties = { width: { state: true }, sender: { state: true }, lens: { state: true } };
  static styles = [LabElement.styles, sequenceStyles];

  constructor() {
    super();
    this.width = 427;
    /** Who sends; the other one receives. */
    this.sender = 0;
    /** Number of the first byte under the lens; null: it follows what happens. @type {number | null} */
    this.lens = null;
    this.space = new SequenceSpace();
    this.size = new SizeOf(this, ({ width }) => (this.width = Math.max(280, Math.floor(width))));
  }

  /** The two ends of what is shown, and their parts; null: nobody has sent anything. */
  look() {
    const { app, sender } = this;
    const connection = shownConnection(app.state, sender);
    if (!connection) return null;
    this.space.follow(app.timeline.log, app.cursor.id);
    const ends = this.space.ends.get(connection.key);
    if (!ends || ends.nxt === 0) return null;
    const peer = otherEnd(app.state, connection);
    const theirs = peer ? this.space.ends.get(peer.key) : undefined;
    const received = theirs && theirs.irs === ends.iss ? theirs : undefined;
    return {
      ends,
      received,
      send: sendParts(ends),
      receive: received ? receiveParts(received, ends.fin) : [],
      given: peer ? app.session.given(sender, peer.key) : new Uint8Array(0),
      arrived: peer ? app.session.arrived(peer.key) : new Uint8Array(0),
    };
  }

  /** The numbers of the lit segment, when it goes this way. @returns {{from: number, to: number} | null} */
  get lit() {
    const frame = this.app.record.by_frame.get(this.app.lit);
    const segment = frame?.segment;
    if (!segment || frame.node !== this.sender) return null;
    const from = segment.relative.seq;
    const controls = (segment.flags & FLAG.SYN ? 1 : 0) + (segment.flags & FLAG.FIN ? 1 : 0);
    const to = from + segment.payload_bytes + controls;
    return to > from ? { from, to } : null;
  }

  /** Lights the segment that last carried a byte. @param {number} number */
  pick(number) {
    const { app, sender } = this;
    const carries = (/** @type {import('../model/types.js').FrameRecord} */ frame) => {
      if (!frame.segment || frame.node !== sender || frame.born_id > app.cursor.id) return false;
      const from = frame.segment.relative.seq;
      const controls = (frame.segment.flags & FLAG.SYN ? 1 : 0) + (frame.segment.flags & FLAG.FIN ? 1 : 0);
      return number >= from && number < from + frame.segment.payload_bytes + controls;
    };
    app.point(app.record.frames.findLast(carries)?.frame ?? 0);
  }

  /** @param {number} number @param {number} first */
  number(number, first) {
    return this.app.relative ? number.toLocaleString('en-US') : String((number + first) >>> 0);
  }

  /** @param {NonNullable<ReturnType<LabSequence['look']>>} look */
  drawing(look) {
    const { app, width, sender } = this;
    const { ends, received, send, receive } = look;
    const cells = Math.floor(width / CELL.width);
    const hi = Math.max(send.at(-1)?.to ?? 1, receive.at(-1)?.to ?? 1, cells);
    const start = Math.min(ends.una, received?.read ?? ends.una);
    const lo = Math.max(0, Math.floor(start - (hi - start) * 0.3));
    const scale = { lo, hi, width };
    const { lit } = this;
    const last = Math.max(ends.nxt, ends.written);
    const focus = lit ? lit.from - 2 : Math.min(ends.una - Math.floor(cells * 0.6), last - Math.floor(cells * 0.8));
    const from = Math.max(0, Math.min(this.lens ?? focus, hi - cells));
    const name = (/** @type {number} */ at) => this.number(at, ends.iss);
    const above = [
      { name: `SND.UNA ${name(ends.una)}`, at: ends.una },
      { name: `SND.NXT ${name(ends.nxt)}`, at: ends.nxt },
      { name: `${t('seq-edge')} ${name(sendEdge(ends))}`, at: sendEdge(ends) },
    ];
    const below = received
      ? [
          { name: `RCV.NXT ${name(received.got)}`, at: received.got },
          { name: `${t('seq-window')} ${name(received.offered)}`, at: received.offered },
        ]
      : [];
    const bars = sequenceBars(scale, { send, receive, above, below, lit, lens: { from, to: from + cells } });
    const byte = { from, cells, lit, pick: (/** @type {number} */ number) => this.pick(number), fin: ends.fin };
    const nodes = app.session.nodes;
    return html`<div class="bars" @mouseleave=${() => app.point(0)}>
        <svg role="img" aria-label=${t('seq-picture')} style="height:${BAR.total}px">${bars}</svg>
        <input
          type="range"
          min="0"
          max=${Math.max(0, hi - cells)}
          .value=${String(from)}
          aria-label=${t('seq-lens')}
          @input=${(/** @type {Event} */ event) => (this.lens = Number(/** @type {HTMLInputElement} */ (event.target).value))}
          @keydown=${(/** @type {KeyboardEvent} */ event) => event.key.startsWith('Arrow') && event.stopPropagation()}
        />
      </div>
      <div class="lens-head">
        <h3>${t('seq-bytes')}</h3>
        <button class="plain" aria-pressed=${this.lens === null} @click=${() => (this.lens = null)}>${t('ladder-follow')}</button>
      </div>
      <div class="cells" @mouseleave=${() => app.point(0)}>
        <svg role="img" aria-label=${t('seq-bytes')} style="height:${2 * CELL.height + 52}px">
          <text class="row-name" x="0" y="11">${t('seq-sends', { node: nodes[sender].name })}</text>
          ${byteRow({ ...byte, parts: send, bytes: look.given, y: 16, knows: () => true })}
          ${byteRow({ ...byte, parts: receive, bytes: look.arrived, y: 20 + CELL.height, knows: (kind) => RECEIVED.includes(kind) })}
          <text class="row-name" x=${cells * CELL.width} y=${2 * CELL.height + 48} text-anchor="end">${t('seq-receives', { node: nodes[1 - sender].name })}</text>
          ${svg`${byteTicks(from, cells, 20 + 2 * CELL.height, name, app.relative ? 5 : 15)}`}
        </svg>
      </div>`;
  }

  /** The same in numbers. @param {'send' | 'receive'} side @param {import('../model/sequence.js').Part[]} parts @param {number} first */
  numbers(side, parts, first) {
    const node = side === 'send' ? this.sender : 1 - this.sender;
    return html`<table>
      <caption>
        ${t(side === 'send' ? 'seq-sends' : 'seq-receives', { node: this.app.session.nodes[node].name })}
      </caption>
      <tbody>
        ${parts.map(
          (part) =>
            html`<tr @mouseenter=${() => this.pick(part.from)} @mouseleave=${() => this.app.point(0)}>
              <th scope="row">
                <svg class="swatch" aria-hidden="true"><rect class="part ${part.kind}" x="1" y="1" width="22" height="12"></rect></svg>
                ${t(`part-${part.kind}`)}
              </th>
              <td class="mono">${this.number(part.from, first)}${part.to - part.from > 1 ? ` – ${this.number(part.to - 1, first)}` : ''}</td>
              <td class="mono count">${t('seq-count', { count: (part.to - part.from).toLocaleString('en-US') })}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  render() {
    const { app } = this;
    const look = this.look();
    const way = (/** @type {number} */ node) =>
      html`<button
        class="plain"
        aria-pressed=${this.sender === node}
        @click=${() => {
          this.sender = node;
          this.lens = null;
        }}
      >
        ${t('host', { node: app.session.nodes[node].name })} → ${t('host', { node: app.session.nodes[1 - node].name })}
      </button>`;
    return html`<div class="ways" role="group" aria-label=${t('seq-way')}>${way(0)}${way(1)}</div>
      ${
        look
          ? html`${this.drawing(look)} ${this.numbers('send', look.send, look.ends.iss)}
              ${look.received ? this.numbers('receive', look.receive, look.ends.iss) : nothing}
              <p class="second sums">
                ${t('seq-flight', { bytes: bytesText(inFlight(look.ends)) })}
                ${look.ends.cwnd === null ? nothing : t('seq-cwnd', { bytes: bytesText(look.ends.cwnd) })}
              </p>`
          : html`<p class="second empty">${t('seq-none')}</p>`
      }`;
  }
}

customElements.define('lab-sequence', LabSequence);
