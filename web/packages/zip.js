/**
 * A zip archive in memory (APPNOTE 6.3.9, 4.3), the same bytes for the same files: no dates, no owners. Left out: files over
 * 4 GiB, encryption, folders of their own.
 */
import { crc32 as crcOf } from './crc32.js';
import { deflateRawSync } from 'node:zlib';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const DEFLATED = 8;
/** 1 January 1980, the first that there is. */
const DATE = 0x0021;

/** @param {number[][]} fields values with their sizes in bytes */
function record(...fields) {
  const bytes = Buffer.alloc(fields.reduce((sum, [, size]) => sum + size, 0));
  let at = 0;
  for (const [value, size] of fields) at = bytes.writeUIntLE(value, at, size);
  return bytes;
}

/** @param {Map<string, Buffer | string>} files by their paths */
export function zip(files) {
  const local = [];
  const central = [];
  let offset = 0;
  for (const [path, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes, { level: 9 });
    const name = Buffer.from(path);
    const common = [[VERSION, 2], [FLAGS, 2], [DEFLATED, 2], [0, 2], [DATE, 2], [crcOf(bytes), 4], [packed.length, 4], [bytes.length, 4], [name.length, 2], [0, 2]];
    local.push(record([LOCAL, 4], ...common), name, packed);
    central.push(record([CENTRAL, 4], [VERSION, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]), name);
    offset += 30 + name.length + packed.length;
  }
  const index = Buffer.concat(central);
  const count = files.size;
  return Buffer.concat([...local, index, record([END, 4], [0, 2], [0, 2], [count, 2], [count, 2], [index.length, 4], [offset, 4], [0, 2])]);
}
