/** A link in words: what it does to frames, one text for both ways or one for each; and the choice among several links. */
import { css, html, nothing } from 'lit';
import { t } from '../i18n/index.js';
import { rateText } from '../model/format.js';
import { isTwofold } from '../model/link-settings.js';
import { nodeName } from './node-name.js';

/** A number field that shows no number says why in the words of its placeholder, which need the room of its arrows. */
export const differsStyles = css`
  input::placeholder {
    font-family: var(--sans);
    color: var(--second);
  }
  input[type='number']:placeholder-shown {
    appearance: textfield;
    padding-inline: 6px;
  }
`;

/** @param {import('../model/doings.js').WaySettings} way @param {boolean} isShort says nothing of loss where there is none */
function wayText({ up, delay_ms, rate_bit_per_s, loss }, isShort) {
  if (!up) return t('link-cut');
  const args = { delay: delay_ms, rate: rateText(rate_bit_per_s), loss: Math.round(loss * 1000) / 10 };
  return t(isShort && loss === 0 ? 'link-caption-short' : 'link-caption', args);
}

/**
 * @param {import('../model/doings.js').LinkSettings} link
 * @param {boolean} goesRight is its first end drawn at the left?
 * @param {boolean} [isShort]
 * @returns {string[]} the way to the right first, when there are two
 */
export function linkCaption(link, goesRight, isShort = false) {
  if (!isTwofold(link)) return [link.a_to_b.up ? wayText(link.a_to_b, isShort) : t('link-down')];
  const [right, left] = goesRight ? [link.a_to_b, link.b_to_a] : [link.b_to_a, link.a_to_b];
  return [`→ ${wayText(right, isShort)}`, `← ${wayText(left, isShort)}`];
}

/** Whom a link joins, with its name where that tells more. @param {import('../model/topology.js').Topology} topology @param {number} link */
export function linkTitle({ nodes, links }, link) {
  const [a, b] = links[link].ends.map((node) => nodeName(nodes[node].name));
  return t('link-between', { a, b, name: links[link].name });
}

/** The choice of the link that is set, where there are several. @param {import('../model/app.js').App} app */
export function linkChoice(app) {
  const { topology } = app.session;
  if (topology.links.length < 2) return nothing;
  return html`<select
    class="which"
    aria-label=${t('link-which')}
    .value=${String(app.link)}
    @change=${(/** @type {Event} */ event) => app.chooseLink(Number(/** @type {HTMLSelectElement} */ (event.target).value))}
  >
    ${topology.links.map((_, link) => html`<option value=${link} ?selected=${link === app.link}>${linkTitle(topology, link)}</option>`)}
  </select>`;
}
