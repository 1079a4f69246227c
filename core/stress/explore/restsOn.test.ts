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

describe('instances that import state from one instance', () => {
  const module = `(module (type $n (func (result i32))) (import "env" "t" (table $t 2 funcref))
    (import "env" "g" (global $g (mut i32))) (import "env" "m" (memory $m 1)) (global $own (mut i32) (i32.const 0))
    (func $one (result i32) (i32.const 1)) (elem declare func $one)
    (func (export "set") (table.set $t (i32.const 0) (ref.func $one)))
    (func (export "has") (result i32) (ref.is_null (table.get $t (i32.const 0))))
    (func (export "inc") (result i32) (global.set $g (i32.add (global.get $g) (i32.const 1))) (global.get $g))
    (func (export "read") (result i32) (i32.load (i32.const 0)))
    (func (export "mem") (result i32) (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
      (i32.load (i32.const 0)))
    (func (export "own") (global.set $own (i32.add (global.get $own) (i32.const 1)))))`;
  const cases: [names: string[], met: string | undefined][] = [
    [['set', 'has'], '$t'],
    [['inc', 'inc'], '$g'],
    [['mem', 'read'], '$m'],
    [['read', 'read'], undefined],
    [['has', 'inc'], undefined],
    [['own', 'own'], undefined],
  ];
  for (const [names, met] of cases)
    test(names.join(' || '), async () => {
      const onWazero = await run(module, names, { model: 'isolated' });
      assert.equal(onWazero.verdict, met === undefined ? 'safe' : 'inconclusive');
      if (met !== undefined) {
        assert.ok(onWazero.notes.some((note) => note.includes(`instances that import \`${met}\` from one instance`)));
        assert.ok(onWazero.notes.every((note) => !note.startsWith('Callers share no state')));
      }
      // There, the imports of an instance belong to its store.
      assert.equal((await run(module, names, { model: 'isolated', host: 'wasmtime' })).verdict, 'safe');
    });
});

test('references to functions that calls return are not called, so their calls are not vouched for', async () => {
  const source = (body: string): string => `(module (type $n (func (result i32))) (global $c (mut i32) (i32.const 0))
    (table $t 1 funcref) (elem (table $t) (i32.const 0) func $f) (func $f (result i32) ${body})
    (func (export "any") (result funcref) (table.get $t (i32.const 0)))
    (func (export "typed") (result (ref null $n)) (ref.null $n))
    (func (export "pure") (result i32) (i32.const 1)))`;
  const stateful = source('(global.set $c (i32.add (global.get $c) (i32.const 1))) (global.get $c)');
  const pure = source('(i32.const 4)');
  for (const name of ['any', 'typed']) {
    const clause = `the functions that \`${name}\` returns references to were not called`;
    const result = await run(stateful, [name, 'pure']);
    assert.equal(result.verdict, 'inconclusive');
    assert.deepEqual(result.restsOn, [clause]);
    const harmless = await run(pure, [name, name]);
    assert.deepEqual([harmless.verdict, harmless.restsOn], ['safe', [clause]]);
    assert.equal((await run(stateful, [name, name], { model: 'isolated' })).verdict, 'safe');
  }
  assert.equal((await run(stateful, ['pure', 'pure'])).verdict, 'safe');
});

test('objects that are not restored end the search early, with the reason', async () => {
  const source = `(module (type $box (struct (field (mut i32)))) (global $kept (ref $box) (struct.new $box (i32.const 0)))
    (func (export "count") (result i32)
      (struct.set $box 0 (global.get $kept) (i32.add (struct.get $box 0 (global.get $kept)) (i32.const 1)))
      (struct.get $box 0 (global.get $kept))))`;
  for (const model of ['shared-instance', 'isolated'] as const) {
    const result = await run(source, ['count', 'count'], { model });
    assert.equal(result.verdict, 'inconclusive');
    assert.ok(result.explored.schedules < 1000, String(result.explored.schedules));
    assert.equal(result.explored.pct, null);
    assert.match(result.notes.join('\n'), /which are not restored, .* the search ended early/);
  }
});

test('functions of the scenario that return promises have steps of their own', async () => {
  let stored = 0;
  const imports = {
    env: {
      add: async () => {
        const before = stored;
        await Promise.resolve();
        stored = before + 1;
      },
    },
  };
  const module = '(module (import "env" "add" (func $add)) (func (export "add") (call $add)))';
  const more: Partial<ScenarioFile> = {
    host: 'javascript',
    model: 'auto',
    imports: { module: 'given.js' },
    budget: { schedules: 100 },
  };
  const result = await run(module, ['add', 'add'], more, { imports });
  assert.deepEqual([result.model, result.verdict], ['cooperative', 'inconclusive']);
  assert.match(result.notes.join('\n'), /callers can meet in `env\.add` of given\.js/);
});
