/** Segments that calls drop, and those that instantiation has dropped, as the specification has them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ScenarioFile } from '../scenario/scenario.ts';
import { explored } from '../testing/run.ts';

const ARRAYS = `(module (type $bytes (array (mut i8))) (type $funcs (array (mut funcref)))
  (data $d "abc") (elem $e func $f) (func $f)
  (func (export "new_data") (param i32) (result i32)
    (array.len (array.new_data $bytes $d (i32.const 0) (local.get 0))))
  (func (export "new_elem") (param i32) (result i32)
    (array.len (array.new_elem $funcs $e (i32.const 0) (local.get 0))))
  (func (export "init_data") (param i32)
    (array.init_data $bytes $d (array.new_default $bytes (i32.const 4)) (i32.const 0) (i32.const 0) (local.get 0)))
  (func (export "init_elem") (param i32)
    (array.init_elem $funcs $e (array.new_default $funcs (i32.const 4)) (i32.const 0) (i32.const 0) (local.get 0)))
  (func (export "drop") (data.drop $d) (elem.drop $e)))`;

const READERS = ['new_data', 'new_elem', 'init_data', 'init_elem'];

describe('arrays that are made of segments', () => {
  for (const name of READERS) {
    test(`${name} meets the drop of its segment`, async () => {
      const { races, hostHazards, outcomes } = await explored(ARRAYS, { callers: [[[name, 1]], [['drop']]] });
      assert.deepEqual(
        races.map(({ kind, cell }) => [kind, cell]),
        [['segment', /data/.test(name) ? '$d' : '$e']],
      );
      assert.deepEqual(
        hostHazards.map(({ kind }) => kind),
        ['segment-drop'],
      );
      assert.equal(outcomes.serial, 2, 'a trap behind the drop');
    });

    test(`${name} of what was dropped traps, unless it copies nothing`, async () => {
      const calls = [['drop'], [name, 0], [name, 1]] as ScenarioFile['callers'][number];
      const { outcomes } = await explored(ARRAYS, { callers: [calls] });
      const [[, nothing, trap]] = outcomes.examples[0].results;
      assert.match(nothing, /^(0|\(\))$/);
      assert.match(trap, /^trap: (data|element) segment out of bounds$/);
    });
  }
});

const ACTIVE = `(module (memory 1) (table 4 funcref) (func $f)
  (data $d (i32.const 0) "abcd") (elem $e (i32.const 0) func $f $f) (elem $declared declare func $f)
  (func (export "memory") (memory.init $d (i32.const 8) (i32.const 0) (i32.const 4)))
  (func (export "table") (table.init $e (i32.const 1) (i32.const 0) (i32.const 2)))
  (func (export "declared") (table.init $declared (i32.const 1) (i32.const 0) (i32.const 1)))
  (func (export "write") (i32.store (i32.const 8) (i32.const 1)) (table.set (i32.const 1) (ref.null func)))
  (func (export "read") (result i32) (i32.load (i32.const 8))))`;

test('segments that are not passive are gone after instantiation, also where others use what a copy would write', async () => {
  for (const name of ['memory', 'table', 'declared']) {
    const { outcomes, defects, wrongOutcome, races } = await explored(ACTIVE, {
      callers: [[[name], ['read']], [['write']]],
    });
    assert.deepEqual([defects, wrongOutcome], [[], false], name);
    assert.ok(outcomes.examples.every(({ results }) => /^trap: .*out of bounds$/.test(results[0][0])));
    assert.ok(
      races.every(({ a, b }) => ![a.op, b.op].some((op) => op.endsWith('.init'))),
      'nothing is written',
    );
  }
});
