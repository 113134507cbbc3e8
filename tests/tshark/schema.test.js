/**
 * The published schema of scenarios: it is what the command line writes today, every scenario in the tree keeps to it,
 * and it and the program agree on what is right.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';

import { FIRST_SCENARIO } from '../../web/model/scenario.js';
import { TOP, importFromWeb } from '../support/from-web.js';
import { SCENARIOS, scratch, tcplab, tcplabOn } from './cli.js';

const { default: Ajv } = await importFromWeb('ajv');
const schema = JSON.parse(readFileSync(`${TOP}web/public/scenario.schema.json`, 'utf8'));
const valid = new Ajv({ allErrors: true }).compile(schema);

const examples = readdirSync(SCENARIOS).map((name) => [name, JSON.parse(readFileSync(`${SCENARIOS}/${name}`, 'utf8'))]);
const everything = JSON.parse(readFileSync(`${TOP}tests/fuzz/corpus/scenario/everything.json`, 'utf8'));

test('what is committed is what the command line writes', () => {
  const written = [
    ['web/public/scenario.schema.json', ['schema']],
    ['core/lab/SCENARIO.md', ['schema', '--markdown']],
    ['core/native/tcplab.1', ['manual']],
  ];
  for (const [path, args] of written) assert.ok(readFileSync(`${TOP}${path}`, 'utf8') === tcplab(args).stdout, `${path} is old: make reference`);
});

test('every scenario in the tree keeps to it', () => {
  const [, example] = readFileSync(`${TOP}core/lab/SCENARIO.md`, 'utf8').match(/```json\n([^]*?)```/);
  assert.equal(tcplab(['check', '-'], example).stdout, '-: good\n');
  for (const [name, scenario] of [...examples, ['the example of SCENARIO.md', JSON.parse(example)], ['the page\'s first', FIRST_SCENARIO], ['everything', everything]]) {
    assert.ok(valid(scenario), `${name}: ${JSON.stringify(valid.errors)}`);
  }
});

test('scenarios can set every setting of TCP that there is', () => {
  const source = readFileSync(`${TOP}core/transport/tcp.h`, 'utf8').match(/^struct tcp_config \{([^]*?)^\};/m)[1].replace(/\/\*[^]*?\*\//g, '');
  const members = [...source.matchAll(/\b(\w+);/g)].map(([, name]) => name);
  const known = Object.keys(schema.definitions.tcp.properties);
  assert.ok(members.length > 20);
  assert.deepEqual(members.filter((name) => name !== 'faults' && !known.includes(name)), [], 'a line of FIELD(TCP, ...) in core/lab/scenario.def is missing');
});

/** Each place in a document where there is an object, as a way to it. */
function* objectsIn(value, way = []) {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield way;
  for (const [key, inner] of Object.entries(value)) yield* objectsIn(inner, [...way, key]);
}

/** A copy in which `change` was done to the object at the end of the way. */
function changed(document, way, change) {
  const copy = structuredClone(document);
  change(way.reduce((object, key) => object[key], copy));
  return copy;
}

/** Documents that are wrong in one place each: an unknown member, a value of no type that anything has. */
function* spoilt(document) {
  for (const way of objectsIn(document)) {
    const at = way.join('.');
    yield [`${at}.surprise`, changed(document, way, (object) => (object.surprise = 1))];
    for (const key of Object.keys(way.reduce((object, name) => object[name], document))) {
      yield [`${at}.${key}`, changed(document, way, (object) => (object[key] = null))];
    }
  }
}

test('what the schema refuses, check refuses, and tells by its path', (t) => {
  const file = scratch(t);
  const documents = [...spoilt(everything)];
  assert.ok(documents.length > 100, String(documents.length));
  const checked = tcplabOn(file, documents.map(([, document]) => document), (names) => ['check', ...names]);
  documents.forEach(([at, document], index) => {
    assert.ok(!valid(document), `${at}: the schema lets it pass`);
    assert.ok(!checked.good.has(index), `${at}: check lets it pass`);
  });
});

/** Each number of the document at both ends of what the schema says it can be, and just outside. */
function* atTheEnds(document, definition, way = []) {
  const { properties = {} } = definition;
  const object = way.reduce((inner, key) => inner[key], document);
  for (const [key, rule] of Object.entries(properties)) {
    if (!(key in object) || rule.minimum === undefined || typeof object[key] !== 'number') continue;
    const step = rule.type === 'integer' ? 1 : rule.maximum / 1e6;
    for (const [value, good] of [[rule.minimum, true], [rule.maximum, true], [rule.minimum - step, false], [rule.maximum * 1.01 + step, false]]) {
      yield [`${way.join('.')}.${key} = ${value}`, changed(document, way, (inner) => (inner[key] = value)), good];
    }
  }
}

test('the ends of every range are the same in the schema and in the program', (t) => {
  const file = scratch(t);
  const { tcp, link, way, app, pick } = schema.definitions;
  const number = ({ minimum, type }) => minimum !== undefined && ['integer', 'number'].includes(type);
  const all = (definition) => Object.fromEntries(Object.entries(definition.properties).filter(([, rule]) => number(rule)).map(([key, rule]) => [key, Math.max(rule.minimum, 1)]));
  const numbers = all(app);
  delete numbers.socket; // of an open one, and none is open at the beginning
  const base = {
    nodes: [
      { name: 'a', tcp: all(tcp), apps: [{ ...numbers, app: 'receiver', protocol: 'udp', start_ms: 3e9 }] },
      { name: 'b' },
    ],
    links: [{ between: ['a', 'b'], ...all(link), mtu: 0, a_to_b: all(way), exactly: [{ drop: all(pick) }] }],
  };
  const cases = [
    ...atTheEnds(base, tcp, ['nodes', '0', 'tcp']),
    ...atTheEnds(base, app, ['nodes', '0', 'apps', '0']),
    ...atTheEnds(base, link, ['links', '0']),
    ...atTheEnds(base, way, ['links', '0', 'a_to_b']),
    ...atTheEnds(base, pick, ['links', '0', 'exactly', '0', 'drop']),
  ];
  assert.ok(cases.length > 120, String(cases.length));
  const checked = tcplabOn(file, cases.map(([, document]) => document), (names) => ['check', ...names]);
  cases.forEach(([what, document, good], index) => {
    assert.equal(valid(document), good, `schema: ${what}`);
    assert.equal(checked.good.has(index), good, `check: ${what}: ${checked.lines[index]}`);
  });
});

test('defaults in the schema are those of the stack', () => {
  const { stdout } = tcplab(['describe', '-'], JSON.stringify({ nodes: [{ name: 'a' }, { name: 'b' }], links: [{ between: ['a', 'b'] }] }));
  const link = JSON.parse(stdout).links[0];
  for (const [key, rule] of Object.entries(schema.definitions.settings.properties)) {
    if ('default' in rule && key in link) assert.equal(link[key], rule.default, key);
  }
  assert.equal(schema.definitions.tcp.properties.initial_window_segments.default, 10);
  assert.equal(schema.definitions.tcp.properties.nagle.default, true);
});
