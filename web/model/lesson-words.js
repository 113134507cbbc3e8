/**
 * Whether a lesson's texts are all there: what each step needs, what nobody asks for, and whether what they mention
 * exists. No DOM.
 *
 * @typedef {import('@fluent/bundle').FluentBundle} FluentBundle
 * @typedef {{path: string, id: string, args?: Record<string, string | number>}} Fault
 */
import { FluentResource } from '@fluent/bundle';
import { kindOf } from './lesson.js';
import { piecesOf } from './lesson-text.js';

/** What a step must have beside its own text, and reasons. @param {Record<string, any>} step @returns {string[]} attributes */
function attributesOf(step) {
  if (kindOf(step) === 'task') return ['done', ...Array.from({ length: step.hints ?? 0 }, (_, i) => `hint-${i + 1}`)];
  if (kindOf(step) === 'beat') return [];
  if (step.ask === 'choice') return ['after', ...(step.choices ?? []).map((/** @type {any} */ { id }) => `choice-${id}`)];
  return step.ask === 'number' || step.ask === 'drop' ? ['after', 'why'] : ['after'];
}

/** All texts that a lesson needs, besides reasons for wrong answers: "id" and "id.attribute". @param {Record<string, any>} lesson */
export const neededTexts = ({ steps }) => [
  ...['title', 'about', 'end'],
  ...steps.flatMap((/** @type {any} */ step) => [step.id, ...attributesOf(step).map((each) => `${step.id}.${each}`)]),
];

/** Messages and attributes of a file. @param {string} source @returns {string[]} */
export const textsIn = (source) =>
  new FluentResource(source).body.flatMap(({ id, value, attributes }) => [
    ...(value ? [id] : []),
    ...Object.keys(attributes).map((each) => `${id}.${each}`),
  ]);

/** A line that is neither a message, nor a part of one, nor a remark. */
const isStray = (/** @type {string} */ line) => line.trim() !== '' && !/^(#|[a-z][\w-]* = |\s+)/i.test(line);

/**
 * @param {Record<string, any>} lesson that is sound
 * @param {FluentBundle} bundle made of the source
 * @param {string} source
 * @param {(term: string) => boolean} isTerm is there such a term in the glossary?
 * @returns {Fault[]} `path`: a text's name, or a line's number
 */
export function textFaults(lesson, bundle, source, isTerm) {
  const there = textsIn(source);
  const needed = neededTexts(lesson);
  const stray = source.split('\n').flatMap((line, i) => (isStray(line) ? [{ path: String(i + 1), id: 'fault-line' }] : []));
  const missing = needed.filter((key) => !there.includes(key)).map((path) => ({ path, id: 'fault-text-missing' }));
  const spare = there.filter((key) => !needed.includes(key) && !/\.why-/.test(key)).map((path) => ({ path, id: 'fault-text-spare' }));
  return [...stray, ...missing, ...spare, ...mentions(lesson, bundle, isTerm)];
}

/** Values and terms that a text mentions and that do not exist. @param {Record<string, any>} lesson @param {FluentBundle} bundle @param {(term: string) => boolean} isTerm @returns {Fault[]} */
function mentions(lesson, bundle, isTerm) {
  return ['title', 'about', 'end', ...lesson.steps].flatMap((step) => {
    const id = step.id ?? step;
    const message = bundle.getMessage(id);
    const values = Object.fromEntries(Object.keys(step.say ?? {}).map((name) => [name, 7]));
    const parts = Object.entries({ '': message?.value, ...message?.attributes });
    return parts.flatMap(([attribute, pattern]) => {
      if (!pattern) return [];
      const path = attribute ? `${id}.${attribute}` : id;
      const errors = /** @type {Error[]} */ ([]);
      const terms = piecesOf(bundle.formatPattern(pattern, values, errors), (term) => term).flatMap((piece) => (piece.kind === 'term' ? [piece.term] : []));
      return [
        ...errors.map(({ message: what }) => ({ path, id: 'fault-text-value', args: { what } })),
        ...terms.filter((term) => !isTerm(term)).map((term) => ({ path, id: 'fault-text-term', args: { term } })),
      ];
    });
  });
}
