/**
 * Which words the hammer compares: those that only concurrent calls change, too, where memory grew in those rounds, and
 * not those that hold frames of calls that have returned.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hammered, hammeredUntil, isWrong, withPause } from './testing/hammer.ts';

/** `a` raises a flag for a while; `meets` in `b` is true only if both run at the same time. */
const meeting = (b: string, more = ''): string =>
  withPause(`(module (memory 1 100) ${more}
  (func $meets (result i32) (call $pause) (call $pause) (i32.atomic.load (i32.const 0)))
  (func (export "a")
    (call $pause) (i32.atomic.store (i32.const 0) (i32.const 1))
    (call $pause) (call $pause)
    (i32.atomic.store (i32.const 0) (i32.const 0)))
  (func (export "b") ${b}))`);
const BOTH = { callers: [[['a']], [['b']]] } satisfies { callers: [string][][] };

describe('a word that only rounds change in which memory grows', () => {
  const GROW = '(drop (memory.grow (i32.const 1)))';
  const CASES: [name: string, b: string, state: string][] = [
    [
      'is state',
      `${GROW} (if (call $meets) (then (i32.store (i32.const 100) (i32.const 1))))`,
      'memory[0] 0x64 is 1, 0 in serial order AB',
    ],
    [
      'is state where memory began only then',
      `${GROW} (if (call $meets) (then (i32.store (i32.const 65636) (i32.const 1))))`,
      'memory[0] 0x10064 is 1, 0 in serial order AB',
    ],
    [
      'is state where every order changes its neighbour',
      `${GROW} (i32.store (i32.const 65640) (i32.const 5))
       (if (call $meets) (then (i32.store (i32.const 65536) (i32.const 9))))`,
      'memory[0] 0x10000 is 9, 0 in serial order AB',
    ],
  ];
  for (const [name, b, state] of CASES) {
    test(name, async () => {
      const result = await hammeredUntil(meeting(b), BOTH, isWrong);
      const [worst] = result.outcomes;
      assert.deepEqual([worst.kind, worst.results, worst.state], ['wrong-state', [['()'], ['()']], [state]]);
    });
  }

  test('is state where only some of those rounds grow', async () => {
    const b = `(if (call $meets) (then ${GROW} (i32.store (i32.const 65700) (i32.const 3))))`;
    const result = await hammeredUntil(meeting(b), BOTH, isWrong);
    assert.deepEqual(result.outcomes[0].state, [
      'the size of memory[0] is 131072 bytes, 65536 in serial order AB',
      'memory[0] 0x100a4 is 3, 0 in serial order AB',
    ]);
  });

  test('and that ends as every order leaves it is no wrong outcome', async () => {
    const b = `${GROW} (if (call $meets) (then (i32.store (i32.const 100) (i32.const 1))))
      (i32.store (i32.const 100) (i32.const 0))`;
    const result = await hammered(meeting(b), BOTH);
    assert.deepEqual([result.verdict, result.seen, result.serial], ['none-seen', 1, 1]);
  });
});

describe('frames of calls that only meeting callers make', () => {
  const POINTER = '(global $__stack_pointer (mut i32) (i32.const 65536))';
  const frame = (bytes: number, inside: string): string => `
    (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const ${bytes})))
    (i32.store (global.get $__stack_pointer) (i32.const 77)) ${inside}
    (global.set $__stack_pointer (i32.add (global.get $__stack_pointer) (i32.const ${bytes})))`;
  const onlyThen = `(if (call $meets) (then ${frame(8192, '')}))`;
  for (const [name, b] of [
    ['are no state', onlyThen],
    ['are no state below those of other calls', frame(16, onlyThen)],
  ]) {
    test(name, async () => {
      const result = await hammeredUntil(meeting(b, POINTER), BOTH, ({ rounds }) => rounds >= 100);
      assert.deepEqual([result.verdict, result.outcomes.map(({ kind }) => kind)], ['none-seen', ['serial']]);
    });
  }
});

describe('the payload of a NaN', () => {
  // The compilers of an engine fold constants differently: `f32.add (f32.const nan:0x400001) x` keeps the payload or not.
  for (const [type, nan] of [
    ['f32', 'nan:0x400001'],
    ['f64', 'nan:0x8000000000001'],
  ]) {
    test(`in a global of type ${type} is no state`, async () => {
      const source = `(module (global $g (mut ${type}) (${type}.const 1)) (global $n (mut i32) (i32.const 0))
        (func (export "f") (local i32) (local.set 0 (i32.const 300))
          (loop $l
            (global.set $g (${type}.add (${type}.const ${nan}) (${type}.convert_i32_s (local.get 0))))
            (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`;
      const result = await hammeredUntil(source, { callers: [[['f']], [['f']]] }, ({ rounds }) => rounds >= 1000);
      assert.deepEqual([result.verdict, result.outcomes.map(({ kind }) => kind)], ['none-seen', ['serial']]);
    });
  }
});
