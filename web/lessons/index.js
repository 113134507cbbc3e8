/**
 * The lessons for the page: found by their folders at build time, fetched one by one when they are wanted. A lesson
 * is what lesson.json says, with its texts in the language that is spoken, and in another once it is.
 *
 * @typedef {import('../i18n/index.js').Texts} Texts
 * @typedef {Record<string, any> & {id: string, texts: Texts}} Lesson
 */
import { newTexts, loadWords, moreMessages } from '../i18n/index.js';
import { DRAFT, lessonOf, readDraft } from '../model/lesson-draft.js';

const documents = import.meta.glob('./[0-9]*/lesson.json', { import: 'default' });
const texts = import.meta.glob(['./[0-9]*/*.ftl', './template/*.ftl'], { query: '?raw', import: 'default' });
const sources = import.meta.glob(['./[0-9]*/lesson.json', './template/lesson.json'], { query: '?raw', import: 'default' });

/** Names of the lessons, in their order. */
export const lessonNames = Object.keys(documents)
  .map((path) => path.split('/')[1])
  .sort();

export const glossary = newTexts();
moreMessages({ ko: () => import('./glossary-ko.ftl?raw'), en: () => import('./glossary-en.ftl?raw') }, glossary);

export const beliefs = newTexts();
moreMessages({ ko: () => import('./beliefs-ko.ftl?raw'), en: () => import('./beliefs-en.ftl?raw') }, beliefs);

/** Texts that are there or on their way, by the lesson's name. @type {Map<string, Texts>} */
const texts_of = new Map();

/** @param {string} name @returns {Texts} */
function textsOf(name) {
  const known = texts_of.get(name);
  if (known) return known;
  const made = newTexts();
  const source = (/** @type {string} */ language) => async () => ({ default: String(await texts[`./${name}/${language}.ftl`]()) });
  moreMessages({ ko: source('ko'), en: source('en') }, made);
  texts_of.set(name, made);
  return made;
}

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
  if (name === DRAFT) {
    await loadWords();
    return draft();
  }
  if (!lessonNames.includes(name)) return null;
  const of_lesson = textsOf(name);
  const [lesson] = await Promise.all([documents[`./${name}/lesson.json`](), loadWords()]);
  return { .../** @type {Record<string, any>} */ (lesson), id: name, texts: of_lesson };
}
