/**
 * The DWARF of published modules, against LLVM's reading of it: every row of every line program, every function, every
 * variable, and the functions at a sample of addresses. The large module only with `WASM_HAZARDS_CORPUS=all`.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { differences, llvmReading } from '../../core/debug/dwarf/testing/differences.ts';
import { missingLlvm } from '../../core/debug/dwarf/testing/llvm.ts';
import { enableDemangling } from '../../node/demangler.ts';
import { chooseModules, fetched } from './testing/chosen.ts';

enableDemangling();

const SMALL = 'web-tree-sitter/debug/web-tree-sitter.wasm';
const LARGE = '@ruby/3.4-wasm-wasi/dist/ruby.debug+stdlib.wasm';

const chosen = chooseModules((name) => name === SMALL).filter(({ name }) => name === SMALL || name === LARGE);

describe('DWARF of published modules is read as LLVM reads it', () => {
  const isSkipped = fetched(chosen);

  for (const { name, path } of chosen) {
    test(name, async (t) => {
      const missing = missingLlvm();
      if (missing !== undefined) return t.skip(missing);
      if (isSkipped(t)) return;
      const llvm = await llvmReading(path);
      assert.ok(llvm.rows.length > 10_000, 'LLVM reads rows');
      assert.ok(llvm.items.length > 300, `${llvm.items.length} functions and variables`);
      assert.ok(llvm.frames.length > 1000, `${llvm.frames.length} addresses`);
      assert.deepEqual(differences(new Uint8Array(readFileSync(path)), llvm), []);
    });
  }
});
