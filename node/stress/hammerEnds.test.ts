/** Ends of hammer runs: hangs, cancellation, what cannot be run, threads that die; every end is a clean one. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { completeScenario, type ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import { runHammer } from './runHammer.ts';
import { failed, hammered, hammeredUntil, type More, SLOW, twice, withPause, workerPath } from './testing/hammer.ts';

/** After whatever happened: a run like any other. */
const cleanRun = async (): Promise<void> => {
  const result = await hammered(SLOW, twice('get'));
  assert.equal(result.verdict, 'none-seen');
};

test('a call that never returns does so in no serial order and in no round', async () => {
  const result = await hammered(SLOW, { callers: [[['forever']], [['get']]] });
  assert.equal(result.verdict, 'hang');
  assert.deepEqual(result.hang, { callers: [{ caller: 0, call: 0 }], alone: true });
  assert.equal(result.rounds, 0);
});

test('a probe that does not return after a round is told as what it is', async () => {
  const source = SLOW.replace(
    '(func (export "get")',
    '(func (export "two") (loop $l (br_if $l (i32.ne (global.get $n) (i32.const 2)))))\n(func (export "get")',
  );
  const result = await hammeredUntil(source, { ...twice('inc'), probe: [['two']] }, () => false);
  assert.equal(result.verdict, 'hang');
  assert.deepEqual(result.hang, { callers: [], alone: false });
});

test('tail calls that never end are calls that never return', async () => {
  const result = await hammered('(module (func $f (export "f") (return_call $f)))', twice('f'));
  assert.deepEqual([result.verdict, result.hang?.alone], ['hang', true]);
});

test('endless recursion is a trap', async () => {
  const result = await hammered('(module (func $f (export "deep") (call $f)))', twice('deep'));
  assert.deepEqual(result.outcomes[0].results, [['trap: call stack exhausted'], ['trap: call stack exhausted']]);
});

test('a deadlock ends the run, with the calls that were in it', async () => {
  const source = `(module (memory 1 1 shared)
    (func $lock (param i32) (loop $l
      (if (i32.atomic.rmw.cmpxchg (local.get 0) (i32.const 0) (i32.const 1)) (then
        (drop (memory.atomic.wait32 (local.get 0) (i32.const 1) (i64.const -1))) (br $l)))))
    (func $unlock (param i32) (i32.atomic.store (local.get 0) (i32.const 0))
      (drop (memory.atomic.notify (local.get 0) (i32.const 1))))
    (func (export "both") (param i32 i32)
      (call $lock (local.get 0)) (call $pause) (call $lock (local.get 1))
      (call $unlock (local.get 1)) (call $unlock (local.get 0))))`;
  const callers: ScenarioFile['callers'] = [[['both', 0, 64]], [['both', 64, 0]]];
  const result = await hammeredUntil(withPause(source), { callers }, () => false);
  assert.equal(result.verdict, 'hang');
  assert.deepEqual(result.hang, {
    callers: [
      { caller: 0, call: 0 },
      { caller: 1, call: 0 },
    ],
    alone: false,
  });
  await cleanRun();
});

test('a cancelled run has no result, whenever it is cancelled', async () => {
  assert.equal((await failed(SLOW, twice('inc'), { signal: AbortSignal.abort() })).kind, 'cancelled');
  const abort = new AbortController();
  const { kind } = await failed(SLOW, twice('inc'), {
    signal: abort.signal,
    onProgress: () => abort.abort(),
  });
  assert.equal(kind, 'cancelled');
  await cleanRun();
});

test('who has enough gets what is known', async () => {
  const result = await hammered(SLOW, twice('inc'));
  assert.ok(result.rounds > 0);
});

test('a module that is not valid, unknown exports, wrong arguments', async () => {
  assert.equal((await failed(SLOW, twice('gone'))).kind, 'invalid-scenario');
  assert.equal((await failed(SLOW, twice('get', 1))).kind, 'invalid-scenario');
  const scenario = completeScenario(twice('get'), 'wazero');
  const answer = await runHammer(
    { bytes: new Uint8Array(8), name: 'no.wasm', scenario },
    { workerPath, isolation: 'thread' },
  );
  assert.ok('failure' in answer);
  assert.equal(answer.failure.kind, 'invalid-module');
});

test('start functions and setup calls that trap are told', async () => {
  const start = '(module (func $s unreachable) (start $s) (func (export "f")))';
  assert.match((await failed(start, twice('f'))).message, /start function ended with a trap: unreachable/);
  assert.match(
    (await failed(SLOW, { ...twice('get'), setup: [['trap']] })).message,
    /setup call trap\(\) ended with a trap/,
  );
  assert.match((await failed(SLOW, { ...twice('get'), setup: [['forever']] })).message, /does not return/);
});

test('a module with more memory than is compared is refused', async () => {
  const { message } = await failed('(module (memory 8192) (func (export "f")))', twice('f'));
  assert.match(message, /512 MiB/);
});

describe('threads that die', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hammer-'));
  });
  after(() => rm(folder, { recursive: true }));

  const SOURCE = '(module (import "env" "f" (func $f)) (func (export "call") (call $f)))';
  const imports = async (text: string): Promise<{ file: ScenarioFile; more: More }> => {
    const importsModule = join(folder, 'imports.mjs');
    await writeFile(importsModule, text);
    return { file: { ...twice('call'), imports: { module: 'imports.mjs' } }, more: { importsModule } };
  };

  test('a thread that ends in the middle of a round ends the run', async () => {
    const { file, more } = await imports('export const env = { f() { process.exit(3); } };');
    const { kind, message } = await failed(SOURCE, file, more);
    assert.equal(kind, 'internal');
    assert.match(message, /ended unexpectedly/);
    await cleanRun();
  });

  test('so does one that ends as if all was well', async () => {
    const { file, more } = await imports(
      'import { workerData } from "node:worker_threads"; export const env = { f() { if (workerData.leads === false) process.exit(0); } };',
    );
    const { kind, message } = await failed(SOURCE, file, more);
    assert.equal(kind, 'internal');
    assert.match(message, /ended unexpectedly/);
  });

  test('imports that throw are traps', async () => {
    const { file, more } = await imports('export const env = { f() { throw new Error("no"); } };');
    const result = await hammered(SOURCE, file, more);
    assert.deepEqual(result.outcomes[0].results, [['trap: env.f: no'], ['trap: env.f: no']]);
    assert.equal(result.verdict, 'not-judged');
  });

  test('an imports module that cannot be loaded', async () => {
    const { file, more } = await imports('syntax error');
    assert.equal((await failed(SOURCE, file, more)).kind, 'imports');
  });

  test('a worker that cannot start', async () => {
    const { kind } = await failed(SLOW, twice('get'), { workerPath: new URL('./gone.ts', import.meta.url) });
    assert.equal(kind, 'internal');
  });

  test('a worker without memory to work in', async () => {
    const { message } = await failed(SLOW, twice('get'), { memory: 4 });
    assert.match(message, /memory|ended unexpectedly/);
  });
});
