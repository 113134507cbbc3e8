/**
 * An opened capture file, as the page asks of it: what connections there are, the segments of one, the inside of a packet.
 * No DOM. It works in a worker (capture-worker.js) or, where there are none, beside the page.
 *
 * @typedef {import('../../wasm/capture.js').CapturedConnection} CapturedConnection
 * @typedef {import('../../wasm/capture.js').SegmentColumns} SegmentColumns
 * @typedef {import('../../wasm/engine.js').DissectField} DissectField
 *
 * @typedef {object} CaptureSummary
 * @property {number} packets
 * @property {number} ignored segments of connections for which there was no memory
 * @property {number | null} damaged_at
 * @property {number} cut_off_bytes
 * @property {number | null} link_type of the first packet, when no packet is IP; else null
 * @property {string[]} verdicts names of the bits in the columns
 * @property {string[]} states names of the numbers in the columns
 * @property {CapturedConnection[]} connections
 *
 * @typedef {{bytes: Uint8Array, wire_bytes: number, fields: DissectField[], malformed: boolean}} CapturedInside
 */
import { Capture } from '../../wasm/capture.js';
import { loadModule } from '../../wasm/loader.js';

/** What a program for packing files begins with, gzip's 1f 8b. */
const GZIP = [0x1f, 0x8b];

export class CaptureError extends Error {
  /** @param {string} code a message's id is made of it @param {string} [message] */
  constructor(code, message = code) {
    super(message);
    this.code = code;
  }
}

/** The first bytes, when the file can be read at all: a folder that was dropped cannot. @param {Blob} file */
async function firstBytes(file) {
  try {
    return new Uint8Array(await file.slice(0, GZIP.length).arrayBuffer());
  } catch (error) {
    throw new CaptureError('unreadable', String(error));
  }
}

export class CaptureDesk {
  /** @param {Capture} capture */
  constructor(capture) {
    this.capture = capture;
  }

  /**
   * @param {Blob} file
   * @param {{wasm: import('../../wasm/loader.js').WasmSource, progress?: (done: number, all: number) => void, pause?: () => Promise<unknown>, signal?: {aborted: boolean}}} how
   */
  static async open(file, { wasm, progress, pause, signal }) {
    const first = await firstBytes(file);
    if (first.length === 0) throw new CaptureError('empty');
    if (GZIP.every((byte, i) => first[i] === byte)) throw new CaptureError('gzip');
    const module = await loadModule(wasm);
    try {
      return new CaptureDesk(await Capture.open(file, { wasm: module, progress, pause, signal }));
    } catch (error) {
      throw told(error);
    }
  }

  /** @returns {CaptureSummary} */
  summary() {
    const { capture } = this;
    const { count, ignored, damaged_at, cut_off_bytes, verdicts, states, connections } = capture;
    const link_type = count > 0 && connections.length === 0 && !this.#hasIp() ? capture.packet(0).link_type : null;
    return { packets: count, ignored, damaged_at, cut_off_bytes, link_type, verdicts, states, connections };
  }

  #hasIp() {
    for (const { protocol } of this.capture.packets()) if (protocol !== 0) return true;
    return false;
  }

  /** @param {number} connection @returns {SegmentColumns} */
  segments(connection) {
    return this.capture.segments(connection);
  }

  /** @param {number} index @returns {Promise<CapturedInside>} */
  async inside(index) {
    const bytes = await this.capture.frame(index);
    const { fields, malformed } = await this.capture.dissect(index);
    return { bytes, wire_bytes: this.capture.packet(index).wire_bytes, fields, malformed };
  }
}

/** The reader's errors in the page's words. @param {unknown} error */
function told(error) {
  const { code = 'broken', message = String(error) } = /** @type {{code?: string, message?: string}} */ (error);
  const known = /** @type {Record<string, string>} */ ({ EBADMSG: 'format', ENOMEM: 'memory', ECANCELED: 'cancelled' });
  if (error instanceof RangeError) return new CaptureError('memory', message);
  if (error instanceof DOMException) return new CaptureError('unreadable', message);
  return new CaptureError(known[code] ?? 'broken', message);
}
