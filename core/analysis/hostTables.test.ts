/** Functions of hosts that no call names: they are in a table, or exported again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conflictOf, effectsOf } from './queries.ts';
import { analyseWat } from './testing/facts.ts';

const MODULE = `(module
  (type $time (func (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (type $time)))
  (memory (export "memory") 1) (table 1 funcref) (elem (i32.const 0) $time)
  (func (export "fixed") (drop (call_indirect (type $time) (i32.const 0) (i64.const 0) (i32.const 64) (i32.const 0))))
  (func (export "at") (param i32)
    (drop (call_indirect (type $time) (i32.const 0) (i64.const 0) (local.get 0) (i32.const 0))))
  (func (export "get") (result i32) (i32.load (i32.const 64)))
  (export "again" (func $time)))`;

test('write memory through the table and through the export', async () => {
  const { analysis } = await analyseWat(MODULE, { host: 'wazero', model: 'shared-instance' });
  const positionOf = (name: string): number => analysis.exports.findIndex((one) => one.name === name);
  for (const name of ['fixed', 'at', 'again']) {
    const effects = effectsOf(analysis, analysis.exports[positionOf(name)].func).map((id) => analysis.effects[id]);
    assert.ok(
      effects.some(({ cell, access }) => cell.kind === 'memory' && access === 'write'),
      name,
    );
    assert.ok(conflictOf(analysis, positionOf(name), positionOf('get'), 1) !== undefined, name);
  }
});
