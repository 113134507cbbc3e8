/**
 * The rules of style that a program can check. What was there before a rule, and cannot be mended at once, stands
 * in ratchet.json with its size; it may only get better: an entry that is too high, or needless, fails as well.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { calls, code, functions, includes, lineCount } from './c_source.js';

Error.stackTraceLimit = 0; // what is wrong stands in the message; where it was found out is of no use

const TOP = fileURLToPath(new URL('../../', import.meta.url));
const FILE_LINES_MAX = 450;
const FUNCTION_LINES_MAX = 60;
const ASSERTS_PER_1000_LINES = 10;

/** Each may include those before it, and itself. */
const LAYERS = ['base', 'wire', 'link', 'internet', 'transport', 'socket', 'application', 'host', 'lab', 'native'];
/** trace/ sits on base/ alone; these do not know it. */
const BELOW_TRACE = ['base', 'wire'];
const TESTED_LAYERS = [...LAYERS.filter((layer) => layer !== 'native'), 'trace'];

const TOP_NAMES = ['core', 'wasm', 'web', 'tests', 'Makefile', 'README.md', 'LICENSE', 'CHANGELOG.md'];

/** What a core without clock, I/O, heap and chance does not call. */
const FORBIDDEN_CALLS = [
  ...['malloc', 'calloc', 'realloc', 'free', 'strdup', 'rand', 'srand', 'random', 'getrandom', 'time', 'clock'],
  ...['clock_gettime', 'gettimeofday', 'printf', 'fprintf', 'puts', 'fopen', 'fwrite', 'getenv', 'exit', 'abort'],
];

/** Written in pieces, so that this file does not hold what it forbids. */
const MACHINE_PATH = new RegExp(`(^|[\\s"'\`(=:,])/(${['wo' + 'rk', 'ho' + 'me', 'ro' + 'ot', 't' + 'mp'].join('|')})/`);
const REGISTRY_HOSTS = [
  ...[['registry', 'npmjs'], ['registry', 'yarnpkg'], ['deb', 'debian', 'org'], ['security', 'debian', 'org']],
  ...[['archive', 'ubuntu', 'com'], ['files', 'pythonhosted'], ['proxy', 'golang'], ['static', 'crates', 'io']],
].map((parts) => parts.join('.'));

const read = (path) => readFileSync(join(TOP, path), 'utf8');
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: TOP })
  .toString()
  .split('\0')
  .filter((path) => path && statSync(join(TOP, path), { throwIfNoEntry: false })?.isFile());
const text_files = files.filter((path) => !/\.(png|wasm|pcap|pcapng|woff2|ico|bin)$/.test(path) && !/\/corpus\//.test(path));
const c_files = files.filter((path) => /\.(c|h)$/.test(path));
const core_files = c_files.filter((path) => path.startsWith('core/'));
const js_files = files.filter((path) => /\.(js|mjs)$/.test(path));
const ratchet = JSON.parse(read('tests/tidy/ratchet.json'));

const layerOf = (path) => path.match(/^core\/(\w+)\//)?.[1];

/** Fails with all that is wrong at once, one to a line. */
function assertNone(wrong) {
  assert.ok(wrong.length === 0, `${wrong.length} found:\n  ${wrong.join('\n  ')}`);
}

/**
 * Holds sizes against a limit and the known exceptions.
 * @param {[string, number][]} sizes
 * @param {number} limit
 * @param {Record<string, number>} exceptions
 */
function ratchetFaults(sizes, limit, exceptions) {
  const wrong = [];
  const size = new Map(sizes);
  for (const [name, lines] of sizes) {
    const allowed = exceptions[name] ?? limit;
    if (lines > allowed) wrong.push(`${name}: ${lines} lines, at most ${allowed}`);
  }
  for (const [name, known] of Object.entries(exceptions)) {
    const lines = size.get(name);
    if (lines === undefined) wrong.push(`${name}: gone, so take it out of ratchet.json`);
    else if (lines <= limit) wrong.push(`${name}: now ${lines} lines, so take it out of ratchet.json`);
    else if (lines < known) wrong.push(`${name}: now ${lines} lines, so lower ${known} in ratchet.json`);
  }
  return wrong;
}

/** The build makes it of the sources: which function decides what. */
const MADE = 'sites.def';

test('includes point one way: base <- wire <- link <- ... <- lab, and trace on base alone', () => {
  const wrong = [];
  for (const path of core_files) {
    const layer = layerOf(path);
    for (const { line, target } of includes(read(path))) {
      const at = `${path}:${line}: ${target}`;
      if (target === MADE && layer === 'native') continue;
      if (!existsSync(join(TOP, 'core', target))) wrong.push(`${at}: no such file below core/`);
      if (layer === undefined) continue; // core/tcplab.h is the umbrella
      const other = target.split('/')[0];
      const allowed = [...LAYERS.slice(0, LAYERS.indexOf(layer) + 1), ...(BELOW_TRACE.includes(layer) ? [] : ['trace'])];
      const may = layer === 'trace' ? ['base', 'trace'] : allowed;
      if (!may.includes(other)) wrong.push(`${at}: ${layer}/ may include ${may.join(' ')}`);
    }
  }
  assertNone(wrong);
});

test('each folder of core/ is one of the layers', () => {
  const layers = new Set(core_files.map(layerOf).filter((layer) => layer !== undefined));
  assertNone([...layers].filter((layer) => ![...LAYERS, 'trace'].includes(/** @type {string} */ (layer))));
});

test(`no file is over ${FILE_LINES_MAX} lines`, () => {
  const sizes = [...c_files, ...js_files].map((path) => [path, lineCount(read(path))]);
  assertNone(ratchetFaults(/** @type {[string, number][]} */ (sizes), FILE_LINES_MAX, ratchet.files));
});

test(`no C function is over ${FUNCTION_LINES_MAX} lines`, () => {
  const sizes = c_files.flatMap((path) => functions(read(path)).map(({ name, lines }) => [`${path}:${name}`, lines]));
  assertNone(ratchetFaults(/** @type {[string, number][]} */ (sizes), FUNCTION_LINES_MAX, ratchet.functions));
});

test('each x.c of core/ has tests/unit/x_test.c, or ratchet.json says which test covers it', () => {
  const wrong = [];
  const claimed = new Set(); // link/arp.c cannot lean on the test of wire/arp.c: it has tests/unit/link_arp_test.c
  const byLayer = (a, b) => TESTED_LAYERS.indexOf(layerOf(a) ?? '') - TESTED_LAYERS.indexOf(layerOf(b) ?? '');
  const sources = core_files.filter((path) => path.endsWith('.c') && TESTED_LAYERS.includes(layerOf(path) ?? ''));
  for (const path of sources.sort(byLayer)) {
    const name = basename(path, '.c');
    const names = [`tests/unit/${layerOf(path)}_${name}_test.c`, `tests/unit/${name}_test.c`];
    const own = names.find((file) => existsSync(join(TOP, file)) && !claimed.has(file));
    const elsewhere = ratchet.tested_elsewhere[path];
    if (own) claimed.add(own);
    if (own && elsewhere) wrong.push(`${path}: has ${own}, so take it out of ratchet.json`);
    else if (!own && !elsewhere) wrong.push(`${path}: neither ${names.join(' nor ')}`);
    else if (elsewhere && !existsSync(join(TOP, elsewhere))) wrong.push(`${path}: ${elsewhere} does not exist`);
  }
  for (const path of Object.keys(ratchet.tested_elsewhere)) {
    if (!sources.includes(path)) wrong.push(`${path}: gone, so take it out of ratchet.json`);
  }
  assertNone(wrong);
});

test('the core has no clock, no I/O, no heap and no chance of its own', () => {
  const sources = core_files.filter((path) => layerOf(path) !== 'native');
  assertNone(sources.flatMap((path) => calls(read(path), FORBIDDEN_CALLS).map((call) => `${path}:${call}`)));
});

const library = join(TOP, 'build/native/libtcplab.a');
test('the core has no globals: nothing of the library is writable data', { skip: !existsSync(library) }, () => {
  const wrong = [];
  let member = '';
  for (const line of execFileSync('size', ['-A', library]).toString().split('\n')) {
    member = line.match(/^(\S+)\s+\(ex /)?.[1] ?? member;
    const [, section, bytes] = line.match(/^(\.data|\.bss)\s+(\d+)/) ?? [];
    if (Number(bytes) > 0) wrong.push(`${member}: ${bytes} bytes in ${section}`);
  }
  assertNone(wrong);
});

test(`the core has ${ASSERTS_PER_1000_LINES} asserts or more in a thousand lines of code`, () => {
  const sources = core_files.filter((path) => layerOf(path) !== 'native').map((path) => code(read(path)));
  const lines = sources.flatMap((source) => source.split('\n')).filter((line) => line.trim()).length;
  const asserts = sources.join('\n').match(/\bassert\(/g)?.length ?? 0;
  assert.ok(asserts * 1000 >= lines * ASSERTS_PER_1000_LINES, `${asserts} asserts in ${lines} lines`);
});

test('the top level holds only what it should', () => {
  const names = new Set(files.map((path) => path.split('/')[0]));
  assertNone([...names].filter((name) => !TOP_NAMES.includes(name) && !name.startsWith('.')));
});

test('each top folder has a README.md', () => {
  assertNone(['core', 'wasm', 'web', 'tests'].filter((folder) => !existsSync(join(TOP, folder, 'README.md'))));
});

test('links in Markdown files lead to files', () => {
  const wrong = [];
  for (const path of files.filter((file) => file.endsWith('.md'))) {
    const text = read(path).replace(/```[\s\S]*?```|`[^`\n]*`/g, '');
    for (const [, target] of text.matchAll(/\]\(\s*<?([^)\s>]+)/g)) {
      if (/^(https?:|mailto:|#)/.test(target)) continue;
      const file = normalize(join(dirname(path), decodeURIComponent(target.replace(/[#?].*$/, ''))));
      if (file.startsWith('..') || !existsSync(join(TOP, file))) wrong.push(`${path}: ${target}`);
    }
  }
  assertNone(wrong);
});

test('no file names a folder of somebody\'s machine or a package registry', () => {
  const wrong = [];
  for (const path of text_files) {
    read(path).split('\n').forEach((line, index) => {
      const host = REGISTRY_HOSTS.find((name) => line.includes(name));
      if (MACHINE_PATH.test(line)) wrong.push(`${path}:${index + 1}: ${line.trim().slice(0, 100)}`);
      if (host) wrong.push(`${path}:${index + 1}: ${host}`);
    });
  }
  assertNone(wrong);
});

test('dependencies are pinned, and the lock file holds no addresses to download from', () => {
  const { dependencies, devDependencies } = JSON.parse(read('web/package.json'));
  const versions = Object.entries({ ...dependencies, ...devDependencies });
  assertNone(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)).map(([name]) => `${name} is not pinned`));
  const packages = JSON.parse(read('web/package-lock.json')).packages;
  assertNone(Object.entries(packages).filter(([, entry]) => entry.resolved).map(([name]) => name));
});

test('text files end with a newline, without blanks at line ends or tabs for indentation', () => {
  const wrong = [];
  for (const path of text_files.filter((file) => !/(package-lock\.json|\.md)$/.test(file))) {
    const text = read(path);
    if (text && !text.endsWith('\n')) wrong.push(`${path}: no newline at its end`);
    if (/[ \t]\n/.test(text)) wrong.push(`${path}: blanks at the end of a line`);
    if (/\.(c|h|js|mjs|css|html)$/.test(path) && /\n\t/.test(text)) wrong.push(`${path}: a tab as indentation`);
    if (text.includes('\r')) wrong.push(`${path}: a carriage return`);
  }
  assertNone(wrong);
});

test('scripts that are to be run can be run', () => {
  const scripts = text_files.filter((path) => /^#!/.test(read(path)));
  assertNone(scripts.filter((path) => !(statSync(join(TOP, path)).mode & 0o100)));
});
