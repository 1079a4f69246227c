/** Protocols on real threads: named results, accesses of the host, expectations, and outcomes like those of exploration. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hammerVerdict } from '../../core/report/verdicts.ts';
import type { HammerResult } from '../../core/stress/hammer/hammerResult.ts';
import type { ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import type { Step } from '../../core/stress/scenario/steps.ts';
import { caseSource } from '../../core/stress/testing/caseFiles.ts';
import { explored } from '../../core/stress/testing/run.ts';
import { hammeredUntil, withPause } from './testing/hammer.ts';

const GREET = caseSource('greet.wat');
/** Another caller gets the same block meanwhile. */
const SLOW_GREET = withPause(GREET.replace('(local.set $p (global.get $next))', '$& (call $pause)'));

const greeting: Step[] = [
  { call: 'malloc', args: [4], as: 'p' },
  { write: '$p', utf8: 'Lena' },
  { call: 'greet', args: ['$p', 4], as: 'r' },
  { read: '$r >> 32', length: '$r & 0xffffffff', type: 'utf8', as: 'text' },
  { call: 'free', args: ['$p', 4] },
];
const greet: ScenarioFile = { callers: [{ steps: greeting }, { like: 0, with: { Lena: 'Mira' } }] };

const wrong = ({ wrongRounds }: HammerResult): boolean => wrongRounds > 0;
const after =
  (least: number) =>
  ({ rounds }: HammerResult): boolean =>
    rounds >= least;

describe('text that the host gives and takes', () => {
  test('is mixed up by threads, with the texts and serial outcomes that exploration has', async () => {
    const result = await hammeredUntil(SLOW_GREET, greet, wrong);
    assert.equal(result.verdict, 'wrong-outcome');
    assert.equal(result.serial, 1);
    const exploration = await explored(GREET, greet);
    const serial = JSON.stringify(exploration.outcomes.examples[0].results);
    for (const { kind, results } of result.outcomes)
      assert.equal(kind === 'serial', JSON.stringify(results) === serial, `${kind}: ${JSON.stringify(results)}`);
    assert.deepEqual(exploration.outcomes.examples[0].results[0], ['$p', '()', '$r', '"Hello, Lena"', '()']);
  });

  test('is right with one thread', async () => {
    const result = await hammeredUntil(GREET, greet, after(50), { cores: 1 });
    assert.deepEqual([result.verdict, result.outcomes.length], ['none-seen', 1]);
  });
});

const CELLS = withPause(`(module (memory (export "memory") 1) (memory $second (export "second") 1)
  (func (export "block") (param i32) (result i32) (i32.add (local.get 0) (i32.const 64)))
  (func (export "pair") (result i32 i32) (i32.const 1) (i32.const 2))
  (func (export "third") (result f64) (f64.const 1.5))
  (func (export "add") (param i32 i32)
    (drop (i32.atomic.rmw.add (local.get 0) (local.get 1)))
    (call $pause)))`);

describe('steps', () => {
  test('know the names of the setup, and the probe does, too', async () => {
    const file: ScenarioFile = {
      setup: [
        { call: 'block', args: [64], as: 'p' },
        { call: 'third', as: 'f' },
        { write: '$p', utf8: 'ab' },
        { read: '$p', as: 't' },
      ],
      callers: [
        [{ expect: '$f == 1.5 && $t == "ab"' }, ['add', '$p + 8', 1]],
        [
          { call: 'block', args: ['$p'], as: 'p' },
          { write: '$p', i64: '-1' },
          { read: '$p', type: 'i64' },
        ],
      ],
      probe: [
        { read: '$p + 8', type: 'u32', as: 'n' },
        { read: '$p', length: 3, type: 'bytes' },
        { read: 0, type: 'f64', memory: 'second' },
      ],
      compare: ['results', 'reads', 'state'],
    };
    const result = await hammeredUntil(CELLS, file, after(20));
    const exploration = await explored(CELLS, file);
    assert.deepEqual(
      result.outcomes.map(({ results, probe, kind }) => ({ results, probe, kind })),
      [
        {
          results: [
            ['holds', '()'],
            ['192', '()', '-1'],
          ],
          probe: ['1', '0x616200', '0'],
          kind: 'serial',
        },
      ],
    );
    assert.deepEqual(exploration.outcomes.examples[0].results, result.outcomes[0].results);
    assert.deepEqual(exploration.outcomes.examples[0].probe, result.outcomes[0].probe);
  });

  test('that are not possible trap with the same texts', async () => {
    const file: ScenarioFile = {
      callers: [
        [
          { read: 65530, length: 10, type: 'bytes' },
          { write: '1 / i32(0)', u8: 1 },
        ],
        [['add', 65536, 1], { read: 0, length: -1, type: 'utf8' }],
      ],
    };
    const result = await hammeredUntil(CELLS, file, after(20));
    const exploration = await explored(CELLS, file);
    assert.deepEqual(exploration.outcomes.examples[0].results, result.outcomes[0].results);
    assert.match(result.outcomes[0].results.flat().join(), /the host reads \[65530, 65540\), but .* has 65536 bytes/);
  });

  test('of a wrong outcome: an expectation that does not hold is told as such', async () => {
    const steps: Step[] = [{ write: 8, i32: 1 }, ['add', 64, 1], { expect: 'i32(8) == 1' }];
    const result = await hammeredUntil(CELLS, { callers: [steps, [{ write: 8, i32: 2 }]] }, wrong);
    const failed = result.outcomes.find(({ kind }) => kind === 'expectation');
    assert.equal(failed?.results[0][2], 'fails: i32(8) == 1');
    assert.match(hammerVerdict(result), /^wrong outcome in .*: i32\(8\) == 1 does not hold$/);
  });

  test('an invariant that serial orders break, too, is wrong', async () => {
    const file: ScenarioFile = { callers: [[['add', 0, 3]], [['add', 0, 2]]], invariants: ['i32(0) <= 4'] };
    const result = await hammeredUntil(CELLS, file, wrong);
    assert.deepEqual(
      result.outcomes.map(({ kind, probe }) => [kind, probe[0]]),
      [['expectation', 'fails: i32(0) <= 4']],
    );
  });
});

test('results that are not compared do not tell outcomes apart', async () => {
  const source = `(module (memory 1) (func (export "next") (result i32)
    (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))`;
  const callers: ScenarioFile['callers'] = [[['next']], [['next']]];
  const all = await hammeredUntil(source, { callers }, after(50));
  assert.equal(all.serial, 2);
  const none = await hammeredUntil(source, { callers, compare: [] }, after(50));
  assert.deepEqual([none.serial, none.outcomes[0].results], [1, [['-'], ['-']]]);
});
