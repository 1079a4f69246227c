/** Rust wrappers of real modules, used by many threads and tasks on the real Wasmtime. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { rustCrate, rustMissing } from '../../core/wrap/rust/testing/crate.ts';
import { useModule } from '../../core/wrap/rust/testing/useModule.ts';
import { CorpusError, ensureCorpus } from './fetch.ts';

/** Small ones, of several compilers: a debug build of Wasmtime compiles them slowly. */
const MODULES = [
  'hash-wasm/dist/xxhash64.wasm',
  'hash-wasm/dist/argon2.wasm',
  'hash-wasm/dist/sha256.wasm',
  'hash-wasm/dist/blake3.wasm',
  'hash-wasm/dist/bcrypt.wasm',
  'argon2-browser/dist/argon2.wasm',
  'blake3-wasm/dist/wasm/blake3.wasm',
  'source-map/lib/mappings.wasm',
  'undici/lib/llhttp/llhttp.wasm',
  'yoga-wasm-web/dist/yoga.wasm',
];

describe('Rust wrappers of real modules', { skip: rustMissing() }, () => {
  it('compile without a warning of clippy, and work', async (test) => {
    const crate = rustCrate('real');
    let modules: Awaited<ReturnType<typeof ensureCorpus>>;
    try {
      modules = await ensureCorpus(({ name }) => MODULES.includes(name));
    } catch (error) {
      if (!(error instanceof CorpusError)) throw error;
      test.skip(`Rust wrappers of real modules: ${error.message}`);
      return;
    }
    assert.equal(modules.length, MODULES.length);
    const lines = modules.map(({ name, path }) =>
      useModule(crate, { file: name.replaceAll('/', '_'), bytes: new Uint8Array(readFileSync(path)) }, false),
    );
    crate.write('src/lib.rs', lines.join(''));
    crate.cargo(['clippy', '--locked', '--quiet', '--lib', '--', '-D', 'warnings']);
    const { text } = crate.outcome(['test', '--locked', '--quiet', '--lib', '--', '--format=pretty']);
    assert.match(text, /^test result: ok\. \d{2,} passed; 0 failed/m, text.slice(-10_000));
  });
});
