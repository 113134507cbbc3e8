/**
 * How far somebody has got in each lesson, kept where the browser keeps things for a page. Nothing leaves it.
 *
 * @typedef {import('./lesson.js').Progress} Progress
 */
const KEY = 'tcplab-lessons';

/** Storage may be forbidden or full; the progress then lasts as long as the page. @template T @param {() => T} use @param {T} otherwise */
function attempt(use, otherwise) {
  try {
    return use();
  } catch {
    return otherwise;
  }
}

/** @param {unknown} value @returns {Record<string, Progress>} what is not progress is left out */
function sound(value) {
  if (value === null || typeof value !== 'object') return {};
  return Object.fromEntries(
    Object.entries(value).filter(([, each]) => typeof each?.step === 'number' && each.answers && each.tasks),
  );
}

/** @param {Pick<Storage, 'getItem'>} storage */
export const readProgress = (storage) => attempt(() => sound(JSON.parse(storage.getItem(KEY) ?? '{}')), {});

/** Is it further than what was kept? Finished is further than not, then points decide, then steps. @param {Progress | undefined} before @param {Progress} progress */
function isFurther(before, progress) {
  if (!before) return true;
  if (before.finished !== progress.finished) return progress.finished;
  const good = (/** @type {Progress} */ { answers, tasks }) =>
    Object.values(answers).filter(({ right }) => right).length + Object.values(tasks).filter(({ done, shown }) => done && !shown).length;
  return good(progress) === good(before) ? progress.step > before.step : good(progress) > good(before);
}

/** @param {Storage} storage @param {Record<string, Progress>} all */
const write = (storage, all) => attempt(() => storage.setItem(KEY, JSON.stringify(all)), undefined);

/**
 * Keeps the better of the old and the new: who takes a lesson once more does not lose that it was finished.
 * @param {Storage} storage @param {Progress} progress
 */
export function keepProgress(storage, progress) {
  const all = readProgress(storage);
  if (all[progress.lesson]?.finished && !progress.finished) return;
  write(storage, { ...all, [progress.lesson]: progress });
}

/**
 * Takes over what is further than what is here.
 * @param {Storage} storage @param {Progress[]} others @returns {number} in how many lessons that was so
 */
export function mergeProgress(storage, others) {
  const all = readProgress(storage);
  const further = others.filter((progress) => isFurther(all[progress.lesson], progress));
  write(storage, { ...all, ...Object.fromEntries(further.map((progress) => [progress.lesson, progress])) });
  return further.length;
}

/** @param {Storage} storage */
export const forgetProgress = (storage) => attempt(() => storage.removeItem(KEY), undefined);
