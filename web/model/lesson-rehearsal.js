/**
 * A lesson run through as one takes it who is always right, for who writes or teaches it: what the stack answers to each
 * question, why each other answer is wrong, and whether each stop comes. No DOM.
 *
 * @typedef {import('../../wasm/engine.js').Lab} Lab
 * @typedef {import('./lesson-judge.js').Step} Step
 *
 * One answer to a question.
 * @typedef {{answer: string | number, label: string, right: boolean, reason: string, time_ms?: number | null}} Answer `reason`: the
 *   attribute with the reason why it is wrong; `label`: what a segment is called
 *
 * @typedef {object} Rehearsed a step
 * @property {Step} step
 * @property {'predict' | 'task' | 'beat'} kind
 * @property {Record<string, any>} asked_values what its text mentions
 * @property {Record<string, any>} values what the texts after it mention
 * @property {string | number | null} right null: the stack has no one answer, or nothing is asked
 * @property {Answer[]} answers what can be chosen, or the numbers that mistakes lead to
 * @property {boolean} done its task was done by its solution
 * @property {boolean} astray its stop does not come
 * @property {number} from_id events after this one were in the step
 * @property {number} to_id
 */
import { LessonRun, kindOf, plainStage } from './lesson.js';
import { isRight } from './lesson-judge.js';
import { runTo } from './lesson-query.js';

/** Every answer to the question that stands, each with its reason. @param {LessonRun} run @returns {Answer[]} */
function answersOf(run) {
  const { step, verdict, answer: given } = run;
  if (!step || !verdict) return [];
  const known = step.ask === 'number' ? [{ answer: verdict.right, label: '' }, ...verdict.traps.map(({ value }) => ({ answer: value, label: '' }))] : [];
  const chosen = verdict.options.map(({ id, label = '', time_ms }) => ({ answer: id, label, time_ms }));
  const all = [...known, ...chosen].flatMap(({ answer, ...rest }) => {
    if (answer === null) return [];
    run.answer = answer;
    return [{ ...rest, answer, right: isRight(step, verdict, answer), reason: run.reason }];
  });
  run.answer = given;
  return all.filter((each, i) => all.findIndex(({ answer }) => answer === each.answer) === i);
}

/**
 * @param {Record<string, any>} lesson
 * @param {(actions: any[]) => Promise<Lab>} make a lab of its scenario with these actions
 * @returns {Promise<{steps: Rehearsed[], lab: Lab}>} the lab has run to the lesson's end
 */
export async function rehearse(lesson, make) {
  const lab = await make([]);
  const run = new LessonRun(lesson, plainStage(lab, runTo), make);
  const steps = /** @type {Rehearsed[]} */ ([]);
  for (await run.next(); run.step; await run.next()) {
    const { step } = run;
    const kind = kindOf(step);
    if (kind === 'predict') run.predict(run.verdict?.right ?? '');
    if (kind === 'task') await run.showHow();
    steps.push({
      step,
      kind,
      asked_values: run.asked_values,
      values: run.values,
      right: run.verdict?.right ?? null,
      answers: answersOf(run),
      done: run.isDone,
      astray: kind !== 'task' && run.astray,
      from_id: run.mark.id,
      to_id: lab.lastEvent,
    });
    if (!run.isDone) break;
  }
  return { steps, lab };
}

/** What is wrong with a lesson that only running it can tell. @param {Rehearsed[]} steps @returns {{path: string, id: string}[]} where, and the message that says what */
export const rehearsalFaults = (steps) =>
  steps.flatMap(({ kind, right, done, astray }, i) => [
    ...(astray ? [{ path: `steps[${i}].until`, id: 'fault-stop' }] : []),
    ...(kind === 'predict' && !astray && right === null ? [{ path: `steps[${i}]`, id: 'fault-no-answer' }] : []),
    ...(kind === 'task' && !done ? [{ path: `steps[${i}].solution`, id: 'fault-solution' }] : []),
  ]);
