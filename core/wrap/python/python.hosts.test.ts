/** Python wrappers on the real wasmtime-py: formatted, linted, typed, and run. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { WAZERO_SCENARIOS, wazeroModule } from '../../analysis/testing/wazero/verdicts.ts';
import { WRAP_KINDS } from '../template.ts';
import { generated, wrap } from '../testing/generate.ts';
import { HOSTILE_NAMES } from '../testing/hostileNames.ts';
import { type TestModule, testModule, testModules } from '../testing/modules.ts';
import { ran, temporary } from '../testing/tools.ts';
import { RUNS } from './testing/runs.ts';
import { RUN_SOURCES } from './testing/sources.ts';
import { pythonVenv } from './testing/venv.ts';

const venv = pythonVenv();
const skip = typeof venv === 'string' ? venv : undefined;
const { python, tool } = typeof venv === 'string' ? { python: '', tool: () => '' } : venv;

/** Rules of Ruff: those of PEP 8, Pyflakes, import order, names, docstrings and common mistakes. */
const RULES = 'E,W,F,I,N,UP,B,D,SIM,RUF,C4,PIE';
/** Rules that contradict each other, join context managers at any length, or ask for docstrings of special methods; names of modules are any text. */
const NOT_RULES = 'SIM117,D105,D107,D203,D213,D301,D413,RUF001,RUF002,RUF003';

async function runModule(file: string): Promise<TestModule> {
  return file in RUN_SOURCES ? { file, bytes: await parse(RUN_SOURCES[file]) } : testModule(file);
}

describe('Python wrappers', { skip }, () => {
  it('are formatted and typed, whatever the module', async () => {
    const folder = temporary();
    for (const module of await testModules()) {
      for (const kind of WRAP_KINDS) {
        if (module.file === 'command.wasm' && kind === 'test') continue;
        for (const typeName of kind === 'test' ? [undefined] : [undefined, 'Codec']) {
          const wrapped = generated(module, 'wasmtime-py', { kind, typeName });
          assert.ok('text' in wrapped);
          writeFileSync(join(folder, `${typeName === undefined ? '' : 'named_'}${wrapped.fileName}`), wrapped.text);
        }
      }
    }
    ran(python, ['-m', 'compileall', '-q', '.'], { cwd: folder });
    ran(tool('ruff'), ['format', '--check', '--diff', '--isolated', '.'], { cwd: folder });
    ran(tool('ruff'), ['check', '--isolated', '--select', RULES, '--ignore', NOT_RULES, '--quiet', '.'], {
      cwd: folder,
    });
    const files = readdirSync(folder).filter((name) => name.endsWith('.py'));
    ran(tool('mypy'), ['--strict', '--cache-dir=/dev/null', ...files], { cwd: folder });
  });

  it('do on wasmtime-py what they promise', async () => {
    const folder = temporary();
    cpSync(RUNS, folder, { recursive: true });
    for (const file of [
      ...Object.keys(RUN_SOURCES),
      ...[
        'common.wasm',
        'haskell.wasm',
        'plugin.wasm',
        'reactor-threads.wasm',
        'state.wasm',
        'text.wasm',
        'threads.wasm',
        'stack-setter.wasm',
      ],
    ]) {
      const module = await runModule(file);
      writeFileSync(join(folder, file), module.bytes);
      for (const kind of ['pool', 'mutex'] as const) {
        const { fileName, text } = wrap(module, 'wasmtime-py', kind);
        writeFileSync(join(folder, fileName), text);
      }
    }
    const runs = ['bytes_run', 'imports_run', 'lock_run', 'pool_run', 'threads_run'];
    ran(python, ['-W', 'error', '-m', 'unittest', ...runs], { cwd: folder, seconds: 120 });
    ran(tool('mypy'), ['--cache-dir=/dev/null', ...readdirSync(RUNS)], { cwd: folder });
  });

  it('call every export of a module with hostile names by its own name', async () => {
    const folder = temporary();
    const module = await testModule('hostile.wasm');
    writeFileSync(join(folder, module.file), module.bytes);
    const { text, fileName } = wrap(module, 'wasmtime-py', 'pool');
    writeFileSync(join(folder, fileName), text);
    const exports = text.slice(text.indexOf('class _Exports'), text.indexOf('def _failure'));
    const methods = [...exports.matchAll(/^ {4}def ([a-z]\w*)\(/gm)].map(([, name]) => name);
    assert.equal(new Set(methods).size, HOSTILE_NAMES.length);
    const calls = methods.map((method, n) => {
      const types = Array.from({ length: n % 5 }, (_, i) => ((n + i) % 4 < 2 ? '0' : '0.5'));
      const results = Array.from({ length: n % 3 }, (_, i) => ((n + i + 1) % 4 < 2 ? '0' : '0.0'));
      const wanted = results.length === 0 ? 'None' : results.length === 1 ? results[0] : `(${results.join(', ')})`;
      return `assert pool.${method}(${types.join(', ')}) == ${wanted}`;
    });
    const script = `from pathlib import Path
from hostile_pool import Pool
pool = Pool(Path("hostile.wasm").read_bytes(), size=1)
${calls.join('\n')}
`;
    writeFileSync(join(folder, 'run.py'), script);
    ran(python, ['run.py'], { cwd: folder });
  });

  it('hammer: stores of their own and a lock pass, one store does not, and no call that returned is no pass', async () => {
    const folder = temporary();
    const run = (name: string, unsafe = ''): { status: number | null; said: string } => {
      const { status, stdout, stderr } = spawnSync(python, ['-W', 'error', '-m', 'unittest', '-v', name], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, WASM_HAZARDS_UNSAFE: unsafe },
        timeout: 240_000,
      });
      return { status, said: stdout + stderr };
    };
    for (const [file, source] of Object.entries({
      ...RUN_SOURCES,
      'spin.wasm': `(module (func (export "spin") (loop $l (br $l))) (func (export "one") (result i32) (i32.const 1)))`,
      'tally.wasm': `(module (memory (export "memory") 1)
        (func (export "bump") (param i32) (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 1)))))`,
    })) {
      const module = { file, bytes: await parse(source) };
      if (file === 'exit.wasm') continue;
      writeFileSync(join(folder, file), module.bytes);
      const { fileName, text } = wrap(module, 'wasmtime-py', 'test');
      // A call that spins costs its test some seconds, not minutes.
      writeFileSync(join(folder, fileName), text.replace('SECONDS = 5\n', 'SECONDS = 1\n'));
    }
    const counter = run('test_counter_threads');
    assert.equal(counter.status, 0, counter.said);
    assert.match(counter.said, /\[trap\]\n.*skipped 'no call returned/);
    assert.match(counter.said, /\[trap with trap\]\n.*skipped 'no call returned/);
    assert.doesNotMatch(counter.said, /\[inc with trap\]/);
    const spin = run('test_spin_threads');
    assert.equal(spin.status, 0, spin.said);
    assert.match(spin.said, /\[spin\]\n.*skipped 'spin did not return within 1 seconds, even alone/);
    assert.doesNotMatch(spin.said, /\[one/);
    const hooks = run('test_hooks_threads');
    assert.equal(hooks.status, 0, hooks.said);
    assert.match(hooks.said, /\[hooked\]\n.*skipped 'no call returned/);
    const tally = run('test_tally_threads');
    assert.equal(tally.status, 0, tally.said);
    assert.doesNotMatch(tally.said, /no call returned/);
    const unsafe = run('test_counter_threads', '1');
    assert.equal(unsafe.status, 1, unsafe.said);
    assert.match(unsafe.said, /the process ended with -?\d+|rounds with wrong results/);
  });

  it('hammer modules whose races are known: stores of their own and a lock are clean', async () => {
    const folder = temporary();
    const files = new Set(WAZERO_SCENARIOS.map(({ module }) => module));
    const names = await Promise.all(
      [...files].map(async (path) => {
        const module = { file: `${basename(path, '.wat')}.wasm`, bytes: await wazeroModule(path) };
        writeFileSync(join(folder, module.file), module.bytes);
        const { fileName, text } = wrap(module, 'wasmtime-py', 'test');
        writeFileSync(join(folder, fileName), text.replace('\nSECONDS = 5\n', '\nSECONDS = 1\n'));
        return fileName.replace('.py', '');
      }),
    );
    ran(python, ['-W', 'error', '-m', 'unittest', ...names], { cwd: folder });
  });
});
