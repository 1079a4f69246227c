/** A mistake in one function affects only that function. */

import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { FIXTURES } from '../testing/paths.ts';
import type { WatDocument, WatName } from './model.ts';
import { readWat } from './read.ts';

/** Opcodes of each named function with a body. */
function bodies(doc: WatDocument): Map<string, string> {
  const found = new Map<string, string>();
  for (const { id, first, length } of doc.modules.flatMap((module) => module.funcs)) {
    if (id !== undefined && length > 0) found.set(id.text, doc.instructions.op.slice(first, first + length).join());
  }
  return found;
}

/** What typing may do at one place: remove a character, add a character or a half-written form. */
const EDITS = ['', '(', ')', '"', ';', '(;', '(@x ', '(memory', '(\n', '(global\n', '(i32.', 'local.'];

describe('one edit inside a function does not affect the others', () => {
  for (const file of readdirSync(FIXTURES).filter((name) => name.endsWith('.wat'))) {
    test(file, () => {
      const text = readFileSync(join(FIXTURES, file), 'utf8');
      const doc = readWat(text);
      const whole = bodies(doc);
      const edited = doc.modules[0].funcs.filter(({ imported, id }) => !imported && id !== undefined);
      for (const func of edited) {
        // A duplicate function name is a different kind of mistake.
        for (let at = (func.id as WatName).end; at < func.end; at++) {
          for (const insert of EDITS) {
            if (insert === '' && !'()"'.includes(text[at])) continue;
            const changed = `${text.slice(0, at)}${insert}${text.slice(insert === '' ? at + 1 : at)}`;
            const now = bodies(readWat(changed));
            for (const [name, ops] of whole) {
              if (name === func.id?.text || now.get(name) === ops) continue;
              assert.fail(`${JSON.stringify(insert)} at ${at} in ${func.id?.text} changes ${name}`);
            }
          }
        }
      }
    });
  }
});

describe('missing parentheses', () => {
  const functions = (text: string) => {
    const doc = readWat(text);
    return doc.modules.map((module) =>
      module.funcs.map(({ id, length, broken }) => `${id?.text} ${length}${broken ? ' broken' : ''}`),
    );
  };

  test('parentheses at the end of the text', () => {
    assert.deepEqual(functions('(module (func $a nop) (func $b (drop (i32.const 1'), [['a 2', 'b 3 broken']]);
  });

  test('a parenthesis of a function, before all kinds of fields', () => {
    const fields = [
      '(func $b nop)',
      '(export "e" (func $a))',
      '(type $t (func))',
      '(memory 1)',
      '(global i32 (i32.const 0))',
    ];
    fields.push(
      '(import "m" "n" (func))',
      '(table 1 funcref)',
      '(elem func $a)',
      '(data "x")',
      '(start $a)',
      '(tag)',
      '(rec)',
    );
    for (const field of fields) {
      const doc = readWat(`(module\n  (func $a (drop (i32.const 1))\n  ${field}\n  (func $z nop))`);
      assert.deepEqual(
        doc.modules[0].funcs.filter(({ imported }) => !imported).map(({ id, length }) => `${id?.text} ${length}`),
        field.startsWith('(func') ? ['a 3', 'b 2', 'z 2'] : ['a 3', 'z 2'],
        field,
      );
      assert.equal(doc.errors.length, 1, field);
    }
  });

  test('fields that are not closed themselves', () => {
    for (const field of [
      '(export "e" (func $a)',
      '(type $t (func',
      '(memory 1',
      '(import "m" "n" (func)',
      '(global i32',
      '(data "x"',
    ]) {
      assert.deepEqual(
        functions(`(module\n(func $a nop)\n${field}\n(func $b nop))`).flat().slice(-2),
        ['a 2', 'b 2'],
        field,
      );
    }
  });

  test('a parenthesis of a module in a script', () => {
    const script = '(module\n(func $a nop)\n(module\n(func $b nop\n(assert_return (invoke "f"))\n(module\n(func $c))\n';
    assert.deepEqual(functions(script), [['a 2'], ['b 2 broken'], ['c 1']]);
  });

  test('an instruction that is being written is not the next field', () => {
    const text = '(module\n  (func $a\n    (memory\n    (drop (i32.const 1)))\n  (func $b nop))';
    assert.deepEqual(
      functions(text)
        .flat()
        .map((line) => line.replace(' broken', '')),
      ['a 3', 'b 2'],
    );
  });

  test('a field after the end of its module still belongs to it', () => {
    const doc = readWat('(module\n(func $a) )\n(func $b nop) )\n(func $c nop)');
    assert.deepEqual(
      doc.modules[0].funcs.map(({ id }) => id?.text),
      ['a', 'b', 'c'],
    );
    assert.equal(doc.modules[0].complete, false);
  });
});
