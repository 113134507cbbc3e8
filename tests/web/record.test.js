/** The run as a drawing needs it, taken back: it must be as if what was forgotten had never come. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Lab, loadModule } from '../../wasm/engine.js';
import { Inflows } from '../../web/model/delivered.js';
import { RunRecord } from '../../web/model/record.js';
import { RunIndex } from '../../web/model/run-index.js';
import { FIRST_SCENARIO } from '../../web/model/scenario.js';
import { TOP } from '../support/from-web.js';

/** @typedef {import('../../web/model/types.js').LabEvent} LabEvent */

const wasm = await loadModule(readFileSync(join(TOP, 'build/wasm/tcplab.wasm')));

/** A run in which all that a record knows of happens: losses, copies, delays, ARP, datagrams, a second connection on a used port. */
async function eventful() {
  const lab = await Lab.create({ wasm, scenario: FIRST_SCENARIO, seed: 5 });
  lab.links[0].set({ loss: 0.05, duplicate: 0.05, reorder: 0.1, corrupt: 0.02 });
  const client = lab.host('client');
  for (let round = 0; round < 3; round++) {
    const socket = client.socket('tcp');
    socket.set('SO_REUSEADDR', 1);
    socket.bind(40_000);
    socket.connect('10.0.0.2:80');
    lab.runFor(400_000);
    socket.send(new Uint8Array(30_000).fill(round + 1));
    client.ping('10.0.0.2', 2);
    client.socket('udp').sendTo('10.0.0.2:5000', 'one');
    lab.runFor(700_000);
    const frame = lab.events().findLast((event) => event.kind === 'frame_sent')?.frame ?? 0;
    try {
      lab.command({ do: 'delay', frame, by_ms: 30 });
    } catch {
      // It has arrived already.
    }
    socket.abort();
    lab.runFor(300_000);
  }
  return { lab, log: /** @type {LabEvent[]} */ (lab.events()) };
}

/** What a record says, but for keys that were only asked for. @param {RunRecord} record */
function told(record) {
  const firsts = [...record.firsts].filter(([, { iss, irs }]) => iss !== undefined || irs !== undefined);
  const reads = [...record.reads].filter(([, list]) => list.length > 0);
  return { ...record, firsts: new Map(firsts), reads: new Map(reads) };
}

/** @param {LabEvent[]} log */
function recordOf(log) {
  const record = new RunRecord();
  for (const event of log) record.add(event);
  return record;
}

test('a record that forgets is as one that never knew', async () => {
  const { log } = await eventful();
  const record = recordOf(log);
  for (const kind of ['frame_lost', 'frame_duplicated', 'frame_delayed', 'tcp_timer_fired', 'udp_received', 'packet_dropped', 'arp_asked'])
    {assert.ok(log.some((event) => event.kind === kind), `the run has no ${kind}`);}
  for (let keep = log.length - 1; keep >= 0; keep -= 1 + (keep % 7)) {
    const left = log.slice(0, keep);
    record.forget(left);
    assert.deepEqual(told(record), told(recordOf(left)), `after event ${keep} of ${log.length}`);
  }
});

test('a record goes on after it has forgotten', async () => {
  const { log } = await eventful();
  const whole = told(recordOf(log));
  for (let keep = 0; keep < log.length; keep += 97) {
    const record = recordOf(log);
    record.forget(log.slice(0, keep));
    for (const event of log.slice(keep)) record.add(event);
    assert.deepEqual(told(record), whole, `after event ${keep}`);
  }
});

test('bytes that arrived are known after their frames are gone, and forgotten with their events', async () => {
  const { lab, log } = await eventful();
  let dissected = 0;
  /** @type {import('../../web/model/delivered.js').Frames} */
  const frames = { frame: (id, as) => lab.frame(id, as), dissect: (id, how) => (dissected++, lab.dissect(id, how)) };
  const inflows = new Inflows(frames);
  const record = recordOf(log);
  for (const event of log) inflows.add(event, record);
  assert.equal(dissected, 0, 'what arrived as it was sent is not taken apart for it');
  const key = [...inflows.of.keys()].find((each) => each.startsWith('1 80 40000'));
  const all = inflows.of.get(key ?? '') ?? [];
  assert.equal(all.length, 3, 'one for each connection');
  const whole = all.map((inflow) => inflow.upTo().slice());
  whole.forEach((bytes, round) => assert.ok(bytes.length > 0 && bytes.every((byte) => byte === round + 1), 'each has its own bytes'));
  assert.equal(inflows.at(key ?? '', all[1].id)?.id, all[1].id);
  assert.equal(inflows.at(key ?? '', all[1].id - 1)?.id, all[0].id);
  const half = all[1].steps[Math.floor(all[1].steps.length / 2)];
  inflows.forget(log.slice(0, half.id));
  assert.equal(inflows.of.get(key ?? '')?.length, 2);
  assert.equal(inflows.at(key ?? '')?.length, half.length);
  for (const event of log.slice(half.id)) inflows.add(event, record);
  assert.deepEqual(inflows.of.get(key ?? '')?.map((inflow) => inflow.upTo()), whole);
});

/** What can be asked of an index, without room that typed arrays keep. @param {RunIndex} index */
function found(index) {
  const { ways, lasting, fired, traffic, notes, activity, moments, open, places } = index;
  const times = (/** @type {import('../../web/model/time-index.js').TimeList} */ of) => [...of.times.subarray(0, of.length), ...of.ids.subarray(0, of.length)];
  const spans = (/** @type {import('../../web/model/time-index.js').SpanIndex<any>} */ { items, ids, levels }) => ({ items: [...items], ids: [...ids], levels: levels.slice(0, 2).map(({ from, to, length }) => [...from.subarray(0, length), ...to.subarray(0, length)]).filter((level) => level.length > 2) });
  return {
    ...{ ways: spans(ways), lasting: spans(lasting), fired: spans(fired), open: new Map(open), places: new Map(places) },
    traffic: [...traffic].map(([key, { all, again, lost }]) => [key, times(all), times(again), times(lost)]).filter(([, ...lists]) => lists.some(({ length }) => length > 0)),
    notes: notes.map((of) => [[...of.list], times(of.times)]),
    busy: Array.from({ length: activity.count }, (_, i) => [activity.from[i], activity.to[i]]),
    moments: [...moments].map(([layer, list]) => [layer, times(list)]).filter(([, list]) => list.length > 0),
  };
}

/** @param {LabEvent[]} log */
function indexOf(log) {
  const record = new RunRecord();
  const index = new RunIndex(record);
  for (const event of log) {
    record.add(event);
    index.add(event);
  }
  return { record, index };
}

test('an index that forgets finds what one finds that never knew, and goes on', async () => {
  const { log } = await eventful();
  const { record, index } = indexOf(log);
  assert.ok(index.ways.length > 100 && index.fired.length > 0 && index.lasting.length > 10);
  for (let keep = log.length - 1; keep >= 0; keep -= 1 + (keep % 37)) {
    const left = log.slice(0, keep);
    record.forget(left);
    index.forget(left);
    assert.deepEqual(found(index), found(indexOf(left).index), `after event ${keep} of ${log.length}`);
  }
  const again = indexOf(log.slice(0, 500));
  again.record.forget(log.slice(0, 300));
  again.index.forget(log.slice(0, 300));
  for (const event of log.slice(300)) [again.record, again.index].forEach((each) => each.add(event));
  assert.deepEqual(found(again.index), found(indexOf(log).index));
});
