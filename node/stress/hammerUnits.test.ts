/** Sequences of calls that belong together: what is right call by call and wrong for the sequence has its own label. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hammerText } from '../../core/report/text/hammerText.ts';
import type { HammerResult } from '../../core/stress/hammer/hammerResult.ts';
import type { ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import { caseSource } from '../../core/stress/testing/caseFiles.ts';
import { hammeredUntil, isWrong, withPause } from './testing/hammer.ts';

const EXCHANGES: ScenarioFile['callers'] = [1, 2].map((id) => [['handle_request', id], ['handle_response']]);
const sawDivided = ({ outcomes }: HammerResult): boolean => outcomes.some(({ kind }) => kind === 'divided');
const textOf = (result: HammerResult): string => hammerText(result, { full: false, colour: false });

/** Requests that pause, so that another caller comes between them and the response on a busy machine, too. */
const SLOW = withPause(
  caseSource('request-response.wat').replace('(i32.const 1))\n', '(call $pause) (i32.const 1))\n'),
);

test('a response to the request of another caller is right call by call', async () => {
  const result = await hammeredUntil(SLOW, { callers: EXCHANGES }, sawDivided);
  assert.equal(result.verdict, 'wrong-outcome');
  assert.equal(result.serial, 2);
  for (const { kind, order, results } of result.outcomes) {
    const own = results[0][1] === '1' && results[1][1] === '2';
    assert.equal(kind, own ? 'serial' : 'divided', JSON.stringify(results));
    assert.match(order ?? '', own ? /^(AABB|BBAA)$/ : /^(ABAB|ABBA|BABA|BAAB)$/);
  }
  assert.ok(result.wrongRounds > 0 && result.wrongRounds <= result.rounds);
  assert.match(
    textOf(result),
    /wrong outcome in .*, correct call by call: another caller came between `handle_request` and `handle_response`/,
  );
});

test('and no outcome is wrong where each call is a unit', async () => {
  const result = await hammeredUntil(SLOW, { callers: EXCHANGES, unit: 'call' }, ({ rounds }) => rounds >= 100);
  assert.deepEqual([result.verdict, result.wrongRounds], ['none-seen', 0]);
});

test('a call that is divided itself is worse than a divided sequence', async () => {
  const source = withPause(`(module (global $n (mut i32) (i32.const 0))
    (func (export "add") (local i32) (local.set 0 (global.get $n)) (call $pause)
      (global.set $n (i32.add (local.get 0) (i32.const 1))))
    (func (export "get") (result i32) (global.get $n)))`);
  const calls: ScenarioFile['callers'][0] = [['add'], ['get']];
  const lost = ({ outcomes }: HammerResult): boolean => outcomes.some(({ kind }) => kind === 'wrong');
  const result = await hammeredUntil(source, { callers: [calls, calls] }, lost);
  // Serial: 1 and 2. Call by call: both add, then both get 2. Otherwise an update is lost.
  for (const { kind, results } of result.outcomes) {
    const got = [results[0][1], results[1][1]].toSorted().join();
    if (got === '2,2') assert.equal(kind, 'divided');
    if (got === '1,1') assert.equal(kind, 'wrong');
  }
  assert.doesNotMatch(textOf(result).split('\n')[0], /correct call by call/);
});

test('both callers that wait for each other between their calls are judged by orders of calls', async () => {
  const source = `(module (memory 1)
    (func (export "put") (param i32 i32) (i32.atomic.store (local.get 0) (local.get 1)))
    (func (export "take") (param i32) (result i32)
      (loop $l (br_if $l (i32.eqz (i32.atomic.load (local.get 0))))) (i32.atomic.load (local.get 0))))`;
  const callers: ScenarioFile['callers'] = [
    [
      ['put', 0, 7],
      ['take', 64],
    ],
    [
      ['put', 64, 9],
      ['take', 0],
    ],
  ];
  const result = await hammeredUntil(source, { callers }, ({ rounds }) => rounds >= 100);
  assert.deepEqual(
    result.outcomes.map(({ results, kind }) => ({ results, kind })),
    [
      {
        results: [
          ['()', '9'],
          ['()', '7'],
        ],
        kind: 'serial',
      },
    ],
  );
  assert.equal(isWrong(result), false);
});
