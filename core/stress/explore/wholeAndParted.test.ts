/**
 * Operations that are checked as a whole before they are performed in parts, and callers that are woken between two
 * operations: small cases in which the order of these matters.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HostId } from '../../hosts/index.ts';
import { explored } from '../testing/run.ts';
import type { StressResult } from './result.ts';

/** Callers `a`, `b`, ... of one call each. */
const run = (source: string, exports: readonly string[], host: HostId = 'wazero'): Promise<StressResult> =>
  explored(source, { host, callers: exports.map((name) => [[name]]) });

const kinds = ({ races }: StressResult): string[] => [...new Set(races.map(({ kind }) => kind))].sort();

describe('operations on tables', () => {
  const source = `(module (table $t 2 4 funcref) (table $u 2 2 funcref) (elem $e funcref (ref.null func) (ref.null func))
    (func (export "copy") (table.copy $t $u (i32.const 0) (i32.const 1) (i32.const 2)))
    (func (export "init") (table.init $t $e (i32.const 1) (i32.const 0) (i32.const 2)))
    (func (export "drop") (elem.drop $e))
    (func (export "grow") (drop (table.grow $t (ref.null func) (i32.const 1))))
    (func (export "get") (result i32) (ref.is_null (table.get $t (i32.const 0)))))`;

  test('a copy from beyond a table that nothing changes traps and writes nothing', async () => {
    const result = await run(source, ['copy', 'get']);
    assert.deepEqual(result.races, []);
    assert.deepEqual([result.exhaustive, result.outcomes.seen], [true, 1]);
  });

  test('an init beyond the table fits once the table has grown meanwhile', async () => {
    const result = await run(source, ['init', 'grow']);
    assert.deepEqual([kinds(result), result.outcomes.serial, result.outcomes.seen], [['table.grow'], 2, 2]);
    assert.deepEqual(
      result.hostHazards.map(({ kind }) => kind),
      ['table-growth'],
    );
  });

  test('an init beside a drop of its segment, in a table that is too small until it grows', async () => {
    const result = await run(source, ['init', 'drop', 'grow']);
    assert.deepEqual([result.verdict, kinds(result)], ['host-hazard', ['segment', 'table.grow']]);
    assert.deepEqual([...new Set(result.hostHazards.map(({ kind }) => kind))].sort(), ['segment-drop', 'table-growth']);
    assert.ok(result.exhaustive);
  });
});

describe('misaligned atomics', () => {
  test('a notification traps', async () => {
    const source = `(module (memory 1 1 shared)
      (func (export "a") (result i32) (memory.atomic.notify (i32.const 5) (i32.const 1)))
      (func (export "b")))`;
    const result = await run(source, ['a', 'b']);
    const [example] = result.outcomes.examples;
    assert.equal(example.results[0][0], 'trap: operation does not support unaligned accesses');
  });
});

describe('copies over their own source', () => {
  const source = (to: number, from: number): string => `(module (memory 1)
    (data (i32.const 0) "\\01\\02\\03\\04")
    (func (export "copy") (memory.copy (i32.const ${to}) (i32.const ${from}) (i32.const 3)))
    (func (export "read") (result i32) (i32.load (i32.const 0))))`;

  for (const [to, from, after] of [
    [0, 1, 0x04040302],
    [1, 0, 0x03020101],
  ] as const)
    test(`are torn, and leave what a whole one leaves: from ${from} to ${to}`, async () => {
      const result = await run(source(to, from), ['copy', 'read']);
      assert.deepEqual([kinds(result), result.wrongOutcome, result.exhaustive], [['memory'], true, true]);
      const serial = result.outcomes.examples.map(({ results }) => Number(results[1][0])).sort();
      assert.deepEqual(serial, [after, 0x04030201].sort());
      // None but the final state of a whole copy.
      assert.ok(result.outcomes.wrong.every(({ state }) => state.length === 0));
    });
});

describe('a caller that was woken', () => {
  test('performs its next operation only when it is chosen: schedules of what it does then replay', async () => {
    const source = `(module (memory 1 1 shared)
      (func (export "wait") (result i32) (drop (memory.atomic.wait64 (i32.const 0) (i64.const 0) (i64.const -1)))
        (i32.load (i32.const 0)))
      (func (export "wake") (drop (memory.atomic.notify (i32.const 0) (i32.const -1)))
        (i64.store (i32.const 0) (i64.const 1))))`;
    const result = await run(source, ['wait', 'wake']);
    assert.deepEqual(result.defects, []);
    assert.deepEqual([result.verdict, kinds(result)], ['hang', ['memory']]);
    const alone = await explored(
      source,
      { host: 'wazero', callers: [[['wait']], [['wake']]] },
      { schedule: 'A1B2A1B1' },
    );
    // Read between the halves of the store.
    assert.deepEqual(alone.traced?.results, [['1'], ['()']]);
  });
});
