import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { decodeModule } from '../wasm/decode.ts';
import { analyse } from './analyse.ts';
import { cellLabel } from './cellText.ts';
import type { Analysis } from './model.ts';
import { effectsOf } from './queries.ts';
import { rivalsOf } from './rivals.ts';

const MODULE = `(module
  (import "env" "log" (func $log))
  (memory $m 1)
  (global $g (mut i32) (i32.const 0))
  (global $__stack_pointer (mut i32) (i32.const 4096))
  (data $d "hello")
  (func (export "set") (global.set $g (i32.const 1)))
  (func (export "get") (result i32) (global.get $g))
  (func (export "add") (global.set $g (i32.add (global.get $g) (i32.const 1))))
  (func (export "store") (i32.store (i32.const 64) (i32.const 1)))
  (func (export "load") (result i32) (i32.load (i32.const 64)))
  (func (export "rmw") (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1))))
  (func (export "peek") (result i32) (i32.atomic.load (i32.const 64)))
  (func (export "wake") (drop (memory.atomic.notify (i32.const 64) (i32.const 1))))
  (func (export "sleep") (drop (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const 0))))
  (func (export "grow") (drop (memory.grow (i32.const 1))))
  (func (export "init") (memory.init $d (i32.const 128) (i32.const 0) (i32.const 5)))
  (func (export "drop") (data.drop $d))
  (func (export "push") (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 16))))
  (func (export "say") (call $log)))`;

let analysis: Analysis;
let wasm: ReturnType<typeof decodeModule>;
before(async () => {
  wasm = decodeModule(await parse(MODULE));
  analysis = analyse(wasm, { host: 'wazero', model: 'shared-instance' });
});

/** `written by set`, ... of what conflicts with an export's access of a cell. */
function rivals(name: string, label: RegExp): Record<string, string[]> {
  const { func } = analysis.exports.find((one) => one.name === name) ?? assert.fail(name);
  const effect = effectsOf(analysis, func).find((id) => label.test(cellLabel(wasm, analysis.effects[id].cell)));
  assert.notEqual(effect, undefined, `${name} has no effect on ${label}`);
  const found: Record<string, string[]> = {};
  for (const { position, verb } of rivalsOf(analysis, effect ?? -1)) {
    found[verb] = [...(found[verb] ?? []), analysis.exports[position].name];
  }
  return found;
}

describe('what rivals do to a cell', () => {
  test('of a global: readers and writers each by their own verb', () => {
    assert.deepEqual(rivals('set', /\$g/), { written: ['set', 'add'], read: ['get'] });
    assert.deepEqual(rivals('get', /\$g/), { written: ['set', 'add'] });
  });

  test('of a memory: plain and atomic accesses, waits, notifications and growth', () => {
    const found = rivals('store', /^memory \[64,68\)/);
    assert.deepEqual(found.grown, ['grow']);
    assert.deepEqual(found.written, ['store']);
    assert.deepEqual(found['updated atomically'], ['rmw']);
    assert.deepEqual(found['waited on'], ['sleep']);
    assert.deepEqual(found['read atomically'], ['peek']);
    assert.deepEqual(found.read, ['load']);
    assert.deepEqual(found.notified, ['wake']);
  });

  test('of the extent of a memory: it is grown, or used by every access', () => {
    const found = rivals('grow', /^memory\.grow/);
    assert.deepEqual(Object.keys(found), ['grown', 'used']);
    assert.ok(found.used.includes('store') && found.used.includes('load'));
  });

  test('of a segment: it is dropped, or copied from', () => {
    assert.deepEqual(rivals('init', /segment/), { dropped: ['drop'] });
    assert.deepEqual(rivals('drop', /segment/), { dropped: ['drop'], copied: ['init'] });
  });

  test('of the stack pointer and of the host', () => {
    assert.deepEqual(rivals('push', /\$__stack_pointer/), { moved: ['push'] });
    assert.deepEqual(rivals('say', /host/), { called: ['say'] });
  });

  test('nobody for no effect', () => assert.deepEqual(rivalsOf(analysis, -1), []));
});
