/** Wrappers in C on the real Wasmtime and on a real WAMR, under sanitizers where they work. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { WRAP_KINDS } from '../template.ts';
import { testModule, testModules } from '../testing/modules.ts';
import { missing, ran, temporary } from '../testing/tools.ts';
import { built, COMPILERS, STRICT, written } from './testing/compile.ts';
import { type CHost, wamrC, wasmtimeC } from './testing/hosts.ts';

const CASES = join(import.meta.dirname, 'testing/cases');
const RUN = join(import.meta.dirname, 'testing/run');
/** Programs that use a wrapper, each with its module and the kind of wrapper. */
const RUNS = [
  ['host_calls', 'host_calls.wasm', 'pool'],
  ['threads', 'threads.wasm', 'pool'],
  ['text', 'text.wasm', 'pool'],
  ['command', 'command.wasm', 'pool'],
  ['own_state', 'own-state.wasm', 'pool'],
  ['exits', 'exits.wasm', 'mutex'],
  ['common', 'common.wasm', 'mutex'],
] as const;
/** It cannot be given tables or globals; and the version of the tests does not keep exit codes. */
const NOT_ON_WAMR: readonly string[] = ['own_state', 'exits'];
const NO_COMPILER = missing('the C of generated wrappers', ...COMPILERS);

/** How a hammer program ended, and what it printed. */
function hammered(host: CHost, folder: string, source: string, file: string, env: NodeJS.ProcessEnv = {}) {
  const program = built(host, 'gcc', [source]);
  const { status, stdout, stderr } = spawnSync(program, [join(dirname(source), file)], {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 240_000,
  });
  return { status, text: `${stdout}${stderr}` };
}

for (const [label, find] of [
  ['Wasmtime', wasmtimeC],
  ['WAMR', wamrC],
] as const) {
  const host = NO_COMPILER ?? find();
  describe(`C wrappers on ${label}`, { skip: typeof host === 'string' ? host : undefined }, () => {
    if (typeof host === 'string') return;

    for (const compiler of COMPILERS) {
      it(`compile with ${compiler} and no warning, whatever the module`, async () => {
        const folder = temporary();
        const sources: string[] = [];
        for (const module of await testModules()) {
          for (const kind of WRAP_KINDS) {
            if (module.file === 'command.wasm' && kind === 'test') continue;
            sources.push(written(folder, module, host.name, kind));
          }
        }
        ran(compiler, ['-fsyntax-only', ...STRICT, ...host.compile, ...sources], { cwd: folder });
      });
    }

    for (const sanitizer of ['address,undefined', 'thread'] as const) {
      for (const [kind, name] of [
        ['pool', 'pool'],
        ['mutex', 'lock'],
      ] as const) {
        it(`work under -fsanitize=${sanitizer}: ${name}`, async () => {
          const folder = temporary();
          const tally = await testModule('tally.wasm');
          const source = written(folder, tally, host.name, kind);
          const flags = [`-fsanitize=${sanitizer}`, `-I${dirname(source)}`, `-I${RUN}`, '-D_POSIX_C_SOURCE=200809L'];
          const program = built(host, 'gcc', [source, join(RUN, `${name}_run.c`)], flags);
          const env = { TSAN_OPTIONS: `report_signal_unsafe=0 suppressions=${join(RUN, 'thread-sanitizer.txt')}` };
          ran(program, [join(dirname(source), tally.file)], { cwd: folder, env });
        });
      }
    }

    for (const [name, file, kind] of RUNS) {
      if (host.name === 'wamr' && NOT_ON_WAMR.includes(name)) continue;
      it(`work: ${name}`, async () => {
        const folder = temporary();
        const wat = join(CASES, `${name}.wat`);
        const module = existsSync(wat)
          ? { file, bytes: await parse(readFileSync(wat, 'utf8')) }
          : await testModule(file);
        const source = written(folder, module, host.name, kind);
        const flags = [`-I${dirname(source)}`, `-I${RUN}`, '-D_POSIX_C_SOURCE=200809L', '-fsanitize=address'];
        const program = built(host, 'gcc', [source, join(RUN, `${name}_run.c`)], flags);
        ran(program, [join(dirname(source), file)], { cwd: folder });
      });
    }

    it('hammer: calls that return pass, those that trap or hang do not', async () => {
      const folder = temporary();
      const tally = await testModule('tally.wasm');
      const { status, text } = hammered(host, folder, written(folder, tally, host.name, 'test'), tally.file);
      assert.match(text, /^increment with itself, lock: \d+ calls returned, no result was wrong$/m);
      assert.match(text, /^increment with itself, separate instances: \d+ calls returned, no result was wrong$/m);
      assert.match(text, /^fail with itself, lock: no call returned \(the call failed: [^)]*unreachable/m);
      assert.equal(status, 2, text);
    });
  });
}
