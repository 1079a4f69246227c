/** `wasm-hazards wrap`: what is written is in golden texts; that it compiles is tested beside the generators. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { assertGoldenText } from '../../../core/testing/golden.ts';
import { FIXTURES } from '../../../core/testing/paths.ts';
import { Exit } from '../io.ts';
import { runWith } from '../testing/cli.ts';

const fixture = (name: string): string => join(FIXTURES, name);

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-wrap-'));
});
after(() => rm(folder, { recursive: true }));

describe('wrap', () => {
  for (const [name, ...args] of [
    ['wrap-wazero-pool', 'counter-global.wasm', '--kind', 'pool'],
    ['wrap-wazero-mutex', 'bump-allocator.wat', '--kind', 'mutex', '--package', 'heap'],
    ['wrap-wazero-type', 'host-import.wat', '--kind', 'pool', '--package', 'host', '--type', 'Codec'],
    ['wrap-wazero-test', 'grow-vs-write.wasm', '--kind', 'test'],
    ['wrap-wasmtime-pool', 'host-import.wasm', '--kind', 'pool', '--host', 'wasmtime'],
    ['wrap-wasmtime-async', 'host-import.wasm', '--kind', 'pool', '--host', 'wasmtime', '--async', '--type', 'Codec'],
    ['wrap-wasmtime-mutex', 'bump-allocator.wasm', '--kind', 'mutex', '--host', 'wasmtime'],
    ['wrap-wasmtime-test', 'caller-buffer.wasm', '--kind', 'test', '--host', 'wasmtime'],
    ['wrap-javascript-pool', 'counter-global.wasm', '--kind', 'pool', '--host', 'javascript'],
    ['wrap-javascript-mutex', 'shared-data.wasm', '--kind', 'mutex', '--host', 'javascript'],
    ['wrap-javascript-test', 'shared-data.wasm', '--kind', 'test', '--host', 'javascript'],
    ['wrap-wasmtime-py-pool', 'host-import.wasm', '--kind', 'pool', '--host', 'wasmtime-py'],
    ['wrap-wasmtime-py-mutex', 'bump-allocator.wasm', '--kind', 'mutex', '--host', 'wasmtime-py'],
    ['wrap-wasmtime-py-test', 'caller-buffer.wasm', '--kind', 'test', '--host', 'wasmtime-py'],
    ['wrap-wasmtime-c-api-pool', 'host-import.wasm', '--kind', 'pool', '--host', 'wasmtime-c-api'],
    ['wrap-wasmtime-c-api-mutex', 'bump-allocator.wasm', '--kind', 'mutex', '--host', 'wasmtime-c-api'],
    ['wrap-wasmtime-c-api-test', 'caller-buffer.wasm', '--kind', 'test', '--host', 'wasmtime-c-api'],
    ['wrap-wamr-pool', 'host-import.wasm', '--kind', 'pool', '--host', 'wamr'],
    ['wrap-wasi-threads-pool', 'shared-data.wasm', '--kind', 'pool', '--host', 'wasi-threads'],
    ['wrap-extism-pool', 'pure.wasm', '--kind', 'pool', '--host', 'extism'],
  ]) {
    it(`writes ${name}`, async () => {
      const [file, ...rest] = args;
      const { code, out, err } = await runWith(['wrap', fixture(file), ...rest]);
      assert.deepEqual({ code, err }, { code: Exit.Clean, err: [] });
      assertGoldenText(import.meta.dirname, name, out);
    });
  }

  it('writes a file, but never over one', async () => {
    const out = join(folder, 'pool.go');
    const args = ['wrap', fixture('pure.wasm'), '--kind', 'pool', '--out', out];
    assert.equal((await runWith(args)).code, Exit.Clean);
    assert.match(await readFile(out, 'utf8'), /^package pure$/m);
    const { code, err } = await runWith(args);
    assert.equal(code, Exit.Trouble);
    assert.match(err[0], /pool\.go already exists and was not overwritten; remove it or name another file$/);
  });

  it('picks the host from the manifests around the module', async () => {
    await writeFile(join(folder, 'Cargo.toml'), '[dependencies]\nwasmtime = "38"\n');
    await writeFile(join(folder, 'm.wasm'), await readFile(fixture('pure.wasm')));
    const { out } = await runWith(['wrap', join(folder, 'm.wasm'), '--kind', 'pool', '--host', 'auto']);
    assert.match(out, /^use wasmtime::/m);
  });

  for (const [why, args, message] of [
    ['no module', ['--kind', 'pool'], 'wrap: expects one module'],
    ['no kind', [fixture('pure.wasm')], 'wrap: --kind is missing; it is one of pool, mutex, test'],
    [
      'an unknown kind',
      [fixture('pure.wasm'), '--kind', 'poll'],
      'wrap: --kind cannot be "poll"; it is one of pool, mutex, test',
    ],
    [
      'a host without a template',
      [fixture('pure.wasm'), '--kind', 'pool', '--host', 'wasmedge'],
      'wrap: There is no template for WasmEdge. There are templates for wazero, wasmtime, wasmtime-c-api, wasmtime-py, wasmer, wamr, wasi-threads, javascript, extism.',
    ],
    [
      'a package that hides an import',
      [fixture('pure.wasm'), '--kind', 'pool', '--package', 'fmt'],
      'wrap: --package cannot be "fmt"; a Go package name is one lower-case word, neither a keyword nor the name of a package that the code imports',
    ],
    [
      'a type name that is none',
      [fixture('pure.wasm'), '--kind', 'pool', '--type', 'codec'],
      'wrap: --type cannot be "codec"; it is a capital letter, followed by at most 39 letters and digits',
    ],
    [
      'async code in Go',
      [fixture('pure.wasm'), '--kind', 'pool', '--async'],
      'wrap: There is no pool with async functions for wazero (Go): a pool and a mutex in Rust for Wasmtime have them.',
    ],
    ['an unknown option', [fixture('pure.wasm'), '--lock'], "wrap: Unknown option '--lock'"],
    [
      'a scenario',
      [fixture('counter-global.stress.json'), '--kind', 'pool'],
      `${fixture('counter-global.stress.json')}: wrap expects a module, not a scenario`,
    ],
  ] as const) {
    it(`refuses ${why}`, async () => {
      const { code, out, err } = await runWith(['wrap', ...args]);
      assert.deepEqual({ code, out, err }, { code: Exit.Trouble, out: '', err: [`wasm-hazards: ${message}`] });
    });
  }

  it('refuses a module without exports, and one that is damaged', async () => {
    await writeFile(join(folder, 'empty.wat'), '(module (memory (export "m") 1))');
    const empty = await runWith(['wrap', join(folder, 'empty.wat'), '--kind', 'pool']);
    assert.deepEqual(empty.err, ['wasm-hazards: wrap: empty.wat exports no function.']);
    const whole = await readFile(fixture('pure.wasm'));
    await writeFile(join(folder, 'cut.wasm'), whole.subarray(0, whole.length - 20));
    const cut = await runWith(['wrap', join(folder, 'cut.wasm'), '--kind', 'pool']);
    assert.equal(cut.code, Exit.Trouble);
    assert.match(cut.err[0], /cut\.wasm: .*\(offset 0x[0-9a-f]+\)/);
  });
});
