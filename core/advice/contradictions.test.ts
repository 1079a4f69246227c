/** The checkers of advice and results refuse what contradicts itself: one made example for each check. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../analysis/analyse.ts';
import type { SharingModel } from '../hosts/profile.ts';
import { made, party, race } from '../report/testing/madeResults.ts';
import type { Hang } from '../stress/explore/hang/hang.ts';
import { decodeModule } from '../wasm/decode.ts';
import { type Advice, type Remedy, UNCHECKED } from './advice.ts';
import type { AdvisedResult } from './advised.ts';
import { contradictionsWithAnalysis } from './testing/analysisContradictions.ts';
import { contradictionsIn } from './testing/contradictions.ts';
import { contradictionsInResult, contradictionsWithResults } from './testing/resultContradictions.ts';

/** A piece of advice about `a` and `b`. */
const piece = (remedy: Remedy, text: string, more: Partial<Advice> = {}): Advice => ({
  remedy,
  exports: ['a', 'b'],
  pairs: remedy === 'together' ? [['a', 'b']] : [],
  text,
  because: [{ kind: 'rule', export: 'a', name: 'global-write', text: 'rule global-write about `a`' }],
  checked: UNCHECKED,
  ...more,
});

const LOCK = piece('mutex', 'Hold one sync.Mutex around every call of `a` and `b`.');
const TOGETHER = piece('together', 'Calls of `a` with `b` may run concurrently: neither writes what the other uses.');

describe('advice that contradicts itself', () => {
  const cases: readonly [why: RegExp, model: SharingModel, ...Advice[]][] = [
    [/may run at once, and need a lock/, 'shared-instance', LOCK, TOGETHER],
    [/may run at once, and need a lock/, 'shared-instance', LOCK, piece('concurrent', 'Calls may run concurrently.')],
    [/pooled, and not/, 'shared-instance', piece('pool', 'Give each caller one.'), piece('no-pool', 'Do not pool.')],
    [
      /without a lock, and under/,
      'shared-instance',
      LOCK,
      piece('fix', 'Order them: one of them waits for another caller.'),
    ],
    [/without a lock, and under/, 'shared-instance', LOCK, piece('fix', 'Call it later. A lock does not help.')],
    [/two locks/, 'shared-instance', LOCK, piece('mutex', 'Hold one sync.Mutex around `a`.', { exports: ['a'] })],
    [/not for shared-memory/, 'shared-memory', piece('mutex', 'Hold one Mutex over Store and Instance around `a`.')],
    [
      /not for shared-memory/,
      'shared-memory',
      piece('concurrent', 'Use it; each instance has its own copy of what it reads.'),
    ],
    [/not for isolated/, 'isolated', piece('mutex', 'Hold one lock over the store around `a`.')],
    [/not for shared-instance/, 'shared-instance', piece('mutex', 'Hold one lock that all instances share.')],
    [/not for cooperative/, 'cooperative', LOCK],
    [/atomic accesses protect nothing/, 'cooperative', piece('atomics', 'Make it atomic.')],
    [/an instance already/, 'shared-memory', piece('pool', 'Give each caller of `a` an instance for all calls.')],
    [/an instance already/, 'isolated', piece('pool', 'Give each caller of `a` an instance for all calls.')],
    [/an instance each/, 'shared-instance', TOGETHER, piece('pool', 'Give each an instance: ref.func changes a list.')],
    [
      /two sizes for memory\[0\]/,
      'shared-instance',
      piece('preallocate', 'Start memory[0] with 4 pages instead of 1.'),
      piece('preallocate', 'Start memory[0] with the pages that real inputs need: no run did.'),
    ],
    [/without the state/, 'shared-instance', piece('together', 'Only these calls may run concurrently: a() | b().')],
    [
      /no run shows it/,
      'shared-instance',
      piece('together', 'Only these calls may run concurrently, on a new instance.'),
    ],
    [/without a reason/, 'shared-instance', { ...LOCK, because: [] }],
    [/pairs do not fit/, 'shared-instance', { ...TOGETHER, pairs: [] }],
    [/not about/, 'shared-instance', { ...TOGETHER, pairs: [['a', 'c']] }],
    [
      /a pair twice/,
      'shared-instance',
      {
        ...TOGETHER,
        pairs: [
          ['a', 'b'],
          ['b', 'a'],
        ],
      },
    ],
    [/not checked, and checked/, 'shared-instance', { ...LOCK, checked: { ...UNCHECKED, text: 'by exploration' } }],
    [
      /exhaustive, and not/,
      'shared-instance',
      { ...LOCK, checked: { by: 'exploration', exhaustive: true, text: 'all schedules with at most 1 preemption' } },
    ],
  ];
  for (const [why, model, ...advices] of cases)
    test(`${why.source}, ${model}`, () => assert.match(contradictionsIn(advices, model).join('\n'), why));

  test('restrictions and permissions about different exports do not contradict each other', () => {
    const c = piece('concurrent', 'Calls of `c` may run concurrently.', { exports: ['c'] });
    assert.deepEqual(
      contradictionsIn([LOCK, c, piece('pool', 'Give each caller of `a` an instance.')], 'shared-instance'),
      [],
    );
    const refusal = piece('fix', 'No lock over the Store helps: do not hold one mutex over the store.');
    assert.deepEqual(contradictionsIn([refusal], 'shared-memory'), []);
  });
});

test('advice that contradicts the analysis', async () => {
  const text = `(module (global $g (mut i32) (i32.const 0)) (memory 1 1 shared)
    (func (export "a") (global.set $g (i32.const 1))) (func (export "b") (drop (global.get $g)))
    (func (export "c") (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))) (func (export "d")))`;
  const analysis = analyse(decodeModule(await parse(text)), { host: 'wazero', model: 'shared-instance' });
  const refused = (why: RegExp, advice: Advice, changed: Partial<typeof analysis> = {}): void =>
    assert.match(contradictionsWithAnalysis([advice], { ...analysis, ...changed }).join('\n'), why);
  const d = piece('concurrent', 'Calls of `d` may run concurrently.', { exports: ['d'] });
  assert.deepEqual(contradictionsWithAnalysis([LOCK, d], analysis), []);
  refused(/their conflict is definite/, TOGETHER);
  refused(/meet in atomic accesses/, { ...TOGETHER, exports: ['c'], pairs: [['c', 'c']] });
  refused(/conflicts with itself/, piece('concurrent', 'Calls may run.', { exports: ['a'] }));
  refused(/has conflicts/, piece('concurrent', 'Calls may run.', { exports: ['b'] }));
  refused(/is synchronised/, piece('concurrent', 'Calls may run.', { exports: ['c'] }));
  refused(/is no export/, { ...LOCK, exports: ['x'] });
  refused(/is partial/, d, { partial: 'The time limit was reached.' });
  refused(/is forbidden on wasmtime/, { ...TOGETHER, pairs: [['b', 'd']] }, { host: 'wasmtime' });
});

/** A deadlock of unknown cause. */
const madeHang: Hang = {
  kind: 'deadlock',
  schedule: 'A1',
  lastSeen: [],
  cause: {
    kind: 'unknown',
    text: 'Callers wait.',
    callers: [0, 1],
    at: [],
    waits: [],
    notification: null,
    loops: false,
    exports: [],
    returnsOtherwise: null,
  },
};

describe('results that contradict themselves', () => {
  const CALLERS = [[['a']], [['b']]] as Parameters<typeof made>[0];
  const found = race(party(0, 'global.set', 1), party(1, 'global.get', 2));
  const wrong = { results: [['1'], ['1']], probe: [], state: [], order: null, schedule: 'A1B1' };
  const result = (more: Partial<AdvisedResult>): AdvisedResult => made(CALLERS, more);
  const outcomes = result({}).outcomes;
  const cases: readonly [why: RegExp, AdvisedResult][] = [
    [/safe, with a finding/, result({ races: [found] })],
    [/inconclusive, with a finding/, result({ verdict: 'inconclusive', races: [found] })],
    [
      /safe, with a defect/,
      result({ defects: [{ kind: 'not-replayed', text: 'A race did not replay.', schedule: 'A1' }] }),
    ],
    [
      /no call of a caller returns/,
      result({
        outcomes: {
          ...outcomes,
          serial: 1,
          seen: 1,
          examples: [{ results: [['trap: x'], ['1']], probe: [], order: 'AB' }],
        },
      }),
    ],
    [/a note refuses/, result({ notes: ['The calls are not called safe: callers can meet in objects.'] })],
    [/without naming the stubs/, result({ imports: { stubbed: ['env.get'], wasi: [] } })],
    [/a schedule that shows something/, result({ schedule: 'A1B1' })],
    [/a race verdict without/, result({ verdict: 'race' })],
    [/a hang verdict without/, result({ verdict: 'hang' })],
    [/a host hazard verdict without/, result({ verdict: 'host-hazard' })],
    [/no race by its verdict/, result({ verdict: 'non-atomic', races: [found] })],
    [/that is not listed/, result({ verdict: 'non-atomic', wrongOutcome: true })],
    [/with a note that it is not/, result({ notes: ['The exploration is not exhaustive.'] })],
    [
      /random schedules after it/,
      result({ explored: { ...result({}).explored, pct: { schedules: 1, depth: 3, steps: 9, missProbability: 0.5 } } }),
    ],
    [/could not be judged/, result({ outcomes: { ...outcomes, serial: 0, seen: 2 } })],
    [
      /were not seen/,
      result({ verdict: 'non-atomic', wrongOutcome: true, outcomes: { ...outcomes, seen: 0, wrong: [wrong] } }),
    ],
    [/serial outcomes were not seen/, result({ outcomes: { ...outcomes, serial: 2, seen: 1 } })],
    [/no serial order to compare/, result({ outcomes: { ...outcomes, serial: 0, seen: 1, wrong: [wrong] } })],
    [
      /of atomic accesses/,
      result({
        verdict: 'race',
        races: [
          race(
            { ...party(0, 'i32.atomic.store', 1), access: 'atomic-write' },
            { ...party(1, 'i32.atomic.store', 2), access: 'atomic-write' },
          ),
        ],
      }),
    ],
    [/of two reads/, result({ verdict: 'race', races: [race(party(0, 'global.get', 1), party(1, 'global.get', 2))] })],
    [/with itself/, result({ verdict: 'race', races: [race(party(0, 'global.set', 1), party(0, 'global.get', 2))] })],
    [
      /an order that divides calls/,
      result({
        verdict: 'non-atomic',
        wrongOutcome: true,
        outcomes: { ...outcomes, seen: 3, wrong: [{ ...wrong, order: 'ABAB' }] },
      }),
    ],
    [/share nothing race/, result({ model: 'isolated', verdict: 'race', races: [found] })],
    [
      /private state, under a model/,
      result({
        verdict: 'private-state',
        privateState: {
          cells: ['$g'],
          order: 'AB',
          one: { results: [], probe: [] },
          several: { results: [], probe: [] },
        },
      }),
    ],
    [/a clause twice/, result({ notes: ['Twice.', 'Twice.'] })],
    [
      /safe, and a remedy/,
      result({
        advice: [
          piece('fix', 'Bound the loop.', {
            because: [{ kind: 'hang', name: 'no-return', schedule: '', text: 'no-return' }],
          }),
        ],
      }),
    ],
    [/may run at once, and need a lock/, result({ advice: [LOCK, TOGETHER] })],
  ];
  for (const [why, made] of cases) test(why.source, () => assert.match(contradictionsInResult(made).join('\n'), why));

  test('a plain result does not', () => assert.deepEqual(contradictionsInResult(result({})), []));

  test('advice against what they show', () => {
    const racing = result({ verdict: 'race', races: [found] });
    const refused = (why: RegExp, advice: Advice, ...results: AdvisedResult[]): void =>
      assert.match(contradictionsWithResults([advice], results).join('\n'), why);
    refused(/a run shows them wrong/, TOGETHER, racing);
    refused(/may run concurrently, and races/, piece('concurrent', 'Calls may run.'), racing);
    refused(/waits for another caller/, LOCK, result({ stuckOrders: 1 }));
    refused(
      /keep state apart/,
      LOCK,
      result({
        privateState: { cells: [], order: 'AB', one: { results: [], probe: [] }, several: { results: [], probe: [] } },
      }),
    );
    const grown = { memory: 'memory[0]', index: 0, pageBytes: 65_536, declared: 1, base: 1, most: 2 };
    refused(
      /a run grew it/,
      piece(
        'preallocate',
        'Start memory[0] with the pages that real inputs need instead of 1: `a` can grow it, but no run did.',
      ),
      result({ growth: [grown] }),
    );
    refused(/a run shows them wrong/, TOGETHER, result({ verdict: 'hang', hang: madeHang }));
    refused(
      /answers differently/,
      piece('pool', 'Give each caller of `a` an instance.'),
      result({ pool: [{ call: 'a()', fresh: '1', used: '2' }] }),
    );
    refused(/no run is safe/, piece('concurrent', 'These calls of `a` may run concurrently.'), racing);
    assert.deepEqual(contradictionsWithResults([LOCK], [racing]), []);
  });
});
