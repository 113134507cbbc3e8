/**
 * Progress as a file: a JSON document that another browser takes. What is wrong with one is told by path, all at once,
 * and then nothing of it is taken.
 *
 *   {"tcplab_progress": 1, "lessons": {"05-handshake": {"step": 7, "finished": true, "answers": {...}, "tasks": {...}}}}
 *
 * @typedef {import('./lesson.js').Progress} Progress
 * @typedef {{path: string, id: string, args?: Record<string, string | number>}} Fault where, and the message that says what
 */
export const PROGRESS_VERSION = 1;

/** @param {Record<string, Progress>} all @returns {string} */
export function progressToFile(all) {
  const lessons = Object.fromEntries(Object.entries(all).map(([name, { step, finished, answers, tasks }]) => [name, { step, finished, answers, tasks }]));
  return `${JSON.stringify({ tcplab_progress: PROGRESS_VERSION, lessons }, null, 2)}\n`;
}

const isObject = (/** @type {unknown} */ value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const isWhole = (/** @type {unknown} */ value) => Number.isInteger(value) && Number(value) >= 0;
const isBoolean = (/** @type {unknown} */ value) => typeof value === 'boolean';
const isAnswer = (/** @type {unknown} */ value) => typeof value === 'string' || Number.isFinite(value);

/** What the members of each part must be. @type {Record<string, Record<string, [(value: unknown) => boolean, string]>>} */
const SHAPES = {
  lesson: { step: [isWhole, 'whole'], finished: [isBoolean, 'boolean'], answers: [isObject, 'object'], tasks: [isObject, 'object'] },
  answers: { answer: [isAnswer, 'answer'], right: [isBoolean, 'boolean'] },
  tasks: { done: [isBoolean, 'boolean'], hints: [isWhole, 'whole'], shown: [isBoolean, 'boolean'] },
};

/** Faults of one part. @param {string} path @param {any} value @param {keyof typeof SHAPES} shape @returns {Fault[]} */
function faultsOf(path, value, shape) {
  if (!isObject(value)) return [{ path, id: 'fault-object' }];
  return Object.entries(SHAPES[shape])
    .filter(([member, [is]]) => !is(value[member]))
    .map(([member, [, what]]) => ({ path: `${path}.${member}`, id: `fault-${what}` }));
}

/** @param {string} path @param {any} lesson @returns {Fault[]} */
function faultsOfLesson(path, lesson) {
  const own = faultsOf(path, lesson, 'lesson');
  const inner = ['answers', 'tasks'].flatMap((part) =>
    isObject(lesson?.[part]) ? Object.entries(lesson[part]).flatMap(([id, each]) => faultsOf(`${path}.${part}.${id}`, each, part)) : [],
  );
  return [...own, ...inner];
}

/** Only what progress has. @param {string} name @param {any} lesson @returns {Progress} */
function plain(name, { step, finished, answers, tasks }) {
  const members = (/** @type {Record<string, any>} */ all, /** @type {string} */ shape) =>
    Object.fromEntries(Object.entries(all).map(([id, each]) => [id, Object.fromEntries(Object.keys(SHAPES[shape]).map((member) => [member, each[member]]))]));
  return { lesson: name, step, finished, answers: /** @type {any} */ (members(answers, 'answers')), tasks: /** @type {any} */ (members(tasks, 'tasks')) };
}

/**
 * @param {string} text the file's
 * @param {string[]} names of the lessons there are
 * @returns {{progress: Progress[], faults: Fault[]}} with faults, no progress
 */
export function progressFromFile(text, names) {
  /** @type {any} */
  let file;
  try {
    file = JSON.parse(text);
  } catch (error) {
    return { progress: [], faults: [{ path: '', id: 'fault-json', args: { why: error instanceof Error ? error.message : '' } }] };
  }
  if (!isObject(file) || !('tcplab_progress' in file)) return { progress: [], faults: [{ path: '', id: 'fault-kind' }] };
  if (file.tcplab_progress !== PROGRESS_VERSION) {
    return { progress: [], faults: [{ path: 'tcplab_progress', id: 'fault-version', args: { found: String(file.tcplab_progress), known: PROGRESS_VERSION } }] };
  }
  if (!isObject(file.lessons)) return { progress: [], faults: [{ path: 'lessons', id: 'fault-object' }] };
  const entries = Object.entries(file.lessons);
  const faults = entries.flatMap(([name, lesson]) =>
    names.includes(name) ? faultsOfLesson(`lessons.${name}`, lesson) : [{ path: `lessons.${name}`, id: 'fault-lesson' }],
  );
  return { progress: faults.length > 0 ? [] : entries.map(([name, lesson]) => plain(name, lesson)), faults };
}
