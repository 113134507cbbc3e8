/** The ladder as a table: the same rows for those who do not look at drawings, a page at a time. */
import { html, nothing } from 'lit';
import { t } from '../i18n/index.js';
import { timeText } from '../model/format.js';
import { fate } from '../model/select.js';
import { frameText } from '../model/segment.js';
import { firstNot } from '../model/time-index.js';

const PAGE_ROWS = 200;

/** How many frames had been sent, or lost before they were, by an event. @param {import('../model/run-index.js').RunIndex} index @param {number} id */
const rowsUntil = ({ ways: { ids } }, id) => firstNot(ids.length, (i) => ids[i] <= id);

/**
 * @param {import('../model/app.js').App} app
 * @param {number | null} end which row its page ends before; null: at the cursor
 * @param {(end: number | null) => void} page another page is wanted
 */
export function ladderTable(app, end, page) {
  const { session, cursor } = app;
  const { index } = app.timeline;
  const name = (/** @type {number} */ node) => t('host', { node: session.nodes[node]?.name ?? '' });
  const count = rowsUntil(index, cursor.id);
  const to = Math.min(count, end ?? count);
  const from = Math.max(0, to - PAGE_ROWS);
  const rows = index.ways.items.slice(from, to);
  const last = to === count ? rows.at(-1) : undefined;
  const turn = (/** @type {boolean} */ can, /** @type {string} */ id, /** @type {number} */ next) =>
    html`<button class="plain" ?disabled=${!can} @click=${() => page(next >= count ? null : next)}>${t(id)}</button>`;
  const pages = html`<div class="pages">
    <p>${t('ladder-rows', { from: Math.min(to, from + 1), to, of: count })}</p>
    ${turn(from > 0, 'ladder-rows-before', from)} ${turn(to < count, 'ladder-rows-after', to + PAGE_ROWS)}
  </div>`;
  return html`${count > PAGE_ROWS ? pages : nothing}
    <div class="scroller" tabindex="0" role="group" aria-label=${t('ladder-table')}>
      ${count === 0 ? html`<p class="second">${t('ladder-empty')}</p>` : nothing}
      <table>
        <caption class="hidden">
          ${t('ladder-table')}
        </caption>
        <thead>
          <tr>
            ${['time', 'from', 'to', 'what', 'bytes', 'fate'].map((column) => html`<th scope="col">${t(`column-${column}`)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map((frame) => {
            const [a, b] = session.topology.way(frame);
            return html`<tr
              data-frame=${frame.frame}
              class=${frame.frame === app.lit ? 'lit' : ''}
              aria-current=${frame === last ? 'step' : nothing}
              @mouseenter=${() => app.point(frame.frame)}
              @mouseleave=${() => app.point(0)}
            >
              <td class="mono time">${timeText(frame.sent_us ?? frame.lost_us ?? 0)}</td>
              <td>${name(a)}</td>
              <td>${name(b)}</td>
              <td>
                <button class="plain mono" @click=${() => app.select(frame.frame, true)}>
                  ${frameText(frame, app.relative)}
                </button>
              </td>
              <td class="mono">${frame.len_bytes}</td>
              <td>${t(`fate-${fate(frame, cursor)}`)}${frame.segment?.retransmission ? ` · ${t('fate-again')}` : ''}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
}
