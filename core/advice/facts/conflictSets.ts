/** Sets of exports that share state, and what runs and the analysis show of it. */

import type { Analysis } from '../../analysis/model.ts';
import { isPlumbing } from '../../analysis/plumbingNames.ts';
import { accessRule, type RuleId } from '../../analysis/rules/index.ts';
import type { Evidence } from '../advice.ts';
import { findingsOf, ruleEvidence } from '../evidence.ts';
import { namesOf } from '../wording.ts';
import { conflictComponents } from './components.ts';
import { type ExploredRun, instantiates, meetsInstantiation, raceExports } from './exploredRun.ts';
import { waitsForOthers } from './waitingCalls.ts';

/** Whether the findings of a rule are about state that a lock around calls protects. */
const isLockable = (id: RuleId): boolean => {
  const rule = accessRule(id);
  return rule !== undefined && !rule.ofHost;
};

/** Exports that share state, at least one of them with a finding that a lock would answer. */
export interface ConflictSet {
  /** Positions in `Analysis.exports`, sorted. */
  positions: number[];
  /** Runs that call one of them. */
  runs: ExploredRun[];
  /** Those of the runs in which they went wrong. */
  wrong: ExploredRun[];
  /** The worst that the runs show; the rules of the analysis where no run shows anything. */
  because: Evidence[];
  /** A run shows that instances keep state apart which speaks about their common memory: no lock helps. */
  unfit: boolean;
  /** A run shows that a call of them waits for another caller: under a lock it would wait for good. */
  waits: boolean;
}

/** The sets with an export of `scope` that went wrong in a run, or where it was not run, by a rule of the analysis. */
export function conflictSets(
  analysis: Analysis,
  runs: readonly ExploredRun[],
  scope: readonly number[],
): ConflictSet[] {
  const { exports } = analysis;
  const needing = scope.filter((position) => {
    const { name, hazards, conflictCount } = exports[position];
    const telling = runs.filter(({ result, called }) => result.verdict !== 'inconclusive' && called.has(name));
    if (telling.length > 0) return telling.some((run) => goesWrong(run, name));
    return conflictCount > 0 && hazards.some(({ rule }) => isLockable(rule));
  });
  const together = runs.filter(({ result }) => result.wrongOutcome).map(({ called }) => called);
  return conflictComponents(analysis, needing, together).map((all) => {
    // Callers do not call what is exported for the runtime.
    const callable = all.filter(
      (position) =>
        scope.includes(position) ||
        !(isPlumbing(exports[position]) || analysis.sharing.asyncifyFunctions.includes(exports[position].func)),
    );
    const positions = callable.length > 0 ? callable : all;
    const names = new Set(namesOf({ analysis }, positions));
    const about = runs.filter(({ called }) => [...called].some((name) => names.has(name)));
    const wrong = about.filter((run) => [...names].some((name) => goesWrong(run, name)));
    const shown = findingsOf(wrong, ({ kind }) => kind !== 'host');
    return {
      positions,
      runs: about,
      wrong,
      because: shown.length > 0 ? shown : ruleFindings(analysis, positions, needing),
      unfit: runs.some(({ result }) => result.privateState !== null),
      waits: about.some(waitsForOthers),
    };
  });
}

/** The worst finding of the analysis about each of the first exports. */
function ruleFindings(analysis: Analysis, positions: readonly number[], needing: readonly number[]): Evidence[] {
  return positions
    .filter((position) => needing.includes(position))
    .slice(0, 2)
    .flatMap((position) => {
      const { name, hazards } = analysis.exports[position];
      const hazard = hazards.find(({ rule }) => isLockable(rule));
      return hazard === undefined ? [] : [ruleEvidence(name, hazard)];
    });
}

/** Whether a run shows something about an export that a lock answers. */
function goesWrong({ result, called }: ExploredRun, name: string): boolean {
  // Races of the host's own state are for the host to solve.
  const races = result.races.filter((race) => race.kind !== 'host' && !meetsInstantiation(result, race));
  if (races.some((race) => raceExports(result, race).includes(name))) return true;
  // A wrong outcome without a race of the module's state is due to the host only where the host races.
  if (instantiates(result)) return false;
  return result.wrongOutcome && called.has(name) && (races.length > 0 || result.races.length === 0);
}
