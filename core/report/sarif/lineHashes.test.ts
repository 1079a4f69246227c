/** Hashes of lines, against the definition: polynomials over 64 bits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lineHashes } from './lineHashes.ts';

/** The hash of the line that begins at `rest`, by its definition: the next 100 characters without blanks. */
function defined(rest: string): string {
  const codes = [...rest.replace(/\r\n?/g, '\n').replace(/[ \t]/g, '')].map((char) => BigInt(char.charCodeAt(0)));
  const block = [...codes, 0xffffn, ...new Array<bigint>(100).fill(0n)].slice(0, 100);
  return BigInt.asUintN(
    64,
    block.reduce((sum, code) => sum * 37n + code, 0n),
  ).toString(16);
}

test('each line has the hash of the 100 characters from its beginning, numbered among equal ones', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', '(', ' ', '\t', '0'), maxLength: 80 });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n', '\r'), (lines, end) => {
      const times = new Map<string, number>();
      const expected = lines.map((_, nth) => {
        const hash = defined(lines.slice(nth).join(end));
        times.set(hash, (times.get(hash) ?? 0) + 1);
        return `${hash}:${times.get(hash)}`;
      });
      assert.deepEqual(lineHashes(lines.join(end)).slice(1, lines.length + 1), lines.length === 0 ? [] : expected);
    }),
  );
});

test('blanks and line ends do not matter, and lines before do not either', () => {
  const [, first] = lineHashes('(global.set $n\n\t(i32.const 1))\n');
  assert.deepEqual(lineHashes('\n;; more\n  (global.set  $n\r\n(i32.const 1))\r\n')[3], first);
});

test('the values that the uploading action computes', () => {
  assert.deepEqual(lineHashes(''), ['', 'c129715d7a2bc9a3:1']);
  assert.deepEqual(lineHashes(' a\nb\n  \t\tc\n d'), [
    '',
    '271789c17abda88f:1',
    '54703d4cd895b18:1',
    '180aee12dab6264:1',
    'a23a3dc5e078b07b:1',
  ]);
});
