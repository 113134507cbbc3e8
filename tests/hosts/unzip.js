/** Reads a zip archive as others do: from its end, by its central directory. Checks each file's length and sum. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

import { crc32 } from '../../web/packages/crc32.js';

/** @param {Buffer} bytes @param {string} folder @returns {string[]} the files' paths */
export function unzip(bytes, folder) {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  assert.ok(end >= 0, 'there is an end of the central directory');
  const paths = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    assert.equal(bytes.readUInt32LE(at), 0x02014b50);
    const [sum, packed, len] = [16, 20, 24].map((field) => bytes.readUInt32LE(at + field));
    const [name_len, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const local = bytes.readUInt32LE(at + 42);
    const path = bytes.toString('utf8', at + 46, at + 46 + name_len);
    assert.equal(bytes.readUInt32LE(local), 0x04034b50);
    const data = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = inflateRawSync(bytes.subarray(data, data + packed));
    assert.equal(content.length, len, path);
    assert.equal(crc32(content), sum, path);
    assert.ok(!path.split('/').includes('..') && !path.startsWith('/'), path);
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    paths.push(path);
    at += 46 + name_len + extra + comment;
  }
  return paths;
}
