/**
 * A lesson as a SCO of SCORM 1.2 (run-time environment, section 3): it looks for the platform's API among the windows around
 * it, and reports progress, each answer as an interaction, the score and completion.
 */
import { complain, openLab, seconds } from './unit.js';

const LEVELS_MAX = 7;

/** @param {Window} from @returns {any} */
function apiAround(from) {
  for (let win = from, level = 0; level <= LEVELS_MAX; win = win.parent, level++) {
    try {
      if (/** @type {any} */ (win).API) return /** @type {any} */ (win).API;
    } catch {
      return null; // the window of another site: no API for us
    }
    if (win.parent === win) return null;
  }
  return null;
}

const api = apiAround(window) ?? (window.opener ? apiAround(window.opener) : null);
const lesson = new URLSearchParams(location.search).get('lesson') ?? '';
const lab = openLab(lesson);

/** CMITimespan, HHHH:MM:SS. */
const timespan = () => [Math.floor(seconds() / 3600), Math.floor(seconds() / 60) % 60, seconds() % 60].map((part) => String(part).padStart(2, '0')).join(':');

/** Sets a value; a platform without that element says so, and that is no trouble. @param {string} element @param {string | number} value */
const set = (element, value) => api.LMSSetValue(element, String(value));

let interactions = 0;

/** @param {Event} event */
function answer(event) {
  const { step, answer: given, right } = /** @type {CustomEvent} */ (event).detail;
  const at = `cmi.interactions.${interactions++}`;
  set(`${at}.id`, `${lesson}.${step}`);
  set(`${at}.type`, given === null ? 'performance' : typeof given === 'number' ? 'numeric' : 'fill-in');
  if (given !== null) set(`${at}.student_response`, given);
  set(`${at}.result`, right ? 'correct' : 'wrong');
  api.LMSCommit('');
}

/** @param {Event} event */
function complete(event) {
  const { scaled } = /** @type {CustomEvent} */ (event).detail;
  set('cmi.core.score.min', 0);
  set('cmi.core.score.max', 100);
  set('cmi.core.score.raw', Math.round(scaled * 100));
  set('cmi.core.lesson_status', 'completed');
  api.LMSCommit('');
}

function begin() {
  if (['not attempted', ''].includes(api.LMSGetValue('cmi.core.lesson_status'))) set('cmi.core.lesson_status', 'incomplete');
  api.LMSCommit('');
  lab.addEventListener('tcplab-answer', answer);
  lab.addEventListener('tcplab-complete', complete);
  addEventListener('pagehide', () => {
    set('cmi.core.session_time', timespan());
    api.LMSFinish('');
  });
}

if (!api) complain('No learning platform (SCORM 1.2) was found around this page: nothing is reported. 학습 플랫폼(SCORM 1.2)을 찾지 못해 결과를 보내지 않습니다.');
else if (String(api.LMSInitialize('')) !== 'true') complain('The learning platform does not answer: nothing is reported. 학습 플랫폼이 응답하지 않아 결과를 보내지 않습니다.');
else begin();
