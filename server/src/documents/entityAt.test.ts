import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cursorAt, documentOf, textIn } from '../testing/testDocument.ts';
import { entityAt } from './entityAt.ts';
import type { ModuleDocument } from './moduleDocument.ts';

const doc = await documentOf(`(module
  (type $sig (func (param i32) (result i32)))
  (type $pair (struct (field $a i32)))
  (import "env" "log" (func $log (type $sig)))
  (memory $m 1) (memory $other 1)
  (table $t 4 funcref)
  (table $u 4 funcref)
  (global $g (mut i32) (i32.const 7))
  (global $h (mut funcref) (ref.func $work))
  (tag $oops)
  (elem $names (table $u) (i32.const 0) func $work $log)
  (elem $lazy funcref (ref.func $work))
  (data $greeting "hello")
  (start $main)
  (func $main)
  (func $work (export "work") (type $sig) (param $p i32) (result i32)
    (local $x i32)
    local.get $p
    call $log
    local.set $x
    global.get $g
    drop
    i32.const 0
    i32.load offset=4
    i32.load $other
    drop
    local.get $x
    call_indirect $u (type $sig)
    i32.const 0
    i32.const 0
    memory.init $other $greeting
    i32.const 1
    i32.const 2
    i32.const 3
    table.init $u $lazy
    throw $oops)
  (func (export "make") (result (ref $pair)) i32.const 1 struct.new $pair))`);

function at(marked: string, document: ModuleDocument = doc): string {
  const entity = entityAt(document, ...cursorAt(document, marked));
  if (entity === undefined) return 'nothing';
  const of = entity.kind === 'instruction' || entity.kind === 'local' ? ` in ${entity.func}` : '';
  return `${entity.kind} ${entity.index}${of}: ${textIn(document, entity.range)}`;
}

test('exports: the export itself, or the item that it names', () => {
  assert.equal(at('(exp<|>ort "work"'), 'export 0: export');
  assert.equal(at('(export "wo<|>rk"'), 'export 0: "work"');
  assert.equal(at('(export "work" (func $w<|>ork'), 'function 2: $work');
});

test('imports: the import, the imported function, its type', () => {
  assert.equal(at('(import "e<|>nv" "log"'), 'import 0: "env"');
  assert.equal(at('(func $l<|>og'), 'function 0: $log');
  assert.equal(at('(import "env" "log" (func $log (;0;) (type $s<|>ig'), 'type 0: $sig');
});

test('definitions: the item of the line', () => {
  assert.equal(at('(glo<|>bal $g'), 'global 0: global');
  assert.equal(at('(global $<|>g'), 'global 0: $g');
  assert.equal(at('(memory $ot<|>her'), 'memory 1: $other');
  assert.equal(at('(table $<|>u'), 'table 1: $u');
  assert.equal(at('(type $pa<|>ir'), 'type 1: $pair');
  assert.equal(at('(tag $oo<|>ps'), 'tag 0: $oops');
  assert.equal(at('(data $gree<|>ting'), 'data 0: $greeting');
  assert.equal(at('(func $w<|>ork (;2;)'), 'function 2: $work');
  assert.equal(at('(func $work (;2;) (type $s<|>ig'), 'type 0: $sig');
});

test('references in fields: segments, start, initial values', () => {
  assert.equal(at('(elem $na<|>mes'), 'element 0: $names');
  assert.equal(at('(start $ma<|>in'), 'function 1: $main');
  assert.equal(at('(table $<|>u) (i32.const 0)'), 'table 1: $u');
  assert.equal(at('func $wo<|>rk $log)'), 'function 2: $work');
  assert.equal(at('func $work $lo<|>g)'), 'function 0: $log');
});

test('instructions: the mnemonic is the instruction, an operand what it names', () => {
  assert.equal(at('ca<|>ll $log'), 'instruction 2 in 2: call');
  assert.equal(at('call $l<|>og'), 'function 0: $log');
  assert.equal(at('call $log<|>'), 'function 0: $log');
  assert.equal(at('global.get $<|>g'), 'global 0: $g');
  assert.equal(at('local.get $<|>p'), 'local 0 in 2: $p');
  assert.equal(at('local.set $<|>x'), 'local 1 in 2: $x');
  assert.equal(at('i32.load off<|>set=4'), 'instruction 2 in 2: offset=4');
  assert.equal(at('i32.load $ot<|>her'), 'memory 1: $other');
  assert.equal(at('call_indirect $<|>u'), 'table 1: $u');
  assert.equal(at('call_indirect $u (type $<|>sig)'), 'type 0: $sig');
  assert.equal(at('throw $oo<|>ps'), 'tag 0: $oops');
  assert.equal(at('struct.new $pa<|>ir'), 'type 1: $pair');
});

test('two operands: the text has them the other way round', () => {
  assert.equal(at('memory.init $ot<|>her $greeting'), 'memory 1: $other');
  assert.equal(at('memory.init $other $gree<|>ting'), 'data 0: $greeting');
  assert.equal(at('table.init $<|>u $lazy'), 'table 1: $u');
  assert.equal(at('table.init $u $la<|>zy'), 'element 1: $lazy');
});

test('indices serve as well as identifiers', async () => {
  const plain = await documentOf('(module (func i32.const 1 drop call 0) (memory 1) (func i32.const 0 i32.load drop))');
  assert.equal(at('call <|>0', plain), 'function 0: 0');
  assert.equal(at('i32.const <|>1', plain), 'instruction 0 in 0: 1');
});

test('nothing stands in comments, on blank space and after the end', () => {
  assert.equal(at('(func $work (;<|>2;)'), 'nothing');
  assert.equal(entityAt(doc, 9999, 0), undefined);
  assert.equal(entityAt(doc, doc.lineStarts.length - 1, 0), undefined);
});
