/**
 * A shadow stack that only some schedules use to its depth: dead frames are no state, and what is no dead frame is. The
 * stack and a variable lie so that the variable is among the frames that two callers may leave, once these are known.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Call } from '../scenario/steps.ts';
import { explored } from '../testing/run.ts';

/** The reader uses 256 bytes of the stack where it reads `deep`, which is never there in a serial order; else 16. */
const source = (deep: number): string => `(module
  (memory (export "memory") 1)
  (global $__stack_pointer (export "__stack_pointer") (mut i32) (i32.const 1024))
  (func $frame (param $size i32) (local $p i32)
    (global.set $__stack_pointer (local.tee $p (i32.sub (global.get $__stack_pointer) (local.get $size))))
    (i32.store (local.get $p) (i32.const 7))
    (global.set $__stack_pointer (i32.add (local.get $p) (local.get $size))))
  (func (export "read") (result i32) (local $f i32)
    (call $frame (i32.const 16))
    (local.set $f (i32.load (i32.const 2048)))
    (if (i32.eq (local.get $f) (i32.const ${deep})) (then (call $frame (i32.const 256))))
    (local.get $f))
  (func (export "write")
    (i32.store (i32.const 2048) (i32.const 1))
    (i32.store (i32.const 700) (i32.const 5))
    (i32.store (i32.const 2048) (i32.const 2))
    (i32.store (i32.const 700) (i32.const 9))
    (i32.store (i32.const 2048) (i32.const 0))))`;

const READ: Call[] = [['read']];
const WRITE: Call[] = [['write']];

describe('a stack that is deeper in some schedules', () => {
  for (const deep of [1, 2])
    for (const [name, callers] of [
      ['reader first', [READ, WRITE]],
      ['writer first', [WRITE, READ]],
    ] as const)
      test(`deep at ${deep}, ${name}: only what is read in between is wrong`, async () => {
        const { outcomes, defects, exhaustive } = await explored(source(deep), { callers: [...callers] });
        const reader = callers[0] === READ ? 0 : 1;
        assert.deepEqual(outcomes.wrong.map(({ results }) => results[reader].join()).sort(), ['1', '2']);
        assert.deepEqual([defects, exhaustive, outcomes.seen], [[], true, 3]);
      });

  test('is known to a replay', async () => {
    const callers = [READ, WRITE];
    const { schedule } = await explored(source(2), { callers });
    const again = await explored(source(2), { callers }, { schedule: schedule ?? '' });
    assert.deepEqual([again.outcomes.wrong.length, again.defects], [1, []]);
    const serial = await explored(source(2), { callers }, { schedule: 'A9B9' });
    assert.deepEqual([serial.outcomes.wrong, serial.outcomes.seen], [[], 1]);
  });
});
