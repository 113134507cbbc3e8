/**
 * A snapshot as bytes: a head that says which run it is of, as JSON, and the image of the lab's memory.
 *
 *   "TCPLABS1" | length of the head, 4 bytes | head | image
 *
 * Blobs of actions stand in the head as base64. The numbers are little-endian, as all memory of WebAssembly.
 */
import { LabError } from './error.js';

/** @typedef {import('./snapshots.js').Position} Position */
/** @typedef {import('./timeline.js').Action} Action */
/** @typedef {{scenario: object, position: Position, actions: Action[]}} Run */

const MAGIC = 'TCPLABS1';
const HEAD_AT = MAGIC.length + 4;

/** @param {Uint8Array} bytes */
function base64Of(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** @param {string} base64 */
const bytesOf = (base64) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

/**
 * A log that can be written as JSON.
 * @param {Action[]} actions
 */
export const logToJson = (actions) => actions.map(({ blob, ...action }) => (blob ? { ...action, blob: base64Of(blob) } : action));

/**
 * And back.
 * @param {any[]} log
 * @returns {Action[]}
 */
export const logFromJson = (log) => log.map(({ blob, ...action }) => (blob ? { ...action, blob: bytesOf(blob) } : action));

/**
 * @param {Run} run
 * @param {Uint8Array} image
 * @returns {Uint8Array}
 */
export function packRun({ actions, ...run }, image) {
  const head = new TextEncoder().encode(JSON.stringify({ ...run, actions: logToJson(actions) }));
  const packed = new Uint8Array(HEAD_AT + head.length + image.length);
  packed.set(new TextEncoder().encode(MAGIC));
  new DataView(packed.buffer).setUint32(MAGIC.length, head.length, true);
  packed.set(head, HEAD_AT);
  packed.set(image, HEAD_AT + head.length);
  return packed;
}

/**
 * @param {Uint8Array} packed
 * @returns {{run: Run, image: Uint8Array}}
 */
export function unpackRun(packed) {
  const decoder = new TextDecoder();
  if (!(packed instanceof Uint8Array) || packed.length < HEAD_AT || decoder.decode(packed.subarray(0, MAGIC.length)) !== MAGIC)
    {throw new LabError('EINVAL', 'snapshot: these bytes are no snapshot');}
  const headLen = new DataView(packed.buffer, packed.byteOffset).getUint32(MAGIC.length, true);
  const image = packed.subarray(HEAD_AT + headLen);
  try {
    const { actions, ...run } = JSON.parse(decoder.decode(packed.subarray(HEAD_AT, HEAD_AT + headLen)));
    return { run: { ...run, actions: logFromJson(actions) }, image };
  } catch (error) {
    throw new LabError('EINVAL', 'snapshot: its head is damaged', { cause: error });
  }
}
