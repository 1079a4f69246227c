/** Hosts whose instances take one call at a time: what calls do is no question there. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { adviceOf } from '../../advice/adviceOf.ts';
import { contradictionsIn } from '../../advice/testing/contradictions.ts';
import { HOST_IDS, HOST_PROFILES } from '../../hosts/index.ts';
import { verdictText } from '../../report/verdicts.ts';
import type { ScenarioFile } from '../scenario/scenario.ts';
import { explored, runScenario } from '../testing/run.ts';
import type { StressResult } from './result.ts';

const MODULE = `(module (import "env" "wait" (func $wait)) (memory (export "memory") 1) (global $n (mut i32) (i32.const 0))
  (func (export "pure") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func (export "read") (result i32) (i32.load (i32.const 8)))
  (func (export "add") (global.set $n (i32.add (global.get $n) (i32.const 1))))
  (func (export "lazy") (call $wait)))`;

const run = (file: Partial<ScenarioFile>): Promise<StressResult> =>
  explored(MODULE, { callers: [[['pure', 1]], [['pure', 2]]], ...file });
const kinds = ({ hostHazards }: StressResult): string[] => hostHazards.map(({ kind }) => kind);

/** By their documentation; see the profiles. */
const ONE_AT_A_TIME = ['wasmtime', 'wasmtime-c-api', 'wasmtime-py', 'wasmer', 'wamr', 'extism'];

describe('two calls of one instance', () => {
  for (const host of HOST_IDS)
    test(`on ${host}`, async () => {
      const result = await run({ host });
      const hazard = ONE_AT_A_TIME.includes(host);
      assert.deepEqual(kinds(result), hazard ? ['overlapping-calls'] : []);
      // wasi-threads has no such callers, and on JavaScript they are those of one thread.
      const other = host === 'wasi-threads' ? 'inconclusive' : 'safe';
      assert.equal(result.verdict, hazard ? 'host-hazard' : other);
      if (hazard) assert.match(verdictText(result), /^host hazard: two calls /);
    });

  test('are shown by a schedule where they have steps, and the replay says the same', async () => {
    const file = { host: 'wasmtime-c-api', callers: [[['read']], [['read']]] } as const;
    const callers: ScenarioFile['callers'] = [[['read']], [['read']]];
    const found = await run({ ...file, callers });
    const [{ schedule, a, b }] = found.hostHazards;
    assert.equal(schedule, 'A1B1');
    assert.deepEqual([a.op, a.caller, b.op, b.caller], ['call', 0, 'call', 1]);
    const again = await explored(MODULE, { host: 'wasmtime-c-api', callers }, { schedule });
    assert.deepEqual([again.verdict, kinds(again)], ['host-hazard', ['overlapping-calls']]);
    assert.equal((await run({ host: 'wasmtime-c-api' })).schedule, null, 'pure calls have no steps');
  });

  test('come first, and the races of the module beside them', async () => {
    const result = await run({ host: 'wasmtime-c-api', callers: [[['add']], [['add']]] });
    assert.equal(result.verdict, 'host-hazard');
    assert.ok(result.wrongOutcome && result.races.length > 0);
  });

  test('are calls, not what the host does to memory before them', async () => {
    const steps: ScenarioFile['callers'][number] = [{ write: 8, i32: 7 }, ['read']];
    const { hostHazards, functions } = await run({ host: 'wasmtime-c-api', callers: [steps, steps] });
    const [{ a, b, schedule }] = hostHazards;
    assert.deepEqual([a.call, functions[a.func], b.call, functions[b.func]], [1, 'read', 1, 'read']);
    assert.equal(schedule, 'A5B5', 'after the four bytes of the write, the fifth step of A is in its call');
    const beside = await run({ host: 'wasmtime-c-api', callers: [steps.slice(0, 1), [['pure', 1]]] });
    assert.deepEqual(
      [kinds(beside), beside.verdict],
      [[], 'inconclusive'],
      'no two calls, and nothing that is allowed',
    );
    assert.equal((await run({ host: 'wazero', callers: [steps.slice(0, 1), [['pure', 1]]] })).verdict, 'safe');
  });

  test('are none of one caller, nor of callers with an instance each', async () => {
    assert.equal((await run({ host: 'wasmtime-c-api', callers: [[['add'], ['add']]] })).verdict, 'safe');
    assert.equal((await run({ host: 'wasmtime-c-api', model: 'isolated' })).verdict, 'safe');
  });

  test('overlap under the cooperative model where one of them is suspended', async () => {
    const model = 'cooperative';
    const callers: ScenarioFile['callers'] = [[['lazy']], [['pure', 1]]];
    const suspended = await run({ host: 'wasmtime-c-api', model, callers });
    assert.deepEqual(kinds(suspended), ['overlapping-calls']);
    assert.deepEqual(kinds(await run({ host: 'wasmtime-c-api', model })), []);
    assert.deepEqual(kinds(await run({ host: 'javascript', model, callers })), []);
  });
});

test('nothing is safe under a model that the host does not allow', async () => {
  for (const host of HOST_IDS)
    for (const model of ['shared-instance', 'isolated', 'cooperative'] as const) {
      const callers: ScenarioFile['callers'] = [[['lazy']], [['pure', 1]]];
      const result = await run({ host, model, callers });
      const { status } = HOST_PROFILES[host].stance[result.model];
      const allowed = status === 'allowed' || status === 'unguarded';
      assert.ok(allowed || result.verdict !== 'safe', `${host}, ${model}: ${result.verdict}`);
    }
  const back = await run({
    host: 'extism',
    model: 'cooperative',
    callers: [[['lazy']]],
    imports: { 'env.wait': { calls: [['add']] } },
  });
  assert.equal(back.verdict, 'inconclusive');
  assert.match(verdictText(back), /Extism does not allow the model cooperative/);
  assert.match(back.notes.join('\n'), /must not call the plugin that called it/);
});

test('the advice about them leaves no calls that may run concurrently', async () => {
  for (const names of [
    ['pure', 'pure'],
    ['read', 'add'],
  ]) {
    const callers = names.map((name) => [name === 'pure' ? [name, 1] : [name]]) as ScenarioFile['callers'];
    for (const host of ONE_AT_A_TIME) {
      const answer = await runScenario(MODULE, { host: host as ScenarioFile['host'], callers });
      assert.ok('result' in answer);
      const advice = adviceOf(answer.module, answer.analysis, [answer.result]);
      assert.deepEqual(contradictionsIn(advice, 'shared-instance'), []);
      assert.equal(advice[0].remedy, 'mutex');
      for (const name of names) assert.ok(advice[0].exports.includes(name));
      assert.ok(advice.every(({ remedy }) => remedy !== 'together' && remedy !== 'concurrent'));
      assert.deepEqual(
        adviceOf(answer.module, answer.analysis, []).map(({ remedy }) => remedy),
        ['mutex', 'host'],
        'without any run, too',
      );
    }
  }
});
