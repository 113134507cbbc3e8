/**
 * What a host's stack took in and gave to its program, put together from the frames that it received. Which
 * segments count, and how many bytes the program has read, is told by events; only the bytes come from the frames.
 * They are taken when their events come: the lab keeps the last few thousand frames, not all.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 * @typedef {{bytes: Uint8Array, t_us: number}} Datagram
 *
 * @typedef {object} Frames the part of the engine that is needed here
 * @property {(id: number, as?: {received?: boolean}) => {bytes: Uint8Array} | null} frame
 * @property {(id: number, how?: {received?: boolean}) => {fields: {protocol: string, offset: number, len: number}[]} | null} dissect
 */

import { connectionKey } from './record.js';
import { FLAG } from './segment.js';

/** How many bytes of headers stand in front of a segment's payload, as far as events told. @param {import('./types.js').FrameRecord | undefined} frame @param {number} payload_bytes */
function headerBytes(frame, payload_bytes) {
  const stripes = frame?.stripes ?? [];
  const isWhole = stripes.at(-2)?.protocol === 'tcp' && stripes.at(-1)?.bytes === payload_bytes;
  return isWhole ? stripes.slice(0, -1).reduce((sum, { bytes }) => sum + bytes, 0) : null;
}

/**
 * A segment's payload. What nothing has changed is as it was sent, and the lab finds that at once; what arrived it has to look for.
 * @param {Frames} lab @param {LabEvent} event of its arrival @param {import('./types.js').FrameRecord | undefined} frame
 */
function segmentPayload(lab, { frame: id, payload_bytes }, frame) {
  const from = frame?.corrupted ? null : headerBytes(frame, payload_bytes);
  const bytes = from === null ? undefined : lab.frame(id)?.bytes;
  return from === null || !bytes || from + payload_bytes > bytes.length ? payloadOf(lab, id) : bytes.subarray(from, from + payload_bytes);
}

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
  /** @param {number} irs the peer's first sequence number @param {number} [id] of the event that told it */
  constructor(irs, id = 0) {
    this.irs = irs;
    this.id = id;
    this.bytes = new Uint8Array(65536);
    this.length = 0;
    /** How long it was after each event. @type {{id: number, length: number}[]} */
    this.steps = [];
  }

  /** @param {number} seq @param {Uint8Array} payload @param {number} [id] of the event */
  put(seq, payload, id = 0) {
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
    this.steps.push({ id, length: this.length });
  }

  /** Forgets what came after an event. @param {number} keep */
  forget(keep) {
    while ((this.steps.at(-1)?.id ?? 0) > keep) this.steps.pop();
    this.length = this.steps.at(-1)?.length ?? 0;
  }

  /** The bytes from the first on. @param {number} [most] */
  upTo(most = this.length) {
    return this.bytes.subarray(0, Math.min(most, this.length));
  }
}

/** All inflows of a run. */
export class Inflows {
  /** @param {Frames} lab */
  constructor(lab) {
    this.lab = lab;
    /** By the receiver's key; a key may be used again, the last one comes last. @type {Map<string, Inflow[]>} */
    this.of = new Map();
  }

  /** @param {LabEvent} event @param {import('./record.js').RunRecord} record */
  add(event, record) {
    const { id, kind, node, frame, seq, flags, payload_bytes, dst_port, src_port, src_addr } = event;
    if (kind !== 'tcp_segment_received' || !(flags & FLAG.SYN || payload_bytes > 0)) return;
    const key = connectionKey(node, dst_port, src_port, src_addr);
    const known = this.of.get(key) ?? [];
    if (flags & FLAG.SYN) this.of.set(key, [...known, new Inflow(seq, id)]);
    else known.at(-1)?.put(seq, segmentPayload(this.lab, event, record.by_frame.get(frame)), id);
  }

  /** Forgets what came after the last of these events. @param {LabEvent[]} log */
  forget(log) {
    for (const [key, inflows] of this.of) {
      const rest = inflows.filter(({ id }) => id <= log.length);
      rest.at(-1)?.forget(log.length);
      this.of.set(key, rest);
    }
  }

  /** @param {string} key @param {number} [until] the last event that has been seen */
  at(key, until = Infinity) {
    return this.of.get(key)?.findLast(({ id }) => id <= until);
  }
}
