/** Callers that start when they are first chosen do what they do otherwise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { runExecution } from '../explore/execution.ts';
import { outcomeOf } from '../explore/outcomes.ts';
import { RaceCollector } from '../explore/raceCollector.ts';
import { completeScenario, type ScenarioFile } from '../scenario/scenario.ts';
import { BoundedSearch } from '../search/bounded.ts';
import { createSession } from '../session/createSession.ts';
import { environment, explored } from '../testing/run.ts';
import { LateStarts } from './lateStarts.ts';
import { ExecutionMode } from './mode.ts';
import { NOTHING } from './operation.ts';
import type { Scheduler } from './scheduler.ts';

const MODULE = `(module
  (memory 1)
  (global $n (mut i32) (i32.const 0))
  (func (export "add") (param $own i32) (result i32)
    (i32.store (local.get $own) (i32.add (i32.load (local.get $own)) (i32.const 1)))
    (global.set $n (i32.add (global.get $n) (i32.load (local.get $own))))
    (global.get $n))
  (func (export "pure") (result i32) (i32.const 3))
  (func (export "trap") (param $own i32)
    (i32.store (local.get $own) (i32.const 1))
    unreachable))`;

/**
 * Executions of a search with at most two preemptions: decisions, outcome, and how often callers were suspended. `before`
 * is called before each of them.
 */
async function run(
  callers: ScenarioFile['callers'],
  before: (scheduler: Scheduler, execution: number) => void = () => {},
  source = MODULE,
): Promise<{ executions: string[]; pauses: number[] }> {
  const scenario = completeScenario({ model: 'shared-instance', callers }, 'wazero');
  const findings = new RaceCollector();
  const job = { name: 'test.wat', bytes: await parse(source), scenario };
  const session = await createSession(job, environment(), findings, () => false);
  findings.attach(session);
  const { scheduler } = session;
  const { pause } = scheduler;
  let paused = 0;
  scheduler.pause = () => {
    paused++;
    return pause();
  };
  const executions: string[] = [];
  const pauses: number[] = [];
  // What is shared is learned first.
  for (let i = 0; i < 3; i++) await runExecution({ session, findings }, ExecutionMode.Explore, new BoundedSearch(0));
  const search = new BoundedSearch(2);
  do {
    before(scheduler, executions.length);
    paused = 0;
    await runExecution({ session, findings }, ExecutionMode.Explore, search);
    executions.push(`${scheduler.dispatcher.choices.join('')} ${(await outcomeOf(session)).key}`);
    pauses.push(paused);
  } while (search.next());
  scheduler.close();
  return { executions, pauses };
}

/** Whoever calls functions of the host starts before the first decision. */
function startFirst(scheduler: Scheduler): void {
  const late: unknown = Reflect.get(scheduler, 'late');
  assert.ok(late instanceof LateStarts);
  for (const { index } of scheduler.callers) late.callsHost(index, true);
}

test('schedules and outcomes are the same, with fewer suspensions', async () => {
  const callers: ScenarioFile['callers'] = [
    [['add', 64]],
    [['pure'], ['add', 128], ['add', 128]],
    [['trap', 192]],
    [['add', 256]],
  ];
  const first = await run(callers, startFirst);
  const late = await run(callers);
  assert.deepEqual(late.executions, first.executions);
  // Three of the four stand before a decision when they have started.
  assert.deepEqual([first.pauses[0], late.pauses[0]], [3, 0]);
  assert.ok(late.pauses.every((n, i) => n === first.pauses[i] - 3));
});

test('where callers share more than before, they start before the first decision again', async () => {
  const callers: ScenarioFile['callers'] = [[['add', 64]], [['add', 128]]];
  const first = await run(callers, startFirst);
  const { pauses } = await run(callers, (scheduler, execution) => {
    if (execution === 5) scheduler.discovered = true;
  });
  // In two executions, since one may be chance.
  assert.deepEqual(
    [4, 5, 6, 7].map((i) => first.pauses[i] - pauses[i]),
    [2, 0, 0, 2],
  );
});

test('where callers share objects, which have no hooks, all start before the first decision', async () => {
  const objects = MODULE.replace(
    '(memory 1)',
    '(memory 1) (type $s (struct (field (mut i32)))) (global $o (ref $s) (struct.new $s (i32.const 1)))',
  ).replace('unreachable', '(struct.set $s 0 (global.get $o) (i32.const 2))');
  const callers: ScenarioFile['callers'] = [[['add', 64]], [['add', 128]], [['trap', 192]]];
  const { pauses } = await run(callers, () => {}, objects);
  assert.deepEqual(pauses, (await run(callers, startFirst, objects)).pauses);
});

test('a caller whose first steps turn out to be shared is no longer started late', async () => {
  // `other` reads $p before its first decision, until `set` has seen what `other` writes, and writes $p itself.
  const { outcomes, races, defects, verdict } = await explored(
    `(module (global $p (mut i32) (i32.const 0)) (global $q (mut i32) (i32.const 0)) (global $r (mut i32) (i32.const 0))
      (func (export "set") (if (global.get $q) (then (global.set $p (i32.const 1)))) (global.set $r (i32.const 1)))
      (func (export "other") (result i32) (local $seen i32)
        (local.set $seen (global.get $p))
        (global.set $q (i32.const 1))
        (i32.add (i32.mul (local.get $seen) (i32.const 2)) (global.get $r)))
      (func (export "mark") (global.set $q (i32.const 1))))`,
    { model: 'shared-instance', callers: [[['set']], [['other']], [['mark']]] },
  );
  assert.deepEqual(defects, []);
  assert.notEqual(verdict, 'inconclusive');
  assert.deepEqual([...new Set(outcomes.examples.map(({ results }) => results[1][0]))].sort(), ['0', '1', '3']);
  assert.ok(races.some(({ cell }) => cell === '$p'));
});

test('what a caller stands before has to be the same twice, and is forgotten where it is not', () => {
  const late = new LateStarts(2);
  late.stands(0, NOTHING);
  assert.equal(late.defer(0), undefined);
  late.stands(0, NOTHING);
  assert.equal(late.defer(0), NOTHING);
  assert.deepEqual([late.isWaiting(0), late.isWaiting(1)], [true, false]);
  assert.deepEqual([late.starts(0), late.starts(0)], [true, false]);
  assert.deepEqual([late.isComing(0), late.arrives(0, NOTHING), late.isComing(0)], [true, true, false]);
  late.begin();
  assert.equal(late.defer(0), NOTHING);
  late.starts(0);
  assert.equal(late.arrives(0, { ...NOTHING }), true, 'planned anew');
  late.forget();
  late.begin();
  assert.equal(late.defer(0), undefined);
});

test('a caller that stands before something else than it was chosen for never starts late again', () => {
  const late = new LateStarts(1);
  const stands = (): void => {
    late.stands(0, NOTHING);
    late.stands(0, NOTHING);
  };
  stands();
  late.defer(0);
  late.starts(0);
  assert.equal(late.arrives(0, { ...NOTHING, site: 5 }), false);
  late.begin();
  stands();
  assert.equal(late.defer(0), undefined);
});

test('a caller that calls the host in its first steps never starts late', () => {
  const late = new LateStarts(1);
  const known = (): boolean => {
    late.begin();
    return late.defer(0) !== undefined;
  };
  late.stands(0, NOTHING);
  late.stands(0, NOTHING);
  late.callsHost(0, false);
  assert.equal(known(), true);
  late.starts(0);
  late.callsHost(0, false);
  assert.equal(known(), false);
});
