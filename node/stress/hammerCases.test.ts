/**
 * What the hammer says of cases of public reports. Where threads have to meet, the module pauses between the accesses that
 * matter, so that they do on a busy machine, too.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HammerResult } from '../../core/stress/hammer/hammerResult.ts';
import type { ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import { caseSource } from '../../core/stress/testing/caseFiles.ts';
import { failed, hammered, hammeredUntil, isWrong } from './testing/hammer.ts';

const scenarioOf = (path: string): ScenarioFile => ({
  model: 'auto',
  ...(JSON.parse(caseSource(`${path}.stress.json`)) as ScenarioFile),
});

/** `one` returns 1 after a pause, at a word of the shared memory that nobody uses. */
const ONE = `(func $one (result i32)
  (drop (memory.atomic.wait32 (i32.const 32) (i32.const 0) (i64.const 1000000))) (i32.const 1))`;

/** A module in which each `[from, to]` was replaced, and `$one` can be called. */
const slower = (source: string, ...changes: readonly [from: string, to: string][]): string =>
  changes.reduce(
    (text, [from, to]) => {
      assert.ok(text.includes(from), from);
      return text.replaceAll(from, to);
    },
    source.trimEnd().replace(/\)$/, `${ONE})`),
  );

const texts = ({ outcomes }: HammerResult): string[] =>
  outcomes.filter(isWrongOne).map(({ results, probe }) => [...results.flat(), ...probe].join());
const isWrongOne = ({ kind }: HammerResult['outcomes'][number]): boolean => kind.startsWith('wrong');

describe('a lock that is none', () => {
  test('lets two callers take one node', async () => {
    const source = slower(caseSource('noop-mutex-freelist/module.wat'), [
      '(if (local.get $n)\n',
      '(if (i32.and (call $one) (i32.ne (local.get $n) (i32.const 0)))\n',
    ]);
    const result = await hammeredUntil(source, scenarioOf('noop-mutex-freelist/scenario'), isWrong);
    assert.ok(texts(result).includes('128,128,2'), texts(result).join(' | '));
  });

  test('and the real one does not', async () => {
    const result = await hammered(caseSource('noop-mutex-freelist/fixed.wat'), scenarioOf('noop-mutex-freelist/fixed'));
    assert.deepEqual([result.verdict, result.serial, texts(result)], ['none-seen', 2, []]);
  });
});

test('stacks that overlap give wrong squares', async () => {
  const source = slower(caseSource('shadow-stacks-overlap/module.wat'), [
    '(i32.store offset=8 (local.get $sp) (i32.mul',
    '(drop (call $one)) (i32.store offset=8 (local.get $sp) (i32.mul',
  ]);
  const result = await hammeredUntil(source, scenarioOf('shadow-stacks-overlap/scenario'), isWrong);
  // Alone, square(3) is 9 and square(5) is 25.
  assert.ok(texts(result).every((text) => text !== '9,25'));
  assert.ok(texts(result).length > 0);
});

test('a race that is hard to provoke is counted', async () => {
  const source = slower(caseSource('no-race-seen/module.wat'), [
    '(i32.load (i32.const 20)) (i32.const 1)',
    '(i32.load (i32.const 20)) (call $one)',
  ]);
  const result = await hammeredUntil(source, scenarioOf('no-race-seen/scenario'), isWrong);
  for (const text of texts(result)) assert.match(text, /^\(\),\(\),[1234]$/);
});

test('what an instance wrongly keeps for itself is left to exploration, and the result says so', async () => {
  const result = await hammered(
    caseSource('bump-pointer-in-global/module.wat'),
    scenarioOf('bump-pointer-in-global/alloc'),
  );
  assert.deepEqual(
    result.outcomes.map(({ results, kind }) => ({ results, kind })),
    [{ results: [['1024'], ['1024']], kind: 'serial' }],
  );
  assert.match(result.notes.join(' '), /does not show what an instance wrongly keeps for itself; exploration/);
});

describe('a barrier', () => {
  const barrier = (name: string): string => caseSource(`barrier-notify-one/${name}.wat`);
  const NO_ORDER = /In (\d+) of \1 serial orders a call does not return.*counted but not judged/;

  test('of two callers meets in every round, which no serial order can be compared with', async () => {
    const result = await hammered(barrier('module'), scenarioOf('barrier-notify-one/two'));
    assert.deepEqual([result.verdict, result.hang, result.seen, result.notJudged], ['not-judged', null, 0, 1]);
    assert.match(result.notes.join(' '), NO_ORDER);
    assert.match(result.notes.join(' '), /A lock around calls that wait for each other would block them all/);
    assert.ok(result.rounds > 0);
  });

  test('of more callers than there are threads is not run', async () => {
    const result = await hammeredUntil(barrier('fixed'), scenarioOf('barrier-notify-one/fixed'), () => false);
    assert.deepEqual([result.verdict, result.hang, result.rounds], ['not-judged', null, 0]);
    assert.match(result.notes.join(' '), /No round was run: no call returns .* 3 callers share 2 threads\./);
    for (const { reason } of result.unmeasured) assert.match(reason, /do not return before another caller has run/);
    assert.equal(result.unmeasured.length, 4);
  });
});

describe('what growth of a host does in steps', () => {
  const FILES: [name: string, callers: string[][][], hidden: RegExp][] = [
    ['grow-refused', [[['a']], [['b']]], /only exploration shows what happens while a host moves a memory/],
    ['grow-store-torn', [[['put']], [['grow']]], /can damage the host \(wazero\): growth of a memory/],
  ];
  for (const [name, callers, hidden] of FILES) {
    test(`is left to exploration: ${name}`, async () => {
      const file = { callers: callers as [string][][], model: 'shared-instance' } satisfies ScenarioFile;
      const result = await hammered(caseSource(`${name}.wat`), file);
      if (name === 'grow-store-torn') assert.deepEqual(texts(result), []);
      assert.match(result.notes.join(' '), hidden);
    });
  }

  test('growths that are refused between two others have a serial order only if whole calls have', async () => {
    // Pages 1 to 3. Whole calls: a then b: 1 * 10 + -1, then -1; b then a: -1 * 10 + 2, then 1. All else is between them.
    const file: ScenarioFile = { callers: [[['a']], [['b']]], model: 'shared-instance' };
    const result = await hammered(caseSource('grow-refused.wat'), file);
    assert.equal(result.serial, 2);
    for (const { results, kind } of result.outcomes) {
      const text = results.flat().join();
      assert.equal(kind, text === '9,-1' || text === '-8,1' ? 'serial' : 'wrong', text);
    }
  });
});

test('one thread has nothing to hammer: the message says what to do', async () => {
  const source = '(module (import "env" "wait" (func $w)) (func (export "f") (call $w)))';
  const file: ScenarioFile = {
    callers: [[['f']], [['f']]],
    host: 'javascript',
    model: 'cooperative',
    imports: { 'env.wait': { suspends: true } },
  };
  const { message } = await failed(source, file);
  assert.match(message, /the cooperative model has one thread, .* explore the calls instead/);
});
