import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { WrapStart } from '../../core/jobs/model.ts';
import { completeScenario } from '../../core/stress/scenario/scenario.ts';
import type { Call } from '../../core/stress/scenario/steps.ts';
import { FIXTURES } from '../../core/testing/paths.ts';
import { runStress } from './runStress.ts';
import { runWrap } from './runWrap.ts';

const workerPath = new URL('./stressWorker.ts', import.meta.url);
const bytes = new Uint8Array(readFileSync(join(FIXTURES, 'counter-global.wasm')));
const start: WrapStart = { wrap: { kind: 'pool', moduleFile: 'counter.wasm' }, bytes, host: 'wazero', model: 'auto' };

test('a wrapper, with the evidence that was given', async () => {
  const evidence = ['A race was seen.'];
  const wrapped = await runWrap({ ...start, wrap: { ...start.wrap, evidence } }, workerPath);
  assert.ok(wrapped !== undefined && 'text' in wrapped);
  assert.equal(wrapped.fileName, 'counter_pool.go');
  assert.match(wrapped.text, /^\/\/ A race was seen\.$/m);
});

test('what runs have shown stands behind what the analysis says', async () => {
  const callers: Call[][] = [[['increment']], [['increment']]];
  const explored = await runStress(
    { bytes, name: 'counter.wasm', scenario: completeScenario({ callers }, 'wazero') },
    { workerPath, isolation: 'thread' },
  );
  assert.ok('result' in explored);
  const runs = { explored: [explored.result], hammered: [] };
  const wrapped = await runWrap({ ...start, runs }, workerPath);
  assert.ok(wrapped !== undefined && 'text' in wrapped);
  assert.match(wrapped.text, /^\/\/ Static analysis of 2 exported functions/m);
  assert.match(wrapped.text, /^\/\/ Stress tests of this module:$/m);
  assert.match(wrapped.text, /no serial order gives that/);
  const other = await runWrap({ ...start, runs, host: 'wasmtime' }, workerPath);
  assert.ok(other !== undefined && 'text' in other);
  assert.doesNotMatch(other.text, /Stress tests of this module/);
});

test('a refusal is an answer, a damaged module a failure or a refusal, an end is at once', async () => {
  const refused = await runWrap({ ...start, host: 'wasmedge' }, workerPath);
  assert.ok(refused !== undefined && 'refusal' in refused);
  const damaged = await runWrap({ ...start, bytes: bytes.slice(0, 12) }, workerPath);
  assert.ok(damaged !== undefined && 'refusal' in damaged);
  assert.equal(await runWrap(start, workerPath, AbortSignal.abort()), undefined);
  const abort = new AbortController();
  const running = runWrap(start, workerPath, abort.signal);
  abort.abort();
  assert.equal(await running, undefined);
  await assert.rejects(runWrap(start, new URL('./gone.ts', import.meta.url)), /gone/);
});
