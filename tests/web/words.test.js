/** Words that views ask for by a name made of data: each is there in each language, and no command lacks its help. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { LANGUAGES, formatMessage, makeBundle } from '../../web/i18n/bundle.js';
import { TABS } from '../../web/model/app.js';
import { LAYERS } from '../../web/model/eventlist.js';
import { GRAPHS } from '../../web/model/graphs.js';
import { EDGES, STATES, nextOf } from '../../web/model/machine.js';
import { COMMANDS } from '../../web/model/terminal.js';
import { TCB } from '../../web/model/tables.js';
import { TOP } from '../support/from-web.js';

const folder = join(TOP, 'web/i18n');
const bundles = LANGUAGES.map((language) =>
  makeBundle(
    language,
    readdirSync(folder)
      .filter((name) => name.startsWith(`${language}`) && name.endsWith('.ftl'))
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  ),
);
const source = (/** @type {string} */ path) => readFileSync(join(TOP, 'web', path), 'utf8');

test('tabs, ways, parts, graphs, tables and layers have their words', () => {
  const parts = [...source('model/sequence.js').matchAll(/kind: '(\w+)'/g)].map((match) => match[1]);
  const waits = [...source('model/programs.js').matchAll(/\[\d, '(\w+)'\]|return '(\w+)'/g)].map((match) => match[1] ?? match[2]);
  const columns = [...source('elements/lab-tables.js').matchAll(/\['(?:socket|interface|address|to-net|counter|mac|port)'[^\]]*\]/g)]
    .flatMap((match) => [...match[0].matchAll(/'(?:n-)?([\w-]+)'/g)])
    .map((match) => match[1]);
  const tables = [...source('elements/lab-tables.js').matchAll(/this\.list\(\s*'(\w+)'/g)].map((match) => match[1]);
  assert.ok(parts.length > 10 && waits.length > 10 && columns.length > 15 && tables.length === 8);
  const wanted = [
    ...TABS.map((tab) => `tab-${tab}`),
    ...EDGES.map((way) => `next-${way.why}`),
    ...STATES.flatMap((state) => nextOf(state).map((way) => `next-${way.why}`)),
    ...GRAPHS.flatMap(({ name, lines }) => [`graph-${name}`, `graph-${name}-picture`, ...lines.map((line) => `line-${line.name}`)]),
    ...Object.keys(TCB).map((group) => `tcb-${group}`),
    ...LAYERS.filter((layer) => layer !== 'lab').map((layer) => `layer-${layer}`),
    ...parts.map((part) => `part-${part}`),
    ...[...waits, 'done'].map((what) => `waits-${what}`),
    ...columns.map((column) => `column-${column}`),
    ...tables.map((table) => `table-${table}`),
    ...['row-header-added', 'row-header-removed', 'badge-0', 'badge-1', 'list-events', 'list-frames'],
    ...['sum-pseudo', 'sum-header', 'sum-data'],
  ];
  for (const bundle of bundles) assert.deepEqual([...new Set(wanted)].filter((id) => !bundle.hasMessage(id)), []);
});

test('every command has help of its own in each language', () => {
  for (const bundle of bundles) {
    const helps = Object.keys(COMMANDS).map((command) => formatMessage(bundle, 'term-help', { usage: '', command }));
    assert.equal(new Set(helps).size, helps.length);
  }
});

test('whatever the terminal complains of has its words', () => {
  const said = [...source('model/terminal.js').matchAll(/'(term-[\w-]+)'/g)].map((match) => match[1]);
  assert.ok(said.length > 6);
  for (const bundle of bundles) assert.deepEqual([...new Set(said)].filter((id) => !bundle.hasMessage(id)), []);
});
