/** Embedding without a browser: parameters, who may speak to a frame and what it answers, statements. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { FramePort } from '../../web/embed/frame-port.js';
import { PARAMETERS, STAGE_VIEWS, parametersOf, readParameters } from '../../web/embed/parameters.js';
import { answered, completed } from '../../web/embed/statements.js';
import { TABS } from '../../web/model/app.js';
import { TOP } from '../support/from-web.js';

/** @param {Record<string, string>} given */
const read = (given) => readParameters((name) => given[name] ?? null);

test('without parameters the lab is whole, paused, and nothing is wrong', () => {
  const { wanted, faults } = read({});
  assert.deepEqual(faults, []);
  assert.equal(wanted.paused, true);
  assert.deepEqual(wanted.views, STAGE_VIEWS);
  assert.equal(wanted.theme, 'auto');
  assert.equal(wanted.seed, null);
});

test('each parameter is read as what it is', () => {
  const given = {
    ...{ lesson: '05-handshake', lang: 'ko', theme: 'dark', speed: '0.1', paused: 'false', views: 'hosts, ladder,packet' },
    ...{ controls: 'player', seed: '7', t: '62.5', reducedmotion: '' },
  };
  const { wanted, faults } = read(given);
  assert.deepEqual(faults, []);
  assert.deepEqual(wanted, {
    ...{ lesson: '05-handshake', scenario: '', run: '', lang: 'ko', theme: 'dark', speed: 0.1, paused: false },
    ...{ views: ['hosts', 'ladder', 'packet'], controls: 'player', seed: 7, t: 62.5, reducedmotion: true },
  });
});

test('a value that does not fit is told with its name, and the rest goes on', () => {
  const bad = {
    ...{ lesson: '<b>', lang: 'fr', theme: 'pink', speed: 'fast', paused: 'maybe', views: 'hosts,nothing', controls: 'all' },
    ...{ seed: '-1', t: '1e99', reducedmotion: 'yes', scenario: '[1]', run: 'https://example.org' },
  };
  const { wanted, faults } = read(bad);
  assert.deepEqual(faults.map(({ args }) => args.name).sort(), [...PARAMETERS].sort());
  assert.deepEqual(wanted, read({}).wanted);
  assert.equal(read({ seed: '1.5' }).faults[0].message, 'embed-bad-number');
  assert.equal(read({ theme: 'x'.repeat(1000) }).faults[0].args.value.length, 61, 'nobody is shown a thousand letters');
});

test('an address has the same parameters, in any case, and the run behind its #', () => {
  const given = parametersOf('?Lesson=05-handshake&reducedMotion=1&endpoint=x&run=y', '#tcplab:1:abc');
  assert.deepEqual([...given], [['lesson', '05-handshake'], ['reducedmotion', '1'], ['run', '#tcplab:1:abc']]);
  assert.equal(parametersOf('', '#top').size, 0);
});

/** A frame's window, its parent, and a lab that does as it is told. */
function frame(only = '') {
  const sent = /** @type {[any, string][]} */ ([]);
  const parent = { postMessage: (/** @type {any} */ message, /** @type {string} */ origin) => sent.push([message, origin]) };
  /** @type {(event: any) => void} */
  let listener = () => {};
  const window = { parent, addEventListener: (/** @type {string} */ _type, /** @type {any} */ hear) => (listener = hear) };
  const done = /** @type {any[]} */ ([]);
  const lab = Object.assign(new EventTarget(), {
    play: () => done.push('play'),
    pause: () => done.push('pause'),
    seek: (/** @type {number} */ t) => done.push(['seek', t]),
    step: (/** @type {string} */ how) => done.push(['step', how]),
    setAttribute: (/** @type {string} */ name, /** @type {string} */ value) => done.push([name, value]),
  });
  const port = new FramePort(/** @type {any} */ (lab), window, only);
  const say = (/** @type {any} */ data, origin = 'https://school.example', source = parent) => listener({ data, origin, source });
  const tell = (/** @type {string} */ name, /** @type {any} */ detail) =>
    lab.dispatchEvent(new CustomEvent(`tcplab-${name}`, { detail: { version: 1, ...detail } }));
  return { sent, done, say, tell, port };
}

test('who has not said hello hears how tall it is, and nothing of what a person does', () => {
  const { sent, say, tell } = frame();
  assert.deepEqual(sent.splice(0), [[{ tcplab: 1, type: 'present' }, '*']]);
  tell('ready', { lesson: 'x' });
  tell('answer', { step: 'a', right: true });
  tell('resize', { height: 400 });
  assert.deepEqual(sent, [[{ tcplab: 1, type: 'ready', lesson: 'x' }, '*'], [{ tcplab: 1, type: 'resize', height: 400 }, '*']]);
  sent.length = 0;
  say({ tcplab: 1, type: 'hello', id: 1 });
  assert.deepEqual(sent.map(([message]) => message.type), ['reply', 'ready', 'resize'], 'who comes late hears the last of each');
  assert.ok(sent.every(([, origin]) => origin === 'https://school.example'));
  sent.length = 0;
  tell('answer', { step: 'a', right: true });
  assert.deepEqual(sent, [[{ tcplab: 1, type: 'answer', step: 'a', right: true }, 'https://school.example']]);
});

test('commands come from the page around, from where it said hello, and from nobody else', () => {
  const { done, say } = frame();
  say({ tcplab: 1, type: 'play' });
  say({ tcplab: 1, type: 'hello' }, 'https://school.example', /** @type {any} */ ({}));
  say({ tcplab: 1, type: 'play' });
  assert.deepEqual(done, []);
  say({ tcplab: 1, type: 'hello' });
  say({ tcplab: 1, type: 'play' }, 'https://elsewhere.example');
  say('play');
  say(null);
  assert.deepEqual(done, []);
  say({ tcplab: 1, type: 'play' });
  say({ tcplab: 1, type: 'seek', t: 20 });
  say({ tcplab: 1, type: 'step', how: 'back' });
  say({ tcplab: 1, type: 'set', lesson: '07-close', reducedMotion: true });
  assert.deepEqual(done, ['play', ['seek', 20], ['step', 'back'], ['lesson', '07-close'], ['reducedmotion', 'true']]);
});

test('what cannot be done is answered with a reason', () => {
  const { sent, done, say } = frame();
  say({ tcplab: 1, type: 'hello' });
  sent.length = 0;
  const bad = [{ type: 'dance' }, { type: 'constructor' }, { type: 'seek', t: 'x' }, { type: 'step', how: 'up' }, { type: 'set', onclick: 'x' }, { type: 'play', tcplab: 2 }];
  for (const [id, each] of bad.entries()) say({ tcplab: 1, id, ...each });
  assert.deepEqual(sent.map(([{ type, id, ok }]) => [type, id, ok]), bad.map((_, id) => ['reply', id, false]));
  assert.ok(sent.every(([{ message }]) => message.length > 10));
  assert.deepEqual(done, []);
});

test('a hello of another version is refused, and opens nothing', () => {
  const { sent, done, say, tell, port } = frame();
  sent.length = 0;
  say({ tcplab: 2, type: 'hello', id: 1 });
  say({ tcplab: 1, type: 'play' });
  tell('answer', { step: 'a', right: true });
  assert.equal(port.host, null);
  assert.deepEqual(done, []);
  assert.deepEqual(sent.map(([{ type, id, ok }]) => [type, id, ok]), [['reply', 1, false]]);
});

test('a frame that was told its host listens to no other; a host without an origin is heard', () => {
  const strict = frame('https://school.example');
  strict.tell('ready', {});
  assert.equal(strict.sent[0][1], 'https://school.example');
  strict.say({ tcplab: 1, type: 'hello' }, 'https://elsewhere.example');
  assert.equal(strict.port.host, null);
  const sandboxed = frame();
  sandboxed.say({ tcplab: 1, type: 'hello', id: 3 }, 'null');
  assert.deepEqual(sandboxed.sent.slice(1), [[{ tcplab: 1, type: 'reply', id: 3, ok: true }, '*']]);
});

test('the drawer’s views and the stage’s have names of their own', () => {
  assert.equal(new Set([...STAGE_VIEWS, ...TABS]).size, STAGE_VIEWS.length + TABS.length);
});

test('statements name verb, object and result, and nobody', () => {
  const answer = answered({ lesson: '05-handshake', step: 'first', answer: 'any', right: true });
  assert.equal(answer.verb.id, 'http://adlnet.gov/expapi/verbs/answered');
  assert.equal(answer.object.id, 'urn:tcplab:lesson:05-handshake:first');
  assert.deepEqual(answer.result, { success: true, completion: true, response: 'any' });
  assert.equal('response' in answered({ lesson: 'x', step: 'task', answer: null, right: false }).result, false);
  const end = completed({ lesson: '05-handshake', points: 3, of: 5, scaled: 0.6, title: { en: 'x', ko: 'y' } });
  assert.deepEqual(end.result, { completion: true, score: { raw: 3, min: 0, max: 5, scaled: 0.6 } });
  for (const each of [answer, end]) assert.equal('actor' in each, false);
});

test('what is written for others names each parameter and each view', () => {
  const read_text = (/** @type {string} */ path) => readFileSync(join(TOP, 'web', path), 'utf8');
  for (const text of [read_text('embed/README.md'), read_text('packages/types/tcp-lab.d.ts')]) {
    for (const name of PARAMETERS) assert.match(text, new RegExp(`\\b${name}\\b`, 'i'), name);
    for (const view of [...STAGE_VIEWS, ...TABS]) assert.match(text, new RegExp(`\\b${view}\\b`), view);
  }
});
