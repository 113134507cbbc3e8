/**
 * Whose an event is: many name only a socket, and before accept() not even that. The connection is known from the
 * segment or the timer that caused them, or from the socket's own segments.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 */
import { connectionKey } from './record.js';

/** So far back a cause is looked for. */
const CAUSES_MAX = 6;

/** The connection that an event names by its ports, at the host that tells of it. @param {LabEvent} event @returns {string} '': it names none */
export function segmentKey(event) {
  if ((event.kind === 'tcp_state' && event.remote_port) || event.kind.startsWith('tcp_timer_')) {
    return connectionKey(event.node, event.local_port, event.remote_port, event.remote_addr);
  }
  if (event.kind === 'tcp_segment_sent') return connectionKey(event.node, event.src_port, event.dst_port, event.dst_addr);
  if (event.kind === 'tcp_segment_received') return connectionKey(event.node, event.dst_port, event.src_port, event.src_addr);
  return '';
}

/** The connection begins that an event tells of: it is another one than any of the same numbers before. @param {LabEvent} event */
const begins = ({ kind, to }) => kind === 'tcp_state' && (to === 'SYN_SENT' || to === 'SYN_RCVD');

/** The number that a call gave out; 0: none. @param {LabEvent} event */
const givenBy = ({ kind, call, result }) => (kind === 'socket_call' && (call === 'SOCKET' || call === 'ACCEPT') && result > 0 ? result : 0);

export class Owners {
  constructor() {
    /** Connections by node and socket. @type {Map<string, {key: string, life: number}>} */
    this.of_socket = new Map();
    /** How often a connection with these numbers began. @type {Map<string, number>} */
    this.lives = new Map();
    /** Those that had a socket's number before it was given out again; they may speak under it still. @type {Map<string, Map<string, number>>} */
    this.former = new Map();
  }

  /**
   * The connection of an event, in the order of the log. What is learned on the way tells calls apart later.
   * @param {LabEvent} event
   * @param {(id: number) => LabEvent | undefined} at
   * @returns {string} '' when it is nobody's
   */
  keyOf(event, at) {
    const given = givenBy(event);
    if (given) this.#giveOut(`${event.node} ${given}`);
    const place = `${event.node} ${event.socket}`;
    if (!event.kind.startsWith('tcp_')) return this.of_socket.get(place)?.key ?? '';
    const key = segmentKey(event) || this.#ofCause(event, at) || this.of_socket.get(place)?.key || '';
    if (key && begins(event)) this.lives.set(key, (this.lives.get(key) ?? 0) + 1);
    if (key && event.socket) this.#learn(place, key);
    return key;
  }

  /** @param {string} place @param {string} key */
  #learn(place, key) {
    const life = this.lives.get(key) ?? 0;
    if (this.former.get(place)?.get(key) !== life) this.of_socket.set(place, { key, life });
  }

  /** @param {string} place */
  #giveOut(place) {
    const before = this.of_socket.get(place);
    if (!before) return;
    this.of_socket.delete(place);
    const former = this.former.get(place) ?? new Map();
    this.former.set(place, former.set(before.key, before.life));
  }

  /** @param {LabEvent} event @param {(id: number) => LabEvent | undefined} at */
  #ofCause(event, at) {
    let cause = at(event.cause);
    for (let i = 0; i < CAUSES_MAX && cause; i++, cause = at(cause.cause)) {
      const key = cause.node === event.node ? segmentKey(cause) : '';
      if (key) return key;
    }
    return '';
  }
}
