/**
 * For tests: calls that touch the same bytes, one of them writing, must conflict by effects that cover both accesses, under
 * a condition that holds for their arguments.
 */

import { type CallArguments, meetsWith } from '../../../analysis/conditions/callConflicts.ts';
import type { Analysis } from '../../../analysis/model.ts';
import type { EffectPair } from '../../../analysis/queries.ts';
import type { PointerProgram } from '../../../analysis/testing/pointerPrograms.ts';
import type { Random } from '../../../testing/random.ts';
import type { Module } from '../../../wasm/module.ts';
import { PointerRun } from './pointerRuns.ts';
import type { RecordedAccess, RecordedCall } from './recorder.ts';

/** What was compared, against passes that show nothing. */
export interface PairTally {
  pairs: number;
  /** Pairs of calls that touch the same bytes, and pairs of accesses. */
  meeting: number;
  overlaps: number;
  /** Pairs of calls whose conflicts all depend on arguments, and those whose arguments decide against all of them. */
  conditional: number;
  apart: number;
}

/** Pairs of calls for each module. */
const PAIRS = 8;

/** One of two calls. */
interface Side {
  call: RecordedCall;
  position: number;
  args: CallArguments;
  /** Objects that each argument led to, before, between or behind the two calls. */
  reached: Set<number>[];
}

const writes = ({ access }: RecordedAccess): boolean => access === 'write' || access === 'atomic-write';
const isPlain = ({ access }: RecordedAccess): boolean => access === 'read' || access === 'write';

/** Pairs of accesses of the same bytes, one writing, one not atomic, in blocks that both calls could know. */
function* overlapsOf(a: RecordedCall, b: RecordedCall): Generator<[RecordedAccess, RecordedAccess]> {
  const shared = ({ kind, fresh }: RecordedAccess): boolean => kind === 'memory' && !fresh;
  const theirs = b.accesses.filter(shared);
  for (const mine of a.accesses) {
    if (!shared(mine)) continue;
    for (const other of theirs)
      if (
        mine.start < other.end &&
        other.start < mine.end &&
        mine.index === other.index &&
        (writes(mine) || writes(other)) &&
        (isPlain(mine) || isPlain(other))
      )
        yield [mine, other];
  }
}

/** Calls pairs of exports one after the other; a line for each pair of accesses that no conflict explains. */
export function unexplainedIn(
  program: PointerProgram,
  module: Module,
  analysis: Analysis,
  next: Random,
  tally: PairTally,
): string[] {
  const run = new PointerRun(program, module, analysis, next);
  const pick = () => program.exports[next(program.exports.length)];
  for (let n = 0; n < PAIRS; n++) {
    const [first, second] = [pick(), pick()];
    const [given, other] = [run.arguments(first), run.arguments(second)];
    // Often the same object, or two that are apart in everything.
    if (next(3) === 0 && other.length > 0 && given.length > 0) other[0] = sameKind(first, second) ? given[0] : other[0];
    const reached = [given.map((one) => run.leadsTo(one)), other.map((one) => run.leadsTo(one))];
    const look = (): void => {
      for (const [side, args] of [given, other].entries())
        for (const [i, one] of args.entries()) for (const object of run.leadsTo(one)) reached[side][i].add(object);
    };
    const call = (name: string, args: number[]): RecordedCall | undefined => {
      const { calls } = run.call(name, args);
      look();
      return calls.find(({ depth }) => depth === 0);
    };
    const [a, b] = [call(first.name, given), call(second.name, other)];
    if (a === undefined || b === undefined) continue;
    const wide = (args: number[]): CallArguments => (program.layout.word === 8 ? args.map(BigInt) : args);
    const sides: [Side, Side] = [
      { call: a, position: run.positions.get(first.name) ?? -1, args: wide(given), reached: reached[0] },
      { call: b, position: run.positions.get(second.name) ?? -1, args: wide(other), reached: reached[1] },
    ];
    const [problem] = unexplained(run, analysis, sides, tally);
    if (problem !== undefined) return [problem];
  }
  return [];
}

const sameKind = (a: PointerProgram['exports'][number], b: PointerProgram['exports'][number]): boolean =>
  a.params[0] === b.params[0];

function unexplained(run: PointerRun, analysis: Analysis, [a, b]: [Side, Side], tally: PairTally): string[] {
  const possible = meetsWith(analysis, a.position, a.args, b.position, b.args);
  const meeting = possible.filter((pair) => holds(run, pair, a, b));
  tally.pairs++;
  if (possible.every(({ condition }) => condition !== 'always')) tally.conditional++;
  if (meeting.length === 0) tally.apart++;
  const meets = new Set(meeting.map(({ effects: [e, f] }) => `${e} ${f}`));
  const covered = new Map<string, number[]>();
  const covering = (side: Side, access: RecordedAccess): number[] => {
    const key = `${side === a} ${access.start} ${access.end} ${access.access}`;
    const known = covered.get(key) ?? run.anytime.covering(side.call, access);
    covered.set(key, known);
    return known;
  };
  let any = false;
  for (const [mine, theirs] of overlapsOf(a.call, b.call)) {
    any = true;
    tally.overlaps++;
    const [left, right] = [covering(a, mine), covering(b, theirs)];
    if (left.some((e) => right.some((f) => meets.has(`${e} ${f}`)))) continue;
    const text = (side: Side, access: RecordedAccess) =>
      `${run.coverage.nameOf(side.call.func)}(${side.call.args.join(', ')}) ${access.access} [${access.start},${access.end}) at 0x${run.offsets[access.site].toString(16)}`;
    return [`no conflict for ${text(a, mine)} and ${text(b, theirs)}`];
  }
  if (any) tally.meeting++;
  return [];
}

/**
 * Whether a condition can hold for the arguments: pointers to different objects are not to the same one, and do not lead to
 * the same memory where nothing is reached from both.
 */
function holds(run: PointerRun, { condition }: EffectPair, a: Side, b: Side): boolean {
  if (condition === 'always' || condition.when === 'overlap') return true;
  const [i, j] = condition.parameters;
  const [mine, theirs] = [a.call.args[i], b.call.args[j]];
  const [left, right] = [run.objectAt(mine), run.objectAt(theirs)];
  if (left === undefined || right === undefined) return true;
  if (condition.through !== true) return left.start === right.start;
  return [...a.reached[i]].some((object) => b.reached[j].has(object));
}
