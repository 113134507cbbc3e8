/** The texts: all there in both languages, with values and terms that exist, short, and in the right words. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { FOLDER, lessonNames, read, readLesson, textsOf } from './support.js';
import { WORDS, withoutValues } from './words.js';
import { LANGUAGES, makeBundle } from '../../web/i18n/bundle.js';
import { kindOf } from '../../web/model/lesson.js';
import { lessonText, piecesOf } from '../../web/model/lesson-text.js';
import { neededTexts, textFaults } from '../../web/model/lesson-words.js';
import { TOP, resolveFromWeb } from '../support/from-web.js';

const ALL = [...lessonNames, 'template'];
const glossary = LANGUAGES.map((language) => makeBundle(language, [read(`glossary-${language}.ftl`)]));
const beliefs = LANGUAGES.map((language) => makeBundle(language, [read(`beliefs-${language}.ftl`)]));

/** Messages and attributes of a file, as "id" and "id.attribute". @param {string} source */
function keysOf(source) {
  let id = '';
  return source.split('\n').flatMap((line) => {
    const [, own] = line.match(/^([a-z][\w-]*) =/) ?? [];
    const [, attribute] = line.match(/^ {4}\.([a-z][\w-]*) =/) ?? [];
    if (own) id = own;
    return own ? [own] : attribute ? [`${id}.${attribute}`] : [];
  });
}

/** Every text of a language: what it is called, and its words. @param {typeof LANGUAGES[number]} language */
const textsIn = (language) =>
  [...ALL.map((name) => `${name}/${language}.ftl`), `glossary-${language}.ftl`, `beliefs-${language}.ftl`].flatMap((path) =>
    read(path)
      .split('\n')
      .filter((line) => / = /.test(line))
      .map((line) => ({ where: `${path}: ${line.trim().split(' = ')[0]}`, text: line.slice(line.indexOf(' = ') + 3) })),
  );

for (const name of ALL) {
  const lesson = readLesson(name);

  test(`${name}: the same texts in both languages, all that are needed, and none that is not`, () => {
    const [first, second] = LANGUAGES.map((language) => keysOf(read(`${name}/${language}.ftl`)));
    assert.deepEqual(first, second);
    assert.equal(new Set(first).size, first.length);
    const needed = neededTexts(lesson);
    assert.deepEqual(
      needed.filter((key) => !first.includes(key)),
      [],
    );
    assert.deepEqual(
      first.filter((key) => !needed.includes(key) && !/\.why-/.test(key)),
      [],
    );
  });

  test(`${name}: the page on which lessons are tried finds nothing wrong with its texts`, () => {
    for (const [i, language] of LANGUAGES.entries()) {
      const isTerm = (/** @type {string} */ term) => glossary[i].hasMessage(term);
      assert.deepEqual(textFaults(lesson, textsOf(name, language), read(`${name}/${language}.ftl`), isTerm), []);
    }
  });

  test(`${name}: texts mention only values that their step has`, () => {
    for (const language of LANGUAGES) {
      const bundle = textsOf(name, language);
      for (const step of lesson.steps) {
        const message = bundle.getMessage(step.id);
        const values = Object.fromEntries(Object.keys(step.say ?? {}).map((key) => [key, 7]));
        for (const pattern of [message?.value, ...Object.values(message?.attributes ?? {})]) {
          const errors = /** @type {Error[]} */ ([]);
          if (pattern) bundle.formatPattern(pattern, values, errors);
          assert.deepEqual(errors, [], `${language} ${step.id}`);
        }
        const source = read(`${name}/${language}.ftl`);
        for (const key of Object.keys(values)) assert.ok(source.includes(`{$${key}}`), `${language} ${step.id}: {$${key}} is told somewhere`);
      }
    }
  });
}

test('terms stand in the glossary of both languages, and each has its meaning', () => {
  assert.deepEqual(keysOf(read('glossary-ko.ftl')), keysOf(read('glossary-en.ftl')));
  assert.deepEqual(keysOf(read('beliefs-ko.ftl')), keysOf(read('beliefs-en.ftl')));
  for (const key of keysOf(read('glossary-en.ftl')).filter((each) => !each.includes('.')))
    {for (const bundle of glossary) assert.notEqual(lessonText(bundle, key, 'means'), '', key);}
  for (const [i, language] of LANGUAGES.entries()) {
    const used = textsIn(language).flatMap(({ where, text }) =>
      where.startsWith('glossary') ? [] : piecesOf(text, (term) => term).flatMap((piece) => (piece.kind === 'term' ? [{ where, term: piece.term }] : [])),
    );
    assert.ok(used.length > 60);
    assert.deepEqual(
      used.filter(({ term }) => !glossary[i].hasMessage(term)),
      [],
    );
    const names = new Set(used.map(({ term }) => term));
    const spare = keysOf(read(`glossary-${language}.ftl`)).filter((key) => !key.includes('.') && !names.has(key));
    assert.deepEqual(spare, [], 'terms that no lesson points to');
  }
});

/** How a term's name stands in a text: with an ending in English, before a particle in Korean; not inside another word. @param {string} name @param {string} language */
function spoken(name, language) {
  const plain = name.replace(/[+]/g, '\\+');
  if (language === 'ko') return new RegExp(`(?<![A-Za-z+_가-힣-])${plain}(?![A-Za-z+_])`);
  return new RegExp(`(?<![\\w+/-])${plain}s?(?![\\w+-])`, name === name.toLowerCase() ? 'i' : '');
}

test('each term that a lesson speaks of leads to the glossary, where it is met first or soon after', () => {
  for (const [i, language] of LANGUAGES.entries()) {
    const terms = keysOf(read(`glossary-${language}.ftl`)).filter((key) => !key.includes('.'));
    for (const name of lessonNames) {
      const said = read(`${name}/${language}.ftl`)
        .split('\n')
        .filter((line) => / = /.test(line) && !/^(title|about) =|^ +\.choice-/.test(line))
        .map((line) => line.slice(line.indexOf(' = ') + 3));
      const linked = new Set(said.flatMap((text) => [...text.matchAll(/\[\[([\w-]+)/g)].map((match) => match[1])));
      const plain = said.join('\n').replace(/`[^`]+`|\[\[[^\]]+\]\]|\{[^}]*\}|“[^”]*”/g, '·');
      const dead = terms.filter((term) => !linked.has(term) && spoken(lessonText(glossary[i], term), language).test(plain));
      assert.deepEqual(dead, [], `${language} ${name}`);
    }
  }
});

test('a choice is a button, and holds no link', () => {
  for (const language of LANGUAGES)
    {for (const { where, text } of textsIn(language)) if (/\.choice-/.test(where)) assert.doesNotMatch(text, /\[\[/, where);}
});

test('what a hint says to press stands on the page, in these words', () => {
  const folder = join(TOP, 'web/i18n');
  for (const language of LANGUAGES) {
    const files = readdirSync(folder).filter((name) => new RegExp(`^${language}(-.*)?\\.ftl$`).test(name));
    const labels = new Set(files.flatMap((name) => readFileSync(join(folder, name), 'utf8').match(/(?<== ).+/g) ?? []).map((text) => text.trim().toLowerCase()));
    const quoted = textsIn(language)
      .filter(({ where }) => /\.hint-\d+$/.test(where))
      .flatMap(({ where, text }) => [...text.matchAll(/“([^”]+)”/g)].map(([, label]) => ({ where, label })));
    assert.ok(quoted.length >= 8);
    assert.deepEqual(
      quoted.filter(({ label }) => !labels.has(label.toLowerCase())),
      [],
    );
  }
});

test('beliefs that lessons break are put into words', () => {
  for (const name of ALL)
    {for (const { belief } of readLesson(name).breaks)
      {for (const bundle of beliefs) assert.ok(bundle.hasMessage(belief), `${name}: ${belief}`);}}
});

test('terms are written as the RFCs and the page write them', () => {
  for (const language of LANGUAGES)
    {for (const { where, text } of textsIn(language))
      {for (const [wrong, right] of WORDS[language]) assert.doesNotMatch(withoutValues(text), wrong, `${where}: write ${right}`);}}
});

test('states, errors and options are spelled as in the stack', () => {
  const known = /^(SYN_SENT|SYN_RCVD|FIN_WAIT_[12]|CLOSE_WAIT|LAST_ACK|TIME_WAIT)$/;
  for (const language of LANGUAGES)
    {for (const { where, text } of textsIn(language))
      {for (const [word] of text.matchAll(/\b[A-Z]+_[A-Z_0-9]+\b/g)) assert.match(word, known, where);}}
});

test('sentences are short, and so is each text: eight to ten seconds', () => {
  const limits = { ko: { sentence: 80, text: 190 }, en: { sentence: 160, text: 330 } };
  for (const language of LANGUAGES) {
    for (const { where, text } of textsIn(language)) {
      const words = piecesOf(text, (term) => term)
        .map((piece) => piece.text)
        .join('');
      assert.ok(words.length <= limits[language].text, `${where}: ${words.length} characters`);
      for (const sentence of words.split(/(?<=[.?!:])\s/)) assert.ok(sentence.length <= limits[language].sentence, `${where}: ${sentence.length} in “${sentence}”`);
    }
  }
});

/** Characters that are read in a minute, and the seconds that a step takes beside reading. */
const PACE = { ko: 450, en: 1000, watch_s: 8, think_s: 20, task_s: 75 };

/** How long a lesson takes who reads all that one meets on the way, a wrong answer's reason with each question. @param {Record<string, any>} lesson @param {'ko' | 'en'} language */
function minutesOf(lesson, language) {
  const bundle = textsOf(lesson.id, language);
  const values = Object.fromEntries(lesson.steps.flatMap((/** @type {any} */ { say = {} }) => Object.keys(say)).map((/** @type {string} */ key) => [key, 1000]));
  const length = (/** @type {string} */ id, attribute = '') => lessonText(bundle, id, attribute, values).length;
  let characters = ['title', 'about', 'end'].reduce((sum, id) => sum + length(id), 0);
  let seconds = 0;
  for (const step of lesson.steps) {
    const kind = kindOf(step);
    const met = Object.keys(bundle.getMessage(step.id)?.attributes ?? {}).filter((each) => /^(after|done|hint-1|choice-)/.test(each));
    const why = Object.keys(bundle.getMessage(step.id)?.attributes ?? {}).find((each) => each.startsWith('why'));
    characters += [...met, ...(why ? [why] : [])].reduce((sum, each) => sum + length(step.id, each), length(step.id));
    seconds += (step.until || step.do ? PACE.watch_s : 0) + (kind === 'predict' ? PACE.think_s : 0) + (kind === 'task' ? PACE.task_s : 0);
  }
  return characters / PACE[language] + seconds / 60;
}

test('a lesson takes five to ten minutes, read at an easy pace', () => {
  for (const name of lessonNames)
    {for (const language of LANGUAGES) {
      const minutes = minutesOf(readLesson(name), language);
      assert.ok(minutes >= 5 && minutes <= 10, `${language} ${name}: ${minutes.toFixed(1)} minutes`);
    }}
});

test('Korean texts end as sentences in one style', () => {
  for (const { where, text } of textsIn('ko')) {
    if (/title|choice-|about/.test(where) || where.startsWith('glossary') || where.startsWith('beliefs')) continue;
    assert.match(text, /(니다|요|시다|까)[.?!”)]*( \([^)]*\)[.?]?)?$|[.)]$/, where);
    assert.doesNotMatch(text, /(한다|이다|된다|있다|없다)\.(\s|$)/, `${where}: 합니다체`);
  }
});

test('each lesson fits its schema, and tcplab check finds it good', () => {
  const Ajv = createRequire(import.meta.url)(resolveFromWeb('ajv'));
  const fits = new Ajv({ allErrors: true }).compile(JSON.parse(read('lesson.schema.json')));
  for (const name of ALL) {
    assert.ok(fits(JSON.parse(read(`${name}/lesson.json`))), `${name}: ${JSON.stringify(fits.errors?.slice(0, 3))}`);
    assert.equal(readLesson(name).next === undefined || existsSync(join(FOLDER, readLesson(name).next)), true);
  }
  const wrong = JSON.parse(read('template/lesson.json'));
  for (const spoil of [
    (/** @type {any} */ lesson) => delete lesson.steps[0].id,
    (/** @type {any} */ lesson) => (lesson.steps[1].answer = 'SYN+ACK'),
    (/** @type {any} */ lesson) => (lesson.steps[1].ask = 'guess'),
    (/** @type {any} */ lesson) => delete lesson.steps[2].goal.above,
    (/** @type {any} */ lesson) => (lesson.steps[0].until.at_ms = 5),
  ]) {
    const spoilt = structuredClone(wrong);
    spoil(spoilt);
    assert.equal(fits(spoilt), false, spoil.toString());
  }
  const out = execFileSync(join(TOP, 'build/native/tcplab'), ['check', ...ALL.map((name) => join(FOLDER, name, 'lesson.json'))], { encoding: 'utf8' });
  assert.equal(out.match(/: good$/gm)?.length, ALL.length);
});

test('tcplab check tells the path of a mistake in a lesson, and exits with 2', () => {
  const lesson = JSON.parse(read('template/lesson.json'));
  lesson.steps[1].from = 'srver';
  lesson.scenario.links[0].delay_ms = 'fast';
  const path = join(mkdtempSync(join(tmpdir(), 'lesson-')), 'lesson.json');
  writeFileSync(path, JSON.stringify(lesson));
  const { status, stdout } = spawnSync(join(TOP, 'build/native/tcplab'), ['check', path], { encoding: 'utf8' });
  assert.equal(status, 2);
  assert.match(stdout, /: scenario\.links\[0\]\.delay_ms: expected a number/);
  const whole = structuredClone(lesson);
  whole.scenario.links[0].delay_ms = 20;
  writeFileSync(path, JSON.stringify(whole));
  assert.match(spawnSync(join(TOP, 'build/native/tcplab'), ['check', path], { encoding: 'utf8' }).stdout, /: steps\[1\]\.from: expected the name of a node, got "srver"/);
});

test('a text that is missing, spare, broken, or mentions what is not there, is told by its name', () => {
  const lesson = readLesson('template');
  const source = read('template/en.ftl')
    .replace('about =', 'aboot =')
    .replace('{$isn}', '{$ism}')
    .replace('end = What', 'end = [[nonsense]] What')
    .concat('\nno message\n');
  const faults = textFaults(lesson, makeBundle('en', [source]), source, (term) => glossary[1].hasMessage(term));
  assert.deepEqual(
    faults.map(({ path, id }) => `${path} ${id}`),
    [`${source.split('\n').indexOf('no message') + 1} fault-line`, 'about fault-text-missing', 'aboot fault-text-spare', 'end fault-text-term', 'beat fault-text-value'],
  );
});

test('pieces of a text', () => {
  assert.deepEqual(
    piecesOf('call `send()` now: [[ack]], [[syn|the SYN]].', (term) => term.toUpperCase()),
    [
      { kind: 'text', text: 'call ' },
      { kind: 'code', text: 'send()' },
      { kind: 'text', text: ' now: ' },
      { kind: 'term', term: 'ack', text: 'ACK' },
      { kind: 'text', text: ', ' },
      { kind: 'term', term: 'syn', text: 'the SYN' },
      { kind: 'text', text: '.' },
    ],
  );
});
