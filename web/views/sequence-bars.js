/**
 * The sequence space as drawings: two bars to scale, the sender's over the receiver's, and a lens in which each byte
 * is a cell with its character. Both ends have the same numbers under each other.
 */
import { nothing, svg } from 'lit';

/** @typedef {import('../model/sequence.js').Part} Part */
/** @typedef {{lo: number, hi: number, width: number}} Scale */
/** @typedef {{from: number, to: number} | null} Lit */

export const BAR = { height: 24, send: 64, receive: 104, total: 180 };
export const CELL = { width: 14, height: 26 };

/** @param {Scale} scale @param {number} at */
export const toX = ({ lo, hi, width }, at) => ((Math.min(Math.max(at, lo), hi) - lo) / Math.max(1, hi - lo)) * width;

/** Fillings that are told by their texture, too. */
export const textures = svg`<defs>
  <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <rect width="6" height="6" class="under"></rect><rect width="3" height="6" class="over"></rect>
  </pattern>
  <pattern id="cross" width="8" height="8" patternUnits="userSpaceOnUse">
    <path d="M1 1L7 7M7 1L1 7" class="stroke"></path>
  </pattern>
  <pattern id="grey" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
    <rect width="1.5" height="6" class="edge"></rect>
  </pattern>
</defs>`;

/** @param {Part[]} parts @param {Scale} scale @param {number} y */
function bar(parts, scale, y) {
  return parts
    .filter((part) => part.to > scale.lo && part.from < scale.hi)
    .map((part) => {
      const x = toX(scale, part.from);
      const width = Math.max(1, toX(scale, part.to) - x);
      return svg`<rect class="part ${part.kind}" x=${x} y=${y} width=${width} height=${BAR.height}></rect>`;
    });
}

/** A named edge: a line from its bar to its name. @param {Scale} scale @param {{name: string, at: number}} edge @param {number} bar_y @param {number} text_y */
function edgeMark(scale, { name, at }, bar_y, text_y) {
  if (at < scale.lo || at > scale.hi) return nothing;
  const x = toX(scale, at);
  const isRight = x > scale.width * 0.62;
  const isAbove = text_y < bar_y;
  const y0 = isAbove ? text_y - 9 : text_y + 2;
  const y1 = isAbove ? bar_y + BAR.height : bar_y;
  return svg`<line class="edge-line" x1=${x} x2=${x} y1=${y0} y2=${y1}></line>
    <text class="edge" x=${x + (isRight ? -4 : 4)} y=${text_y} text-anchor=${isRight ? 'end' : 'start'}>${name}</text>`;
}

/**
 * Both bars, to scale.
 * @param {Scale} scale
 * @param {{send: Part[], receive: Part[], above: {name: string, at: number}[], below: {name: string, at: number}[], lit: Lit, lens: {from: number, to: number}}} what
 */
export function sequenceBars(scale, { send, receive, above, below, lit, lens }) {
  const mark = lit && lit.to > scale.lo && lit.from < scale.hi ? lit : null;
  const [lens_x0, lens_x1] = [toX(scale, lens.from), toX(scale, lens.to)];
  return svg`${textures}
    ${mark ? svg`<rect class="mark" x=${toX(scale, mark.from) - 3} y=${BAR.send - 5} width=${Math.max(2, toX(scale, mark.to) - toX(scale, mark.from)) + 6} height=${BAR.receive + BAR.height - BAR.send + 10}></rect>` : nothing}
    ${bar(send, scale, BAR.send)} ${bar(receive, scale, BAR.receive)}
    ${above.map((edge, i) => edgeMark(scale, edge, BAR.send, 12 + 17 * i))}
    ${below.map((edge, i) => edgeMark(scale, edge, BAR.receive, BAR.receive + BAR.height + 17 + 17 * i))}
    <path class="lens" d="M${lens_x0} ${BAR.send - 4}V${BAR.receive + BAR.height + 4}H${Math.max(lens_x1, lens_x0 + 3)}V${BAR.send - 4}Z"></path>`;
}

/** How many bytes of UTF-8 a character has, by its first one; 0: this byte is none. @param {number} byte */
const charBytes = (byte) => (byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0);

const decoder = new TextDecoder();

/** Characters with where they begin, as far as they lie in the lens. @param {Uint8Array} bytes of the stream @param {number} from number of the first byte shown @param {number} cells */
function characters(bytes, from, cells) {
  const found = [];
  for (let number = Math.max(1, from - 3); number < from + cells && number <= bytes.length; number++) {
    const byte = bytes[number - 1];
    const len = charBytes(byte);
    if (len === 0 || number + len - 1 < from) continue;
    const text = byte < 0x20 ? '·' : decoder.decode(bytes.subarray(number - 1, number - 1 + len));
    found.push({ number, len, text: text === ' ' ? '␣' : text });
  }
  return found;
}

/** @param {Part[]} parts @param {number} number */
const kindAt = (parts, number) => parts.find((part) => number >= part.from && number < part.to)?.kind ?? 'none';

/**
 * One row of bytes.
 * @param {{parts: Part[], bytes: Uint8Array, from: number, cells: number, y: number, lit: Lit, knows: (kind: string) => boolean, pick: (number: number) => void, fin: number}} row
 */
export function byteRow({ parts, bytes, from, cells, y, lit, knows, pick, fin }) {
  const x = (/** @type {number} */ number) => (number - from) * CELL.width;
  const boxes = [];
  for (let number = from; number < from + cells; number++) {
    const kind = kindAt(parts, number);
    if (kind === 'none') continue;
    const isLit = lit && number >= lit.from && number < lit.to;
    boxes.push(
      svg`<rect class="part cell ${kind} ${isLit ? 'lit' : ''}" x=${x(number)} y=${y} width=${CELL.width} height=${CELL.height} @mouseenter=${() => pick(number)}></rect>`,
    );
  }
  const isThere = (/** @type {number} */ number) => {
    const kind = kindAt(parts, number);
    return number >= from && number < from + cells && kind !== 'none' && (kind === 'control' || knows(kind));
  };
  const control = [
    { number: 0, text: 'S' },
    { number: fin, text: 'F' },
  ].filter(({ number, text }) => isThere(number) && (text === 'S' || fin > 0));
  const texts = characters(bytes, from, cells).filter(({ number }) => knows(kindAt(parts, Math.max(from, number))));
  return svg`${boxes}
    ${control.map(({ number, text }) => svg`<text class="char control on-${kindAt(parts, number)}" x=${x(number) + CELL.width / 2} y=${y + 17} text-anchor="middle">${text}</text>`)}
    ${texts.map(({ number, len, text }) => svg`<text class="char on-${kindAt(parts, Math.max(from, number))}" x=${x(number) + (CELL.width * len) / 2} y=${y + 17} text-anchor="middle">${text}</text>`)}`;
}

/** Numbers under the cells, every tenth; shown as the page shows sequence numbers. @param {number} from @param {number} cells @param {number} y @param {(number: number) => string} name @param {number} every */
export function byteTicks(from, cells, y, name, every) {
  const ticks = [];
  for (let number = Math.ceil(from / every) * every; number < from + cells - 1; number += every) {
    const x = (number - from) * CELL.width;
    ticks.push(svg`<line class="tick" x1=${x} x2=${x} y1=${y} y2=${y + 5}></line><text class="edge" x=${x + 3} y=${y + 14}>${name(number)}</text>`);
  }
  return ticks;
}
