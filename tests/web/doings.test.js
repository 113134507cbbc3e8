/** What people did is read from the run itself, so a run that is made again has it, too. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Lab, loadModule } from '../../wasm/engine.js';
import { FIRST_SCENARIO } from '../../web/model/scenario.js';
import { Session } from '../../web/model/session.js';
import { TOP } from '../support/from-web.js';

const wasm = await loadModule(readFileSync(join(TOP, 'build/wasm/tcplab.wasm')));
const SECOND = 1_000_000;

/** @param {Record<string, any>} [scenario] @param {any[]} [actions] */
const open = async (scenario = FIRST_SCENARIO, actions = []) => new Session(await Lab.create({ wasm, scenario, actions }));

/** @param {Session} session */
const told = ({ sent, doings }) => ({ sent: sent.map(({ name: _, ...each }) => each), marks: doings.marks });

/** Two connections, sent on from both ends, datagrams, and a link that changes twice. */
async function busy() {
  const session = await open();
  const run = () => session.timeline.seek(session.timeline.cursor.t_us + SECOND);
  session.connect(0);
  run();
  session.send(0, 'from the client', 'a.txt');
  run();
  session.send(1, new Uint8Array(3000));
  session.setLink({ loss: 0.25 });
  run();
  session.datagram(0, 'a datagram');
  session.connect(0);
  run();
  session.send(0, 'on the second one');
  session.setLink({ delay_ms: 7 });
  run();
  return session;
}

test('what was sent is known with its receiver, and how the link was set with its time', async () => {
  const session = await busy();
  const { state } = session.timeline;
  assert.deepEqual(
    session.sent.map(({ name, bytes, way, from }) => [name, bytes.length, way, from]),
    [
      ['a.txt', 15, 'tcp', 0],
      ['', 3000, 'tcp', 1],
      ['', 10, 'udp', 0],
      ['', 17, 'tcp', 0],
    ],
  );
  const [first, second] = state.nodes[1].connections.map(({ key }) => key);
  assert.deepEqual(
    session.sent.map(({ connection }) => connection),
    [first, state.nodes[0].connections[0].key, '', second],
  );
  assert.deepEqual(
    session.doings.marks.map(({ settings: { a_to_b: { delay_ms, loss } } }) => [delay_ms, loss]),
    [
      [20, 0],
      [20, 0.25],
      [7, 0.25],
    ],
  );
  session.timeline.seek(2.5 * SECOND);
  assert.equal(session.settings().a_to_b.loss, 0.25);
  session.timeline.seek(SECOND);
  assert.equal(session.settings().a_to_b.loss, 0);
});

test('a run that is made again of its actions has the same', async () => {
  const session = await busy();
  const again = await open(FIRST_SCENARIO, session.lab.actions);
  again.timeline.seek(session.timeline.cursor.t_us);
  assert.deepEqual(told(again), told(session));
});

test('who acts in the past takes back what was done after it', async () => {
  const session = await busy();
  session.timeline.seek(1.5 * SECOND);
  session.setLink({ loss: 0.5 });
  assert.deepEqual(session.doings.marks.map(({ settings }) => settings.b_to_a.loss), [0, 0.5]);
  assert.deepEqual(session.sent.map(({ name }) => name), ['a.txt']);
  session.send(0, 'anew');
  session.timeline.seek(2 * SECOND);
  assert.deepEqual(session.sent.map(({ bytes }) => bytes.length), [15, 4]);
});

test('what a scenario does by itself nobody has done, but it is how the link is set', async () => {
  const actions = [{ at_ms: 500, do: 'link', link: 'wire', loss: 0.5 }];
  const session = await open({ ...FIRST_SCENARIO, actions });
  session.timeline.seek(SECOND);
  session.setLink({ delay_ms: 5 });
  assert.ok(session.timeline.log.some((event) => event.kind === 'action' && event.t_us === SECOND / 2), 'it did it');
  assert.equal(session.doings.done.length, 1);
  assert.equal(session.settings().b_to_a.loss, 0.5);
  session.timeline.seek(SECOND / 4);
  assert.equal(session.settings().b_to_a.loss, 0);
});

test('each link and each direction has its settings, whoever changed them, as the lab itself describes them', async () => {
  const nodes = [{ name: 'a', address: '10.0.0.1/24' }, { name: 'r', kind: 'router', interfaces: [{ address: '10.0.0.9/24' }, { address: '10.0.1.9/24' }] }, { name: 'b', address: '10.0.1.1/24' }];
  const links = [{ name: 'near', between: ['a', 'r:0'], delay_ms: 5 }, { name: 'far', between: ['r:1', 'b'], rate_bit_per_s: 1000, b_to_a: { delay_ms: 70 } }];
  const actions = [
    { do: 'link', link: 'far', when: { event: 'link_changed', nth: 2 }, queue_frames: 3 },
    { at_ms: 500, do: 'link', link: 1, a_to_b: { jitter_ms: 4 } },
    { at_ms: 500, do: 'link', link: 'near', up: false },
  ];
  const session = await open({ nodes, links, actions });
  const agree = () => {
    const described = session.lab.describe().links;
    for (const [link, { a_to_b, b_to_a }] of described.entries()) {
      const noted = session.settings(link);
      for (const [name, value] of Object.entries(noted.a_to_b)) assert.equal(value, a_to_b[name], `${link} ${name}`);
      for (const [name, value] of Object.entries(noted.b_to_a)) assert.equal(value, b_to_a[name], `${link} ${name}`);
    }
  };
  agree();
  assert.deepEqual([session.settings(1).a_to_b.delay_ms, session.settings(1).b_to_a.delay_ms], [0, 70]);
  session.timeline.seek(SECOND);
  agree();
  assert.deepEqual([session.settings(0).a_to_b.up, session.settings(1).a_to_b.jitter_ms, session.settings(1).b_to_a.queue_frames], [false, 4, 3]);
  session.setLink({ delay_ms: 33, up: true }, 'b_to_a', 0);
  agree();
  assert.deepEqual([session.settings(0).a_to_b.up, session.settings(0).b_to_a.delay_ms], [false, 33]);
});

test('of several actions that wait for one link, each is the one that its event tells, also after going back and in a branch', async () => {
  const actions = [
    { do: 'link', link: 'wire', loss: 0.5, when: { event: 'link_changed', nth: 3 } },
    { do: 'link', link: 'wire', delay_ms: 7, when: { event: 'link_changed', after_ms: 100 } },
    { do: 'link', link: 'wire', delay_ms: 9, when: { event: 'link_changed', nth: 2, after_ms: 50 } },
  ];
  const session = await open({ ...FIRST_SCENARIO, actions });
  const { timeline, lab } = session;
  const of = (/** @type {any} */ { a_to_b: { delay_ms, loss } }) => [delay_ms, loss];
  /** @param {number} t_ms @param {number[]} wanted */
  const isSo = (t_ms, wanted) => {
    timeline.seek(t_ms * 1000);
    assert.deepEqual(of(session.settings()), wanted, `at ${t_ms} ms`);
    if (timeline.isNow) assert.deepEqual(of(lab.describe().links[0]), wanted, `the lab at ${t_ms} ms`);
  };
  const asPlanned = () => {
    isSo(90, [30, 0]);
    isSo(120, [7, 0]);
    isSo(170, [9, 0.5]);
  };
  session.setLink({ delay_ms: 30 });
  asPlanned();
  assert.deepEqual(timeline.log.filter(({ kind }) => kind === 'action').map(({ planned }) => planned), [0, 2, 3, 1]);
  isSo(50, [30, 0]);
  asPlanned();
  timeline.seek(0);
  session.setLink({ loss: 0.25 });
  isSo(40, [30, 0.25]);
  isSo(90, [9, 0.5]);
  isSo(170, [7, 0.5]);
});
