/** The judge is the stack: change the scenario, and the right answer changes with it. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { begin, makeLab, readLesson } from './support.js';
import { VALUE_SORTS, Trace, evaluate, holds, resolve, runTo } from '../../web/model/lesson-query.js';
import { QUESTIONS, isRight } from '../../web/model/lesson-judge.js';

/**
 * The verdict on a step, with a scenario that was changed.
 * @param {string} name @param {string} id @param {(scenario: any) => void} change
 */
async function verdictOn(name, id, change = () => {}) {
  const lesson = structuredClone(readLesson(name));
  change(lesson.scenario);
  const run = await begin(lesson);
  for (await run.next(); run.step?.id !== id; await run.next()) if (run.kind === 'predict') run.predict('nothing');
  return run.verdict;
}

test('a smaller MTU makes more segments of one send()', async () => {
  const before = await verdictOn('10-numbers', 'one-send');
  const after = await verdictOn('10-numbers', 'one-send', ({ nodes }) => {
    for (const node of nodes) {
      node.interfaces = [{ address: node.address, mtu: 600 }];
      delete node.address;
    }
  });
  assert.equal(before?.right, 3);
  assert.equal(after?.right, Math.ceil(4000 / (600 - 20 - 32)));
});

test('a shorter MSL makes a shorter TIME_WAIT', async () => {
  const after = await verdictOn('08-time-wait', 'how-long', ({ nodes }) => (nodes[1].tcp = { msl_us: 5_000_000 }));
  assert.ok(Math.abs(Number(after?.right) - 10) < 1, `${after?.right}`);
});

test('without a server program the next segment is a reset', async () => {
  assert.equal((await verdictOn('05-handshake', 'next'))?.right, 'SYN+ACK');
  assert.equal((await verdictOn('05-handshake', 'next', ({ nodes }) => delete nodes[1].apps))?.right, 'RST+ACK');
});

test('a program that closes at once leaves CLOSE_WAIT', async () => {
  assert.equal((await verdictOn('07-close', 'forgotten'))?.right, 'CLOSE_WAIT');
  const after = await verdictOn('07-close', 'after-fin', ({ nodes }) => (nodes[1].apps[1].close = true));
  assert.notEqual(after?.right, 'CLOSE_WAIT');
});

test('with the fault at the other host, the other answer is right', async () => {
  assert.equal((await verdictOn('15-checksums', 'unchecked'))?.right, 'nobody');
  assert.equal((await verdictOn('15-checksums', 'unchecked', ({ nodes }) => delete nodes[0].faults))?.right, 'transport');
  assert.equal((await verdictOn('08-time-wait', 'without', ({ nodes }) => delete nodes[0].faults))?.right, 'ACK');
});

test('which loss hurts most is found by losing each: without SACK, and so without a probe, it is another', async () => {
  const before = await verdictOn('11-loss', 'hurts-most');
  const after = await verdictOn('11-loss', 'hurts-most', ({ nodes }) => {
    for (const node of nodes) node.tcp = { ...node.tcp, sack: false, rack: false };
  });
  assert.equal(before?.right, '5');
  assert.notEqual(after?.right, '5', JSON.stringify(after));
  assert.notDeepEqual(after?.options.map(({ time_ms }) => time_ms), before?.options.map(({ time_ms }) => time_ms));
});

test('whether a task is done is asked of the stack: what does it in one scenario does not in another', async () => {
  const done = async (/** @type {(scenario: any) => void} */ change) => {
    const lesson = structuredClone(readLesson('05-handshake'));
    change(lesson.scenario);
    const run = await begin(lesson);
    for (await run.next(); run.kind !== 'task'; await run.next()) if (run.kind === 'predict') run.predict('nothing');
    await run.showHow();
    return run.isDone;
  };
  assert.equal(await done(() => {}), true);
  assert.equal(await done(({ nodes }) => (nodes[0].tcp = { syn_retries_max: 0 })), false, 'a client that never sends a SYN again');
});

test('every kind of question is tried above', () => {
  assert.deepEqual([...QUESTIONS].sort(), ['choice', 'drop', 'number', 'segment', 'state']);
});

test('a question whose stop does not come has no right answer', async () => {
  const verdict = await verdictOn('05-handshake', 'next', ({ links }) => (links[0].up = false));
  assert.equal(verdict?.right, null);
  assert.equal(isRight({ ask: 'segment' }, /** @type {any} */ (verdict), 'SYN+ACK'), false);
});

/** A connection with three segments of data, one of which is lost. */
async function lossy() {
  const lesson = readLesson('11-loss');
  const lab = await makeLab(lesson.scenario);
  const trace = new Trace(lab);
  const client = lab.host('client').socket();
  client.connect('10.0.0.2:80');
  assert.ok(runTo(lab, trace, { event: { kind: 'tcp_state', node: 'server', to: 'ESTABLISHED' } }, 0));
  lab.links[0].dropNext({ match: 'data' });
  client.send('x'.repeat(4000));
  assert.ok(runTo(lab, trace, { quiet_ms: 500 }));
  return { lab, trace, all: { from: 0, to: trace.last } };
}

test('values are read from the trace', async () => {
  const { trace, all } = await lossy();
  const data = { kind: 'tcp_segment_sent', node: 'client', segment: 'data' };
  const value = (/** @type {any} */ what) => evaluate(trace, what, all);
  assert.equal(value({ count: { ...data, retransmission: 0 } }), 3);
  assert.equal(value({ sum: 'payload_bytes', of: { ...data, retransmission: 0 } }), 4000);
  assert.equal(value({ field: 'rel_seq', of: data }), 1);
  assert.equal(value({ field: 'rel_seq', of: { ...data, retransmission: 1 } }), 1);
  assert.equal(value({ field: 'rel_ack', of: { kind: 'tcp_segment_received', node: 'client', segment: 'ack' }, nth: -1 }), 4001);
  assert.equal(value({ largest: 'payload_bytes', of: data }), 1448);
  assert.equal(value({ smallest: 'payload_bytes', of: data }), 4000 - 2 * 1448);
  assert.equal(value({ distinct: 'payload_bytes', of: data }), 2);
  assert.equal(value({ falls: 'rel_seq', of: data }), 1);
  assert.equal(value({ state: 'server' }), 'ESTABLISHED');
  assert.equal(value({ minus: [10, { count: data }] }), 10 - value({ count: data }));
  assert.equal(value({ divide: [9, 3] }), 3);
  assert.ok(value({ between_ms: [{ kind: 'frame_lost' }, { ...data, retransmission: 1 }] }) > 0);
  assert.equal(value({ field: 'seq', of: { kind: 'tcp_segment_sent', segment: 'rst' } }), null);
  assert.equal(value({ largest: 'seq', of: { kind: 'tcp_segment_sent', segment: 'rst' } }), null);
  assert.equal(value({ count: { kind: 'frame_lost', segment: 'data' } }), 1, 'a frame is known by its segment');
  assert.throws(() => value({ nonsense: 1 }), /not a value/);
  assert.equal(VALUE_SORTS.length, 11, 'each sort of value is tried above');
});

test('statements compare, and are joined', async () => {
  const { trace, all } = await lossy();
  const says = (/** @type {any} */ what) => holds(trace, what, all);
  const lost = { count: { kind: 'frame_lost' } };
  assert.equal(says({ ...lost, is: 1 }), true);
  assert.equal(says({ ...lost, isnt: 1 }), false);
  assert.equal(says({ ...lost, above: 0, below: 2 }), true);
  assert.equal(says({ ...lost, above: { count: { kind: 'tcp_segment_sent' } } }), false);
  assert.equal(says({ all: [{ ...lost, is: 1 }, { ...lost, is: 2 }] }), false);
  assert.equal(says({ any: [{ ...lost, is: 1 }, { ...lost, is: 2 }] }), true);
  assert.equal(says({ no: { ...lost, is: 2 } }), true);
  assert.equal(says({ field: 'seq', of: { kind: 'tcp_segment_sent', segment: 'rst' }, below: 9 }), false, 'what did not happen is below nothing');
});

test('"latest" means the latest socket of the sort that the call is for', async () => {
  const { lab, trace } = await lossy();
  const tcp = lab.host('client').socket().handle;
  const udp = lab.host('client').socket('udp').handle;
  trace.pull();
  assert.equal(resolve(trace, { do: 'send', node: 'client', socket: 'latest' }).socket, tcp);
  assert.equal(resolve(trace, { do: 'sendto', node: 'client', socket: 'latest' }).socket, udp);
  assert.equal(resolve(trace, { do: 'bind', node: 'client', socket: 'latest' }).socket, udp);
  assert.equal(resolve(trace, { do: 'close', node: 'client', socket: 1 }).socket, 1);
});
