/**
 * The one place that decides where two pieces of advice would contradict or repeat each other: each export and each
 * pair gets one conclusion. Restrictions win over permissions, and what runs have shown over what the analysis
 * supposes.
 */

import { atomicPairs } from '../analysis/atomicPairs.ts';
import { pairConfidence } from '../analysis/pairConfidence.ts';
import type { PoolDifference } from '../stress/explore/result.ts';
import type { ConflictSet } from './facts/conflictSets.ts';
import { calledBy, type ExploredRun } from './facts/exploredRun.ts';
import { type ExportPair, pairKey } from './facts/exportPairs.ts';
import type { FreeExports } from './facts/freeExports.ts';
import type { IndependentPairs } from './facts/independentPairs.ts';
import type { Pooling } from './facts/pooling.ts';
import { dividedSequences } from './facts/sequences.ts';
import { type AdviceFacts, namesOfFree } from './facts.ts';
import { namesOf } from './wording.ts';

/** What the rules have to agree on. Each rule takes its part of it. */
export interface Conclusions {
  /** Sets of exports whose remedy is a lock of the host. In the other sets callers wait for each other. */
  locked: readonly ConflictSet[];
  /** Exports that need no remedy, without those that take a lock for the sequence that they are part of. */
  free: readonly FreeExports[];
  /** Sets that a pool is a remedy for. */
  pooled: readonly Pooling[];
  /** Calls with other results in a pool, in sets that need a remedy. */
  poolDifferences: readonly PoolDifference[];
  /** Safe runs of exports that synchronise by atomics, none of which needs a lock for another reason. */
  synchronised: readonly ExploredRun[];
  /**
   * Exports under one lock that are all independent of each other: its readers, if it is a reader-writer lock. One entry
   * for each lock that has any.
   */
  readers: readonly { set: ConflictSet; names: string[] }[];
  /** Independent pairs that no lock keeps from running at the same time. */
  concurrentPairs: IndependentPairs;
  /** Safe runs whose exports conflict by the analysis, or meet in atomics, and of which no pair goes wrong in another run. */
  safeRuns: readonly ExploredRun[];
  /** `ref.func`: `lock` where a pool would change what a call answers. */
  refFunc: 'pool' | 'lock';
}

/** Draws the conclusions from the facts alone: equal facts give equal conclusions. */
export function conclude(facts: AdviceFacts): Conclusions {
  const { conflictSets, pooling, independent, runs, analysis, refFunc } = facts;
  const locked = conflictSets.filter(({ waits, unfit }) => !waits && !unfit);
  const locks = locked.map(({ positions }) => new Set(namesOf({ analysis }, positions)));
  // Exports under one lock may run concurrently only as its readers.
  const isHeld = ([a, b]: ExportPair): boolean => locks.some((lock) => lock.has(a) && lock.has(b));
  const held = independent.pairs.filter(isHeld);
  const refFuncNames = namesOf(
    { analysis },
    refFunc.map(({ position }) => position),
  );
  const apart = new Set(
    namesOf(
      { analysis },
      refFunc.filter(({ ran }) => !ran).map(({ position }) => position),
    ),
  );
  const isApart = ([a, b]: ExportPair): boolean => apart.has(a) && apart.has(b);
  const isLocked = (position: number): boolean => locks.some((lock) => lock.has(analysis.exports[position].name));
  return {
    locked,
    free: facts.free
      .map((one) => ({ ...one, positions: one.positions.filter((position) => !isLocked(position)) }))
      .filter(({ positions }) => positions.length > 0),
    pooled: pooling.filter(({ differences, possible }) => differences.length === 0 && possible),
    poolDifferences: pooling.flatMap(({ differences }) => differences),
    synchronised: facts.synchronised.filter(({ called }) =>
      [...called].every((name) => !apart.has(name) && !locks.some((lock) => lock.has(name))),
    ),
    readers: locked.flatMap((set) => readersOf(set, namesOf({ analysis }, set.positions), held)),
    concurrentPairs: {
      pairs: independent.pairs.filter((pair) => !isHeld(pair)),
      count: independent.count - held.length,
    },
    // Restrictions win: calls that were safe in one state are no permission for exports under one lock.
    safeRuns: safeRuns(facts).filter(({ pairs }) => !pairs.some((pair) => isHeld(pair) || isApart(pair))),
    refFunc: runs.some(({ result }) =>
      result.pool.some(({ call }) => refFuncNames.some((name) => call.startsWith(`${name}(`))),
    )
      ? 'lock'
      : 'pool',
  };
}

/** The largest set of a lock's exports, in their order, that are all independent of each other. */
function readersOf(set: ConflictSet, lock: readonly string[], held: readonly ExportPair[]): Conclusions['readers'] {
  // A reader that is part of a sequence holds the lock for the sequence.
  if (dividedSequences(set.wrong).length > 0) return [];
  const keys = new Set(held.map(pairKey));
  const names: string[] = [];
  for (const name of lock) if ([...names, name].every((other) => keys.has(pairKey([name, other])))) names.push(name);
  if (names.length === 0) return [];
  return [{ set, names }];
}

function safeRuns(facts: AdviceFacts): ExploredRun[] {
  const { analysis, runs, sharing, pairsShownWrong, synchronised } = facts;
  if (!sharing) return [];
  const { of } = pairConfidence(analysis);
  // Exports that are free or synchronised have advice that does not depend on arguments.
  const free = namesOfFree(facts);
  const ordered = calledBy(synchronised);
  const positions = new Map(analysis.exports.map(({ name }, position) => [name, position]));
  const exportOf = (name: string) => analysis.exports[positions.get(name) ?? -1];
  const meetInAtomics = atomicPairs(analysis);
  return runs.filter(({ result, called, pairs }) => {
    const names = [...called];
    if (result.verdict !== 'safe' || !result.exhaustive) return false;
    // Stubs of imports return zero: such a run says nothing about the host.
    if (names.some((name) => exportOf(name)?.class === 'host-dependent')) return false;
    if (names.every((name) => free.has(name) || ordered.has(name))) return false;
    const meets = pairs.some((pair) => {
      const [a, b] = pair.map((name) => positions.get(name));
      if (a === undefined || b === undefined) return false;
      const [x, y] = [analysis.exports[a], analysis.exports[b]];
      return of(x.group, y.group) !== undefined || meetInAtomics(a, b) !== undefined;
    });
    return meets && pairs.every((pair) => !pairsShownWrong.has(pairKey(pair)));
  });
}
