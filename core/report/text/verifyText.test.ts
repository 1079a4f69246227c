/** The text of results of verification, as golden texts in `golden/`; `UPDATE_GOLDEN=1` rewrites them. */
import { describe, test } from 'node:test';
import type { HammerOutcome } from '../../stress/hammer/hammerResult.ts';
import { assertGoldenText } from '../../testing/golden.ts';
import type { VerifyFinding, VerifyResult } from '../../verify/model.ts';
import { madeFinding, madeVerified, madeVerifyRun } from '../testing/madeVerified.ts';
import { type VerifyTextOptions, verifyText } from './verifyText.ts';

/** A wrong outcome that was not seen in three modes. */
const finding = (more: Partial<VerifyFinding> = {}): VerifyFinding =>
  madeFinding({ status: 'not-seen', wrong: 0, rounds: 3000, ran: ['interpreter', 'compiler'], ...more });

const PLAIN: VerifyTextOptions = { full: false, colour: false, goOutput: false };
const INC = [[['inc']], [['inc']]] as [string][][];

const outcome = (results: string[][], samples: number, kind: HammerOutcome['kind'], order: string | null) => ({
  ...{ results, probe: [], samples, frequency: samples / 1000, kind, order, state: [], found: null },
});

const golden = (name: string, result: VerifyResult, options: Partial<VerifyTextOptions> = {}): void =>
  assertGoldenText(import.meta.dirname, `verify-${name}`, verifyText(result, { ...PLAIN, ...options }));

const LOST = madeVerified(INC, {
  verdict: 'confirmed',
  findings: [
    finding(),
    finding({ status: 'confirmed', text: 'A 2 | B 2', wrong: 7 }),
    finding({
      kind: 'race',
      status: 'confirmed',
      text: '$n: global.set of A, global.get of B',
      reports: 12,
      rounds: 1000,
    }),
    ...Array.from({ length: 12 }, (_, i) => finding({ text: `A ${i} | B 0` })),
  ],
  runs: [
    madeVerifyRun('interpreter-race', {
      reports: 12,
      output: '==================\nWARNING: DATA RACE\n\tmain.callerA()',
    }),
    madeVerifyRun('compiler', {
      outcomes: [outcome([['2'], ['2']], 7, 'wrong', null), outcome([['1'], ['2']], 993, 'serial', 'AB')],
      wrongRounds: 7,
    }),
  ],
  notes: ['Interpreter: not run.'],
});

describe('the text of a verification', () => {
  test('confirmed: what is seen comes first, and a part of what is not', () => golden('confirmed', LOST));
  test('in full, on a narrow terminal, with what Go wrote', () =>
    golden('full', LOST, { full: true, columns: 70, goOutput: true }));
  test('a defect of exploration, a hang and a crash', () =>
    golden(
      'new',
      madeVerified(INC, {
        verdict: 'new',
        findings: [
          finding({ kind: 'hang', status: 'confirmed', text: 'Calls do not return.', wrong: 1 }),
          finding({ kind: 'crash', status: 'new', text: 'The process ended: fatal error: fault.', wrong: 1 }),
        ],
        runs: [
          madeVerifyRun('interpreter', { rounds: 3, hang: { callers: [{ caller: 1, call: 0 }], alone: false } }),
          madeVerifyRun('compiler', { rounds: 0, seen: 0, crash: 'fatal error: fault' }),
        ],
      }),
    ));
  test('nothing seen, which is not safe', () =>
    golden('not-seen', madeVerified(INC, { runs: [madeVerifyRun('interpreter'), madeVerifyRun('compiler')] })));
  test('not verified', () =>
    golden(
      'not-verified',
      madeVerified(INC, {
        verdict: 'not-verified',
        runs: [],
        notes: ['The scenario is for the host javascript; verify runs on wazero.'],
      }),
    ));
});
