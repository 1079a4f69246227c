/** Texts of what operations touch are found again in sentences. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesText, touchesIn } from './touchText.ts';

const NAMES = ['memory[0]', 'memory[1]', '$mem', '$a.$mem', '$(.*)+ 0x1'];

test('what is written is read', () => {
  for (const name of NAMES)
    for (const [start, end] of [
      [0, 4],
      [0x448, 0x449],
      [2 ** 33, 2 ** 33 + 16],
    ]) {
      const text = bytesText({ name }, start, end);
      assert.deepEqual(touchesIn(text, NAMES), [{ at: 0, length: text.length, memory: name, start, end }], text);
    }
});

test('in a sentence, each is found once', () => {
  const text =
    'A waits at memory[0] 0x8, B wrote $a.$mem 0x10..0x14 and memory[0] 0x8; memory[2] 0x8 is none, nor memory[0] size';
  assert.deepEqual(
    touchesIn(text, NAMES).map(({ at, length, start, end }) => [text.slice(at, at + length), start, end]),
    [
      ['memory[0] 0x8', 8, 9],
      ['$a.$mem 0x10..0x14', 16, 20],
      ['memory[0] 0x8', 8, 9],
    ],
  );
});

test('a text full of names that are none is read in one go', () => {
  assert.deepEqual(touchesIn('$mem 0x '.repeat(100_000), NAMES), []);
  assert.equal(touchesIn('$mem 0x1 '.repeat(1000), NAMES).length, 1000);
});
