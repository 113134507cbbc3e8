/**
 * One instance of the module, seen as functions on bytes and text. It knows about addresses and areas so that nothing
 * else has to. Views are made anew whenever memory has grown, which detaches the old ones.
 */
import { LabError } from './error.js';

/**
 * What the module exports; wasm/lab_api.h says what each does.
 * @typedef {object} LabExports
 * @property {WebAssembly.Memory} memory
 * @property {() => void} _initialize
 * @property {(area: number, len: number) => number} lab_api_area
 * @property {(len: number, memory_bytes: number, seed: number) => number} lab_api_create
 * @property {(len: number, blob_len: number, reply_len: number) => number} lab_api_command
 * @property {(t_us: number, events_max: number) => number} lab_api_run_until
 * @property {() => number} lab_api_now
 * @property {() => number} lab_api_next
 * @property {() => number} lab_api_trace_ring
 * @property {() => number} lab_api_trace_capacity
 * @property {() => number} lab_api_trace_last
 * @property {(id: number, received: number) => number} lab_api_frame
 * @property {() => number} lab_api_frames
 * @property {(id: number, received: number) => number} lab_api_dissect_frame
 * @property {(len: number, raw_ip: number, fcs: number) => number} lab_api_dissect_bytes
 * @property {(view: number, end: number) => number} lab_api_pcapng
 * @property {() => number} lab_api_image
 * @property {() => number} lab_api_image_len
 * @property {(len: number) => number} lab_api_restore
 * @property {() => number} lab_api_capture_ring
 * @property {() => number} lab_api_capture_capacity
 * @property {() => number} lab_api_capture_end
 * @property {(len: number, list_max: number) => number} lab_api_compare
 * @property {(at: number, len: number) => number} lab_api_hash
 * @property {() => number} lab_api_hash_upper
 * @property {() => number} lab_api_layout
 * @property {(len: number) => number} lab_api_url_pack
 * @property {(len: number) => number} lab_api_url_unpack
 */

/** The areas of lab_api.h. */
export const AREA = Object.freeze({ request: 0, reply: 1, blob: 2 });

/** LAB_API_REPLY_BYTES, and where growing ends. */
const REPLY_BYTES = { standard: 1 << 20, max: 1 << 26 };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class LabModule {
  /** @type {LabExports} */
  #exports;
  /** @type {Uint8Array} */
  #bytes;
  /** @type {DataView} */
  #view;
  /** @type {Map<number, string>} constant strings of the module, by address */
  #strings = new Map();
  /** @type {unknown} what stopped the module for good */
  #fault = null;

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    this.compiled = module;
    const instance = new WebAssembly.Instance(module, {});
    this.#exports = /** @type {LabExports} */ (/** @type {unknown} */ (instance.exports));
    this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    this.#view = new DataView(this.#exports.memory.buffer);
    this.call('_initialize');
  }

  /** All memory, valid until the next call. */
  get bytes() {
    if (this.#bytes.buffer !== this.#exports.memory.buffer) this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    return this.#bytes;
  }

  /** All memory, valid until the next call. */
  get view() {
    if (this.#view.buffer !== this.#exports.memory.buffer) this.#view = new DataView(this.#exports.memory.buffer);
    return this.#view;
  }

  /**
   * Calls an export. A trap is a failed assertion: after it nothing in there can be relied on.
   * @param {Exclude<keyof LabExports, 'memory'>} name
   * @param {...number} args
   * @returns {number}
   */
  call(name, ...args) {
    if (this.#fault) throw new LabError('EFAULT', 'this lab has stopped at a fault; make a new one', { cause: this.#fault });
    try {
      const fn = /** @type {(...args: number[]) => number} */ (this.#exports[name]);
      return fn(...args);
    } catch (error) {
      this.#fault = error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new LabError('EFAULT', `the stack stopped in ${name}: ${reason}`, { cause: error });
    }
  }

  /**
   * Address of an area with room for `len` bytes.
   * @param {number} area
   * @param {number} len
   */
  area(area, len) {
    const at = this.call('lab_api_area', area, len) >>> 0;
    if (at === 0) throw new LabError('ENOMEM', `no memory for ${len} bytes`);
    return at;
  }

  /**
   * Puts bytes or text into an area and returns its length there.
   * @param {number} area
   * @param {Uint8Array | string} data
   */
  put(area, data) {
    const bytes = typeof data === 'string' ? encoder.encode(data) : data;
    const at = this.area(area, bytes.length);
    this.bytes.set(bytes, at);
    return bytes.length;
  }

  /**
   * A copy of memory.
   * @param {number} at
   * @param {number} len
   */
  copy(at, len) {
    return this.bytes.slice(at, at + len);
  }

  /**
   * A hash of memory, in 16 hexadecimal digits.
   * @param {number} at
   * @param {number} len
   */
  hash(at, len) {
    const lower = this.call('lab_api_hash', at, len) >>> 0;
    const upper = this.call('lab_api_hash_upper') >>> 0;
    return upper.toString(16).padStart(8, '0') + lower.toString(16).padStart(8, '0');
  }

  /**
   * UTF-8 text of known length.
   * @param {number} at
   * @param {number} len
   */
  text(at, len) {
    return decoder.decode(this.bytes.subarray(at, at + len));
  }

  /**
   * Text that ends with NUL, or at `max` bytes.
   * @param {number} at
   * @param {number} [max]
   */
  textAt(at, max = 65536) {
    const bytes = this.bytes;
    let end = at;
    while (end < at + max && bytes[end] !== 0) end++;
    return decoder.decode(bytes.subarray(at, end));
  }

  /**
   * A constant string of the module: it never changes, so it is read once.
   * @param {number} at
   */
  constant(at) {
    let text = this.#strings.get(at);
    if (text === undefined) {
      text = this.textAt(at);
      this.#strings.set(at, text);
    }
    return text;
  }

  /**
   * The reply area as JSON, after a call that returned its length.
   * @param {number} len
   * @returns {any}
   */
  replyJson(len) {
    return JSON.parse(this.text(this.area(AREA.reply, 0), len));
  }

  /**
   * Does a command.
   * @param {Record<string, any>} command
   * @param {Uint8Array} [blob]
   * @returns {any} the reply
   */
  command(command, blob) {
    const blobLen = blob ? this.put(AREA.blob, blob) : 0;
    for (let room = REPLY_BYTES.standard; ; room *= 4) {
      const len = this.put(AREA.request, JSON.stringify(command));
      const reply = this.replyJson(this.call('lab_api_command', len, blobLen, room));
      if (reply.error !== 'EMSGSIZE' || command.do !== 'describe' || room >= REPLY_BYTES.max) return reply;
    }
  }
}
