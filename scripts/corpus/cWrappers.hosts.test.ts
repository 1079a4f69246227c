/** Generated C for real modules, on the real Wasmtime: it compiles without a warning, and its hammer programs find nothing wrong. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { built, STRICT, written } from '../../core/wrap/c/testing/compile.ts';
import { wasmtimeC } from '../../core/wrap/c/testing/hosts.ts';
import { WRAP_KINDS } from '../../core/wrap/template.ts';
import { missing, ran, temporary } from '../../core/wrap/testing/tools.ts';
import { corpus } from './fetch.ts';
import { fetched } from './testing/chosen.ts';

/** Small modules of different makers: Rust, C and C++ through Emscripten, hand-written AssemblyScript and C. */
const CHOSEN = [
  '@dprint/json/plugin.wasm',
  'argon2-browser/dist/argon2.wasm',
  'blake3-wasm/dist/wasm/blake3.wasm',
  'hash-wasm/dist/blake3.wasm',
  'hash-wasm/dist/sha256.wasm',
  'hash-wasm/dist/xxhash64.wasm',
  'libsodium/dist/modules/libsodium.wasm',
  'source-map/lib/mappings.wasm',
  'undici/lib/llhttp/llhttp.wasm',
  'vscode-oniguruma/release/onig.wasm',
];

const host = missing('the C of generated wrappers', 'gcc') ?? wasmtimeC();
describe('C wrappers of real modules', { skip: typeof host === 'string' ? host : undefined }, () => {
  if (typeof host === 'string') return;
  const chosen = corpus.filter(({ name }) => CHOSEN.includes(name));
  const skipped = fetched(chosen);
  assert.equal(chosen.length, CHOSEN.length);
  for (const { name, path } of chosen) {
    test(name, (context) => {
      if (skipped(context)) return;
      const folder = temporary();
      const module = { file: name.replace(/^.*\//, ''), bytes: new Uint8Array(readFileSync(path)) };
      const sources = WRAP_KINDS.map((kind) => written(folder, module, host.name, kind));
      ran('gcc', ['-fsyntax-only', ...STRICT, ...host.compile, ...sources], { cwd: folder });
      const program = built(host, 'gcc', [sources[WRAP_KINDS.indexOf('test')]]);
      const { status, stdout, stderr } = spawnSync(program, [join(dirname(sources[0]), module.file)], {
        cwd: folder,
        encoding: 'utf8',
        timeout: 300_000,
      });
      // Guessed arguments make some calls trap, which is no failure.
      assert.ok(status === 0 || status === 2, `${status}\n${stdout}${stderr}`);
      assert.match(stdout, / calls returned, no result was wrong$/m);
    });
  }
});
