/**
 * A lesson's text as pieces to draw: plain words, `code`, and terms of the glossary, [[syn]] or [[syn|shown words]].
 *
 * @typedef {{kind: 'text' | 'code', text: string} | {kind: 'term', text: string, term: string}} Piece
 */
import { formatMessage } from '../i18n/bundle.js';

/** @typedef {import('@fluent/bundle').FluentBundle} FluentBundle */

/**
 * @param {string} text
 * @param {(term: string) => string} nameOf a term's name in the language of the text
 * @returns {Piece[]}
 */
export function piecesOf(text, nameOf) {
  return text
    .split(/(`[^`]+`|\[\[[^\]]+\]\])/)
    .filter((part) => part !== '')
    .map((part) => {
      if (part.startsWith('`')) return { kind: 'code', text: part.slice(1, -1) };
      if (!part.startsWith('[[')) return { kind: 'text', text: part };
      const [term, shown] = part.slice(2, -2).split('|');
      return { kind: 'term', term, text: shown ?? nameOf(term) };
    });
}

/**
 * A message's text, or one of its attributes'.
 * @param {FluentBundle} bundle
 * @param {string} id
 * @param {string} [attribute]
 * @param {Record<string, string | number>} [values]
 * @returns {string} empty when there is no such attribute
 */
export function lessonText(bundle, id, attribute = '', values = {}) {
  if (!attribute) return formatMessage(bundle, id, values);
  const pattern = bundle.getMessage(id)?.attributes[attribute];
  return pattern ? bundle.formatPattern(pattern, values) : '';
}
