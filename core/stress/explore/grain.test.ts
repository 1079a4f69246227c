/** Operations that a host performs in parts, and cells other than memory and globals. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explored } from '../testing/run.ts';

const kinds = ({ races }: { races: { kind: string }[] }): string[] =>
  [...new Set(races.map(({ kind }) => kind))].sort();

describe('in parts', () => {
  test('a v128 global is two words', async () => {
    const result = await explored(
      `(module (global $v (mut v128) (v128.const i64x2 0 0))
        (func (export "set") (param i64) (global.set $v (i64x2.splat (local.get 0))))
        (func (export "get") (result i64 i64) (local $x v128) (local.set $x (global.get $v))
          (i64x2.extract_lane 0 (local.get $x)) (i64x2.extract_lane 1 (local.get $x))))`,
      { callers: [[['set', '7']], [['get']]] },
    );
    assert.deepEqual(kinds(result), ['global']);
    assert.ok(
      result.outcomes.wrong.some(({ results }) => results[1][0] === '(7, 0)'),
      JSON.stringify(result.outcomes),
    );
  });

  test('a v128 in memory tears in the middle', async () => {
    const result = await explored(
      `(module (memory 1) (func (export "set") (v128.store (i32.const 16) (v128.const i64x2 1 1)))
        (func (export "get") (result i64 i64) (local $x v128) (local.set $x (v128.load (i32.const 16)))
          (i64x2.extract_lane 0 (local.get $x)) (i64x2.extract_lane 1 (local.get $x))))`,
      { callers: [[['set']], [['get']]] },
    );
    assert.ok(result.outcomes.wrong.some(({ results }) => results[1][0] === '(1, 0)'));
  });

  test('two callers that grow a table get the same old size, and a slot written meanwhile is lost', async () => {
    const table = `(module (table $t 1 100 funcref) (elem declare func $f) (func $f)
      (func (export "grow") (result i32) (table.grow $t (ref.null func) (i32.const 1)))
      (func (export "set") (table.set $t (i32.const 0) (ref.func $f)))
      (func (export "isSet") (result i32) (i32.eqz (ref.is_null (table.get $t (i32.const 0))))))`;
    const growers = await explored(table, { callers: [[['grow']], [['grow']]] });
    assert.deepEqual(kinds(growers), ['table.grow']);
    assert.ok(growers.outcomes.wrong.some(({ results }) => results[0][0] === '1' && results[1][0] === '1'));
    const writer = await explored(table, { callers: [[['grow']], [['set']]], probe: [['isSet']] });
    assert.deepEqual(kinds(writer), ['table.grow']);
    assert.ok(writer.outcomes.wrong.some(({ probe }) => probe[0] === '0'));
  });

  test('on a host whose growth does not move a memory nothing is lost', async () => {
    const module = `(module (memory 1 10) (func (export "grow") (result i32) (memory.grow (i32.const 1)))
      (func (export "put") (i32.store (i32.const 0) (i32.const 1))) (func (export "get") (result i32) (i32.load (i32.const 0))))`;
    const moved = await explored(module, { callers: [[['grow']], [['put']]], probe: [['get']] });
    assert.equal(moved.wrongOutcome, true);
    const kept = await explored(module, { host: 'javascript', callers: [[['grow']], [['put']]], probe: [['get']] });
    assert.equal(kept.wrongOutcome, false);
  });
});

describe('segments', () => {
  const module = `(module (memory 1) (data $d "\\01\\02\\03\\04")
    (func (export "init") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 4)))
    (func (export "drop") (data.drop $d)))`;

  test('a drop against an init is a race of the segment', async () => {
    const result = await explored(module, { callers: [[['init']], [['drop']]] });
    assert.ok(kinds(result).includes('segment'), kinds(result).join());
    assert.deepEqual(
      new Set(result.outcomes.examples.map(({ results }) => results[0][0])),
      new Set(['()', 'trap: memory access out of bounds']),
    );
  });

  test('a dropped segment is restored for the next execution', async () => {
    const result = await explored(module, { callers: [[['drop'], ['init']], [['init']]] });
    assert.equal(result.verdict, 'host-hazard');
    assert.equal(result.exhaustive, true);
  });
});

test('atomics of different widths on one cell are not atomic to each other', async () => {
  const module = `(module (memory 1 1 shared) (func (export "word") (i32.atomic.store (i32.const 0) (i32.const 1)))
    (func (export "byte") (i32.atomic.store8 (i32.const 0) (i32.const 1))) (func (export "load") (result i32) (i32.atomic.load (i32.const 0))))`;
  assert.deepEqual(kinds(await explored(module, { callers: [[['word']], [['byte']]] })), ['memory']);
  assert.deepEqual(kinds(await explored(module, { callers: [[['word']], [['load']]] })), []);
});

test('a release orders what came before it, a failed exchange releases nothing', async () => {
  const module = (publish: string) => `(module (memory 1 1 shared)
    (func (export "put") (i32.store (i32.const 64) (i32.const 7)) ${publish})
    (func (export "take") (result i32) (if (i32.atomic.load (i32.const 0)) (then (return (i32.load (i32.const 64))))) (i32.const -1)))`;
  const stored = await explored(module('(i32.atomic.store (i32.const 0) (i32.const 1))'), {
    callers: [[['put']], [['take']]],
  });
  assert.deepEqual([stored.verdict, stored.exhaustive], ['safe', true]);
  const failed = `(module (memory 1 1 shared) (data (i32.const 0) "\\01")
    (func (export "put") (i32.store (i32.const 64) (i32.const 7)) (drop (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1))))
    (func (export "take") (result i32) (if (i32.atomic.load (i32.const 0)) (then (return (i32.load (i32.const 64))))) (i32.const -1)))`;
  assert.deepEqual(kinds(await explored(failed, { callers: [[['put']], [['take']]] })), ['memory']);
});
