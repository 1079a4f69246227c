/** How exports can grow a memory, and the class that follows from what an export reaches. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HostId } from '../hosts/index.ts';
import type { SharingModel } from '../hosts/profile.ts';
import { analyseWat } from './testing/facts.ts';

const summaries = async (text: string): Promise<string[]> =>
  (await analyseWat(text)).analysis.exports.map((e) => `${e.name}: ${e.growth}, ${e.class}`);

describe('growth classes', () => {
  test('own body, call path, indirect call, none', async () => {
    const text = `(module (memory 1) (type $v (func)) (table 2 funcref) (elem (i32.const 0) func $grow)
      (func $grow (export "own") (drop (memory.grow (i32.const 1))))
      (func $middle (call $grow))
      (func (export "path") (call $middle))
      (func (export "indirect") (call_indirect (type $v) (i32.const 0)))
      (func (export "size") (drop (memory.size)))
      (func (export "none")))`;
    assert.deepEqual(await summaries(text), [
      'own: own-body, grows',
      'path: call-path, grows',
      'indirect: indirect-call, grows',
      'size: none, reads-only',
      'none: none, pure',
    ]);
  });

  test('a tail call is a call', async () => {
    const text = `(module (memory 1) (func $g (drop (memory.grow (i32.const 1)))) (func (export "f") (return_call $g)))`;
    assert.deepEqual(await summaries(text), ['f: call-path, grows']);
  });

  test('growth that is always refused does not count', async () => {
    const text = `(module (memory 2 2) (memory $b 1)
      (func (export "full") (drop (memory.grow (i32.const 5))))
      (func (export "zero") (drop (memory.grow $b (i32.const 0)))))`;
    assert.deepEqual(await summaries(text), ['full: none, reads-only', 'zero: none, reads-only']);
  });

  const IMPORT = '(import "env" "f" (func $f)) (func (export "e") (call $f))';
  test('the host grows a memory that it can reach', async () => {
    assert.deepEqual(await summaries(`(module ${IMPORT} (memory (export "memory") 1))`), [
      'e: host-import, host-dependent',
    ]);
    assert.deepEqual(await summaries(`(module (import "env" "m" (memory 1 2)) ${IMPORT})`), [
      'e: host-import, host-dependent',
    ]);
  });
  test('but not a memory that is private or at its maximum', async () => {
    assert.deepEqual(await summaries(`(module ${IMPORT} (memory 1))`), ['e: none, host-dependent']);
    assert.deepEqual(await summaries(`(module ${IMPORT} (memory (export "memory") 1 1))`), ['e: none, host-dependent']);
  });
  test('nothing in WASI grows a memory', async () => {
    const text = `(module (import "wasi_snapshot_preview1" "fd_close" (func $f (param i32) (result i32)))
      (memory (export "memory") 1) (func (export "e") (drop (call $f (i32.const 1)))))`;
    assert.deepEqual(await summaries(text), ['e: none, host-dependent']);
  });
  test('unknown code of the host does, through an exported table', async () => {
    const text = `(module (memory (export "memory") 1) (table (export "t") 1 funcref) (type $v (func))
      (func (export "e") (call_indirect (type $v) (i32.const 0))))`;
    assert.deepEqual(await summaries(text), ['e: host-import, host-dependent']);
  });
});

describe('classes of exports', () => {
  test('stateful beats host-dependent beats synchronised beats reads-only', async () => {
    const text = `(module (import "env" "f" (func $f)) (memory 1 1 shared) (global $g (mut i32) (i32.const 0))
      (func $atomic (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))
      (func (export "stateful") (call $f) (call $atomic) (global.set $g (i32.const 1)))
      (func (export "host") (call $f) (call $atomic) (drop (global.get $g)))
      (func (export "synchronised") (call $atomic) (drop (global.get $g)))
      (func (export "reads") (drop (global.get $g)))
      (func (export "pure") (drop (i32.add (i32.const 1) (i32.const 2)))))`;
    assert.deepEqual(
      (await analyseWat(text)).analysis.exports.map((e) => e.class),
      ['stateful', 'host-dependent', 'synchronised', 'reads-only', 'pure'],
    );
  });

  test('what reads host state is host-dependent where another export changes it, else pure', async () => {
    const exit = `(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))`;
    const close = `(import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))`;
    const body = `(func (export "exit") (call $exit (i32.const 0)))`;
    const both = `(module ${exit} ${close} ${body} (func (export "close") (drop (call $close (i32.const 1)))))`;
    const { analysis } = await analyseWat(both);
    assert.deepEqual(
      analysis.exports.map((e) => [e.class, e.conflictCount > 0]),
      [
        ['host-dependent', true],
        ['host-dependent', true],
      ],
    );
    const alone = (await analyseWat(`(module ${exit} ${body})`)).analysis.exports[0];
    assert.deepEqual([alone.class, alone.conflictCount], ['pure', 0]);
  });

  test('ref.func alone leaves an export pure, except where callers have the list of references in common', async () => {
    const text = '(module (func $f) (elem declare func $f) (func (export "e") (drop (ref.func $f))))';
    const classOn = async (host: HostId, model: SharingModel) =>
      (await analyseWat(text, { host, model })).analysis.exports[0].class;
    assert.equal(await classOn('wazero', 'shared-instance'), 'stateful');
    assert.equal(await classOn('wazero', 'isolated'), 'pure');
    assert.equal(await classOn('wasmedge', 'shared-instance'), 'pure');
  });
});

describe('a memory that the host can grow', () => {
  const hazards = async (text: string) =>
    (await analyseWat(text)).analysis.moduleHazards.map((h) => `${h.rule} ${h.cell.kind}[${h.cell.index}]`);

  test('is a finding about the module when no code grows it', async () => {
    assert.deepEqual(await hazards('(module (memory (export "m") 1 2))'), ['growable-memory memory.grow[0]']);
    assert.deepEqual(await hazards('(module (memory (export "m") 1 1))'), []);
    assert.deepEqual(await hazards('(module (memory 1 2))'), []);
    assert.deepEqual(await hazards('(module (memory (export "m") 1 2) (func (drop (memory.grow (i32.const 1)))))'), []);
  });
  test('is the memory that the host can reach', async () => {
    assert.deepEqual(await hazards('(module (memory 1) (memory (export "m") 1))'), ['growable-memory memory.grow[1]']);
    assert.deepEqual(await hazards('(module (memory 1) (memory (export "m") 1 2 shared))'), []);
  });
});
