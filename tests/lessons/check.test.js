/** The checker of the page is that of `tcplab check`: the same code, the same faults, in the same words. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { lessonNames, read } from './support.js';
import { checkLesson } from '../../wasm/check.js';
import { TOP } from '../support/from-web.js';

const module = await WebAssembly.compile(readFileSync(join(TOP, 'build/wasm/check.wasm')));
const path = join(mkdtempSync(join(tmpdir(), 'lesson-')), 'lesson.json');

/** What `tcplab check` says of it, without the name of the file. @param {string} text */
function nativeFaults(text) {
  writeFileSync(path, text);
  const { stdout } = spawnSync(join(TOP, 'build/native/tcplab'), ['check', path], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line && !line.endsWith(': good'))
    .map((line) => line.slice(`${path}: `.length));
}

/** @param {string} text */
const pageFaults = async (text) => (await checkLesson(module, text)).map(({ path: where, what }) => (where ? `${where}: ${what}` : what));

test('every lesson is good', async () => {
  for (const name of [...lessonNames, 'template']) assert.deepEqual(await checkLesson(module, read(`${name}/lesson.json`)), [], name);
});

test('every mistake is told, as the command line tells it', async () => {
  const text = read('template/lesson.json');
  for (const spoil of [
    (/** @type {any} */ lesson) => (lesson.steps[1].from = 'srver'),
    (/** @type {any} */ lesson) => {
      lesson.scenario.links[0].delay_ms = 'fast';
      lesson.scenario.nodes[0].colour = 'red';
    },
    (/** @type {any} */ lesson) => {
      delete lesson.steps[0].id;
      lesson.steps[1].ask = 'guess';
      lesson.steps[2].goal = { count: { kind: 'no_such_event' }, above: 0 };
    },
    (/** @type {any} */ lesson) => delete lesson.scenario,
  ]) {
    const lesson = JSON.parse(text);
    spoil(lesson);
    const faults = await pageFaults(JSON.stringify(lesson));
    assert.notDeepEqual(faults, [], String(spoil));
    assert.deepEqual(faults, nativeFaults(JSON.stringify(lesson)));
  }
});

test('text that is no JSON is told with where it breaks off; no text traps', async () => {
  const text = read('template/lesson.json');
  for (let end = 0; end < text.length; end += 97) assert.equal((await pageFaults(text.slice(0, end))).length, 1, `${end}`);
  assert.deepEqual(await pageFaults('{"steps": [}'), nativeFaults('{"steps": [}'));
  assert.notDeepEqual(await pageFaults('[1, 2'), []);
  assert.notDeepEqual(await pageFaults('null'), []);
});
