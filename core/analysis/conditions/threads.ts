/**
 * What C++ and Rust users ask of a function: is it thread-safe, thread-compatible or thread-hostile? Computed from the
 * conflicts of an export with all others, under the sharing model of the analysis.
 */

import { bitsOf, hasBit, uniteInto } from '../bits.ts';
import { isAtomic, isHostCell } from '../cells.ts';
import { confidenceRank, surestFirst, weaker } from '../confidence.ts';
import { indirectConfidence } from '../conflicts.ts';
import { meet } from '../groups.ts';
import type { Analysis, Confidence, EffectGroup } from '../model.ts';
import { exportsReaching } from '../partners.ts';
import { effectStandings } from './effectStandings.ts';

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
  /** Each caller has an instance: the word is about that, not about calls of one instance. */
  ownInstance: boolean;
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
  const { effects, words } = analysis;
  const indirectly = indirectConfidence(analysis);
  const standingOf = effectStandings(analysis, group);
  const state: { effect: number; confidence: Confidence }[] = [];
  const wild: number[] = [];
  const strangers = new Uint32Array(words);
  const objects = new Map<number, boolean>();
  let [through, ownData] = [false, false];
  const own = bitsOf(group.effects);
  for (const effect of own) {
    const standing = standingOf(effect);
    uniteInto(strangers, standing.strangers);
    if (standing.wild) wild.push(effect);
    if (standing.state !== undefined) {
      const direct = hasBit(group.direct, 0, effect);
      state.push({ effect, confidence: direct ? standing.state : weaker(indirectly, standing.state) });
    }
    through ||= standing.through;
    ownData ||= standing.ownData;
    for (const [parameter, range] of standing.parameters)
      objects.set(parameter, range && (objects.get(parameter) ?? true));
  }
  const unread = own.filter((e) => effects[e].cell.kind === 'anything');
  const except = exportsReaching(
    analysis,
    strangers,
    analysis.groups.filter((one) => meet(group, one)),
  );
  const word = wordFor();
  state.sort((a, b) => surestFirst(a.confidence, b.confidence) || a.effect - b.effect);
  const rest = {
    objects: [],
    through: false,
    ownData: false,
    causes: [],
    confidence: undefined,
    except: [],
    host: own.some((e) => isHostCell(effects[e].cell) && effects[e].cell.kind !== 'ref.func'),
    atomics: own.some((e) => isAtomic(effects[e])),
    ownInstance: analysis.model === 'isolated',
  };
  switch (word) {
    case 'thread-safe':
      return { word, ...rest };
    case 'thread-compatible':
      return { word, ...rest, objects: sorted(objects), through, ownData, except };
    case 'thread-hostile':
      return { word, ...rest, causes: state.map(({ effect }) => effect), confidence: state[0].confidence };
    case 'unknown':
      return { word, ...rest, causes: unread.length > 0 ? unread : wild };
  }

  function wordFor(): ThreadWord {
    if (unread.length > 0) return 'unknown';
    // State that is only possibly in use says less than that nothing is known.
    const certain = state.some(({ confidence }) => confidenceRank(confidence) < confidenceRank('possible'));
    if (state.length > 0 && (certain || wild.length === 0)) return 'thread-hostile';
    if (wild.length > 0) return 'unknown';
    return objects.size > 0 || ownData || except.length > 0 ? 'thread-compatible' : 'thread-safe';
  }
}

const sorted = (objects: ReadonlyMap<number, boolean>): ObjectParameter[] =>
  [...objects].map(([parameter, range]) => ({ parameter, range })).sort((a, b) => a.parameter - b.parameter);
