/** What the page weighs on its way, with brotli: the first view, which is all that is loaded before anybody has done anything. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { brotliCompressSync } from 'node:zlib';

import { TOP } from '../support/from-web.js';

/** It may only get less; 150,000 is where it is to go. More than half of it is the stack. */
const FIRST_VIEW_MAX = 198_000;

const folder = join(TOP, 'build/web');

/** The files of the first view: the page, what it names, what these import, and the stack. */
function firstView() {
  /** @type {Map<string, number>} */
  const files = new Map();
  const add = (/** @type {string} */ path) => {
    if (files.has(path)) return;
    const bytes = readFileSync(join(folder, path));
    files.set(path, brotliCompressSync(bytes).length);
    if (!path.endsWith('.js')) return;
    for (const [, name] of bytes.toString().matchAll(/(?:from|import)\s*"(\.[^"]+)"/g)) add(join(dirname(path), name));
  };
  add('index.html');
  for (const [, name] of readFileSync(join(folder, 'index.html'), 'utf8').matchAll(/(?:src|href)="\.\/([^"]+)"/g)) add(name);
  for (const name of readdirSync(join(folder, 'assets'))) if (/^tcplab.*\.wasm$/.test(name)) add(`assets/${name}`);
  return files;
}

test('the first view does not grow', () => {
  const files = firstView();
  const names = [...files.keys()];
  assert.ok(names.some((name) => name.endsWith('.wasm')) && names.filter((name) => name.endsWith('.js')).length >= 3, names.join(' '));
  assert.ok(!names.some((name) => /faults|forge|share|graphs|drawer|capture-ladder/.test(name)), 'what is not seen at first comes later');
  const bytes = [...files.values()].reduce((sum, each) => sum + each, 0);
  assert.ok(bytes <= FIRST_VIEW_MAX, `${bytes} bytes: ${[...files].map(([name, size]) => `${name} ${size}`).join(', ')}`);
});
