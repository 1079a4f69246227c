/** Plans: made elsewhere, within limits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { type PlanLimits, planStress } from './planStress.ts';

const COUNTER = await parse(`(module (global $n (mut i32) (i32.const 0))
  (func (export "inc") (global.set $n (i32.add (global.get $n) (i32.const 1))))
  (func (export "get") (result i32) (global.get $n)))`);

const program = (text: string): URL => new URL(`data:text/javascript,${encodeURIComponent(text)}`);
/** Never says anything. */
const SILENT = program('setInterval(() => {}, 1e6)');

const plan = (limits: Partial<PlanLimits> = {}) =>
  planStress(
    { bytes: COUNTER, name: 'counter.wasm', tries: true, options: { host: 'wazero', model: 'auto', seconds: 1 } },
    { workerPath: new URL('./stressWorker.ts', import.meta.url), isolation: 'thread', seconds: 3600, ...limits },
  );

test('a plan is made in a worker and names its pairs', async () => {
  const { scenarios } = await plan();
  assert.deepEqual(new Set(scenarios.map(({ a, b }) => `${a} ${b}`)), new Set(['inc inc', 'inc get']));
});

test('a plan that takes too long is ended, and says which setting gives it more time', async () => {
  await assert.rejects(
    plan({ workerPath: SILENT, seconds: 0.01 }),
    /longer than 0.01 s .*wasmHazards\.analysis\.seconds/,
  );
});

test('a plan that needs too much memory is ended, and says which setting gives it more', async () => {
  const workerPath = program('const all = []; for (;;) all.push(new Array(1000).fill(0).map(() => ({})))');
  await assert.rejects(plan({ workerPath, memory: 16 }), /exceeded its memory limit .*wasmHazards\.stress\.memory/);
});

test('a plan is given up before it begins and while it goes on', async () => {
  const reason = new Error('given up');
  await assert.rejects(plan({ signal: AbortSignal.abort(reason) }), reason);
  const abort = new AbortController();
  const planning = plan({ workerPath: SILENT, signal: abort.signal });
  abort.abort(reason);
  await assert.rejects(planning, reason);
});

test('a worker that cannot start or ends without a word is a failure', async () => {
  await assert.rejects(plan({ workerPath: new URL('./gone.ts', import.meta.url) }), /gone/);
  await assert.rejects(plan({ workerPath: program('0') }), /without an answer/);
});
