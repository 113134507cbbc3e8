/**
 * TCP segments for people: flags as text, numbers relative to each side's first.
 *
 * Sequence numbers are subtracted modulo 2^32 and never compared here: what is old or new is the stack's to say.
 *
 * @typedef {import('./types.js').Segment} Segment
 */

export const FLAG = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32, ECE: 64, CWR: 128 };

/** In the order in which people say them: SYN+ACK, FIN+ACK, PSH+ACK. */
const SPOKEN = /** @type {const} */ (['SYN', 'FIN', 'RST', 'PSH', 'URG', 'ACK', 'ECE', 'CWR']);

/** @param {number} flags */
export function flagsText(flags) {
  return SPOKEN.filter((name) => flags & FLAG[name]).join('+') || '–';
}

/**
 * What a segment is for, in one word; arrows get their shape from it.
 * @param {{flags: number, payload_bytes: number}} segment
 * @returns {'rst' | 'syn' | 'syn-ack' | 'fin' | 'data' | 'ack'}
 */
export function segmentKind({ flags, payload_bytes }) {
  if (flags & FLAG.RST) return 'rst';
  if (flags & FLAG.SYN) return flags & FLAG.ACK ? 'syn-ack' : 'syn';
  if (flags & FLAG.FIN) return 'fin';
  return payload_bytes > 0 ? 'data' : 'ack';
}

/** @param {number} number @param {number | undefined} first */
export const relativeTo = (number, first) => (first === undefined ? number : (number - first) >>> 0);

/**
 * "SYN+ACK seq 0 ack 1", and how many bytes when there are any.
 * @param {Segment} segment
 * @param {boolean} relative
 */
export function segmentText(segment, relative) {
  const { seq, ack } = relative ? segment.relative : segment;
  const parts = [flagsText(segment.flags), `seq ${seq}`];
  if (segment.flags & FLAG.ACK) parts.push(`ack ${ack}`);
  if (segment.payload_bytes > 0) parts.push(`len ${segment.payload_bytes}`);
  return parts.join(' ');
}

/**
 * Any frame's label.
 * @param {import('./types.js').FrameRecord} frame
 * @param {boolean} relative
 */
export function frameText(frame, relative) {
  if (frame.segment) return segmentText(frame.segment, relative);
  if (frame.protocol === 'udp') return `UDP len ${frame.payload_bytes}`;
  return frame.detail || frame.protocol.toUpperCase();
}

/** A MAC address, as events have it. @param {{mac_hi: number, mac_lo: number}} event */
export const macText = ({ mac_hi, mac_lo }) =>
  [mac_hi >>> 8, mac_hi, mac_lo >>> 24, mac_lo >>> 16, mac_lo >>> 8, mac_lo].map((byte) => (byte & 255).toString(16).padStart(2, '0')).join(':');

/** @param {number} address IPv4 in host order */
export const addressText = (address) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
