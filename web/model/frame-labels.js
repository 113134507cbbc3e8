/**
 * What is written at frames on the stage: each label stays where it has room, shorter where that is little, and two that would cover
 * each other are one too many. In pixels.
 *
 * @typedef {object} Wish
 * @property {number} frame
 * @property {string} text @property {string} short the same in fewer letters
 * @property {number} x where the frame's middle is
 * @property {number} y @property {'left' | 'right'} side right: above the frame, left: below it
 * @property {[number, number]} room from where to where a label may reach
 * @property {boolean} first it is the one that is chosen
 *
 * @typedef {{text: string, by_px: number}} Label by_px: how far its middle is from the frame's
 */

/** A letter of 12 pixels' monospace, what is free beside a label, and how high it is with that. */
const LETTER_PX = 7.3;
const BESIDE_PX = 8;
const HEIGHT_PX = 18;
/** From the middle of a frame to that of its label. */
const AWAY_PX = 20;

/** @param {string} text */
export const labelWidth = (text) => text.length * LETTER_PX + BESIDE_PX;

/** @param {Wish[]} wishes @returns {Map<number, Label>} by frame; who is missing has no room */
export function placeLabels(wishes) {
  /** @type {{from: number, to: number, y: number}[]} */
  const taken = [];
  /** @type {Map<number, Label>} */
  const labels = new Map();
  for (const { frame, text: long, short, x, y, side, room: [from, to] } of [...wishes].sort((a, b) => Number(b.first) - Number(a.first))) {
    const text = labelWidth(long) <= to - from ? long : short;
    const half = labelWidth(text) / 2;
    const middle = to - from < 2 * half ? (from + to) / 2 : Math.min(to - half, Math.max(from + half, x));
    const box = { from: middle - half, to: middle + half, y: side === 'right' ? y - AWAY_PX : y + AWAY_PX };
    if (taken.some((other) => other.from < box.to && box.from < other.to && Math.abs(other.y - box.y) < HEIGHT_PX)) continue;
    taken.push(box);
    labels.set(frame, { text, by_px: Math.round(middle - x) });
  }
  return labels;
}
