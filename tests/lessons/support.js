/** What the tests of lessons share: lessons from disk, with their texts, and labs to take them in. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { Lab } from '../../wasm/engine.js';
import { makeBundle } from '../../web/i18n/bundle.js';
import { LessonRun, kindOf, plainStage } from '../../web/model/lesson.js';
import { runTo } from '../../web/model/lesson-query.js';
import { TOP } from '../support/from-web.js';

export const FOLDER = join(TOP, 'web/lessons');
const wasm = await WebAssembly.compile(readFileSync(join(TOP, 'build/wasm/tcplab.wasm')));
const MEMORY_MIB = 32;

/** @param {string} path */
export const read = (path) => readFileSync(join(FOLDER, path), 'utf8');

/** Names of the lessons, in their order. */
export const lessonNames = readdirSync(FOLDER)
  .filter((name) => existsSync(join(FOLDER, name, 'lesson.json')) && /^\d/.test(name))
  .sort();

/** @param {string} name @returns {Record<string, any>} */
export const readLesson = (name) => ({ ...JSON.parse(read(`${name}/lesson.json`)), id: name });

/** @param {string} name @param {import('../../web/i18n/bundle.js').Language} language */
export const textsOf = (name, language) => makeBundle(language, [read(`${name}/${language}.ftl`)]);

/** @param {Record<string, any>} scenario @param {any[]} [actions] */
export const makeLab = (scenario, actions = []) => Lab.create({ wasm, scenario, actions, memory_mib: MEMORY_MIB });

/** A lesson about to begin, in a lab of its own. @param {Record<string, any>} lesson */
export async function begin(lesson) {
  const lab = await makeLab(lesson.scenario);
  return new LessonRun(lesson, plainStage(lab, runTo), (actions) => makeLab(lesson.scenario, actions));
}

/**
 * Takes a lesson from beginning to end.
 * @param {Record<string, any>} lesson
 * @param {{answer: (run: LessonRun) => string | number, task: (run: LessonRun) => unknown, after?: (run: LessonRun) => unknown}} how
 */
export async function take(lesson, { answer, task, after = () => {} }) {
  const run = await begin(lesson);
  for (await run.next(); !run.isOver; await run.next()) {
    const step = /** @type {Record<string, any>} */ (run.step);
    if (kindOf(step) === 'predict') run.predict(answer(run));
    if (kindOf(step) === 'task') await task(run);
    await after(run);
    if (!run.isDone) throw new Error(`${lesson.id}: ${step.id} cannot be got done`);
  }
  return run;
}

/** A storage as browsers have it. */
export function storage() {
  const kept = new Map();
  return /** @type {any} */ ({
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
    removeItem: (/** @type {string} */ key) => kept.delete(key),
  });
}
