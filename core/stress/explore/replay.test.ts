/** Schedules that were found show the same again, in the same process and in a new one. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { explored, stable } from '../testing/run.ts';

const FOLDER = join(import.meta.dirname, '../../analysis/testing/wazero/modules');
const source = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

const CASES = [
  { module: 'c09_global_inc.wat', callers: [[['inc']], [['inc']]] },
  { module: 'c06_grow.wat', callers: [[['grow']], [['grow']]] },
  { module: 'c08_grow_store.wat', callers: [[['grow']], [['bump', 20]]], probe: [['peek']] },
  { module: 'c24_fill.wat', callers: [[['fill', 1]], [['fill', 2]]] },
  { module: 'c24_fill.wat', callers: [[['fill_at', 0, 1]], [['fill_at', 32, 2]]] },
  { module: 'c15_stack_frame.wat', callers: [[['sum4', 0]], [['sum4', 1000]]] },
  { module: 'c66_transfer.wat', callers: [[['move', 5]], [['total']]] },
] as const;

describe('a schedule that was found', () => {
  for (const { module, ...rest } of CASES) {
    test(`replays ten times out of ten: ${module} ${JSON.stringify(rest.callers)}`, async () => {
      const file = structuredClone(rest) as unknown as Parameters<typeof explored>[1];
      const found = await explored(source(module), file);
      assert.ok(found.schedule);
      assert.equal(found.wrongOutcome, true);
      for (let i = 0; i < 10; i++) {
        const again = await explored(source(module), file, { schedule: found.schedule });
        assert.deepEqual(again.traced, found.traced);
        assert.equal(again.wrongOutcome, true);
        assert.deepEqual(again.trace, found.trace);
      }
    });
  }
});

test('every race of a result shows under its own schedule', async () => {
  const file = { callers: [[['malloc', 4096]], [['malloc', 4096]]], setup: [['malloc', 5000]] } as Parameters<
    typeof explored
  >[1];
  const found = await explored(source('c18_malloc_grow.wat'), file);
  assert.ok(found.races.length > 3);
  for (const race of found.races) {
    const again = await explored(source('c18_malloc_grow.wat'), file, { schedule: race.schedule });
    const same = again.races.some(
      (r) => r.kind === race.kind && new Set([r.a.offset, r.b.offset, race.a.offset, race.b.offset]).size <= 2,
    );
    assert.ok(same, `${race.kind} ${race.cell} ${race.schedule}`);
  }
});

test('sixty-four bit values tear, aligned thirty-two bit ones do not', async () => {
  const torn = await explored(
    `(module (memory 1) (func (export "put") (param i64) (i64.store (i32.const 8) (local.get 0)))
      (func (export "get") (result i64) (i64.load (i32.const 8))))`,
    { callers: [[['put', '-1']], [['get']]] },
  );
  assert.equal(torn.wrongOutcome, true);
  assert.equal(torn.outcomes.wrong[0].results[1][0], '4294967295');
  const whole = await explored(
    `(module (memory 1) (func (export "put") (param i32) (i32.store (i32.const 8) (local.get 0)))
      (func (export "get") (result i32) (i32.load (i32.const 8))))`,
    { callers: [[['put', -1]], [['get']]] },
  );
  assert.deepEqual([whole.verdict, whole.wrongOutcome], ['race', false]);
});

test('threads over one shared memory race on it, not on their globals', async () => {
  const module = `(module (memory (import "env" "memory") 1 1 shared) (global $n (mut i32) (i32.const 0))
    (func (export "global") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
    (func (export "memory") (result i32) (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1))) (i32.load (i32.const 0))))`;
  const own = await explored(module, { model: 'shared-memory', callers: [[['global']], [['global']]] });
  assert.deepEqual(own.races, []);
  const common = await explored(module, { model: 'shared-memory', callers: [[['memory']], [['memory']]] });
  assert.deepEqual([common.verdict, common.wrongOutcome], ['race', true]);
  assert.deepEqual(new Set(common.races.map(({ kind }) => kind)), new Set(['memory']));
});

test('a pool of instances changes what stateful calls mean, and only those', async () => {
  const module = `(module (global $n (mut i32) (i32.const 0)) (func (export "pure") (result i32) i32.const 7)
    (func (export "inc") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))`;
  const result = await explored(module, { model: 'isolated', callers: [[['inc'], ['pure']], [['inc']]] });
  assert.equal(result.verdict, 'safe');
  // Both callers have used the instance before: the unit is all that a caller does.
  assert.deepEqual(result.pool, [{ call: 'inc()', fresh: '1', used: '3' }]);
});

test('state that a caller sets up itself is not a difference', async () => {
  const module = `(module (global $n (mut i32) (i32.const 0)) (func (export "get") (result i32) (global.get $n))
    (func (export "put") (param i32) (global.set $n (local.get 0))))`;
  const calls = (value: number): [string, ...number[]][] => [['put', value], ['get']];
  const { pool, poolCheck } = await explored(module, { callers: [calls(1), calls(2)] });
  assert.deepEqual([pool, poolCheck], [[], { sequences: 2, complete: true, returns: true, leavesState: true }]);
  const alone = await explored(module, { callers: [calls(1), [['get']]] });
  assert.deepEqual(alone.pool, [{ call: 'get()', fresh: '0', used: '1' }]);
});

test('an instance that changes only after some use', async () => {
  const module = `(module (global $n (mut i32) (i32.const 0)) (func (export "f") (result i32)
    (global.set $n (i32.add (global.get $n) (i32.const 1))) (i32.gt_u (global.get $n) (i32.const 2))))`;
  const { pool } = await explored(module, { callers: [[['f']], [['f']]] });
  assert.deepEqual(pool, [{ call: 'f()', fresh: '0', used: '1' }]);
});

test('calls that wait for each other are not compared', async () => {
  const module = `(module (memory 1 1 shared) (func (export "wait")
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
    (func (export "wake") (i32.atomic.store (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))))`;
  const { poolCheck } = await explored(module, { callers: [[['wait']], [['wake']]] });
  assert.deepEqual([poolCheck?.complete, poolCheck?.returns], [false, false]);
});

test('a race of the host remains with an instance for each caller', async () => {
  const module = `(module (import "wasi_snapshot_preview1" "random_get" (func $r (param i32 i32) (result i32)))
    (memory (export "memory") 1) (func (export "f") (param i32) (drop (call $r (local.get 0) (i32.const 4)))))`;
  const { remedies, races } = await explored(module, { callers: [[['f', 0]], [['f', 64]]] });
  assert.deepEqual(
    races.map(({ kind }) => kind),
    ['host'],
  );
  assert.deepEqual(remedies.isolated?.races, ['host']);
});

test('an exploration and its replay agree except for counts', async () => {
  const file = { callers: [[['inc']], [['inc']]] } as Parameters<typeof explored>[1];
  const [a, b] = [await explored(source('c12_mem_rmw.wat'), file), await explored(source('c12_mem_rmw.wat'), file)];
  assert.deepEqual(stable(a), stable(b));
});
