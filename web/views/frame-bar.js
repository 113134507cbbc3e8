/** A frame as a striped bar: one stripe for each header and what it carries, in true proportion of bytes. */
import { css, html } from 'lit';

/** @typedef {import('../model/types.js').Stripe} Stripe */

export const frameBarStyles = css`
  .bar {
    display: flex;
    height: 22px;
    border: 1px solid var(--ink);
    border-radius: 3px;
    overflow: hidden;
    background: var(--paper);
  }
  .bar > i {
    display: block;
    min-width: 2px;
    height: 100%;
  }
  .bar > .link {
    background: var(--link);
  }
  .bar > .internet {
    background: var(--internet);
  }
  .bar > .transport {
    background: var(--transport);
  }
  .bar > .application {
    background: var(--application);
  }
  .bar > .rest {
    background: var(--hair);
  }
`;

/** @param {Stripe[]} stripes */
export const bytesIn = (stripes) => stripes.reduce((sum, stripe) => sum + stripe.bytes, 0);

/**
 * How wide a bar is drawn: more bytes are wider, until it would be in the way.
 * @param {number} bytes @param {number} [max_px]
 */
export const barWidth = (bytes, max_px = 148) => Math.round(Math.min(max_px, 26 + bytes));

const ORDER = ['link', 'internet', 'transport', 'application'];

/**
 * The stripes that a frame has within a host: going down, those up to the layer that has put its header on; going up,
 * what is left when that layer has taken its header off.
 * @param {Stripe[]} stripes @param {import('../model/types.js').Layer} layer @param {'down' | 'up'} way
 */
export function stripesAt(stripes, layer, way) {
  const first = ORDER.indexOf(layer) + (way === 'up' ? 1 : 0);
  return stripes.filter((stripe) => ORDER.indexOf(stripe.layer) >= first);
}

/**
 * @param {Stripe[]} stripes
 * @param {number} [rest] bytes that are none of these: padding and the check sequence
 */
export function frameBar(stripes, rest = 0) {
  return html`<span class="bar" aria-hidden="true"
    >${stripes.map(({ layer, bytes }) => html`<i class=${layer} style="flex:${bytes} 0 0"></i>`)}${
      rest > 0 ? html`<i class="rest" style="flex:${rest} 0 0"></i>` : ''
    }</span
  >`;
}
