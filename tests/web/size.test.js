/** What the page weighs on its way, with brotli: at first, and with everything opened. Both may only get less. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { brotliCompressSync } from 'node:zlib';

import { TOP } from '../support/from-web.js';

/** 150,000 is where it is to go. More than half of it is the stack. */
const FIRST_VIEW_MAX = 176_500;
/** 250,000 is where it is to go. */
const EVERYTHING_MAX = 297_500;

const folder = join(TOP, 'build/web');
const read = (/** @type {string} */ path) => readFileSync(join(folder, path));

/** What was pressed already. @type {Map<string, number>} */
const known = new Map();

/** @param {string} path @returns {number} bytes */
function weigh(path) {
  const bytes = known.get(path) ?? brotliCompressSync(read(path)).length;
  known.set(path, bytes);
  return bytes;
}

/** The words of a language, and what of a lesson's folder stands in which file. */
const WORDS = /^(ko|en)-/;
const LESSON_FILE = /"\.\/([^/"]+)\/(?:lesson\.json|ko\.ftl|en\.ftl)":\(\)=>[^"]*import\("\.\/([^"]+)"\)/g;
/** One lesson, with its Korean text, and one run to begin with stand for all: nobody has two open. */
const LESSON = '05-handshake';
const PRESET = 'lossy-wifi';
const presets = readdirSync(join(TOP, 'web/presets')).flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -5)] : []));

/** Files that a page's file names: those it cannot be without, or with `later` those that it may fetch, too. @param {string} path @param {boolean} later */
function namedIn(path, later) {
  const text = read(path).toString();
  if (path.endsWith('.html')) return [...text.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, name]) => name);
  if (!path.endsWith('.js')) return [];
  const names = later ? text.matchAll(/"(?:\.\/)?([\w.-]+\.(?:js|wasm|css))"/g) : text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g);
  return [...names].map(([, name]) => `assets/${name}`).filter((name) => existsSync(join(folder, name)));
}

/** @param {string[]} begin @param {boolean} later @param {(path: string) => boolean} isCounted @returns {string[]} */
function filesFrom(begin, later, isCounted = () => true) {
  /** @type {Set<string>} */
  const files = new Set();
  const add = (/** @type {string} */ path) => {
    if (files.has(path) || !isCounted(path)) return;
    files.add(path);
    namedIn(path, later).forEach(add);
  };
  begin.forEach(add);
  return [...files];
}

/** @param {string[]} files @param {number} most */
function weighsAtMost(files, most) {
  const bytes = files.reduce((sum, path) => sum + weigh(path), 0);
  assert.ok(bytes <= most, `${bytes} bytes, not ${most}: ${files.map((path) => `${path} ${weigh(path)}`).join(', ')}`);
}

/** What is fetched before anybody does anything: the page, what it names, what these import, the stack, the words of the language that has more. */
function firstView() {
  const page = filesFrom(['index.html'], false);
  const later = page.flatMap((path) => namedIn(path, true));
  const stack = later.find((path) => /tcplab-[^/]*\.wasm$/.test(path));
  const words = [...new Set(later)].filter((path) => WORDS.test(path.slice(7)));
  assert.ok(stack && words.length === 2, later.join(' '));
  const [longer] = words.sort((a, b) => weigh(b) - weigh(a));
  return filesFrom(['index.html', stack, longer], false);
}

test('the first view does not grow', () => {
  const names = firstView();
  assert.ok(names.filter((name) => name.endsWith('.js')).length >= 4, names.join(' '));
  assert.ok(!names.some((name) => /runs|share|graphs|drawer|capture-ladder|views/.test(name)), 'what is not seen at first comes later');
  weighsAtMost(names, FIRST_VIEW_MAX);
});

/**
 * Everything is what somebody can fetch on the main page in one language: the first view, the drawer with all its views and
 * graphs, every dialog, a network of many hosts, the worker for long ways, a capture with its own module and worker, a lesson
 * and a run to begin with, and what is fetched for printing and for showing to a class. Of lessons and of runs one each is
 * counted. Not counted: the other language, and the pages for the course, for teachers, for trying and for embedding.
 */
test('everything the page can show in one language does not grow', () => {
  const all = filesFrom(['index.html'], true);
  const of_lessons = all.filter((path) => path.endsWith('.js')).flatMap((path) => [...read(path).toString().matchAll(LESSON_FILE)]);
  const others = new Set(of_lessons.filter(([, lesson]) => lesson !== LESSON).map(([, , file]) => `assets/${file}`));
  const isOfAnother = (/** @type {string} */ path) =>
    others.has(path) || path.startsWith('assets/en-') || /glossary-en|beliefs-en/.test(path) || presets.some((name) => name !== PRESET && path.startsWith(`assets/${name}-`));
  const files = filesFrom(['index.html'], true, (path) => !isOfAnother(path));
  const names = files.join(' ');
  for (const part of ['lab-drawer', 'lab-graphs', 'lab-share', 'runs-', 'lab-net', 'lab-capture', 'lab-lesson', 'ko-views', 'glossary-ko', 'capture-worker', PRESET])
    {assert.ok(names.includes(part), `${part} is missing in ${names}`);}
  assert.ok(of_lessons.length >= 36 && !/\/(check|teacher|try|embedding|course)-/.test(names), names);
  weighsAtMost(files, EVERYTHING_MAX);
});

test('workers run nothing of the page, which they could not', () => {
  const workers = readdirSync(join(folder, 'assets')).filter((name) => /^(capture-)?worker-.*\.js$/.test(name));
  assert.equal(workers.length, 2, workers.join(' '));
  const files = filesFrom(workers.map((name) => `assets/${name}`), false);
  assert.ok(files.length > 3 && files.every((name) => /\/(worker|capture-worker|capture-desk|engine)-/.test(name)), files.join(' '));
});
