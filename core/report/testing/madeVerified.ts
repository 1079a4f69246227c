/** Results of a real host made by hand, for tests of their text. */
import { completeScenario } from '../../stress/scenario/scenario.ts';
import type { Call } from '../../stress/scenario/steps.ts';
import type { VerifyFinding, VerifyResult, VerifyRun } from '../../verify/model.ts';

/** A thousand rounds without anything wrong. */
export const madeVerifyRun = (mode: VerifyRun['mode'], more: Partial<VerifyRun> = {}): VerifyRun => ({
  mode,
  rounds: 1000,
  seconds: 1.26,
  outcomes: [],
  wrongRounds: 0,
  seen: 2,
  notJudged: 0,
  serial: 2,
  serialComplete: true,
  reports: 0,
  hang: null,
  crash: null,
  output: '',
  ...more,
});

/** Nothing wrong in a thousand rounds, changed by `more`. */
export function madeVerified(callers: Call[][], more: Partial<VerifyResult> = {}): VerifyResult {
  return {
    version: 1,
    kind: 'verify',
    module: 'counter.wasm',
    scenario: completeScenario({ callers }, 'wazero'),
    host: 'wazero',
    model: 'shared-instance',
    runtime: { go: 'go1.26.8', wazero: 'v1.12.0', module: 'example.com/server' },
    verdict: 'not-seen',
    explored: { verdict: 'race', wrongOutcome: true, exhaustive: true },
    runs: [madeVerifyRun('interpreter-race')],
    findings: [],
    remedies: [],
    notes: [],
    ...more,
  };
}

/** A wrong outcome in 7 of the rounds, changed by `more`. */
export const madeFinding = (more: Partial<VerifyFinding> = {}): VerifyFinding => ({
  status: 'confirmed',
  kind: 'wrong-outcome',
  text: 'A 1 | B 1',
  explored: null,
  reports: 0,
  wrong: 7,
  rounds: 1000,
  ran: ['interpreter-race'],
  ...more,
});
