/** The page's colours, faces and pixels, for what is drawn on a canvas. */
import { css } from 'lit';

const NAMES = /** @type {const} */ ([
  ...['application', 'transport', 'internet', 'link', 'application-ink', 'hair', 'edge', 'ink', 'second', 'paper'],
  ...['now', 'now-ground', 'on-now', 'band-listen', 'band-half', 'band-full', 'band-closing', 'mono', 'sans'],
]);

/** @typedef {Record<typeof NAMES[number], string>} Colours */

/** They are asked for so often: asking works out the style of all that has changed. */
const ASK_EVERY_MS = 1000;

/** A canvas is not drawn anew by itself when the page's colours are others, whatever made them so; but one that its element has, and shows nowhere, tells of it. */
export const colouredStyles = css`
  :host {
    outline-color: var(--paper);
    transition: outline-color 1ms;
  }
`;

/** Draws an element with these styles anew when colours change. @param {import('lit').LitElement} element */
export function followColours(element) {
  element.addEventListener('transitionend', ({ propertyName }) => {
    if (propertyName !== 'outline-color') return;
    asked.delete(element);
    element.requestUpdate();
  });
}

/** @type {WeakMap<Element, {colours: Colours, at_ms: number}>} */
const asked = new WeakMap();

/** @param {Element} element @returns {Colours} the same object while they are the same */
export function coloursOf(element) {
  const last = asked.get(element);
  const now_ms = performance.now();
  if (last && now_ms - last.at_ms < ASK_EVERY_MS) return last.colours;
  const style = getComputedStyle(element);
  const now = /** @type {Colours} */ (Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])));
  const colours = last && NAMES.every((name) => last.colours[name] === now[name]) ? last.colours : now;
  asked.set(element, { colours, at_ms: now_ms });
  return colours;
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
