/** What the tests of the module share: the module, read from disk and compiled once, and two hosts on a wire. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Lab } from '../../wasm/engine.js';

/** @param {string} path from the top of the project */
export const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const wasmBytes = readFileSync(at('build/wasm/tcplab.wasm'));
export const wasm = await WebAssembly.compile(wasmBytes);

/**
 * Two hosts and a link.
 * @param {object} [link] settings of the link
 * @param {object} [more] members of the scenario
 */
export const twoHosts = (link = {}, more = {}) => ({
  tcplab: 1,
  seed: 7,
  nodes: [
    { name: 'client', kind: 'host', interfaces: [{ address: '10.0.0.1/24' }] },
    { name: 'server', kind: 'host', interfaces: [{ address: '10.0.0.2/24' }] },
  ],
  links: [{ name: 'wire', between: ['client', 'server'], delay_ms: 20, rate_bit_per_s: 10_000_000, ...link }],
  ...more,
});

/**
 * @param {object} [scenario]
 * @param {object} [options]
 * @returns {Promise<Lab>}
 */
export const makeLab = (scenario = twoHosts(), options = {}) => Lab.create({ wasm, scenario, ...options });

/** @param {string | Uint8Array} data */
export const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/**
 * All that can be seen of a lab, in one number: its events and its frames.
 * @param {Lab} lab
 */
export const fingerprint = (lab) => sha256(JSON.stringify(lab.events())) + sha256(lab.pcapng());

/**
 * Bytes without pattern, the same each time.
 * @param {number} count
 */
export function noise(count) {
  const bytes = new Uint8Array(count);
  let x = 2463534242;
  for (let i = 0; i < count; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    bytes[i] = x;
  }
  return bytes;
}

/**
 * Opens a connection from client to server on port 80 and lets the handshake happen.
 * @param {Lab} lab
 */
export function openConnection(lab) {
  const listener = lab.host('server').socket();
  listener.bind(80);
  listener.listen();
  const client = lab.host('client').socket();
  client.connect('10.0.0.2:80');
  lab.runFor(300_000);
  const server = listener.accept();
  if (!server) throw new Error('the handshake did not happen');
  return { listener, client, server };
}

/**
 * State changes as 'client LISTEN > SYN_RCVD', in order.
 * @param {Lab} lab
 */
export const statesOf = (lab) =>
  lab
    .events()
    .filter(({ kind }) => kind === 'tcp_state')
    .map(({ node, from, to }) => `${lab.hosts[node].name} ${from} > ${to}`);
