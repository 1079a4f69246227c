/** Callers keep their stacks between calls and executions, and no run leaves one behind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { runExecution } from '../explore/execution.ts';
import { RaceCollector } from '../explore/raceCollector.ts';
import { stress } from '../explore/stress.ts';
import { completeScenario, type ScenarioFile } from '../scenario/scenario.ts';
import { RandomSearch } from '../search/random.ts';
import { createSession } from '../session/createSession.ts';
import { environment } from '../testing/run.ts';
import { ExecutionMode } from './mode.ts';

const MODULE = `(module
  (memory 1 1 shared)
  (func $touch (param i32) (result i32) (i32.atomic.rmw.add (i32.const 0) (local.get 0)))
  (func (export "numbers") (param i32 i64 f32 f64) (result f64 f32 i64 i32)
    (drop (call $touch (i32.const 1)))
    (local.get 3) (local.get 2) (local.get 1) (local.get 0))
  (func (export "nothing") (drop (call $touch (i32.const 1))))
  (func (export "wide") (param i64) (result i64) (drop (call $touch (i32.const 1))) (local.get 0))
  (func (export "same") (param externref) (result externref) (drop (call $touch (i32.const 1))) (local.get 0))
  (func (export "traps") (drop (call $touch (i32.const 1))) unreachable))`;

/** Results of the calls of each caller, in three executions one after the other. */
async function results(callers: ScenarioFile['callers']): Promise<string[][][]> {
  const scenario = completeScenario({ model: 'shared-instance', callers }, 'wazero');
  const job = { name: 'test.wat', bytes: await parse(MODULE), scenario };
  const findings = new RaceCollector();
  const session = await createSession(job, environment(), findings, () => false);
  findings.attach(session);
  const found: string[][][] = [];
  const search = new RandomSearch(callers.length, 3, 1);
  for (let i = 0; i < 3; i++) {
    await runExecution({ session, findings }, ExecutionMode.Explore, search);
    found.push(session.callers.map((caller) => caller.results));
  }
  session.scheduler.close();
  return found;
}

const thrice = (once: string[][]): string[][][] => [once, once, once];

test('arguments and results of all numeric types reach their calls, and traps end only theirs', async () => {
  const sequence: ScenarioFile['callers'][number] = [
    ['numbers', 1, '-2', 0.5, 'inf'],
    ['traps'],
    ['nothing'],
    ['traps'],
    ['wide', '9223372036854775807'],
  ];
  assert.deepEqual(
    await results([sequence, [['traps'], ['wide', '-1']]]),
    thrice([
      ['(inf, 0.5, -2, 1)', 'trap: unreachable', '()', 'trap: unreachable', '9223372036854775807'],
      ['trap: unreachable', '-1'],
    ]),
  );
});

test('calls with references are made between others', async () => {
  assert.deepEqual(
    await results([
      [['same', null], ['nothing'], ['same', null]],
      [['nothing'], ['same', null], ['nothing']],
      [
        ['same', null],
        ['same', null],
      ],
    ]),
    thrice([
      ['null', '()', 'null'],
      ['()', 'null', '()'],
      ['null', 'null'],
    ]),
  );
});

/** Runs a scenario; how many loops were ended, and how many are idle at the end. */
async function loops(file: ScenarioFile): Promise<{ ended: number; idle: number }> {
  const counts = { ended: 0, idle: 0 };
  const scenario = completeScenario({ model: 'shared-instance', ...file }, 'wazero');
  const job = { name: 'test.wat', bytes: await parse(MODULE), scenario };
  const answer = await stress(job, environment(), (ofJob, world, findings, stopped, known) =>
    createSession(ofJob, world, findings, stopped, known, (hooks) => ({
      ...hooks,
      idle: (caller: never) => {
        counts.idle++;
        return (hooks.idle(caller) as Promise<number>).then((end) => {
          counts.idle--;
          if (end === 1) counts.ended++;
          return end;
        });
      },
    })),
  );
  assert.ok('result' in answer);
  await new Promise((resolve) => setImmediate(resolve));
  return counts;
}

test('a run ends the loops of its callers', async () => {
  const { ended, idle } = await loops({ callers: [[['nothing']], [['wide', '1'], ['nothing']], [['nothing']]] });
  assert.deepEqual([ended, idle], [3, 0]);
});

test('so does one whose callers trap', async () => {
  const { ended, idle } = await loops({
    callers: [
      [['traps'], ['nothing']],
      [['nothing'], ['traps']],
    ],
  });
  // The second caller's loop ended with its last call.
  assert.deepEqual([ended, idle], [1, 0]);
});
