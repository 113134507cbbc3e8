/** A switch on the page: what it passes on is the same frame again, who is at its ports, what is told of it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Lab, loadModule } from '../../wasm/engine.js';
import { sentence } from '../../web/model/narrate.js';
import { RunRecord } from '../../web/model/record.js';
import { initialState, reduce } from '../../web/model/reduce.js';
import { Session } from '../../web/model/session.js';
import { TOP } from '../support/from-web.js';

const wasm = await loadModule(readFileSync(join(TOP, 'build/wasm/tcplab.wasm')));
const scenario = JSON.parse(readFileSync(join(TOP, 'web/presets/switch.json'), 'utf8'));
const END_US = 3_000_000;

/** @returns {Promise<Session>} the preset's run, all of it */
async function run() {
  const session = new Session(await Lab.create({ wasm, scenario }));
  session.timeline.seek(END_US);
  return session;
}

test('each copy of a frame has what the frame had, and knows what it is a copy of', async () => {
  const { timeline } = await run();
  const { frames, by_frame } = timeline.record;
  const copies = frames.filter(({ forward_of }) => forward_of);
  assert.equal(copies.length, 3 + 3 + 10); // a question and an unknown address to three ports each, the rest to one
  for (const copy of copies) {
    const given = by_frame.get(copy.forward_of);
    assert.deepEqual([copy.protocol, copy.detail, copy.stripes], [given?.protocol, given?.detail, given?.stripes]);
    assert.match(String(copy.rule), /^SWITCH_(FLOOD|FORWARD)$/);
    assert.match(timeline.at(copy.cause_id)?.kind ?? '', /^switch_(flooded|forwarded)$/);
    assert.equal(copy.node, 2);
  }
});

test('taken back to any moment and run on, the record is the same', async () => {
  const { timeline } = await run();
  const log = timeline.log.slice();
  const whole = JSON.stringify(timeline.record.frames);
  for (let keep = 0; keep <= log.length; keep += 3) {
    const record = new RunRecord();
    for (const event of log) record.add(event);
    record.forget(log.slice(0, keep));
    for (const event of log.slice(keep)) record.add(event);
    assert.equal(JSON.stringify(record.frames), whole, `after ${keep}`);
  }
});

test('ports are called by who is at their other end', async () => {
  const { topology, nodes } = await run();
  assert.deepEqual([0, 1, 2, 3, 4].map((port) => topology.beyond(2, port)), ['client', 'server', 'printer', 'camera', '']);
  assert.deepEqual(topology.nodes[2].addresses, []);
  assert.equal(nodes[2].address, '');
});

test('what it learns, decides and forgets is told', async () => {
  const session = await run();
  const said = session.timeline.log.filter(({ kind }) => kind.startsWith('switch_')).map((event) => sentence(event, session.words));
  assert.deepEqual(said[0], { id: 'say-switch-learned', args: { node: 'switch', port: 'client', what: 'ARP', bytes: 0, mac: '02:00:00:00:00:01', moved: 0, ports: 0, reason: '' } });
  assert.deepEqual([said[1]?.id, said[1]?.args.reason, said[1]?.args.ports], ['say-switch-flooded', 'BROADCAST', 3]);
  const forwarded = said.find((each) => each?.id === 'say-switch-forwarded');
  assert.equal(forwarded?.args.port, 'client'); // the answer to who asked
  const forgot = said.find((each) => each?.id === 'say-switch-forgot');
  assert.deepEqual([forgot?.args.mac, forgot?.args.reason, forgot?.args.port], ['02:00:00:00:00:02', 'PORT_DOWN', 'server']);
});

test('while it decides it has the frame in its hands, whole', async () => {
  const { timeline } = await run();
  const state = initialState(5);
  for (const event of timeline.log) {
    reduce(state, event);
    if (event.kind === 'switch_flooded') assert.deepEqual(state.nodes[2].passing, { frame: event.frame, way: 'down', layer: 'link' });
    if (event.kind === 'frame_queued') assert.equal(state.nodes[2].passing, null);
  }
});
