/**
 * Exports that behave alike: they conflict with the same exports, equally surely and under the same kind of condition.
 * A matrix of behaviours says as much as one of exports, and is small: 7,400 exports of a real module have 138.
 */
import { bitsOf } from './bits.ts';
import { EffectClasses } from './effectClasses.ts';
import type { Analysis, Confidence, EffectGroup } from './model.ts';
import { pairConfidence } from './pairConfidence.ts';
import { excluding } from './settled.ts';

/** What the analysis supposes of two exports: how sure a conflict is, and whether it takes certain arguments. */
export interface SupposedConflict {
  confidence: Confidence;
  /** Whether it depends on the arguments of the two calls. */
  conditional: boolean;
}

/** Exports that behave alike. */
export interface Behaviour {
  /** Positions in `Analysis.groups`, ascending; at least one. */
  groups: number[];
  /** Conflicts with other behaviours and with itself, by position in `Behaviours.all`. */
  conflicts: ReadonlyMap<number, SupposedConflict>;
}

/** The behaviours of a module. */
export interface Behaviours {
  all: Behaviour[];
  /** Groups that were not compared because there are too many different ones; they are in no behaviour. */
  left: number[];
}

/** Words of bitsets that are compared at most: about half a second of work. */
const BUDGET = 300_000_000;
/** Groups that are compared at most, after those that are alike at first sight were joined. */
const MAX_KINDS = 6000;

/** What is known of a pair, in a byte: 0 is no conflict. */
const CONFLICTS: readonly (SupposedConflict | undefined)[] = [
  undefined,
  ...(['definite', 'likely', 'possible'] as const).flatMap((confidence) =>
    [false, true].map((conditional) => ({ confidence, conditional })),
  ),
];
const codeOf = (confidence: Confidence, always: boolean): number =>
  CONFLICTS.findIndex((one) => one?.confidence === confidence && one.conditional === !always);

/** Computes the behaviours in the order of their first groups. `budget`: words of bitsets that may be compared. */
export function exportBehaviours(analysis: Analysis, budget: number = BUDGET): Behaviours {
  const pairs = pairConfidence(analysis);
  const kinds = kindsOf(analysis, pairs.masks);
  const samples = kinds.map(([first]) => first);
  const compared = Math.min(kinds.length, MAX_KINDS);
  const codes = new Uint8Array(compared * compared);
  const candidates = candidatesOf(analysis, samples.slice(0, compared));
  let spent = 0;
  let done = 0;
  for (; done < compared; done++) {
    const { kinds: others, cost } = candidates(done);
    spent += cost;
    if (spent > budget && done > 0) break;
    for (const other of others) {
      const confidence = pairs.of(samples[done], samples[other]);
      if (confidence === undefined) continue;
      const code = codeOf(confidence, pairs.always(samples[done], samples[other]));
      codes[done * compared + other] = code;
      codes[other * compared + done] = code;
    }
  }
  const members = joined(analysis, samples.slice(0, done), codes, compared);
  const all = members.map((own): Behaviour => {
    const conflicts = new Map<number, SupposedConflict>();
    for (const [other, [sample]] of members.entries()) {
      const found = CONFLICTS[codes[own[0] * compared + sample]];
      if (found !== undefined) conflicts.set(other, found);
    }
    return { groups: own.flatMap((kind) => kinds[kind]).sort((a, b) => a - b), conflicts };
  });
  return { all, left: kinds.slice(done).flat() };
}

/** Groups whose effects conflict with the same effects, the first one first: cheap to find, and alike for certain. */
function kindsOf(analysis: Analysis, { definite, likely }: { definite: Uint32Array; likely: Uint32Array }): number[][] {
  const { groups, settled, words, conflictMask, alwaysMask } = analysis;
  const classes = [
    new EffectClasses({ mask: conflictMask, always: alwaysMask }, words),
    new EffectClasses({ mask: definite, always: likely }, words),
  ];
  const key = (group: EffectGroup): string => {
    const sets = [
      ...group.facing.map(({ effects }) => effects),
      ...settled.flatMap(({ all }) => [excluding(group.effects, all), excluding(group.direct, all)]),
    ];
    const bits = sets.flatMap((set) => classes.map((one) => one.of(set).join()));
    return [group.settled, group.interruptible, classOf(analysis, group), ...bits].join(' ');
  };
  const kinds = new Map<string, number[]>();
  for (const [position, group] of groups.entries()) {
    const known = key(group);
    const kind = kinds.get(known);
    if (kind === undefined) kinds.set(known, [position]);
    else kind.push(position);
  }
  return [...kinds.values()];
}

const classOf = ({ exports }: Analysis, group: EffectGroup): string => exports[group.exports[0]].class;

/**
 * The kinds from `kind` on that it may conflict with, and how many words it takes to find out. Where only few kinds have
 * an effect that is hostile to it, only these; otherwise all.
 */
function candidatesOf(
  { groups, words }: Analysis,
  samples: readonly number[],
): (kind: number) => { kinds: Iterable<number>; cost: number } {
  const byEffect = new Map<number, number[]>();
  for (const [kind, group] of samples.entries())
    for (const effect of bitsOf(groups[group].effects)) {
      const known = byEffect.get(effect);
      if (known === undefined) byEffect.set(effect, [kind]);
      else known.push(kind);
    }
  return (kind) => {
    const left = samples.length - kind;
    const hostile = bitsOf(groups[samples[kind]].hostile);
    const found = new Set<number>();
    let looked = 0;
    for (const effect of hostile) {
      const reaching = byEffect.get(effect) ?? [];
      looked += reaching.length;
      if (looked > left) break;
      for (const other of reaching) if (other >= kind) found.add(other);
    }
    const kinds = looked > left ? Array.from({ length: left }, (_, i) => kind + i) : found;
    return { kinds, cost: hostile.length + found.size + (looked > left ? left : found.size) * 4 * words };
  };
}

/** Kinds with equal rows and equal classes, in the order of their first ones. */
function joined(analysis: Analysis, samples: readonly number[], codes: Uint8Array, width: number): number[][] {
  const alike = new Map<string, number[]>();
  for (const [kind, group] of samples.entries()) {
    const key = `${classOf(analysis, analysis.groups[group])} ${runsOf(codes.subarray(kind * width, kind * width + samples.length))}`;
    const known = alike.get(key);
    if (known === undefined) alike.set(key, [kind]);
    else known.push(kind);
  }
  return [...alike.values()];
}

/** A row as text, short where few entries differ from the one before. */
function runsOf(row: Uint8Array): string {
  const runs: string[] = [];
  for (let at = 0; at < row.length; ) {
    let end = at + 1;
    while (end < row.length && row[end] === row[at]) end++;
    if (row[at] !== 0 || end < row.length) runs.push(`${end - at}x${row[at]}`);
    at = end;
  }
  return runs.join();
}
