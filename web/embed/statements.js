/**
 * What somebody did in a lesson, in the words of the Experience API (xAPI 1.0.3): a verb, an object, a result. Who did it
 * and when is for the host to add; nothing here knows a person. No DOM.
 *
 * @typedef {object} Statement
 * @property {{id: string, display: Record<string, string>}} verb
 * @property {{objectType: 'Activity', id: string, definition: {type: string, name?: Record<string, string>}}} object
 * @property {Record<string, any>} result
 * @property {{contextActivities: {parent: {id: string}[]}}} [context]
 */
const VERB = 'http://adlnet.gov/expapi/verbs/';
const TYPE = 'http://adlnet.gov/expapi/activities/';

/** The names of activities are the same wherever the lab lies. @param {string} lesson @param {string} [step] */
export const activityOf = (lesson, step) => `urn:tcplab:lesson:${lesson}${step ? `:${step}` : ''}`;

/**
 * @param {{lesson: string, step: string, answer: string | number | null, right: boolean}} answer null: a task that was done
 * @returns {Statement}
 */
export function answered({ lesson, step, answer, right }) {
  const result = { success: right, completion: true, ...(answer === null ? {} : { response: String(answer) }) };
  return {
    verb: { id: `${VERB}answered`, display: { en: 'answered', ko: '답함' } },
    object: { objectType: 'Activity', id: activityOf(lesson, step), definition: { type: `${TYPE}question` } },
    result,
    context: { contextActivities: { parent: [{ id: activityOf(lesson) }] } },
  };
}

/**
 * @param {{lesson: string, points: number, of: number, scaled: number, title: Record<string, string>}} completion
 * @returns {Statement}
 */
export function completed({ lesson, points, of, scaled, title }) {
  return {
    verb: { id: `${VERB}completed`, display: { en: 'completed', ko: '마침' } },
    object: { objectType: 'Activity', id: activityOf(lesson), definition: { type: `${TYPE}lesson`, name: title } },
    result: { completion: true, score: { raw: points, min: 0, max: of, scaled } },
  };
}
