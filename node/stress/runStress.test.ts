/** The worker: bounded, cancelled at once, and its end is never the end of the one who started it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { completeScenario, type ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import { type ExploreOptions, runStress } from './runStress.ts';

const workerPath = new URL('./stressWorker.ts', import.meta.url);
const COUNTER = await parse(`(module (global $n (mut i32) (i32.const 0))
  (func (export "inc") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "long") (param i32) (loop $l (global.set $n (i32.add (global.get $n) (i32.const 1))) (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`);

const run = (file: ScenarioFile, options: Partial<ExploreOptions> = {}) =>
  runStress(
    { bytes: COUNTER, name: 'counter.wat', scenario: completeScenario(file, 'wazero') },
    { workerPath, isolation: 'thread', ...options },
  );

const inc = { callers: [[['inc']], [['inc']]], budget: { seconds: 3600 } } as ScenarioFile;
/** More schedules than any budget. */
const endless = {
  callers: [[['long', 500]], [['long', 500]], [['long', 500]]],
  budget: { seconds: 3600, schedules: 1e9 },
} as ScenarioFile;

test('an answer, with progress on the way', async () => {
  const phases: string[] = [];
  const answer = await run(inc, { onProgress: ({ phase }) => void phases.push(phase) });
  assert.ok('result' in answer);
  assert.equal(answer.result.verdict, 'race');
  assert.ok(phases.length > 0);
});

test('a run is cancelled at once, before it begins and while it goes on', async () => {
  const before = await run(inc, { signal: AbortSignal.abort() });
  assert.ok('failure' in before && before.failure.kind === 'cancelled');
  const abort = new AbortController();
  const answer = await run(endless, { signal: abort.signal, onProgress: () => abort.abort() });
  assert.ok('failure' in answer);
  assert.equal(answer.failure.kind, 'cancelled');
  const next = await run(inc);
  assert.ok('result' in next && next.result.exhaustive);
});

test('a worker without memory to work in is ended with a message', async () => {
  const answer = await run(endless, { memory: 8 });
  assert.ok('failure' in answer);
  assert.match(answer.failure.message, /memory|ended unexpectedly/);
});

test('a worker that cannot start is a failure like any other', async () => {
  const answer = await run(inc, { workerPath: new URL('./gone.ts', import.meta.url) });
  assert.ok('failure' in answer);
  assert.equal(answer.failure.kind, 'internal');
});
