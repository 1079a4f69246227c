/** Advice about `ref.func` says where calls that were run do not meet in it, and permits none that do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../analysis/analyse.ts';
import type { StressResult } from '../stress/explore/result.ts';
import type { ScenarioFile } from '../stress/scenario/scenario.ts';
import { explored } from '../stress/testing/run.ts';
import { decodeModule } from '../wasm/decode.ts';
import type { Advice } from './advice.ts';
import { adviceOf } from './adviceOf.ts';
import { contradictionsIn } from './testing/contradictions.ts';
import { contradictionsWithResults } from './testing/resultContradictions.ts';

/** Both register a function in a slot of their own where they are told to. */
const REGISTRY = `(module (table 2 funcref) (func $f) (elem declare func $f)
  (func (export "one") (param i32) (if (local.get 0) (then (table.set (i32.const 0) (ref.func $f)))))
  (func (export "other") (param i32) (if (local.get 0) (then (table.set (i32.const 1) (ref.func $f))))))`;

async function adviceAbout(...runs: ScenarioFile['callers'][]): Promise<Advice[]> {
  const module = decodeModule(await parse(REGISTRY));
  const results: StressResult[] = [];
  for (const callers of runs) results.push(await explored(REGISTRY, { callers }));
  const advice = adviceOf(module, analyse(module, { model: 'auto', host: 'wazero' }), results, 'calls');
  assert.deepEqual(contradictionsIn(advice, 'shared-instance'), []);
  assert.deepEqual(contradictionsWithResults(advice, results), []);
  return advice;
}
const texts = (advice: readonly Advice[]): string =>
  advice
    .filter(({ text }) => /ref\.func|^Only these calls/.test(text))
    .map(({ remedy, text }) => `${remedy}: ${text}`)
    .join('\n');

test('calls that were run without it are permitted, and others told what to do', async () => {
  assert.match(
    texts(await adviceAbout([[['one', 0]], [['other', 0]]])),
    /^pool: No run shows two calls of `one` and `other` in ref\.func at the same time\. Where other arguments .*\ntogether: Only these calls may run concurrently: one\(0\) \| other\(0\)/,
  );
});

test('calls that met in it need an instance each, and no run of others permits any', async () => {
  const met = texts(await adviceAbout([[['one', 1]], [['other', 1]]]));
  assert.match(met, /^pool: Give each caller of `one` and `other` its own instance/);
  const both = texts(await adviceAbout([[['one', 1]], [['other', 1]]], [[['one', 0]], [['other', 0]]]));
  assert.equal(both, met);
});

test('a single caller shows nothing of it', async () => {
  assert.match(
    texts(
      await adviceAbout([
        [
          ['one', 0],
          ['other', 0],
        ],
      ]),
    ),
    /^pool: Give each caller/,
  );
});
