/** Processes that are ended or frozen from outside in the middle of a run, and runs that are given up. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { completeScenario } from '../../../core/stress/scenario/scenario.ts';
import { planStress } from '../planStress.ts';
import { type HammerOptions, runHammer } from '../runHammer.ts';
import { type ExploreOptions, runStress } from '../runStress.ts';
import { endIdleRuns } from './inProcess.ts';
import { memoryLimits } from './memoryLimits.ts';
import { noProcessList, runProcessesOf, until } from './testing/runProcesses.ts';

const workerPath = new URL('../stressWorker.ts', import.meta.url);
const COUNTER = await parse(`(module (global $n (mut i32) (i32.const 0))
  (func (export "inc") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "long") (param i32) (loop $l (global.set $n (i32.add (global.get $n) (i32.const 1))) (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`);

const job = (call: [string, ...number[]], seconds = 3600) => ({
  bytes: COUNTER,
  name: 'counter.wat',
  scenario: completeScenario(
    { model: 'shared-instance', callers: [[call], [call], [call]], budget: { seconds, schedules: 1e9 } },
    'wazero',
  ),
});
/** More schedules than any budget. */
const ENDLESS = job(['long', 500]);
const SHORT = job(['inc'], 5);

const explore = (options: Partial<ExploreOptions> = {}, what = ENDLESS) =>
  runStress(what, { workerPath, isolation: 'process', ...options });
const hammer = (options: Partial<HammerOptions> = {}, what = job(['inc'])) =>
  runHammer(what, { workerPath, isolation: 'process', cores: 2, ...options });

/** Sends a signal to all processes for runs of this one, once. */
function once(signal: NodeJS.Signals): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    for (const pid of runProcessesOf(process.pid)) process.kill(pid, signal);
  };
}

after(() => endIdleRuns());

describe('the process of a run', { skip: noProcessList }, () => {
  test('is killed while it explores: the run says so, and the next one has another process', async () => {
    const answer = await explore({ onProgress: once('SIGKILL') });
    assert.ok('failure' in answer);
    assert.equal(answer.failure.kind, 'killed');
    assert.match(answer.failure.message, /^counter\.wat: the process of the run ended .* \(SIGKILL\); run it again$/);
    const next = await explore({}, SHORT);
    assert.ok('result' in next && next.result.verdict === 'race', JSON.stringify(next));
    assert.ok(!next.result.notes.some((note) => note.includes('isolated')));
  });

  test('is killed while it hammers', async () => {
    const answer = await hammer({ onProgress: once('SIGKILL') });
    assert.ok('failure' in answer && /ended before the run did/.test(answer.failure.message), JSON.stringify(answer));
  });

  test('is frozen: it is killed, and the run says so', async () => {
    const answer = await explore({ onProgress: once('SIGSTOP') });
    assert.ok('failure' in answer && /no longer answered and was killed/.test(answer.failure.message));
    await until(() => runProcessesOf(process.pid).length === 0);
  });

  test('is used again by the next run, and by none once it has ended', async () => {
    let first: number;
    do {
      // Whose threads took long to end, on a busy machine, is not used again.
      assert.ok('result' in (await explore({}, SHORT)));
      [first] = runProcessesOf(process.pid);
      assert.ok('result' in (await explore({}, SHORT)));
    } while (first === undefined || !runProcessesOf(process.pid).includes(first));
    process.kill(first, 'SIGKILL');
    await until(() => runProcessesOf(process.pid).length === 0);
    assert.ok('result' in (await explore({}, SHORT)));
  });

  test('has a limit of writable memory and no core file, by the operating system', async () => {
    assert.ok('result' in (await explore({}, SHORT)));
    const [pid] = runProcessesOf(process.pid);
    const limits = await readFile(`/proc/${pid}/limits`, 'utf8');
    assert.match(limits, /^Max core file size +0 /m);
    const [, bytes] = /^Max data size +(\d+) /m.exec(limits) ?? [];
    assert.equal(Number(bytes), memoryLimits().allowed * 2 ** 20);
  });

  test('two runs at once have a process each', async () => {
    const seen: number[] = [];
    const abort = new AbortController();
    const look = (): void => {
      seen.push(runProcessesOf(process.pid).length);
      if (seen.includes(2)) abort.abort();
    };
    const both = await Promise.all([1, 2].map(() => explore({ signal: abort.signal, onProgress: look })));
    assert.ok(both.every((one) => 'failure' in one && one.failure.kind === 'cancelled'));
  });
});

test('a run is given up before it begins and while it goes on, and reports what it knows when that is enough', async () => {
  const before = await explore({ signal: AbortSignal.abort() });
  assert.ok('failure' in before && before.failure.kind === 'cancelled');
  const abort = new AbortController();
  const during = await explore({ signal: abort.signal, onProgress: () => abort.abort() });
  assert.ok('failure' in during && during.failure.kind === 'cancelled');
  const enough = new AbortController();
  const known = await explore({ enough: enough.signal, onProgress: () => enough.abort() });
  assert.ok('result' in known && !known.result.exhaustive);
  const rounds = new AbortController();
  const hammered = await hammer({ enough: rounds.signal, onProgress: (known) => known.rounds > 0 && rounds.abort() });
  assert.ok('result' in hammered && hammered.result.rounds > 0, JSON.stringify(hammered));
});

test('a plan is made in a process, and given up', async () => {
  const options = { host: 'wazero', model: 'auto', seconds: 1 } as const;
  const start = { bytes: COUNTER, name: 'counter.wat', tries: true, options };
  const limits = { workerPath, isolation: 'process', seconds: 3600 } as const;
  const { scenarios, notes } = await planStress(start, limits);
  assert.notEqual(scenarios.length, 0);
  assert.ok(!notes.some((note) => note.includes('isolated')));
  const reason = new Error('given up');
  await assert.rejects(planStress(start, { ...limits, signal: AbortSignal.abort(reason) }), reason);
});

test('an engine that has the integration of promises behind a flag gets the flag', () => {
  const args = ['--import', 'data:text/javascript,delete WebAssembly.Suspending'];
  const program = fileURLToPath(new URL('testing/withoutPromises.ts', import.meta.url));
  const { stdout } = spawnSync(process.execPath, [...args, program], { encoding: 'utf8' });
  assert.deepEqual(JSON.parse(stdout), { lacks: true, came: ['race'] });
});

test('where no process can be started, or none is wanted, the run is in a thread and says so', async () => {
  // A program that is no file cannot be started as a process.
  const program = `import { workerData } from 'node:worker_threads'; if (workerData) await import(${JSON.stringify(workerPath.href)});`;
  const noFile = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
  const refused = await explore({ workerPath: noFile }, SHORT);
  assert.ok('result' in refused, JSON.stringify(refused));
  assert.match(refused.result.notes.join('\n'), /not isolated: .* because no process could be started for it \(/);
  const unwanted = await explore({ isolation: 'thread' }, SHORT);
  assert.ok('result' in unwanted);
  assert.match(unwanted.result.notes.join('\n'), /not isolated: it took place in a thread of this program, which/);
});
