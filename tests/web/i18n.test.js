import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { LANGUAGES, formatMessage, makeBundle } from '../../web/i18n/bundle.js';
import { SAID_KINDS, hasSentence, ruleMessage, sentence } from '../../web/model/narrate.js';
import { segmentKind } from '../../web/model/segment.js';
import { TOP } from '../support/from-web.js';
import { WORDS, withoutValues } from '../lessons/words.js';
import { log } from './fixture.js';

const read = (/** @type {string} */ path) => readFileSync(join(TOP, path), 'utf8');
const folder = join(TOP, 'web/i18n');
const filesOf = (/** @type {string} */ language) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.ftl') && name.startsWith(language))
    .sort();
const keysOf = (/** @type {string} */ language) =>
  filesOf(language).flatMap((name) =>
    [...read(`web/i18n/${name}`).matchAll(/^([a-z][\w-]*) *=/gm)].map((match) => match[1]),
  );
const bundles = LANGUAGES.map((language) =>
  makeBundle(
    language,
    filesOf(language).map((name) => read(`web/i18n/${name}`)),
  ),
);
const missing = (/** @type {string} */ id) => bundles.some((bundle) => !bundle.hasMessage(id));

/** The page's sources. @returns {string[]} */
const sources = () =>
  ['elements', 'views', 'embed'].flatMap((name) =>
    readdirSync(join(TOP, 'web', name)).map((file) => read(`web/${name}/${file}`)),
  );

/** Names of a list in a C header: X(NAME, ...) or KIND(NAME, ...). @param {string} path @param {RegExp} each */
const namesIn = (path, each) => [...read(path).matchAll(each)].map((match) => match[1]);

test('both languages have the same messages, each once', () => {
  const [first, second] = LANGUAGES.map((language) => keysOf(language));
  assert.deepEqual(
    first.filter((key, i) => first.indexOf(key) !== i),
    [],
  );
  assert.deepEqual(
    second.filter((key, i) => second.indexOf(key) !== i),
    [],
  );
  // Each language builds its sentences of parts of its own; what views ask for is the same.
  const parts = ['to-whom', 'from-whom', 'subject', 'owner'];
  const asked = (/** @type {string[]} */ keys) => keys.filter((key) => !parts.includes(key)).sort();
  assert.deepEqual(asked(first), asked(second));
});

test('terms are spelled on the page as in lessons', () => {
  for (const language of LANGUAGES) {
    for (const name of filesOf(language)) {
      for (const line of read(`web/i18n/${name}`).split('\n')) {
        if (line.startsWith('#')) continue;
        const text = line.replace(/^\s*\*?\[[^\]]*\]|^[\w .-]*= ?/, '');
        for (const [wrong, right] of WORDS[language]) assert.doesNotMatch(withoutValues(text), wrong, `${name}: ${line.trim()}: write ${right}`);
      }
    }
  }
});

test('each rule of core/trace/rules.def has its sentence in each language', () => {
  const rules = namesIn('core/trace/rules.def', /^RULE\((\w+),/gm).filter((name) => name !== 'NONE');
  assert.ok(rules.length > 30);
  assert.deepEqual(
    rules.filter((rule) => missing(ruleMessage(rule))),
    [],
  );
});

test('each TCP state and each message that a view asks for by name is there', () => {
  const header = read('core/transport/tcp.h');
  const states = [
    ...header.slice(header.indexOf('TCP_STATE_LIST'), header.indexOf('enum tcp_state')).matchAll(/X\((\w+)\)/g),
  ].map((match) => match[1]);
  assert.equal(states.length, 11);
  assert.deepEqual(
    states.filter((state) => missing(`state-${state.toLowerCase().replaceAll('_', '-')}`)),
    [],
  );
  const asked = sources().flatMap((source) => [...source.matchAll(/\bt\('([\w-]+)'/g)].map((match) => match[1]));
  assert.ok(asked.length > 40);
  assert.deepEqual([...new Set(asked)].filter(missing), []);
});

const words = /** @type {import('../../web/model/narrate.js').Words} */ ({
  nodeName: (node) => ['client', 'server'][node] ?? '',
  ends: (_link, direction) => ({ from: ['client', 'server'][direction], to: ['server', 'client'][direction] }),
  link: () => ({ link: 'far', links: 2 }),
  beyond: () => 'server',
  frame: () => undefined,
});
const ANY = {
  action: 'forge',
  direction: 0,
  link: 0,
  flags: 16,
  payload_bytes: 5,
  seq: 1,
  retransmission: 0,
  from: 'CLOSED',
  to: 'LISTEN',
  local_port: 80,
  remote_port: 1,
  reason: 'X',
  evidence: 'X',
  held_bytes: 1,
  new_bytes: 1,
  count: 1,
  timer: 'X',
  addr: 1,
  type: 8,
  rtt_us: 1,
  protocol: 'tcp',
  header_bytes: 1,
  total_bytes: 2,
  good: 0,
  up: 1,
  call: 'SEND',
  port: 1,
  len_bytes: 1,
  result: 1,
  result_name: null,
};

/** Every sentence an event can lead to, in words. @param {Record<string, any>} fields */
function inWords(fields) {
  const [event] = log([{ ...ANY, ...fields }]);
  const message = sentence(event, words);
  if (!message) return [];
  return bundles.map((bundle) => {
    assert.ok(bundle.hasMessage(message.id), `${bundle.locales}: ${message.id}`);
    const errors = /** @type {Error[]} */ ([]);
    const text = bundle.formatPattern(/** @type {any} */ (bundle.getMessage(message.id)?.value), message.args, errors);
    assert.deepEqual(errors, [], `${bundle.locales}: ${message.id}`);
    return text;
  });
}

test('each kind of event that is told has its sentence, with all that it mentions', () => {
  const kinds = namesIn('core/trace/events.def', /^EVENT\(\w+, (\w+),/gm);
  assert.deepEqual(
    SAID_KINDS.filter((kind) => !kinds.includes(kind)),
    [],
    'no sentence for what does not exist',
  );
  for (const kind of SAID_KINDS) assert.equal(inWords({ kind }).length, LANGUAGES.length, kind);
});

test('each socket call, failed or not, has its sentence', () => {
  const header = read('core/socket/socket.h');
  const calls = [
    ...header
      .slice(header.indexOf('SOCKET_CALL_LIST'), header.indexOf('enum socket_call_kind'))
      .matchAll(/X\((\w+), "/g),
  ].map((match) => match[1]);
  assert.ok(calls.length > 10);
  for (const call of calls) {
    assert.equal(inWords({ kind: 'socket_call', call }).length, 2, call);
    assert.equal(inWords({ kind: 'socket_call', call, result: -111, result_name: 'ECONNREFUSED' }).length, 2, call);
  }
});

test('recv() tells what it gave, and that nothing is the end; the room it offered is no news', () => {
  const recv = (/** @type {number} */ result) =>
    inWords({ kind: 'socket_call', call: 'RECV', result, len_bytes: 16_384 })[1];
  assert.match(recv(0), /learned that the stream has ended/);
  assert.match(recv(24), /read 24 bytes/);
  assert.match(inWords({ kind: 'socket_call', call: 'RECV', result: -104, result_name: 'ECONNRESET' })[1], /recv\(\)/);
});

test('each timer has its name, and its own sentence when it runs out', () => {
  const header = read('core/transport/tcp.h');
  const timers = [
    ...header
      .slice(header.indexOf('TCP_TIMER_LIST'), header.indexOf('enum tcp_timer_kind'))
      .matchAll(/X\((\w+), "/g),
  ].map((match) => match[1]);
  assert.ok(timers.length >= 9);
  assert.deepEqual(
    timers.filter((timer) => missing(`timer-${timer.toLowerCase().replaceAll('_', '-')}`)),
    [],
  );
  for (const source of LANGUAGES.map((language) => read(`web/i18n/${language}-events.ftl`))) {
    const sentences = source.slice(source.indexOf('say-timer-fired ='), source.indexOf('\n}', source.indexOf('say-timer-fired =')));
    assert.deepEqual(
      timers.filter((timer) => !sentences.includes(`[${timer}]`)),
      [],
    );
  }
});

test('SACK and loss are told in bytes, across the wrap of sequence numbers, too', () => {
  for (const kind of ['tcp_sacked', 'tcp_lost']) {
    assert.match(inWords({ kind, from: 0xffffff00, to: 0x100 })[1], /\b512 bytes/);
  }
});

test('each sort of segment has its sentence', () => {
  const texts = [2, 18, 16, 17, 24, 4].map(
    (flags) => inWords({ kind: 'tcp_segment_sent', flags, payload_bytes: flags === 24 ? 5 : 0 })[1],
  );
  assert.equal(new Set(texts).size, 6);
  assert.equal(segmentKind({ flags: 24, payload_bytes: 5 }), 'data');
  assert.match(inWords({ kind: 'tcp_segment_sent', flags: 2, payload_bytes: 0, retransmission: 1 })[1], /again/);
});

test('each reason in C is put into words in each language', () => {
  const list = (/** @type {string} */ path, /** @type {string} */ name) => {
    const text = read(path);
    const from = text.indexOf(`#define ${name}`);
    return [...text.slice(from, text.indexOf('\nenum', from)).matchAll(/X\((\w+),/g)]
      .map((match) => match[1])
      .filter((each) => each !== 'NAME');
  };
  for (const [kind, path, name] of [
    ['packet_dropped', 'core/trace/trace.h', 'DROP_REASON_LIST'],
    ['frame_lost', 'core/lab/link.h', 'LOSS_REASON_LIST'],
    ['tcp_discarded', 'core/transport/tcp.h', 'TCP_DISCARD_LIST'],
    ['switch_forgot', 'core/link/bridge.h', 'FORGET_REASON_LIST'],
    ['switch_flooded', 'core/link/bridge.h', 'FLOOD_REASON_LIST'],
    ['switch_filtered', 'core/link/bridge.h', 'FILTER_REASON_LIST'],
  ]) {
    const reasons = list(path, name);
    assert.ok(reasons.length >= (kind.startsWith('switch') ? 2 : 5), name);
    for (const reason of reasons) for (const text of inWords({ kind, reason })) assert.ok(!text.includes(reason), text);
  }
});

test('what is only "not now" is no news, and connect() is', () => {
  const call = (/** @type {Record<string, unknown>} */ more) =>
    hasSentence(log([{ ...ANY, kind: 'socket_call', ...more }])[0]);
  assert.equal(call({ call: 'RECV', result: -11, result_name: 'EAGAIN' }), false);
  assert.equal(call({ call: 'CONNECT', result: -115, result_name: 'EINPROGRESS' }), true);
  assert.match(
    inWords({ kind: 'socket_call', call: 'CONNECT', result: -115, result_name: 'EINPROGRESS' })[1],
    /connect\(\)/,
  );
});

test('a message that is missing shows its name', () => {
  assert.equal(formatMessage(bundles[0], 'no-such-message'), 'no-such-message');
});
