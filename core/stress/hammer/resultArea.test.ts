/** Results in shared memory have the same texts as in exploration. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { I32, refType } from '../../wasm/types.ts';
import { ResultArea, resultLayout } from './resultArea.ts';
import { RESULT_TEXTS, ThreadTexts, TRAP_TEXTS, textBuffer } from './threadTexts.ts';

/** `anyref`. */
const ANY_REF = refType(0x6e, true);

describe('texts of traps', () => {
  test('are the same for all threads', () => {
    const buffer = textBuffer(2, TRAP_TEXTS);
    const [first, second] = [0, 1].map((thread) => new ThreadTexts(buffer, thread, TRAP_TEXTS));
    assert.equal(first.text(second.number('unreachable')), 'unreachable');
    assert.notEqual(first.number('unreachable'), second.number('unreachable'));
    assert.equal(first.number('unreachable'), first.number('unreachable'));
  });

  test('end with a whole character when they are cut', () => {
    const texts = new ThreadTexts(textBuffer(1, TRAP_TEXTS), 0, TRAP_TEXTS);
    for (const start of ['', 'a', 'ab', 'abc']) {
      const text = texts.text(texts.number(start + '€😀'.repeat(200)));
      assert.ok((start + '€😀'.repeat(200)).startsWith(text) && text.length > 100, text);
    }
  });

  test('are distinct as long as they fit, and never overwrite each other', () => {
    const texts = new ThreadTexts(textBuffer(2, TRAP_TEXTS), 0, TRAP_TEXTS);
    const numbers = Array.from({ length: 1000 }, (_, i) => texts.number(`error ${i}`));
    assert.equal(texts.text(numbers[0]), 'error 0');
    assert.equal(texts.text(numbers[999]), 'other texts');
    assert.ok(Math.max(...numbers) < 64);
  });
});

test('references to different small integers are distinct', () => {
  const layout = resultLayout([[{ results: [ANY_REF, I32] }]], [], []);
  const area = new ResultArea(new SharedArrayBuffer(layout.words * 4));
  const texts = new ThreadTexts(textBuffer(1, TRAP_TEXTS), 0, TRAP_TEXTS);
  const results = new ThreadTexts(textBuffer(1, RESULT_TEXTS), 0, RESULT_TEXTS);
  const [[place]] = layout.callers;
  const textOf = (value: unknown): string => {
    area.returned(place, [value, 3]);
    return area.text(place, { traps: texts, results });
  };
  assert.deepEqual([5, -1, null, {}].map(textOf), ['(5, 3)', '(-1, 3)', '(null, 3)', '(reference 1, 3)']);
});
