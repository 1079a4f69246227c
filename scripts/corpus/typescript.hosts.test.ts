/**
 * TypeScript wrappers of real modules in worker threads: an instance is lent, and their hammer tests run. If the modules
 * cannot be fetched, the tests are skipped and say why.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, test } from 'node:test';
import { temporary } from '../../core/wrap/testing/tools.ts';
import { hammered, lend } from '../../core/wrap/typescript/testing/workerRuns.ts';
import { chooseModules, fetched } from './testing/chosen.ts';

/** Modules of C, C++, Rust, Zig and AssemblyScript that can be instantiated without what their packages import. */
const MODULES =
  /^(argon2-browser\/.*argon2\.wasm|blake3-wasm|draco3d\/draco_decoder|hash-wasm\/.*(sha256|xxhash64)|libsodium|@resvg|source-map|tiktoken|undici|web-tree-sitter\/web-tree-sitter\.wasm)/;

describe('TypeScript wrappers of real modules', () => {
  const modules = chooseModules((name) => MODULES.test(name)).filter(({ name }) => MODULES.test(name));
  const skipped = fetched(modules);

  test('work in worker threads', async (context) => {
    if (skipped(context)) return;
    assert.ok(modules.length >= 8, modules.map(({ name }) => name).join());
    const folder = temporary();
    let returned = 0;
    for (const { name, path } of modules) {
      const file = `${name.split('/')[name.startsWith('@') ? 1 : 0]}_${basename(path)}`;
      const module = { file, bytes: new Uint8Array(readFileSync(path)) };
      await lend(module, folder);
      const run = hammered(module, folder);
      assert.ok(run !== undefined, name);
      assert.doesNotMatch(run.output, /there is no instance/, name);
      if (run.passed > 1) returned++;
    }
    assert.ok(returned >= 5, `calls of ${returned} modules returned`);
  });
});
