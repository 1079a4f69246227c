/**
 * Python wrappers of real modules, on the real wasmtime-py: formatted, typed, instantiated, and their hammer tests. If
 * the modules cannot be fetched, the tests are skipped and say why.
 */
import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { RUNS } from '../../core/wrap/python/testing/runs.ts';
import { pythonVenv } from '../../core/wrap/python/testing/venv.ts';
import { WRAP_KINDS } from '../../core/wrap/template.ts';
import { wrap } from '../../core/wrap/testing/generate.ts';
import { ran, temporary } from '../../core/wrap/testing/tools.ts';
import { chooseModules, fetched } from './testing/chosen.ts';

/** Modules of C, C++, Rust, Zig and AssemblyScript that can be instantiated without what their packages import. */
const MODULES =
  /^(argon2-browser\/.*argon2\.wasm|blake3-wasm|draco3d\/draco_decoder|hash-wasm\/.*(sha256|xxhash64)|libsodium|@resvg|source-map|tiktoken|undici|web-tree-sitter\/web-tree-sitter\.wasm)/;

const venv = pythonVenv();

describe('Python wrappers of real modules', { skip: typeof venv === 'string' ? venv : undefined }, () => {
  if (typeof venv === 'string') return;
  const modules = chooseModules((name) => MODULES.test(name)).filter(({ name }) => MODULES.test(name));
  const skipped = fetched(modules);

  test('are formatted, typed, and work', (context) => {
    if (skipped(context)) return;
    assert.ok(modules.length >= 8, modules.map(({ name }) => name).join());
    const folder = temporary();
    cpSync(join(RUNS, 'real_run.py'), join(folder, 'real_run.py'));
    const bases = modules.map(({ name, path }) => {
      const base = `${name.split('/')[name.startsWith('@') ? 1 : 0]}_${basename(path, '.wasm')}`
        .replace(/\W/g, '_')
        .toLowerCase();
      const module = { file: `${base}.wasm`, bytes: new Uint8Array(readFileSync(path)) };
      writeFileSync(join(folder, module.file), module.bytes);
      for (const kind of WRAP_KINDS) {
        const { fileName, text } = wrap(module, 'wasmtime-py', kind);
        writeFileSync(join(folder, fileName), text.replace('\nROUNDS = 50\n', '\nROUNDS = 5\n'));
      }
      return base;
    });
    ran(venv.tool('ruff'), ['format', '--check', '--isolated', '--quiet', '.'], { cwd: folder });
    ran(venv.tool('mypy'), ['--strict', '--cache-dir=/dev/null', '.'], { cwd: folder });
    ran(venv.python, ['-W', 'error', 'real_run.py', ...bases], { cwd: folder });
    let returned = 0;
    for (const base of bases) {
      const name = `test_${base}_threads`;
      const ended: SpawnSyncReturns<string> = spawnSync(venv.python, ['-W', 'error', '-m', 'unittest', '-v', name], {
        cwd: folder,
        encoding: 'utf8',
        timeout: 240_000,
      });
      const said: string = ended.stderr;
      assert.equal(ended.status, 0, `${base}: ${said}`);
      assert.doesNotMatch(said, /there is no instance/, base);
      if (!said.includes('no call returned')) returned++;
    }
    assert.ok(returned >= 5, `all calls of ${returned} modules returned`);
  });
});
