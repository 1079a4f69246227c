/** What stands at a place of a source: the same answers as on a printed text, in any layout. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FIXTURES } from '../../../core/testing/paths.ts';
import { siteWord } from '../../../core/wasm/siteWord.ts';
import { definition } from '../features/definition.ts';
import { textDiagnostics } from '../features/diagnostics.ts';
import { references } from '../features/references.ts';
import { cursorAt, textIn } from '../testing/testDocument.ts';
import { sourceOf } from '../testing/testSource.ts';
import { entityAt } from './entityAt.ts';
import type { ModuleDocument } from './moduleDocument.ts';

const doc = await sourceOf(`;; 😀 a comment
(module
  (type $sig (func (param i32) (result i32)))
  (type $pair (struct (field $a i32)))
  (func $log
    (import "env"
      "log") (type
        $sig))
  (memory $m 1) (memory $other (export "mem") 1)
  (table $t 4 funcref)
  (table $u 4 funcref)
  (global $g (export "g1") (export "g2")
    (mut i32) (i32.const 0x7))
  (global $"quoted name" (mut funcref) (ref.func $work))
  (tag $oops)
  (elem $names (table $u) (i32.const 0) func
    $work
    $log)
  (elem $lazy funcref (ref.func $work))
  (data $greeting "hello")
  (start $main)
  (func $main)
  (func $work
    (export "work")
    (type $sig) (param $p i32)
    (result i32)
    (local $x i32)
    (local.set $x
      (call
        $log (;(; nested ;);)
        (local.get $p))) ;; (call $main)
    (drop (global.get 0x0))
    i32.const 0 i32.load offset=4
    (i32.load
      $other (i32.const 0)) drop drop
    (global.set $"quoted name" (ref.null func))
    local.get $x
    call_indirect $u
      (type $sig)
    (memory.init $other $greeting (i32.const 0) (i32.const 0) (i32.const 1))
    (block $b (result i32) (br $b (i32.const 1)))
    (if (then nop) (else nop))
    (throw $oops))
  (export "again" (func $work))
  (func (export "make") (result (ref $pair)) i32.const 1 struct.new $pair))`);

function at(marked: string, document: ModuleDocument = doc): string {
  const entity = entityAt(document, ...cursorAt(document, marked));
  if (entity === undefined) return 'nothing';
  const of = entity.kind === 'instruction' || entity.kind === 'local' ? ` in ${entity.func}` : '';
  return `${entity.kind} ${entity.index}${of}: ${textIn(document, entity.range)}`;
}

test('exports and imports in every form', () => {
  assert.equal(at('    (exp<|>ort "work")'), 'export 3: export');
  assert.equal(at('(export "wo<|>rk")'), 'export 3: "work"');
  assert.equal(at('(export "g2<|>")'), 'export 2: "g2"');
  assert.equal(at('(export "again" (func $w<|>ork'), 'function 2: $work');
  assert.equal(at('(import "e<|>nv"'), 'import 0: "env"');
  assert.equal(at('"l<|>og") (type'), 'import 0: "log"');
  assert.equal(at('  (func $l<|>og'), 'import 0: $log');
});

test('items, and the items that they name', () => {
  assert.equal(at('(global $g<|> (export'), 'global 0: $g');
  assert.equal(at('    $w<|>ork'), 'function 2: $work');
  assert.equal(at('(table $<|>u) (i32'), 'table 1: $u');
  assert.equal(at('(st<|>art $main)'), 'start 1: start');
  assert.equal(at('(start $m<|>ain)'), 'function 1: $main');
  assert.equal(at('(ref.func $wo<|>rk))'), 'function 2: $work');
  assert.equal(at('(func<|> $work'), 'function 2: func');
  assert.equal(at('(type $s<|>ig) (param $p'), 'type 0: $sig');
  assert.equal(at('        $si<|>g))'), 'type 0: $sig');
  assert.equal(at('(data $gr<|>eeting'), 'data 0: $greeting');
});

test('instructions over several lines, folded and flat', () => {
  assert.equal(at('      (ca<|>ll'), 'instruction 2 in 2: call');
  assert.equal(at('        $l<|>og (;'), 'function 0: $log');
  assert.equal(at('(local.get $<|>p)'), 'local 0 in 2: $p');
  assert.equal(at('(local.set $<|>x'), 'local 1 in 2: $x');
  assert.equal(at('global.get 0<|>x0'), 'global 0: 0x0');
  assert.equal(at('i32.load off<|>set=4'), 'instruction 2 in 2: offset=4');
  assert.equal(at('      $oth<|>er (i32'), 'memory 1: $other');
  assert.equal(at('(global.set $"quoted<|> name"'), 'global 1: $"quoted name"');
  assert.equal(at('call_indirect $<|>u'), 'table 1: $u');
  assert.equal(at('      (type $si<|>g)'), 'type 0: $sig');
  assert.equal(at('(memory.init $other $gr<|>eeting'), 'data 0: $greeting');
  assert.equal(at('(memory.init $ot<|>her'), 'memory 1: $other');
  assert.equal(at('(throw $oo<|>ps))'), 'tag 0: $oops');
  assert.equal(at('struct.new $pa<|>ir'), 'type 1: $pair');
  assert.equal(at('(param $<|>p i32)'), 'local 0 in 2: $p');
});

test('nothing in comments, in white space, outside', () => {
  assert.equal(at(';; 😀 a co<|>mment'), 'nothing');
  assert.equal(at('(;(; nes<|>ted'), 'nothing');
  assert.equal(at(';; (call $ma<|>in)'), 'nothing');
  assert.equal(entityAt(doc, 1000, 0), undefined);
  assert.equal(entityAt(doc, -1, 0), undefined);
  assert.equal(entityAt(doc, 0, 1000), undefined);
});

test('definitions and references', () => {
  const to = (marked: string): string | undefined => {
    const found = definition(doc, ...cursorAt(doc, marked));
    return found && textIn(doc, found.range);
  };
  assert.equal(to('        $l<|>og (;'), '(import "env"');
  assert.equal(to('(export "again" (func $w<|>ork'), '(func $work');
  assert.equal(to('(local.get $<|>p)'), '$p');
  assert.equal(to('(local.set $<|>x'), '$x');
  assert.equal(to('global.get 0<|>x0'), '(global $g (export "g1") (export "g2")');
  const found = references(doc, ...cursorAt(doc, '(func $wo<|>rk'), true).map(({ range }) => textIn(doc, range));
  assert.deepEqual(found, [
    '(func $work',
    '(export "work")',
    '(export "again" (func $work))',
    '(global $"quoted name" (mut funcref)',
    '(elem $names (table $u)',
    '(elem $lazy',
  ]);
});

test('each instruction of the fixtures is found at its mnemonic, in both directions', async () => {
  let count = 0;
  for (const name of readdirSync(FIXTURES).filter((file) => file.endsWith('.wat'))) {
    for (const change of [(text: string) => text, (text: string) => text.replaceAll('\n', '\r\n\t')]) {
      const text = change(readFileSync(join(FIXTURES, name), 'utf8'));
      const source = await sourceOf(text);
      for (const { func, offset, end } of source.map.instructionsIn(0, source.lineStarts.length)) {
        const range = source.map.rangeOf(offset);
        assert.ok(range);
        assert.deepEqual(range.end, end);
        const start = source.lineStarts[range.start.line] + range.start.character;
        const written = /^(?:[a-z0-9_.]+|\))/.exec(text.slice(start))?.[0];
        const mnemonic = siteWord(source.module, offset);
        assert.ok(
          written === mnemonic || (written === ')' && mnemonic === 'end') || written === 'else' || written === 'else',
          `${name}: ${written} for ${mnemonic}`,
        );
        // Right behind a word, a parenthesis leaves the word the meaning.
        if (written === ')') continue;
        const entity = entityAt(source, range.start.line, range.start.character);
        assert.deepEqual([entity?.kind, entity?.func, entity?.offset], ['instruction', func, offset]);
        count++;
      }
      for (const { range, relatedInformation } of textDiagnostics(source)) {
        assert.equal(range.start.line, range.end.line);
        for (const { location } of relatedInformation ?? [])
          assert.ok(source.lineStarts[location.range.end.line] !== undefined);
      }
    }
  }
  assert.ok(count > 200, `${count}`);
});
