/** Choosing the link that is set, and what its fields look like where its two ways differ. */
import { css, html, nothing } from 'lit';
import { t } from '../i18n/index.js';
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
