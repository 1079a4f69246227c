/** Results of parallel calls made by hand, for tests of their text. */
import type { HammerResult } from '../../stress/hammer/hammerResult.ts';
import { completeScenario } from '../../stress/scenario/scenario.ts';
import type { Call } from '../../stress/scenario/steps.ts';

/** Nothing wrong in a million rounds, changed by `more`. */
export function madeHammered(callers: Call[][], more: Partial<HammerResult> & { probe?: Call[] } = {}): HammerResult {
  const { probe, ...rest } = more;
  return {
    version: 1,
    kind: 'hammer',
    module: 'counter.wasm',
    scenario: completeScenario({ callers, probe }, 'wazero'),
    host: 'wazero',
    model: 'shared-instance',
    verdict: 'none-seen',
    threads: 2,
    rounds: 1_176_864,
    seconds: 2.01,
    roundsPerSecond: 1_080_615,
    outcomes: [],
    wrongRounds: 0,
    seen: 0,
    notJudged: 0,
    serial: 2,
    serialComplete: true,
    traps: [],
    hang: null,
    explored: null,
    costs: null,
    unmeasured: [],
    imports: { stubbed: [], wasi: [] },
    notes: [],
    ...rest,
  };
}
