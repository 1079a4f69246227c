/**
 * Operations whose effect depends on what others do while their caller stands before them: bounds checks, growth,
 * dropped segments, waits and notifications. Each case was once answered wrongly.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Call } from '../scenario/steps.ts';
import { explored } from '../testing/run.ts';
import type { StressResult } from './result.ts';

function run(name: string, a: string, b: string, more: { probe?: Call[]; host?: 'wazero' | 'javascript' } = {}) {
  const source = readFileSync(join(import.meta.dirname, `cases/${name}.wat`), 'utf8');
  return explored(source, { host: 'wazero', ...more, callers: [[[a]], [[b]]] });
}

const kinds = ({ races }: StressResult): string[] => [...new Set(races.map(({ kind }) => kind))].sort();
const wrongResults = ({ outcomes }: StressResult): string[] =>
  outcomes.wrong.map(({ results, probe }) => [...results.flat(), ...probe].join(' ')).sort();

describe('waits and notifications', () => {
  test('a notification between check and wait is lost', async () => {
    const result = await run('lost-wakeup2', 'consume', 'produce');
    assert.deepEqual([result.verdict, result.hang?.kind, result.hang?.schedule], ['hang', 'deadlock', 'A1B2A1']);
  });

  test('timed waits run out in any order', async () => {
    const result = await run('timeouts', 'a', 'b');
    assert.deepEqual([result.exhaustive, result.wrongOutcome], [true, true]);
    assert.deepEqual(wrongResults(result), ['1 0']);
  });
});

describe('bounds checks read the extent', () => {
  test('of an unshared memory: a race with growth, and both outcomes are serial', async () => {
    const result = await run('oob-grow', 'use', 'grow');
    assert.deepEqual([result.verdict, kinds(result)], ['host-hazard', ['memory.grow']]);
    assert.deepEqual([result.outcomes.serial, result.outcomes.seen, result.exhaustive], [2, 2, true]);
  });

  test('of a table', async () => {
    const result = await run('oob-table', 'use', 'grow');
    assert.deepEqual([result.verdict, kinds(result)], ['host-hazard', ['table.grow']]);
    assert.deepEqual([result.outcomes.serial, result.outcomes.seen], [2, 2]);
  });

  test('of a shared memory: no race, but an outcome beyond the serial ones', async () => {
    const result = await run('oob-grow2', 'use', 'grow');
    assert.deepEqual([result.races.length, result.wrongOutcome], [0, true]);
    assert.deepEqual(wrongResults(result), ['1 0']);
  });

  test('an init that traps writes nothing', async () => {
    const result = await run('init-trap-race', 'init', 'set');
    assert.deepEqual([result.races.length, result.exhaustive], [0, true]);
  });

  test('a segment that is dropped while an init stands before it is empty', async () => {
    const result = await run('init-drop', 'init', 'drop');
    assert.deepEqual([kinds(result), result.outcomes.serial, result.outcomes.seen], [['segment'], 2, 2]);
  });
});

describe('growth', () => {
  test('is refused by the size that it reads, not by one that was read before', async () => {
    const result = await run('grow-refused', 'a', 'b');
    const seen = wrongResults(result);
    // A grows by two and then by one, although B grew by one: B had published an older size.
    assert.ok(
      seen.includes('13 1') || seen.includes('12 1') || seen.some((one) => !one.includes('-1')),
      seen.join('; '),
    );
  });

  test('between the halves of a store loses one of them', async () => {
    const result = await run('grow-store-torn', 'put', 'grow', { probe: [['get']] });
    assert.ok(
      wrongResults(result).some((one) => /\b(7|30064771072)$/.test(one)),
      wrongResults(result).join('; '),
    );
  });
});

describe('counting, exploring and replaying agree about what an operation is', () => {
  for (const name of ['v128-private', 'v128-none'])
    test(name, async () => {
      const result = await run(name, 'a', 'b');
      assert.deepEqual([result.verdict, result.wrongOutcome], ['non-atomic', true]);
      assert.deepEqual(wrongResults(result), ['0 0']);
    });
});

describe('spinning', () => {
  test('a bounded loop of reads is explored to its end', async () => {
    const result = await run('spin', 'a', 'b');
    assert.deepEqual([result.verdict, result.exhaustive, result.wrongOutcome], ['non-atomic', true, true]);
    assert.ok(wrongResults(result).includes('0 1'), wrongResults(result).join('; '));
  });

  test('a longer one is not, and the result says so', async () => {
    const source = readFileSync(join(import.meta.dirname, 'cases/spin.wat'), 'utf8').replace(
      'i32.const 12',
      'i32.const 1200',
    );
    const result = await explored(source, { callers: [[['a']], [['b']]] });
    assert.equal(result.exhaustive, false);
    assert.match(result.notes.join(' '), /may also end after a number of iterations/);
  });

  test('a loop that only waits costs nothing', async () => {
    const result = await explored(
      `(module (memory 1 1 shared)
        (func $try (result i32) (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1)))
        (func $lock (loop $l (br_if $l (call $try))))
        (func (export "inc") (result i32) (local $x i32) (call $lock)
          (local.set $x (i32.add (i32.load (i32.const 64)) (i32.const 1))) (i32.store (i32.const 64) (local.get $x))
          (i32.atomic.store (i32.const 0) (i32.const 0)) (local.get $x)))`,
      { callers: [[['inc']], [['inc']]] },
    );
    assert.deepEqual([result.verdict, result.exhaustive], ['safe', true]);
  });
});
