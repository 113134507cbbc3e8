/** A checksum, worked out before one's eyes: what is added, what runs over, what is turned over, and the field beside it. */
import { html } from 'lit';
import { t } from '../i18n/index.js';
import { working } from '../model/checksum.js';

const hex = (/** @type {number} */ number, digits = 4) => `0x${number.toString(16).padStart(digits, '0')}`;

/**
 * @param {import('../model/checksum.js').Piece[]} pieces
 * @param {{value: number, text: string, is_bad: boolean}} field what the frame says, and the stack's verdict
 */
export function checksumWorking(pieces, field) {
  const sum = working(pieces);
  const row = (/** @type {string} */ name, /** @type {unknown} */ value, note = '') =>
    html`<tr>
      <th scope="row">${name}</th>
      <td class="mono">${value}</td>
      <td class="second">${note}</td>
    </tr>`;
  return html`<table class="working">
    <caption>
      ${t('sum-how')}
    </caption>
    <tbody>
      ${sum.pieces.map((piece) => row(t(`sum-${piece.name}`), hex(piece.sum, 5), t('sum-words', { words: piece.words })))}
      ${row(t('sum-all'), hex(sum.sum, 5))} ${row(t('sum-folded'), hex(sum.folded), t('sum-folded-how'))}
      ${row(t('sum-turned'), html`<b>${hex(sum.result)}</b>`, t('sum-turned-how'))}
      ${row(t('sum-field'), html`<b>${hex(field.value)}</b>`, t(field.is_bad ? 'sum-differs' : 'sum-equal'))}
    </tbody>
  </table>`;
}
