/** The runner itself: what it makes of a program's report, above all of one that went wrong. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { failuresOf, judgeTap } from '../run.js';

const TWO_GOOD = '1..2\nok 1 - a\nok 2 - b\n# ok - tests\n';
const ended = (output, code = 0, end = '') => judgeTap({ output, code, end });

test('a program whose tests pass', () => {
  assert.deepEqual(ended(TWO_GOOD), { passed: 2, failed: 0, why: '' });
  assert.deepEqual(ended(TWO_GOOD + TWO_GOOD), { passed: 4, failed: 0, why: '' });
});

test('a test that fails is counted once', () => {
  assert.deepEqual(ended('1..2\nok 1 - a\nnot ok 2 - b\n# 1 != 2\n# not ok - tests\n', 1), { passed: 1, failed: 1, why: '' });
});

test('a program that tests nothing, stops early, crashes or lies has failed', () => {
  assert.equal(ended('').failed, 1);
  assert.equal(ended('1..0\n').failed, 1);
  assert.equal(ended('1..2\nok 1 - a\n').failed, 1);
  assert.equal(ended('1..2\nok 1 - a\n', null, 'ended by SIGSEGV').failed, 1);
  assert.equal(ended(TWO_GOOD, 1).failed, 1); // a leak found at exit
});

test('a skipped test has neither passed nor failed', () => {
  assert.deepEqual(ended('1..2\nok 1 - a\nok 2 # SKIP b\n'), { passed: 1, failed: 0, why: '' });
});

test('of a report of node only the failures are shown, once', () => {
  const report = '✔ good (1ms)\n✖ bad (1ms)\n  it broke\n\nℹ tests 2\n\n✖ failing tests:\n\n✖ bad (1ms)\n';
  assert.equal(failuresOf(report), '✖ bad (1ms)\n  it broke');
});
