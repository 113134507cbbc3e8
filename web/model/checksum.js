/**
 * The Internet checksum as one can follow it on paper (RFC 1071): 16-bit words are added, what runs over comes back
 * in at the right, and the sum is turned over. The page does it with the bytes it shows; whether a checksum is right
 * is the stack's own verdict, and the two are shown side by side.
 *
 * @typedef {{name: string, bytes: Uint8Array}} Piece bytes that are summed, and what they are
 * @typedef {{pieces: {name: string, sum: number, words: number}[], sum: number, folded: number, result: number}} Working
 */

/** Words of 16 bits, the last one filled up with a zero. @param {Uint8Array} bytes */
export function wordsOf(bytes) {
  const words = [];
  for (let i = 0; i < bytes.length; i += 2) words.push((bytes[i] << 8) | (bytes[i + 1] ?? 0));
  return words;
}

/** What runs over 16 bits comes back in. @param {number} sum */
export function fold(sum) {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return folded;
}

/** @param {Piece[]} pieces each but the last of an even length @returns {Working} */
export function working(pieces) {
  const parts = pieces.map(({ name, bytes }) => {
    const words = wordsOf(bytes);
    return { name, words: words.length, sum: words.reduce((sum, word) => sum + word, 0) };
  });
  const sum = parts.reduce((all, part) => all + part.sum, 0);
  const folded = fold(sum);
  return { pieces: parts, sum, folded, result: ~folded & 0xffff };
}

/**
 * What a checksum field of a frame covers, the field itself taken for zero.
 * @param {Uint8Array} bytes the whole frame
 * @param {import('../../wasm/engine.js').DissectField[]} fields
 * @param {string} protocol "ipv4" "tcp" "udp" "icmp"
 * @returns {Piece[] | null} null: not to be worked out from this frame alone
 */
export function covered(bytes, fields, protocol) {
  const field = fields.find((each) => each.protocol === protocol && each.name === 'checksum');
  const header = fields.find((each) => each.protocol === protocol && each.is_header);
  const ip = fields.find((each) => each.protocol === 'ipv4' && each.is_header);
  if (!field || !header || !ip) return null;
  const ip_len = (bytes[ip.offset] & 15) * 4;
  const end = ip.offset + ((bytes[ip.offset + 2] << 8) | bytes[ip.offset + 3]);
  const isFragment = (((bytes[ip.offset + 6] << 8) | bytes[ip.offset + 7]) & 0x3fff) !== 0;
  const isIp = protocol === 'ipv4';
  if (end > bytes.length || (isFragment && !isIp)) return null;
  const own = bytes.slice(header.offset, isIp ? ip.offset + ip_len : end);
  own.fill(0, field.offset - header.offset, field.offset - header.offset + 2);
  const head = Math.min(own.length, { ipv4: ip_len, udp: 8, icmp: 8 }[protocol] ?? (own[12] >> 4) * 4);
  const pieces = [
    { name: 'header', bytes: own.subarray(0, head) },
    { name: 'data', bytes: own.subarray(head) },
  ].filter((piece) => piece.bytes.length > 0);
  if (isIp || protocol === 'icmp') return pieces;
  const pseudo = new Uint8Array(12);
  pseudo.set(bytes.subarray(ip.offset + 12, ip.offset + 20));
  pseudo.set([0, bytes[ip.offset + 9], own.length >> 8, own.length & 255], 8);
  return [{ name: 'pseudo', bytes: pseudo }, ...pieces];
}
