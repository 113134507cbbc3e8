/**
 * A capture file of a real network: its packets, its TCP connections, what states both ends must have been in and what
 * went wrong. All of it is found in C (core/lab/analyse.c), in a module of its own; the file is read piece by piece, so
 * that 100 MB neither freeze a page nor need to be in the module's memory.
 *
 *   const capture = await Capture.open(file, { wasm: 'capture.wasm', progress, pause });
 *   for (const { endpoints, opening, closing } of capture.connections) ...
 *   const { verdicts, states } = capture.packet(0);
 */
import { LabError, checkInteger } from './error.js';
import { readNumber } from './layout.js';
import { loadModule } from './loader.js';

/** @typedef {import('./loader.js').WasmSource} WasmSource */

/**
 * @typedef {object} CaptureOptions
 * @property {WasmSource} wasm the capture module, its bytes, or where it is
 * @property {(done_bytes: number, all_bytes: number) => void} [progress] called after each piece
 * @property {() => Promise<unknown>} [pause] awaited after each piece: a page outside of a worker lets its interface go on here
 * @property {{aborted: boolean}} [signal] an AbortSignal
 * @property {number} [memory_mib] for connections; 64
 */

/**
 * @typedef {object} CapturedPacket
 * @property {number} index from 0
 * @property {number} position of its frame in the file
 * @property {number} t_us since the first packet; fractions are nanoseconds
 * @property {number} captured_bytes
 * @property {number} wire_bytes
 * @property {number} connection 0: none
 * @property {number} end who sent it: 0 or 1 of its connection
 * @property {number} seq relative, as ack
 * @property {number} ack
 * @property {number} payload_bytes
 * @property {number} window_bytes scaled, where the scale was seen
 * @property {number} flags
 * @property {number} src_port
 * @property {number} dst_port
 * @property {string[]} verdicts 'RETRANSMISSION' ...
 * @property {string[]} states of both ends after it
 * @property {number | null} rtt_us how long ago what it acknowledges was sent
 * @property {number} protocol of IP
 * @property {number} link_type
 * @property {number} fcs_bytes
 */

/**
 * @typedef {object} CapturedEnd
 * @property {string} endpoint '10.0.0.1:80'
 * @property {string} state at the end of the capture
 * @property {number | null} scale of its window; null when its SYN was not seen
 * @property {boolean} sack_permitted
 * @property {number} mss_bytes
 * @property {number} packets
 * @property {number} payload_bytes
 * @property {{min: number, max: number} | null} window_bytes
 * @property {number} in_flight_bytes_max
 * @property {{count: number, min: number, mean: number, max: number} | null} rtt_us
 * @property {Record<string, number>} verdicts how many of its segments got each
 */

/**
 * @typedef {object} CapturedConnection
 * @property {number} number from 1
 * @property {string} opening COMPLETE, SYN_ONLY, REFUSED, HALF, SIMULTANEOUS or NOT_SEEN
 * @property {string} closing OPEN, HALF_CLOSED, CLOSED, FIN_UNANSWERED, RESET or RESET_AFTER_FIN
 * @property {number} first_us
 * @property {number} last_us
 * @property {number | null} handshake_us
 * @property {[CapturedEnd, CapturedEnd]} ends the first one spoke first
 */

/**
 * The segments of one connection, a column for each number: many of them cost little, and a worker can hand them over.
 * @typedef {object} SegmentColumns
 * @property {number} count
 * @property {Uint32Array} index of the packet in the capture
 * @property {Float64Array} t_us since the first packet of the capture
 * @property {Uint32Array} seq relative, as ack
 * @property {Uint32Array} ack
 * @property {Uint32Array} payload_bytes
 * @property {Uint32Array} window_bytes
 * @property {Uint32Array} verdicts a bit for each of `capture.verdicts`
 * @property {Uint32Array} rtt_us 0: no sample
 * @property {Uint8Array} flags
 * @property {Uint8Array} end who sent it
 * @property {Uint8Array} state_0 of each end after it: an index into `capture.states`
 * @property {Uint8Array} state_1
 */

const COLUMNS_32 = /** @type {const} */ (['seq', 'ack', 'payload_bytes', 'window_bytes', 'verdicts', 'rtt_us']);
const COLUMNS_8 = /** @type {const} */ (['flags', 'end', 'state_0', 'state_1']);

const TWO_TO_32 = 4294967296;
const CONNECTIONS_MAX = 65536;
const MEMORY_MIB = { min: 4, standard: 64, max: 1024 };
const NO_SAMPLE = 0xffffffff;

/** @param {[string, string, number][]} members */
const fieldsOf = (members) => members.map(([name, type, offset]) => ({ name, type, offset }));

export class Capture {
  #exports;
  #layout;
  #piece;
  #pieceBytes;
  /** Bytes that wait for what follows them. */
  #waiting = new Uint8Array(0);
  /** @type {Uint8Array[]} records as they were read, so many in each */
  #records = [];
  /** @type {number[]} index of the first packet of each of those */
  #starts = [];
  /** @type {Uint8Array | Blob | null} */
  #file = null;
  #count = 0;
  /** Where the file is damaged, in bytes from its beginning; null when it is whole. @type {number | null} */
  damaged_at = null;
  #fed = 0;

  /**
   * @param {WebAssembly.Module} module
   * @param {number} memory_mib
   */
  constructor(module, memory_mib = MEMORY_MIB.standard) {
    checkInteger('memory_mib', memory_mib, MEMORY_MIB.min, MEMORY_MIB.max);
    const { exports } = new WebAssembly.Instance(module, {});
    this.#exports = /** @type {any} */ (exports);
    this.#exports._initialize();
    this.#piece = this.#exports.capture_api_begin(memory_mib * 1048576, CONNECTIONS_MAX) >>> 0;
    if (this.#piece === 0) throw new LabError('ENOMEM', 'memory_mib: there is not so much');
    this.#pieceBytes = this.#exports.capture_api_piece_bytes();
    const json = JSON.parse(this.#text(this.#exports.capture_api_layout() >>> 0));
    const named = (/** @type {string[]} */ list) => list.slice(1); // the first is empty
    this.#layout = {
      ...json,
      packet: fieldsOf(json.packet),
      connection: fieldsOf(json.connection),
      end: fieldsOf(json.end),
      dissect: { ...json.dissect, members: fieldsOf(json.dissect.members) },
      states: named(json.states),
      verdicts: named(json.verdicts),
      openings: named(json.openings),
      closings: named(json.closings),
    };
  }

  /**
   * Reads a whole file.
   * @param {Uint8Array | Blob} file
   * @param {CaptureOptions} options
   * @returns {Promise<Capture>}
   */
  static async open(file, { wasm, progress, pause, signal, memory_mib }) {
    const capture = new Capture(await loadModule(wasm), memory_mib);
    capture.#file = file;
    const size = file instanceof Uint8Array ? file.length : file.size;
    for (let at = 0; at < size && capture.damaged_at === null; at += capture.#pieceBytes / 2) {
      if (signal?.aborted) throw new LabError('ECANCELED', 'reading the capture was given up');
      const end = Math.min(size, at + capture.#pieceBytes / 2);
      capture.feed(file instanceof Uint8Array ? file.subarray(at, end) : new Uint8Array(await file.slice(at, end).arrayBuffer()));
      progress?.(end, size);
      await pause?.();
    }
    if (capture.count === 0 && (capture.damaged_at !== null || size < 24)) throw new LabError('EBADMSG', 'this is neither pcap nor pcapng');
    return capture;
  }

  /**
   * Reads on: what comes next in the file, at most half a megabyte.
   * @param {Uint8Array} bytes
   */
  feed(bytes) {
    if (this.damaged_at !== null) return;
    const room = this.#pieceBytes - this.#waiting.length;
    if (bytes.length > room) throw new LabError('EMSGSIZE', `bytes: at most ${room} at once`);
    let all = new Uint8Array(this.#waiting.length + bytes.length);
    all.set(this.#waiting);
    all.set(bytes, this.#waiting.length);
    for (;;) {
      this.#memory.set(all, this.#piece);
      const count = this.#exports.capture_api_feed(all.length);
      const used = this.#exports.capture_api_used() >>> 0;
      this.#fed += used;
      if (count < 0) {
        this.damaged_at = this.#fed;
        return;
      }
      this.#keep(count);
      all = all.subarray(used);
      if (count === 0) break;
    }
    this.#waiting = all;
  }

  get #memory() {
    return new Uint8Array(this.#exports.memory.buffer);
  }

  /** @param {number} at */
  #text(at) {
    const bytes = this.#memory;
    return new TextDecoder().decode(bytes.subarray(at, bytes.indexOf(0, at)));
  }

  /** @param {number} count */
  #keep(count) {
    if (count === 0) return;
    const at = this.#exports.capture_api_records() >>> 0;
    this.#starts.push(this.#count);
    this.#records.push(this.#memory.slice(at, at + count * this.#layout.packet_bytes));
    this.#count += count;
  }

  /** How many packets there are. */
  get count() {
    return this.#count;
  }

  /** Segments of connections for which there was no memory. */
  get ignored() {
    return this.#exports.capture_api_ignored();
  }

  /** @returns {string[]} what a segment can be judged */
  get verdicts() {
    return this.#layout.verdicts.slice();
  }

  /** @returns {string[]} the states that ends can be in */
  get states() {
    return this.#layout.states.slice();
  }

  /** Bytes at the end that are the beginning of something: the file was cut off there. */
  get cut_off_bytes() {
    return this.damaged_at === null ? this.#waiting.length : 0;
  }

  /** @param {number} index @returns {{view: DataView, at: number}} */
  #recordOf(index) {
    checkInteger('index', index, 0, this.#count - 1);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle] <= index) low = middle;
      else high = middle - 1;
    }
    const { buffer, byteOffset } = this.#records[low];
    return { view: new DataView(buffer, byteOffset), at: (index - this.#starts[low]) * this.#layout.packet_bytes };
  }

  /** Nanoseconds as a difference, which is exact. @param {DataView} view @param {number} at */
  #sinceFirst(view, at) {
    const first = this.#recordOf(0);
    const place = this.#place('t_ns');
    const [high, low] = [view.getInt32(at + 4, true), view.getUint32(at, true)];
    const [high0, low0] = [first.view.getInt32(place + 4, true), first.view.getUint32(place, true)];
    return ((high - high0) * TWO_TO_32 + (low - low0)) / 1000;
  }

  /**
   * @param {number} index from 0
   * @returns {CapturedPacket}
   */
  packet(index) {
    const { view, at } = this.#recordOf(index);
    const into = /** @type {Record<string, any>} */ ({ index });
    for (const { name, type, offset } of this.#layout.packet) {
      if (name === 't_ns') into.t_us = this.#sinceFirst(view, at + offset);
      else into[name] = readNumber(view, at + offset, type);
    }
    const { verdicts, state_0, state_1, rtt_us, ...packet } = into;
    const { states } = this.#layout;
    return /** @type {CapturedPacket} */ ({
      ...packet,
      verdicts: this.#layout.verdicts.filter((/** @type {string} */ _, /** @type {number} */ bit) => verdicts & (1 << bit)),
      states: packet.connection ? [states[state_0], states[state_1]] : [],
      rtt_us: rtt_us || null,
    });
  }

  /**
   * Packets in order; of one connection, when its number is given.
   * @param {{connection?: number, from?: number}} [which]
   * @returns {Generator<CapturedPacket>}
   */
  *packets({ connection, from = 0 } = {}) {
    const place = this.#place('connection');
    for (let index = from; index < this.#count; index++) {
      const { view, at } = this.#recordOf(index);
      if (connection === undefined || view.getUint32(at + place, true) === connection) yield this.packet(index);
    }
  }

  /** Where a member of a packet's record lies. @param {string} wanted */
  #place(wanted) {
    return this.#layout.packet.find((/** @type {{name: string}} */ { name }) => name === wanted).offset;
  }

  /** Calls back for each packet of a connection. @param {number} connection @param {(view: DataView, at: number, index: number) => void} each */
  #eachOf(connection, each) {
    const place = this.#place('connection');
    const { packet_bytes } = this.#layout;
    this.#records.forEach((records, piece) => {
      const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
      for (let at = 0, index = this.#starts[piece]; at < records.length; at += packet_bytes, index++) {
        if (view.getUint32(at + place, true) === connection) each(view, at, index);
      }
    });
  }

  /**
   * All segments of a connection at once.
   * @param {number} connection its number
   * @returns {SegmentColumns}
   */
  segments(connection) {
    let count = 0;
    this.#eachOf(connection, () => count++);
    const columns = /** @type {Record<string, any>} */ ({ count, index: new Uint32Array(count), t_us: new Float64Array(count) });
    const words = COLUMNS_32.map((name) => ({ into: (columns[name] = new Uint32Array(count)), place: this.#place(name) }));
    const bytes = COLUMNS_8.map((name) => ({ into: (columns[name] = new Uint8Array(count)), place: this.#place(name) }));
    const time = this.#place('t_ns');
    let i = 0;
    this.#eachOf(connection, (view, at, index) => {
      columns.index[i] = index;
      columns.t_us[i] = this.#sinceFirst(view, at + time);
      for (const { into, place } of words) into[i] = view.getUint32(at + place, true);
      for (const { into, place } of bytes) into[i] = view.getUint8(at + place);
      i++;
    });
    return /** @type {SegmentColumns} */ (columns);
  }

  /** @returns {CapturedConnection[]} in the order of their first packets */
  get connections() {
    return Array.from({ length: this.#exports.capture_api_connections() }, (_, i) => this.#connection(i + 1));
  }

  /** @param {number} number @returns {CapturedConnection} */
  #connection(number) {
    const at = this.#exports.capture_api_connection(number) >>> 0;
    const { openings, closings, connection, end_at, end_bytes } = this.#layout;
    const endpoints = [0, 1].map((end) => this.#text(this.#exports.capture_api_endpoint(number, end) >>> 0));
    const view = new DataView(this.#exports.memory.buffer);
    const place = (/** @type {string} */ name) => at + connection.find((/** @type {any} */ each) => each.name === name).offset;
    const ends = endpoints.map((endpoint, end) => ({ endpoint, ...this.#end(view, at + end_at + end * end_bytes) }));
    return {
      number,
      opening: openings[view.getUint8(place('opening'))],
      closing: closings[view.getUint8(place('closing'))],
      first_us: this.#sinceFirst(view, place('first_ns')),
      last_us: this.#sinceFirst(view, place('last_ns')),
      handshake_us: view.getUint32(place('handshake_us'), true) || null,
      ends: /** @type {[CapturedEnd, CapturedEnd]} */ (ends),
    };
  }

  /** @param {DataView} view @param {number} at @returns {Omit<CapturedEnd, 'endpoint'>} */
  #end(view, at) {
    const { end, states, verdicts, verdicts_at } = this.#layout;
    const raw = /** @type {Record<string, any>} */ ({});
    for (const { name, type, offset } of end) raw[name] = type === 'i8' ? view.getInt8(at + offset) : readNumber(view, at + offset, type);
    const counts = verdicts.map((/** @type {string} */ name, /** @type {number} */ i) => [name, view.getUint32(at + verdicts_at + 4 * i, true)]);
    return {
      state: states[raw.state],
      scale: raw.scale < 0 ? null : raw.scale,
      sack_permitted: raw.sack_permitted !== 0,
      mss_bytes: raw.mss_bytes,
      packets: raw.packets,
      payload_bytes: raw.payload_bytes,
      window_bytes: raw.window_bytes_min === NO_SAMPLE ? null : { min: raw.window_bytes_min, max: raw.window_bytes_max },
      in_flight_bytes_max: raw.in_flight_bytes_max,
      rtt_us: raw.rtt_count === 0 ? null : { count: raw.rtt_count, min: raw.rtt_us_min, mean: raw.rtt_us_sum / raw.rtt_count, max: raw.rtt_us_max },
      verdicts: Object.fromEntries(counts.filter((/** @type {[string, number]} */ [, count]) => count > 0)),
    };
  }

  /**
   * A packet's bytes, as they were captured. Only of a capture that was opened whole.
   * @param {number} index
   * @returns {Promise<Uint8Array>}
   */
  async frame(index) {
    const { position, captured_bytes } = this.packet(index);
    if (!this.#file) throw new LabError('ENOENT', 'the file was not opened here, only fed');
    if (this.#file instanceof Uint8Array) return this.#file.slice(position, position + captured_bytes);
    return new Uint8Array(await this.#file.slice(position, position + captured_bytes).arrayBuffer());
  }

  /**
   * Which bytes of a packet are which field, and what they mean; as Lab.dissect().
   * @param {number} index
   * @returns {Promise<import('./frames.js').Dissection>}
   */
  async dissect(index) {
    const { link_type, wire_bytes, fcs_bytes } = this.packet(index);
    const bytes = await this.frame(index);
    this.#memory.set(bytes, this.#piece);
    const at = this.#exports.capture_api_dissect(bytes.length, wire_bytes, link_type, fcs_bytes) >>> 0;
    const { count, first, malformed, members, bytes: size } = this.#layout.dissect;
    const view = new DataView(this.#exports.memory.buffer);
    const read = (/** @type {number} */ from) =>
      Object.fromEntries(
        members.map((/** @type {{name: string, type: string, offset: number}} */ { name, type, offset }) => {
          if (type === 'string') return [name, this.#text(view.getUint32(from + offset, true))];
          if (type === 'text') return [name, this.#text(from + offset)];
          return [name, readNumber(view, from + offset, type)];
        }),
      );
    const fields = Array.from({ length: view.getUint32(at + count, true) }, (_, i) => {
      const raw = /** @type {any} */ (read(at + first + i * size));
      return { ...raw, layer: ['link', 'internet', 'transport', 'application'][raw.layer], is_header: raw.is_header !== 0, is_bad: raw.is_bad !== 0 };
    });
    return { malformed: view.getUint8(at + malformed) !== 0, fields };
  }
}
