/** Operations that damage the host itself: found in runs, reported with parties and a schedule, worse than all else. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HostId } from '../../hosts/index.ts';
import type { SharingModel } from '../../hosts/profile.ts';
import type { ScenarioFile } from '../scenario/scenario.ts';
import type { Call } from '../scenario/steps.ts';
import { explored } from '../testing/run.ts';
import { headlinesOf } from './headlines.ts';

const SEGMENT = `(module (memory (export "memory") 1) (data $d "0123456789")
  (table $t 4 funcref) (elem $e funcref (ref.func $f)) (func $f)
  (func (export "load") (memory.init $d (i32.const 64) (i32.const 0) (i32.const 8)))
  (func (export "load_none") (memory.init $d (i32.const 64) (i32.const 0) (i32.const 0)))
  (func (export "drop") (data.drop $d))
  (func (export "fill") (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1)))
  (func (export "forget") (elem.drop $e)))`;

const GROWTH = `(module (memory (export "memory") 1 4) (table $t 4 8 funcref)
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "grow_zero") (result i32) (memory.grow (i32.const 0)))
  (func (export "size") (result i32) (memory.size))
  (func (export "get") (result i32) (i32.load (i32.const 100)))
  (func (export "put") (i32.store (i32.const 200) (i32.const 1)))
  (func (export "grow_table") (result i32) (table.grow $t (ref.null func) (i32.const 1)))
  (func (export "table_size") (result i32) (table.size $t))
  (func (export "is_null") (result i32) (ref.is_null (table.get $t (i32.const 0)))))`;

const SHARED_GROWTH = `(module (memory (import "env" "memory") 1 4 shared)
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "get") (result i32) (i32.load (i32.const 100))))`;

const REFERENCES = `(module (func $f) (elem declare func $f)
  (func (export "new") (result funcref) (ref.func $f))
  (func (export "nothing")))`;

const calls = (...names: string[]): Call[][] => names.map((name) => [[name]]);

async function hazards(module: string, names: string[], more: Partial<ScenarioFile> = {}): Promise<string[]> {
  const result = await explored(module, { callers: calls(...names), ...more });
  for (const { schedule, a, b, text } of result.hostHazards) {
    assert.notEqual(a.caller, b.caller);
    assert.ok(text.length > 0);
    const again = await explored(module, { callers: calls(...names), ...more }, { schedule });
    assert.equal(again.verdict, 'host-hazard', 'the schedule shows it again');
  }
  const found = [...new Set(result.hostHazards.map(({ kind }) => kind))].sort();
  assert.equal(result.verdict === 'host-hazard', found.length > 0);
  if (found.length > 0) assert.equal(headlinesOf(result)[0], 'host-hazard');
  return found;
}

describe('host hazards on wazero', () => {
  const cases: [module: string, names: string[], expected: string[]][] = [
    [SEGMENT, ['load', 'drop'], ['segment-drop']],
    [SEGMENT, ['fill', 'forget'], ['segment-drop']],
    [SEGMENT, ['drop', 'drop'], []],
    [SEGMENT, ['load', 'load'], []],
    [GROWTH, ['grow', 'get'], ['memory-growth']],
    [GROWTH, ['grow', 'put'], ['memory-growth']],
    [GROWTH, ['grow', 'grow'], ['memory-growth']],
    [GROWTH, ['grow', 'size'], []],
    [GROWTH, ['grow', 'grow_zero'], []],
    [GROWTH, ['get', 'put'], []],
    [GROWTH, ['grow_table', 'is_null'], ['table-growth']],
    [GROWTH, ['grow_table', 'table_size'], []],
    [REFERENCES, ['new', 'new'], ['ref-func']],
    [REFERENCES, ['new', 'nothing'], []],
  ];
  for (const [module, names, expected] of cases)
    test(`${names.join(' || ')}: ${expected.join(', ') || 'none'}`, async () => {
      assert.deepEqual(await hazards(module, names), expected);
    });

  test('references of the host are no race of the guest', async () => {
    const result = await explored(REFERENCES, { callers: calls('new', 'new') });
    assert.deepEqual([result.races, result.wrongOutcome, result.outcomes.serial], [[], false, 1]);
    assert.match(result.hostHazards[0].cell, /references that wazero/);
  });

  test('races and wrong outcomes are told beside it', async () => {
    const result = await explored(GROWTH, { callers: calls('grow', 'grow') });
    assert.deepEqual(headlinesOf(result), ['host-hazard', 'wrong-outcome', 'race']);
    assert.ok(result.races.some(({ kind }) => kind === 'memory.grow'));
  });

  test('an instance each meets nothing; nor does a shared memory that grows', async () => {
    for (const [module, names] of [
      [SEGMENT, ['load', 'drop']],
      [GROWTH, ['grow', 'get']],
      [REFERENCES, ['new', 'new']],
    ] as [string, string[]][])
      assert.deepEqual(await hazards(module, names, { model: 'isolated' }), []);
    assert.deepEqual(await hazards(SHARED_GROWTH, ['grow', 'get'], { model: 'shared-memory' }), []);
    assert.deepEqual(await hazards(SHARED_GROWTH, ['grow', 'get'], { model: 'shared-instance' }), []);
  });
});

test('another host has hazards of its own, or none', async () => {
  const on = (host: HostId, module: string, names: string[]) =>
    hazards(module, names, { host, model: 'shared-instance' satisfies SharingModel });
  assert.deepEqual(await on('wamr', GROWTH, ['grow', 'get']), ['memory-growth', 'overlapping-calls']);
  assert.deepEqual(await on('wamr', SEGMENT, ['load', 'drop']), ['overlapping-calls']);
  assert.deepEqual(await on('wasmedge', REFERENCES, ['new', 'new']), []);
});
