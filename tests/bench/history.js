/**
 * `node tests/bench/history.js`: going back in a lab of one hour with a hundred thousand events. It prints how long
 * seeks take, how much each runs again, and what is kept; nothing here judges.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Lab, loadModule } from '../../wasm/engine.js';

const HOUR_US = 3_600_000_000;
const SEEKS = 300;

const wasm = await loadModule(readFileSync(fileURLToPath(new URL('../../build/wasm/tcplab.wasm', import.meta.url))));

/** Two hosts and a router, on links that lose something. @param {object[]} client @param {object[]} server */
const scenario = (client, server) => ({
  tcplab: 1,
  seed: 11,
  nodes: [
    { name: 'client', kind: 'host', address: '10.0.0.1/24', apps: client },
    { name: 'server', kind: 'host', address: '10.0.0.2/24', apps: server },
  ],
  links: [{ name: 'wire', between: ['client', 'server'], delay_ms: 20, rate_bit_per_s: 10_000_000, loss: 0.01, reorder: 0.01 }],
});

const RUNS = {
  'pings, an hour': scenario([{ app: 'ping', to: 'server', count: 100_000, interval_ms: 900 }], []),
  'bulk, 9 MB at first, then keep-alive and pings': scenario(
    [
      { app: 'sender', to: 'server:80', bytes: 9_000_000, close: true },
      { app: 'ping', to: 'server', count: 600, interval_ms: 6000 },
    ],
    [{ app: 'receiver', port: 80, close: true }],
  ),
  'ten times that, in bulk': scenario([{ app: 'sender', to: 'server:80', bytes: 90_000_000, close: true }], [{ app: 'receiver', port: 80, close: true }]),
};

/** @param {number[]} list @param {number} share */
const quantile = (list, share) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];
const mib = (/** @type {number} */ bytes) => (bytes / 1048576).toFixed(1);

for (const [name, of] of Object.entries(RUNS)) {
  const lab = await Lab.create({ wasm, scenario: of });
  const begin = performance.now();
  lab.runUntil(HOUR_US);
  const run_ms = performance.now() - begin;
  const events = lab.lastEvent;
  const times = [];
  const again = [];
  const eventTimes = [];
  for (let i = 0, x = 12345; i < SEEKS; i++) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0;
    // Half of the places evenly over time, half of them evenly over what happens.
    const t_us = i % 2 ? Math.floor((x / 2 ** 32) * HOUR_US) : quantile([lab.event(1 + Math.floor((x / 2 ** 32) * events))?.t_us ?? HOUR_US], 0);
    if (i % 2 === 0) eventTimes.push(t_us);
    const from = performance.now();
    lab.seek(t_us);
    times.push(performance.now() - from);
    again.push(lab.history.rerun.events);
    if (i % 2) lab.seek(HOUR_US);
  }
  lab.seek(HOUR_US);
  const { bytes, snapshots, between } = lab.history;
  console.log(`${name}: ${events} events, run in ${run_ms.toFixed(0)} ms`);
  console.log(`  kept: ${mib(bytes)} MiB in all, ${snapshots} snapshots, at most ${between} steps and events between two`);
  console.log(`  seek: median ${quantile(times, 0.5).toFixed(1)} ms, 99 % ${quantile(times, 0.99).toFixed(1)} ms, worst ${Math.max(...times).toFixed(1)} ms`);
  console.log(`  run again: median ${quantile(again, 0.5)}, worst ${Math.max(...again)} events`);
  let from = performance.now();
  lab.hash();
  console.log(`  hash of all memory: ${(performance.now() - from).toFixed(1)} ms`);
  lab.seek(Math.floor(HOUR_US / 7));
  lab.ahead();
  from = performance.now();
  lab.ahead();
  console.log(`  the next segment, ahead: ${(performance.now() - from).toFixed(1)} ms`);
}
