/** The form of results as text, on results made by hand. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { type Advice, UNCHECKED } from '../../advice/advice.ts';
import type { AdvisedResult } from '../../advice/advised.ts';
import type { TraceRow } from '../../stress/run/traceRows.ts';
import { completeScenario } from '../../stress/scenario/scenario.ts';
import { assertGoldenText } from '../../testing/golden.ts';
import { call, cause, made, party, race, row } from '../testing/madeResults.ts';
import { testText } from '../testing/textProperties.ts';
import { verdictText } from '../verdicts.ts';
import { type StressTextOptions, stressText } from './stressText.ts';

const GET = (values: string, more: Partial<TraceRow> = {}) => row(0, 'global.get', '$counter', values, more);
const SET = (values: string, more: Partial<TraceRow> = {}) => row(0, 'global.set', '$counter', values, more);
const serial = (results: string[][], order: string, probe: string[] = []) => ({ results, order, probe });
const wrong = (results: string[][], schedule: string, probe: string[] = [], state: string[] = []) => ({
  results,
  schedule,
  probe,
  state,
  order: null,
});

/** Two callers lose an update. */
const lostUpdate: Partial<AdvisedResult> = {
  verdict: 'race',
  wrongOutcome: true,
  races: [race(party(0, 'global.set', 0x42), party(1, 'global.get', 0x3d))],
  outcomes: {
    serial: 2,
    serialComplete: true,
    seen: 3,
    examples: [serial([['1'], ['2']], 'AB'), serial([['2'], ['1']], 'BA')],
    wrong: [wrong([['1'], ['1']], 'A1B2A1')],
  },
  schedule: 'A1B2A1',
  trace: [
    row(0, 'call', 'inc()'),
    GET('-> 0'),
    row(1, 'call', 'inc()', '', { switched: true }),
    { ...GET('-> 0'), caller: 1 },
    row(1, 'i32.load', 'memory[0] 0x10..0x14', '-> 7', { matters: false }),
    { ...SET('= 1'), caller: 1 },
    row(1, 'return', '', '', { read: '1' }),
    SET('= 1'),
    row(0, 'return', '', '', { read: '1' }),
  ],
};

const spinning = Array.from({ length: 40 }, (_, i) =>
  row(0, 'i32.load', `memory[0] 0x${(i * 4).toString(16)}`, `-> ${i}`),
);

/** Many callers, each with a long call. */
const crowd = made(
  Array.from({ length: 5 }, (_, i) => [['set_the_configuration_value', i, 1000 * i]]),
  {
    ...lostUpdate,
    races: Array.from({ length: 11 }, (_, i) =>
      race(party(i % 5, 'i32.store', 0x80 + i), party((i + 1) % 5, 'i32.load', 0x90 + i, 2), {
        kind: 'memory',
        cell: `memory[0] 0x${(64 * i).toString(16)}..0x${(64 * i + 4).toString(16)}`,
      }),
    ),
    outcomes: {
      serial: 120,
      serialComplete: true,
      serialMore: true,
      seen: 130,
      examples: [serial([['1'], ['2'], ['3'], ['4'], ['5']], 'ABCDE')],
      wrong: Array.from({ length: 5 }, (_, i) => wrong([['1'], ['1'], ['3'], ['4'], [String(i)]], `A${i + 1}B2C1`)),
    },
    schedule: 'A1B2C1E1A1',
    trace: [
      row(0, 'call', 'set_the_configuration_value(0, 0)'),
      GET('-> 0'),
      ...call(1, 'set_the_configuration_value(1, 1000)', [GET('-> 0'), SET('= 1')], '1'),
      row(4, 'call', 'set_the_configuration_value(4, 4000)', '', { switched: true }),
      row(4, 'trap', '', '', { read: 'unreachable' }),
      SET('= 1', { switched: true }),
      row(0, 'return', '', '', { read: '1' }),
    ],
  },
);

/** The same where only some serial orders are known. */
const { serialMore: _, ...counted } = crowd.outcomes;
const sampled: AdvisedResult = { ...crowd, outcomes: { ...counted, serialComplete: false } };

const because = (text: string, schedule: string) => ({ kind: 'race' as const, name: '$counter', schedule, text });
/** Advice of every kind of check, more than the short form has. */
const ADVICE: Advice[] = [
  {
    remedy: 'mutex',
    exports: ['inc', 'get'],
    pairs: [],
    text: 'Hold one sync.Mutex around the whole of `malloc`, Memory().Write, `inc`, Memory().Read and `free`: one critical section, not five.',
    because: [
      because('data race on $counter, global.set in $inc against global.get in $inc (schedule A1B2A1)', 'A1B2A1'),
    ],
    checked: { by: 'construction', exhaustive: true, text: 'by construction: all serial orders were run' },
  },
  {
    remedy: 'pool',
    exports: ['inc'],
    pairs: [],
    text: 'Give each caller of `inc` an instance.',
    because: [
      because('data race on $counter, global.set in $inc against global.get in $inc (schedule A1B2A1)', 'A1B2A1'),
    ],
    checked: { by: 'exploration', exhaustive: true, text: 'by exploration of all schedules, 7 executions' },
  },
  ...Array.from(
    { length: 6 },
    (_, i): Advice => ({
      remedy: 'together',
      exports: ['get', `get${i}`],
      pairs: [['get', `get${i}`]],
      text: `Calls of \`get\` with \`get${i}\` may run concurrently: neither writes what the other uses.`,
      because: [
        {
          kind: 'no-conflict',
          pairs: [['get', `get${i}`]],
          text: 'no conflict found between them under shared-instance',
        },
      ],
      checked: UNCHECKED,
    }),
  ),
];

const HOSTILE = 'x\u001b[31m\n\u202e"it\'s"; y(1)';

const CASES: [name: string, result: AdvisedResult, options?: Partial<StressTextOptions>][] = [
  ['wrong-outcome', made([[['inc']], [['inc']]], lostUpdate)],
  ['wrong-outcome-full', made([[['inc']], [['inc']]], lostUpdate), { full: true }],
  ['wrong-outcome-colour', made([[['inc']], [['inc']]], lostUpdate), { colour: true }],
  ['wrong-outcome-narrow', made([[['inc']], [['inc']]], lostUpdate), { columns: 72 }],
  [
    'wrong-outcome-source',
    made([[['inc']], [['inc']]], { ...lostUpdate, module: 'a b/counter.wat' }),
    { source: 'a b/counter.wat', place: (_func, offset) => (offset === 0x42 ? '0x42' : `12:${offset}`) },
  ],
  [
    'race-only',
    made([[['mark', 5]], [['mark', 5]]], {
      verdict: 'race',
      races: [
        race(party(0, 'i32.store', 0x51), party(1, 'i32.store', 0x51), { kind: 'memory', cell: 'memory[0] 0x40' }),
      ],
      schedule: 'A1B1',
      trace: [
        ...call(0, 'mark(5)', [row(0, 'i32.store', 'memory[0] 0x40', '= 5')], '()'),
        ...call(1, 'mark(5)', [row(1, 'i32.store', 'memory[0] 0x40', '= 5')], '()'),
      ],
    }),
  ],
  [
    'non-atomic',
    made([[['add', 5]], [['add', 7]]], {
      verdict: 'non-atomic',
      wrongOutcome: true,
      scenario: completeScenario(
        { callers: [[['add', 5]], [['add', 7]]], setup: [['init', '9223372036854775807']], probe: [['get']] },
        'wazero',
      ),
      outcomes: {
        serial: 1,
        serialComplete: true,
        seen: 2,
        examples: [serial([['()'], ['()']], 'AB', ['12'])],
        wrong: [wrong([['()'], ['()']], 'A1B2A1', ['5'], ['memory[0] 0x40..0x44 is 5, 12 in serial order AB'])],
      },
      schedule: 'A1B2A1',
      trace: [
        row(0, 'call', 'add(5)'),
        row(0, 'i32.atomic.load', 'memory[0] 0x40..0x44', '-> 0'),
        ...call(
          1,
          'add(7)',
          [
            row(1, 'i32.atomic.load', 'memory[0] 0x40..0x44', '-> 0'),
            row(1, 'i32.atomic.rmw.add', 'memory[0] 0x44..0x48', '-> 0 = 7'),
          ],
          '()',
        ),
        row(0, 'i32.atomic.store', 'memory[0] 0x40..0x44', '= 5'),
        row(0, 'return', '', '', { read: '()' }),
      ],
      grain: ['Growth of an unshared memory or table on wazero: read, copy and publish.'],
      imports: {
        stubbed: Array.from({ length: 10 }, (_, i) => `env.f${i}`),
        wasi: ['wasi_snapshot_preview1.fd_write'],
      },
      notes: [
        'Only 24 serial orders of the calls were run, and some outcomes are of none of them, so these are not judged.',
      ],
    }),
  ],
  [
    'deadlock',
    made([[['lock'], ['unlock']], [['lock']]], {
      verdict: 'hang',
      exhaustive: false,
      hang: {
        kind: 'deadlock',
        schedule: 'A1B1',
        cause: cause('own-lock', 'A waits at memory[0] 0x0 for a lock that it holds itself.', {
          at: ['memory[0] 0x0'],
        }),
        lastSeen: [
          { caller: 0, call: 1, func: 2, offset: 0x77 },
          { caller: 1, call: 0, func: 2, offset: 0x70 },
        ],
      },
      outcomes: { serial: 0, serialComplete: true, examples: [], seen: 0, wrong: [] },
      schedule: 'A1B1',
      trace: [
        row(0, 'call', 'lock()'),
        row(0, 'i32.load', 'memory[0] 0x0..0x4', '-> 1', { func: 2, times: 1000 }),
        row(1, 'memory.atomic.notify', 'waiters at memory[0] 0x0', '', { notify: { count: 0xffff_ffff, woken: [] } }),
        row(1, 'memory.atomic.notify', 'waiters at memory[0] 0x0', '', { notify: { count: 1, woken: [0] } }),
      ],
    }),
  ],
  [
    'no-return',
    made([[['spin']], [['spin']]], {
      verdict: 'hang',
      exhaustive: false,
      hang: {
        kind: 'no-return',
        schedule: '',
        cause: cause('endless-loop', 'A does not leave a loop in any serial order.'),
        lastSeen: [{ caller: 0, call: 0, func: -1, offset: -1 }],
      },
      explored: { schedules: 2, steps: 1, preemptionBound: null, seconds: 1, schedulesPerSecond: 2, pct: null },
      outcomes: { serial: 0, serialComplete: true, examples: [], seen: 0, wrong: [] },
    }),
  ],
  ['advice', made([[['inc']], [['inc']]], { ...lostUpdate, advice: ADVICE }), { columns: 72 }],
  ['advice-full', made([[['inc']], [['inc']]], { ...lostUpdate, advice: ADVICE }), { full: true }],
  ['safe', made([[['get']], [['get']]])],
  [
    'safe-as-far',
    made([[['put', 1, 'nan']], [['put', 2, null]], [['get']]], {
      exhaustive: false,
      explored: {
        schedules: 200_000,
        steps: 31_415_926,
        preemptionBound: 2,
        seconds: 9.876,
        schedulesPerSecond: 20_251,
        pct: { schedules: 40_000, depth: 3, steps: 57, missProbability: 0.01648 },
      },
    }),
    { columns: 80 },
  ],
  [
    'isolated',
    made([[['inc']], [['inc']]], {
      model: 'isolated',
      pool: [{ call: 'inc()', fresh: '1', used: '2' }],
      notes: ['Callers share no state of the module: each has its own instance.'],
    }),
  ],
  [
    'odd-names',
    made([[[HOSTILE, -0, '-inf']], [['', 1, 2]]], {
      ...lostUpdate,
      module: "it's.wasm",
      races: [race(party(0, 'global.set', 0x42), party(1, 'global.get', 0x3d, 99), { cell: `$${HOSTILE}` })],
      functions: { 1: `$${'long'.repeat(300)}` },
      imports: { stubbed: [`env.${HOSTILE}`], wasi: [] },
      trace: [
        row(0, 'call', `${HOSTILE}(0, -inf)`),
        row(0, 'global.set', `$${HOSTILE}`, '= 1'),
        row(1, 'trap', '', '', { read: HOSTILE }),
      ],
    }),
  ],
  [
    'three-callers',
    made([[['inc']], [['inc']], [['inc']]], {
      ...lostUpdate,
      outcomes: {
        serial: 6,
        serialComplete: true,
        seen: 7,
        examples: [serial([['1'], ['2'], ['3']], 'ABC')],
        wrong: [wrong([['1'], ['1'], ['2']], 'A1B2A1C2')],
      },
      trace: [...(lostUpdate.trace ?? []), ...call(2, 'inc()', [GET('-> 1'), SET('= 2')], '2')],
    }),
  ],
  ['many-callers', crowd, { columns: 80 }],
  ['many-callers-full', sampled, { full: true, columns: 80 }],
  [
    'long-trace',
    made([[['scan']], [['inc']]], {
      ...lostUpdate,
      trace: [
        ...call(0, 'scan()', [...spinning, GET('-> 0', { times: 5 })], '0'),
        ...call(1, 'inc()', [], '1'),
        ...spinning,
      ],
    }),
  ],
  [
    'livelock',
    made([[['lock', 0, 4]], [['lock', 4, 0]]], {
      verdict: 'hang',
      hang: {
        kind: 'livelock',
        schedule: 'A1B1'.repeat(100),
        cause: cause(
          'lock-order',
          'A waits at memory[0] 0x4, which B holds, and B waits at memory[0] 0x0, which A holds: they took these locks in different orders.',
        ),
        lastSeen: [{ caller: 0, call: 0, func: 2, offset: 0x60 }],
      },
      schedule: 'A1B1'.repeat(100),
      trace: [
        row(0, 'call', 'lock(0, 4)'),
        row(1, 'call', 'lock(4, 0)', '', { switched: true }),
        ...Array.from({ length: 300 }, (_, i) =>
          row(i % 2, 'i32.atomic.rmw.cmpxchg', `memory[0] 0x${4 * (i % 2)}`, '-> 1 = 1', { switched: true }),
        ),
        row(0, 'trap', '', '', { read: 'did not return' }),
        row(1, 'trap', '', '', { read: 'did not return' }),
      ],
    }),
  ],
  [
    'inconclusive',
    made([[['slow']], [['slow']]], {
      verdict: 'inconclusive',
      exhaustive: false,
      explored: { schedules: 1, steps: 1, preemptionBound: null, seconds: 10, schedulesPerSecond: 0, pct: null },
    }),
  ],
  [
    'replayed',
    made([[['inc']], [['inc']]], {
      replayed: true,
      exhaustive: false,
      explored: { ...made([]).explored, preemptionBound: null },
      schedule: 'A2B2',
      trace: [...call(0, 'inc()', [GET('-> 0'), SET('= 1')], '1'), ...call(1, 'inc()', [GET('-> 1'), SET('= 2')], '2')],
    }),
  ],
];

const textOf = (result: AdvisedResult, options: Partial<StressTextOptions> = {}): string =>
  stressText(result, { full: false, colour: false, ...options });

describe('the form', () => {
  for (const [name, result, options] of CASES)
    test(name, () => assertGoldenText(import.meta.dirname, name, textOf(result, options)));
});

describe('in every case', () => {
  test('the JSON fits its schema, which is not just any', async () => {
    const path = join(import.meta.dirname, '../../../schemas/stress.schema.json');
    const check = new Ajv({ strict: false }).compile(JSON.parse(await readFile(path, 'utf8')));
    for (const [name, result] of CASES)
      assert.ok(check(JSON.parse(JSON.stringify(result))), `${name}: ${JSON.stringify(check.errors?.slice(0, 3))}`);
    const [, result] = CASES[0];
    for (const wrong of [{ verdict: 'fine' }, { more: 1 }, { races: [{}] }, { trace: undefined }, { version: 2 }])
      assert.equal(check(JSON.parse(JSON.stringify({ ...result, ...wrong }))), false, JSON.stringify(wrong));
  });

  // Places are never cut: they are followed.
  const mayBeLong = (line: string): boolean => / in \S+/.test(line);
  for (const [name, result, options] of CASES)
    testText(name, (more) => textOf(result, { ...options, ...more }), mayBeLong);
});

test('the short form never loses a value of a step that matters', () => {
  for (const columns of [60, 80, 120]) {
    const text = textOf(made([[['inc']], [['inc']]], lostUpdate), { columns });
    assert.equal(text.split('-> 0').length - 1, 2);
    assert.equal(text.split('= 1').length - 1, 2);
  }
});

test('the short form is short, whatever the trace is', () => {
  const rows = Array.from({ length: 5000 }, (_, i) => row(i % 2, 'global.set', '$n', `= ${i}`, { switched: true }));
  const text = textOf(made([[['a']], [['b']]], { ...lostUpdate, trace: rows }));
  assert.ok(text.split('\n').length < 200);
  assert.match(text, /\.\.\. 4,920 more steps/);
});

test('verdicts in one line', () => {
  const lines = CASES.map(([, result]) => verdictText(result));
  assert.ok(lines.every((line) => !line.includes('\n') && line.length < 110));
  assert.equal(
    verdictText(made([], { verdict: 'race', races: [race(party(0, 'a', 1), party(1, 'a', 1))] })),
    'race: 1 data race; no wrong outcome found in 22 schedules (sequentially consistent, these arguments)',
  );
});
