/**
 * The lessons for the page: found by their folders at build time, fetched one by one when they are wanted. A lesson
 * is what lesson.json says, with its texts in each language.
 *
 * @typedef {import('@fluent/bundle').FluentBundle} FluentBundle
 * @typedef {Record<import('../i18n/bundle.js').Language, FluentBundle>} Texts
 * @typedef {Record<string, any> & {id: string, texts: Texts}} Lesson
 */
import { makeBundle } from '../i18n/bundle.js';
import { DRAFT, lessonOf, readDraft } from '../model/lesson-draft.js';
import beliefs_en from './beliefs-en.ftl?raw';
import beliefs_ko from './beliefs-ko.ftl?raw';
import glossary_en from './glossary-en.ftl?raw';
import glossary_ko from './glossary-ko.ftl?raw';

const documents = import.meta.glob('./[0-9]*/lesson.json', { import: 'default' });
const texts = import.meta.glob(['./[0-9]*/*.ftl', './template/*.ftl'], { query: '?raw', import: 'default' });
const sources = import.meta.glob(['./[0-9]*/lesson.json', './template/lesson.json'], { query: '?raw', import: 'default' });

/** Names of the lessons, in their order. */
export const lessonNames = Object.keys(documents)
  .map((path) => path.split('/')[1])
  .sort();

/** @type {Texts} */
export const glossary = { ko: makeBundle('ko', [glossary_ko]), en: makeBundle('en', [glossary_en]) };

/** @type {Texts} */
export const beliefs = { ko: makeBundle('ko', [beliefs_ko]), en: makeBundle('en', [beliefs_en]) };

/** The files of one lesson, as they were written. @param {string} name @returns {Promise<import('../model/lesson-draft.js').Draft>} */
export async function lessonSources(name) {
  const [json, ko, en] = await Promise.all([sources[`./${name}/lesson.json`](), texts[`./${name}/ko.ftl`](), texts[`./${name}/en.ftl`]()]);
  return { json: String(json), ko: String(ko), en: String(en) };
}

/** The lesson that is being written in this browser. @returns {Lesson | null} */
function draft() {
  const kept = readDraft(localStorage);
  return kept && lessonOf(kept);
}

/**
 * @param {string} name
 * @returns {Promise<Lesson | null>} null: there is no such lesson
 */
export async function loadLesson(name) {
  if (name === DRAFT) return draft();
  if (!lessonNames.includes(name)) return null;
  const [lesson, ko, en] = await Promise.all([
    documents[`./${name}/lesson.json`](),
    texts[`./${name}/ko.ftl`](),
    texts[`./${name}/en.ftl`](),
  ]);
  return {
    .../** @type {Record<string, any>} */ (lesson),
    id: name,
    texts: { ko: makeBundle('ko', [String(ko)]), en: makeBundle('en', [String(en)]) },
  };
}
