/** What results rest on, and what cannot be called safe because callers could meet in it unobserved. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ScenarioFile } from '../scenario/scenario.ts';
import type { Call } from '../scenario/steps.ts';
import { explored, type RunMore } from '../testing/run.ts';

const IMPORTED = `(module (import "env" "get" (func $get (result i32))) (import "env" "put" (func $put (param i32)))
  (global $sum (mut i32) (i32.const 0))
  (func (export "get") (result i32) (call $get))
  (func (export "put") (call $put (call $get)))
  (func (export "add") (global.set $sum (i32.add (global.get $sum) (call $get))))
  (func (export "pure") (result i32) (i32.const 1)))`;

const OBJECTS = `(module (type $box (struct (field (mut i32)))) (type $row (array (mut i32)))
  (global $kept (ref $box) (struct.new $box (i32.const 0)))
  (func $bump (struct.set $box 0 (global.get $kept) (i32.add (struct.get $box 0 (global.get $kept)) (i32.const 1))))
  (func (export "count") (call $bump))
  (func (export "read") (result i32) (struct.get $box 0 (global.get $kept)))
  (func (export "pure") (result i32) (i32.const 1)))`;

const OWN_OBJECTS = `(module (type $row (array (mut i32)))
  (func $sum (result i32) (local $r (ref $row))
    (local.set $r (array.new $row (i32.const 3) (i32.const 4)))
    (array.set $row (local.get $r) (i32.const 0) (i32.const 7))
    (array.get $row (local.get $r) (i32.const 0)))
  (func (export "sum") (result i32) (call $sum)))`;

const TABLES = `(module (table $t (export "table") 2 funcref) (table $own 2 funcref) (elem (table $t) (i32.const 0) func $f)
  (elem (table $own) (i32.const 0) func $f)
  (type $n (func (result i32))) (func $f (result i32) (i32.const 5))
  (func (export "through") (result i32) (call_indirect $t (type $n) (i32.const 0)))
  (func (export "inside") (result i32) (call_indirect $own (type $n) (i32.const 0))))`;

const calls = (...names: string[]): Call[][] => names.map((name) => [[name]]);

const run = (module: string, names: string[], more: Partial<ScenarioFile> = {}, job: RunMore = {}) =>
  explored(module, { callers: calls(...names), ...more }, job);

describe('a result rests on', () => {
  const cases: [module: string, names: string[], expected: string[]][] = [
    [IMPORTED, ['pure', 'pure'], []],
    [IMPORTED, ['get', 'pure'], ['`env.get` was stubbed to return zero']],
    [IMPORTED, ['put', 'pure'], ['`env.get` and `env.put` were stubbed to return zero']],
    [TABLES, ['inside', 'inside'], []],
    [TABLES, ['through', 'inside'], ['`$t` is exported: what code outside of the module does with it was not run']],
    [OWN_OBJECTS, ['sum', 'sum'], ['objects of the garbage collector, which `$sum` can write, were not watched']],
  ];
  for (const [module, names, expected] of cases)
    test(`${names.join(' || ')}: ${expected.join() || 'nothing else'}`, async () => {
      const result = await run(module, names);
      assert.equal(result.verdict, 'safe');
      assert.deepEqual(result.restsOn, expected);
    });
});

describe('calls that can meet unobserved are not called safe', () => {
  test('in objects that a global holds', async () => {
    for (const names of [
      ['count', 'count'],
      ['count', 'read'],
    ]) {
      const result = await run(OBJECTS, names, { budget: { schedules: 200 } });
      assert.equal(result.verdict, 'inconclusive', names.join());
      assert.deepEqual(result.defects, [], 'objects that are not restored are no defect of the engine');
      assert.ok(result.notes.some((note) => /objects of the garbage collector, which `\$bump` can write/.test(note)));
    }
  });

  test('but are where only one of them, or none, touches such objects, or each has an instance', async () => {
    assert.equal((await run(OBJECTS, ['read', 'read'])).verdict, 'safe');
    assert.equal((await run(OBJECTS, ['pure', 'pure'])).verdict, 'safe');
    assert.equal((await run(OBJECTS, ['pure', 'count'], { model: 'cooperative', host: 'javascript' })).verdict, 'safe');
    const apart = await run(OBJECTS, ['read', 'read'], { model: 'isolated' });
    assert.equal(apart.verdict, 'safe');
  });

  const imports = { env: { get: () => 2, put: () => {} } };
  const given: Partial<ScenarioFile> = { imports: { module: 'given.js' } };

  test('in functions of the scenario', async () => {
    const result = await run(IMPORTED, ['get', 'get'], given, { imports });
    assert.equal(result.verdict, 'inconclusive');
    assert.deepEqual(result.restsOn, ['`env.get` of given.js: each call was one step']);
    assert.ok(result.notes.some((note) => /callers can meet in `env\.get` of given\.js/.test(note)));
  });

  test('but what was found stays found, and one caller meets nobody', async () => {
    assert.equal((await run(IMPORTED, ['add', 'add'], given, { imports })).verdict, 'race');
    assert.equal((await run(IMPORTED, ['pure', 'pure'], given, { imports })).verdict, 'safe');
    assert.equal((await run(IMPORTED, ['get'], given, { imports })).verdict, 'safe');
  });
});
