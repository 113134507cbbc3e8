/**
 * What a host's stack took in and gave to its program, put together from the frames that it received. Which
 * segments count, and how many bytes the program has read, is told by events; only the bytes come from the frames.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 * @typedef {{bytes: Uint8Array, t_us: number}} Datagram
 *
 * @typedef {object} Frames the part of the engine that is needed here
 * @property {(id: number, as?: {received?: boolean}) => {bytes: Uint8Array} | null} frame
 * @property {(id: number, how?: {received?: boolean}) => {fields: {protocol: string, offset: number, len: number}[]} | null} dissect
 */

/**
 * The payload of a frame as it arrived.
 * @param {Frames} lab @param {number} frame
 */
export function payloadOf(lab, frame) {
  const bytes = lab.frame(frame, { received: true })?.bytes;
  const part = lab.dissect(frame, { received: true })?.fields.find((field) => field.protocol === 'payload');
  return bytes && part ? bytes.subarray(part.offset, part.offset + part.len) : new Uint8Array(0);
}

/** One connection's bytes at one end, growing as events come. */
export class Inflow {
  /** @param {number} irs the peer's first sequence number */
  constructor(irs) {
    this.irs = irs;
    this.bytes = new Uint8Array(65536);
    this.length = 0;
  }

  /** @param {number} seq @param {Uint8Array} payload */
  put(seq, payload) {
    const at = (seq - this.irs - 1) >>> 0;
    const end = at + payload.length;
    if (end > 2 ** 30) return; // before the first byte: a keep-alive or an old one
    if (end > this.bytes.length) {
      const more = new Uint8Array(Math.max(end, this.bytes.length * 2));
      more.set(this.bytes);
      this.bytes = more;
    }
    this.bytes.set(payload, at);
    this.length = Math.max(this.length, end);
  }
}
