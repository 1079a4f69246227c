/** Rust wrappers against the real rustfmt and compiler, with a stand-in for wasmtime; no network. */
import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { WRAP_KINDS } from '../template.ts';
import { wrap } from '../testing/generate.ts';
import { HOSTILE_NAMES } from '../testing/hostileNames.ts';
import { type TestModule, testModule, testModules } from '../testing/modules.ts';
import { missing, ran, temporary } from '../testing/tools.ts';

const TESTING = join(import.meta.dirname, 'testing');
const NO_FORMAT = missing('the format of generated Rust wrappers', 'rustfmt');
const NO_CARGO = missing('the Rust of generated wrappers', 'cargo', 'rustc');

/** A crate that finds the stand-ins where it would find wasmtime. */
function crate(): string {
  const folder = temporary();
  for (const name of ['wasmtime', 'wasmtime-wasi'])
    cpSync(join(TESTING, name), join(folder, name), { recursive: true });
  writeFileSync(
    join(folder, 'Cargo.toml'),
    `[package]
name = "wrapped"
version = "0.1.0"
edition = "2021"

[dependencies]
wasmtime = { path = "wasmtime" }
wasmtime-wasi = { path = "wasmtime-wasi" }

[lints.rust]
warnings = "deny"
`,
  );
  mkdirSync(join(folder, 'src'));
  mkdirSync(join(folder, 'tests'));
  writeFileSync(join(folder, 'src/lib.rs'), '');
  return folder;
}

const COUNTER = `(module (memory (export "memory") 1) (global $n (mut i32) (i32.const 0))
  (func (export "inc") (result i64) (global.set $n (i32.add (global.get $n) (i32.const 1))) i64.const 0)
  (func (export "get") (result i64) (i64.extend_i32_u (global.get $n)))
  (func (export "trap") unreachable))`;

const counter = async (): Promise<TestModule> => {
  const { parse } = await import('@bytecodealliance/jco-transpile/wasm-tools');
  return { file: 'counter.wasm', bytes: await parse(COUNTER) };
};

it('Rust wrappers are formatted as rustfmt does', { skip: NO_FORMAT }, async () => {
  const folder = temporary();
  const files: string[] = [];
  for (const module of await testModules()) {
    for (const kind of WRAP_KINDS) {
      if (module.file === 'command.wasm' && kind === 'test') continue;
      const { text } = wrap(module, 'wasmtime', kind);
      files.push(join(folder, `${module.file.replace(/\W/g, '_')}_${kind}.rs`));
      writeFileSync(files[files.length - 1], text);
    }
  }
  // The order of imports that differ in case alone is another one before 2024.
  for (const edition of ['2021', '2024']) ran('rustfmt', ['--edition', edition, '--check', ...files], { cwd: folder });
});

describe('Rust wrappers', { skip: NO_CARGO }, () => {
  const offline = { CARGO_NET_OFFLINE: 'true' };

  it('compile without a warning, whatever the module', async () => {
    const folder = crate();
    for (const module of await testModules()) {
      const base = `m_${module.file.replace(/\W/g, '_')}`;
      for (const kind of WRAP_KINDS) {
        if (module.file === 'command.wasm' && kind === 'test') continue;
        const { text } = wrap(module, 'wasmtime', kind);
        const file = kind === 'test' ? `tests/${base}.rs` : `src/${base}_${kind}.rs`;
        writeFileSync(join(folder, file), text);
        if (kind !== 'test') appendFileSync(join(folder, 'src/lib.rs'), `pub mod ${base}_${kind};\n`);
      }
    }
    ran('cargo', ['check', '--offline', '--quiet', '--tests'], { cwd: folder, env: offline });
  });

  for (const kind of ['pool', 'mutex'] as const) {
    it(`work: ${kind}`, async () => {
      const folder = crate();
      const { text } = wrap(await counter(), 'wasmtime', kind);
      writeFileSync(
        join(folder, 'src/lib.rs'),
        `${text}\n${readFileSync(join(TESTING, `run/${kind}_run.rs`), 'utf8')}`,
      );
      ran('cargo', ['test', '--offline', '--quiet', '--lib'], { cwd: folder, env: offline });
    });
  }

  it('work: the hammer test passes and fails where it should', async () => {
    const folder = crate();
    const { fileName, text } = wrap(await counter(), 'wasmtime', 'test');
    writeFileSync(join(folder, 'tests', fileName), text);
    assert.throws(
      () => ran('cargo', ['test', '--offline', '--quiet', '--test', 'counter_hammer'], { cwd: folder, env: offline }),
      /counter\.wasm: No such file/,
    );
    writeFileSync(join(folder, 'counter.wasm'), '');
    ran('cargo', ['test', '--offline', '--quiet', '--test', 'counter_hammer'], { cwd: folder, env: offline });
  });
  it('work: reset makes an imported shared memory new', async () => {
    const folder = crate();
    const { text } = wrap(await testModule('common.wasm'), 'wasmtime', 'mutex');
    writeFileSync(join(folder, 'src/lib.rs'), `${text}\n${readFileSync(join(TESTING, 'run/reset_run.rs'), 'utf8')}`);
    ran('cargo', ['test', '--offline', '--quiet', '--lib'], { cwd: folder, env: offline });
  });

  it('work: on a shared memory the hammer test passes with a lock, and without one for atomics alone', async () => {
    const folder = crate();
    const module = await testModule('common.wasm');
    const { fileName, text } = wrap(module, 'wasmtime', 'test');
    writeFileSync(join(folder, 'tests', fileName), text);
    writeFileSync(join(folder, module.file), '');
    const test = (name: string): string =>
      ran('cargo', ['test', '--offline', '--quiet', '--test', 'common_hammer', name], { cwd: folder, env: offline });
    test('threads_with_a_lock');
    assert.throws(() => test('threads_without_a_lock'), /plain_add: serial and concurrent results differ/);
    writeFileSync(join(folder, 'tests', fileName), text.replace('"plain_add"', '"add"'));
    test('threads_without_a_lock');
  });
});

it('Rust wrappers: every export of a module with hostile names has its own method', async () => {
  const { text } = wrap(await testModule('hostile.wasm'), 'wasmtime', 'pool');
  const methods = [...text.matchAll(/^ {4}\/\/\/ Calls the export .*\n {4}pub fn (\w+)\(/gm)].map(([, name]) => name);
  assert.equal(methods.length, HOSTILE_NAMES.length);
  assert.equal(new Set(methods).size, methods.length);
});
