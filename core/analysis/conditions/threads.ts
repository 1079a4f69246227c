/**
 * What C++ and Rust users ask of a function: is it thread-safe, thread-compatible or thread-hostile? Computed from the
 * conflicts of an export with all others, under the sharing model of the analysis.
 */

import { bitsOf, hasBit, intersects, setBit, uniteInto } from '../bits.ts';
import { type Effect, isAtomic, isGrowth, isHostCell } from '../cells.ts';
import { surestFirst, weaker } from '../confidence.ts';
import { effectsMeet, indirectConfidence } from '../conflicts.ts';
import { meet } from '../groups.ts';
import type { Analysis, Confidence, EffectGroup } from '../model.ts';
import { exportsReaching } from '../partners.ts';
import { sharingUnder } from '../queries.ts';
import { excluding } from '../settled.ts';

/**
 * - `thread-safe`: no conflict inside the module with any call
 * - `thread-compatible`: what it accesses itself conflicts only under conditions on the arguments of the calls: with
 *   different objects calls may run at once
 * - `thread-hostile`: it uses state of the module that concurrent calls change or that it changes itself
 * - `unknown`: it may access anything, so that none of these can be said
 */
export type ThreadWord = 'thread-safe' | 'thread-compatible' | 'thread-hostile' | 'unknown';

/** A parameter that leads to what calls conflict on. */
export interface ObjectParameter {
  parameter: number;
  /** It gives a range, an element or a slot rather than an object: what matters is whether ranges overlap. */
  range: boolean;
}

/** The word for an export, and what it rests on. */
export interface ThreadSafety {
  word: ThreadWord;
  /** Of a thread-compatible export: its parameters that conflicts depend on, in order. */
  objects: ObjectParameter[];
  /** It holds only as far as different objects share nothing that they point to. */
  through: boolean;
  /** It holds only as far as arguments do not lead to data of the module or to frames that another call uses. */
  ownData: boolean;
  /**
   * Ids of effects that decide the word: of a thread-hostile export those on state of the module, surest conflict first;
   * of an unknown one those that may be on anything.
   */
  causes: number[];
  /** Of a thread-hostile export: how sure the surest conflict is. */
  confidence: Confidence | undefined;
  /** Positions of exports whose calls conflict all the same, since they grow the memory or may access anything. */
  except: number[];
  /** It calls the host: the word is about the module alone. */
  host: boolean;
  /** It makes atomic accesses: each of them is indivisible, and a sequence of them is not. */
  atomics: boolean;
}

const known = new WeakMap<Analysis, ThreadSafety[]>();

/** The word for export `position` under the sharing model of the analysis. Computed once for exports with the same effects. */
export function threadSafetyOf(analysis: Analysis, position: number): ThreadSafety {
  const found = known.get(analysis) ?? [];
  known.set(analysis, found);
  const { group } = analysis.exports[position];
  found[group] ??= safetyOf(analysis, analysis.groups[group]);
  return found[group];
}

function safetyOf(analysis: Analysis, group: EffectGroup): ThreadSafety {
  const { effects, words, settled, alwaysMask, conflictMask } = analysis;
  const sharing = sharingUnder(analysis, analysis.model);
  const indirectly = indirectConfidence(analysis);
  const opponents = opponentsOf(analysis, group);
  const state = new Map<number, Confidence>();
  const wild = new Set<number>();
  const strangers = new Uint32Array(words);
  const objects = new Map<number, boolean>();
  let [through, ownData] = [false, false];
  for (const e of bitsOf(group.effects)) {
    const own = effects[e];
    const theirs = opponents(e);
    for (const f of bitsOf(conflictMask.subarray(e * words, (e + 1) * words))) {
      if (!hasBit(theirs, 0, f)) continue;
      const other = effects[f];
      if (hasBit(alwaysMask, e * words, f)) {
        if (own.cell.kind === 'host') continue;
        if (isBlamed(other, own)) setBit(strangers, 0, f);
        else if (isWild(own)) wild.add(e);
        else {
          const cells = effectsMeet(own, other, sharing)?.confidence ?? 'possible';
          const sure = hasBit(group.direct, 0, e) ? cells : weaker(indirectly, cells);
          const before = state.get(e);
          state.set(e, before !== undefined && surestFirst(before, sure) < 0 ? before : sure);
        }
        continue;
      }
      const condition = effectsMeet(own, other, sharing)?.condition;
      if (condition === undefined || condition === 'always') continue;
      const [parameter, opposite] = condition.parameters;
      through ||= condition.through === true;
      ownData ||= parameter === undefined || opposite === undefined;
      if (parameter !== undefined)
        objects.set(
          parameter,
          (objects.get(parameter) ?? true) && condition.when === 'overlap' && opposite !== undefined,
        );
    }
  }
  const unread = bitsOf(group.effects).filter((e) => effects[e].cell.kind === 'anything');
  const except = exportsReaching(
    analysis,
    strangers,
    analysis.groups.filter((one) => meet(group, one)),
  );
  const conditional = objects.size > 0 || ownData || except.length > 0;
  const word = wordFor();
  const compatible = word === 'thread-compatible';
  const sorted = [...state].sort(([e, a], [f, b]) => surestFirst(a, b) || e - f);
  return {
    word,
    objects: compatible
      ? [...objects].map(([parameter, range]) => ({ parameter, range })).sort((a, b) => a.parameter - b.parameter)
      : [],
    through: compatible && through,
    ownData: compatible && ownData,
    causes: word === 'thread-hostile' ? sorted.map(([e]) => e) : unread.length > 0 ? unread : [...wild],
    confidence: word === 'thread-hostile' ? sorted[0][1] : undefined,
    except: compatible ? except : [],
    host: bitsOf(group.effects).some((e) => isHostCell(effects[e].cell) && effects[e].cell.kind !== 'ref.func'),
    atomics: bitsOf(group.effects).some((e) => isAtomic(effects[e])),
  };

  function wordFor(): ThreadWord {
    if (unread.length > 0) return 'unknown';
    if (state.size > 0) return 'thread-hostile';
    if (wild.size > 0) return 'unknown';
    return conditional ? 'thread-compatible' : 'thread-safe';
  }

  /** The effects that an effect of the group can meet, in calls that can run beside one of the group. */
  function opponentsOf({ groups }: Analysis, { interruptible, settled: set }: EffectGroup): (e: number) => Uint32Array {
    const bySet = settled.map((_, own) => {
      const reached = new Uint32Array(words);
      for (const one of groups)
        if (one.settled === own && (interruptible || one.interruptible)) uniteInto(reached, one.facing[set].effects);
      return reached;
    });
    const all = new Uint32Array(words);
    for (const one of bySet) uniteInto(all, one);
    if (!settled.some(({ sure }) => intersects(sure, group.effects))) return () => all;
    return (e) => {
      const open = new Uint32Array(words);
      for (const [one, reached] of bySet.entries()) if (!hasBit(settled[one].sure, 0, e)) uniteInto(open, reached);
      return excluding(open, settled[set].sure);
    };
  }
}

/** Whether an effect may be on any cell, or on any of a memory or table. */
const isWild = ({ cell: { kind, index, address } }: Effect): boolean =>
  kind === 'anything' ||
  kind === 'host-unknown' ||
  ((kind === 'memory' || kind === 'table') &&
    (index === undefined || address === undefined || address.base === 'unknown'));

/** Whether a conflict is the fault of `other` alone: it grows what `own` accesses, or may access anything. */
const isBlamed = (other: Effect, own: Effect): boolean =>
  !isGrowth(own) && (isGrowth(other) ? own.cell.kind !== 'anything' : isWild(other) && !isWild(own));
