/** A lesson run through for who writes or teaches it: the stack's answers with all reasons, and what only a run can tell to be wrong. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { lessonNames, makeLab, readLesson } from './support.js';
import { rehearsalFaults, rehearse } from '../../web/model/lesson-rehearsal.js';

/** @param {Record<string, any>} lesson */
const run = (lesson) => rehearse(lesson, (actions) => makeLab(lesson.scenario, actions));

/** Every kind of question, and tasks; that all lessons run is proved elsewhere. */
const SOME = [...lessonNames.filter((name) => /^(05|06|07|11|18)/.test(name)), 'template'];

for (const name of SOME) {
  test(`${name}: each question has its answer and each other answer its reason`, async () => {
    const lesson = readLesson(name);
    const { steps } = await run(lesson);
    assert.deepEqual(rehearsalFaults(steps), []);
    assert.equal(steps.length, lesson.steps.length);
    for (const { step, kind, right, answers, done } of steps) {
      assert.equal(done, true, step.id);
      if (kind !== 'predict') continue;
      const good = answers.filter((each) => each.right);
      assert.ok(good.some(({ answer }) => answer === right), step.id);
      assert.equal(new Set(answers.map(({ answer }) => answer)).size, answers.length, step.id);
      for (const each of answers) assert.equal(each.reason === '', each.right, `${step.id}: ${each.answer}`);
    }
  });
}

test('a stop that does not come, a question without an answer and a solution that does not do are told', async () => {
  const lesson = readLesson('template');
  const faults = async (/** @type {(lesson: any) => void} */ spoil) => {
    const spoilt = structuredClone(lesson);
    spoil(spoilt);
    return rehearsalFaults((await run(spoilt)).steps);
  };
  assert.deepEqual(await faults(({ steps }) => (steps[1].until = { event: { kind: 'ping_reply' }, limit_ms: 1000 })), [{ path: 'steps[1].until', id: 'fault-stop' }]);
  assert.deepEqual(await faults(({ steps }) => (steps[2].solution = steps[2].mistake)), [{ path: 'steps[2].solution', id: 'fault-solution' }]);
  const both = { count: { kind: 'tcp_segment_sent' }, above: 0 };
  const twice = { ask: 'choice', from: undefined, choices: ['one', 'other'].map((id) => ({ id, if: both })) };
  assert.deepEqual(await faults(({ steps }) => Object.assign(steps[1], twice)), [{ path: 'steps[1]', id: 'fault-no-answer' }]);
});
