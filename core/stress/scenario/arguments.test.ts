/** Arguments of scenarios: what is refused, and what the engine is given. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { F32, F64, I32, I64, V128, type ValType } from '../../wasm/types.ts';
import { argumentProblem, toEngineArguments } from './arguments.ts';
import type { Argument } from './steps.ts';

const CASES: [string, ValType, Argument[], Argument[]][] = [
  ['i32', I32, [0, -(2 ** 31), 2 ** 32 - 1], [2 ** 32, -(2 ** 31) - 1, 0.5, '1', null]],
  [
    'i64',
    I64,
    [0, Number.MAX_SAFE_INTEGER, '-9223372036854775808', '18446744073709551615'],
    [2 ** 53, 0.5, '-9223372036854775809', '18446744073709551616', '0x10', '', null],
  ],
  ['f32', F32, [0.5, -1, 'nan', 'inf', '-inf'], ['NaN', '1', 'constructor', 'toString', null]],
  ['f64', F64, [1e300, 'nan'], ['__proto__', null]],
  ['v128', V128, [], [0, '0', null]],
];

for (const [name, type, good, bad] of CASES) {
  test(`what fits ${name}`, () => {
    for (const argument of good) assert.equal(argumentProblem(argument, type), undefined, String(argument));
    for (const argument of bad) assert.ok(argumentProblem(argument, type), `${argument} was taken`);
  });
}

test('a long argument is shortened in messages', () => {
  assert.ok((argumentProblem('9'.repeat(100_000), I64) ?? '').length < 200);
});

test('arguments become what JavaScript passes', () => {
  const made = toEngineArguments(['f', -1, 7, '18446744073709551615', '-inf', 2.5], [I32, I64, I64, F32, F64]);
  assert.deepEqual(made, [-1, 7n, 18446744073709551615n, Number.NEGATIVE_INFINITY, 2.5]);
  assert.ok(Number.isNaN(toEngineArguments(['f', 'nan'], [F64])[0]));
});
