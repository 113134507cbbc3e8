/** Progress as a file: what was saved is taken as it was, the further of two stays, and a bad file is told by path and changes nothing. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { lessonNames, storage } from './support.js';
import { progressFromFile, progressToFile } from '../../web/model/lesson-file.js';
import { keepProgress, mergeProgress, readProgress } from '../../web/model/lesson-store.js';

const NAME = '05-handshake';
const progress = () => ({
  lesson: NAME,
  step: 7,
  finished: true,
  answers: { next: { answer: 'SYN+ACK', right: true }, number: { answer: 3, right: false } },
  tasks: { task: { done: true, hints: 1, shown: false } },
});
/** As it stands in a file. */
const written = () => {
  const { step, finished, answers, tasks } = progress();
  return { step, finished, answers, tasks };
};
const fromFile = (/** @type {any} */ file) => progressFromFile(typeof file === 'string' ? file : JSON.stringify(file), lessonNames);
const faultsOf = (/** @type {any} */ file) => fromFile(file).faults.map(({ path, id }) => `${path} ${id}`);

test('a file brings progress to another browser', () => {
  const [here, there] = [storage(), storage()];
  keepProgress(here, progress());
  const { progress: taken, faults } = fromFile(progressToFile(readProgress(here)));
  assert.deepEqual(faults, []);
  assert.equal(mergeProgress(there, taken), 1);
  assert.deepEqual(readProgress(there), readProgress(here));
  assert.equal(mergeProgress(there, taken), 0, 'it is known already');
});

test('the further of two stays', () => {
  const store = storage();
  const begun = { ...progress(), finished: false, step: 2, answers: {}, tasks: {} };
  const better = { ...progress(), answers: { ...progress().answers, number: { answer: 4, right: true } } };
  mergeProgress(store, [begun]);
  mergeProgress(store, [progress()]);
  assert.equal(readProgress(store)[NAME].finished, true);
  assert.equal(mergeProgress(store, [begun]), 0);
  assert.equal(mergeProgress(store, [better]), 1, 'more points');
  assert.equal(mergeProgress(store, [progress()]), 0);
  assert.equal(readProgress(store)[NAME].answers.number.answer, 4);
});

test('each fault of a file has its path, and nothing of it is taken', () => {
  const good = written();
  const spoilt = { ...good, step: -1, finished: 'yes', answers: { next: { right: true } }, tasks: { task: 5 } };
  const file = { tcplab_progress: 1, lessons: { [NAME]: spoilt, '99-nothing': good } };
  assert.deepEqual(faultsOf(file), [
    `lessons.${NAME}.step fault-whole`,
    `lessons.${NAME}.finished fault-boolean`,
    `lessons.${NAME}.answers.next.answer fault-answer`,
    `lessons.${NAME}.tasks.task fault-object`,
    'lessons.99-nothing fault-lesson',
  ]);
  assert.deepEqual(fromFile({ tcplab_progress: 1, lessons: { [NAME]: good, '99-nothing': good } }).progress, []);
});

test('what is no such file, or of another version, is told as that', () => {
  assert.deepEqual(faultsOf('{'), [' fault-json']);
  assert.deepEqual(faultsOf([]), [' fault-kind']);
  assert.deepEqual(faultsOf(null), [' fault-kind']);
  assert.deepEqual(faultsOf({ lessons: {} }), [' fault-kind']);
  assert.deepEqual(faultsOf({ tcplab_progress: 2, lessons: {} }), ['tcplab_progress fault-version']);
  assert.deepEqual(faultsOf({ tcplab_progress: 1, lessons: [] }), ['lessons fault-object']);
  assert.deepEqual(faultsOf({ tcplab_progress: 1, lessons: { [NAME]: null } }), [`lessons.${NAME} fault-object`]);
});

test('a file cannot bring in more than progress has', () => {
  const good = written();
  const [taken] = fromFile({ tcplab_progress: 1, lessons: { [NAME]: { ...good, evil: 1, tasks: { task: { ...good.tasks.task, more: 2 } } } } }).progress;
  assert.deepEqual(taken, progress());
});
