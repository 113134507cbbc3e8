/** A run done elsewhere is the same run: its events, its memory, and all of its past. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Worker } from 'node:worker_threads';

import { LabError } from '../../wasm/engine.js';
import { Remote } from '../../wasm/remote.js';
import { at, fingerprint, makeLab, twoHosts } from './support.js';

const SECOND = 1_000_000;
const LOSSY = twoHosts({ loss: 0.02, reorder: 0.02 }, {});

/** A scenario that sends two megabytes by itself. */
const BULK = {
  ...LOSSY,
  nodes: [
    { ...LOSSY.nodes[0], apps: [{ app: 'sender', to: 'server:80', bytes: 2_000_000, close: true }] },
    { ...LOSSY.nodes[1], apps: [{ app: 'receiver', port: 80, close: true }] },
  ],
};
const END_US = 60 * SECOND;

/** The service in a thread of its own, as a browser's worker is. */
function startThread() {
  const { port1, port2 } = new MessageChannel();
  const service = JSON.stringify(new URL(`file://${at('wasm/service.js')}`).href);
  const code = `const { workerData } = require('node:worker_threads'); import(${service}).then(({ serve }) => serve(workerData));`;
  const thread = new Worker(code, { eval: true, workerData: port2, transferList: [port2] });
  const port = /** @type {any} */ (port1);
  port.terminate = () => {
    port1.close();
    void thread.terminate();
  };
  thread.on('error', (error) => port.onerror?.(error));
  port.thread = thread;
  return port;
}

/** @param {(remote: Remote) => Promise<void>} use @param {ConstructorParameters<typeof Remote>[0]} [how] */
async function withRemote(use, how = { start: startThread }) {
  const remote = new Remote(how);
  try {
    await use(remote);
  } finally {
    remote.close();
  }
}

for (const [name, how] of /** @type {const} */ ([
  ['in a thread', { start: startThread }],
  ['here, where there is no worker', {}],
])) {
  test(`all is as if it had been run here: ${name}`, () =>
    withRemote(async (remote) => {
      const here = await makeLab(BULK);
      here.runUntil(END_US);
      const lab = await makeLab(BULK);
      let pieces = 0;
      assert.equal(await remote.seek(lab, END_US, { arrived: () => void pieces++ }), true);
      assert.equal(remote.isWorker, name === 'in a thread');
      assert.ok(pieces >= 3, `${pieces} pieces`);
      assert.equal(lab.now_us, END_US);
      assert.equal(lab.hash(), here.hash());
      assert.equal(fingerprint(lab), fingerprint(here));
      assert.equal(lab.lostEvents, 0);
      assert.deepEqual(lab.describe(), here.describe());
      for (const t_us of [SECOND / 2, 3 * SECOND, SECOND, 10 * SECOND, 0]) {
        lab.seek(t_us);
        here.seek(t_us);
        assert.equal(lab.hash(), here.hash(), `at ${t_us}`);
        assert.ok(lab.history.rerun.steps <= 2000, `${lab.history.rerun.steps} things were run again`);
      }
    }, how));
}

test('actions that are still to come are done in their time, and noted', () =>
  withRemote(async (remote) => {
    const actions = [
      { at_us: 100_000, command: { do: 'link', link: 'wire', delay_ms: 50 } },
      { at_us: 2 * SECOND, command: { do: 'drop_next', link: 'wire', direction: 0, match: 'data', count: 3 } },
    ];
    const here = await makeLab(BULK, { actions });
    here.runUntil(END_US);
    const lab = await makeLab(BULK, { actions });
    await remote.seek(lab, END_US);
    assert.deepEqual(lab.actions, here.actions);
    assert.equal(lab.hash(), here.hash());
    lab.command({ do: 'ping', node: 'client', to: '10.0.0.2', count: 1 });
    here.command({ do: 'ping', node: 'client', to: '10.0.0.2', count: 1 });
    lab.runFor(SECOND);
    here.runFor(SECOND);
    assert.equal(lab.hash(), here.hash(), 'and it goes on like any other');
    assert.equal(lab.url(), here.url());
  }));

test('a branch is run on in the branch', () =>
  withRemote(async (remote) => {
    const lab = await makeLab(BULK);
    await remote.seek(lab, 5 * SECOND);
    const known = lab.lastEvent;
    lab.seek(SECOND);
    const shared = lab.lastEvent;
    lab.command({ do: 'link', link: 'wire', rate_bit_per_s: 1_000_000 });
    await remote.seek(lab, 5 * SECOND);
    const other = await makeLab(BULK, { actions: lab.actions });
    other.runUntil(5 * SECOND);
    assert.equal(lab.hash(), other.hash());
    assert.equal(lab.compare(0, 1).divergence?.event, shared + 1);
    lab.switchTo(0, { t_us: 5 * SECOND });
    assert.equal(lab.lastEvent, known);
  }));

test('back is quick, and forth along what is known asks nobody', () =>
  withRemote(
    async (remote) => {
      const lab = await makeLab(BULK);
      lab.runUntil(END_US);
      const hash = lab.hash();
      assert.equal(await remote.seek(lab, SECOND), true);
      assert.equal(lab.now_us, SECOND);
      assert.equal(await remote.seek(lab, END_US), true);
      assert.equal(lab.hash(), hash);
      assert.equal(remote.isWorker, null);
    },
    { start: () => assert.fail('a worker was begun') },
  ));

test('who acts meanwhile, or wants something else, ends it; the lab stands at a whole piece', () =>
  withRemote(async (remote) => {
    const lab = await makeLab(BULK);
    let pieces = 0;
    const given = await remote.seek(lab, END_US, { arrived: () => void pieces++, isWanted: () => pieces < 2 });
    assert.equal(given, false);
    assert.equal(pieces, 2);
    const here = await makeLab(BULK);
    while (here.lastEvent < lab.lastEvent) here.runUntil(END_US, { maxEvents: 1 });
    assert.equal(lab.hash(), here.hash());
    const acted = await makeLab(BULK);
    const ping = () => void acted.command({ do: 'ping', node: 'client', to: '10.0.0.2', count: 1 });
    assert.equal(await remote.seek(acted, END_US, { arrived: ping }), false);
    assert.equal(acted.actions.length, 1, 'no piece without the ping came after it');
    await remote.seek(acted, END_US);
    const other = await makeLab(BULK, { actions: acted.actions });
    other.runUntil(END_US);
    assert.equal(acted.hash(), other.hash());
  }));

test('a worker that cannot be started is done without', () =>
  withRemote(
    async (remote) => {
      const lab = await makeLab(BULK);
      await remote.seek(lab, SECOND);
      assert.equal(remote.isWorker, false);
      assert.equal(lab.now_us, SECOND);
    },
    {
      start: () => {
        throw new Error('forbidden');
      },
    },
  ));

test('a worker that dies is told of; the lab is as it was, and the next one goes on', () =>
  withRemote(async (remote) => {
    const lab = await makeLab(BULK);
    const dies = remote.seek(lab, END_US, { arrived: () => remote.close() });
    await assert.rejects(dies, (error) => error instanceof LabError && error.code === 'ECHILD');
    const here = await makeLab(BULK);
    while (here.lastEvent < lab.lastEvent) here.runUntil(END_US, { maxEvents: 1 });
    assert.equal(lab.hash(), here.hash());
    assert.equal(await remote.seek(lab, END_US), true);
    here.runUntil(END_US);
    assert.equal(lab.hash(), here.hash());
  }));

test('one that says nothing any more is taken for dead', () => {
  /** Says that it is there, and no more. */
  const start = () => {
    const port = /** @type {any} */ ({ postMessage() {}, onmessage: null, close() {} });
    queueMicrotask(() => port.onmessage({ data: { id: 0 } }));
    return port;
  };
  return withRemote(
    async (remote) => {
      const lab = await makeLab(BULK);
      await assert.rejects(remote.seek(lab, END_US), (error) => error instanceof LabError && error.code === 'ECHILD');
      assert.ok(lab.now_us < END_US);
      lab.runUntil(END_US);
    },
    { start, patience_ms: 50 },
  );
});

test('a fault in the worker is told by its code', () => {
  const start = () => {
    const port = /** @type {any} */ ({
      postMessage: (/** @type {any} */ { id }) => queueMicrotask(() => port.onmessage({ data: { id, error: { code: 'EFAULT', message: 'the stack stopped' } } })),
      onmessage: null,
      close() {},
    });
    queueMicrotask(() => port.onmessage({ data: { id: 0 } }));
    return port;
  };
  return withRemote(
    async (remote) => {
      const lab = await makeLab(BULK);
      await assert.rejects(remote.seek(lab, END_US), (error) => error instanceof LabError && error.code === 'EFAULT');
      lab.runUntil(END_US);
      assert.equal(lab.now_us, END_US, 'this lab has come to no harm');
    },
    { start },
  );
});
