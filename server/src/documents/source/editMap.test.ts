import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EditMap } from './editMap.ts';

/** Replaces in a text and in its map; characters of the old text are all different. */
class Edited {
  text: string;
  readonly map = new EditMap();
  constructor(text: string) {
    this.text = text;
  }
  replace(start: number, end: number, by: string): void {
    this.text = this.text.slice(0, start) + by + this.text.slice(end);
    this.map.add(start, end, by.length);
  }
}

test('insertions and deletions move what is behind them', () => {
  const edited = new Edited('abcdefghij');
  edited.replace(2, 2, '--');
  edited.replace(8, 9, '');
  assert.equal(edited.text, 'ab--cdefhij');
  assert.deepEqual(edited.map.rangeToNew(2, 4), [4, 6]);
  assert.deepEqual(edited.map.rangeToNew(0, 2), [0, 2], 'typed right behind it stays outside');
  assert.equal(edited.map.rangeToNew(6, 7), undefined, 'g is gone');
  assert.deepEqual(edited.map.rangeToNew(5, 8), [7, 9]);
  assert.equal(edited.map.toOld(3), undefined);
  assert.equal(edited.map.toOld(4), 2);
});

test('edits that touch become one', () => {
  const edited = new Edited('abcdef');
  edited.replace(2, 4, 'X');
  edited.replace(3, 3, 'Y');
  edited.replace(1, 2, '');
  assert.equal(edited.text, 'aXYef');
  assert.equal(edited.map.rangeToNew(1, 4), undefined);
  assert.deepEqual(edited.map.rangeToNew(0, 6), [0, 5]);
  assert.equal(edited.map.toNew(5, 'after'), 4);
});

test('characters that are left are found at their new place, and back', () => {
  const alphabet = Array.from({ length: 60 }, (_, i) => String.fromCharCode(0x100 + i)).join('');
  const edits = fc.array(fc.tuple(fc.nat(80), fc.nat(10), fc.nat(8)), { maxLength: 25 });
  fc.assert(
    fc.property(edits, (list) => {
      const edited = new Edited(alphabet);
      for (const [at, length, inserted] of list) {
        const start = Math.min(at, edited.text.length);
        edited.replace(start, Math.min(start + length, edited.text.length), '-'.repeat(inserted));
      }
      for (let old = 0; old < alphabet.length; old++) {
        const now = edited.text.indexOf(alphabet[old]);
        const range = edited.map.rangeToNew(old, old + 1);
        if (now === -1) assert.equal(range, undefined);
        else {
          assert.deepEqual(range, [now, now + 1]);
          assert.equal(edited.map.toOld(now), old);
        }
      }
      assert.equal(edited.map.toNew(alphabet.length, 'before') <= edited.text.length, true);
    }),
  );
});
