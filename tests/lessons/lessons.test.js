/**
 * Each lesson, from beginning to end, as one takes it who is always right and as one who is always wrong. The right
 * answers come from the stack; here it is checked that each question has one, that the run that is shown agrees with
 * the copy that was asked, and that each mistake meets its reason.
 */
import assert from 'node:assert/strict';
import test from 'node:test';

import { LANGUAGES } from '../../web/i18n/bundle.js';
import { kindOf } from '../../web/model/lesson.js';
import { evaluate, holds, plainFlags, Trace } from '../../web/model/lesson-query.js';
import { isRight, perform } from '../../web/model/lesson-judge.js';
import { begin, lessonNames, read, readLesson, take, textsOf } from './support.js';

const ALL = [...lessonNames, 'template'];
/** @typedef {import('../../web/model/lesson.js').LessonRun} LessonRun */

/** Does a task by hand. @param {LessonRun} run @param {'solution' | 'mistake'} how */
async function attempt(run, how) {
  const step = /** @type {any} */ (run.step);
  run.again();
  run.stage.act((lab) => perform(lab, new Trace(lab), step[how]));
  return run.check();
}

/** What the shown lab did in this step, asked the same. @param {LessonRun} run */
function shown(run) {
  const step = /** @type {any} */ (run.step);
  const trace = new Trace(run.stage.lab);
  const scope = { from: run.mark.id, to: trace.last };
  if (step.ask === 'choice') return step.choices.find((/** @type {any} */ { if: statement }) => holds(trace, statement, scope))?.id;
  if (step.ask === 'number') return evaluate(trace, step.value, scope);
  if (step.ask === 'state') return trace.state(step.of, scope.to);
  const sent = trace.nth({ kind: 'tcp_segment_sent', ...(step.from ? { node: step.from } : {}) }, scope);
  return sent ? plainFlags(sent.flags) : 'none';
}

/** Has each wrong answer its own reason, in both languages? @param {LessonRun} run */
function reasons(run) {
  const { verdict, step } = run;
  if (!verdict || !step) return;
  const answers = [...verdict.options.map(({ id }) => id), ...verdict.traps.map(({ value }) => value)];
  for (const answer of answers.filter((each) => !isRight(step, verdict, each))) {
    run.answer = answer;
    assert.match(run.reason, step.ask === 'drop' ? /^why$/ : /^why-/, `${step.id}: ${answer}`);
    told(run);
  }
  run.answer = verdict.right;
}

/** Is the reason for the answer told? @param {LessonRun} run */
function told({ lesson, step, reason }) {
  for (const language of LANGUAGES) {
    const message = textsOf(lesson.id, language).getMessage(String(step?.id));
    assert.ok(message?.attributes[reason], `${language}: ${step?.id}.${reason}`);
  }
}

/** Who believes it would choose what can be chosen, and be wrong. @param {any} step @param {import('../../web/model/lesson-judge.js').Verdict} verdict @param {any} believer */
function believes(step, verdict, believer) {
  const answer = believer.trap ? verdict.traps.find(({ id }) => id === believer.trap)?.value : believer;
  assert.ok(answer !== undefined, `${step.id}: there is such a trap`);
  if (step.ask !== 'number') assert.ok(verdict.options.some(({ id }) => id === answer), `${step.id}: ${answer} can be chosen`);
  assert.equal(isRight(step, verdict, answer), false, `${step.id}: ${answer}`);
}

for (const name of ALL) {
  const lesson = readLesson(name);
  const steps = /** @type {any[]} */ (lesson.steps);

  test(`${name}: every answer right; each other one has its reason, and the believers are wrong`, async () => {
    const said = new Map(lesson.breaks.map((/** @type {any} */ each) => [each.step, each.believer]));
    const met = new Set();
    const run = await take(lesson, {
      answer: ({ verdict }) => /** @type {string | number} */ (verdict?.right),
      task: (each) => attempt(each, 'solution'),
      after(each) {
        const { step, verdict } = each;
        assert.equal(each.astray, false, `${step?.id}: its stop comes`);
        if (!step || !verdict) return;
        assert.notEqual(verdict.right, null, `${step.id}: the stack has one answer`);
        if (step.ask !== 'drop') assert.equal(shown(each), verdict.right, `${step.id}: the shown run does what the copy did`);
        if (verdict.options.length > 0) assert.ok(verdict.options.some(({ id }) => id === verdict.right), `${step.id}: the answer can be chosen`);
        assert.equal(each.reason, '', step.id);
        reasons(each);
        if (!said.has(step.id)) return;
        met.add(step.id);
        believes(step, verdict, said.get(step.id));
      },
    });
    assert.equal(run.score.points, run.score.of);
    assert.equal(run.progress.finished, true);
    assert.deepEqual([...met].sort(), [...said.keys()].sort());
  });

  test(`${name}: every answer wrong, and each mistake has its reason in both languages`, async () => {
    const run = await take(lesson, {
      answer({ verdict, step }) {
        if (!verdict || !step) throw new Error('no question');
        if (step.ask === 'number') return verdict.traps[0]?.value ?? Number(verdict.right) + 1000;
        return /** @type {any} */ (verdict.options.find((option) => option.id !== verdict.right)).id;
      },
      async task(each) {
        assert.equal(await each.check(), false, `${each.step?.id}: nothing done is not enough`);
        assert.equal(await attempt(each, 'mistake'), false, `${each.step?.id}: the mistake is not enough`);
        await each.showHow();
        assert.equal(each.isDone, true, `${each.step?.id}: what is shown does it`);
      },
      after(each) {
        if (each.kind !== 'predict') return;
        assert.notEqual(each.reason, '');
        told(each);
      },
    });
    assert.equal(run.score.points, 0);
    assert.equal(run.progress.finished, true);
  });

  if (name !== 'template') {
    test(`${name}: at least three questions, and a task at its end`, () => {
      assert.ok(steps.filter((step) => kindOf(step) === 'predict').length >= 3);
      assert.equal(kindOf(/** @type {any} */ (steps.at(-1))), 'task');
      assert.ok(lesson.minutes >= 5 && lesson.minutes <= 10);
    });
  }
}

test('there are eighteen, each leads to the next, and every belief is broken by one', () => {
  assert.equal(lessonNames.length, 18);
  assert.deepEqual(
    lessonNames.map((name) => readLesson(name).next),
    [...lessonNames.slice(1), undefined],
  );
  const broken = new Set(lessonNames.flatMap((name) => readLesson(name).breaks.map((/** @type {any} */ { belief }) => belief)));
  const beliefs = [...read('beliefs-en.ftl').matchAll(/^([a-z][\w-]*) =/gm)].map((match) => match[1]);
  assert.ok(beliefs.length >= 26);
  assert.deepEqual([...broken].sort(), beliefs.sort());
});

test('an answer once given stays, and so does what was right about it', async () => {
  const run = await begin(readLesson('template'));
  await run.next();
  await run.next();
  assert.equal(run.isDone, false);
  const before = run.index;
  await run.next();
  assert.equal(run.index, before, 'no going on without an answer');
  assert.equal(run.predict('none'), false);
  assert.equal(run.predict('SYN+ACK'), null);
  assert.deepEqual(run.progress.answers.question, { answer: 'none', right: false });
});

test('hints come one by one and no further than there are', async () => {
  const run = await begin(readLesson('09-reset'));
  for (await run.next(); run.kind !== 'task'; await run.next()) if (run.verdict) run.predict(run.verdict.right ?? '');
  for (let i = 0; i < 9; i++) run.hint();
  assert.equal(run.hints, 3);
});
