/** A captured packet from the inside: the lab's packet view, for a frame that came out of a file. */
import { html, nothing } from 'lit';
import { LabPacket, ownersOf } from './lab-packet.js';
import { t } from '../i18n/index.js';
import { secondsText } from '../model/capture-ladder.js';
import { timeText } from '../model/format.js';
import { Rush } from '../model/rush.js';
import { frameText } from '../model/segment.js';

/** What the packet view asks of the page: sequence numbers count from the first ones, and nothing else ever changes. */
const APP = /** @type {any} */ ({ relative: true, rush: new Rush(), subscribe: () => () => {} });

/**
 * @typedef {object} ShownPacket
 * @property {import('../model/types.js').FrameRecord} frame
 * @property {number} number in the file, from 1
 * @property {number} wire_bytes
 * @property {import('../model/capture-desk.js').CapturedInside} inside
 * @property {string[]} verdicts
 * @property {[string, string]} states
 * @property {[string, string]} endpoints
 * @property {number} rtt_us
 */

export class LabCapturePacket extends LabPacket {
  static properties = { ...LabPacket.properties, shown: { attribute: false } };

  constructor() {
    super();
    this.app = APP;
    /** @type {ShownPacket | null} */
    this.shown = null;
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    super.willUpdate(changed);
    if (changed.has('shown')) this.lit = -1;
  }

  shouldUpdate() {
    return this.shown !== null;
  }

  render() {
    const { frame, wire_bytes, inside, verdicts, states, endpoints, rtt_us } = /** @type {ShownPacket} */ (this.shown);
    const { bytes, fields, malformed } = inside;
    const own = { bytes, fields, owner: ownersOf(fields, bytes.length) };
    const [from, to] = endpoints;
    return html`<div class="packet">
      <p class="title mono">${frameText(frame, true)}</p>
      <p class="second">
        ${t('capture-packet-time', { time: secondsText(frame.sent_us ?? 0), captured: bytes.length, wire: wire_bytes })}
      </p>
      ${verdicts.map((name) => html`<p class="noticed"><strong>${t(noticed(name))}</strong> ${t(`${noticed(name)}-more`)}</p>`)}
      ${rtt_us ? html`<p>${t('capture-packet-rtt', { time: timeText(rtt_us) })}</p>` : nothing}
      <p>${t('capture-packet-state', { from, to, state_0: states[0], state_1: states[1] })}</p>
      ${malformed ? html`<p>${t('capture-packet-malformed')}</p>` : nothing} ${this.bar(fields, bytes.length)} ${this.dump(own)}
      ${this.table(frame, own, null)}
    </div>`;
  }
}

/** The message of a verdict. @param {string} name */
export const noticed = (name) => `noticed-${name.toLowerCase().replaceAll('_', '-')}`;

customElements.define('lab-capture-packet', LabCapturePacket);
