/** Lessons in the page's own lab, without a page: the cursor plays what the engine has run, and a person interferes. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { lessonNames, makeLab, readLesson, storage } from './support.js';
import { App } from '../../web/model/app.js';
import { perform } from '../../web/model/lesson-judge.js';
import { PageLesson } from '../../web/model/lesson-stage.js';
import { Trace } from '../../web/model/lesson-query.js';
import { forgetProgress, keepProgress, readProgress } from '../../web/model/lesson-store.js';
import { Session } from '../../web/model/session.js';

/** @param {string} name */
async function open(name) {
  const lesson = readLesson(name);
  const app = new App(new Session(await makeLab(lesson.scenario)));
  const kept = /** @type {any[]} */ ([]);
  const page = new PageLesson(app, /** @type {any} */ (lesson), (actions) => makeLab(lesson.scenario, actions), (progress) => kept.push(progress));
  app.lesson = page;
  app.scenario = lesson.scenario;
  return { app, page, run: page.run, lesson, kept };
}

/** Lets the cursor play to its rest. @param {App} app */
function watch(app) {
  for (let i = 0; app.timeline.playing; i++) {
    assert.ok(i < 5000, 'it comes to rest');
    app.tick(50);
  }
}

/** Answers or does what the step asks, rightly. @param {PageLesson} page */
async function deal(page) {
  const { run } = page;
  if (run.kind === 'predict') await page.predict(run.verdict?.right ?? '');
  if (run.kind === 'task') await page.showHow();
}

for (const name of lessonNames) {
  test(`${name}: who skips all that is shown gets to the end`, async () => {
    const { page, run, kept, app } = await open(name);
    for (await page.next(); !run.isOver; await page.next()) {
      assert.equal(app.trouble, null, `${run.step?.id}: ${app.trouble?.message}`);
      await deal(page);
      assert.equal(run.astray, false, `${run.step?.id}`);
      assert.equal(run.isDone, true, `${run.step?.id}`);
    }
    assert.deepEqual(Object.values(run.progress.answers).filter(({ right }) => !right), []);
    assert.equal(kept.at(-1)?.finished, true);
  });
}

test('the cursor rests where each step ends, after having shown it', async () => {
  const { page, run, app } = await open('05-handshake');
  for (await page.next(); run.kind !== 'task'; await page.next()) {
    await deal(page);
    if (run.step?.until) assert.equal(page.stage.isThere, false, `${run.step.id} is to be watched`);
    watch(app);
    assert.equal(page.stage.isThere, true);
    assert.equal(app.cursor.t_us, page.stage.stop_us);
    assert.equal(app.timeline.log.at(-1)?.id, app.cursor.id, 'nothing beyond is known');
  }
});

test('a frame that takes seconds is not watched for minutes', async () => {
  const { page, run, app } = await open('06-why-three');
  for (await page.next(); run.step?.id !== 'ghost-state'; await page.next()) await deal(page);
  await deal(page);
  let wall_ms = 0;
  for (; app.timeline.playing; wall_ms += 50) app.tick(50);
  assert.ok(wall_ms < 20_000, `${wall_ms} ms`);
});

test('a task is judged after each thing that a person does, and can be tried anew', async () => {
  const { page, run, app, lesson } = await open('09-reset');
  for (await page.next(); run.kind !== 'task'; await page.next()) await deal(page);
  const { id } = lesson.steps.at(-1);
  const settle = () => new Promise((done) => setTimeout(done, 400));
  app.try(() => app.session.connect(0));
  await settle();
  assert.equal(run.isDone, false);
  const far = app.session.lab.actions.length;
  await page.again();
  assert.ok(app.session.lab.actions.length < far, 'what was tried is undone');
  app.session.act(() => perform(/** @type {any} */ (app.session.lab), new Trace(/** @type {any} */ (app.session.lab)), lesson.steps.at(-1).solution));
  app.changed();
  await settle();
  assert.equal(run.progress.tasks[id].done, true);
  assert.equal(run.progress.tasks[id].shown, false);
});

test('who drops what the lesson needs is told so, and may go on', async () => {
  const { page, run, app } = await open('05-handshake');
  for (await page.next(); run.step?.id !== 'next'; await page.next()) await deal(page);
  const [frame] = app.state.flying;
  app.try(() => app.session.drop(frame));
  app.try(() => app.session.setLink({ up: false }));
  await page.predict('SYN+ACK');
  assert.equal(run.astray, true);
  await page.next();
  assert.equal(run.verdict?.right ?? null, null);
});

test('progress is kept, the better one stays, and nonsense is left out', () => {
  const store = storage();
  const one = { lesson: '05-handshake', step: 3, finished: false, answers: {}, tasks: {} };
  keepProgress(store, one);
  keepProgress(store, { ...one, step: 7, finished: true });
  keepProgress(store, { ...one, step: 1 });
  assert.equal(readProgress(store)['05-handshake'].finished, true);
  forgetProgress(store);
  assert.deepEqual(readProgress(store), {});
  store.setItem('tcplab-lessons', '{"x": 5, "y": {"step": 1}}');
  assert.deepEqual(readProgress(store), {});
  store.setItem('tcplab-lessons', 'not JSON');
  assert.deepEqual(readProgress(store), {});
  assert.deepEqual(
    readProgress({
      getItem() {
        throw new Error('forbidden');
      },
    }),
    {},
  );
});
