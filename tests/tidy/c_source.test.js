/** The reader of C that the tidy checks rest on sees what it should. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { calls, code, functions, includes, lineCount } from './c_source.js';

const SOURCE = `#include "base/bytes.h"
#include <string.h>
/* free(x) in a
   comment */
static int first(int a,
                 int b)
{
    return p->free(a) + b; // time(0)
}

struct s table[] = {
    {"malloc(1)", '"'},
};

void second(void)
{
    if (x) {
        malloc (3);
    }
}
`;

test('functions have names and sizes', () => {
  assert.deepEqual(functions(SOURCE), [
    { name: 'first', lines: 3 },
    { name: 'second', lines: 5 },
  ]);
});

test('calls are found, but not in comments, strings or members', () => {
  assert.deepEqual(calls(SOURCE, ['malloc', 'free', 'time']), ['18: malloc']);
});

test('includes are ours only', () => {
  assert.deepEqual(includes(SOURCE), [{ line: 1, target: 'base/bytes.h' }]);
});

test('taking comments away keeps the lines', () => {
  assert.equal(lineCount(code(SOURCE)), lineCount(SOURCE));
  assert.equal(lineCount('a\nb'), 2);
});
