/**
 * The events of a lab, from first to now. The stack writes fixed-size records into a ring; this keeps a copy of them
 * before the ring comes round, and makes objects of them only when somebody asks, each once.
 *
 * Going back in time hides what came after, but keeps it: running again gives the same records, and their objects stay
 * the same, so that a view can compare them by identity. Acting differently cuts them off; the branch that they belong
 * to keeps them (cut(), paste()).
 *
 *   1                     shown               stored
 *   |=====================|- - - - - - - - - -|
 *     what events() gives   known, not yet again
 *
 * Since all records are here, snapshots leave the ring out, and fillRing() makes it anew.
 */
import { CHUNKS_MAX, CHUNK_RECORDS, Chunks } from './chunks.js';
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

/** @typedef {import('./chunks.js').Chunk & {bytes: Uint8Array}} Chunk */

/**
 * Records that were cut off: those of ids from `first` on.
 * @typedef {object} Tail
 * @property {number} first
 * @property {Uint8Array} bytes
 * @property {(LabEvent | undefined)[]} objects those that were made
 */

/**
 * Two tails that follow each other as one.
 * @param {Tail} a
 * @param {Tail | null} b
 * @returns {Tail}
 */
export function joinTails(a, b) {
  if (!b || b.bytes.length === 0) return a;
  const bytes = new Uint8Array(a.bytes.length + b.bytes.length);
  bytes.set(a.bytes);
  bytes.set(b.bytes, a.bytes.length);
  const objects = a.objects.slice();
  objects.length = b.first - a.first;
  return { first: a.first, bytes, objects: objects.concat(b.objects) };
}

/** Where a member of every event stands. @param {Layout} layout @param {string} member @returns {number} */
const placeOf = ({ event }, member) => /** @type {any} */ (event.fields.find(({ name }) => name === member)).offset;

export class EventLog {
  #module;
  #layout;
  #record;
  #ring;
  #capacity;
  #chunks;
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
    this.#chunks = new Chunks(this.#record, placeOf(layout, 'kind'));
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
    const chunk = this.#chunks.open(Math.floor((id - 1) / CHUNK_RECORDS));
    chunk.bytes.set(this.#module.bytes.subarray(at, at + count * this.#record), place * this.#record);
    return id + count;
  }

  /**
   * Shows the events up to `last` only: time has gone back, or jumped to a snapshot that was passed before.
   * @param {number} last
   */
  show(last) {
    this.#shown = last;
  }

  /**
   * Begins anew with what the ring holds: the lab was put into another run.
   * @param {number} keep up to this event all runs are alike
   */
  reset(keep) {
    this.cut(Math.min(keep, this.#stored));
    const last = this.#module.call('lab_api_trace_last') >>> 0;
    this.#stored = Math.max(Math.min(this.#stored, last), last - this.#capacity);
    this.lost = 0;
    this.pull();
  }

  /** How many bytes all records take. */
  get bytes() {
    return this.#chunks.bytes;
  }

  /** Id of the last event that is known, though time may have gone back before it. */
  get known() {
    return this.#stored;
  }

  /**
   * Forgets what comes after an event and gives it, for paste().
   * @param {number} last
   * @returns {Tail}
   */
  cut(last) {
    const record = this.#record;
    const tail = { first: last + 1, bytes: new Uint8Array((this.#stored - last) * record), objects: /** @type {Tail['objects']} */ ([]) };
    this.#eachRun(last + 1, this.#stored, (chunk, place, count, id) => {
      tail.bytes.set(chunk.bytes.subarray(place * record, (place + count) * record), (id - last - 1) * record);
      for (let i = place; i < Math.min(place + count, chunk.objects.length); i++) tail.objects[id - last - 1 + i - place] = chunk.objects[i];
      chunk.objects.length = Math.min(chunk.objects.length, place);
    });
    this.#chunks.cut(Math.ceil(last / CHUNK_RECORDS));
    this.#stored = last;
    this.#shown = Math.min(this.#shown, last);
    return tail;
  }

  /**
   * Puts back what was cut off here, up to an event.
   * @param {Tail} tail
   * @param {number} [last] all of it when left out
   * @returns {Tail | null} what is left of it
   */
  paste(tail, last = Infinity) {
    if (tail.first !== this.#stored + 1) throw new Error(`the events from ${tail.first} on do not follow on ${this.#stored}`);
    const record = this.#record;
    const count = Math.max(0, Math.min(tail.bytes.length / record, last - this.#stored));
    for (let done = 0; done < count; ) {
      const id = this.#stored + 1;
      const place = (id - 1) % CHUNK_RECORDS;
      const run = Math.min(count - done, CHUNK_RECORDS - place);
      const chunk = this.#chunks.open(Math.floor((id - 1) / CHUNK_RECORDS));
      chunk.bytes.set(tail.bytes.subarray(done * record, (done + run) * record), place * record);
      for (let i = 0; i < run; i++) chunk.objects[place + i] = tail.objects[done + i];
      done += run;
      this.#stored += run;
    }
    if (count * record === tail.bytes.length) return null;
    return { first: tail.first + count, bytes: tail.bytes.slice(count * record), objects: tail.objects.slice(count) };
  }

  /**
   * The records after an event, for another log's add().
   * @param {number} id
   * @returns {Uint8Array}
   */
  recordsAfter(id) {
    const record = this.#record;
    const bytes = new Uint8Array((this.#shown - id) * record);
    this.#eachRun(id + 1, this.#shown, (chunk, place, count, first) =>
      bytes.set(chunk.bytes.subarray(place * record, (place + count) * record), (first - id - 1) * record),
    );
    return bytes;
  }

  /**
   * Takes over the records that follow an event; those that are known already are the same.
   * @param {number} id
   * @param {Uint8Array} records
   */
  add(id, records) {
    const fresh = records.subarray(Math.max(0, this.#stored - id) * this.#record);
    this.paste({ first: this.#stored + 1, bytes: fresh, objects: [] });
  }

  /**
   * Calls for each stretch of records that lie side by side in a chunk.
   * @param {number} first
   * @param {number} last
   * @param {(chunk: Chunk, place: number, count: number, id: number) => void} each
   */
  #eachRun(first, last, each) {
    for (let id = Math.max(1, first); id <= last; ) {
      const place = (id - 1) % CHUNK_RECORDS;
      const count = Math.min(last - id + 1, CHUNK_RECORDS - place);
      const chunk = this.#chunks.get(Math.floor((id - 1) / CHUNK_RECORDS));
      if (chunk) each(chunk, place, count, id);
      id += count;
    }
  }

  /**
   * Makes the ring as it is when `last` is the last event, out of what was stored.
   * @param {number} last
   * @param {number} before the last event of what is in the ring now
   * @param {number} common up to this event the ring's history and the stored one are the same
   */
  fillRing(last, before, common) {
    const oldest = last - this.#capacity;
    this.#fill(Math.max(oldest, Math.min(common, before)) + 1, last);
    this.#fill(oldest + 1, Math.min(before - this.#capacity, common, last));
  }

  /** @param {number} first may be before the beginning: places where nothing was yet @param {number} last */
  #fill(first, last) {
    const record = this.#record;
    const { bytes } = this.#module;
    /** @type {(id: number, count: number, put: (at: number, done: number, run: number) => void) => void} */
    const eachSlot = (id, count, put) => {
      for (let done = 0, run; done < count; done += run) {
        const slot = (id + done) & (this.#capacity - 1);
        run = Math.min(count - done, this.#capacity - slot);
        put(this.#ring + slot * record, done, run);
      }
    };
    eachSlot(first, Math.min(last, 0) - first + 1, (at, _, run) => bytes.fill(0, at, at + run * record));
    this.#eachRun(first, last, (chunk, place, count, id) =>
      eachSlot(id, count, (at, done, run) => bytes.set(chunk.bytes.subarray((place + done) * record, (place + done + run) * record), at)),
    );
  }

  /**
   * The event of that id; null when it is not (or no longer) known.
   * @param {number} id
   * @returns {LabEvent | null}
   */
  at(id) {
    if (!Number.isInteger(id) || id < 1 || id > this.#shown) return null;
    const index = Math.floor((id - 1) / CHUNK_RECORDS);
    const place = (id - 1) % CHUNK_RECORDS;
    const known = this.#chunks.objects(index)?.[place];
    if (known) return known;
    const chunk = this.#chunks.get(index);
    if (!chunk) return null;
    const event = this.#decode(new DataView(chunk.bytes.buffer), place * this.#record);
    if (event.id !== id) return null; // the ring lost it
    chunk.objects[place] = event;
    return event;
  }

  /**
   * Looks at all records so far, without making objects of them.
   * @param {(id: number, record: {kind: number, cause: number, frame: number}) => void} each the record is the same object each time
   */
  scan(each) {
    const [kind, cause, frame] = ['kind', 'cause', 'frame'].map((name) => placeOf(this.#layout, name));
    const record = { kind: 0, cause: 0, frame: 0 };
    this.#eachRun(1, this.#shown, ({ bytes }, first, count, id) => {
      const view = new DataView(bytes.buffer);
      for (let i = 0; i < count; i++) {
        const at = (first + i) * this.#record;
        record.kind = view.getUint16(at + kind, true);
        record.cause = view.getUint32(at + cause, true);
        record.frame = view.getUint32(at + frame, true);
        each(id + i, record);
      }
    });
  }

  /**
   * The events after that id, in order.
   * @param {number} afterId
   * @param {number} most
   * @returns {LabEvent[]}
   */
  after(afterId, most) {
    const oldest = Math.max(0, this.#chunks.length - CHUNKS_MAX) * CHUNK_RECORDS;
    const events = [];
    for (let id = Math.max(afterId, oldest) + 1; id <= this.#shown && events.length < most; id++) {
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
