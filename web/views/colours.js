/** The page's colours, faces and pixels, for what is drawn on a canvas. */
import { css } from 'lit';

const NAMES = /** @type {const} */ ([
  ...['application', 'transport', 'internet', 'link', 'application-ink', 'hair', 'edge', 'ink', 'second', 'paper'],
  ...['now', 'now-ground', 'on-now', 'band-listen', 'band-half', 'band-full', 'band-closing', 'mono', 'sans'],
]);

/** @typedef {Record<typeof NAMES[number], string>} Colours */

/** While one drawing follows another, no further apart than this, ... */
const APART_MS = 100;
/** ... they are asked for so often: asking works out the style of all that has changed. */
const ASK_EVERY_MS = 1000;

/**
 * A canvas is not drawn anew by itself when the page's colours are others, whatever made them so; but what it has of them changes, and tells of it when
 * that is over: the event `transitionend`.
 */
export const colouredStyles = css`
  canvas {
    color: var(--paper);
    transition: color 1ms;
  }
`;

/** @type {WeakMap<Element, {colours: Colours, at_ms: number, drawn_ms: number}>} */
const asked = new WeakMap();

/** @param {Element} element @returns {Colours} the same object while they are the same */
export function coloursOf(element) {
  const last = asked.get(element);
  const now_ms = performance.now();
  if (last && now_ms - last.drawn_ms < APART_MS && now_ms - last.at_ms < ASK_EVERY_MS) {
    last.drawn_ms = now_ms;
    return last.colours;
  }
  const style = getComputedStyle(element);
  const now = /** @type {Colours} */ (Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])));
  const colours = last && NAMES.every((name) => last.colours[name] === now[name]) ? last.colours : now;
  asked.set(element, { colours, at_ms: now_ms, drawn_ms: now_ms });
  return colours;
}

/** They have changed. @param {Element} element */
export const forgetColours = (element) => asked.delete(element);

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
