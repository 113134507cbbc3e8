/**
 * The sequence space of each connection as its events tell it: what each end has sent, what of it is acknowledged,
 * what the other end holds. Numbers are counted from each side's first one, so 0 is the SYN and 1 the first byte.
 *
 *   sender     0 ..... una ......... nxt ........... written
 *              | acked | in flight   | may be sent   | no window yet
 *                        sacked, lost: parts of it
 *   receiver   0 ..... read ..... nxt ............ edge
 *              | read  | waits    | held  window   |
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 * @typedef {[number, number]} Span from, to (not included)
 *
 * One end: what it sends and what it receives.
 * @typedef {object} Ends
 * @property {number} iss @property {number} irs
 * @property {number} una @property {number} nxt
 * @property {number} edge up to where the peer lets it send
 * @property {number | null} cwnd null: not told yet
 * @property {number} written @property {number} fin the number of the FIN that was sent; 0: none
 * @property {Span[]} sacked @property {Span[]} lost
 * @property {number} got next in order @property {number} read @property {Span[]} held @property {number} offered up to where it lets the peer send
 *
 * @typedef {{kind: string, from: number, to: number}} Part
 */
import { joinSpans } from './spans.js';
import { Owners } from './whose.js';
import { FLAG, relativeTo } from './segment.js';

/** More than half the space away is before the first number: a keep-alive's old one. */
const BEFORE = 2 ** 31;

/** @param {number} number @param {number} first */
const count = (number, first) => {
  const at = relativeTo(number, first);
  return at < BEFORE ? at : 0;
};

/** What is left of some spans from a number on. @param {Span[]} spans @param {number} from */
const after = (spans, from) =>
  spans.filter((span) => span[1] > from).map(([a, b]) => /** @type {Span} */ ([Math.max(a, from), b]));

/** Spans without another one. @param {Span[]} spans @param {Span} hole */
export function without(spans, [from, to]) {
  return spans.flatMap(([a, b]) => {
    /** @type {Span[]} */
    const left = [];
    if (a < Math.min(b, from)) left.push([a, Math.min(b, from)]);
    if (Math.max(a, to) < b) left.push([Math.max(a, to), b]);
    return left;
  });
}

/** @returns {Ends} */
const newEnds = () => ({
  ...{ iss: 0, irs: 0, una: 0, nxt: 0, edge: 0, cwnd: null, written: 0, fin: 0 },
  ...{ sacked: [], lost: [], got: 0, read: 0, held: [], offered: 0 },
});

/** What each kind of event changes at its end. @type {Record<string, (ends: Ends, event: LabEvent) => void>} */
const TAKE = {
  tcp_segment_sent(ends, event) {
    const from = count(event.seq, ends.iss);
    const syn = event.flags & FLAG.SYN ? 1 : 0;
    const fin = event.flags & FLAG.FIN ? 1 : 0;
    const to = from + event.payload_bytes + syn + fin;
    ends.nxt = Math.max(ends.nxt, to);
    if (fin) ends.fin = to - 1;
    if (to > from) ends.lost = without(ends.lost, [from, to]);
    if (!(event.flags & FLAG.ACK)) return;
    ends.got = Math.max(ends.got, count(event.ack, ends.irs)); // RCV.NXT, and the only word of a FIN
    ends.offered = Math.max(ends.offered, count(event.ack, ends.irs) + event.window_bytes);
  },
  tcp_segment_received(ends, event) {
    if (event.flags & FLAG.ACK) ends.edge = Math.max(ends.edge, count(event.ack, ends.iss) + event.window_bytes);
    if (event.flags & FLAG.SYN) ends.got = Math.max(ends.got, 1);
  },
  tcp_state(ends, event) {
    if (event.to === 'ESTABLISHED') ends.una = Math.max(ends.una, 1); // the SYN's own number
  },
  tcp_acked(ends, event) {
    ends.una = Math.max(ends.una, count(event.una, ends.iss));
    ends.sacked = after(ends.sacked, ends.una);
    ends.lost = after(ends.lost, ends.una);
  },
  tcp_send_window(ends, event) {
    ends.una = Math.max(ends.una, count(event.una, ends.iss));
    ends.edge = count(event.una, ends.iss) + event.window_bytes;
  },
  tcp_congestion(ends, event) {
    ends.cwnd = event.cwnd_bytes;
  },
  tcp_sacked(ends, event) {
    const span = /** @type {Span} */ ([count(event.from, ends.iss), count(event.to, ends.iss)]);
    ends.sacked = joinSpans([...ends.sacked, span]);
    ends.lost = without(ends.lost, span);
  },
  tcp_lost(ends, event) {
    ends.lost = joinSpans([...ends.lost, [count(event.from, ends.iss), count(event.to, ends.iss)]]);
  },
  tcp_received_in_order(ends, event) {
    ends.got = count(event.nxt, ends.irs);
    ends.held = after(ends.held, ends.got);
  },
  tcp_held_out_of_order(ends, event) {
    ends.held = joinSpans([...ends.held, [count(event.from, ends.irs), count(event.to, ends.irs)]]);
  },
  socket_call(ends, event) {
    if (event.result <= 0) return;
    if (event.call === 'SEND') ends.written += event.result;
    if (event.call === 'RECV') ends.read += event.result;
  },
};

export class SequenceSpace {
  constructor() {
    this.id = 0;
    /** @type {LabEvent | null} */
    this.last = null;
    /** @type {Map<string, Ends>} */
    this.ends = new Map();
    this.owners = new Owners();
  }

  /**
   * Follows a log up to an event; when it went another way since, from the start.
   * @param {LabEvent[]} log @param {number} id
   */
  follow(log, id) {
    if (id < this.id || (this.last && log[this.id - 1] !== this.last)) Object.assign(this, new SequenceSpace());
    const at = (/** @type {number} */ cause) => log[cause - 1];
    for (; this.id < id; this.id++) this.#take(log[this.id], at);
    this.last = id > 0 ? log[id - 1] : null;
  }

  /** @param {LabEvent} event @param {(id: number) => LabEvent | undefined} at */
  #take(event, at) {
    const take = TAKE[event.kind];
    if (!take) return;
    const key = this.owners.keyOf(event, at);
    if (!key) return;
    let ends = this.ends.get(key);
    const isSyn = event.kind.startsWith('tcp_segment') && (event.flags & FLAG.SYN) !== 0;
    if (isSyn && event.kind === 'tcp_segment_sent' && !event.retransmission) {
      const irs = event.flags & FLAG.ACK ? (ends?.irs ?? 0) : 0;
      const got = event.flags & FLAG.ACK ? (ends?.got ?? 0) : 0;
      this.ends.set(key, (ends = { ...newEnds(), irs, got, iss: event.seq }));
    }
    if (!ends) this.ends.set(key, (ends = newEnds()));
    if (isSyn && event.kind === 'tcp_segment_received') ends.irs = event.seq;
    take(ends, event);
  }
}

/** @param {Part[]} parts */
const filled = (parts) => parts.filter((part) => part.to > part.from);

/**
 * What the sender knows of its numbers, from 0 up to the peer's edge or the last byte written.
 * @param {Ends} ends
 * @returns {Part[]} in order, without gaps
 */
export function sendParts(ends) {
  const parts = filled([{ kind: 'acked', from: 0, to: ends.una }]);
  const marks = [
    ...ends.sacked.map(([from, to]) => ({ kind: 'sacked', from, to })),
    ...ends.lost.map(([from, to]) => ({ kind: 'lost', from, to })),
  ].sort((a, b) => a.from - b.from);
  let at = ends.una;
  for (const mark of marks) {
    parts.push(...filled([{ kind: 'flight', from: at, to: mark.from }, mark]));
    at = Math.max(at, mark.to);
  }
  parts.push(...filled([{ kind: 'flight', from: at, to: ends.nxt }]));
  const last = Math.max(ends.nxt, ends.written > 0 ? 1 + ends.written : 0);
  const edge = Math.max(ends.nxt, sendEdge(ends));
  parts.push(...filled([{ kind: 'sendable', from: ends.nxt, to: Math.min(last, edge) }]));
  parts.push(...filled([{ kind: 'free', from: Math.max(ends.nxt, last), to: edge }]));
  parts.push(...filled([{ kind: 'beyond', from: Math.max(ends.nxt, edge), to: last }]));
  return parts.sort((a, b) => a.from - b.from);
}

/** @param {Span[]} spans */
const size = (spans) => spans.reduce((sum, [from, to]) => sum + to - from, 0);

/** Bytes that are on their way: sent, and neither acknowledged nor taken for lost. @param {Ends} ends */
export const inFlight = (ends) => Math.max(0, ends.nxt - ends.una - size(ends.sacked) - size(ends.lost));

/** Up to where it may send now: as far as the peer's window lets it, and the congestion window. @param {Ends} ends */
export function sendEdge(ends) {
  if (ends.cwnd === null) return ends.edge;
  return Math.min(ends.edge, ends.nxt + Math.max(0, ends.cwnd - inFlight(ends)));
}

/**
 * What the receiver has, in the numbers of the sender. SYN and FIN take a number and carry nothing.
 * @param {Ends} ends the receiver's own
 * @param {number} [fin] the number of the sender's FIN; 0: it has sent none
 * @returns {Part[]}
 */
export function receiveParts(ends, fin = 0) {
  const first = Math.min(1, ends.got);
  const last = fin > 0 && ends.got > fin ? fin : ends.got;
  const read = Math.min(last, first + ends.read);
  const parts = filled([
    { kind: 'control', from: 0, to: first },
    { kind: 'read', from: first, to: read },
    { kind: 'waiting', from: read, to: last },
    { kind: 'control', from: last, to: ends.got },
  ]);
  let at = ends.got;
  for (const [from, to] of ends.held) {
    parts.push(...filled([{ kind: 'open', from: at, to: from }, { kind: 'held', from, to }]));
    at = Math.max(at, to);
  }
  parts.push(...filled([{ kind: 'open', from: at, to: ends.offered }]));
  return parts;
}
