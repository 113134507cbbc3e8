/**
 * What has arrived at a host's program, compared with what was sent to it. What is missing is counted, never hidden.
 *
 * @typedef {import('./session.js').Session} Session
 */
import { sha256 } from './sha256.js';
import { shownConnection } from './select.js';

const decoder = new TextDecoder();

/** Of a longer text the end is shown: so many bytes of it are looked at. */
const END_BYTES = 4096;

/** The end of what arrived, beginning with a whole character. @param {Uint8Array} bytes */
function endOf(bytes) {
  let from = Math.max(0, bytes.length - END_BYTES);
  while (from > 0 && from < bytes.length && (bytes[from] & 0xc0) === 0x80) from++;
  return bytes.subarray(from);
}

/** Bytes as text when they are text; else how many there are. @param {Uint8Array} bytes */
export function asText(bytes) {
  const text = decoder.decode(bytes);
  // eslint-disable-next-line no-control-regex -- control characters are what tells data from text
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text) ? '' : text;
}

export class Arrivals {
  /** @param {Session} session @param {number} node who receives */
  constructor(session, node) {
    this.session = session;
    this.node = node;
    /** Sums already worked out. @type {Map<string, string>} */
    this.sums = new Map();
  }

  get isEmpty() {
    return this.stream().bytes === 0 && this.datagrams().sent === 0;
  }

  /** @param {string} key @param {Uint8Array} bytes */
  #sum(key, bytes) {
    let sum = this.sums.get(key);
    if (sum === undefined) this.sums.set(key, (sum = sha256(bytes)));
    return sum;
  }

  /** The last thing that was sent to this host in a way. @param {'tcp' | 'udp'} way */
  #lastSent(way) {
    const { cursor } = this.session.timeline;
    return this.session.sent.findLast((each) => each.way === way && each.from !== this.node && each.id <= cursor.id);
  }

  /** The bytes of the shown connection. */
  stream() {
    const { timeline } = this.session;
    const got = this.session.received(this.node);
    const connection = shownConnection(timeline.state, this.node);
    const whole = this.session.sent.filter(
      (each) =>
        each.way === 'tcp' &&
        each.from !== this.node &&
        each.id <= timeline.cursor.id &&
        each.connection === connection?.key,
    );
    const last = whole.at(-1);
    if (!last?.name) return { bytes: got.length, text: asText(endOf(got)), file: null };
    const before = whole.slice(0, -1).reduce((sum, each) => sum + each.bytes.length, 0);
    const part = got.subarray(before);
    const isWhole = part.length >= last.bytes.length;
    const sum = isWhole ? this.#sum(`${last.id} got ${connection?.since_id}`, part) : '';
    const equal = isWhole ? sum === this.#sum(`${last.id} sent`, last.bytes) : null;
    return {
      bytes: got.length,
      text: '',
      file: { name: last.name, arrived: part.length, expected: last.bytes.length, equal, sum },
    };
  }

  datagrams() {
    const { cursor, state, record } = this.session.timeline;
    const sum = { sent: 0, sent_bytes: 0, received: 0, received_bytes: 0, extra: 0, flying: false, last: '' };
    const seen = new Set();
    let last = 0;
    for (const { id, node, frame, payload_bytes, way } of record.datagrams) {
      if (id > cursor.id) break;
      if (way === 'sent' && node !== this.node) {
        sum.sent++;
        sum.sent_bytes += payload_bytes;
      } else if (way === 'received' && node === this.node) {
        const original = record.by_frame.get(frame)?.copy_of || frame;
        last = frame;
        if (seen.has(original)) sum.extra++;
        else {
          seen.add(original);
          sum.received++;
          sum.received_bytes += payload_bytes;
        }
      }
    }
    sum.flying = state.flying.some((frame) => record.by_frame.get(frame)?.protocol === 'udp');
    if (last && !this.#lastSent('udp')?.name) sum.last = asText(this.session.datagramBytes(last));
    return sum;
  }
}
