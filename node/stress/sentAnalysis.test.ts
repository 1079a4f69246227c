/** The analysis that travels with a job is the one that its thread works with: no thread analyses the module again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../../core/analysis/analyse.ts';
import { completeScenario } from '../../core/stress/scenario/scenario.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { analysisBytes } from '../analysisBytes.ts';
import { explainedHammer } from './explainedHammer.ts';
import { planStress } from './planStress.ts';
import { runStress } from './runStress.ts';
import { runWrap } from './runWrap.ts';

const workerPath = new URL('./stressWorker.ts', import.meta.url);
const options = { host: 'wazero', model: 'auto' } as const;
const source = (body: string) =>
  parse(`(module (global $n (mut i32) (i32.const 0)) (func (export "inc") (result i32) ${body}))`);
const bytes = await source('(global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)');
/** Of a module that looks the same from outside and shares nothing: what is made with it shows that it was used. */
const harmless = analysisBytes(analyse(decodeModule(await source('i32.const 1')), options));
const own = analysisBytes(analyse(decodeModule(bytes), options));
const scenario = completeScenario({ callers: [[['inc']], [['inc']]], budget: { seconds: 3600 } }, 'wazero');

test('a plan', async () => {
  const planned = async (analysis: Uint8Array | undefined) =>
    (
      await planStress(
        { bytes, analysis, name: 'test.wasm', tries: false, options: { ...options, seconds: 1 } },
        { workerPath, isolation: 'thread', seconds: 3600 },
      )
    ).scenarios;
  assert.equal((await planned(harmless)).length, 0);
  assert.deepEqual(await planned(own), await planned(undefined));
});

test('a wrapper', async () => {
  const wrapped = async (analysis: Uint8Array | undefined) => {
    const answer = await runWrap(
      { bytes, analysis, ...options, wrap: { kind: 'test', moduleFile: 'counter.wasm' } },
      workerPath,
    );
    assert.ok(answer !== undefined && 'text' in answer);
    return answer.text;
  };
  assert.match(await wrapped(harmless), /found no conflicts between these calls/);
  assert.equal(await wrapped(own), await wrapped(undefined));
});

test('a scenario explored', async () => {
  const explored = async (analysis: Uint8Array | undefined) => {
    const answer = await runStress(
      { bytes, analysis, name: 'counter.wat', scenario },
      { workerPath, isolation: 'thread' },
    );
    assert.ok('result' in answer);
    return answer.result;
  };
  const withoutExports = analysisBytes({ ...analyse(decodeModule(bytes), options), exports: [], groups: [] });
  assert.deepEqual((await explored(withoutExports)).advice, []);
  const [mine, new_] = [await explored(own), await explored(undefined)];
  assert.deepEqual([mine.verdict, mine.races, mine.advice], [new_.verdict, new_.races, new_.advice]);
  assert.equal(mine.verdict, 'race');
  assert.ok(mine.advice.some(({ remedy }) => remedy === 'mutex'));
});

test('a scenario of another sharing model is analysed by its thread', async () => {
  const model = 'isolated' as const;
  const answer = await runStress(
    { bytes, analysis: own, name: 'counter.wat', scenario: { ...scenario, model } },
    { workerPath, isolation: 'thread' },
  );
  assert.ok('result' in answer);
  assert.deepEqual([answer.result.verdict, answer.result.model], ['safe', model]);
});

test('rounds of the hammer and the search for their schedules', async () => {
  const short = { ...scenario, budget: { ...scenario.budget, seconds: 1 } };
  const answer = await explainedHammer(
    { bytes, analysis: own, name: 'counter.wat', scenario: short },
    { workerPath, isolation: 'thread' },
  );
  assert.ok('result' in answer);
  assert.ok(answer.result.rounds > 0);
});
