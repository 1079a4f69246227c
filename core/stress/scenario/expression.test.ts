/** Expressions of scenarios: their values, and what is wrong with them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evaluation } from './evaluation.ts';
import { namesIn, parseExpression, type Value } from './expression.ts';

const NAMED: Readonly<Record<string, Value>> = { p: 4096n, r: (1096n << 32n) | 11n, f: 1.5, text: 'Lena', none: null };

function valueIn(text: string): Value {
  const parsed = parseExpression(text);
  assert.ok(!('message' in parsed), text);
  const run = evaluation(parsed, (name) => NAMED[name]);
  let step = run.next();
  while (step.done !== true) step = run.next(step.value.type === 'i32' ? step.value.address * 2n : 7n);
  return step.value;
}

describe('expressions have the value', () => {
  const cases: [string, Value][] = [
    ['1 + 2 * 3', 7n],
    ['(1 + 2) * 3', 9n],
    ['10 - 2 - 3', 5n],
    ['$r >> 32', 1096n],
    ['$r & 0xffffffff', 11n],
    ['$p + 4', 4100n],
    ['-1 >>> 60', 15n],
    ['-8 >> 1', -4n],
    ['1 << 63', -(2n ** 63n)],
    ['0xffffffffffffffff == -1', 1n],
    ['7 / 2', 3n],
    ['7 % 4 == 3 && 1 < 2', 1n],
    ['0 || 5', 1n],
    ['!0 + ~0', 0n],
    ['i32(8) == 16', 1n],
    ['i32(u8(3) + 1)', 16n],
    ['$f + 1', 2.5],
    ['$f < 2', 1n],
    ['$text == "Lena"', 1n],
    ["$text != 'Mira'", 1n],
    ['$text == 1', 0n],
    ['$none == 0', 0n],
    ['1 == 1.0', 1n],
    ['0 && $missing', 0n],
  ];
  for (const [text, value] of cases) test(`${text}: ${value}`, () => assert.equal(valueIn(text), value));
});

describe('expressions without a value', () => {
  for (const [text, message] of [
    ['$missing', /\$missing has no value yet/],
    ['1 / 0', /a division by zero/],
    ['$text + 1', /text is used where an integer is needed/],
    ['$f & 1', /used where an integer is needed|needs integers/],
    ['i32($text)', /text is used where an integer is needed/],
  ] as const)
    test(text, () => assert.throws(() => valueIn(text), message));
});

describe('texts that are no expressions', () => {
  for (const [text, message] of [
    ['', /a value is missing at its end/],
    ['1 +', /a value is missing at its end/],
    ['1 2', /an operator is missing before character 3/],
    ['(1', /"\)" is missing before character 3/],
    ['1 # 2', /character 3 is not expected here/],
    ['p + 1', /p at character 1 is not known; results are named \$p/],
    ['i32 4', /"\(" is missing after i32/],
    [`${'('.repeat(100)}1`, /nested deeper than 50/],
    ['1'.repeat(2000), /longer than 1000 characters/],
  ] as const)
    test(text.slice(0, 20), () => {
      const parsed = parseExpression(text);
      assert.ok('message' in parsed);
      assert.match(parsed.message, message);
    });
});

test('names are found wherever they are used', () => {
  const parsed = parseExpression('i32($p + 4) == -$q && $p');
  assert.ok(!('message' in parsed));
  assert.deepEqual(namesIn(parsed), ['p', 'q']);
});
