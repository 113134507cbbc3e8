/** The fault kit and the forge on the real stack: what they set is what the lab says is set, what they show is what is sent. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Lab, loadModule } from '../../wasm/engine.js';
import { LANGUAGES, makeBundle } from '../../web/i18n/bundle.js';
import { App } from '../../web/model/app.js';
import { CABLE, CALM, CHANCES, DEEDS, NEXT, RULES, WAYS, changeOf, valueOf, waitingWishes, wishCommand } from '../../web/model/faults.js';
import { STARTS, draftOf, fieldsOf, preview, socketOf } from '../../web/model/forging.js';
import { FIRST_SCENARIO } from '../../web/model/scenario.js';
import { chip } from '../../web/model/select.js';
import { Session } from '../../web/model/session.js';
import { TOP } from '../support/from-web.js';

const wasm = await loadModule(readFileSync(join(TOP, 'build/wasm/tcplab.wasm')));
const schema = JSON.parse(readFileSync(join(TOP, 'web/public/scenario.schema.json'), 'utf8'));

async function open() {
  const app = new App(new Session(await Lab.create({ wasm, scenario: FIRST_SCENARIO })));
  const { session } = app;
  const link = () => session.lab.describe().links[0];
  const run = (/** @type {number} */ ms) => session.timeline.seek(session.timeline.cursor.t_us + ms * 1000);
  const states = () => [0, 1].map((node) => chip(session.timeline.state, node)).join(' ');
  return { app, session, link, run, states };
}

async function connected() {
  const lab = await open();
  lab.session.connect(0);
  lab.run(300);
  return lab;
}

test('the kit knows each rule that can be broken and each setting of a cable, in words of both languages', () => {
  assert.deepEqual(RULES, schema.definitions.node.properties.faults.items.enum);
  const { settings } = schema.definitions;
  const known = [...CABLE, ...CHANCES].map(({ name }) => name);
  const all = Object.keys(settings.properties);
  assert.deepEqual(
    all.filter((name) => !known.includes(name)).sort(),
    ['a_to_b', 'b_to_a', 'exactly', 'mtu', 'reorder_by_jitter', 'up'],
  );
  for (const language of LANGUAGES) {
    const bundle = makeBundle(language, [readFileSync(join(TOP, `web/i18n/${language}-faults.ftl`), 'utf8')]);
    const asked = [
      ...[...known, 'reorder_by_jitter'].map((name) => `kit-${name}`),
      ...WAYS.map((way) => `kit-way-${way}`),
      ...RULES.map((rule) => `rule-${rule}`),
      ...DEEDS.map((deed) => `deed-${deed}`),
      ...schema.definitions.pick.properties.match.enum.map((/** @type {string} */ match) => `match-${match}`),
      ...STARTS.map((start) => `forge-start-${start}`),
    ];
    assert.deepEqual(
      asked.filter((id) => !bundle.hasMessage(id)),
      [],
    );
  }
});

test('everything is set for one way, and the other stays', async () => {
  for (const how of [...CABLE, ...CHANCES]) {
    const { session, link } = await open();
    const before = valueOf(link(), '', how);
    session.setLink(changeOf(how, 6), 'b_to_a');
    assert.deepEqual([valueOf(link(), 'a_to_b', how), valueOf(link(), 'b_to_a', how), valueOf(link(), '', how)], [before, 6, null], how.name);
    session.setLink(changeOf(how, 12.5 - 12.5 % (how.unit === 'frames' ? 1 : 0.5)));
    assert.equal(valueOf(link(), '', how), how.unit === 'frames' ? 12 : 12.5, how.name);
  }
});

test('what is set one way is what frames go by: the answer takes its own time', async () => {
  const { session, run } = await open();
  session.setLink({ delay_ms: 200, rate_bit_per_s: 1_000_000 }, 'b_to_a');
  session.connect(0);
  run(1000);
  const segments = session.timeline.record.frames.filter(({ segment }) => segment);
  const taken = (/** @type {number} */ direction) => segments.filter((frame) => frame.direction === direction).map(({ len_bytes, sent_us, arrival_us }) => [len_bytes, (arrival_us ?? 0) - (sent_us ?? 0)]);
  assert.ok(taken(0).length >= 2 && taken(1).length >= 1);
  for (const [bytes, us] of taken(0)) assert.equal(us, 20_000 + Math.ceil((bytes * 8) / 10), '10 Mbit/s');
  for (const [bytes, us] of taken(1)) assert.equal(us, 200_000 + bytes * 8, '1 Mbit/s');
});

test('every setting of the kit is taken by the stack, and comes back as it was set', async () => {
  const { session, link } = await open();
  for (const how of [...CABLE, ...CHANCES]) {
    session.setLink(changeOf(how, 7));
    assert.equal(valueOf(link(), '', how), 7, how.name);
  }
  session.setLink({ reorder_by_jitter: true, up: false });
  session.setLink(CALM);
  for (const how of CHANCES.filter(({ name }) => name !== 'reorder_ms')) assert.equal(valueOf(link(), '', how), 0, how.name);
  assert.equal(link().up, true);
});

test('wishes wait, are told, happen once, and are forgotten', async () => {
  const { session, link, run } = await connected();
  session.dropNext(0, 'data');
  session.wish(wishCommand({ deed: 'delay', match: 'ack', from: 'server', nth: 2, by_ms: 30 }));
  assert.deepEqual(waitingWishes(link()), [
    { deed: 'drop', match: 'data', way: 'a_to_b', nth: 1, count: 1 },
    { deed: 'delay', match: 'ack', way: 'b_to_a', nth: 2, count: 1 },
  ]);
  session.send(0, 'hello');
  run(2000);
  assert.equal(session.timeline.log.filter(({ kind, reason }) => kind === 'frame_lost' && reason === 'PERSON').length, 1);
  assert.deepEqual(waitingWishes(link()), [{ deed: 'delay', match: 'ack', way: 'b_to_a', nth: 1, count: 1 }]);
  session.wish({});
  assert.deepEqual(waitingWishes(link()), []);
  for (const match of NEXT) session.dropNext(1, match);
  assert.equal(waitingWishes(link()).length, NEXT.length);
  for (const deed of DEEDS) session.wish(wishCommand({ deed, match: 'fin', from: '', nth: 1, by_ms: 5 }));
  assert.equal(waitingWishes(link()).length, NEXT.length + DEEDS.length);
});

test('a rule is broken from the cursor on, in the past too', async () => {
  const { session, run, states } = await connected();
  const { timeline } = session;
  session.close(0);
  run(200);
  session.close(1);
  run(1000);
  assert.equal(states(), 'TIME_WAIT CLOSED');
  timeline.seek(299_000); // before it was closed
  session.setFaults(0, ['skip_time_wait']);
  assert.equal(timeline.at(timeline.state.moment)?.action, 'faults', 'it is told');
  session.close(0);
  run(200);
  session.close(1);
  run(1000);
  assert.equal(states(), 'CLOSED CLOSED');
});

test('what is previewed is what is sent, byte for byte, and looking changes nothing', async () => {
  for (const begin of [open, connected]) {
    for (const start of STARTS) {
      const { app, session, run } = await begin();
      const hash = session.lab.hash();
      const draft = draftOf(app, 0, start, socketOf(app, session.lab.describe(), 0));
      const before = preview(app, draft);
      assert.ok('bytes' in before, start);
      assert.equal(session.lab.hash(), hash);
      const frame = session.forge(0, fieldsOf(draft));
      run(100);
      assert.deepEqual(session.lab.frame(frame)?.bytes, before.bytes, start);
    }
  }
});

test('an RST that fits ends the connection; one off the window does not', async () => {
  for (const [start, expected] of /** @type {const} */ ([
    ['reset', /CLOSED$/],
    ['blind', /ESTABLISHED$/],
    ['syn', /ESTABLISHED$/],
    ['next', /ESTABLISHED$/],
  ])) {
    const { app, session, run } = await connected();
    session.forge(0, fieldsOf(draftOf(app, 0, start, socketOf(app, session.lab.describe(), 0))));
    run(500);
    const last = session.timeline.state.nodes[1].connections.at(-1)?.state ?? 'CLOSED';
    assert.match(last, expected, start);
  }
});

test('an old duplicate is the last data again; a draft becomes all the fields of the command', async () => {
  const { app, session, run } = await connected();
  session.send(0, 'twice');
  run(200);
  const draft = draftOf(app, 0, 'old', socketOf(app, session.lab.describe(), 0));
  assert.equal(draft.text, 'twice');
  assert.deepEqual(draft.flags, ['PSH', 'ACK']);
  const fields = fieldsOf({ ...draft, mss: 500, window_scale: 2, sack_permitted: true, sack: [1, 2], wrong: true });
  assert.deepEqual(Object.keys(fields.options), ['mss', 'window_scale', 'sack_permitted', 'timestamps', 'sack']);
  assert.equal(fields.checksum, 'wrong');
  session.forge(0, fields);
  run(100);
  assert.ok(session.timeline.log.some(({ kind, reason }) => kind === 'packet_dropped' && reason === 'BAD_CHECKSUM'));
});

test('a segment leaves by the interface that was chosen; without a choice, by that of the route', async () => {
  const nodes = [{ name: 'client', address: '10.0.0.1/24', routes: [{ to: '0.0.0.0/0', via: '10.0.0.9' }] }, { name: 'router', kind: 'router', interfaces: [{ address: '10.0.0.9/24' }, { address: '10.0.1.9/24' }] }, { name: 'server', address: '10.0.1.1/24' }];
  const links = [{ name: 'near', between: ['client', 'router:0'] }, { name: 'far', between: ['router:1', 'server'] }];
  const lab = await Lab.create({ wasm, scenario: { nodes, links } });
  const app = new App(new Session(lab));
  const draft = { ...draftOf(app, 1, 'open', null, 0), to: '10.0.1.1:80' };
  assert.equal('interface' in fieldsOf(draft), false);
  const way = (/** @type {Partial<import('../../web/model/forging.js').Draft>} */ change) => {
    const shown = preview(app, { ...draft, ...change });
    return 'link' in shown ? links[shown.link].name : shown.message;
  };
  assert.deepEqual([way({}), way({ by: 1 }), way({ by: 0 })], ['far', 'far', 'EHOSTUNREACH']);
  assert.deepEqual([way({ by: 0, to: '10.0.0.1:80' }), way({ to: '10.0.0.1:80' })], ['near', 'near']);
  assert.match(way({ by: 2 }), /^interface: expected a whole number from 0 to 1, got 2/);
});

test('what cannot be sent says why instead of its bytes', async () => {
  const { app } = await open();
  const draft = draftOf(app, 0, 'open', null);
  const nowhere = preview(app, { ...draft, to: '10.7.0.1:80' });
  assert.match('message' in nowhere ? nowhere.message : '', /network|route|unreachable/i);
  const wrong = preview(app, { ...draft, window: 70_000 });
  assert.match('message' in wrong ? wrong.message : '', /^window: /);
});
