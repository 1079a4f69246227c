import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import { assignIds } from './ids.ts';

const ids = (named: [number, string][], derived: [number, string][] = []): Record<number, string> =>
  Object.fromEntries(assignIds(named, derived));

describe('identifiers', () => {
  test('equal names get an index appended', () => {
    assert.deepEqual(
      ids([
        [0, 'f'],
        [1, 'f'],
        [2, 'f'],
      ]),
      { 0: '$f', 1: '$f#1', 2: '$f#2' },
    );
  });

  test('a derived name that collides with a given one is not used', () => {
    assert.deepEqual(
      ids([
        [0, 'f'],
        [1, 'f'],
        [2, 'f#1'],
      ]),
      { 0: '$f', 2: '$f#1' },
    );
  });

  test('names from exports and imports are used only if they are free', () => {
    assert.deepEqual(
      ids(
        [[0, 'f']],
        [
          [0, 'exported'],
          [1, 'f'],
          [2, 'g'],
          [2, 'h'],
          [3, 'g'],
          [4, ''],
        ],
      ),
      { 0: '$f', 2: '$g' },
    );
  });

  test('empty names are ignored, long ones are cut and stay distinct', () => {
    const long = 'n'.repeat(5000);
    const result = ids([
      [0, ''],
      [1, long],
      [2, long],
    ]);
    assert.deepEqual(Object.keys(result), ['1', '2']);
    assert.ok(result[1].length < 600 && result[1] !== result[2]);
  });
});
