import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';

import { asText } from '../../web/model/arrivals.js';
import { Inflow } from '../../web/model/delivered.js';
import { Rush } from '../../web/model/rush.js';
import { rowOf } from '../../web/views/pixels.js';
import { bytesText, clockText, rateText, speedText, tickText, timeText } from '../../web/model/format.js';
import { Sha256 } from '../../web/model/sha256.js';

test('SHA-256 is the same as the one of node, around each length that matters', () => {
  for (const length of [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 4096]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 131 + 7) & 255);
    for (const piece of [length, 1, 60, 64, 100]) {
      const sum = new Sha256();
      for (let at = 0; at < length; at += piece) sum.update(bytes.subarray(at, at + piece));
      assert.equal(sum.digest(), createHash('sha256').update(bytes).digest('hex'), `${length} bytes, ${piece} at a time`);
    }
  }
});

test('times, sizes and rates are told in the unit that fits', () => {
  assert.deepEqual([0, 350, 20_060, 380_116, 1_000_000, 60_100_000].map(timeText), [
    '0 µs',
    '350 µs',
    '20.1 ms',
    '380 ms',
    '1 s',
    '60.1 s',
  ]);
  assert.deepEqual([20_000, 6_010_000, 120_110_000].map(tickText), ['20 ms', '6.01 s', '120.11']);
  assert.deepEqual([20_060, 120_110_000].map(clockText), ['20.1 ms', '120.110 s']);
  assert.deepEqual([5, 9999, 10_240, 1_048_576].map(bytesText), ['5 B', '9,999 B', '10.0 KiB', '1.00 MiB']);
  assert.deepEqual([0, 9600, 10_000_000, 1e9].map(rateText), ['∞', '9.6 kbit/s', '10 Mbit/s', '1 Gbit/s']);
  assert.deepEqual([0.01, 0.5, 1].map(speedText), ['1/100', '1/2', '1×']);
});

test('bytes that are no text are not shown as text', () => {
  assert.equal(asText(new TextEncoder().encode('안녕하세요\n')), '안녕하세요\n');
  assert.equal(asText(Uint8Array.of(0, 1, 2)), '');
  assert.equal(asText(Uint8Array.of(0xff, 0xfe)), '');
});

test('segments are put where their numbers say, over the wrap of 2^32', () => {
  const inflow = new Inflow(0xfffffffe);
  inflow.put(1, Uint8Array.of(3, 4));
  inflow.put(0xffffffff, Uint8Array.of(1, 2));
  assert.deepEqual([...inflow.bytes.subarray(0, inflow.length)], [1, 2, 3, 4]);
  inflow.put(0xfffffffe, Uint8Array.of(9));
  assert.equal(inflow.length, 4, 'a byte before the first is none of the stream');
});

test('a stream grows beyond its first room', () => {
  const inflow = new Inflow(0);
  for (let at = 0; at < 200_000; at += 1000) inflow.put(at + 1, new Uint8Array(1000).fill(at / 1000));
  assert.equal(inflow.length, 200_000);
  assert.equal(inflow.bytes[150_500], 150);
});

test('a frame of the screen brings time, or more of what happens, or news', () => {
  const rush = new Rush();
  assert.deepEqual([0, 1, 4, 0].map((count) => rush.frame(count)), ['time', 'flow', 'flow', 'time']);
  assert.equal(rush.isRush, false);
  rush.frame(9);
  assert.deepEqual([0, 1, 2].map((count) => (rush.frame(count), rush.isRush)), [true, true, true], 'events come in bursts');
  assert.deepEqual([0, 0].map((count) => (rush.frame(count), rush.moves(0b0101))), [false, true], 'every second frame');
  assert.equal(rush.moves(0b1111), true);
  for (let i = 0; i < 8; i++) rush.frame(0);
  assert.equal(rush.isRush, false);
  assert.deepEqual([rush.moves(0b0101), rush.moves(0b1010)], [true, true]);
  assert.equal(rush.frame(-500), 'news', 'going back is no rush');
});

test('those that wait are drawn in their turn, and one that takes long has a frame for itself', () => {
  const rush = new Rush();
  const drawn = /** @type {string[]} */ ([]);
  const calm = (/** @type {string} */ name, /** @type {number} */ took_ms) => ({ shown_ms: 0, took_ms, requestUpdate: () => drawn.push(name) });
  const all = [calm('a', 0.5), calm('b', 0.5), calm('long', 9), calm('c', 0.4), calm('d', 0.4)];
  const frame = (/** @type {number} */ now_ms) => {
    drawn.length = 0;
    rush.draw(now_ms);
    return drawn.join(' ');
  };
  for (const each of all) rush.waiting.add(each);
  assert.deepEqual([frame(10), frame(20), frame(30), frame(40)], ['a b c', 'long', 'd', '']);
  for (let i = 0; i < 3; i++) rush.frame(50);
  for (const each of all) rush.waiting.add(each);
  all[0].shown_ms = 50;
  assert.deepEqual([frame(60), frame(100), frame(149), frame(150)], ['', 'b c d', 'long', 'a'], 'in a rush ten times a second');
  rush.waiting.add(all[0]);
  rush.frame(50);
  assert.equal(frame(900), '', 'and in frames in which others are not drawn');
});

test('a row of a bar mixes what shares a pixel, and is clear where nothing is', () => {
  const [red, blue] = /** @type {const} */ ([[255, 0, 0], [0, 0, 255]]);
  const row = rowOf(4, [{ from: 0, to: 0.375, ink: red }, { from: 0.375, to: 0.625, ink: blue }]);
  const pixels = [...new Uint8Array(row.buffer)];
  assert.deepEqual(pixels.slice(0, 8), [255, 0, 0, 255, 128, 0, 128, 255]);
  assert.deepEqual(pixels.slice(8), [0, 0, 255, 128, 0, 0, 0, 0]);
});
