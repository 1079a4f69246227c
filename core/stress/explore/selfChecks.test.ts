/** An engine with a defect says so: what it tells is never called safe, and holds what a report of the defect needs. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { advised } from '../../advice/advised.ts';
import { stressText } from '../../report/text/stressText.ts';
import { completeScenario, type ScenarioFile } from '../scenario/scenario.ts';
import type { createSession } from '../session/createSession.ts';
import { forgetful, sluggish } from '../testing/defectiveEngines.ts';
import { environment, explored } from '../testing/run.ts';
import type { StressResult } from './result.ts';
import { stress } from './stress.ts';

const COUNTER = `(module (memory 1 1 shared) (global $n (mut i32) (i32.const 0))
  (func (export "plain") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "put") (i32.store (i32.const 16) (i32.const 1)))
  (func (export "atomic") (result i32) (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
  (func (export "wait") (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1))))
  (func (export "wake") (drop (memory.atomic.notify (i32.const 8) (i32.const 1)))))`;

const bytes = await parse(COUNTER);

async function run(engine: typeof createSession, ...names: string[]): Promise<StressResult & { text: string }> {
  const callers = names.map((name): [[string]] => [[name]]);
  const scenario = completeScenario({ callers, model: 'shared-instance', budget: { seconds: 60 } }, 'wazero');
  const answer = advised(await stress({ name: 'counter.wat', bytes, scenario }, environment(), engine));
  assert.ok('result' in answer);
  return { ...answer.result, text: stressText(answer.result, { full: false, colour: false }) };
}

describe('a finding that does not show again', () => {
  for (const [names, what] of [
    [['plain', 'plain'], /^a wrong outcome was found, but replaying its schedule did not show it again$/m],
    [['put', 'put'], /^a race on memory\[0\] 0x10.* was found, /m],
    [['wait', 'wake'], /^a hang was found, /m],
  ] as const)
    test(names.join(' || '), async () => {
      const { defects, verdict, exhaustive, races, hang, text, schedule } = await run(forgetful, ...names);
      assert.ok(defects.length > 0);
      for (const { kind } of defects) assert.equal(kind, 'not-replayed');
      assert.match(defects.map((defect) => defect.text).join('\n'), what);
      for (const defect of defects) assert.match(defect.schedule, /^([AB]\d+)+$/);
      assert.deepEqual([races, hang, schedule], [[], null, null], 'nothing is reported that was not shown twice');
      assert.deepEqual([verdict, exhaustive], ['inconclusive', false]);
      assert.match(text, /^counter\.wat: inconclusive: the engine has a defect, see below\n/);
      assert.match(text, /Defect of wasm-hazards: .*cannot be relied on\. Please report it/);
      assert.match(text, /not-replayed: .*\([AB]\d/);
      assert.match(text, /scenario: \{.*"model":"shared-instance"/s);
      assert.match(text, /version: \d+\.\d+\.\d+/);
    });
});

describe('an outcome of a serial order that a complete search missed', () => {
  test('is told with its order', async () => {
    const { defects, verdict, exhaustive, text } = await run(sluggish, 'atomic', 'atomic');
    assert.deepEqual(
      defects.map(({ kind, schedule }) => [kind, schedule]),
      [['serial-outcome-missing', 'BA']],
    );
    assert.deepEqual([verdict, exhaustive], ['inconclusive', false]);
    assert.match(text, /serial-outcome-missing: .*serial order BA was not seen \(BA\)/);
  });

  test('is looked for beside a finding, too', async () => {
    const { defects, verdict } = await run(sluggish, 'plain', 'plain');
    assert.deepEqual([verdict, defects.map(({ kind }) => kind)], ['race', ['serial-outcome-missing']]);
  });
});

describe('the engine itself misses nothing', () => {
  const CALLS = `(module (import "env" "each" (func $each (param i32))) (global $n (mut i32) (i32.const 0))
    (func (export "sum") (param i32) (result i32) (local $before i32)
      (local.set $before (global.get $n)) (call $each (local.get 0)) (local.get $before))
    (func (export "add") (param i32) (global.set $n (i32.add (global.get $n) (local.get 0))))
    (func (export "get") (result i32) (global.get $n)))`;
  const SLEEPS = `(module (import "env" "sleep" (func $sleep)) (global $n (mut i32) (i32.const 0))
    (func (export "late") (result i32) (call $sleep) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
    (func (export "twice") (result i32) (call $sleep) (call $sleep) (global.get $n)))`;
  const STARTS = `(module (import "env" "memory" (memory 1 1 shared)) (data (i32.const 0) "\\\\01")
    (func $start (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))) (start $start)
    (func (export "count") (result i32) (i32.atomic.load (i32.const 4))))`;
  const FRAMES = `(module (memory 1) (global $__stack_pointer (mut i32) (i32.const 65536)) (global $n (mut i32) (i32.const 0))
    (func (export "deep") (result i32) (local $sp i32)
      (local.set $sp (i32.sub (global.get $__stack_pointer) (i32.const 32))) (global.set $__stack_pointer (local.get $sp))
      (i32.store (local.get $sp) (i32.add (global.get $n) (i32.const 1)))
      (global.set $n (i32.load (local.get $sp)))
      (global.set $__stack_pointer (i32.add (local.get $sp) (i32.const 32))) (global.get $n)))`;
  const each = (...calls: [string, ...(string | number)[]][]) => ({ 'env.each': { calls } });
  const cases: [title: string, module: string, file: ScenarioFile][] = [
    [
      'host calls back',
      CALLS,
      { imports: each(['add', '$0']), callers: [[['sum', 1]], [['sum', 2]]], probe: [['get']] },
    ],
    [
      'host calls back twice',
      CALLS,
      { imports: each(['add', 1], ['add', 2]), callers: [[['sum', 1], ['get']], [['get']]] },
    ],
    [
      'host calls back on one thread',
      CALLS,
      { host: 'javascript', model: 'auto', imports: each(['add', '$0']), callers: [[['sum', 1]], [['add', 2]]] },
    ],
    [
      'suspended calls',
      SLEEPS,
      {
        host: 'javascript',
        model: 'auto',
        imports: { 'env.sleep': { suspends: true } },
        callers: [[['late']], [['late'], ['twice']], [['twice']]],
      },
    ],
    [
      'instantiation',
      STARTS,
      {
        model: 'shared-memory',
        callers: [
          [['$instantiate'], ['count']],
          [['count'], ['count']],
        ],
      },
    ],
    [
      'two instantiations',
      STARTS,
      { model: 'shared-memory', callers: [[['$instantiate']], [['$instantiate'], ['count']]] },
    ],
    ['frames', FRAMES, { callers: [[['deep']], [['deep']]] }],
  ];
  for (const [title, module, file] of cases)
    test(title, async () => {
      const result = await explored(module, file);
      assert.deepEqual(result.defects, []);
      assert.ok(result.exhaustive, result.notes.join('\n'));
    });
});
