/**
 * `make bench`: measures our stack beside peers, in one run, and writes build/bench.json.
 *
 * Time is the best of several rounds in which ours and the peer take turns, so that a machine that slows down
 * slows both. Instructions are counted by callgrind, which sees the measured operations only; they hardly
 * differ from run to run. Ratios are ours to the peer's: below 1 is better. Nothing here judges them; it
 * fails only when a benchmark does not run.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const TOP = fileURLToPath(new URL('../..', import.meta.url));
const OURS = 'build/bench/stack_bench';
const PEER = 'build/bench/lwip_stack_bench';
const WASM = 'build/bench/stack_bench.wasm';
const SHIPPED_WASM = 'build/wasm/tcplab.wasm';

const ROUNDS = 5;
/** Operations in one round of time; the program itself takes the best of nine such, and so does the module here. */
const TIMED = 10_000;
const TIMED_TIMES = 9;
/** Operations that callgrind counts. */
const COUNTED = 2_000;
/** Numbers of the cases of stack_bench.c, where names do not reach. */
const WASM_BULK = 0;

/** glibc copies what is long with one instruction that callgrind counts as one; keep it from doing so. */
const COUNTING_ENV = { GLIBC_TUNABLES: 'glibc.cpu.x86_rep_movsb_threshold=1000000000' };

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {'ns' | 'instructions' | 'bytes'} unit of one operation
 * @property {number} ours
 * @property {number | null} peer
 * @property {string | null} peer_name
 * @property {number | null} ratio
 */

/**
 * @param {string[]} command
 * @param {Record<string, string>} [env]
 */
function run([program, ...args], env = {}) {
  const { status, signal, error, stdout, stderr } = spawnSync(program, args, {
    cwd: TOP,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new Error(`${[program, ...args].join(' ')}: ${error ?? signal ?? `exit ${status}`}\n${stderr}`);
  }
  return { stdout, stderr };
}

/** @param {string} program @param {string} name */
const nanoseconds = (program, name) => Number(run([program, 'ns', name, `${TIMED}`]).stdout);

/** @param {string} program @param {string} name */
function instructions(program, name) {
  const profile = `--callgrind-out-file=${program}.${name}.callgrind`;
  const { stderr } = run(
    ['valgrind', '--tool=callgrind', '--toggle-collect=bench_measured', profile]
      .concat([program, 'count', name, `${COUNTED}`]),
    COUNTING_ENV,
  );
  const total = stderr.match(/Collected : (\d+)/)?.[1];
  if (!total) throw new Error(`callgrind did not count ${program} ${name}:\n${stderr}`);
  return Number(total) / COUNTED;
}

/** @returns {() => number} measures one round in nanoseconds of CPU time, as the programs do */
function wasmBulk() {
  const module = new WebAssembly.Module(readFileSync(`${TOP}/${WASM}`));
  const exported = /** @type {any} */ (new WebAssembly.Instance(module, {}).exports);
  exported._initialize?.();
  exported.prepare(WASM_BULK);
  const once = () => {
    const start = process.cpuUsage();
    exported.run(WASM_BULK, TIMED);
    const { user, system } = process.cpuUsage(start);
    return ((user + system) * 1000) / TIMED;
  };
  return () => Math.min(...Array.from({ length: TIMED_TIMES }, once));
}

/**
 * The best of several rounds of each, taking turns.
 * @param {...(() => number)} measures
 */
function bestOf(...measures) {
  const best = measures.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    measures.forEach((measure, i) => (best[i] = Math.min(best[i], measure())));
  }
  return best;
}

/** @type {(name: string, unit: Row['unit'], ours: number, peer?: number, peer_name?: string) => Row} */
function row(name, unit, ours, peer, peer_name) {
  const rounded = (/** @type {number} */ x, digits = 1) => Number(x.toFixed(digits));
  if (peer === undefined || peer_name === undefined) {
    return { name, unit, ours: rounded(ours), peer: null, peer_name: null, ratio: null };
  }
  return { name, unit, ours: rounded(ours), peer: rounded(peer), peer_name, ratio: rounded(ours / peer, 3) };
}

/** @param {Row} r */
function print(r) {
  /** @param {number | null} x */
  const cell = (x) => (x === null ? '-' : x.toLocaleString('en-US')).padStart(12);
  const ratio = (r.ratio?.toFixed(3) ?? '-').padStart(8);
  console.log(`${r.name.padEnd(30)}${cell(r.ours)}${cell(r.peer)}${ratio}  ${r.peer_name ?? ''}`);
}

/** @returns {string} */
function machine() {
  const lwip = run(['pkg-config', '--modversion', 'lwip']).stdout.trim();
  const cpu = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} CPUs`;
  return `${cpu}, Linux ${release()}, node ${process.version}, lwIP ${lwip}`;
}

const host = machine();
console.log(`${host}\n`);
const columns = `${'ours'.padStart(12)}${'peer'.padStart(12)}${'ratio'.padStart(8)}  peer`;
console.log(`${'of one operation'.padEnd(30)}${columns}`);

/** @type {Row[]} */
const rows = [];
/** @type {(...cells: Parameters<typeof row>) => void} */
const add = (...cells) => print(rows[rows.push(row(...cells)) - 1]);

/** Two rows: a case of ours beside one of the peer's, or another of ours.
 * @type {(name: string, program: string, other: string, peer_name: string) => void} */
function compare(name, program, other, peer_name) {
  const [ours, peer] = bestOf(
    () => nanoseconds(OURS, name),
    () => nanoseconds(program, other),
  );
  add(`${name}_ns`, 'ns', ours, peer, peer_name);
  add(`${name}_instructions`, 'instructions', instructions(OURS, name), instructions(program, other), peer_name);
}

for (const name of ['tcp_bulk_1460', 'tcp_pingpong_64', 'tcp_open_close', 'udp_64', 'udp_1472']) {
  compare(name, PEER, name, 'lwip');
}
compare('tcp_bulk_1460_4mib', OURS, 'tcp_bulk_1460_64kib', 'ours, 64 KiB');
compare('tcp_many_100000', OURS, 'tcp_many_10', 'ours, 10 connections');
const [idle, idlePeer] = [OURS, PEER].map((program) => Number(run([program, 'idle']).stdout));
add('tcp_idle_bytes', 'bytes', idle, idlePeer, 'lwip');

const [wasm, native] = bestOf(wasmBulk(), () => nanoseconds(OURS, 'tcp_bulk_1460'));
add('wasm_tcp_bulk_1460_ns', 'ns', wasm, native, 'native');

const shipped = readFileSync(`${TOP}/${SHIPPED_WASM}`);
const params = { [constants.BROTLI_PARAM_SIZE_HINT]: shipped.length };
const compressed = brotliCompressSync(shipped, { params }).length;
add('wasm_brotli_bytes', 'bytes', compressed, shipped.length, 'uncompressed');

writeFileSync(`${TOP}/build/bench.json`, `${JSON.stringify(rows, null, 2)}\n`);
console.log('\nwritten to build/bench.json');
