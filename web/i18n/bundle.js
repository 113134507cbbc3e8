/**
 * Messages of one language. No DOM and no bundler, so that tests read the same files as the page.
 */
import { FluentBundle, FluentResource } from '@fluent/bundle';

export const LANGUAGES = /** @type {const} */ (['ko', 'en']);

/** @typedef {typeof LANGUAGES[number]} Language */

/**
 * @param {Language} language
 * @param {string[]} sources the texts of its .ftl files
 */
export function makeBundle(language, sources) {
  // Isolation marks would end up in copied text and in tests; both languages run left to right.
  const bundle = new FluentBundle(language, { useIsolating: false });
  for (const source of sources) addMessages(bundle, source);
  return bundle;
}

/** @param {FluentBundle} bundle @param {string} source the text of an .ftl file */
export function addMessages(bundle, source) {
  const errors = bundle.addResource(new FluentResource(source));
  if (errors.length > 0) throw errors[0];
}

/**
 * A message in words. A missing one shows its id: it is never silent, and tests look for it.
 * @param {FluentBundle} bundle
 * @param {string} id
 * @param {Record<string, string | number>} [args]
 */
export function formatMessage(bundle, id, args = {}) {
  const pattern = bundle.getMessage(id)?.value;
  return pattern ? bundle.formatPattern(pattern, args) : id;
}
