/**
 * What an embed is asked for: the parameters of an address, or the attributes of an element, which have the same names
 * in small letters. One table says what each may be. A bad value is told and left out; it breaks nothing. No DOM.
 *
 * @typedef {object} Fault a value that does not fit, for a sentence
 * @property {string} message id of the sentence
 * @property {{name: string, value: string, list: string, min: number, max: number}} args
 *
 * @typedef {object} Wanted
 * @property {string} lesson its name; '' none
 * @property {string} scenario a preset's name, or a scenario document as text; '' the lab's own
 * @property {string} run what engine.js calls a run's URL; '' none
 * @property {'ko' | 'en' | ''} lang '' what the page speaks
 * @property {'light' | 'dark' | 'auto'} theme
 * @property {number | null} speed
 * @property {boolean} paused
 * @property {string[]} views shown
 * @property {'full' | 'player' | 'none'} controls
 * @property {number | null} seed
 * @property {number | null} t where it opens, in ms
 * @property {boolean | null} reducedmotion null: what the system says
 */
import { SPEEDS, TABS } from '../model/app.js';

/** What can be left out of the picture; one of the drawer's views opens it. */
export const STAGE_VIEWS = ['hosts', 'wire', 'link', 'programs', 'ladder'];

const VALUE_SHOWN = 60;
const A_DAY_MS = 86_400_000;

class Misfit extends Error {
  /** @param {string} message id @param {{list?: readonly string[], min?: number, max?: number}} [args] */
  constructor(message, { list = [], min = 0, max = 0 } = {}) {
    super(message);
    this.args = { list: list.join(', '), min, max };
  }
}

/** @param {string} text */
const name = (text) => {
  if (!/^[\w-]*$/.test(text)) throw new Misfit('embed-bad-name');
  return text;
};

/** @param {readonly string[]} list */
const oneOf = (list) => (/** @type {string} */ text) => {
  if (!list.includes(text)) throw new Misfit('embed-bad-choice', { list });
  return text;
};

/** @param {number} min @param {number} max @param {boolean} [whole] */
const number = (min, max, whole = false) => (/** @type {string} */ text) => {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!(value >= min && value <= max) || (whole && !Number.isInteger(value))) throw new Misfit('embed-bad-number', { min, max });
  return value;
};

/** A bare attribute means yes. @param {string} text */
const truth = (text) => {
  if (['', 'true', '1'].includes(text)) return true;
  if (['false', '0'].includes(text)) return false;
  throw new Misfit('embed-bad-choice', { list: ['true', 'false'] });
};

/** @param {readonly string[]} list */
const someOf = (list) => (/** @type {string} */ text) => {
  const asked = text.split(',').map((each) => each.trim());
  if (asked.some((each) => !list.includes(each))) throw new Misfit('embed-bad-list', { list });
  return asked;
};

/** The name of a run to begin with, or a document. @param {string} text */
const scenario = (text) => {
  if (/^[\w-]+$/.test(text)) return text;
  try {
    const value = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return text;
  } catch {
    // The same sentence.
  }
  throw new Misfit('embed-bad-scenario');
};

/** @param {string} text */
const run = (text) => {
  if (!text.includes('tcplab:')) throw new Misfit('embed-bad-run');
  return text;
};

/** How each is read, and what it is when nothing is said. @type {Record<keyof Wanted, {read: (text: string) => any, otherwise: any}>} */
const TABLE = {
  lesson: { read: name, otherwise: '' },
  scenario: { read: scenario, otherwise: '' },
  run: { read: run, otherwise: '' },
  lang: { read: oneOf(['ko', 'en']), otherwise: '' },
  theme: { read: oneOf(['light', 'dark', 'auto']), otherwise: 'auto' },
  speed: { read: number(SPEEDS[0], SPEEDS[SPEEDS.length - 1]), otherwise: null },
  paused: { read: truth, otherwise: true },
  views: { read: someOf([...STAGE_VIEWS, ...TABS]), otherwise: STAGE_VIEWS },
  controls: { read: oneOf(['full', 'player', 'none']), otherwise: 'full' },
  seed: { read: number(0, Number.MAX_SAFE_INTEGER, true), otherwise: null },
  t: { read: number(0, A_DAY_MS), otherwise: null },
  reducedmotion: { read: truth, otherwise: null },
};

/** Names of the parameters, as attributes; in an address they may have capitals: `reducedMotion`. */
export const PARAMETERS = Object.freeze(Object.keys(TABLE));

/** Those after whose change all begins anew. */
export const BEGINNING = Object.freeze(['lesson', 'scenario', 'run', 'seed', 't']);

/**
 * @param {(name: string) => string | null} get a parameter's text; null: not given
 * @returns {{wanted: Wanted, faults: Fault[]}}
 */
export function readParameters(get) {
  /** @type {Fault[]} */
  const faults = [];
  const entries = Object.entries(TABLE).map(([key, { read, otherwise }]) => {
    const text = get(key);
    if (text === null || (text === '' && read !== truth)) return [key, otherwise];
    try {
      return [key, read(text)];
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      const value = text.length > VALUE_SHOWN ? `${text.slice(0, VALUE_SHOWN)}…` : text;
      faults.push({ message: error.message, args: { name: key, value, ...error.args } });
      return [key, otherwise];
    }
  });
  return { wanted: /** @type {Wanted} */ (Object.fromEntries(entries)), faults };
}

/** The parameters of an address, by their names as attributes. @param {string} search @param {string} hash @returns {Map<string, string>} */
export function parametersOf(search, hash) {
  const given = new Map();
  for (const [key, value] of new URLSearchParams(search)) {
    const known = key.toLowerCase();
    if (PARAMETERS.includes(known) && known !== 'run') given.set(known, value);
  }
  if (hash.includes('tcplab:')) given.set('run', hash);
  return given;
}
