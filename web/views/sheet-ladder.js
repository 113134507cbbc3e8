/** The ladder on paper: black on white, told by labels; empty, to be drawn on, or with what the stack did. */
import { css, nothing, svg, html } from 'lit';
import { frameText } from '../model/segment.js';

const ROW = 26;
const TOP = 34;
const SIDE = 110;
const WIDTH = 640;

export const sheetStyles = css`
  .sheet {
    display: block;
    width: 100%;
    max-width: 640px;
    margin: 8px 0;
    background: #ffffff;
    color: #1b1f24;
    min-width: 480px;
  }
  .drawn {
    overflow-x: auto;
    break-inside: avoid;
  }
  .sheet text {
    font: 11px var(--mono);
    fill: currentcolor;
  }
  .sheet .host {
    font: 600 13px var(--sans);
  }
  .sheet line,
  .sheet path {
    stroke: currentcolor;
    fill: none;
  }
  .sheet .life {
    stroke: #8b8983;
  }
  .sheet .label {
    paint-order: stroke;
    stroke: #ffffff;
    stroke-width: 4px;
  }
  .sheet .again {
    stroke-dasharray: 5 4;
  }
`;

/** @param {number} count @returns {(line: number) => number} */
const places = (count) => (line) => SIDE + (line * (WIDTH - 2 * SIDE)) / Math.max(1, count - 1);

/** @param {string[]} lines @param {number} height */
const frameOf = (lines, height) => {
  const x = places(lines.length);
  return lines.map(
    (name, i) => svg`<text class="host" x=${x(i)} y="16" text-anchor="middle">${name}</text>
      <line class="life" x1=${x(i)} x2=${x(i)} y1=${TOP - 10} y2=${height - 4}></line>`,
  );
};

/** @param {import('../model/sheet.js').Arrow} arrow @param {(line: number) => number} x */
function arrow({ frame, from, to, sent_row, end_row, lost }, x) {
  const [x1, y1] = [x(from), TOP + sent_row * ROW];
  const part = lost ? 0.6 : 1;
  const [x2, y2] = [x1 + (x(to) - x1) * part, y1 + (TOP + end_row * ROW - y1) * (end_row > sent_row ? part : 1)];
  const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  const turn = `translate(${x2} ${y2}) rotate(${angle})`;
  const [mx, my] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const flat = Math.abs(angle) > 90 ? angle + 180 : angle;
  return svg`<line class=${frame.segment?.retransmission ? 'again' : ''} x1=${x1} y1=${y1} x2=${x2} y2=${y2}></line>
    <path transform=${turn} d=${lost ? 'M-6 -6L6 6M-6 6L6 -6' : 'M-9 -4.5L0 0L-9 4.5'}></path>
    <text class="label" transform="translate(${mx} ${my}) rotate(${flat})" y="-4" text-anchor="middle">${frameText(frame, true)}</text>`;
}

/** @param {import('../model/sheet.js').Sheet} sheet @param {string} label */
export function sheetLadder(sheet, label) {
  if (sheet.arrows.length === 0 && sheet.changes.length === 0) return nothing;
  const height = TOP + Math.max(1, sheet.rows) * ROW;
  const x = places(sheet.lines.length);
  const change = (/** @type {import('../model/sheet.js').Change} */ { line, row, state }) => {
    const isFirst = line === 0;
    return svg`<text x=${x(line) + (isFirst ? -8 : 8)} y=${TOP + row * ROW + 4} text-anchor=${isFirst ? 'end' : 'start'}>${state}</text>`;
  };
  return html`<div class="drawn" tabindex="0" role="group" aria-label=${label}>
    <svg class="sheet" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label=${label}>
      ${frameOf(sheet.lines, height)} ${sheet.arrows.map((each) => arrow(each, x))} ${sheet.changes.map(change)}
    </svg>
  </div>`;
}

/** @param {string[]} lines @param {string} label */
export function emptyLadder(lines, label) {
  const height = 420;
  return html`<div class="drawn" tabindex="0" role="group" aria-label=${label}>
    <svg class="sheet" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label=${label}>${frameOf(lines, height)}</svg>
  </div>`;
}
