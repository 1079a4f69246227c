/** The second opinion on what the engine refuses: wasm-tools about modules with imports, and about proposals. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { mutant } from '../../analysis/testing/mutation/mutate.ts';
import { loadSeeds } from '../../analysis/testing/mutation/seeds.ts';
import { decodeModule } from '../decode.ts';
import { validationError } from '../validate.ts';
import { wasmEngine } from '../webAssembly.ts';
import { toolsError } from './wasmTools.ts';

const decoded = async (text: string) => {
  const module = decodeModule(await parse(text));
  assert.deepEqual(module.errors, []);
  return module;
};

/** An import of each kind and type, and more items of each kind. */
const IMPORTS = `
  (type $s (struct (field i32))) (type $a (array (ref $s))) (type $f (func (param i32)))
  (import "m" "f" (func (type $f)))
  (import "m" "struct" (global (ref $s)))
  (import "m" "function" (global (ref $f)))
  (import "m" "array" (global (ref $a)))
  (import "m" "table" (table 1 (ref func)))
  (import "m" "table" (table 1 externref))
  (import "m" "extern" (global (ref extern)))
  (import "m" "any" (global (ref any)))
  (import "m" "none" (global (mut (ref null $s))))
  (import "m" "memory" (memory i64 1))
  (import "m" "memory" (memory 1 1 shared))
  (import "m" "tag" (tag (param i32)))
  (import "m" "v" (global v128))
  (import "m" "d" (global (mut f64)))
  (global (ref $s) (global.get 0)) (table 3 funcref) (memory 1) (tag (param i64))
  (elem (table 2) (i32.const 0) func 0 1) (data (memory 2) (i32.const 0) "x")
  (start 2) (export "f" (func 0)) (export "cabi_realloc" (func 1)) (export "_initialize" (global 0))`;

describe('wasm-tools', () => {
  test('accepts a module whatever it imports and exports', async () => {
    const module = await decoded(`(module ${IMPORTS} (func (result i64) (i64.const 0)) (func))`);
    assert.ok(wasmEngine.validate(module.bytes));
    assert.equal(await toolsError(module), undefined);
  });

  const FAULTS: readonly (readonly [text: string, message: RegExp])[] = [
    ['(func (result i64) (global.set 4 (ref.null 0)) (i64.const 0)) (func)', /global is immutable/],
    ['(func) (func (drop (i64.add (i64.const 1) (i32.const 1))))', /expected i64, found i32/],
    ['(func) (func) (global i64 (global.get 0))', /type mismatch/],
    ['(func) (func) (export "f" (func 1))', /duplicate export name `f`/],
    ['(func) (func) (data (memory 1) (i64.const 0) "x")', /expected i32, found i64/],
    ['(func) (func (call 9))', /unknown function 9/],
  ];
  for (const [fields, message] of FAULTS) {
    test(`finds the fault where the engine does: ${fields}`, async () => {
      const module = await decoded(`(module ${IMPORTS} ${fields})`);
      const error = await toolsError(module);
      assert.ok(error !== undefined && error !== 'unknown');
      assert.match(error.message, message);
      const engine = await validationError(module);
      assert.equal(engine?.kind, 'invalid');
      assert.ok(Math.abs(error.offset - (engine?.offset ?? 0)) <= 16, `${error.offset}, ${engine?.offset}`);
    });
  }

  const PROPOSALS = [
    ['(memory 1 1 (pagesize 1))', ''],
    ['', '(func (param i64) (result i64 i64) (i64.mul_wide_u (local.get 0) (local.get 0)))'],
  ];
  for (const [first, last] of PROPOSALS) {
    test(`knows what the engine may not: ${first}${last}`, async () => {
      const text = (fault: string): string => `(module (import "m" "f" (func)) ${first} ${fault} ${last})`;
      assert.equal(await toolsError(await decoded(text(''))), undefined);
      const faulty = await decoded(text('(func (result i32) (i64.const 1))'));
      const error = await validationError(faulty);
      assert.deepEqual([error?.kind, error?.func], ['invalid', 1]);
      assert.match(error?.message ?? '', /i32.*i64/);
    });
  }

  test('is asked nothing where no constant stands for an import', async () => {
    for (const type of ['exn', 'struct']) {
      const module = await decoded(`(module (import "m" "g" (global (ref ${type}))))`);
      assert.equal(await toolsError(module), 'unknown');
    }
  });

  test('and the engine agree on mutants', async () => {
    const seeds = await loadSeeds();
    let refused = 0;
    for (let i = 0; i < 4000; i++) {
      const { name, bytes } = seeds[i % seeds.length];
      const module = decodeModule(mutant(bytes, 1, i).bytes);
      if (module.kind !== 'module' || module.errors.length > 0) continue;
      const where = `${name}, mutant ${i}`;
      const tools = await toolsError(module);
      assert.notEqual(tools, 'unknown', where);
      if (wasmEngine.validate(module.bytes)) assert.equal(tools, undefined, where);
      else refused++;
      const error = await validationError(module);
      // What only the engine refuses is of a proposal; its own words say so.
      if (tools === undefined && error) assert.match(error.message, /enable with|not enabled|invalid/, where);
    }
    assert.ok(refused > 200, String(refused));
  });
});
