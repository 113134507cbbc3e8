/**
 * The events of a lab, from first to now. The stack writes fixed-size records into a ring; this keeps a copy of them
 * before the ring comes round, and makes objects of them only when somebody asks, each once.
 *
 * Going back in time hides what came after, but keeps it: running again gives the same records, and their objects stay
 * the same, so that a view can compare them by identity. Only acting differently (branching) forgets them.
 *
 *   1                     shown               stored
 *   |=====================|- - - - - - - - - -|
 *     what events() gives   known, not yet again
 */
import { readNumber } from './layout.js';

/** @typedef {import('./layout.js').Layout} Layout */
/** @typedef {import('./module.js').LabModule} LabModule */

/**
 * One event. Beside these it has the fields of its kind under their names (core/trace/events.def), with decoded
 * companions: see Layout.assign() and wasm/README.md.
 * @typedef {object} LabEventHead
 * @property {number} id from 1, one more each
 * @property {number} cause id of the event that led to this one; 0: none
 * @property {number} t_us
 * @property {string} kind 'tcp_state' ...
 * @property {string} layer lab, link, internet, transport, socket, application
 * @property {string | null} rule key into Lab.rules
 * @property {number | null} node null: the lab's own
 * @property {number} iface
 * @property {number} frame 0: none
 * @property {number} socket 0: none
 */
/** @typedef {LabEventHead & Record<string, any>} LabEvent */

const CHUNK_RECORDS = 2048;
/** 2 million events, 128 MB. The oldest go first. */
const CHUNKS_MAX = 1024;

/** Which layer a protocol's headers and checksums belong to. */
const PROTOCOL_LAYERS = /** @type {Record<string, string>} */ ({
  ethernet: 'link',
  arp: 'link',
  ipv4: 'internet',
  ipv6: 'internet',
  icmp: 'internet',
  udp: 'transport',
  tcp: 'transport',
});

/** @typedef {{bytes: Uint8Array, view: DataView, objects: (LabEvent | undefined)[]}} Chunk */

export class EventLog {
  #module;
  #layout;
  #record;
  #ring;
  #capacity;
  /** @type {(Chunk | undefined)[]} chunk i holds ids from i * CHUNK_RECORDS + 1 */
  #chunks = [];
  #shown = 0;
  #stored = 0;

  /**
   * @param {LabModule} module with a lab in it
   * @param {Layout} layout
   */
  constructor(module, layout) {
    this.#module = module;
    this.#layout = layout;
    this.#record = layout.event.bytes;
    this.#ring = module.call('lab_api_trace_ring') >>> 0;
    this.#capacity = module.call('lab_api_trace_capacity') >>> 0;
    /** How many records the ring lost before they were copied. */
    this.lost = 0;
  }

  /** Id of the last event so far. */
  get last() {
    return this.#shown;
  }

  /** Copies what is new in the ring. */
  pull() {
    const last = this.#module.call('lab_api_trace_last') >>> 0;
    let id = Math.max(this.#stored + 1, last - this.#capacity + 1, 1);
    if (id > this.#stored + 1 && last > this.#stored) this.lost += id - this.#stored - 1;
    while (id <= last) id = this.#copyRun(id, last);
    this.#stored = Math.max(this.#stored, last);
    this.#shown = last;
  }

  /**
   * Copies records that lie side by side both in the ring and in a chunk.
   * @param {number} id the first
   * @param {number} last
   * @returns {number} the id after those copied
   */
  #copyRun(id, last) {
    const slot = id & (this.#capacity - 1);
    const place = (id - 1) % CHUNK_RECORDS;
    const count = Math.min(last - id + 1, this.#capacity - slot, CHUNK_RECORDS - place);
    const at = this.#ring + slot * this.#record;
    const chunk = this.#chunkFor(id);
    chunk.bytes.set(this.#module.bytes.subarray(at, at + count * this.#record), place * this.#record);
    return id + count;
  }

  /** @param {number} id */
  #chunkFor(id) {
    const index = Math.floor((id - 1) / CHUNK_RECORDS);
    let chunk = this.#chunks[index];
    if (!chunk) {
      const bytes = new Uint8Array(CHUNK_RECORDS * this.#record);
      chunk = { bytes, view: new DataView(bytes.buffer), objects: [] };
      this.#chunks[index] = chunk;
      if (index >= CHUNKS_MAX) this.#chunks[index - CHUNKS_MAX] = undefined;
    }
    return chunk;
  }

  /**
   * Shows the events up to `last` only: time has gone back, or jumped to a snapshot that was passed before.
   * @param {number} last
   */
  show(last) {
    this.#shown = last;
  }

  /**
   * Was the event of that id copied once, in this future?
   * @param {number} id
   */
  knows(id) {
    return id <= this.#stored;
  }

  /** Begins anew with what the ring holds: the lab was put into another run. */
  reset() {
    this.#chunks = [];
    const last = this.#module.call('lab_api_trace_last') >>> 0;
    this.#stored = Math.max(0, last - this.#capacity);
    this.lost = 0;
    this.pull();
  }

  /** Forgets what comes after the last event shown: the future will be another. */
  forget() {
    for (let id = this.#shown + 1; id <= this.#stored; ) {
      const index = Math.floor((id - 1) / CHUNK_RECORDS);
      const place = (id - 1) % CHUNK_RECORDS;
      const chunk = this.#chunks[index];
      if (place === 0) this.#chunks.length = Math.min(this.#chunks.length, index);
      else if (chunk) chunk.objects.length = Math.min(chunk.objects.length, place);
      id = (index + 1) * CHUNK_RECORDS + 1;
    }
    this.#stored = this.#shown;
  }

  /**
   * The event of that id; null when it is not (or no longer) known.
   * @param {number} id
   * @returns {LabEvent | null}
   */
  at(id) {
    if (!Number.isInteger(id) || id < 1 || id > this.#shown) return null;
    const chunk = this.#chunks[Math.floor((id - 1) / CHUNK_RECORDS)];
    if (!chunk) return null;
    const place = (id - 1) % CHUNK_RECORDS;
    const known = chunk.objects[place];
    if (known) return known;
    const event = this.#decode(chunk.view, place * this.#record);
    if (event.id !== id) return null; // the ring lost it
    chunk.objects[place] = event;
    return event;
  }

  /**
   * All events after that id, in order.
   * @param {number} afterId
   * @returns {LabEvent[]}
   */
  after(afterId) {
    const oldest = Math.max(0, this.#chunks.length - CHUNKS_MAX) * CHUNK_RECORDS;
    const events = [];
    for (let id = Math.max(afterId, oldest) + 1; id <= this.#shown; id++) {
      const event = this.at(id);
      if (event) events.push(event);
    }
    return events;
  }

  /**
   * @param {DataView} view
   * @param {number} at
   * @returns {LabEvent}
   */
  #decode(view, at) {
    const layout = this.#layout;
    const event = /** @type {Record<string, any>} */ ({});
    for (const { name, type, offset } of layout.event.fields) event[name] = readNumber(view, at + offset, type);
    const kind = layout.kindList[event.kind];
    event.kind = kind.name;
    event.layer = kind.layer;
    event.rule = event.rule === 0 ? null : layout.ruleNames[event.rule];
    if (event.node === layout.noNode) event.node = null;
    for (const field of kind.fields) layout.assign(event, field, readNumber(view, at + field.offset, field.type));
    if (event.layer === 'any') event.layer = PROTOCOL_LAYERS[event.protocol] ?? 'link';
    return /** @type {LabEvent} */ (event);
  }
}
