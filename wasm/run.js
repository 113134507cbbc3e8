/**
 * A snapshot as bytes: a head that says which run it is of, as JSON, and the image of the lab's memory.
 *
 *   "TCPLABS" | version | hash of what follows, 16 digits | length of the head, 4 bytes | head | image
 *
 * An image is of use only where it was made, or in a lab that was made alike: pointers stand in it. So the head has the
 * run's origin, a number of the memory at its beginning, which any difference of scenario, seed, size or build changes.
 * Blobs of actions stand in the head as base64. The numbers are little-endian, as all memory of WebAssembly.
 */
import { LabError } from './error.js';

/** @typedef {import('./snapshots.js').Position} Position */
/** @typedef {import('./timeline.js').Action} Action */
/** @typedef {{scenario: object, origin: number, position: Position, actions: Action[]}} Run */
/** @typedef {(bytes: Uint8Array) => string} Hash 16 hexadecimal digits */

const MAGIC = 'TCPLABS';
const VERSION = '2';
const HASH_AT = MAGIC.length + VERSION.length;
const LEN_AT = HASH_AT + 16;
const HEAD_AT = LEN_AT + 4;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

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
 * @param {Hash} hash
 * @returns {Uint8Array}
 */
export function packRun({ actions, ...run }, image, hash) {
  const head = encoder.encode(JSON.stringify({ ...run, actions: logToJson(actions) }));
  const packed = new Uint8Array(HEAD_AT + head.length + image.length);
  new DataView(packed.buffer).setUint32(LEN_AT, head.length, true);
  packed.set(head, HEAD_AT);
  packed.set(image, HEAD_AT + head.length);
  packed.set(encoder.encode(MAGIC + VERSION + hash(packed.subarray(LEN_AT))));
  return packed;
}

/** @param {string} what */
const refuse = (what) => new LabError('EINVAL', `snapshot: ${what}`);

/**
 * @param {Uint8Array} packed
 * @param {Hash} hash
 * @returns {{run: Run, image: Uint8Array}}
 */
export function unpackRun(packed, hash) {
  const text = (/** @type {number} */ from, /** @type {number} */ to) => decoder.decode(packed.subarray(from, to));
  if (!(packed instanceof Uint8Array) || packed.length < HEAD_AT || text(0, MAGIC.length) !== MAGIC) throw refuse('these bytes are no snapshot');
  const version = text(MAGIC.length, HASH_AT);
  if (version !== VERSION) throw refuse(`it is of version ${JSON.stringify(version)}, and this is version ${VERSION}`);
  if (text(HASH_AT, LEN_AT) !== hash(packed.subarray(LEN_AT))) throw refuse('it is damaged: its hash is another');
  const headLen = new DataView(packed.buffer, packed.byteOffset).getUint32(LEN_AT, true);
  const { actions, ...run } = JSON.parse(text(HEAD_AT, HEAD_AT + headLen));
  return { run: { ...run, actions: logFromJson(actions) }, image: packed.subarray(HEAD_AT + headLen) };
}
