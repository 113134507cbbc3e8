/** The module itself: it imports nothing, exports what its header says, is small, and describes itself truly. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';
import { brotliCompressSync } from 'node:zlib';

import { LabModule } from '../../wasm/module.js';
import { at, makeLab, wasm, wasmBytes } from './support.js';

/** A ratchet: it was 96,000 before BBR, ECN, Fast Open and the time machine; from here it gets smaller. A quarter each is TCP, the lab's JSON, and the C library's and cJSON's numbers. */
const BROTLI_BYTES_MAX = 113_000;

const layout = () => {
  const module = new LabModule(wasm);
  return module.replyJson(module.call('lab_api_layout'));
};

test('it imports nothing', () => {
  assert.deepEqual(WebAssembly.Module.imports(wasm), []);
});

test('it exports what lab_api.h marks, and memory', () => {
  const header = readFileSync(at('wasm/lab_api.h'), 'utf8');
  const marked = [...header.matchAll(/LAB_EXPORT\((lab_api_\w+)\)/g)].map((match) => match[1]);
  const exported = WebAssembly.Module.exports(wasm).map(({ name }) => name);
  assert.ok(marked.length > 10);
  assert.deepEqual(exported.filter((name) => name.startsWith('lab_api_')).sort(), marked.sort());
  assert.ok(exported.includes('memory'));
});

test('it is small to download', () => {
  const bytes = brotliCompressSync(wasmBytes).length;
  assert.ok(bytes < BROTLI_BYTES_MAX, `${bytes} bytes with brotli`);
});

test('it has no way to make code from text, and the engine does not try; nor does it know what time it is', () => {
  const names = readdirSync(at('wasm')).filter((name) => name.endsWith('.js'));
  assert.ok(names.length > 10);
  for (const name of names) {
    const source = readFileSync(at(`wasm/${name}`), 'utf8');
    assert.doesNotMatch(source, /\beval\(|new Function\b|\bdocument\.[a-z]+\(|\bwindow\.|Date\.now|Math\.random/, name);
    if (name !== 'remote.js') assert.doesNotMatch(source, /setTimeout/, name); // it asks whether a worker still lives
  }
});

test('the layout has every kind and field of events.def', () => {
  const text = readFileSync(at('core/trace/events.def'), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const defined = [...text.matchAll(/^EVENT\(\w+,\s*(\w+),\s*(\w+),\s*((?:F\(\w+,\s*\w+\)\s*)+)\)/gm)].map(([, name, layer, fields]) => [
    name,
    layer.toLowerCase(),
    [...fields.matchAll(/F\((\w+),\s*(\w+)\)/g)].filter(([, , field]) => !field.startsWith('unused')).map(([, type, field]) => [field, type]),
  ]);
  const described = layout().kinds.slice(1).map(([name, layer, fields]) => [name, layer, fields.map(([field, type]) => [field, type])]);
  assert.ok(defined.length > 30);
  assert.deepEqual(described, defined);
});

test('fields lie inside their record and do not overlap', () => {
  const { event, kinds } = layout();
  const size = { u8: 1, u16: 2, u32: 4, i32: 4, u64: 8, i64: 8 };
  for (const [kind, , fields] of kinds) {
    let end = 0;
    for (const [name, type, offset] of [...event.members, ...fields].sort((a, b) => a[2] - b[2])) {
      assert.ok(offset >= end && offset % size[type] === 0, `${kind}.${name} at ${offset}`);
      end = offset + size[type];
    }
    assert.ok(end <= event.bytes, kind);
  }
});

test('what fields mean are lists that exist, and each list is used or named', () => {
  const { kinds, enums, flags } = layout();
  const meanings = new Set(kinds.flatMap(([, , fields]) => fields.map(([, , , meaning]) => meaning)).filter(Boolean));
  for (const meaning of meanings) assert.ok(meaning in enums || meaning in flags || ['ipv4', 'status'].includes(meaning), meaning);
  const meaningOf = (kind, field) => kinds.find(([name]) => name === kind)[2].find(([name]) => name === field)[3];
  assert.equal(meaningOf('tcp_state', 'from'), 'tcp_state');
  assert.equal(meaningOf('tcp_held_out_of_order', 'from'), undefined); // a sequence number of the same name
  assert.equal(meaningOf('packet_dropped', 'reason'), 'drop_reason');
  assert.equal(meaningOf('frame_lost', 'reason'), 'loss_reason');
  assert.equal(meaningOf('tcp_discarded', 'reason'), 'tcp_discard');
  assert.equal(enums.tcp_state[4], 'ESTABLISHED');
  assert.deepEqual(enums.tcp_timer.filter((name) => !name), []);
});

test('rules name their source', () => {
  const { rules } = layout();
  assert.deepEqual(rules[0], ['NONE', '', '', '']);
  for (const [name, document, , text] of rules.slice(1)) assert.ok(/^(RFC \d+|IEEE 802\.\w+)$/.test(document) && text.endsWith('.'), name);
});

test('phrases stand beside their names', () => {
  const { enums, phrases } = layout();
  for (const [list, texts] of Object.entries(phrases)) assert.equal(texts.length, enums[list].length, list);
});

test('memory is as large as asked for, and a lab says when it is not enough', async () => {
  await assert.rejects(makeLab({ tcplab: 1 }, { memory_mib: 15 }), { code: 'EINVAL', message: /^memory_mib: / });
  const many = Array.from({ length: 60 }, (_, i) => ({ name: `host${i}`, interfaces: [{ address: `10.0.0.${i + 1}/24` }] }));
  const lab = await makeLab({ tcplab: 1, nodes: many, links: [] }, { memory_mib: 128 });
  assert.equal(lab.hosts.length, 60);
});
