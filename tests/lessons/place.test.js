/** Where a fault's path leads in the text of a document, whole or broken; and which file is which part of a draft. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { lessonNames, read, storage } from './support.js';
import { lineAt, placeOf } from '../../web/model/json-place.js';
import { keepDraft, partOf, readDraft } from '../../web/model/lesson-draft.js';

/** Every path of a document, with its value. @param {any} value @param {string} path @returns {[string, any][]} */
function paths(value, path = '') {
  if (value === null || typeof value !== 'object') return [[path, value]];
  const below = Array.isArray(value) ? value.map((each, i) => [`${path}[${i}]`, each]) : Object.entries(value).map(([name, each]) => [path ? `${path}.${name}` : name, each]);
  return [[path, value], ...below.flatMap(([where, each]) => paths(each, where))];
}

test('each path of each lesson leads to its value', () => {
  for (const name of lessonNames) {
    const text = read(`${name}/lesson.json`);
    for (const [path, value] of paths(JSON.parse(text))) {
      if (/[^\w.[\]$-]/.test(path)) continue;
      const start = typeof value === 'object' ? (Array.isArray(value) ? '[' : '{') : JSON.stringify(value);
      assert.ok(text.slice(placeOf(text, path)).startsWith(start), `${name}: ${path}`);
    }
  }
});

test('strings may hold anything; what is not there leads as far as it goes', () => {
  const text = '{ "a": "}],\\"", "b": [1, { "c": "x:y" }, 3] }';
  assert.equal(text.slice(placeOf(text, 'b[1].c')), '"x:y" }, 3] }');
  assert.equal(text[placeOf(text, 'b[2]')], '3');
  assert.equal(text[placeOf(text, 'b[7].nothing')], '[');
  assert.equal(placeOf(text, 'nothing'), 0);
  assert.equal(placeOf('', 'a.b'), 0);
  for (let end = 0; end < text.length; end++) assert.ok(placeOf(text.slice(0, end), 'b[1].c') <= end);
  assert.equal(lineAt('a\nb\nc', 4), 3);
});

test('a draft is kept as it is, and nonsense is none', () => {
  const store = storage();
  assert.equal(readDraft(store), null);
  assert.equal(keepDraft(store, { json: '{', ko: '', en: 'x' }), true);
  assert.deepEqual(readDraft(store), { json: '{', ko: '', en: 'x' });
  store.setItem('tcplab-draft', '{"json": 5}');
  assert.equal(readDraft(store), null);
  const full = () => {
    throw new Error('full');
  };
  assert.equal(keepDraft({ setItem: full }, { json: '', ko: '', en: '' }), false);
});

test('a file is known by its name, or by what it holds', () => {
  assert.equal(partOf('ko.ftl', ''), 'ko');
  assert.equal(partOf('my-lesson-en.ftl', '{'), 'en');
  assert.equal(partOf('lesson.json', ' {"steps": []}'), 'json');
  assert.equal(partOf('a.txt', 'title = 제목'), 'ko');
  assert.equal(partOf('a.txt', 'title = Title'), 'en');
});
