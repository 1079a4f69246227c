/** The text of hammer results, as golden texts in `golden/`; `UPDATE_GOLDEN=1` rewrites them. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import type { Costs, HammerOutcome, HammerResult, RemedyCost } from '../../stress/hammer/hammerResult.ts';
import { assertGoldenText } from '../../testing/golden.ts';
import { madeHammered } from '../testing/madeHammered.ts';
import { testText } from '../testing/textProperties.ts';
import { hammerVerdict, shareOf } from '../verdicts.ts';
import { type HammerTextOptions, hammerText } from './hammerText.ts';

const cost = (remedy: RemedyCost['remedy'], threads: number, callsPerSecond: number, p50: number): RemedyCost => ({
  remedy,
  threads,
  callsPerSecond,
  p50,
  p99: p50 * 7,
  sequences: 5000,
  trapped: 0,
});

const COSTS: Costs = {
  rows: [
    cost('unsafe', 1, 27_000_000, 52),
    cost('unsafe', 2, 46_200_000, 61),
    cost('mutex', 1, 16_000_000, 61),
    cost('mutex', 2, 9_400_000, 4_100),
    cost('pool', 1, 23_000_000, 43),
    cost('pool', 2, 49_000_000, 52),
    cost('instance-per-call', 1, 196_000, 3_300_000),
    cost('instance-per-call', 2, 830, 2_100_000_000),
  ],
  memoryPerInstance: 17 * 65536,
  instantiation: 0.021,
  clock: 40,
};

const outcome = (
  results: string[][],
  samples: number,
  kind: HammerOutcome['kind'],
  more: Partial<HammerOutcome> = {},
): HammerOutcome => ({
  results,
  probe: [],
  samples,
  frequency: samples / 1_176_864,
  kind,
  order: null,
  state: [],
  found: null,
  ...more,
});

const ALL: readonly RemedyCost['remedy'][] = ['unsafe', 'mutex', 'pool', 'instance-per-call'];

const LOST: Partial<HammerResult> = {
  verdict: 'wrong-outcome',
  wrongRounds: 414_283,
  seen: 3,
  outcomes: [
    outcome([['1'], ['1']], 414_283, 'wrong', { found: { how: 'schedule', schedule: 'A1B3A2' } }),
    outcome([['2'], ['1']], 514_784, 'serial', { order: 'BA' }),
    outcome([['1'], ['2']], 247_797, 'serial', { order: 'AB' }),
  ],
  explored: { verdict: 'race', wrongOutcome: true, exhaustive: true, schedule: 'A2B3A1', hangCause: null },
  costs: COSTS,
};

const CASES: [name: string, result: HammerResult, options?: Partial<HammerTextOptions>][] = [
  ['hammer-wrong', madeHammered([[['inc']], [['inc']]], LOST), { replay: 'wasm-hazards replay counter.wasm' }],
  ['hammer-wrong-narrow', madeHammered([[['inc']], [['inc']]], LOST), { columns: 60 }],
  [
    'hammer-probe-and-state',
    madeHammered([[['put', 0, 1000], ['get']], [['put', 0, 2000]]], {
      probe: [['get']],
      verdict: 'wrong-outcome',
      wrongRounds: 15,
      seen: 14,
      serialComplete: false,
      outcomes: [
        outcome([['()', '1000'], ['()']], 12, 'wrong-state', {
          probe: ['2000'],
          state: ['memory[0] 0x10 is 5, 6 in serial order AAB', '$n is 1, 2 in serial order AAB'],
          found: { how: 'not-found', schedules: 20_000 },
        }),
        outcome([['()', '3000'], ['()']], 4, 'wrong', {
          found: { how: 'schedule', schedule: 'A2B2a1b1', storeBuffers: 'only' },
        }),
        outcome([['()', 'trap: unreachable'], ['()']], 3, 'wrong', { probe: ['7'], found: { how: 'not-sequential' } }),
        ...Array.from({ length: 11 }, (_, i) =>
          outcome([['()', `${i}`], ['()']], 100 - i, 'serial', { probe: [`${i}`], order: 'AAB' }),
        ),
      ],
      traps: [{ caller: 0, call: 1, trap: 'unreachable', samples: 3 }],
    }),
  ],
  [
    'hammer-not-seen',
    madeHammered([[['inc']], [['inc']]], {
      seen: 1,
      outcomes: [outcome([['1'], ['2']], 1_176_864, 'serial', { order: 'AB' })],
      explored: { verdict: 'race', wrongOutcome: true, exhaustive: false, schedule: 'A2B3A1', hangCause: null },
      costs: COSTS,
    }),
  ],
  [
    'hammer-safe',
    madeHammered([[['add', 1, 2]], [['add', 3, 4]]], {
      serial: 1,
      seen: 1,
      outcomes: [outcome([['3'], ['7']], 1_176_864, 'serial', { order: 'AB' })],
      explored: { verdict: 'safe', wrongOutcome: false, exhaustive: true, schedule: null, hangCause: null },
    }),
  ],
  [
    'hammer-hang',
    madeHammered([[['both', 0, 64]], [['both', 64, 0]]], {
      verdict: 'hang',
      rounds: 12,
      hang: {
        callers: [
          { caller: 0, call: 0 },
          { caller: 1, call: 0 },
        ],
        alone: false,
      },
      explored: {
        verdict: 'hang',
        wrongOutcome: false,
        exhaustive: true,
        schedule: 'A1B1',
        hangCause: 'B notified memory[0] 0x8 with count 1, which woke nobody, and A began to wait there afterwards.',
      },
      unmeasured: ALL.map((remedy) => ({ remedy, reason: 'calls did not return' })),
    }),
  ],
  [
    'hammer-divided',
    madeHammered(
      [
        [['request', 1], ['response']],
        [['request', 2], ['response']],
      ],
      {
        verdict: 'wrong-outcome',
        rounds: 640,
        wrongRounds: 12,
        seen: 3,
        outcomes: [
          outcome(
            [
              ['()', '2'],
              ['()', '2'],
            ],
            12,
            'divided',
            {
              order: 'ABAB',
              frequency: null,
              found: { how: 'schedule', schedule: 'A1B1A1B1' },
            },
          ),
          outcome(
            [
              ['()', '1'],
              ['()', '2'],
            ],
            600,
            'serial',
            { order: 'AABB', frequency: null },
          ),
          outcome(
            [
              ['()', '1'],
              ['()', '2'],
            ],
            28,
            'serial',
            { order: 'BBAA', frequency: null },
          ),
        ],
        explored: {
          verdict: 'non-atomic',
          wrongOutcome: true,
          exhaustive: true,
          schedule: 'A1B1A1B1',
          hangCause: null,
        },
        costs: {
          ...COSTS,
          rows: COSTS.rows
            .filter(({ remedy }) => remedy !== 'mutex')
            .map((row) => ({ ...row, sequences: 40, trapped: 4 })),
        },
        unmeasured: [{ remedy: 'mutex', reason: 'the run ended before' }],
      },
    ),
  ],
  [
    'hammer-few-rounds',
    madeHammered([[['arrive']], [['arrive']]], {
      verdict: 'not-judged',
      rounds: 50,
      notJudged: 2,
      serial: 0,
      outcomes: [
        outcome([['1'], ['2']], 30, 'not-judged', { frequency: null }),
        outcome([['2'], ['1']], 20, 'not-judged', { frequency: null }),
      ],
      unmeasured: ALL.map((remedy) => ({
        remedy,
        reason: 'some calls do not return before another caller has run, or not soon',
      })),
    }),
  ],
  [
    'hammer-hazard',
    madeHammered([[['grow']], [['put']]], {
      seen: 1,
      serial: 1,
      outcomes: [outcome([['1'], ['()']], 1_176_864, 'serial', { order: 'AB' })],
      explored: { verdict: 'host-hazard', wrongOutcome: false, exhaustive: true, schedule: 'A1B1', hangCause: null },
      costs: COSTS,
    }),
  ],
  [
    'hammer-alone',
    madeHammered([[['forever']], [['get']]], {
      verdict: 'hang',
      rounds: 0,
      hang: { callers: [{ caller: 0, call: 0 }], alone: true },
    }),
  ],
  [
    'hammer-isolated',
    madeHammered([[['inc']], [['inc']]], {
      model: 'isolated',
      verdict: 'not-judged',
      rounds: 0,
      costs: { ...COSTS, rows: COSTS.rows.slice(4).map((row) => ({ ...row, trapped: 1250 })) },
      unmeasured: (['unsafe', 'mutex'] as const).map((remedy) => ({
        remedy,
        reason: 'callers share nothing that would need it',
      })),
      notes: ['Callers share no state of the module: each has its own instance, so there is nothing to hammer.'],
      imports: { stubbed: ['env.log'], wasi: ['wasi_snapshot_preview1.fd_write'] },
    }),
  ],
  [
    'hammer-odd-names',
    madeHammered([[['a\u001b[31m\n']], [['\u202e'.repeat(50)]]], {
      module: 'odd\u0007.wasm',
      verdict: 'wrong-outcome',
      wrongRounds: 1,
      seen: 1,
      outcomes: [
        outcome([['1'.repeat(90)], ['2'.repeat(90)]], 1, 'wrong', { found: { how: 'schedule', schedule: 'A1B1' } }),
      ],
    }),
  ],
];

const textOf = (result: HammerResult, options: Partial<HammerTextOptions> = {}): string =>
  hammerText(result, { full: false, colour: false, ...options });

describe('the form', () => {
  for (const [name, result, options] of CASES)
    test(name, () => assertGoldenText(import.meta.dirname, name, textOf(result, options)));
});

describe('in every case', () => {
  test('the JSON fits its schema, which is not just any', async () => {
    const path = join(import.meta.dirname, '../../../schemas/hammer.schema.json');
    const check = new Ajv({ strict: false }).compile(JSON.parse(await readFile(path, 'utf8')));
    for (const [name, result] of CASES)
      assert.ok(check(JSON.parse(JSON.stringify(result))), `${name}: ${JSON.stringify(check.errors?.slice(0, 3))}`);
    const [, result] = CASES[0];
    for (const wrong of [{ verdict: 'fine' }, { more: 1 }, { outcomes: [{}] }, { costs: undefined }, { version: 2 }])
      assert.equal(check(JSON.parse(JSON.stringify({ ...result, ...wrong }))), false, JSON.stringify(wrong));
  });

  // Words are never cut: values are compared.
  const mayBeLong = (line: string): boolean => !line.trim().includes(' ');
  for (const [name, result, options] of CASES)
    testText(name, (more) => textOf(result, { ...options, ...more }), mayBeLong);
});

test('no bars without what was seen of the unsafe way', () => {
  for (const [name, result, options] of CASES) {
    const text = textOf(result, options);
    if (result.costs?.rows.some(({ remedy }) => remedy === 'unsafe'))
      assert.match(
        text,
        /unsafe: (wrong|calls hang|a data race|operations that damage|no wrong outcome seen|not judged)/,
        name,
      );
  }
});

test('verdicts in one line, shares with the digits that matter', () => {
  for (const [, result] of CASES) assert.match(hammerVerdict(result), /^.{10,120}$/);
  assert.deepEqual([0.352, 0.0144, 0.00008, 0.0000012, 0].map(shareOf), [
    '35.2 %',
    '1.44 %',
    '0.008 %',
    '0.0001 %',
    '0.0 %',
  ]);
});

test('no share of fewer than a thousand rounds, and never the word "safe"', () => {
  for (const [name, result, options] of CASES) {
    const text = textOf(result, { ...options, full: true });
    if (result.rounds < 1000 && (result.costs?.rows.every(({ sequences }) => sequences < 1000) ?? true))
      assert.doesNotMatch(text, / %/, name);
    assert.doesNotMatch(text, /\bsafe\b/, name);
  }
});

test('every remedy is in the text, with its cost or with the reason why that is missing', () => {
  for (const [name, result, options] of CASES) {
    if (result.costs === null && result.unmeasured.length === 0) continue;
    const text = textOf(result, options);
    const told = new Set([...(result.costs?.rows ?? []), ...result.unmeasured].map(({ remedy }) => remedy));
    if (told.size < ALL.length) continue;
    for (const label of ['unsafe', 'one mutex', 'instance pool', 'instance per call'])
      assert.ok(text.includes(label), `${name}: ${label}`);
  }
});
