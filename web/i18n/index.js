/** The page's language, and its words. Switching is live: listeners draw again. */
import { LANGUAGES, addMessages, formatMessage, makeBundle } from './bundle.js';
import ko from './ko.ftl?raw';
import ko_events from './ko-events.ftl?raw';
import ko_rules from './ko-rules.ftl?raw';
import en from './en.ftl?raw';
import en_events from './en-events.ftl?raw';
import en_rules from './en-rules.ftl?raw';

/** @typedef {import('./bundle.js').Language} Language */

const BUNDLES = {
  ko: makeBundle('ko', [ko, ko_events, ko_rules]),
  en: makeBundle('en', [en, en_events, en_rules]),
};
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

/** For as long as the page lasts. @param {Language} next */
export function speakLanguage(next) {
  language = next;
  for (const listener of listeners) listener();
}

/** As a person chose. @param {Language} next */
export function setLanguage(next) {
  stored(() => (localStorage.setItem(STORE_KEY, next), null));
  speakLanguage(next);
}

/** @param {() => void} listener @returns {() => void} */
export function onLanguage(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @param {string} id @param {Record<string, string | number>} [args] */
export const t = (id, args) => formatMessage(BUNDLES[language], id, args);

/** @param {string} id */
export const hasMessage = (id) => BUNDLES[language].hasMessage(id);

/** Words that come later, with the views that say them. @param {Record<Language, string[]>} sources */
export function moreMessages(sources) {
  for (const each of LANGUAGES) for (const source of sources[each]) addMessages(BUNDLES[each], source);
}
