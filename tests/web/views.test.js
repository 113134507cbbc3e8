/** What the drawer's views make of a run: paths on the map of states, a frame's life, lists, tables, programs. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Lab, loadModule } from '../../wasm/engine.js';
import { covered, fold, working, wordsOf } from '../../web/model/checksum.js';
import { EventList, LAYERS, fieldsText, rowsUntil } from '../../web/model/eventlist.js';
import { Glass } from '../../web/model/glass.js';
import { consequences, stations } from '../../web/model/life.js';
import { EDGES, STATES, frameOf, nextOf, pathOf, visitOver } from '../../web/model/machine.js';
import { ProgramLog, lastStep, personWaits, placeOf, portOf, waitingLine } from '../../web/model/programs.js';
import { FIRST_SCENARIO } from '../../web/model/scenario.js';
import { Session } from '../../web/model/session.js';
import { TCB, counted, endpointText, running, socketState, valueText } from '../../web/model/tables.js';
import { TOP } from '../support/from-web.js';
import { log } from './fixture.js';

const wasm = await loadModule(readFileSync(join(TOP, 'build/wasm/tcplab.wasm')));
const create = (/** @type {any[]} */ actions = []) => Lab.create({ wasm, scenario: FIRST_SCENARIO, actions });

async function start() {
  const session = new Session(await create());
  const { timeline } = session;
  /** @param {number} us */
  const run = (us) => timeline.seek(timeline.cursor.t_us + us);
  return { session, timeline, run };
}

/** @param {Awaited<ReturnType<typeof start>>} lab @param {number} node */
const path = ({ timeline }, node) => pathOf(timeline.record, timeline.state, node);
const names = (/** @type {{state: string}[]} */ visits) => visits.map((visit) => visit.state);

test('the map has the eleven states of RFC 9293, and no way leads elsewhere', () => {
  assert.equal(new Set(STATES).size, 11);
  for (const way of EDGES) {
    assert.ok(STATES.includes(/** @type {any} */ (way.from)), way.from);
    assert.ok(STATES.includes(/** @type {any} */ (way.to)), way.to);
  }
  for (const state of STATES) {
    assert.ok(state === 'LISTEN' || EDGES.some((way) => way.to === state), `one gets to ${state}`);
    assert.ok(nextOf(state).length > 0, `and away from ${state}`);
  }
  assert.ok(nextOf('ESTABLISHED').some((way) => way.to === 'CLOSED' && way.why === 'reset'));
  assert.ok(!nextOf('LISTEN').some((way) => way.why === 'reset'));
});

test('both ends have come their way over the map, step by step', async () => {
  const lab = await start();
  assert.deepEqual([names(path(lab, 0)), names(path(lab, 1))], [['CLOSED'], ['CLOSED', 'LISTEN']]);
  lab.session.connect(0);
  lab.run(300_000);
  lab.session.close(0);
  lab.run(300_000);
  lab.session.close(1);
  lab.run(300_000);
  const [client, server] = [path(lab, 0), path(lab, 1)];
  assert.deepEqual(names(client), ['CLOSED', 'SYN_SENT', 'ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'TIME_WAIT']);
  assert.deepEqual(names(server), [
    ...['CLOSED', 'LISTEN', 'SYN_RCVD', 'ESTABLISHED', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSED'],
  ]);
  for (const visits of [client, server]) {
    visits.slice(1).forEach((visit, i) => {
      assert.equal(visit.from, visits[i].state);
      assert.ok(EDGES.some((way) => visitOver(visits, way) === visit), `${visit.from} to ${visit.state} is on the map`);
    });
  }
  const byFrame = (/** @type {number} */ frame) => lab.timeline.record.by_frame.get(frame)?.segment?.flags;
  assert.equal(byFrame(frameOf(client[1], lab.timeline.log)), 2, 'SYN_SENT goes with the SYN that is sent');
  assert.equal(byFrame(frameOf(client[2], lab.timeline.log)), 18, 'ESTABLISHED with the SYN+ACK that came');
});

test('what lies ahead of the cursor stays on the path, told by its id', async () => {
  const lab = await start();
  lab.session.connect(0);
  lab.run(300_000);
  lab.timeline.seek(50_000);
  const visits = path(lab, 0);
  assert.deepEqual(names(visits), ['CLOSED', 'SYN_SENT', 'ESTABLISHED']);
  assert.deepEqual(
    visits.map((visit) => visit.id > lab.timeline.cursor.id),
    [false, false, true],
  );
});

test('a second connection begins a new path', async () => {
  const lab = await start();
  lab.session.connect(0);
  lab.run(300_000);
  lab.session.abort(0);
  lab.run(100_000);
  assert.deepEqual(names(path(lab, 0)), ['CLOSED', 'SYN_SENT', 'ESTABLISHED', 'CLOSED']);
  lab.session.connect(0);
  lab.run(10_000);
  assert.deepEqual(names(path(lab, 0)), ['CLOSED', 'SYN_SENT']);
});

test('a checksum worked out as RFC 1071 has it', () => {
  // Its example in section 3: 0001 f203 f4f5 f6f7 add up to 2ddf0, folded ddf2.
  const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
  const sum = working([{ name: 'data', bytes }]);
  assert.deepEqual([sum.sum, sum.folded, sum.result], [0x2ddf0, 0xddf2, 0x220d]);
  assert.deepEqual(wordsOf(Uint8Array.of(1, 2, 3)), [0x0102, 0x0300]);
  assert.equal(fold(0x1fffe), 0xffff);
});

test('every checksum in every frame of a run comes out as the stack has it', async () => {
  const lab = await start();
  lab.session.connect(0);
  lab.run(300_000);
  lab.session.send(0, 'an odd number of bytes: 27.');
  lab.session.datagram(0, 'by UDP');
  lab.session.ping(0);
  lab.run(300_000);
  const checked = /** @type {Record<string, number>} */ ({});
  for (const { frame } of lab.timeline.record.frames) {
    const bytes = lab.session.lab.frame(frame)?.bytes;
    const fields = lab.session.lab.dissect(frame)?.fields;
    assert.ok(bytes && fields);
    for (const field of fields.filter((each) => each.name === 'checksum')) {
      const pieces = covered(bytes, fields, field.protocol);
      assert.ok(pieces, field.protocol);
      assert.equal(working(pieces).result, field.value, `${field.protocol} of frame ${frame}`);
      checked[field.protocol] = (checked[field.protocol] ?? 0) + 1;
    }
  }
  assert.deepEqual(Object.keys(checked).sort(), ['icmp', 'ipv4', 'tcp', 'udp']);
});

test('a damaged frame does not come out', async () => {
  const lab = await start();
  lab.session.connect(0);
  lab.run(300_000);
  lab.session.send(0, 'hello');
  lab.run(5_000);
  const frame = lab.timeline.state.flying[0];
  lab.session.corrupt(frame, true);
  lab.run(50_000);
  const as = { received: true };
  const { bytes } = lab.session.lab.frame(frame, as) ?? {};
  const { fields } = lab.session.lab.dissect(frame, as) ?? {};
  assert.ok(bytes && fields);
  const field = fields.find((each) => each.protocol === 'tcp' && each.name === 'checksum');
  assert.ok(field?.is_bad);
  assert.notEqual(working(covered(bytes, fields, 'tcp') ?? []).result, field.value);
});

test('a frame’s life goes down through one host, over the link and up through the other, and has consequences', async () => {
  const lab = await start();
  lab.session.connect(0);
  lab.run(300_000);
  const { log: events, record } = lab.timeline;
  const syn = record.frames.find((frame) => frame.segment?.flags === 2);
  assert.ok(syn);
  const kinds = stations(events, syn, events.length).map((event) => `${event.kind} ${event.node}`);
  const order = ['tcp_segment_sent 0', 'header_added 0', 'frame_sent 0', 'frame_delivered 1', 'header_removed 1', 'tcp_segment_received 1'];
  assert.deepEqual(
    order,
    order.map((each) => kinds.indexOf(each)).sort((a, b) => a - b).map((i) => kinds[i]),
  );
  const caused = consequences(events, syn, events.length).map((event) => event.kind);
  assert.ok(caused.includes('tcp_state') && caused.includes('tcp_segment_sent'), caused.join());
  assert.deepEqual(consequences(events, syn, syn.sent_id), [], 'nothing before it has arrived');
});

test('the list of events is filtered by layer and by words, and grows with the log', async () => {
  const lab = await start();
  lab.session.connect(0);
  lab.run(30_000);
  const list = new EventList();
  const all = { text: '', layers: new Set(LAYERS) };
  const before = list.follow(lab.timeline.log, all).length;
  assert.equal(before, lab.timeline.log.length);
  lab.run(300_000);
  assert.equal(list.follow(lab.timeline.log, all).length, lab.timeline.log.length);
  const states = list.follow(lab.timeline.log, { ...all, text: 'tcp_state syn_sent' });
  assert.deepEqual(
    states.map((event) => event.to),
    ['SYN_SENT', 'ESTABLISHED'],
  );
  const links = list.follow(lab.timeline.log, { text: '', layers: new Set(/** @type {any} */ (['link'])) });
  assert.ok(links.length > 0 && links.every((event) => event.layer === 'link'));
  assert.equal(rowsUntil(states, states[0].id), 1);
  assert.equal(rowsUntil(states, states[0].id - 1), 0);
  lab.timeline.seek(0);
  lab.session.ping(0);
  assert.equal(list.follow(lab.timeline.log, all).length, lab.timeline.log.length, 'another future is another list');
});

test('an event in short has names, not numbers, and nothing twice', () => {
  const [event] = log([
    { kind: 'x', from: 'CLOSED', from_code: 0, addr: 1, addr_text: '0.0.0.1', flags: 18, flags_text: 'SYN,ACK', unused: 7, result: -11, result_name: 'EAGAIN' },
  ]);
  assert.equal(fieldsText(event), 'from CLOSED · addr 0.0.0.1 · SYN+ACK · result -11 · EAGAIN');
});

test('every item of the tables is a field of describe', async () => {
  const lab = await start();
  lab.session.connect(0);
  lab.run(300_000);
  const { sockets, tcp_counters } = lab.session.host(0).describe();
  const { tcp } = sockets[0];
  for (const item of Object.values(TCB).flat()) {
    assert.ok(item.key in tcp, item.key);
    assert.notEqual(valueText(tcp, item, true), 'undefined');
  }
  const item = (/** @type {string} */ key) => Object.values(TCB).flat().find((each) => each.key === key) ?? TCB.send[0];
  assert.equal(valueText(tcp, item('snd_una'), true), '1');
  assert.equal(valueText(tcp, item('snd_una'), false), String(tcp.snd_una));
  assert.equal(valueText(tcp, item('snd_ssthresh_bytes'), true), '∞');
  assert.deepEqual([socketState(sockets[0]), endpointText('[::]:0'), endpointText('0.0.0.0:80')], ['ESTABLISHED', '–', '*:80']);
  assert.deepEqual(running({ a: null, b: 9, c: 3 }), [
    ['c', 3],
    ['b', 9],
  ]);
  assert.deepEqual(Object.fromEntries(counted(tcp_counters)).active_opens, 1);
});

test('programs are at the line of their last step, and wait at the one that follows', async () => {
  const lab = await start();
  const { apps } = lab.session.host(1).describe();
  const programs = new ProgramLog();
  const at = () => {
    programs.follow(lab.timeline.log);
    return apps.map((/** @type {any} */ app) => {
      const place = placeOf(app.app, lastStep(programs.stepsOf(1, app.id), lab.timeline.cursor.id));
      return [app.steps[place.line], place.waits, app.steps[waitingLine(app.app, place.line)]];
    });
  };
  assert.deepEqual(at(), [
    ['listen(l, backlog);', 'accept', 'c = accept(l);'],
    ['bind(l, port);', 'datagram', 'n = recv(c, buffer);'],
  ]);
  assert.deepEqual(
    apps.map((/** @type {any} */ app) => portOf(programs.stepsOf(1, app.id), app.app)),
    [80, 5000],
  );
  lab.session.connect(0);
  lab.run(300_000);
  assert.deepEqual(at()[0], ['c = accept(l);', 'recv', 'n = recv(c, buffer);']);
  lab.timeline.seek(50_000);
  assert.equal(at()[0][1], 'accept', 'in the past it waits as it did then');
});

test('each program that the core has, with each of its steps, has a place', async () => {
  const { apps } = await create();
  for (const [name, steps] of Object.entries(apps)) {
    steps.forEach((_, step) => assert.ok(waitingLine(name, step) >= 0, `${name}, step ${step}`));
  }
});

test('what a person calls reads as a program', async () => {
  const lab = await start();
  lab.session.connect(0);
  const programs = new ProgramLog();
  const lines = (node = 0) => {
    programs.follow(lab.timeline.log);
    return programs.linesOf(node, lab.timeline.log.length);
  };
  assert.equal(personWaits(lines().at(-1)?.call, 'SYN_SENT'), 'connect');
  lab.run(300_000);
  lab.session.send(0, 'hello');
  lab.run(100_000);
  assert.deepEqual(
    lines().map((line) => `${line.text} ${line.result}`),
    ['s1 = socket(TCP); 1', 'connect(s1, 10.0.0.2:80); EINPROGRESS', 'send(s1, data, 5); 5'],
  );
  assert.equal(personWaits('SEND', 'ESTABLISHED'), 'person');
  assert.deepEqual(lines(1), [], 'the server’s calls are its program’s');
});

test('the past is described as it was, and looking changes nothing', async () => {
  const lab = await start();
  lab.session.connect(0);
  lab.run(300_000);
  let came = () => {};
  const glass = new Glass(lab.session, create, () => came());
  const states = (/** @type {any} */ described) => described.nodes[0].sockets.map(socketState);
  assert.deepEqual(states(glass.look(0)), ['ESTABLISHED']);
  const before = lab.session.lab.now_us;
  lab.timeline.seek(30_000);
  const waited = new Promise((resolve) => (came = () => resolve(null)));
  glass.look(0);
  await waited;
  assert.deepEqual(states(glass.look(0)), ['SYN_SENT']);
  assert.equal(glass.look(0).now_us, 30_000);
  assert.equal(lab.session.lab.now_us, before);
  lab.timeline.seek(300_000);
  assert.deepEqual(states(glass.look(0)), ['ESTABLISHED']);
});

test('of the last thing that happened every event is described as a copy of the run has it, and none is needed', async () => {
  const lab = await start();
  lab.session.connect(0);
  const { timeline } = lab;
  let copies = 0;
  const glass = new Glass(lab.session, (actions) => (copies++, create(actions)), () => {});
  /** The same, where a copy is always asked. */
  const elsewhere = { lab: lab.session.lab, timeline: { log: timeline.log, engine: timeline.engine, cursor: timeline.cursor, isNow: false } };
  const copied = new Glass(/** @type {any} */ (elsewhere), create, () => {});
  let seen = 0;
  for (let i = 0; i < 200 && timeline.stepOn(() => true); i++) {
    if (!timeline.isNow) continue;
    elsewhere.timeline.cursor = timeline.cursor;
    assert.deepEqual(glass.look(0), await copied.wait(0), `at event ${timeline.cursor.id}`);
    seen += timeline.cursor.id < timeline.log.length ? 1 : 0;
  }
  assert.ok(seen > 20, 'often something of it was still to be seen');
  assert.equal(copies, 0);
});
