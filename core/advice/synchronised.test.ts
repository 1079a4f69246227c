/** Calls that may run concurrently because their atomic accesses order them: those that were run, and no others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../analysis/analyse.ts';
import type { ScenarioFile } from '../stress/scenario/scenario.ts';
import { explored } from '../stress/testing/run.ts';
import { decodeModule } from '../wasm/decode.ts';
import type { Advice } from './advice.ts';
import { adviceOf } from './adviceOf.ts';

const HANDLERS = `(module (import "env" "memory" (memory 1 1 shared))
  (func (export "count") (result i32) (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
  (func (export "add") (param i32) (drop (i32.atomic.rmw.add (i32.const 0) (local.get 0))))
  (func (export "put")
    (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
    (i32.store (i32.const 8) (i32.const 7)))
  (func (export "get") (result i32) (i32.atomic.load (i32.const 0))))`;

/** Advice about the calls of all runs. */
async function adviceAbout(...runs: ScenarioFile['callers'][]): Promise<Advice[]> {
  const module = decodeModule(await parse(HANDLERS));
  const results = [];
  for (const callers of runs)
    results.push(await explored(HANDLERS, { host: 'javascript', model: 'shared-memory', callers }));
  const [{ model, host }] = results;
  return adviceOf(module, analyse(module, { model, host }), results, 'calls');
}
const permissions = (advice: readonly Advice[]): [string, string[]][] =>
  advice.flatMap(({ remedy, exports }): [string, string[]][] =>
    remedy === 'concurrent' || remedy === 'together' ? [[remedy, exports]] : [],
  );

test('a single caller shows nothing of calls at the same time', async () => {
  assert.deepEqual(permissions(await adviceAbout([[['put']]])), []);
  assert.deepEqual(permissions(await adviceAbout([[['count'], ['add', 1]]])), []);
});

test('an export with itself is a pair of its own', async () => {
  assert.deepEqual(permissions(await adviceAbout([[['add', 1]], [['add', 2]]])), [['concurrent', ['add']]]);
  const put: ScenarioFile['callers'] = [[['put']], [['count']]];
  assert.deepEqual(permissions(await adviceAbout(put)), [['together', ['count', 'put']]], 'put races with itself');
  const reads: ScenarioFile['callers'] = [[['add', 1]], [['get']]];
  assert.deepEqual(permissions(await adviceAbout(reads)), [['together', ['add', 'get']]]);
});

test('runs of several pairs speak of no other pair', async () => {
  const advice = await adviceAbout([[['count']], [['count']]], [[['add', 1]], [['add', 2]]], [[['add', 1]], [['put']]]);
  assert.deepEqual(permissions(advice), [
    ['concurrent', ['count']],
    ['together', ['add', 'put']],
  ]);
});
