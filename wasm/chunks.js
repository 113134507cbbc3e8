/**
 * All records of a run, in chunks. Those that were used last stand as they are; of the others only what they are packed into is
 * kept, until somebody asks for them again.
 */
import { Packer } from './pack.js';

/** @typedef {import('./events.js').LabEvent} LabEvent */

export const CHUNK_RECORDS = 2048;
/** 2 million events, some 30 MB. The oldest go first. */
export const CHUNKS_MAX = 1024;
/** 200,000 events: three times the ring, and runs of that length are never packed. */
const WHOLE_MAX = 96;

/**
 * @typedef {object} Chunk
 * @property {Uint8Array} [bytes] none while it is only packed
 * @property {Uint8Array} [packed] not yet, or other records were written since
 * @property {(LabEvent | undefined)[]} objects those that were made
 */

export class Chunks {
  #bytes;
  #packer;
  /** @type {(Chunk | undefined)[]} chunk i holds ids from i * CHUNK_RECORDS + 1 */
  #list = [];
  /** Those that are whole, the one used last at the end. @type {number[]} */
  #whole = [];

  /**
   * @param {number} recordBytes
   * @param {number} kindAt where a record's kind stands
   */
  constructor(recordBytes, kindAt) {
    this.#bytes = CHUNK_RECORDS * recordBytes;
    this.#packer = new Packer(recordBytes, kindAt);
  }

  get length() {
    return this.#list.length;
  }

  /** What all take, whole or packed. */
  get bytes() {
    return this.#list.reduce((sum, chunk) => sum + (chunk?.bytes?.length ?? 0) + (chunk?.packed?.length ?? 0), 0);
  }

  /** The objects of a chunk, without a look at its records. @param {number} index */
  objects(index) {
    return this.#list[index]?.objects;
  }

  /**
   * A chunk with its records.
   * @param {number} index
   * @returns {Chunk & {bytes: Uint8Array} | undefined}
   */
  get(index) {
    const chunk = this.#list[index];
    if (chunk && this.#whole.at(-1) !== index) {
      chunk.bytes ??= chunk.packed ? this.#packer.unpack(chunk.packed, this.#bytes) : new Uint8Array(this.#bytes);
      this.#whole = [...this.#whole.filter((each) => each !== index), index];
      if (this.#whole.length > WHOLE_MAX) this.#put(this.#list[/** @type {number} */ (this.#whole.shift())]);
    }
    return /** @type {any} */ (chunk);
  }

  /** Keeps only what it is packed into. @param {Chunk | undefined} chunk */
  #put(chunk) {
    if (!chunk?.bytes) return;
    chunk.packed ??= this.#packer.pack(chunk.bytes);
    chunk.bytes = undefined;
  }

  /**
   * The same for writing: it is made when it is not there.
   * @param {number} index
   * @returns {Chunk & {bytes: Uint8Array}}
   */
  open(index) {
    if (!this.#list[index]) {
      this.#list[index] = { objects: [] };
      if (index >= CHUNKS_MAX) this.#list[index - CHUNKS_MAX] = undefined;
    }
    const chunk = /** @type {Chunk & {bytes: Uint8Array}} */ (this.get(index));
    chunk.packed = undefined;
    return chunk;
  }

  /** Forgets all but the first so many. @param {number} count */
  cut(count) {
    this.#list.length = Math.min(this.#list.length, count);
    this.#whole = this.#whole.filter((index) => index < count);
  }
}
