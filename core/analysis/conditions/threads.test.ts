/** The words for exports, on small modules. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { SharingModel } from '../../hosts/profile.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { analyse } from '../analyse.ts';
import { analyseWat } from '../testing/facts.ts';
import { threadSafetyOf } from './threads.ts';
import { threadLabel } from './threadText.ts';

async function wordsOf(text: string, model: SharingModel | 'auto' = 'auto') {
  const { analysis } = await analyseWat(`(module ${text})`, { model });
  return Object.fromEntries(analysis.exports.map(({ name }, position) => [name, threadSafetyOf(analysis, position)]));
}

describe('words for exports', () => {
  test('thread-safe: nothing shared, or only read', async () => {
    const { add, table } = await wordsOf(`(memory 1)
      (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
      (func (export "table") (result i32) (i32.load (i32.const 64)))`);
    assert.deepEqual([add.word, table.word], ['thread-safe', 'thread-safe']);
    assert.deepEqual(add.except, []);
  });

  test('thread-compatible: the parameter that leads to what is written', async () => {
    const { put, peek, nothing } = await wordsOf(`(memory 1)
      (func (export "put") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
      (func (export "peek") (param i32 i32) (result i32) (i32.load offset=4 (local.get 1)))
      (func (export "nothing"))`);
    assert.equal(put.word, 'thread-compatible');
    assert.deepEqual(put.objects, [{ parameter: 0, range: false }]);
    assert.deepEqual([put.through, put.ownData, put.host], [false, false, false]);
    assert.equal(peek.word, 'thread-compatible');
    assert.deepEqual(
      peek.objects.map(({ parameter }) => parameter),
      [1],
    );
    assert.equal(nothing.word, 'thread-safe');
  });

  test('thread-compatible: an argument may lead to data that another call reads', async () => {
    const { put, get } = await wordsOf(`(memory 1)
      (func (export "put") (param i32) (i32.store (local.get 0) (i32.const 1)))
      (func (export "get") (result i32) (i32.load (i32.const 64)))`);
    assert.deepEqual([put.word, get.word], ['thread-compatible', 'thread-compatible']);
    assert.deepEqual([put.ownData, get.ownData], [true, true]);
    assert.deepEqual(get.objects, []);
  });

  test('thread-hostile: state of the module, in both the writer and the reader', async () => {
    const { inc, get } = await wordsOf(`(global $g (mut i32) (i32.const 0))
      (func (export "inc") (global.set $g (i32.add (global.get $g) (i32.const 1))))
      (func (export "get") (result i32) (global.get $g))`);
    assert.deepEqual([inc.word, get.word], ['thread-hostile', 'thread-hostile']);
    assert.equal(inc.confidence, 'definite');
    assert.equal(inc.causes.length, 2);
  });

  test('growth is the fault of the one who grows', async () => {
    const { grow, put, size } = await wordsOf(`(memory 1)
      (func (export "grow") (drop (memory.grow (i32.const 1))))
      (func (export "size") (result i32) (memory.size))
      (func (export "put") (param i32) (i32.store (local.get 0) (i32.const 1)))`);
    assert.equal(grow.word, 'thread-hostile');
    assert.equal(put.word, 'thread-compatible');
    assert.deepEqual(put.except, [0]);
    assert.deepEqual(size.except, [0]);
  });

  test('who writes anywhere is unknown, and an exception for the others', async () => {
    const { wild, put } = await wordsOf(`(memory 1)
      (func (export "wild") (param i32) (i32.store (i32.load (local.get 0)) (i32.const 1)))
      (func (export "put") (param i32) (i32.store (local.get 0) (i32.const 1)))`);
    assert.ok(wild.word === 'unknown' || wild.through);
    assert.equal(put.word, 'thread-compatible');
    assert.ok(wild.word !== 'unknown' || put.except.includes(0));
  });

  test('unknown code', async () => {
    const { apply } = await wordsOf(`(table (export "t") 1 funcref) (type $f (func))
      (func (export "apply") (call_indirect (type $f) (i32.const 0)))`);
    assert.equal(apply.word, 'unknown');
  });

  test('nothing is known of a body that cannot be read, and nobody is safe beside it', async () => {
    const bytes = await parse(`(module (memory 1)
      (func (export "broken") nop nop nop nop nop nop)
      (func (export "get") (result i32) (i32.load (i32.const 64))))`);
    // The first of the instructions becomes an opcode that does not exist.
    bytes[bytes.findIndex((_, at) => bytes.subarray(at, at + 6).every((byte) => byte === 1))] = 0xff;
    const analysis = analyse(decodeModule(bytes), { host: 'wazero', model: 'shared-instance' });
    const [broken, get] = [0, 1].map((position) => threadSafetyOf(analysis, position));
    assert.equal(broken.word, 'unknown');
    assert.equal(get.word, 'thread-compatible');
    assert.deepEqual(get.except, [0]);
  });

  test('an atomic access is indivisible, several are not', async () => {
    const { inc } = await wordsOf(`(memory 1 1 shared)
      (func (export "inc")
        (i32.atomic.store (i32.const 0) (i32.add (i32.atomic.load (i32.const 0)) (i32.const 1))))`);
    assert.deepEqual([inc.word, inc.atomics], ['thread-safe', true]);
    assert.equal(threadLabel(inc), 'thread-safe, as far as single accesses go');
  });

  test('a call of the host is said', async () => {
    const { log, put } = await wordsOf(`(import "env" "log" (func $log (param i32))) (memory 1)
      (func (export "log") (call $log (i32.const 1)))
      (func (export "put") (param i32) (i32.store (local.get 0) (i32.const 1)) (call $log (i32.const 1)))`);
    assert.deepEqual([log.word, log.host], ['thread-safe', true]);
    assert.deepEqual([put.word, put.host], ['thread-compatible', true]);
  });

  test('the words depend on the sharing model', async () => {
    const text = `(global $g (mut i32) (i32.const 0))
      (func (export "inc") (global.set $g (i32.add (global.get $g) (i32.const 1))))`;
    assert.equal((await wordsOf(text, 'shared-instance')).inc.word, 'thread-hostile');
    assert.equal((await wordsOf(text, 'isolated')).inc.word, 'thread-safe');
  });
});
