import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import type { WatDocument } from './model.ts';
import { indexIn } from './moduleDraft.ts';
import { readWat } from './read.ts';
import { blockOfLabel } from './testing/labels.ts';
import { functionAt, importedCount, instructionAt, localIn, moduleAt, tokenAt } from './testing/lookup.ts';

/** Reads a text in which `¦` marks places of interest; also returns their offsets. */
function marked(text: string): { doc: WatDocument; at: number[] } {
  const parts = text.split('¦');
  const at = parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).join('').length);
  return { doc: readWat(parts.join('')), at };
}

describe('what stands at an offset', () => {
  test('tokens', () => {
    const { doc, at } = marked('¦(func¦ ;; ¦note\r\n 😀¦nop¦)¦ ');
    assert.deepEqual(
      at.map((offset) => tokenAt(doc, offset)),
      [0, -1, -1, 3, 4, -1],
    );
  });

  test('instructions own their mnemonics, immediates and parentheses', () => {
    const { doc, at } = marked(
      '(func ¦(i32.¦add ¦(local.get ¦0¦) (i32.const 1¦)¦) ¦(if ¦(result i32) (nop) ¦(then ¦nop) ¦(else¦)¦) i32.load ¦offset=4¦)',
    );
    const names = at.map((offset) => {
      const i = instructionAt(doc, offset);
      return i < 0 ? '-' : `${i} ${doc.text.slice(doc.instructions.nameStart[i], doc.instructions.nameEnd[i])}`;
    });
    assert.deepEqual(names, [
      ...['2 i32.add', '2 i32.add', '0 local.get', '0 local.get', '0 local.get', '1 i32.const', '2 i32.add'],
      ...['4 if', '4 if', '4 if', '5 nop', '6 else', '6 else', '7 )', '8 i32.load', '9 )'],
    ]);
  });

  test('functions and modules', () => {
    const { doc, at } = marked(
      '¦(module (import "m" "f" (func ¦$i)) ¦(func $a ¦nop¦)¦ (memory ¦1) (func $b)) ¦(module ¦(func $c))',
    );
    const names = at.map((offset) => {
      const module = moduleAt(doc, offset);
      return module === undefined
        ? '-'
        : `${doc.modules.indexOf(module)} ${functionAt(module, offset)?.id?.text ?? '-'}`;
    });
    assert.deepEqual(names, ['0 -', '0 -', '0 a', '0 a', '0 a', '0 -', '0 -', '1 -', '1 c']);
    assert.equal(importedCount(doc.modules[0].funcs), 1);
    assert.equal(importedCount(doc.modules[1].funcs), 0);
  });
});

describe('what a name means', () => {
  test('items', () => {
    const [module] = readWat(
      '(func $a) (import "m" "n" (func $b)) (func $"a b") (func $a) (global $a i32 (i32.const 0))',
    ).modules;
    assert.deepEqual(
      ['$a', '$b', '$"a b"', '$"a"', '$"\\61"', '$c', '0', '0x3', '4', '-1', 'x', '$'].map((text) =>
        indexIn(module, 'func', text),
      ),
      [1, 0, 2, 1, 1, -1, 0, 3, -1, -1, -1, -1],
    );
    assert.equal(indexIn(module, 'global', '$a'), 0);
    assert.equal(indexIn(module, 'memory', '0'), -1);
  });

  test('locals', () => {
    const [module] = readWat(`(type $t (func (param i32 i32)))
      (func (type $t) (local $x i32)) (func (param $a i32) (param i64) (local i32 i32) (local $b f32))`).modules;
    assert.deepEqual(
      ['$x', '2', '1', '$y'].map((text) => localIn(module.funcs[0], text)?.index),
      [2, 2, undefined, undefined],
    );
    assert.deepEqual(
      ['$a', '$b', '$"b"', '1', '3', '5'].map((text) => localIn(module.funcs[1], text)?.index),
      [0, 4, 4, 1, 3, undefined],
    );
  });

  test('labels', () => {
    const { doc, at } =
      marked(`(func (block $a (loop $b (br_if ¦$a (i32.const 1)) (br ¦0) (br ¦2) (br ¦3) (block $c)) (br ¦$b)
      (if $a (¦br $a) (then (¦br $a) (br ¦1))) try $t nop catch_all rethrow ¦$t end try $d nop delegate ¦0))`);
    const [{ funcs }] = doc.modules;
    const blocks = at.map((offset) => {
      const instruction = instructionAt(doc, offset);
      const token = tokenAt(doc, offset);
      const isName = doc.text[offset] !== 'b';
      const label = isName ? doc.text.slice(doc.tokens.start[token], doc.tokens.end[token]) : '$a';
      const block = blockOfLabel(doc, funcs[0], instruction, label);
      if (block === undefined || block < 0) return block;
      return doc.text.slice(doc.instructions.nameStart[block]).split(/[ )]/, 2).join(' ');
    });
    assert.deepEqual(blocks, [
      'block $a',
      'loop $b',
      -1,
      undefined,
      undefined,
      'block $a',
      'if $a',
      'block $a',
      'try $t',
      'block $a',
    ]);
  });
});
