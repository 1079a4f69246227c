/** The command line speaks of the source, and says what is wrong with what it knows. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { sourceOf } from '../../../core/debug/moduleSource.ts';
import { sourceNotes } from '../../../core/debug/notes.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import { speakOfSource } from './speakOfSource.ts';

const CASES = join(import.meta.dirname, '../../../core/debug/cases');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'wasm-hazards-speak-')));
const C = join(folder, 'counter-c.wasm');
const AS = join(folder, 'counter.wasm');

before(() => {
  mkdirSync(join(folder, 'src/counter'), { recursive: true });
  writeFileSync(join(folder, 'src/counter/counter.c'), 'int counter;\n');
  cpSync(join(CASES, 'counter-c.wasm'), C);
  cpSync(join(CASES, 'counter.wasm'), AS);
  utimesSync(C, 1e9, 1e9);
});
after(() => rmSync(folder, { recursive: true, force: true }));

it('finds sources below the module, and says that they are newer', () => {
  const module = decodeModule(readFileSync(C));
  speakOfSource(module, C, { mode: 'auto', paths: {} });
  const path = sourceOf(module)?.pathOf?.('/build/counter/counter.c');
  assert.match(path ?? '', /src[\\/]counter[\\/]counter\.c$/);
  assert.deepEqual(sourceNotes(module), [`${path} is newer than the module: its lines may have moved`]);
});

it('says which file is missing', () => {
  const module = decodeModule(readFileSync(AS));
  speakOfSource(module, AS, { mode: 'auto', paths: {} });
  assert.equal(sourceOf(module)?.info.origin, 'symbols');
  assert.deepEqual(sourceNotes(module), ['sourceMappingURL: ./counter.wasm.map does not exist']);
});

it('knows the number of a core module in a file, and modules of standard input', () => {
  for (const file of [`${C}#1`, '-']) {
    const module = decodeModule(readFileSync(C));
    speakOfSource(module, file, { mode: 'auto', paths: {} });
    assert.equal(sourceOf(module)?.info.placeOf(80)?.line, 6);
  }
});

it('says nothing without debug information, or when it is not wanted', () => {
  const bare = decodeModule(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  speakOfSource(bare, C, { mode: 'auto', paths: {} });
  assert.equal(sourceOf(bare), undefined);
  const module = decodeModule(readFileSync(C));
  speakOfSource(module, C, { mode: 'off', paths: {} });
  assert.equal(sourceOf(module), undefined);
  assert.deepEqual(sourceNotes(module), []);
});
