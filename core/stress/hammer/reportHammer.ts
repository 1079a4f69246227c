/** Makes the result of a hammer run. */

import { t } from '../../text/l10n.ts';
import type { HostFunctions } from '../imports/hostFunctions.ts';
import type { StressJob } from '../session/job.ts';
import { hammerNotes } from './hammerNotes.ts';
import type { HammerPlan } from './hammerPlan.ts';
import type { Costs, HammerResult, HammerVerdict, Unmeasured } from './hammerResult.ts';
import { ALL_REMEDIES } from './measureCosts.ts';
import type { RoundsResult } from './rounds.ts';
import type { ThreadStart } from './threadStart.ts';

/** A finished run. */
export interface HammerRun {
  job: StressJob;
  prepared: HammerPlan;
  start: ThreadStart;
  /** Undefined if nothing could be hammered. */
  hammered: RoundsResult | undefined;
  seconds: number;
  /** Imported functions: stubs, and those of WASI. */
  host: Pick<HostFunctions, 'stubbed' | 'wasi'>;
}

/** Makes the result of a run; `why` says why costs are missing where they are, as part of a sentence. */
export function hammerResult(
  { job, prepared, start, hammered, seconds, host }: HammerRun,
  costs: Costs | null,
  why: string,
): HammerResult {
  const { table, oracle } = hammered ?? {};
  const { listed, ...counts } = table?.outcomes() ?? { listed: [], seen: 0, notJudged: 0, wrongRounds: 0 };
  const imports = importsOf(prepared, host);
  return {
    version: 1,
    kind: 'hammer',
    module: job.name,
    scenario: job.scenario,
    host: job.scenario.host,
    model: prepared.model,
    verdict: verdictOf(hammered),
    threads: start.threads,
    rounds: table?.rounds ?? 0,
    seconds,
    roundsPerSecond: Math.round((table?.rounds ?? 0) / Math.max(hammered?.seconds ?? 0, 0.001)),
    outcomes: listed,
    ...counts,
    serial: oracle?.byKey.size ?? 0,
    serialComplete: oracle?.complete ?? false,
    traps: table?.traps() ?? [],
    // A hang is noticed by the code that watches the threads.
    hang: null,
    explored: null,
    costs,
    unmeasured: unmeasured(prepared, costs, why),
    imports,
    notes: hammerNotes(prepared, start, hammered, imports.wasi),
  };
}

function verdictOf(hammered: RoundsResult | undefined): HammerVerdict {
  if (hammered?.table.wrong) return 'wrong-outcome';
  return hammered?.table.judged && hammered.table.rounds > 0 ? 'none-seen' : 'not-judged';
}

/** Every remedy without a row in the costs. */
function unmeasured({ shared }: HammerPlan, costs: Costs | null, why: string): Unmeasured[] {
  const known = new Set(costs?.rows.map(({ remedy }) => remedy));
  return ALL_REMEDIES.filter((remedy) => !known.has(remedy)).map((remedy) => ({
    remedy,
    reason:
      shared === undefined && (remedy === 'unsafe' || remedy === 'mutex')
        ? t('callers share nothing that would need it')
        : why,
  }));
}

/** Imported functions that the calls can reach. */
function importsOf(
  { module, changed, reachable }: HammerPlan,
  { stubbed, wasi }: HammerRun['host'],
): HammerResult['imports'] {
  const reached = new Set(
    module.imports
      .filter(({ kind, index }) => kind === 'func' && (reachable[index] === 1 || changed.imports.has(index)))
      .map((i) => `${i.module}.${i.name}`),
  );
  return { stubbed: stubbed.filter((name) => reached.has(name)), wasi: wasi.filter((name) => reached.has(name)) };
}
