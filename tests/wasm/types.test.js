/** The declarations for others are made of the engine's JSDoc, and a typed program can be written against them. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { resolveFromWeb } from '../support/from-web.js';
import { at } from './support.js';

const USE = `import { Lab, LabError, type LabEvent } from './engine.js';
const lab: Lab = await Lab.create({ wasm: new Uint8Array(8), seed: 1 });
const socket = lab.host('client').socket('tcp');
const data: Uint8Array | null = socket.recv();
const kinds: string[] = lab.events().map((event: LabEvent) => event.kind);
const next: number | null = lab.next_us;
try { lab.runFor(1); } catch (error) { if (error instanceof LabError) console.log(error.code.length); }
// @ts-expect-error there is no such type of socket
lab.host('client').socket('pigeon');
// @ts-expect-error a time is a number
lab.runUntil('soon');
console.log(data, kinds, next);
`;

test('engine.d.ts is made and can be used', (t) => {
  const folder = mkdtempSync(at('build/types-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const tsc = (...args) => {
    try {
      execFileSync(process.execPath, [resolveFromWeb('typescript/bin/tsc'), ...args], { stdio: 'pipe' });
    } catch (error) {
      assert.fail(`${error.stdout}`);
    }
  };
  const strict = ['--strict', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'es2022,dom'];
  tsc(at('wasm/engine.js'), '--allowJs', '--checkJs', '--declaration', '--emitDeclarationOnly', '--outDir', folder, ...strict);
  assert.match(readFileSync(join(folder, 'engine.d.ts'), 'utf8'), /export class Lab/);
  writeFileSync(join(folder, 'use.ts'), USE);
  tsc(join(folder, 'use.ts'), '--noEmit', ...strict);
});
