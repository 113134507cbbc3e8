/**
 * How long play stands at an event: at those that a person is to see, and at those that mark a turn.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 */

/** A header put on or taken off is held this long when 20 ms take 2 s; other news a little longer. */
/** @type {Record<string, number>} */
const DWELL_MS = { header_added: 180, header_removed: 130, tcp_state: 360, socket_call: 360, frame_lost: 500 };
export const FIRST_SPEED = 0.01;

/** How long an event's sentence stands: shorter when all goes faster. @param {LabEvent} event @param {number} speed */
export const dwellMs = (event, speed) => (DWELL_MS[event.kind] ?? 0) * Math.min(1, (FIRST_SPEED / speed) ** 2);

/**
 * Moments at which play slows down by itself, each sort switched for itself.
 * @type {Record<'state' | 'loss' | 'again', (event: LabEvent) => boolean>}
 */
export const MARKED = {
  state: ({ kind }) => kind === 'tcp_state',
  loss: ({ kind }) => kind === 'frame_lost' || kind === 'packet_dropped',
  again: ({ kind, retransmission }) => kind === 'tcp_segment_sent' && retransmission > 0,
};
export const SLOWED_AT = /** @type {(keyof typeof MARKED)[]} */ (Object.keys(MARKED));
