/**
 * Our reading of DWARF against that of LLVM: of kept modules everywhere, of freshly compiled ones where clang and LLVM's
 * tools are. `UPDATE_GOLDEN=1` builds the kept modules again and has LLVM read them.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { enableDemangling } from '../../../node/demangler.ts';
import { differences, type LlvmReading, llvmReading } from './testing/differences.ts';
import { missingLlvm } from './testing/llvm.ts';
import { buildCase, buildRust, casePaths, missingClang, missingRustTarget, RECIPES } from './testing/recipes.ts';

// Rust's symbols are compared in their readable form.
enableDemangling();

const isUpdating = process.env.UPDATE_GOLDEN === '1';
const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(path));

/** Modules that no compiler of this machine may be able to build. */
const KEPT = ['rust', 'zig'];

describe('DWARF is read as LLVM reads it', () => {
  for (const name of [...Object.keys(RECIPES), ...KEPT]) {
    const { binary, golden } = casePaths(name);
    test(`${name}, as kept`, async () => {
      if (isUpdating) {
        if (name in RECIPES) await buildCase(name, binary);
        writeFileSync(golden, `${JSON.stringify(await llvmReading(binary), null, 1)}\n`);
      }
      const llvm = JSON.parse(readFileSync(golden, 'utf8')) as LlvmReading;
      assert.ok(llvm.rows.length > 10, 'LLVM reads some rows');
      assert.deepEqual(differences(bytesOf(binary), llvm), []);
    });
  }

  /** Builds a module elsewhere and compares the readings of it. */
  async function compareFresh(build: (output: string) => Promise<void>): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'wasm-hazards-dwarf-'));
    try {
      const path = join(folder, 'fresh.wasm');
      await build(path);
      assert.deepEqual(differences(bytesOf(path), await llvmReading(path)), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  for (const name of Object.keys(RECIPES)) {
    test(`${name}, as compiled here`, async (t) => {
      const missing = missingClang() ?? missingLlvm();
      if (missing !== undefined) return t.skip(missing);
      await compareFresh((output) => buildCase(name, output));
    });
  }

  test('rust, as compiled here', async (t) => {
    const missing = (await missingRustTarget()) ?? missingLlvm();
    if (missing !== undefined) return t.skip(missing);
    await compareFresh(buildRust);
  });
});
