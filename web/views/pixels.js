/**
 * A canvas written pixel by pixel: for hundreds of small bars that move, which take a browser longer to note down and to draw than to
 * be put where they are. A bar stands on whole pixels; within it, colours that share a pixel are mixed, as on any canvas.
 */

/** @typedef {readonly [r: number, g: number, b: number]} Ink */
/** @typedef {{from: number, to: number, ink: Ink}} Part of a bar, from 0 to 1 */

/** A colour of the page in numbers. @param {CanvasRenderingContext2D} context @param {string} colour @returns {Ink} */
export function inkOf(context, colour) {
  context.fillStyle = colour;
  const value = Number.parseInt(String(context.fillStyle).slice(1, 7), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** One row of a bar, as it lies in memory. @param {number} count of pixels @param {Part[]} parts */
export function rowOf(count, parts) {
  const bytes = new Uint8ClampedArray(count * 4);
  for (let i = 0; i < count; i++) {
    const sum = [0, 0, 0];
    let covered = 0;
    for (const { from, to, ink } of parts) {
      const share = Math.min(i + 1, to * count) - Math.max(i, from * count);
      if (share <= 0) continue;
      covered += share;
      ink.forEach((value, k) => (sum[k] += value * share));
    }
    if (covered > 0) bytes.set([...sum.map((value) => value / covered), covered * 255], i * 4);
  }
  return new Uint32Array(bytes.buffer);
}

export class Pixels {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    /** Pixels of the screen for each of the page. */
    this.ratio = 1;
    /** @type {ImageData | null} */
    this.image = null;
    this.words = new Uint32Array(0);
  }

  /** Empties it. @param {number} width @param {number} height of the element @returns {boolean} is there anything to draw on? */
  clear(width, height) {
    this.ratio = window.devicePixelRatio || 1;
    const [w, h] = [Math.round(width * this.ratio), Math.round(height * this.ratio)];
    if (w === 0 || h === 0) return false;
    if (this.image?.width !== w || this.image.height !== h) {
      Object.assign(this.canvas, { width: w, height: h });
      this.image = this.context.createImageData(w, h);
      this.words = new Uint32Array(this.image.data.buffer);
    } else this.words.fill(0);
    return true;
  }

  /** A bar whose rows are alike. @param {Uint32Array} row @param {number} left @param {number} top @param {number} rows all in pixels of the screen */
  bar(row, left, top, rows) {
    const { width, height } = /** @type {ImageData} */ (this.image);
    const from = Math.max(0, -left);
    const to = Math.min(row.length, width - left);
    for (let y = Math.max(0, top); y < Math.min(height, top + rows); y++) {
      for (let i = from, at = y * width + left + from; i < to; i++) this.words[at++] = row[i];
    }
  }

  show() {
    if (this.image) this.context.putImageData(this.image, 0, 0);
  }
}
