/**
 * How each effect stands to the effects of calls that can run beside it: what a word about threads is made from. The same
 * for all exports that can be interrupted alike and are ordered by the same guards.
 */

import { bitsOf, hasBit, intersects, setBit, uniteInto } from '../bits.ts';
import { type Effect, isGrowth } from '../cells.ts';
import { surestFirst, weaker } from '../confidence.ts';
import { effectsMeet, indirectConfidence } from '../conflicts.ts';
import type { Analysis, Confidence, EffectGroup } from '../model.ts';
import { sharingUnder } from '../queries.ts';
import { excluding } from '../settled.ts';

/** The conflicts of one effect. */
export interface EffectStanding {
  /** Bitset over effect ids: those that alone are to blame, since they grow what it is on or may be on anything. */
  strangers: Uint32Array;
  /** It may itself be on anything, and conflicts with something. */
  wild: boolean;
  /** It is on state of the module, and conflicts whatever the arguments are: how surely, if it is reached directly. */
  state: Confidence | undefined;
  /** A condition also holds where different objects lead to the same memory. */
  through: boolean;
  /** A condition is about an argument that points to a fixed place. */
  ownData: boolean;
  /** Its parameters in conditions, each with whether all of these are about ranges that overlap. */
  parameters: ReadonlyMap<number, boolean>;
}

/** Standings of effects, by the properties of a group that they depend on. */
const known = new WeakMap<Analysis, Map<string, (effect: number) => EffectStanding>>();

/** The standing of an effect of exports of `group`; computed once for alike groups. */
export function effectStandings(
  analysis: Analysis,
  { interruptible, settled }: Pick<EffectGroup, 'interruptible' | 'settled'>,
): (effect: number) => EffectStanding {
  const made = known.get(analysis) ?? new Map<string, (effect: number) => EffectStanding>();
  known.set(analysis, made);
  const key = `${interruptible} ${settled}`;
  const found = made.get(key) ?? makeStandings(analysis, interruptible, settled);
  made.set(key, found);
  return found;
}

function makeStandings(
  analysis: Analysis,
  interruptible: boolean,
  settled: number,
): (effect: number) => EffectStanding {
  const { effects, words, groups, settled: sets, conflictMask, alwaysMask } = analysis;
  const sharing = sharingUnder(analysis, analysis.model);
  const indirectly = indirectConfidence(analysis);
  // What no other call can interrupt conflicts only with what can be interrupted.
  const opponents = groups.filter((group) => interruptible || group.interruptible);
  const direct = new Uint32Array(words);
  for (const group of opponents) uniteInto(direct, group.direct);
  const reached = sets.map((_, set) => {
    const some = new Uint32Array(words);
    for (const group of opponents) if (group.settled === set) uniteInto(some, group.effects);
    return some;
  });
  const everyone = new Uint32Array(words);
  for (const some of reached) uniteInto(everyone, some);
  const theirsOf = (effect: number): Uint32Array => {
    if (sets.length === 1) return everyone;
    const open = new Uint32Array(words);
    for (const [set, some] of reached.entries()) if (!hasBit(sets[set].sure, 0, effect)) uniteInto(open, some);
    return excluding(open, sets[settled].sure);
  };
  const isGuarded = (effect: number): boolean => sets.some(({ all }) => hasBit(all, 0, effect));

  function standingOf(e: number): EffectStanding {
    const own = effects[e];
    const strangers = new Uint32Array(words);
    const parameters = new Map<number, boolean>();
    let [wild, through, ownData] = [false, false, false];
    let state: Confidence | undefined;
    const row = conflictMask.subarray(e * words, (e + 1) * words);
    const theirs = theirsOf(e);
    if (!intersects(row, theirs)) return { strangers, wild, state, through, ownData, parameters };
    for (const f of bitsOf(row.map((word, w) => word & theirs[w]))) {
      const other = effects[f];
      if (hasBit(alwaysMask, e * words, f)) {
        // What the host shares is not known: the word is about the module alone.
        if (own.cell.kind === 'host') continue;
        if (isBlamed(other, own)) setBit(strangers, 0, f);
        else if (isWild(own)) wild = true;
        else state = surer(state, confidenceWith(f));
        continue;
      }
      const condition = effectsMeet(own, other, sharing)?.condition;
      if (condition === undefined || condition === 'always') continue;
      const [parameter, opposite] = condition.parameters;
      through ||= condition.through === true;
      ownData ||= parameter === undefined || opposite === undefined;
      if (parameter === undefined) continue;
      const range = condition.when === 'overlap' && opposite !== undefined;
      parameters.set(parameter, range && (parameters.get(parameter) ?? true));
    }
    return { strangers, wild, state, through, ownData, parameters };

    function confidenceWith(f: number): Confidence {
      if (isGuarded(e) || isGuarded(f)) return 'possible';
      const cells = effectsMeet(own, effects[f], sharing)?.confidence ?? 'possible';
      return hasBit(direct, 0, f) ? cells : weaker(indirectly, cells);
    }
  }

  const made = new Map<number, EffectStanding>();
  return (effect) => {
    const standing = made.get(effect) ?? standingOf(effect);
    made.set(effect, standing);
    return standing;
  };
}

const surer = (a: Confidence | undefined, b: Confidence): Confidence =>
  a !== undefined && surestFirst(a, b) <= 0 ? a : b;

/** Whether an effect may be on any cell, or on any of a memory or table. */
const isWild = ({ cell: { kind, index, address } }: Effect): boolean =>
  kind === 'anything' ||
  kind === 'host-unknown' ||
  ((kind === 'memory' || kind === 'table') &&
    (index === undefined || address === undefined || address.base === 'unknown'));

/** Whether a conflict is the fault of `other` alone: it grows what `own` accesses, or may access anything. */
const isBlamed = (other: Effect, own: Effect): boolean =>
  !isGrowth(own) && (isGrowth(other) ? own.cell.kind !== 'anything' : isWild(other) && !isWild(own));
