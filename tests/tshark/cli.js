/**
 * Runs our command line and tshark on what it writes.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TOP = fileURLToPath(new URL('../../', import.meta.url));
export const TCPLAB = join(TOP, 'build/native/tcplab');
export const SCENARIOS = join(TOP, 'tests/lab/scenarios');

/** Dissectors verify every checksum there is. */
const VERIFY = ['tcp.check_checksum', 'ip.check_checksum', 'udp.check_checksum', 'eth.check_fcs'].flatMap((name) => ['-o', `${name}:TRUE`]);

export const scenario = (name) => join(SCENARIOS, `${name}.json`);

/**
 * Runs tcplab.
 * @param {string[]} args
 * @param {string} [input] standard input
 */
export function tcplab(args, input = '') {
  assertBuilt();
  const { status, stdout, stderr } = spawnSync(TCPLAB, args, { input, maxBuffer: 1 << 28 });
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

function assertBuilt() {
  if (!existsSync(TCPLAB)) throw new Error('build/native/tcplab is not there: run make native');
}

/** A folder that goes away with the test. */
export function scratch(t) {
  const folder = mkdtempSync(join(tmpdir(), 'tcplab-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return (name) => join(folder, name);
}

/**
 * Writes documents to files and runs tcplab on them, a hundred at a time.
 * @param {(name: string) => string} file
 * @param {object[]} documents
 * @param {(names: string[]) => string[]} argsOf
 * @returns {{good: Set<number>, lines: string[]}} the documents found good, and the first line said of each
 */
export function tcplabOn(file, documents, argsOf) {
  const names = documents.map((document, index) => {
    const name = file(`${index}.json`);
    writeFileSync(name, JSON.stringify(document));
    return name;
  });
  const good = new Set();
  const lines = [];
  for (let from = 0; from < names.length; from += 100) {
    for (const line of tcplab(argsOf(names.slice(from, from + 100))).stdout.split('\n')) {
      const index = Number(line.match(/(\d+)\.json: /)?.[1] ?? -1);
      lines[index] ??= line;
      if (line.endsWith('.json: good')) good.add(index);
    }
  }
  return { good, lines };
}

/**
 * Runs a scenario and gives its capture's path and its events.
 * @param {import('node:test').TestContext} t
 * @param {string} path
 * @param {...string} options
 */
export function run(t, path, ...options) {
  const file = scratch(t);
  const pcap = file('run.pcapng');
  const trace = file('run.jsonl');
  const result = tcplab(['run', path, '--pcap', pcap, '--trace', trace, ...options]);
  const events = readFileSync(trace, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
  return { ...result, pcap, events };
}

/** tshark's output, with every checksum verified. */
export function tshark(...args) {
  return execFileSync('tshark', [...VERIFY, ...args], { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 }).toString();
}

/** Numbers of the packets that a display filter lets through. */
export function packets(pcap, filter) {
  return tshark('-r', pcap, '-Y', filter, '-T', 'fields', '-e', 'frame.number').split('\n').filter(Boolean).map(Number);
}

/** One object for each packet: fields by name, the first value of each. */
export function fields(pcap, names, filter = 'frame') {
  const args = names.flatMap((name) => ['-e', name]);
  return tshark('-r', pcap, '-Y', filter, '-T', 'fields', '-E', 'separator=|', '-E', 'occurrence=f', ...args)
    .split('\n')
    .filter(Boolean)
    .map((line) => Object.fromEntries(line.split('|').map((value, index) => [names[index], value])));
}
