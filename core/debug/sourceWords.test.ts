/** Names of places and bytes in words of the source. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeModule } from '../wasm/decode.ts';
import type { Module } from '../wasm/module.ts';
import {
  inlinedFunctions,
  linkText,
  namedArray,
  namedBytes,
  offsetText,
  sourceFunctionName,
  sourceFunctionSite,
  sourceSite,
} from './sourceWords.ts';
import { type Said, speakAs } from './testing/madeSource.ts';

const FILE = '/build/counter/src/lib.rs';
const EMPTY = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

function speaking(said: Said, pathOf?: (file: string) => string | undefined): Module {
  const module = decodeModule(EMPTY);
  speakAs(module, said, pathOf);
  return module;
}

const element = (byte: number): string => `[${byte >> 2}]`;
const state = {
  ...{ name: 'state', path: '', type: 'State', start: 1096, size: 12, file: FILE, line: 12 },
  pathOf: (byte: number) => (byte < 4 ? '.count' : byte < 8 ? '.total' : '.last'),
};
const slots = { name: 'slots', path: '', type: 'int[8]', start: 1024, size: 32, pathOf: element };
const one = { name: 'counter::COUNTER', path: '', type: 'u32', start: 1056, size: 4, file: FILE, line: 3 };
const MEMORY: Said = { variables: [slots, one, state] };

describe('bytes', () => {
  const cases: readonly [start: number, end: number, name: string | undefined][] = [
    [1056, 1060, 'counter::COUNTER'],
    [1057, 1058, 'counter::COUNTER'],
    [1096, 1100, 'state.count'],
    [1104, 1108, 'state.last'],
    [1096, 1108, 'state'],
    [1096, 1104, 'state.count to state.total'],
    [1036, 1040, 'slots[3]'],
    [1024, 1056, 'slots'],
    [1028, 1036, 'slots[1] to slots[2]'],
    // Bytes that nobody declares have no name, and neither has what lies around them.
    [1000, 1004, undefined],
    [1060, 1064, undefined],
    [1096, 1112, undefined],
    [1052, 1060, 'slots[7] to counter::COUNTER'],
  ];
  for (const [start, end, name] of cases)
    test(`[${start},${end}) is ${name ?? 'not named'}`, () => {
      assert.equal(namedBytes(speaking(MEMORY), 0, start, end)?.name, name);
    });

  test('several variables are said to be several; only a whole variable has a type', () => {
    const module = speaking(MEMORY);
    assert.equal(namedBytes(module, 0, 1052, 1060)?.several, true);
    assert.deepEqual(namedBytes(module, 0, 1056, 1060), {
      ...{ name: 'counter::COUNTER', type: 'u32', file: FILE, line: 3 },
    });
    assert.deepEqual(namedBytes(module, 0, 1096, 1100), { name: 'state.count', of: 'state', file: FILE, line: 12 });
  });

  test('an array in a structure, all of it or a part', () => {
    const path = (byte: number): string => (byte < 8 ? '.head' : byte < 24 ? `.slots[${(byte - 8) >> 2}]` : '.tail');
    const module = speaking({ variables: [{ name: 'ring', path: '', start: 64, size: 28, pathOf: path }] });
    assert.equal(namedBytes(module, 0, 72, 88)?.name, 'ring.slots');
    assert.equal(namedBytes(module, 0, 72, 84)?.name, 'ring.slots[0] to ring.slots[2]');
    assert.equal(namedBytes(module, 0, 74, 88)?.name, 'ring.slots[0] to ring.slots[3]');
    assert.equal(namedBytes(module, 0, 76, 88)?.name, 'ring.slots[1] to ring.slots[3]');
    assert.equal(namedBytes(module, 0, 68, 88)?.name, 'ring.head to ring.slots[3]');
    assert.equal(namedBytes(module, 0, 64, 92)?.name, 'ring');
  });

  test('another memory, and a module without debug information, have no names', () => {
    assert.equal(namedBytes(speaking(MEMORY), 1, 1056, 1060), undefined);
    assert.equal(namedBytes(decodeModule(EMPTY), 0, 1056, 1060), undefined);
  });

  test('an index is of the array that begins there', () => {
    const module = speaking(MEMORY);
    assert.equal(namedArray(module, 0, 1024)?.name, 'slots');
    assert.equal(namedArray(module, 0, 1056), undefined);
    assert.equal(namedArray(module, 0, 1096), undefined);
  });
});

describe('places', () => {
  const line = { file: FILE, line: 31, column: 5, function: 'counter::bump' };
  const SAID: Said = {
    lines: {
      0x9f: line,
      0xa0: { ...line, inlined: [{ file: FILE, line: 40, function: 'increment' }] },
      0xa1: { file: FILE, line: 0 },
      0xa3: {
        ...line,
        inlined: ['middle', 'outer', 'increment'].map((name) => ({ file: FILE, line: 40, function: name })),
      },
      0xa2: { file: 'C:\\build\\src\\lib.rs', line: 7 },
    },
    functions: { 1: { name: 'counter::bump', file: FILE, line: 30 }, 2: { name: 'nowhere' } },
  };

  test('a line with its offset, of a path the folder and the file', () => {
    const module = speaking(SAID);
    assert.equal(offsetText(module, 0x9f), '`src/lib.rs:31` (0x9f)');
    assert.equal(offsetText(module, 0xa2), '`src/lib.rs:7` (0xa2)');
    assert.equal(linkText(sourceSite(module, 0x9f)!, true), 'src/lib.rs:31:5');
    assert.equal(linkText(sourceSite(module, 0xa2)!, true), 'src/lib.rs:7');
    assert.equal(offsetText(module, 0x1), '0x1');
    assert.equal(offsetText(decodeModule(EMPTY), 0x9f), '0x9f');
  });

  test('line 0 is none', () => {
    assert.equal(offsetText(speaking(SAID), 0xa1), '0xa1');
    assert.equal(sourceSite(speaking(SAID), 0xa1), undefined);
  });

  test('a file that is known here is called as it is called here', () => {
    const module = speaking(SAID, (file) => (file === FILE ? 'crates/counter/src/lib.rs' : undefined));
    assert.equal(offsetText(module, 0x9f), '`crates/counter/src/lib.rs:31` (0x9f)');
    assert.deepEqual(sourceSite(module, 0x9f), { ...line, file: 'crates/counter/src/lib.rs' });
  });

  test('functions', () => {
    const module = speaking(SAID);
    assert.deepEqual(inlinedFunctions(module, 0x9f), []);
    assert.deepEqual(inlinedFunctions(module, 0xa0), ['counter::bump']);
    assert.deepEqual(inlinedFunctions(module, 0xa3), ['outer', 'middle', 'counter::bump']);
    assert.equal(sourceFunctionName(module, 1), 'counter::bump');
    assert.equal(sourceFunctionName(module, 3), 'func[3]');
    assert.deepEqual(sourceFunctionSite(module, 1), { file: FILE, line: 30 });
    assert.equal(sourceFunctionName(module, 2), 'nowhere');
    assert.equal(sourceFunctionSite(module, 2), undefined);
    // Symbols alone are no source.
    const symbols = decodeModule(EMPTY);
    speakAs(symbols, SAID, undefined, 'symbols');
    assert.equal(sourceFunctionName(symbols, 1), 'func[1]');
  });
});

describe('code of a library that was inlined', () => {
  const LIBRARY = '/rustc/1a2b3c/library/core/src/sync/atomic.rs';
  const DEPENDENCY = '/home/b/.cargo/registry/src/index.example.org-1/spin-0.9.8/src/mutex.rs';
  const at = (file: string, line: number, name: string) => ({ file, line, function: name });
  const own = at(FILE, 39, 'counter::bump');
  const atomic = { ...at(LIBRARY, 3000, 'core::atomic_add'), inlined: [at(LIBRARY, 2700, 'fetch_add'), own] };

  test('is told at the line that uses it', () => {
    const module = speaking({ lines: { 1: atomic } });
    assert.deepEqual(sourceSite(module, 1), own);
    assert.deepEqual(inlinedFunctions(module, 1), []);
  });

  test('is told where it is if nothing around it is of the program', () => {
    const module = speaking({
      lines: { 1: { ...atomic, inlined: [at(LIBRARY, 2700, 'fetch_add')] }, 2: at(LIBRARY, 7, 'f') },
    });
    assert.equal(sourceSite(module, 1)?.line, 3000);
    assert.equal(sourceSite(module, 2)?.line, 7);
  });

  test('is told where it is if that is a file here', () => {
    const lock = { ...at(DEPENDENCY, 60, 'spin::lock'), inlined: [at(FILE, 20, 'counter::with'), own] };
    assert.equal(sourceSite(speaking({ lines: { 1: lock } }), 1)?.line, 20);
    const here = speaking({ lines: { 1: lock } }, (file) => (file === DEPENDENCY ? 'vendor/mutex.rs' : undefined));
    assert.deepEqual(sourceSite(here, 1), at('vendor/mutex.rs', 60, 'spin::lock'));
    assert.deepEqual(inlinedFunctions(here, 1), ['counter::with', 'spin::lock']);
  });
});

test('names from the file can do nothing to a terminal, a line or an editor', () => {
  const evil = '\u001b]0;x\u0007\n\u202e`[a](b)`';
  const file = `/b/${evil}/${evil}.rs`;
  const module = speaking({
    lines: { 1: { file, line: 1, column: 1, function: evil, inlined: [{ file, line: 2 }] } },
    variables: [{ name: evil, path: `.${evil}`, type: evil, start: 0, size: 4, file, line: 1 }],
    functions: { 0: { name: evil, file, line: 1 } },
  });
  const said = JSON.stringify([
    offsetText(module, 1),
    sourceSite(module, 1),
    namedBytes(module, 0, 0, 4),
    inlinedFunctions(module, 1),
    sourceFunctionName(module, 0),
    sourceFunctionSite(module, 0),
  ]);
  // JSON would show them as escapes with one backslash.
  assert.doesNotMatch(said, /(?<!\\)\\(?:u001b|u0007|n|u202e)|\u202e/);
  const long = speaking({ variables: [{ name: 'x'.repeat(1e6), path: '', start: 0, size: 4 }] });
  assert.ok((namedBytes(long, 0, 0, 4)?.name.length ?? 0) < 100);
});
