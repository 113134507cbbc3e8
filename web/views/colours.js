/** The page's colours and pixels, for what is drawn on a canvas. */

/** @typedef {Record<'application' | 'transport' | 'internet' | 'link' | 'hair' | 'ink' | 'paper', string>} Colours */

/** @param {Element} element @returns {Colours} */
export function coloursOf(element) {
  const style = getComputedStyle(element);
  const names = ['application', 'transport', 'internet', 'link', 'hair', 'ink', 'paper'];
  return /** @type {Colours} */ (Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])));
}

/** A canvas as large as its element, in the screen's own pixels, empty. @param {HTMLCanvasElement} canvas @param {number} width @param {number} height */
export function clearCanvas(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
