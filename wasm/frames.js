/**
 * Frames that the lab keeps: their bytes, what each byte means, and all of them as a capture file. Reading and
 * labelling are done in C; here records of memory become objects.
 */
import { LabError, checkInteger } from './error.js';
import { readNumber } from './layout.js';
import { AREA } from './module.js';

/**
 * A frame as it was captured.
 * @typedef {object} LabFrame
 * @property {number} id
 * @property {Uint8Array} bytes
 * @property {number} t_us
 * @property {number} event the event of this point of its life
 * @property {number} cause id of the event that sent it
 * @property {string | null} rule why it was sent
 * @property {number} node who sent it; as received: who got it
 * @property {number} iface
 * @property {number} link
 * @property {number} direction 0: a to b
 */

/**
 * A labelled range of a frame's bytes.
 * @typedef {object} DissectField
 * @property {string} protocol ethernet, arp, ipv4, ipv6, icmp, udp, tcp, payload
 * @property {string} name
 * @property {number} offset
 * @property {number} len
 * @property {number} bit_offset from the most significant bit of the first byte
 * @property {number} bit_count 0: whole bytes
 * @property {string} layer link, internet, transport, application
 * @property {boolean} is_header a header, in front of its own fields
 * @property {boolean} is_bad
 * @property {number} value
 * @property {string} text
 */

/** @typedef {{malformed: boolean, fields: DissectField[]}} Dissection */

const VIEWS = ['sent', 'all', 'end'];
const FRAME_BYTES_MAX = 0xffff;

/** @param {unknown} id */
const checkId = (id) => checkInteger('frame', id, 1, 0xffffffff);

export class Frames {
  #module;
  #layout;

  /**
   * @param {import('./module.js').LabModule} module with a lab in it
   * @param {import('./layout.js').Layout} layout
   */
  constructor(module, layout) {
    this.#module = module;
    this.#layout = layout;
  }

  /**
   * @param {import('./layout.js').Field[]} fields
   * @param {number} at
   * @returns {any}
   */
  #record(fields, at) {
    const { view } = this.#module;
    const into = /** @type {Record<string, any>} */ ({});
    for (const { name, type, offset } of fields) {
      if (type === 'text') into[name] = this.#module.textAt(at + offset);
      else if (type === 'string') into[name] = this.#module.constant(view.getUint32(at + offset, true));
      else into[name] = readNumber(view, at + offset, type);
    }
    return into;
  }

  /**
   * @param {number} id
   * @param {boolean} received
   * @returns {LabFrame | null}
   */
  frame(id, received) {
    const found = this.#module.call('lab_api_frame', checkId(id), Number(received)) >>> 0;
    if (found === 0) return null;
    const { at, len, ...frame } = this.#record(this.#layout.frame.fields, found);
    const rule = frame.rule === 0 ? null : this.#layout.ruleNames[frame.rule];
    return { ...frame, id, rule, bytes: this.#module.copy(at, len) };
  }

  /** @returns {number[]} */
  ids() {
    const count = this.#module.call('lab_api_frames');
    if (count < 0) throw new LabError('ENOMEM', 'no memory for the list of frames');
    const at = this.#module.area(AREA.reply, 0);
    return [...new Set(new Uint32Array(this.#module.bytes.buffer, at, count))];
  }

  /**
   * @param {number} id
   * @param {boolean} received
   */
  dissect(id, received) {
    const at = this.#module.call('lab_api_dissect_frame', checkId(id), Number(received)) >>> 0;
    return at === 0 ? null : this.#dissection(at);
  }

  /**
   * @param {Uint8Array} bytes
   * @param {boolean} rawIp
   * @param {boolean} fcs
   */
  dissectBytes(bytes, rawIp, fcs) {
    if (!(bytes instanceof Uint8Array) || bytes.length > FRAME_BYTES_MAX)
      {throw new LabError('EINVAL', `frame: expected an id, or a Uint8Array of at most ${FRAME_BYTES_MAX} bytes`);}
    const len = this.#module.put(AREA.request, bytes);
    return this.#dissection(this.#module.call('lab_api_dissect_bytes', len, Number(rawIp), Number(fcs)) >>> 0);
  }

  /**
   * @param {number} at address of a struct dissect
   * @returns {Dissection}
   */
  #dissection(at) {
    const { count, malformed, first, bytes, fields } = this.#layout.dissect;
    const { view } = this.#module;
    const list = Array.from({ length: view.getUint32(at + count, true) }, (_, i) => {
      const raw = this.#record(fields, at + first + i * bytes);
      const layer = this.#layout.names.dissect_layer[raw.layer];
      return { ...raw, layer, is_header: raw.is_header !== 0, is_bad: raw.is_bad !== 0 };
    });
    return { malformed: view.getUint8(at + malformed) !== 0, fields: list };
  }

  /**
   * @param {string} view
   * @param {number} end
   * @returns {Uint8Array}
   */
  pcapng(view, end) {
    const number = VIEWS.indexOf(view);
    if (number < 0) throw new LabError('EINVAL', `view: expected sent, all or end, got ${JSON.stringify(view)}`);
    const len = this.#module.call('lab_api_pcapng', number, end);
    if (len < 0) throw new LabError('ENOMEM', 'no memory for the capture file');
    return this.#module.copy(this.#module.area(AREA.blob, 0), len);
  }
}
