/**
 * Whose an event is: many name only a socket, and before accept() not even that. The connection is known from the
 * segment that caused them, or from the socket's own segments.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 */
import { connectionKey } from './record.js';

/** So far back a cause is looked for. */
const CAUSES_MAX = 6;

/** The connection that an event names by its ports, at the host that tells of it. @param {LabEvent} event @returns {string} '': it names none */
export function segmentKey(event) {
  if (event.kind === 'tcp_state' && event.remote_port) {
    return connectionKey(event.node, event.local_port, event.remote_port, event.remote_addr);
  }
  if (event.kind === 'tcp_segment_sent') return connectionKey(event.node, event.src_port, event.dst_port, event.dst_addr);
  if (event.kind === 'tcp_segment_received') return connectionKey(event.node, event.dst_port, event.src_port, event.src_addr);
  return '';
}

export class Owners {
  constructor() {
    /** Connections by node and socket. @type {Map<string, string>} */
    this.of_socket = new Map();
  }

  /**
   * The connection of an event, in the order of the log. What is learned on the way tells calls apart later.
   * @param {LabEvent} event
   * @param {(id: number) => LabEvent | undefined} at
   * @returns {string} '' when it is nobody's
   */
  keyOf(event, at) {
    const place = `${event.node} ${event.socket}`;
    if (!event.kind.startsWith('tcp_')) return this.of_socket.get(place) ?? '';
    const key = segmentKey(event) || this.#ofCause(event, at) || this.of_socket.get(place) || '';
    if (key && event.socket) this.of_socket.set(place, key);
    return key;
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
