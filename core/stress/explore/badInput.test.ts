/**
 * Guests that misbehave and scenarios that do not fit their module get a clear answer, and do not affect the next run.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explored, failure, runScenario } from '../testing/run.ts';

const COUNTER = `(module (global $n (mut i32) (i32.const 0))
  (func (export "inc") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))`;

describe('guests', () => {
  test('a call that never returns is ended, and it says where it was', async () => {
    const result = await explored('(module (func $f (export "f") (loop $l (br $l))))', { callers: [[['f']], [['f']]] });
    assert.equal(result.verdict, 'hang');
    assert.equal(result.hang?.kind, 'no-return');
    assert.equal(result.functions[result.hang?.lastSeen[0]?.func ?? -1] ?? '$f', '$f');
    assert.ok((result.hang?.lastSeen[0]?.offset ?? -1) > 0);
  });

  test('a trap is a result like any other', async () => {
    const result = await explored('(module (func (export "f") unreachable))', { callers: [[['f']], [['f']]] });
    assert.equal(result.verdict, 'inconclusive');
    assert.deepEqual(result.outcomes.examples[0].results, [['trap: unreachable'], ['trap: unreachable']]);
  });

  test('recursion without end overflows the stack of its caller alone', async () => {
    const result = await explored(
      '(module (func $f (export "f") (call $f)) (func (export "g") (result i32) i32.const 1))',
      {
        callers: [[['f']], [['g']]],
      },
    );
    assert.equal(result.verdict, 'inconclusive');
    assert.match(result.outcomes.examples[0].results[0][0], /call stack|stack/i);
    assert.equal(result.outcomes.examples[0].results[1][0], '1');
  });

  test('growth to the maximum, and beyond what a run may have', async () => {
    const grower = (max: string) => `(module (memory 1 ${max}) (func (export "f") (result i32)
      (loop $l (br_if $l (i32.ne (memory.grow (i32.const 1000)) (i32.const -1)))) (memory.size)))`;
    const small = await explored(grower('5000'), { callers: [[['f']]] });
    assert.deepEqual(small.outcomes.examples[0].results, [['4001']]);
    const huge = await explored(grower('65536'), { callers: [[['f']]] });
    assert.ok(
      huge.notes.some((note) => /2 GiB/.test(note)),
      huge.notes.join('\n'),
    );
  });

  test('accesses out of bounds trap as without the engine', async () => {
    const result = await explored(
      `(module (memory 1) (func (export "f") (param i32) (result i32) (i32.load offset=4294967290 (local.get 0)))
        (func (export "g") (param i32) (i64.store (local.get 0) (i64.const 1))))`,
      { callers: [[['f', 16]], [['g', 65530]]] },
    );
    assert.deepEqual(result.outcomes.examples[0].results, [
      ['trap: memory access out of bounds'],
      ['trap: memory access out of bounds'],
    ]);
  });

  test('a wait that no caller ends is a deadlock', async () => {
    const result = await explored(
      `(module (memory 1 1 shared) (func (export "wait") (result i32)
        (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))`,
      { callers: [[['wait']], [['wait']]] },
    );
    assert.equal(result.verdict, 'hang');
    assert.equal(result.hang?.kind, 'deadlock');
    assert.equal(result.hang?.lastSeen.length, 2);
  });

  test('a wait by one caller alone, with another that never touches the memory', async () => {
    const result = await explored(
      `(module (memory 1 1 shared) (func (export "wait") (result i32)
        (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))) (func (export "pure") (result i32) i32.const 1))`,
      { callers: [[['wait']], [['pure']]] },
    );
    assert.deepEqual([result.verdict, result.hang?.kind], ['hang', 'deadlock']);
  });

  test('a wait with a timeout ends', async () => {
    const result = await explored(
      `(module (memory 1 1 shared) (func (export "wait") (result i32)
        (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 1000))))`,
      { callers: [[['wait']], [['wait']]] },
    );
    assert.equal(result.verdict, 'safe');
    assert.deepEqual(result.outcomes.examples[0].results, [['2'], ['2']]);
  });

  test('spinning on a flag that no caller sets, and on one that another caller sets', async () => {
    const flag = `(module (memory 1 1 shared)
      (func (export "spin") (loop $l (br_if $l (i32.eqz (i32.atomic.load (i32.const 0))))))
      (func (export "set") (i32.atomic.store (i32.const 0) (i32.const 1))))`;
    const never = await explored(flag, { callers: [[['spin']], [['spin']]] });
    assert.equal(never.verdict, 'hang');
    const once = await explored(flag, { callers: [[['spin']], [['set']]] });
    assert.equal(once.verdict, 'safe', JSON.stringify(once.notes));
    assert.equal(once.exhaustive, true);
  });

  test('imports return zero and are named', async () => {
    const result = await explored(
      `(module (import "env" "roll" (func $roll (param i32) (result i64))) (func (export "f") (result i64) (call $roll (i32.const 1))))`,
      { callers: [[['f']], [['f']]] },
    );
    assert.deepEqual(result.imports, { stubbed: ['env.roll'], wasi: [] });
    assert.deepEqual(result.outcomes.examples[0].results, [['0'], ['0']]);
  });

  test('after each of them the next run is clean', async () => {
    const result = await explored(COUNTER, { callers: [[['inc']], [['inc']]] });
    assert.equal(result.verdict, 'race');
    assert.equal(result.wrongOutcome, true);
    assert.equal(result.exhaustive, true);
  });
});

describe('scenarios and modules that cannot be run', () => {
  test('a module that the engine rejects, with the place', async () => {
    const bytes = Uint8Array.from([
      0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 5, 1, 3, 0, 0x6a, 0x0b,
    ]);
    const { kind, message, offset } = await failure(bytes, { callers: [[['f']]] });
    assert.equal(kind, 'invalid-module');
    assert.match(message, /i32\.add|not enough arguments/);
    assert.equal(offset, 23);
  });

  for (const [what, call, pattern] of [
    ['an unknown export', ['ink'], /no export ink; did you mean inc/],
    ['too many arguments', ['inc', 1], /takes 0 arguments \(\), not 1/],
  ] as const) {
    test(what, async () => {
      const { kind, message } = await failure(COUNTER, { callers: [[[...call]]] });
      assert.equal(kind, 'invalid-scenario');
      assert.match(message, pattern);
    });
  }

  test('arguments of the wrong type', async () => {
    const { message } = await failure('(module (func (export "f") (param i32 i64 f32)))', {
      callers: [[['f', 2 ** 40, 'x', 'y']]],
    });
    assert.match(message, /i32/);
    assert.match(message, /i64/);
    assert.match(message, /float/);
  });

  test('a setup that traps', async () => {
    const { kind, message } = await failure('(module (func (export "f") unreachable))', {
      setup: [['f']],
      callers: [[['f']]],
    });
    assert.equal(kind, 'setup');
    assert.match(message, /setup call f\(\) ended with a trap: unreachable/);
  });

  test('cancelled at once', async () => {
    const { kind } = await failure(
      COUNTER,
      { callers: [[['inc']], [['inc']]] },
      { environment: { cancelled: () => true } },
    );
    assert.equal(kind, 'cancelled');
  });

  test('an empty budget proves nothing', async () => {
    const answer = await runScenario(COUNTER, { callers: [[['inc']], [['inc']]], budget: { schedules: 0 } });
    assert.ok('result' in answer);
    assert.deepEqual([answer.result.exhaustive, answer.result.verdict], [false, 'inconclusive']);
  });

  test('a malformed schedule', async () => {
    for (const [schedule, pattern] of [
      ['A3X', /character 3/],
      ['C1', /caller C/],
      ['', /empty/],
    ] as const) {
      const { message } = await failure(COUNTER, { callers: [[['inc']], [['inc']]] }, { schedule });
      assert.match(message, pattern);
    }
  });
});
