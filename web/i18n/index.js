/**
 * The page's language, and its words, which are fetched for the language that is spoken. Switching is live: what is missing is
 * fetched first, then listeners draw again.
 */
import { LANGUAGES, addMessages, formatMessage, makeBundle } from './bundle.js';
import { ToldError } from './told.js';

/**
 * @typedef {import('./bundle.js').Language} Language
 * @typedef {Record<Language, import('@fluent/bundle').FluentBundle>} Texts
 * @typedef {() => Promise<{default: string | string[]}>} Source a chunk with the text of one .ftl file, or of several
 */

/** @param {Record<Language, string[]>} [sources] @returns {Texts} */
export const newTexts = (sources = { ko: [], en: [] }) => ({ ko: makeBundle('ko', sources.ko), en: makeBundle('en', sources.en) });

/** All words of the page, but those of lessons. What is said when they do not come is here already. */
const PAGE = newTexts({
  ko: ['words-missing = 화면의 글을 가져오지 못했습니다. 연결을 확인하고 다시 시도하거나 페이지를 새로 고치세요.', 'words-again = 다시 시도'],
  en: ['words-missing = The words of this page could not be fetched. See whether you are connected, and try again or load the page anew.', 'words-again = Try again'],
});
const STORE_KEY = 'tcplab-language';

/** @type {Set<() => void>} */
const listeners = new Set();

/** Storage may be forbidden, as in some frames. @param {() => string | null} read */
function stored(read) {
  try {
    return read();
  } catch {
    return null;
  }
}

/** @returns {Language} */
function firstLanguage() {
  const asked = new URLSearchParams(location.search).get('lang') ?? stored(() => localStorage.getItem(STORE_KEY));
  const wish =
    asked ??
    navigator.languages.map((each) => each.slice(0, 2)).find((each) => LANGUAGES.includes(/** @type {any} */ (each)));
  return LANGUAGES.find((each) => each === wish) ?? 'en';
}

/** @type {Language} */
let language = firstLanguage();

export const getLanguage = () => language;

/**
 * What is to be fetched, into which bundles, what is on its way, and what has come or failed.
 * @type {{sources: Record<Language, Source>, texts: Texts, coming: Partial<Record<Language, Promise<void>>>, settled: Partial<Record<Language, boolean>>}[]}
 */
const words = [];

/** @param {typeof words[number]} entry @param {Language} which */
async function fetchWords({ sources, texts, coming, settled }, which) {
  try {
    for (const source of [(await sources[which]()).default].flat()) addMessages(texts[which], source);
  } catch (error) {
    delete coming[which]; // it may work the next time
    throw new ToldError(formatMessage(PAGE[language], 'words-missing'), { cause: error });
  } finally {
    settled[which] = true;
  }
}

/** Is something to be waited for before anything is said? */
export const awaitsWords = () => words.some(({ settled }) => !settled[language]);

/** Fetches what is missing of the words that anybody asked for. It fails as fetching code does. @param {Language} [which] */
export async function loadWords(which = language) {
  await Promise.all(words.map((entry) => (entry.coming[which] ??= fetchWords(entry, which))));
}

/** For those who draw: when all has come that will. */
export const wordsSettled = () => loadWords().catch(() => {});

/** Code that is fetched when it is wanted, with its words. @template T @param {Promise<T>} coming @returns {Promise<T>} */
export async function withWords(coming) {
  const module = await coming;
  await loadWords();
  return module;
}

/** Words that come with the views that say them. @param {Record<Language, Source>} sources @param {Texts} [texts] where to, if not to those of t() */
export function moreMessages(sources, texts = PAGE) {
  words.push({ sources, texts, coming: {}, settled: {} });
}

moreMessages({ ko: () => import('./ko.js'), en: () => import('./en.js') });

/** Which was chosen last; another may still be on its way. */
let chosen = language;

/** For as long as the page lasts. While nothing is said yet, at once; else when its words are there. @param {Language} next */
export async function speakLanguage(next) {
  chosen = next;
  if (words[0].settled[language]) await loadWords(next);
  if (chosen !== next) return;
  language = next;
  for (const listener of listeners) listener();
}

/** As a person chose. It is remembered once it is spoken. @param {Language} next */
export async function setLanguage(next) {
  await speakLanguage(next);
  stored(() => (localStorage.setItem(STORE_KEY, next), null));
}

/** @param {() => void} listener @returns {() => void} */
export function onLanguage(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @param {string} id @param {Record<string, string | number>} [args] */
export const t = (id, args) => formatMessage(PAGE[language], id, args);

/** @param {string} id */
export const hasMessage = (id) => PAGE[language].hasMessage(id);
