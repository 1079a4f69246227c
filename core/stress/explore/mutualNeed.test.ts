/** Callers that need each other: no serial order of their calls ends, so races and hangs are judged, outcomes are not. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { adviceOf } from '../../advice/adviceOf.ts';
import { verdictText } from '../../report/verdicts.ts';
import type { ScenarioFile } from '../scenario/scenario.ts';
import { caseSource, exploredCase, isRepeatable } from '../testing/caseFiles.ts';
import { explored, runScenario } from '../testing/run.ts';

const BARRIER = 'barrier-notify-one';

describe('callers that need each other', () => {
  test('two at a barrier are safe, by races and hangs', async () => {
    const result = await exploredCase(BARRIER, 'two');
    assert.equal(result.verdict, 'safe');
    assert.equal(result.exhaustive, true);
    assert.equal(result.outcomes.serial, 0);
    assert.equal(result.stuckOrders, 2);
    assert.match(
      verdictText(result),
      /^safe: .*no serial order of these calls completes, so only races and hangs are judged/,
    );
  });

  test('three of whom one is never woken hang', async () => {
    const result = await exploredCase(BARRIER, 'scenario');
    assert.equal(result.verdict, 'hang');
    assert.equal(result.hang?.kind, 'deadlock');
    assert.equal(result.hang.lastSeen.length, 1);
    assert.equal(result.hang.lastSeen[0].waitsAt, 'memory[0] 0x8');
    const [{ count, woken }] = (result.hang.notifies ?? []).filter((one) => one.woken.length > 0);
    assert.equal(count, 1);
    assert.equal(woken.length, 1);
    assert.notEqual(woken[0], result.hang.lastSeen[0].caller);
  });

  test('three who are all woken are safe as far as explored', async () => {
    const result = await exploredCase(BARRIER, 'fixed', { budget: { schedules: 5000 } });
    assert.equal(result.verdict, 'safe');
  });

  test('waiting in a loop is waiting, too', async () => {
    const file: ScenarioFile = { model: 'shared-memory', host: 'wasmtime', callers: [[['arrive']], [['arrive']]] };
    const result = await explored(SPINNING, file);
    assert.equal(result.verdict, 'safe');
    assert.match(verdictText(result), /no serial order of these calls completes/);
  });

  test('races are found all the same', async () => {
    const file: ScenarioFile = { model: 'shared-memory', host: 'wasmtime', callers: [[['arrive']], [['arrive']]] };
    const result = await explored(
      SPINNING.replace('(drop (i32.const 0))', '(i32.store (i32.const 64) (i32.const 1))'),
      file,
    );
    assert.equal(result.verdict, 'race');
  });

  test('a call that loops for ever and waits for nobody is a hang', async () => {
    const source = '(module (memory 1) (func (export "spin") (loop $l (br $l))))';
    const result = await explored(source, { callers: [[['spin']], [['spin']]] });
    assert.equal(result.verdict, 'hang');
    assert.equal(result.hang?.kind, 'no-return');
  });

  test('no lock is advised around them, whatever the run shows', async () => {
    for (const [name, file] of [
      ['two', 'module'],
      ['scenario', 'module'],
      ['fixed', 'fixed'],
    ] as const) {
      const scenario = JSON.parse(caseSource(`${BARRIER}/${name}.stress.json`)) as ScenarioFile;
      const bytes = await parse(caseSource(`${BARRIER}/${file}.wat`));
      const answer = await runScenario(bytes, { ...scenario, budget: { schedules: 3000 } });
      assert.ok('result' in answer);
      for (const about of ['calls', 'module'] as const) {
        const advice = adviceOf(answer.module, answer.analysis, [answer.result], about);
        assert.ok(
          advice.every(({ remedy }) => remedy !== 'mutex' && remedy !== 'pool'),
          JSON.stringify(advice),
        );
      }
    }
  });

  test('the advice about a hang names its cause', async () => {
    for (const [folder, text] of [
      [
        BARRIER,
        /^Notify all waiters .* notified memory\[0\] 0x8 with count 1, which woke [AB], and [AB] stayed asleep there/,
      ],
      [
        'lost-wake-up',
        /^Change the word .* B notified memory\[0\] 0x14 with count 1, which woke nobody, and A began to wait there afterwards/,
      ],
    ] as const) {
      const scenario = JSON.parse(caseSource(`${folder}/scenario.stress.json`)) as ScenarioFile;
      const answer = await runScenario(await parse(caseSource(`${folder}/module.wat`)), scenario);
      assert.ok('result' in answer);
      const [first] = adviceOf(answer.module, answer.analysis, [answer.result], 'calls');
      assert.match(first.text, text);
    }
  });

  test('where some serial orders end, outcomes are compared with those', async () => {
    const result = await exploredCase('lost-wake-up', 'ok');
    assert.equal(result.verdict, 'safe');
    assert.equal(result.stuckOrders, 1);
    assert.equal(result.outcomes.serial, 1);
    const { verdict, hang } = await exploredCase('lost-wake-up', 'scenario');
    assert.equal(verdict, 'hang');
    assert.equal(hang?.lastSeen[0].waitsAt, 'memory[0] 0x14');
    assert.deepEqual(
      hang.notifies?.map((one) => [one.caller, one.count, one.woken]),
      [[1, 1, []]],
    );
  });

  test('ten runs, ten equal answers', async () => {
    assert.ok(await isRepeatable(BARRIER, 'two'));
    assert.ok(await isRepeatable(BARRIER, 'scenario'));
    assert.ok(await isRepeatable('lost-wake-up', 'ok'));
    assert.ok(await isRepeatable('lost-wake-up', 'scenario'));
  });
});

/** Both callers count up and spin until the count is two. */
const SPINNING = `(module (import "env" "memory" (memory 1 1 shared))
  (func (export "arrive")
    (drop (i32.const 0))
    (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
    (loop $wait (br_if $wait (i32.lt_u (i32.atomic.load (i32.const 0)) (i32.const 2))))))`;
