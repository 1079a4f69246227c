/**
 * Go wrappers of real modules on the real wazero: linters on the code as it is, and use from many goroutines under the
 * race detector, compiled and interpreted. Functions that a module imports return zero, so many calls fail; what may
 * not happen is a data race, a crash, an instance that is used after a failed call, or a call after Close.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { GO_ENV, goMissing, goTest, raceFlags, staticcheck } from '../../core/wrap/go/testing/goModule.ts';
import { useModule } from '../../core/wrap/go/testing/useModule.ts';
import type { WrapKind } from '../../core/wrap/template.ts';
import type { TestModule } from '../../core/wrap/testing/modules.ts';
import { ran } from '../../core/wrap/testing/tools.ts';
import { CorpusError, type CorpusModule, ensureCorpus } from './fetch.ts';

/** Languages and uses of all kinds; none so large that the race detector takes minutes for it. */
const NAMES = [
  'argon2-browser/dist/argon2.wasm',
  'blake3-wasm/dist/wasm/blake3.wasm',
  'draco3d/draco_decoder.wasm',
  'hash-wasm/dist/sha256.wasm',
  'hash-wasm/dist/xxhash64.wasm',
  'libsodium/dist/modules/libsodium.wasm',
  'source-map/lib/mappings.wasm',
  'sql.js/dist/sql-wasm-browser.wasm',
  'undici/lib/llhttp/llhttp.wasm',
  'vscode-oniguruma/release/onig.wasm',
  'wasmoon/dist/glue.wasm',
  'web-tree-sitter/web-tree-sitter.wasm',
  'yoga-wasm-web/dist/yoga.wasm',
];

/** Those that are compiled quickly, one of each language: they are used with the oldest wazero, too. */
const SMALL = NAMES.filter((name) => /argon2|sha256|source-map|llhttp/.test(name));

/** No call of their hammer tests returns where imported functions return zero, and each waits for its time limit. */
const IDLE = NAMES.filter((name) => /libsodium|sql\.js|oniguruma|yoga/.test(name));
const isLeftOut = ({ file }: TestModule, kind: WrapKind): boolean =>
  kind === 'test' && IDLE.some((name) => file.endsWith(`-${basename(name)}`));

/** The modules, or why they cannot be fetched. */
async function realModules(names: readonly string[]): Promise<{ modules: TestModule[] } | { missing: string }> {
  const isWanted = ({ name }: CorpusModule): boolean => names.includes(name);
  try {
    const found = await ensureCorpus(isWanted);
    assert.equal(found.length, names.length);
    return {
      modules: found.map(({ package: from, path }) => ({
        file: `${from.replace(/\W/g, '')}-${basename(path)}`,
        bytes: new Uint8Array(readFileSync(path)),
      })),
    };
  } catch (error) {
    if (error instanceof CorpusError) return { missing: `real modules: ${error.message}` };
    throw error;
  }
}

describe('Go wrappers of real modules', { skip: goMissing() }, () => {
  it('are clean and work', async (t) => {
    const real = await realModules(NAMES);
    if ('missing' in real) return t.skip(real.missing);
    const { folder, packages, refusals } = useModule(real.modules, 'newest', isLeftOut);
    assert.equal(packages, 3 * NAMES.length, refusals.join('\n'));
    await t.test('are formatted, and vet has nothing to say', () => {
      assert.equal(ran('gofmt', ['-l', '-d', '-s', 'plain'], { cwd: folder }), '');
      ran('go', ['vet', './plain/...'], { cwd: folder, env: GO_ENV });
    });
    await t.test('staticcheck has nothing to say', (t) => {
      const linter = staticcheck();
      if ('missing' in linter) t.skip(linter.missing);
      else ran(linter.program, ['./plain/...'], { cwd: folder, env: GO_ENV });
    });
    await t.test('work in many goroutines, compiled and interpreted', () => checkUse(folder));
  });
});

describe('Go wrappers of real modules, with the oldest wazero', { skip: goMissing('oldest') }, () => {
  it('work in many goroutines, compiled and interpreted', async (t) => {
    const real = await realModules(SMALL);
    if ('missing' in real) t.skip(real.missing);
    else checkUse(useModule(real.modules, 'oldest').folder);
  });
});

/** All tests pass, and calls of each module return. */
function checkUse(folder: string): void {
  const { passed, text } = goTest(folder, [...raceFlags(), '-v', '-short', '-timeout', '8m', './use']);
  const output = text.split('\n').filter((line) => !line.startsWith('=== '));
  assert.ok(passed, [...(text.match(/^ *--- FAIL.*$/gm) ?? []), output.join('\n').slice(0, 10_000)].join('\n'));
  const idle = [...text.matchAll(/^=== RUN +TestUse\/(\S+)\n.* 0 calls returned/gm)].map(([, name]) => name);
  assert.deepEqual(idle, []);
}
