/** The ladder's ruler: round times, and folds with what they leave out. */
import { svg } from 'lit';
import { t } from '../i18n/index.js';
import { tickText, timeText } from '../model/format.js';

/** What stands where. @typedef {{ticks: {text: string, y: number}[], folds: {text: string, y: number}[], fold_x: number, width: number}} Ruler */

export const RULER_PX = 60;

/**
 * @param {import('../model/ladder-view.js').LadderView} view
 * @param {number} base from where heights are counted
 * @param {number[]} lifelines where they stand @param {number} width
 * @returns {Ruler}
 */
export function rulerOf({ axis, top, pad_top, height }, base, [first, second = first], width) {
  const from = top - pad_top;
  const offset = pad_top - base;
  return {
    ticks: axis.ticks(from, from + height, 40).map(({ t_us, px }) => ({ text: tickText(t_us), y: px + offset })),
    folds: axis.foldsBetween(from - 60, from + height + 60).map(({ from_us, to_us, from_px, to_px }) => ({ text: t('fold', { time: timeText(to_us - from_us) }), y: (from_px + to_px) / 2 + offset })),
    ...{ fold_x: (first + second) / 2, width },
  };
}

/** The lines around a fold. @param {number} y @param {number} width */
export const foldPath = (y, width) => `M${RULER_PX} ${y - 3}H${width}M${RULER_PX} ${y + 3}H${width}`;

/** @param {Ruler} ruler */
export const rulerMarks = ({ ticks, folds, fold_x, width }) => svg`
  ${ticks.map(({ text, y }) => svg`<g class="tick"><text x=${RULER_PX - 10} y=${y + 4} text-anchor="end">${text}</text><line x1=${RULER_PX - 6} x2=${RULER_PX} y1=${y} y2=${y}></line></g>`)}
  ${folds.map(({ text, y }) => svg`<g class="fold"><path d=${foldPath(y, width)}></path><text x=${fold_x} y=${y + 4} text-anchor="middle">${text}</text></g>`)}`;
