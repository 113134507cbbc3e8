/** The ladder as a table: the same rows for those who do not look at drawings. */
import { html, nothing } from 'lit';
import { t } from '../i18n/index.js';
import { timeText } from '../model/format.js';
import { fate } from '../model/select.js';
import { frameText } from '../model/segment.js';

/** A longer table is of no use to anybody; the newest rows are kept. */
const ROWS_MAX = 200;

/**
 * @param {import('../model/app.js').App} app
 * @param {import('../model/types.js').FrameRecord[]} frames
 */
export function ladderTable(app, frames) {
  const name = (/** @type {number} */ node) => t('host', { node: app.session.nodes[node]?.name ?? '' });
  const rows = frames
    .filter((frame) => frame.sent_us !== null || frame.lost_us !== null)
    .sort((a, b) => (a.sent_id || a.lost_id) - (b.sent_id || b.lost_id))
    .slice(-ROWS_MAX);
  const last = rows.at(-1);
  return html`<table>
    <caption class="hidden">
      ${t('ladder-table')}
    </caption>
    <thead>
      <tr>
        ${['time', 'from', 'to', 'what', 'bytes', 'fate'].map((column) => html`<th scope="col">${t(`column-${column}`)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (frame) =>
          html`<tr
            data-frame=${frame.frame}
            class=${frame.frame === app.lit ? 'lit' : ''}
            aria-current=${frame === last ? 'step' : nothing}
            @mouseenter=${() => app.point(frame.frame)}
            @mouseleave=${() => app.point(0)}
          >
            <td class="mono time">${timeText(frame.sent_us ?? frame.lost_us ?? 0)}</td>
            <td>${name(frame.direction)}</td>
            <td>${name(1 - frame.direction)}</td>
            <td>
              <button class="plain mono" @click=${() => app.select(frame.frame, true)}>
                ${frameText(frame, app.relative)}
              </button>
            </td>
            <td class="mono">${frame.len_bytes}</td>
            <td>
              ${t(`fate-${fate(frame, app.cursor)}`)}${frame.segment?.retransmission ? ` · ${t('fate-again')}` : ''}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
