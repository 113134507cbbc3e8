/**
 * A run that outlives a reload of its page. What is kept is what a run is, its scenario, seed and actions as the text of a
 * URL, with where the person looked; it is kept for this tab, by the browser, and nowhere else. A run that is too large for
 * that, or a browser that keeps nothing (a frame without an origin, a person who forbids it), and a reload begins anew.
 *
 * @typedef {import('./session.js').Session} Session
 * @typedef {object} KeptRun
 * @property {string} of what the page was opened with; only there it is returned to
 * @property {string} run "tcplab:1:..."
 * @property {number} end_us how far it was run
 * @property {number} t_us the cursor
 * @property {number} id the last event that was seen
 * @property {string[]} names of what was sent, in its order; '': it was no file
 */
const KEY = 'tcplab-run';
const VERSION = 1;

/** Runs in which more was sent by hand are not kept. */
const SENT_MAX = 500_000;

/** @param {any} kept @returns {kept is KeptRun & {version: number}} */
const isSound = (kept) =>
  kept?.version === VERSION &&
  typeof kept.run === 'string' &&
  typeof kept.of === 'string' &&
  [kept.end_us, kept.t_us, kept.id].every((number) => Number.isSafeInteger(number) && number >= 0) &&
  Array.isArray(kept.names) &&
  kept.names.every((/** @type {unknown} */ name) => typeof name === 'string');

/** The tab's own storage. Only to ask for it may be forbidden. @returns {Storage | null} */
export function tabStorage() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null;
  }
}

/** What was kept, if it can be read, and is of the same page. @param {Pick<Storage, 'getItem'> | null} storage @param {string} [of] @returns {KeptRun | null} */
export function readKept(storage, of = '') {
  try {
    const kept = JSON.parse(storage?.getItem(KEY) ?? 'null');
    return isSound(kept) && kept.of === of ? kept : null;
  } catch {
    return null;
  }
}

/** @param {Pick<Storage, 'removeItem'> | null} storage */
export function forgetKept(storage) {
  try {
    storage?.removeItem(KEY);
  } catch {
    // Then nothing was kept either.
  }
}

/** A run in which nothing was done yet is not worth keeping. @param {Pick<Storage, 'setItem' | 'removeItem'> | null} storage @param {Session} session @param {string} [of] */
export function keepRun(storage, { lab, timeline, sent, opening_id }, of = '') {
  forgetKept(storage);
  const isBegun = timeline.log.length > opening_id;
  if (!isBegun || sent.reduce((sum, { bytes }) => sum + bytes.length, 0) > SENT_MAX) return;
  try {
    const kept = {
      version: VERSION,
      of,
      run: lab.url(),
      end_us: Math.round(Math.max(lab.now_us, timeline.cursor.t_us)),
      t_us: Math.round(timeline.cursor.t_us),
      id: timeline.cursor.id,
      names: sent.map(({ name }) => name),
    };
    storage?.setItem(KEY, JSON.stringify(kept));
  } catch {
    // It is too large for a URL, or for the storage.
  }
}
