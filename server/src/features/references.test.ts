import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { COUNTER, cursorAt, documentOf, textIn } from '../testing/testDocument.ts';
import { references } from './references.ts';

const counter = await documentOf(COUNTER);

const found = (marked: string, declaration = false, doc: ModuleDocument = counter): (string | undefined)[] =>
  references(doc, ...cursorAt(doc, marked), declaration).map(({ range }) => textIn(doc, range));

test('of a function: exports, segments and calls, with its declaration on request', () => {
  assert.deepEqual(found('(func $bu<|>mp'), ['(elem (;0;) (i32.const 0) func $double $bump)', 'call $bump']);
  assert.match(found('(func $bu<|>mp', true)[0] ?? '', /^\(func \$bump/);
  assert.deepEqual(found('(export "incr<|>ement"'), ['(export "increment" (func $increment))']);
});

test('of a global, from any of its uses', () => {
  const uses = [
    'global.get $counter',
    'global.set $counter',
    'global.get $counter',
    'global.set $counter',
    'global.get $counter',
  ];
  assert.deepEqual(found('global.set $coun<|>ter'), uses);
  assert.deepEqual(found('(global $coun<|>ter'), uses);
});

test('of a type: functions and indirect calls; of a memory: its accesses', () => {
  assert.deepEqual(
    found('(type $un<|>ary').map((text) => text?.slice(0, 14)),
    ['(func $double ', '(func $bump (;', 'call_indirect '],
  );
  assert.deepEqual(found('(memory $mem<|>ory (;0;)'), [
    '(export "memory" (memory $memory))',
    '(data (;0;) (i32.const 1024) "hello")',
    'i32.store',
    'i32.store',
    'memory.grow',
    'i32.store',
  ]);
});

test('of what two-operand instructions and clauses name', async () => {
  const doc = await documentOf(`(module (memory $a 1) (memory $b 1) (tag $t) (data $d "x")
    (func (memory.copy $b $a (i32.const 0) (i32.const 0) (i32.const 0))
      (memory.init $b $d (i32.const 0) (i32.const 0) (i32.const 0)) (data.drop $d)
      (block $h (try_table (catch $t $h) (throw $t)))))`);
  assert.deepEqual(found('(memory $<|>b', false, doc), ['memory.copy $b $a', 'memory.init $b $d']);
  assert.deepEqual(found('(memory $<|>a', false, doc), ['memory.copy $b $a']);
  assert.deepEqual(found('(data $<|>d', false, doc), ['memory.init $b $d', 'data.drop $d']);
  assert.deepEqual(
    found('(tag $<|>t', false, doc).map((text) => text?.split(' ')[0]),
    ['try_table', 'throw'],
  );
});

test('an elided body counts once', async () => {
  const doc = await documentOf(COUNTER, { bodyBudget: 0 });
  assert.equal(found('(global $coun<|>ter', false, doc).length, 3);
});

test('locals and plain instructions have none', () => {
  assert.deepEqual(found('local.get $b<|>y'), []);
  assert.deepEqual(found('i32.m<|>ul'), []);
});
