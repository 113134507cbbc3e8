/**
 * Runs the test suites and counts: `node tests/run.js [--no-build] [suite...]`. `make test` calls it.
 *
 * Three kinds of suite. C suites are programs made with cmocka, one for each tests/<suite>/x_test.c; they report
 * in TAP. JavaScript suites are tests/<suite>/*.test.js, run by node's own runner. sim/ is one program that plays
 * seeds, SEEDS=N of them. A suite's failure does not keep the next from running; what failed shows its output. A
 * program that does not compile, crashes, stops early, hangs or tests nothing is one failure. The last line is
 * `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TOP = fileURLToPath(new URL('..', import.meta.url));
const JOBS = Number(process.env.JOBS) || (availableParallelism?.() ?? cpus().length);

/** Order: what is quick and what others rest on comes first. One that measures what a page costs has the machine alone, file by file. */
const SUITES = {
  tidy: { kind: 'node', limit_s: 300 },
  unit: { kind: 'c', limit_s: 600 },
  pkt: { kind: 'c', limit_s: 600 },
  lab: { kind: 'c', limit_s: 900 },
  sim: { kind: 'sim', limit_s: 1200 },
  wasm: { kind: 'node', limit_s: 900 },
  web: { kind: 'node', limit_s: 900 },
  lessons: { kind: 'node', limit_s: 900 },
  tshark: { kind: 'node', limit_s: 900 },
  e2e: { kind: 'node', limit_s: 1800 },
  hosts: { kind: 'node', limit_s: 900, jobs: 1 },
};
/** Not part of `make test`; by name only. */
const MORE_SUITES = { interop: { kind: 'node', limit_s: 900 } };

/** A sanitizer's finding ends the program, and leaks count. */
const SANITIZER_ENV = {
  ASAN_OPTIONS: 'detect_leaks=1:strict_string_checks=1',
  UBSAN_OPTIONS: 'print_stacktrace=1',
};

/**
 * Runs a program to its end and keeps what it prints.
 * @param {string[]} command
 * @param {{env?: Record<string, string>, limit_s?: number, live?: boolean}} [options]
 * @returns {Promise<{output: string, code: number | null, end: string}>} end: '' or how it was cut short
 */
function run([program, ...args], { env = {}, limit_s = 0, live = false } = {}) {
  return new Promise((done) => {
    const child = spawn(program, args, {
      cwd: TOP,
      env: { ...process.env, ...env },
      stdio: live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let timedOut = false;
    const timer = limit_s
      ? setTimeout(() => {
          timedOut = true;
          child.kill('SIGKILL');
        }, limit_s * 1000)
      : undefined;
    child.stdout?.on('data', (data) => (output += data));
    child.stderr?.on('data', (data) => (output += data));
    child.on('error', (error) => done({ output: `${error}`, code: null, end: 'could not be started' }));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const end = timedOut ? `still running after ${limit_s} s` : signal ? `ended by ${signal}` : '';
      done({ output, code, end });
    });
  });
}

/**
 * What a cmocka program's TAP says, made one verdict.
 * @param {{output: string, code: number | null, end: string}} result
 * @returns {{passed: number, failed: number, why: string}} why: a sentence when more went wrong than tests say
 */
export function judgeTap({ output, code, end }) {
  const passed = (output.match(/^ok \d+/gm) ?? []).length;
  const skipped = (output.match(/^ok \d+.*# SKIP/gm) ?? []).length;
  let failed = (output.match(/^not ok \d+/gm) ?? []).length;
  const planned = [...output.matchAll(/^1\.\.(\d+)/gm)].reduce((sum, plan) => sum + Number(plan[1]), 0);
  let why = '';
  if (end) why = end;
  else if (passed + failed === 0) why = 'it tested nothing';
  else if (passed + failed !== planned) why = `it planned ${planned} tests and ran ${passed + failed}`;
  else if (code !== 0 && failed === 0) why = `it exited with ${code} although each test passed`;
  if (why) failed++;
  return { passed: passed - skipped, failed, why };
}

/**
 * What node's reporter says of tests that failed: without those that passed, the sums, and the same once more.
 * @param {string} output
 */
export function failuresOf(output) {
  const once = output.split('\n✖ failing tests:')[0];
  return once
    .split('\n')
    .filter((line) => !/^\s*(✔|ℹ)/.test(line))
    .join('\n')
    .trim();
}

/** Files of a suite: the longest first, so that none of them is begun when the others are through. */
function filesOf(suite, ending) {
  const folder = join(TOP, 'tests', suite);
  if (!existsSync(folder)) return [];
  const length = (name) => statSync(join(folder, name)).size;
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort((a, b) => length(b) - length(a));
}

/** Does something with each of some things, so many at a time. @template T @param {T[]} things @param {(thing: T) => Promise<void>} does @param {number} [jobs] */
async function ofEach(things, does, jobs = JOBS) {
  const queue = [...things];
  const worker = async () => {
    for (let thing; (thing = queue.shift()) !== undefined; ) await does(thing);
  };
  await Promise.all(Array.from({ length: jobs }, worker));
}

async function runCSuite(suite, { limit_s }) {
  const sum = { passed: 0, failed: 0 };
  await ofEach(filesOf(suite, '_test.c'), async (file) => {
    const name = basename(file, '.c');
    const program = join(TOP, 'build/test', suite, name);
    const result = existsSync(program)
      ? await run([program], { env: { ...SANITIZER_ENV, CMOCKA_MESSAGE_OUTPUT: 'TAP' }, limit_s })
      : { output: '', code: null, end: 'it was not built' };
    const { passed, failed, why } = judgeTap(result);
    sum.passed += passed;
    sum.failed += failed;
    if (failed) console.log(`--- ${suite}/${name}${why ? `: ${why}` : ''}\n${result.output.trimEnd()}`);
  });
  return sum;
}

/** Simulated connections: SEEDS of them (10,000) from seed FROM (1), split over processes; the goodput table; seeds that failed once. */
async function runSimSuite(suite, { limit_s }) {
  const program = join(TOP, 'build/test', suite, 'tcp_sim');
  if (!existsSync(program)) {
    console.log(`--- ${suite}: it was not built`);
    return { passed: 0, failed: 1 };
  }
  const seeds = Number(process.env.SEEDS) || 10000;
  const from = Number(process.env.FROM) || 1;
  const share = Math.ceil(seeds / (4 * JOBS));
  const queue = [['--goodput', `tests/${suite}/goodput.txt`], ['--regressions']];
  for (let first = 0; first < seeds; first += share) {
    queue.push(['--from', `${from + first}`, '--runs', `${Math.min(share, seeds - first)}`]);
  }
  const sum = { passed: 0, failed: 0 };
  await ofEach(queue, async (args) => {
    const { output, code, end } = await run([program, ...args], { env: SANITIZER_ENV, limit_s: limit_s + seeds / 20 });
    const counts = output.match(/^(\d+) passed, (\d+) failed$/m);
    const why = end || (counts ? '' : `it exited with ${code} and did not say what passed`);
    const failed = Number(counts?.[2] ?? 0) + (why || (code !== 0 && counts?.[2] === '0') ? 1 : 0);
    sum.passed += Number(counts?.[1] ?? 0);
    sum.failed += failed;
    if (failed) console.log(`--- ${suite} ${args.join(' ')}${why ? `: ${why}` : ''}\n${output.trimEnd()}`);
  });
  return sum;
}

async function runNodeSuite(suite, { limit_s, jobs }) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  mkdirSync(join(TOP, 'build/test', suite), { recursive: true });
  await ofEach(filesOf(suite, '.test.js'), async (file) => {
    const tap = join(TOP, 'build/test', suite, `${file}.tap`);
    rmSync(tap, { force: true });
    const reporters = [
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      ...['--test-reporter=tap', `--test-reporter-destination=${tap}`],
    ];
    const result = await run([process.execPath, '--test', ...reporters, join('tests', suite, file)], { limit_s });
    const report = existsSync(tap) ? readFileSync(tap, 'utf8') : '';
    const count = (name) => Number(report.match(new RegExp(`^# ${name} (\\d+)`, 'm'))?.[1] ?? 0);
    let failed = count('fail') + count('cancelled');
    let why = result.end;
    if (!why && count('pass') + failed === 0) why = 'it tested nothing';
    if (!why && result.code !== 0 && failed === 0) why = `node exited with ${result.code}`;
    if (why) failed++;
    sum.passed += count('pass');
    sum.failed += failed;
    sum.skipped += count('skipped') + count('todo');
    if (failed) console.log(`--- ${suite}/${file}${why ? `: ${why}` : ''}\n${failuresOf(result.output)}`);
  }, jobs);
  return sum;
}

async function main() {
  const args = process.argv.slice(2);
  const known = { ...SUITES, ...MORE_SUITES };
  const names = args.filter((arg) => !arg.startsWith('--'));
  const unknown = names.filter((name) => !(name in known));
  if (unknown.length) {
    console.error(`No such suite: ${unknown.join(', ')}. There are: ${Object.keys(known).join(' ')}`);
    process.exit(2);
  }
  const total = { passed: 0, failed: 0 };
  const add = (name, { passed, failed, skipped = 0 }, seconds) => {
    total.passed += passed;
    total.failed += failed;
    const more = skipped ? `, ${skipped} skipped` : '';
    const verdict = passed + failed + skipped ? `${passed} passed, ${failed} failed${more} (${seconds} s)` : 'no tests there yet';
    console.log(`${name.padEnd(8)} ${verdict}`);
  };
  if (!args.includes('--no-build')) {
    const build = await run(['make', '-k', `-j${JOBS}`, 'test-build'], { live: true });
    if (build.code !== 0) add('build', { passed: 0, failed: 1 }, '-');
  }
  for (const name of names.length ? names : Object.keys(SUITES)) {
    const start = Date.now();
    const suite = known[name];
    const runSuite = { c: runCSuite, sim: runSimSuite, node: runNodeSuite }[suite.kind];
    const sum = await runSuite(name, suite);
    add(name, sum, ((Date.now() - start) / 1000).toFixed(1));
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed ? 1 : 0);
}

if (process.argv[1] && fileURLToPath(import.meta.url) === realpathSync(process.argv[1])) await main();
