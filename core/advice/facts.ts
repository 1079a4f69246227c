/**
 * What advice follows from: one pass over the analysis of a module and the runs of it. Rules read these facts and
 * nothing else; none of them runs another one.
 */

import { type Allocator, allocatorOf } from '../analysis/allocator.ts';
import { lifeOf } from '../analysis/life/life.ts';
import type { Analysis, Hazard } from '../analysis/model.ts';
import { HOST_PROFILES } from '../hosts/index.ts';
import type { HostHazard, HostProfile } from '../hosts/profile.ts';
import type { StressResult } from '../stress/explore/result.ts';
import type { Module } from '../wasm/module.ts';
import { type ConflictSet, conflictSets } from './facts/conflictSets.ts';
import {
  calledBy,
  type ExploredRun,
  exploredRun,
  pairsShownWrong,
  raceExports,
  shownWrong,
} from './facts/exploredRun.ts';
import { type FreeExports, freeExports } from './facts/freeExports.ts';
import { type GrowthFacts, growthFacts } from './facts/growth.ts';
import { type IndependentPairs, independentPairs } from './facts/independentPairs.ts';
import { type Pooling, poolingOf, type Reuse, reuseOf } from './facts/pooling.ts';
import { synchronisedRuns } from './facts/synchronisedRuns.ts';
import { namesOf } from './wording.ts';

/** Everything that rules may look at; made by `adviceFacts`, never changed. */
export interface AdviceFacts {
  module: Module;
  analysis: Analysis;
  /** Of the analysis' host. */
  profile: HostProfile;
  /** Positions in `Analysis.exports` that advice is wanted about, sorted. */
  scope: readonly number[];
  /** Explorations under the model and the host of the analysis, none of them a replay. */
  runs: readonly ExploredRun[];
  allocator: Allocator;
  /** Names of exports that some run shows in a race, in an outcome that is not serial, or in a hang. */
  shownWrong: ReadonlySet<string>;
  /** Keys (`pairKey`) of pairs of exports that race, or whose outcomes are not serial. */
  pairsShownWrong: ReadonlySet<string>;
  /** Sets of exports that need a remedy; no two of them share state. */
  conflictSets: readonly ConflictSet[];
  /** For each of the sets, in their order: whether a pool is a remedy. */
  pooling: readonly Pooling[];
  /** Under the isolated model: whether instances can be reused. */
  reuse: Reuse;
  /** Exports that conflict with no export in scope, by class. */
  free: readonly FreeExports[];
  /** Safe runs of exports that synchronise by atomics, of which all pairs were run. */
  synchronised: readonly ExploredRun[];
  /**
   * Pairs that do not conflict; none where callers of the host may have nothing in common, or the analysis is partial.
   */
  independent: IndependentPairs;
  /** Set where an instance of the host takes one call at a time, so that any two calls that share one damage the host. */
  overlap: HostHazard | undefined;
  /** Whether the host lets callers under this model use anything in common at the same time. */
  sharing: boolean;
  growth: GrowthFacts;
  /** Exports in scope that execute `ref.func` on a host which keeps a list of references without a lock. */
  refFunc: readonly RefFuncExport[];
  /** Runs that hang, by cause, in the order of the runs. */
  hangs: readonly ExploredRun[][];
}

/** An export that executes `ref.func`. */
export interface RefFuncExport {
  position: number;
  hazard: Hazard;
  /** Runs call it beside other calls, and in none of them two calls met in `ref.func` of which one is its own. */
  ran: boolean;
}

/**
 * The facts about a module. `results`: those under another model or host than the analysis', and replays, are passed
 * over. `about`: all exports, or only those that the callers of the results call.
 */
export function adviceFacts(
  module: Module,
  analysis: Analysis,
  results: readonly StressResult[],
  about: 'module' | 'calls',
): AdviceFacts {
  const profile = HOST_PROFILES[analysis.host];
  const runs = results
    .filter(({ replayed, model, host }) => !replayed && model === analysis.model && host === analysis.host)
    .map((result) => exploredRun(result));
  const called = calledBy(runs);
  const life = lifeOf(module, analysis).exports;
  const scope = analysis.exports.flatMap((exported, position) =>
    life.has(exported.name) || (about === 'calls' && !called.has(exported.name)) ? [] : [position],
  );
  const allocator = allocatorOf(module, analysis);
  const wrong = shownWrong(runs);
  const wrongPairs = pairsShownWrong(runs);
  const sets = conflictSets(analysis, runs, scope);
  // A module that is not built for an instance per thread: what the analysis says of its memory does not allow anything.
  const unfit = runs.some(({ result }) => result.privateState !== null);
  const free = freeExports(analysis, scope, wrong).filter(({ class: kind }) => !unfit || kind === 'pure');
  const overlap = analysis.model === 'shared-instance' ? profile.hostHazards['overlapping-calls'] : undefined;
  const sharing =
    overlap === undefined &&
    analysis.model !== 'isolated' &&
    ['allowed', 'unguarded'].includes(profile.stance[analysis.model].status);
  return {
    module,
    analysis,
    profile,
    scope,
    runs,
    allocator,
    shownWrong: wrong,
    pairsShownWrong: wrongPairs,
    conflictSets: sets,
    pooling: sets.map((set) => poolingOf(set, { analysis, allocator, profile })),
    reuse: reuseOf(analysis, runs),
    free,
    synchronised: unfit ? [] : synchronisedRuns(analysis, runs, wrong),
    overlap,
    sharing,
    independent:
      sharing && !unfit && analysis.partial === undefined
        ? independentPairs(module, analysis, { scope, shownWrong: wrongPairs, free: namesOfFree({ analysis, free }) })
        : { pairs: [], count: 0 },
    growth: growthFacts(module, analysis, runs, scope),
    refFunc: refFuncHazards(analysis, profile, scope, runs),
    hangs: hangsByCause(runs),
  };
}

/** Names of all exports that conflict with none in scope. */
export const namesOfFree = ({ analysis, free }: Pick<AdviceFacts, 'analysis' | 'free'>): ReadonlySet<string> =>
  new Set(free.flatMap(({ positions }) => namesOf({ analysis }, positions)));

function hangsByCause(runs: readonly ExploredRun[]): ExploredRun[][] {
  const byCause = new Map<string, ExploredRun[]>();
  for (const run of runs) {
    const cause = run.result.hang?.cause.kind;
    if (cause !== undefined) byCause.set(cause, [...(byCause.get(cause) ?? []), run]);
  }
  return [...byCause.values()];
}

function refFuncHazards(
  { model, exports }: Analysis,
  { hostHazards }: HostProfile,
  scope: readonly number[],
  runs: readonly ExploredRun[],
): RefFuncExport[] {
  if (hostHazards['ref-func'] === undefined || model !== 'shared-instance') return [];
  const met = runs.flatMap(({ result }) =>
    result.hostHazards.filter(({ kind }) => kind === 'ref-func').flatMap((hazard) => raceExports(result, hazard)),
  );
  const ran = calledBy(runs.filter(({ result, pairs }) => result.verdict !== 'inconclusive' && pairs.length > 0));
  return scope.flatMap((position) => {
    const hazard = exports[position].hazards.find(({ rule }) => rule === 'ref-func');
    const { name } = exports[position];
    return hazard === undefined ? [] : [{ position, hazard, ran: ran.has(name) && !met.includes(name) }];
  });
}
