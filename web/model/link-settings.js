/**
 * How a link is set, as a description of it and the page's own notes (doings.js) have it: each direction for itself.
 *
 * @typedef {import('./doings.js').WaySettings} WaySettings
 * @typedef {import('./doings.js').LinkSettings} LinkSettings
 * @typedef {'' | 'a_to_b' | 'b_to_a'} Way '': both
 */

/** What a caption tells of a way. @type {(keyof WaySettings)[]} */
const TOLD = ['delay_ms', 'rate_bit_per_s', 'loss', 'up'];

/**
 * What is set; null: the two ways differ.
 * @param {any} link @param {Way} way @param {string} name
 */
export function setOf(link, way, name) {
  if (way) return link[way][name];
  return link.a_to_b[name] === link.b_to_a[name] ? link.a_to_b[name] : null;
}

/** Does a caption need a line for each way? @param {LinkSettings} link */
export const isTwofold = (link) => TOLD.some((name) => setOf(link, '', name) === null);
