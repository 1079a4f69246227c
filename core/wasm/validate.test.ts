/** What the engine says of binaries that decode, and of what it does not know. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { FIXTURES } from '../testing/paths.ts';
import { decodeModule } from './decode.ts';
import { validated } from './validate.ts';

const errorsOf = async (bytes: Uint8Array) => (await validated(decodeModule(bytes))).errors;

describe('a binary that decodes', () => {
  const INVALID: readonly (readonly [text: string, message: RegExp])[] = [
    ['(module (func (result i32) (i64.const 1)))', /^not valid: in function 0: type error/],
    ['(module (func) (func (drop (i32.add (i32.const 1)))))', /^not valid: in function 1: not enough arguments/],
    ['(module (memory 3 1))', /^not valid: maximum memory size/],
    ['(module (func $f) (export "a" (func $f)) (export "a" (func $f)))', /^not valid: Duplicate export name/],
    ['(module (global i32 (i64.const 0)))', /^not valid: type error in constant expression/],
    ['(module (func (param i32)) (start 0))', /^not valid: invalid start function/],
  ];
  for (const [text, message] of INVALID) {
    test(`with a fault is not valid: ${text}`, async () => {
      const bytes = await parse(text);
      const [error, ...more] = await errorsOf(bytes);
      assert.match(error?.message, message);
      assert.ok(error.offset > 8 && error.offset <= bytes.length, String(error.offset));
      assert.deepEqual(more, []);
    });
  }

  test('may lie in shared memory', async () => {
    const bytes = await parse('(module (func (result i32) (i64.const 1)))');
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    assert.equal((await errorsOf(shared)).length, 1);
  });

  const BEYOND = [
    '(module (memory 1 1 (pagesize 1)))',
    '(module (global (shared mut i32) (i32.const 0)))',
    '(module (func (drop (ref.i31_shared (i32.const 1)))))',
    '(module (func (param i64 i64) (result i64 i64) (i64.mul_wide_u (local.get 0) (local.get 1))))',
    '(module (type $f (func)) (type $k (cont $f)) (func (param (ref null $k)) (drop (local.get 0))))',
    '(module (memory 1 1 shared) (func (i32.store (i32.const 0) (global.atomic.get seq_cst 0))) (global i32 (i32.const 0)))',
    `(module (func ${'(local i32)'.repeat(50_001)}))`,
  ];
  for (const text of BEYOND) {
    test(`with what this engine does not know is not called invalid: ${text.slice(0, 80)}`, async () => {
      const bytes = await parse(text);
      assert.deepEqual(
        (await errorsOf(bytes)).filter(({ message }) => message.startsWith('not valid')),
        [],
      );
    });
  }

  test('as fixtures do has no error', async () => {
    const files = globSync('*.wasm', { cwd: FIXTURES });
    assert.ok(files.length > 10);
    for (const file of files) {
      const module = decodeModule(new Uint8Array(readFileSync(join(FIXTURES, file))));
      assert.deepEqual((await validated(module)).errors, module.errors, file);
    }
  });

  test('keeps its decode errors, and only them', async () => {
    const module = decodeModule(Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 1]));
    assert.equal(await validated(module), module);
  });
});
