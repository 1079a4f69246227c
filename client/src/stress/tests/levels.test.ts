import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ListedFile, levelsOf } from './levels.ts';

const file = (uri: string, folders: string[] = [], isBroken = false): ListedFile => ({ uri, folders, isBroken });
const placed = (...files: ListedFile[]): unknown => Object.fromEntries(levelsOf(files));

test('files are in their folders', () => {
  assert.deepEqual(placed(file('f:/x.wasm'), file('f:/a/b/y.wat', ['a', 'b']), file('f:/a/z.stress.json', ['a'])), {
    'f:/x.wasm': { in: 'folder', folders: [] },
    'f:/a/b/y.wat': { in: 'folder', folders: ['a', 'b'] },
    'f:/a/z.stress.json': { in: 'folder', folders: ['a'] },
  });
});

test('a binary is below the text of its name and folder', () => {
  assert.deepEqual(placed(file('f:/a/x.wasm', ['a']), file('f:/x.wat'), file('f:/a/x.wat', ['a'])), {
    'f:/x.wat': { in: 'folder', folders: [] },
    'f:/a/x.wat': { in: 'folder', folders: ['a'] },
    'f:/a/x.wasm': { in: 'twin', text: 'f:/a/x.wat' },
  });
});

test('what cannot be tested is apart, with its twin only if that cannot be either', () => {
  const apart = { in: 'broken' };
  assert.deepEqual(placed(file('f:/a/x.wasm', ['a'], true)), { 'f:/a/x.wasm': apart });
  const twin = { in: 'twin', text: 'f:/x.wat' };
  assert.deepEqual(placed(file('f:/x.wasm', [], true), file('f:/x.wat', [], true)), {
    'f:/x.wat': apart,
    'f:/x.wasm': twin,
  });
  for (const [wasm, wat] of [
    [true, false],
    [false, true],
  ])
    assert.deepEqual(placed(file('f:/x.wasm', [], wasm), file('f:/x.wat', [], wat)), {
      'f:/x.wat': { in: 'folder', folders: [] },
      'f:/x.wasm': twin,
    });
});
