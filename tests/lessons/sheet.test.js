/** Sheets for paper: each step's ladder is what the stack did; and the lines that put a lesson into another page. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { lessonNames, makeLab, readLesson } from './support.js';
import { elementCode, iframeCode } from '../../web/model/embed-code.js';
import { rehearse } from '../../web/model/lesson-rehearsal.js';
import { lifelines, recordOf, sheetOf } from '../../web/model/sheet.js';

/** @param {Record<string, any>} lesson */
async function sheets(lesson) {
  const { steps, lab } = await rehearse(lesson, (actions) => makeLab(lesson.scenario, actions));
  const record = recordOf(lab);
  return new Map(steps.map((step) => [step.step.id, sheetOf(record, lesson.scenario, step)]));
}

/** "client SYN > server", with the rows that it goes from and to. @param {import('../../web/model/sheet.js').Sheet} sheet */
const told = ({ lines, arrows }) =>
  arrows.map(({ frame, from, to, sent_row, end_row, lost }) => `${lines[from]} ${frame.segment ? frame.segment.flags : frame.protocol} ${lost ? 'x' : '>'} ${lines[to]} ${sent_row}-${end_row}`);

test('the handshake’s sheet has its three segments, in their order, with the states that they led to', async () => {
  const sheet = (await sheets(readLesson('05-handshake'))).get('count');
  assert.ok(sheet);
  assert.deepEqual(told(sheet), ['client 2 > server 0-1', 'server 18 > client 1-2', 'client 16 > server 2-3']);
  assert.deepEqual(
    sheet.changes.map(({ line, row, state }) => `${sheet.lines[line]} ${row} ${state}`),
    ['client 0 SYN_SENT', 'server 1 SYN_RCVD', 'client 2 ESTABLISHED', 'server 3 ESTABLISHED'],
  );
});

test('another scenario gives another sheet', async () => {
  const lesson = structuredClone(readLesson('05-handshake'));
  delete lesson.scenario.nodes[1].apps;
  const sheet = (await sheets(lesson)).get('next');
  assert.ok(sheet);
  assert.match(told(sheet)[0], /^server 20 > client/, 'RST+ACK');
});

test('every arrow of every lesson goes from one machine to another, and down', async () => {
  for (const name of lessonNames.filter((each) => /^(03|06|11|14|16)/.test(each))) {
    for (const [id, sheet] of await sheets(readLesson(name))) {
      for (const { from, to, sent_row, end_row } of sheet.arrows) {
        assert.ok(from >= 0 && to >= 0 && from !== to, `${name} ${id}`);
        assert.ok(sent_row >= 0 && end_row >= sent_row && end_row < sheet.rows, `${name} ${id}`);
      }
      for (const { line, row } of sheet.changes) assert.ok(line >= 0 && row >= 0 && row < sheet.rows, `${name} ${id}`);
      assert.ok(sheet.arrows.length <= 24 && sheet.left_out >= 0);
    }
  }
});

test('lifelines stand in the order of the cables', () => {
  const nodes = ['client', 'server', 'router'].map((name) => ({ name }));
  const links = [{ between: ['client', 'router:0'] }, { between: ['router:1', 'server'] }];
  assert.deepEqual(lifelines({ nodes, links }), ['client', 'router', 'server']);
  assert.deepEqual(lifelines({ nodes }), ['client', 'server', 'router']);
});

test('lines for other pages hold what was wished for, and nothing can break out of them', () => {
  const none = { lang: '', theme: '', controls: '' };
  const base = 'https://example.org/lab/';
  assert.match(iframeCode(base, '05-handshake', 'TCP "Lab" <1>', none), /^<iframe src="https:\/\/example\.org\/lab\/embed\.html\?lesson=05-handshake" title="TCP &quot;Lab&quot; &lt;1>"/);
  assert.match(iframeCode(base, 'x', 'T', { ...none, lang: 'ko', theme: 'dark' }), /embed\.html\?lesson=x&amp;lang=ko&amp;theme=dark"/);
  assert.equal(elementCode(base, '05-handshake', { ...none, controls: 'player' }), '<script type="module" src="https://example.org/lab/tcp-lab.js"></script>\n<tcp-lab lesson="05-handshake" controls="player"></tcp-lab>');
});
