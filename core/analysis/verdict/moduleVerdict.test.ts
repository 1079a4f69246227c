/** Verdicts of small modules, each derived by hand. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyseWat } from '../testing/facts.ts';
import { type ModuleVerdict, moduleVerdict, moduleVerdictText } from './moduleVerdict.ts';

type Options = NonNullable<Parameters<typeof analyseWat>[1]>;

async function verdict(text: string, options?: Options): Promise<ModuleVerdict> {
  const { module, analysis } = await analyseWat(text, options);
  return moduleVerdict(module, analysis);
}

const kinds = ({ kept }: ModuleVerdict): string[] => kept.map(({ kind }) => kind);
const steps = ({ sequences }: ModuleVerdict): string[] => sequences.map(({ kind, steps }) => `${kind}: ${steps}`);

const BUMP = `(global $top (mut i32) (i32.const 1024))
  (func (export "malloc") (param i32) (result i32) (local i32)
    (local.set 1 (global.get $top)) (global.set $top (i32.add (global.get $top) (local.get 0))) (local.get 1))
  (func (export "free") (param i32))`;

describe('verdict of a module', () => {
  test('greet: an allocator and nothing else is kept; calls belong together', async () => {
    const found = await verdict(`(module (memory (export "memory") 1) ${BUMP}
      (func (export "greet") (param i32 i32) (result i32) (i32.store8 (local.get 0) (i32.const 72)) (local.get 0)))`);
    assert.equal(found.status, 'not-safe');
    assert.equal(
      found.headline,
      'Not safe on one instance: concurrent calls share objects that callers point to and the allocator.',
    );
    assert.deepEqual(steps(found), ['buffer: `malloc`, write, call, read, `free`']);
  });

  test('an allocator alone: a pool', async () => {
    const found = await verdict(`(module (memory 1) ${BUMP})`);
    assert.deepEqual([found.status, found.remedy.kind, ...kinds(found)], ['not-safe', 'pool', 'allocator']);
  });

  test('a size that calls grow and can ask for is kept', async () => {
    for (const wat of [
      '(memory 1 9) (func (export "grow") (drop (memory.grow (i32.const 1)))) (func (export "size") (result i32) (memory.size))',
      '(table 1 9 funcref) (func (export "grow") (result i32) (table.grow (ref.null func) (i32.const 1)))',
    ]) {
      const found = await verdict(`(module ${wat})`);
      assert.match(found.state, /^It may keep state between calls in the size of /);
      assert.equal(found.remedy.kind, 'own-instance', 'an instance from a pool has the size that others left');
    }
  });

  test('an element of a static array is static data, though a parameter says which', async () => {
    const found = await verdict(`(module (memory 1) (data (i32.const 1024) "\\00")
      (func (export "put") (param i32) (i32.store offset=1024 (i32.shl (local.get 0) (i32.const 2)) (i32.const 1))))`);
    assert.deepEqual(kinds(found), ['data']);
    assert.equal(found.state, 'It may keep state between calls in 1 area of static data.');
  });

  test('what a stored pointer leads to outlasts a call, too', async () => {
    const found = await verdict(`(module (memory 1) (data (i32.const 1024) "\\00\\08\\00\\00")
      (func (export "put") (i32.store (i32.load (i32.const 1024)) (i32.const 1))))`);
    assert.equal(
      found.state,
      'No variable was found that keeps state between calls; memory that arguments or stored pointers lead to does.',
    );
  });

  test('a named session is named', async () => {
    const found = await verdict(`(module (global $current (mut i32) (i32.const 0))
      (func (export "open") (param i32) (global.set $current (local.get 0)))
      (func (export "query") (result i32) (global.get $current)))`);
    assert.deepEqual(moduleVerdictText(found), [
      'Not safe on one instance: concurrent calls share the mutable global `$current`.',
      'It may keep state between calls in the mutable global `$current`.',
      'Give each caller its own instance while it uses that state; a pool would hand the next caller what the last one left. If callers must share the state, use one instance and hold one sync.Mutex around each whole sequence.',
      'These calls belong together: `open`, `query`.',
    ]);
  });

  test('an exported address names static data', async () => {
    const found = await verdict(`(module (memory 1) (global (export "counter") i32 (i32.const 1024))
      (func (export "bump") (i32.store (i32.const 1024) (i32.add (i32.load (i32.const 1024)) (i32.const 1)))))`);
    assert.match(found.headline, /share the static variable `counter`\.$/);
  });

  test('init, update and final over one state are one piece of work', async () => {
    const found = await verdict(`(module (memory 1)
      (func (export "Hash_Init") (i32.store (i32.const 64) (i32.const 1)))
      (func (export "Hash_Update") (param i32) (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (local.get 0))))
      (func (export "Hash_Final") (result i32) (i32.store (i32.const 64) (i32.const 0)) (i32.load (i32.const 64))))`);
    assert.ok(steps(found).includes('phases: `Hash_Init`, `Hash_Update`, `Hash_Final`'), steps(found).join());
  });

  test('the same names without common state are not', async () => {
    const found = await verdict(`(module (memory 1)
      (func (export "hash_init") (i32.store (i32.const 64) (i32.const 1)))
      (func (export "hash_update") (i32.store (i32.const 128) (i32.const 1)))
      (func (export "hash_final") (i32.store (i32.const 256) (i32.const 0))))`);
    assert.deepEqual(steps(found), []);
  });

  test('request and response are two halves of one exchange', async () => {
    const found = await verdict(`(module (global $id (mut i32) (i32.const 0))
      (func (export "handle_request") (param i32) (global.set $id (local.get 0)))
      (func (export "handle_response") (param i32) (result i32) (i32.add (local.get 0) (global.get $id))))`);
    assert.ok(steps(found).includes('request: `handle_request`, `handle_response`'));
  });

  test('an allocator without names is recognised by its shape', async () => {
    const found = await verdict(`(module (memory 1) (global (mut i32) (i32.const 1024))
      (func $sbrk (param i32) (result i32) (local i32)
        (local.set 1 (i32.load (i32.const 16)))
        (if (i32.gt_u (i32.add (local.get 1) (local.get 0)) (i32.shl (memory.size) (i32.const 16)))
          (then (drop (memory.grow (i32.const 1)))))
        (i32.store (i32.const 16) (i32.add (local.get 1) (local.get 0))) (local.get 1))
      (func (export "q") (param i32) (result i32) (local i32)
        (if (local.tee 1 (i32.load (i32.const 32))) (then (i32.store (i32.const 32) (i32.load (local.get 1))) (return (local.get 1))))
        (call $sbrk (local.get 0)))
      (func (export "r") (param i32) (i32.store (local.get 0) (i32.load (i32.const 32))) (i32.store (i32.const 32) (local.get 0))))`);
    assert.deepEqual(steps(found), ['buffer: `q` (probably), write, call, read, `r` (probably)']);
    assert.ok(!kinds(found).includes('data'), kinds(found).join());
  });

  test('a counter with the signature of an allocator is none', async () => {
    const found = await verdict(`(module (global $n (mut i32) (i32.const 0))
      (func (export "add") (param i32) (result i32) (global.set $n (i32.add (global.get $n) (local.get 0))) (global.get $n)))`);
    assert.deepEqual(kinds(found), ['global']);
  });

  test('what no call conflicts on is not called safe', async () => {
    const found = await verdict('(module (func (export "f") (param i32) (result i32) (local.get 0)))');
    assert.deepEqual(
      [found.status, found.headline],
      ['no-conflict', 'No conflict found between concurrent calls on one instance.'],
    );
    assert.doesNotMatch(moduleVerdictText(found).join(' '), /\bsafe\b/);
  });

  test('an unknown address only may conflict', async () => {
    const found = await verdict(
      '(module (memory 1) (func (export "f") (param i32) (i32.store (local.get 0) (i32.const 1))))',
    );
    assert.deepEqual([found.status, found.confidence], ['possibly-not-safe', 'possible']);
  });

  test('calls that meet in the host only', async () => {
    const found = await verdict('(module (import "env" "log" (func $log)) (func (export "f") (call $log)))');
    assert.equal(found.status, 'host-only');
    assert.match(found.headline, /they share the host function `env\.log`\.$/);
  });

  test('plain accesses beside atomic updates may be guarded by a lock', async () => {
    const found = await verdict(
      `(module (import "env" "memory" (memory 1 1 shared))
      (func (export "f") (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))) (i32.store (i32.const 8) (i32.const 1))))`,
      { host: 'wazero', model: 'auto' },
    );
    assert.equal(found.status, 'possibly-not-safe');
    assert.match(found.headline, /whether these are a lock/);
  });

  test('a program runs once', async () => {
    const found = await verdict(
      '(module (global (mut i32) (i32.const 0)) (func (export "_start") (global.set 0 (i32.const 1))))',
    );
    assert.deepEqual([found.status, found.remedy.kind], ['program', 'new-instance']);
  });

  test('exports of a toolchain are no API', async () => {
    const found = await verdict(`(module (global (mut i32) (i32.const 0))
      (func (export "setTempRet0") (param i32) (global.set 0 (local.get 0)))
      (func (export "answer") (result i32) (i32.const 42)))`);
    assert.deepEqual([found.status, ...kinds(found)], ['no-conflict']);
  });

  test('methods that Embind registers are judged like exports', async () => {
    const found = await verdict(`(module (import "env" "_embind_register_class_function" (func $r (param i32)))
      (memory 1) (table (export "t") 1 funcref) (elem (i32.const 0) $method)
      (func $method (i32.store (i32.const 64) (i32.const 1)))
      (func (export "malloc") (param i32) (result i32) (local.get 0))
      (func (export "__getTypeName") (call $r (i32.const 0))))`);
    assert.ok(kinds(found).includes('data'));
    assert.match(moduleVerdictText(found).join(' '), /through a table/);
  });

  test('a segment that was dropped stays dropped: no pool', async () => {
    const found = await verdict(`(module (memory 1) (data $d "x")
      (func (export "load") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)))
      (func (export "forget") (data.drop $d)))`);
    assert.deepEqual([found.status, found.remedy.kind], ['not-safe', 'own-instance']);
    assert.match(found.state, /passive segments/);
  });

  test('no exported function', async () => {
    const found = await verdict('(module (memory (export "m") 1))');
    assert.deepEqual(moduleVerdictText(found), ['The module exports no function.']);
  });

  test('isolated callers share the host', async () => {
    const found = await verdict(
      `(module (import "env" "log" (func $log)) (global (mut i32) (i32.const 0))
      (func (export "f") (global.set 0 (i32.const 1)) (call $log)))`,
      { host: 'wasmtime', model: 'isolated' },
    );
    assert.equal(found.status, 'host-only');
    assert.match(found.headline, /with an instance for each caller/);
  });
});
