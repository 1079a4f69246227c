/** JavaScript, where callers have an instance each or share one, and a scenario that does not say which. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { adviceOf } from '../../advice/adviceOf.ts';
import { verdictText } from '../../report/verdicts.ts';
import type { ScenarioFile } from '../scenario/scenario.ts';
import { exploredCase } from '../testing/caseFiles.ts';
import { explored, type RunMore, runScenario } from '../testing/run.ts';
import type { StressResult } from './result.ts';

const FOLDER = 'jspi-shadow-stack';

/** A counter with an import between read and write; one that calls it first; one that does not call it. */
const COUNTER = `(module (import "env" "log" (func $log (param i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (memory (export "memory") 1) (global $n (mut i32) (i32.const 0))
  (func (export "slow") (local $old i32)
    (local.set $old (global.get $n)) (call $log (i32.const 1)) (global.set $n (i32.add (local.get $old) (i32.const 1))))
  (func (export "late") (call $log (i32.const 1)) (global.set $n (i32.add (global.get $n) (i32.const 1))))
  (func (export "random") (local $old i32) (local.set $old (global.get $n))
    (drop (call $random (i32.const 0) (i32.const 4))) (global.set $n (i32.add (local.get $old) (i32.const 1))))
  (func (export "get") (result i32) (global.get $n)))`;

const run = (names: string[], more: Partial<ScenarioFile> = {}, job: RunMore = {}): Promise<StressResult> =>
  explored(
    COUNTER,
    { host: 'javascript', model: 'auto', callers: names.map((name) => [[name]]), probe: [['get']], ...more },
    job,
  );

const delays = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms / 100));

describe('callers of one instance on JavaScript', () => {
  test('are not called safe where nothing says whether an import suspends them', async () => {
    const result = await exploredCase(FOLDER, 'scenario');
    assert.equal(result.model, 'isolated');
    assert.equal(result.verdict, 'inconclusive');
    assert.equal(result.ifSuspended?.run?.verdict, 'non-atomic');
    assert.deepEqual(result.ifSuspended?.imports, ['env.sleep']);
    assert.equal(
      verdictText(result),
      'inconclusive: safe with an instance for each caller; on one instance, an outcome that no serial order gives if `env.sleep` suspends its caller',
    );
    assert.ok(result.restsOn.includes('no other call of an instance begins before `env.sleep` returns'));
  });

  test('are run on it where a scenario asks for threads, which JavaScript does not have there', async () => {
    const wrong = await exploredCase(FOLDER, 'shared');
    assert.equal(wrong.model, 'cooperative');
    assert.equal(wrong.verdict, 'non-atomic');
    assert.match(wrong.notes.join('\n'), /runs all calls of an instance on one thread/);
    const count = await exploredCase(FOLDER, 'count');
    assert.deepEqual([count.model, count.verdict, count.exhaustive], ['cooperative', 'safe', true]);
  });

  test('are suspended by functions of the scenario that return a promise', async () => {
    for (const model of ['shared-instance', 'auto'] as const) {
      const imports = { env: { sleep: delays } };
      const budget = { schedules: 60 };
      const result = await exploredCase(FOLDER, 'promise', { model, budget }, { imports });
      assert.equal(result.model, 'cooperative');
      assert.equal(result.verdict, 'non-atomic');
      assert.ok(result.outcomes.wrong.some(({ results }) => results[1][0] !== '69'));
      assert.match(result.notes.join('\n'), /`env\.sleep` returned a promise/);
      const schedule = result.schedule ?? '';
      const again = await exploredCase(FOLDER, 'promise', { model, budget }, { imports, schedule });
      assert.equal(again.verdict, 'non-atomic');
    }
  });

  test('are safe where they do not meet although imports suspend them', async () => {
    for (const names of [
      ['late', 'late'],
      ['get', 'get'],
    ]) {
      const result = await run(names);
      assert.equal(result.verdict, 'safe', names.join());
    }
    assert.equal((await run(['late', 'late'])).ifSuspended?.run?.verdict, 'safe');
    assert.equal((await run(['get', 'get'])).ifSuspended, null, 'no import is reached');
    assert.equal((await run(['random', 'random'])).ifSuspended, null, 'random_get of WASI answers at once');
  });

  test('are judged by what a scenario says', async () => {
    const says = async (more: Partial<ScenarioFile>): Promise<string[]> => {
      const { model, verdict } = await run(['slow', 'slow'], more);
      return [model, verdict];
    };
    assert.deepEqual(await says({}), ['isolated', 'inconclusive']);
    assert.deepEqual(await says({ imports: { 'env.log': { suspends: true } } }), ['cooperative', 'non-atomic']);
    assert.deepEqual(await says({ imports: { 'env.log': { suspends: false } } }), ['isolated', 'safe']);
    const apart = await run(['slow', 'slow'], { model: 'isolated' });
    assert.equal(apart.verdict, 'safe');
    assert.match(verdictText(apart), /^safe with an instance for each caller: /);
    assert.match(apart.restsOn.join('\n'), /each caller has an instance of its own: .*`env\.log` suspends/);
  });

  test('that only some imports are spoken of leaves the others open', async () => {
    const two = `(module (import "env" "a" (func $a)) (import "env" "b" (func $b)) (global $n (mut i32) (i32.const 0))
      (func (export "f") (local $old i32) (local.set $old (global.get $n)) (call $a) (call $b)
        (global.set $n (i32.add (local.get $old) (i32.const 1))))
      (func (export "get") (result i32) (global.get $n)))`;
    const result = await explored(two, {
      host: 'javascript',
      model: 'auto',
      callers: [[['f']], [['f']]],
      probe: [['get']],
      imports: { 'env.a': { suspends: false } },
    });
    assert.equal(result.verdict, 'inconclusive');
    assert.deepEqual(result.ifSuspended?.imports, ['env.b']);
  });

  test('meet in functions of the scenario that return no promise only as they do in any run', async () => {
    const result = await run(['slow', 'slow'], { imports: { module: 'given.js' } }, { imports: { env: { log() {} } } });
    assert.equal(result.ifSuspended, null);
  });
});

test('the advice says how to tell what applies', async () => {
  const answer = await runScenario(COUNTER, { host: 'javascript', model: 'auto', callers: [[['slow']], [['slow']]] });
  assert.ok('result' in answer);
  const [first] = adviceOf(answer.module, answer.analysis, [answer.result], 'calls');
  assert.equal(first.remedy, 'mutex');
  assert.match(
    first.text,
    /^If callers share an instance and `env\.log` can suspend a call, await each call of `slow`/,
  );
  assert.match(first.text, /"env\.log": \{"suspends": true\}/);
  assert.match(first.text, /--suspending.*wasmHazards\.suspendingImports/);
});
