import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineStartsOf } from '../../../core/text/lines.ts';
import { foldingRanges } from './foldingRange.ts';

const TEXT = `(module
  (func $a
    block
      nop

      nop
    end
  )
  (func $b (;elided;))
)
`;

const fold = (text: string, limit?: number): string[] =>
  foldingRanges({ text, lineStarts: lineStartsOf(text) }, limit).map(
    ({ startLine, endLine }) => `${startLine}-${endLine}`,
  );

test('functions and blocks fold, the closing line stays', () => {
  assert.deepEqual(fold(TEXT), ['0-8', '1-6', '2-5']);
});

test('outer ranges are kept when there are too many', () => {
  assert.deepEqual(fold(TEXT, 2), ['0-8', '1-6']);
});

test('texts without indentation have nothing to fold', () => {
  assert.deepEqual(fold(''), []);
  assert.deepEqual(fold('a\nb\n'), []);
  assert.deepEqual(fold('a\n  b'), ['0-1']);
});
