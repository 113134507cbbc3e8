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

/**
 * Keeps the better of the old and the new: who takes a lesson once more does not lose that it was finished.
 * @param {Storage} storage @param {Progress} progress
 */
export function keepProgress(storage, progress) {
  const all = readProgress(storage);
  const before = all[progress.lesson];
  if (before?.finished && !progress.finished) return;
  all[progress.lesson] = progress;
  attempt(() => storage.setItem(KEY, JSON.stringify(all)), undefined);
}

/** @param {Storage} storage */
export const forgetProgress = (storage) => attempt(() => storage.removeItem(KEY), undefined);
