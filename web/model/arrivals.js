/**
 * What has arrived at a host's program, compared with what was sent to it. What is missing is counted, never hidden.
 *
 * @typedef {import('./session.js').Session} Session
 */
import { Sha256 } from './sha256.js';
import { shownConnection } from './select.js';
import { firstNot } from './time-index.js';

const decoder = new TextDecoder();

/** So much of a sum is worked out at once: it takes some milliseconds. */
export const SUM_BYTES = 1 << 18;

/** @param {Uint8Array} a @param {Uint8Array} b */
function isSame(a, b) {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at === a.length && a.length === b.length;
}

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
    /** Files that have come whole: are they as they were sent, and their sums as far as they are worked out. @type {Map<string, {equal: boolean, hash: Sha256, done_bytes: number, sum: string}>} */
    this.files = new Map();
  }

  get isEmpty() {
    return this.session.received(this.node).length === 0 && this.datagrams().sent === 0;
  }

  /** A file that is whole. Each time it is asked for, its sum is worked out further. @param {string} key @param {Uint8Array} got @param {Uint8Array} sent */
  #whole(key, got, sent) {
    let file = this.files.get(key);
    if (!file) this.files.set(key, (file = { equal: isSame(got, sent), hash: new Sha256(), done_bytes: 0, sum: '' }));
    if (file.sum) return file;
    const part = got.subarray(file.done_bytes, file.done_bytes + SUM_BYTES);
    file.hash.update(part);
    file.done_bytes += part.length;
    if (file.done_bytes === got.length) file.sum = file.hash.digest();
    return file;
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
    const { name, bytes } = last;
    const file = part.length >= bytes.length ? this.#whole(`${last.id} ${connection?.since_id}`, part, bytes) : null;
    return {
      bytes: got.length,
      text: '',
      file: { name, arrived: part.length, expected: bytes.length, equal: file?.equal ?? null, sum: file?.sum ?? '' },
    };
  }

  datagrams() {
    const { cursor, state, record } = this.session.timeline;
    const sum = { sent: 0, sent_bytes: 0, received: 0, received_bytes: 0, extra: 0, flying: false, last: '' };
    let last = 0;
    for (const [key, notes] of record.datagrams) {
      const note = notes[firstNot(notes.length, (i) => notes[i].id <= cursor.id) - 1];
      const [way, node] = key.split(' ');
      if (!note) continue;
      if (way === 'sent' && Number(node) !== this.node) {
        sum.sent += note.count;
        sum.sent_bytes += note.bytes;
      } else if (way === 'received' && Number(node) === this.node) {
        Object.assign(sum, { received: note.count, received_bytes: note.bytes, extra: note.extra });
        last = note.frame;
      }
    }
    sum.flying = state.flying.some((frame) => record.by_frame.get(frame)?.protocol === 'udp');
    if (last && !this.#lastSent('udp')?.name) sum.last = asText(this.session.datagramBytes(last));
    return sum;
  }
}
