/** A link in words: what it does to frames, one text for both ways or one for each. */
import { t } from '../i18n/index.js';
import { rateText } from '../model/format.js';
import { isTwofold } from '../model/link-settings.js';

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
