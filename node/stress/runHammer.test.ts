/** The hammer with real threads: what it counts, what it measures, and schedules for what it saw. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { madeHammered } from '../../core/report/testing/madeHammered.ts';
import type { HammerOutcome } from '../../core/stress/hammer/hammerResult.ts';
import { completeScenario, type ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import type { Call, Step } from '../../core/stress/scenario/steps.ts';
import { litmus, litmusModule } from '../../core/stress/testing/litmus.ts';
import { explainedHammer, explainedOutcomes } from './explainedHammer.ts';
import { runHammer } from './runHammer.ts';
import { hammered, hammeredUntil, isWrong, resultOf, SLOW, twice, whole, workerPath } from './testing/hammer.ts';

describe('outcomes', () => {
  test('a lost update is counted beside the serial outcomes, in numbers that add up', async () => {
    const result = await hammeredUntil(SLOW, twice('inc'), isWrong);
    assert.equal(result.threads, 2);
    assert.deepEqual(result.outcomes[0].results, [['1'], ['1']]);
    assert.equal(result.outcomes[0].kind, 'wrong');
    assert.equal(
      result.outcomes.reduce((sum, { samples }) => sum + samples, 0),
      result.rounds,
    );
    for (const { kind, order } of result.outcomes) assert.equal(kind === 'serial', order !== null);
    assert.deepEqual([result.serial, result.serialComplete], [2, true]);
  });

  test('a wrong state behind right results is told with what differs', async () => {
    const source = SLOW.replace('(export "inc") (result i32)', '(export "quiet")').replace(
      '(i32.add (local.get 0) (i32.const 1)))\n  (func (export "get")',
      ')\n  (func (export "get")',
    );
    const result = await hammeredUntil(source, twice('quiet'), isWrong);
    assert.equal(result.outcomes[0].kind, 'wrong-state');
    assert.deepEqual(result.outcomes[0].state, ['$n is 1, 2 in serial order AB']);
  });

  test('the probe belongs to the outcome', async () => {
    const result = await hammeredUntil(SLOW, { ...twice('inc'), probe: [['get']] }, isWrong);
    const wrong = result.outcomes.filter(({ kind }) => kind === 'wrong');
    assert.deepEqual(
      wrong.map(({ probe }) => probe),
      [['1']],
    );
  });

  test('traps that come alone, too, are outcomes like others; partners go on', async () => {
    const result = await hammered(SLOW, { callers: [[['trap']], [['get']]] });
    assert.equal(result.verdict, 'none-seen');
    assert.deepEqual(
      result.outcomes.map(({ results }) => results),
      [[['trap: unreachable'], ['0']]],
    );
    assert.deepEqual(result.traps, []);
  });

  test('a trap that no serial order shows is listed', async () => {
    const source = SLOW.replace(
      '(func (export "get")',
      '(func (export "once") (call $pause) (if (i32.ne (global.get $n) (i32.const 0)) (then unreachable)) (global.set $n (i32.const 1)) (call $pause) (global.set $n (i32.const 0)))\n(func (export "get")',
    );
    const result = await hammeredUntil(source, twice('once'), isWrong);
    assert.ok(result.traps.some(({ trap, samples }) => trap === 'unreachable' && samples > 0));
  });

  test('values of every type compare as themselves', async () => {
    const source = `(module (func (export "all") (param i32 i64 f32 f64) (result f64 f32 i64 i32 externref)
      (local.get 3) (local.get 2) (local.get 1) (local.get 0) (ref.null extern)))`;
    const call: Call = ['all', -1, '-9223372036854775808', 'nan', '-inf'];
    const result = await hammered(source, { callers: [[call], [call]] });
    const text = '(-inf, nan, -9223372036854775808, -1, null)';
    assert.deepEqual(
      result.outcomes.map(({ results, kind }) => ({ results, kind })),
      [{ results: [[text], [text]], kind: 'serial' }],
    );
  });

  test('calls of a thread that sets up are common to all, and the start function runs once', async () => {
    const source = `(module (global $n (mut i32) (i32.const 10))
      (func $start (global.set $n (i32.add (global.get $n) (i32.const 1)))) (start $start)
      (func (export "add") (param i32) (global.set $n (i32.add (global.get $n) (local.get 0))))
      (func (export "get") (result i32) (global.get $n)))`;
    const result = await hammered(source, { ...twice('get'), setup: [['add', 100]] });
    assert.deepEqual(
      result.outcomes.map(({ results }) => results),
      [[['111'], ['111']]],
    );
  });

  test('memory that calls grow is the base again in every round', async () => {
    const source = `(module (memory 1 100)
      (func (export "grow") (result i32) (i32.store (i32.const 0) (i32.const 5)) (memory.grow (i32.const 1)))
      (func (export "get") (result i32) (i32.load (i32.const 0))))`;
    const result = await hammered(source, twice('grow'));
    assert.equal(result.verdict, 'none-seen');
    assert.deepEqual(
      result.outcomes.map(({ order }) => order).toSorted(),
      result.outcomes.length === 2 ? ['AB', 'BA'] : [result.outcomes[0].order],
    );
  });

  test('rounds begin with the memory that setup has made larger', async () => {
    const source = `(module (memory 1 100)
      (func (export "grow") (result i32) (memory.grow (i32.const 1)))
      (func (export "far") (result i32) (i32.load (i32.const 100000))))`;
    const result = await hammered(source, { setup: [['grow']], callers: [[['grow']], [['far']]] });
    assert.deepEqual(
      result.outcomes.map(({ results, kind }) => ({ results, kind })),
      [{ results: [['2'], ['0']], kind: 'serial' }],
    );
  });

  test('segments that only the start function reads and drops do not matter; others do', async () => {
    const source = (read: string) => `(module (import "env" "memory" (memory 1 1 shared)) (data $d "abc")
      (func $start (memory.init $d (i32.const 0) (i32.const 0) (i32.const 3)) (data.drop $d)) (start $start)
      (func (export "get") (result i32) ${read} (i32.load8_u (i32.const 0))))`;
    const file: ScenarioFile = { ...twice('get'), model: 'shared-memory' };
    const judged = await hammered(source(''), file);
    assert.deepEqual([judged.verdict, judged.outcomes[0].results], ['none-seen', [['97'], ['97']]]);
    const not = await hammered(source('(memory.init $d (i32.const 8) (i32.const 0) (i32.const 0))'), file);
    assert.equal(not.verdict, 'not-judged');
    assert.match(not.notes.join(' '), /A segment is dropped in one thread only/);
  });

  test('threads over one shared memory have globals of their own', async () => {
    const source = `(module (import "env" "memory" (memory 1 1 shared)) (global $n (mut i32) (i32.const 0))
      (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
      (func (export "add") (result i32) (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))`;
    const own = await hammered(source, { ...twice('next'), model: 'shared-memory' });
    assert.deepEqual(
      own.outcomes.map(({ results, kind }) => ({ results, kind })),
      [{ results: [['1'], ['1']], kind: 'serial' }],
    );
    const common = await hammered(source, { ...twice('add'), model: 'shared-memory' });
    assert.equal(common.verdict, 'none-seen');
    assert.equal(common.serial, 2);
  });

  test('what threads cannot share is said, and then nothing is judged', async () => {
    const source = `(module (table $t 4 funcref) (func $f) (elem declare func $f)
      (func (export "set") (table.set $t (i32.const 0) (ref.func $f))))`;
    const result = await hammered(source, twice('set'));
    assert.equal(result.verdict, 'not-judged');
    assert.match(result.notes.join(' '), /Threads cannot share tables: \$t/);
  });

  test('callers without anything in common are not hammered; their remedies are measured all the same', async () => {
    const result = await whole(SLOW, { ...twice('inc'), model: 'isolated' });
    assert.deepEqual([result.rounds, result.verdict], [0, 'not-judged']);
    assert.deepEqual([...new Set(result.costs?.rows.map(({ remedy }) => remedy))], ['pool', 'instance-per-call']);
    assert.deepEqual(result.unmeasured, [
      { remedy: 'unsafe', reason: 'callers share nothing that would need it' },
      { remedy: 'mutex', reason: 'callers share nothing that would need it' },
    ]);
  });

  test('more callers than cores run one after the other, and a note says so', async () => {
    const result = await hammered(SLOW, { callers: [[['get']], [['get']], [['get']]] });
    assert.equal(result.threads, 2);
    assert.match(result.notes.join(' '), /3 callers on 2 threads/);
    assert.deepEqual(
      result.outcomes.map(({ results }) => results),
      [[['0'], ['0'], ['0']]],
    );
  });

  test('one core is enough for one thread', async () => {
    const result = await hammered(SLOW, twice('inc'), { cores: 1 });
    assert.equal(result.threads, 1);
    assert.equal(result.verdict, 'none-seen');
  });
});

describe('costs', () => {
  test('the host accesses a memory that instances import and do not export', async () => {
    const source = `(module (import "env" "memory" (memory 1 1 shared))
      (func (export "get") (param i32) (result i32) (i32.load (local.get 0))))`;
    const steps = (at: number): Step[] => [{ write: at, i32: 5 }, ['get', at], { read: at, type: 'i32' }];
    const { costs } = await whole(source, { model: 'shared-memory', callers: [steps(0), steps(64)] });
    assert.deepEqual(
      costs?.rows.filter(({ trapped }) => trapped > 0),
      [],
    );
    assert.ok(costs.rows.some(({ remedy }) => remedy === 'pool'));
  });

  test('every remedy is measured alone and with all threads', async () => {
    const source = `(module (global $n (mut i32) (i32.const 0))
      (func (export "inc") (global.set $n (i32.add (global.get $n) (i32.const 1)))))`;
    const { costs, unmeasured } = await whole(source, twice('inc'));
    assert.ok(costs !== null);
    assert.deepEqual(unmeasured, []);
    assert.deepEqual(
      costs.rows.map(({ remedy, threads }) => `${remedy} ${threads}`),
      ['unsafe', 'mutex', 'pool', 'instance-per-call'].flatMap((remedy) => [`${remedy} 1`, `${remedy} 2`]),
    );
    for (const { callsPerSecond, p50, p99, trapped } of costs.rows) {
      assert.ok(callsPerSecond > 0 && p50 > 0 && p99 >= p50);
      assert.equal(trapped, 0);
    }
    assert.ok(costs.instantiation > 0);
    assert.equal(costs.memoryPerInstance, 0);
  });

  test('further cores take part where costs are measured, and only there', async () => {
    const source = `(module (memory (export "memory") 1 100) (global $n (mut i32) (i32.const 0))
      (func (export "grow") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (memory.grow (i32.const 1))))`;
    const scenario = completeScenario({ ...twice('grow'), model: 'shared-instance', budget: { seconds: 1 } }, 'wazero');
    const job = { bytes: await parse(source), name: 'test.wat', scenario };
    const { threads, costs } = resultOf(await runHammer(job, { workerPath, isolation: 'thread', cores: 4 }));
    assert.equal(threads, 2);
    assert.deepEqual(
      costs?.rows.filter(({ remedy }) => remedy === 'unsafe').map((row) => row.threads),
      [1, 2, 4],
    );
  });

  test('who ends before costs are measured leaves nobody waiting', async () => {
    const result = await hammered(SLOW, twice('get'), { cores: 4 });
    assert.equal(result.costs, null);
    assert.deepEqual(
      result.unmeasured,
      ['unsafe', 'mutex', 'pool', 'instance-per-call'].map((remedy) => ({ remedy, reason: 'the run ended before' })),
    );
  });

  test('traps and memory of an instance are part of it', async () => {
    const source = '(module (memory (export "memory") 3) (func (export "f") unreachable))';
    const { costs } = await whole(source, twice('f'));
    assert.equal(costs?.memoryPerInstance, 3 * 65536);
    for (const { trapped, sequences } of costs?.rows ?? []) assert.equal(trapped, sequences);
  });
});

const WRONG: Omit<HammerOutcome, 'results'> = {
  probe: [],
  samples: 1,
  frequency: null,
  kind: 'wrong',
  order: null,
  state: [],
  found: null,
};

describe('schedules for what was seen', () => {
  test('a wrong outcome comes with a schedule that gives it', async () => {
    const scenario = completeScenario({ ...twice('inc'), model: 'shared-instance', budget: { seconds: 5 } }, 'wazero');
    const answer = await explainedHammer(
      { bytes: await parse(SLOW), name: 'test.wat', scenario },
      { workerPath, isolation: 'thread', cores: 2 },
    );
    assert.ok('result' in answer);
    const { outcomes, explored } = answer.result;
    for (const { kind, found } of outcomes) assert.equal(found?.how, kind === 'wrong' ? 'schedule' : undefined);
    assert.deepEqual([explored?.verdict, explored?.wrongOutcome], ['race', true]);
  });

  test('one that only store buffers give has a schedule with them, whether or not the processor shows it', async () => {
    const bytes = await parse(litmusModule(litmus('x=1 y | y=1 x'), 'apart'));
    const scenario = completeScenario(
      { callers: [[['t0']], [['t1']]], model: 'shared-instance', budget: { seconds: 60 } },
      'wazero',
    );
    // Both read 0, which a processor may show; both read 1, which interleaving gives, too; one reads what nobody stores.
    const outcomes = ['10', '11', '12'].map((digits) => ({ ...WRONG, results: [[digits], [digits]] }));
    const answer = await explainedOutcomes(
      { bytes, name: 'test.wat', scenario },
      { workerPath, isolation: 'thread', cores: 2 },
      madeHammered([], { verdict: 'wrong-outcome', wrongRounds: 3, outcomes, seen: 3 }),
    );
    const found = resultOf(answer).outcomes.map((one) => one.found);
    assert.deepEqual(
      found.map((one) => [one?.how, one?.how === 'schedule' ? one.storeBuffers : undefined]),
      [
        ['schedule', 'only'],
        ['schedule', undefined],
        ['not-sequential', undefined],
      ],
    );
    const [buffered] = found;
    assert.match(buffered?.how === 'schedule' ? buffered.schedule : '', /[ab]/);
  });
});
