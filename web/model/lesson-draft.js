/**
 * A lesson that is being written, kept in the browser from one keystroke to the next; `?lesson=draft` opens it. One text each:
 * the document and the words of each language.
 *
 * @typedef {{json: string, ko: string, en: string}} Draft
 */
import { makeBundle } from '../i18n/bundle.js';

const KEY = 'tcplab-draft';

/** The name by which the lab opens it. */
export const DRAFT = 'draft';
export const PARTS = /** @type {const} */ (['json', 'ko', 'en']);

/** @param {Pick<Storage, 'getItem'>} storage @returns {Draft | null} */
export function readDraft(storage) {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? 'null');
    return PARTS.every((part) => typeof kept?.[part] === 'string') ? kept : null;
  } catch {
    return null;
  }
}

/** @param {Pick<Storage, 'setItem'>} storage @param {Draft} draft @returns {boolean} false: the browser keeps nothing */
export function keepDraft(storage, draft) {
  try {
    storage.setItem(KEY, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** Which part a file is: by its name, and what it holds. @param {string} name @param {string} text @returns {keyof Draft} */
export function partOf(name, text) {
  const [, language] = name.match(/(ko|en)[^/]*\.ftl$/i) ?? [];
  if (language) return /** @type {'ko' | 'en'} */ (language.toLowerCase());
  if (/^\s*[{[]/.test(text)) return 'json';
  return /[가-힣]/.test(text) ? 'ko' : 'en';
}

/**
 * A lesson as the page takes it.
 * @param {Draft} draft whose document is JSON
 * @returns {import('../lessons/index.js').Lesson}
 */
export const lessonOf = ({ json, ko, en }) => ({
  ...JSON.parse(json),
  id: DRAFT,
  texts: { ko: makeBundle('ko', [ko]), en: makeBundle('en', [en]) },
});
