/** Whether calls have the same results with an instance for each caller, or one from a pool, as on the shared one. */

import type { Allocator } from '../../analysis/allocator.ts';
import type { Analysis } from '../../analysis/model.ts';
import type { HostProfile } from '../../hosts/profile.ts';
import type { PoolDifference, RemedyRun } from '../../stress/explore/result.ts';
import type { ConflictSet } from './conflictSets.ts';
import { calledBy, type ExploredRun } from './exploredRun.ts';
import { dividedSequences } from './sequences.ts';

/** One set of exports with a pool as its remedy. */
export interface Pooling {
  set: ConflictSet;
  /** Positions of the exports whose calls were compared on fresh and used instances, or that only use frames. */
  compared: number[];
  /** Calls leave state in the instance that other calls may read: separate instances would hide it from them. */
  hasReaders: boolean;
  /** Calls that a used instance answered differently. */
  differences: PoolDifference[];
  /** The same calls with an instance for each caller. */
  isolated: RemedyRun[];
  /** As far as was run, no caller depends on state that another one leaves in an instance. */
  possible: boolean;
}

/**
 * Judges a pool as the remedy for a set of exports, from the runs that show the set to be wrong. It is possible only if
 * the host allows isolated instances and all calls were compared on fresh and used ones.
 */
export function poolingOf(
  set: ConflictSet,
  {
    analysis,
    allocator,
    profile,
  }: Readonly<{ analysis: Pick<Analysis, 'exports'>; allocator: Allocator; profile: HostProfile }>,
): Pooling {
  const { positions, runs, wrong } = set;
  const { exports } = analysis;
  const called = calledBy(runs);
  const compared = positions.filter(
    (position) => called.has(exports[position].name) || usesOnlyFrames(analysis, position),
  );
  const leavesState = wrong.some(({ result }) => result.poolCheck?.leavesState);
  const sequences = dividedSequences(wrong);
  // In a sequence, later calls read what earlier ones leave there: an instance that is kept for all of them has it.
  const later = new Set(sequences.flatMap((sequence) => sequence.slice(1)));
  const inSequence = new Set(sequences.flat());
  const hasReaders =
    leavesState &&
    !(positions.every((position) => inSequence.has(exports[position].name)) && runs.every(hasNoProbe)) &&
    (runs.some(({ result }) => result.scenario.probe.length > 0) ||
      called.size > 1 ||
      positions.some((position) => !compared.includes(position) && !allocator.all.has(position)));
  const isolated = wrong.flatMap(({ result }) => result.remedies.isolated ?? []);
  return {
    set,
    compared,
    hasReaders,
    differences: runs.flatMap(({ result }) => result.pool.filter(({ call }) => !later.has(nameIn(call)))),
    isolated,
    possible:
      wrong.length > 0 &&
      profile.stance.isolated.status === 'allowed' &&
      wrong.every(({ result }) => result.poolCheck?.complete) &&
      (!hasReaders || allocator.allocate >= 0) &&
      isolated.every(({ verdict }) => verdict === 'safe' || verdict === 'inconclusive'),
  };
}

const hasNoProbe = ({ result }: ExploredRun): boolean => result.scenario.probe.length === 0;
const nameIn = (call: string): string => call.slice(0, call.lastIndexOf('('));

const usesOnlyFrames = ({ exports }: Pick<Analysis, 'exports'>, position: number): boolean =>
  exports[position].hazards.length > 0 && exports[position].hazards.every(({ rule }) => rule === 'stack-pointer');

/** Under the isolated model: whether instances may be used again, one caller after the other. */
export interface Reuse {
  /** Safe runs in which used instances answered all calls like fresh ones. */
  possible: ExploredRun[];
  differences: PoolDifference[];
}

/**
 * Empty under other models than the isolated one. A run does not count if one of its exports answers differently on a
 * used instance in any run.
 */
export function reuseOf({ model }: Pick<Analysis, 'model'>, runs: readonly ExploredRun[]): Reuse {
  if (model !== 'isolated') return { possible: [], differences: [] };
  const differing = calledBy(runs.filter(({ result }) => result.pool.length > 0));
  return {
    possible: runs.filter(
      ({ result, called }) =>
        result.verdict === 'safe' && result.poolCheck?.complete && [...called].every((name) => !differing.has(name)),
    ),
    differences: runs.flatMap(({ result }) => result.pool),
  };
}
