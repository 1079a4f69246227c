/**
 * `mutex`: exports that must not run at the same time on one instance get one critical section around all that a caller
 * does. `fix`: where one of the calls waits for another caller, the module has to order them itself.
 */

import { isAtomic } from '../../analysis/cells.ts';
import { type ThreadSafety, threadSafetyOf } from '../../analysis/conditions/threads.ts';
import { needsText, parametersText } from '../../analysis/conditions/threadText.ts';
import { conditionOf, effectsOf } from '../../analysis/queries.ts';
import { passedObjects } from '../../stress/scenario/passedObjects.ts';
import { callsOf } from '../../stress/scenario/steps.ts';
import { stepsOnce } from '../../stress/scenario/units.ts';
import { plural, quoted } from '../../text/phrases.ts';
import { exportLabelOf } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { type Advice, type AdviceCheck, UNCHECKED } from '../advice.ts';
import type { Conclusions } from '../conclusions.ts';
import { criticalSection } from '../criticalSection.ts';
import type { ConflictSet } from '../facts/conflictSets.ts';
import type { ExploredRun } from '../facts/exploredRun.ts';
import { dividedSequences, type Sequence, spanText } from '../facts/sequences.ts';
import { returnsInTime } from '../facts/waitingCalls.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, lockText, namesOf, positionsOf } from '../wording.ts';
import { callsBack } from './reentry.ts';

/**
 * One piece for each set of conflicting exports: a lock, a queue under the cooperative model, or a repair where calls
 * wait for each other.
 */
export const lockingAdvice = (facts: AdviceFacts, { locked, readers }: Conclusions): Advice[] =>
  facts.conflictSets
    // What a call back shows is no matter of locks.
    .filter(({ unfit, wrong }) => !unfit && !(wrong.length > 0 && wrong.every(callsBack)))
    .map((set) => {
      if (facts.analysis.model === 'cooperative') return queueAdvice(facts, set);
      if (set.waits) return orderingAdvice(facts, set);
      const named = readers.find(({ set: its }) => its === set);
      return mutexAdvice(facts, set, locked[0], named?.names ?? []);
    });

/** On one thread a lock would block the call that holds it: calls wait for the end of earlier ones instead. */
function queueAdvice(facts: AdviceFacts, { positions, wrong, because, waits }: ConflictSet): Advice {
  const names = exportsText(facts, positions);
  const [divided] = dividedSequences(wrong);
  const entry =
    divided === undefined
      ? 'a call starts only when the promise of the earlier one has settled'
      : `the calls ${spanText(divided)} are one entry, which starts only when the promises of the earlier one have settled`;
  const text = waits
    ? `One of ${names} waits for another call of the instance. Let the import that it is suspended in return a promise that the host settles when that call has returned, and start no other call of them meanwhile.`
    : `Run calls of ${names} one at a time: one queue for each instance, in which ${entry}; or use an instance for each ${divided === undefined ? 'call' : 'caller'}. A host function that one of them has called must not call them either: let it return first.`;
  return {
    remedy: waits ? 'fix' : 'mutex',
    exports: namesOf(facts, positions),
    pairs: [],
    text,
    because,
    checked: waits ? UNCHECKED : construction(wrong, 'a queue'),
  };
}

/** `first`: the set of the first lock. Other sets of exports share nothing with it. `readers`: may share the lock. */
function mutexAdvice(
  facts: AdviceFacts,
  { positions, wrong, because }: ConflictSet,
  first: ConflictSet,
  readers: readonly string[],
): Advice {
  const sequence = sequenceOf(facts.module, wrong);
  const [divided] = dividedSequences(wrong);
  const text = divided === undefined ? [criticalSection(facts, positions)] : sequenceSection(facts, positions, divided);
  if (divided !== undefined) {
    // The lock has been said to be held for the whole sequence.
  } else if (sequence !== undefined) text.push(`Hold it across all calls of a sequence such as ${sequence}.`);
  else if (first.positions !== positions)
    text.push(
      `It can be a different lock from the one for ${exportsText(facts, first.positions)}: they share nothing.`,
    );
  // Who reads in a sequence holds the lock for the sequence.
  if (readers.length > 0 && sequence === undefined)
    text.push(readersText(facts, readers, text.length > 1 ? text.pop() : undefined));
  // What went wrong in a run may be calls with different objects. Two sentences are enough.
  const shown = wrong.filter(({ result }) => passedObjects(facts.analysis, result.scenario.callers) !== 'same');
  const objects = shown.length > 0 ? undefined : differentObjects(facts, positions, readers);
  const each = objects === undefined || text.length > 1 ? undefined : lockForEachObject(facts, positions);
  if (each !== undefined) text.push(each);
  else if (objects !== undefined && text.length === 1)
    text.push(`If it is a reader-writer lock, it may be shared by readers: ${objects}.`);
  else if (objects !== undefined && readers.length > 0)
    text.push(`${(text.pop() ?? '').replace(/\.$/, '')}, and so may ${objects}.`);
  return {
    remedy: 'mutex',
    exports: namesOf(facts, positions),
    pairs: [],
    text: text.join(' '),
    because,
    checked: construction(wrong),
  };
}

function orderingAdvice(facts: AdviceFacts, { positions, because }: ConflictSet): Advice {
  const names = namesOf(facts, positions);
  const late = returnsInTime(facts.runs.filter(({ called }) => names.some((name) => called.has(name))));
  return {
    remedy: 'fix',
    exports: names,
    pairs: [],
    text: usesAtomics(facts, positions)
      ? `Synchronise ${exportsText(facts, positions)} inside the module, with atomics or a lock in the module. Do not hold a host lock around these calls: one of them waits for another caller, which ${late ? 'could not wake it in time' : 'would deadlock'}.`
      : `Find out first why, in some order of whole calls of ${exportsText(facts, positions)}, one of them does not return: it loops over plain data, which either another caller has to change or an earlier call has broken, for example by freeing a block twice. A lock of the host does not end that loop.`,
    because,
    checked: {
      by: 'calls',
      exhaustive: true,
      text: `by calls: run alone, ${late ? 'a caller waits until its time is over' : 'not every caller returns'}`,
    },
  };
}

/** Whether some export makes atomic accesses or waits: without them, a call waits for another one only by looping. */
const usesAtomics = ({ analysis }: AdviceFacts, positions: readonly number[]): boolean =>
  positions.some((position) =>
    effectsOf(analysis, analysis.exports[position].func).some((id) => isAtomic(analysis.effects[id])),
  );

/** A lock for calls that belong together. */
function sequenceSection(facts: AdviceFacts, positions: readonly number[], divided: Sequence): string[] {
  const lock = lockText(facts);
  const span = spanText(divided);
  // Allocation and use of a block are a critical section of their own, which the sequence contains.
  if (positions.some((position) => facts.allocator.all.has(position)))
    return [criticalSection(facts, positions), `Hold it ${span}, not for each call alone.`];
  const others = positions.filter((position) => !divided.includes(facts.analysis.exports[position].name));
  const also = others.length > 0 ? `; calls of ${exportsText(facts, others)} take the same lock` : '';
  return [`Hold ${lock} ${span}, not for each call alone: these calls belong together${also}.`];
}

/** Exports that may hold the lock at the same time, after the second sentence where there is one. */
function readersText(facts: AdviceFacts, names: readonly string[], second: string | undefined): string {
  const readers = exportsText(facts, positionsOf(facts, new Set(names)));
  const why = names.length === 1 ? 'they write nothing that they read' : 'none of them writes what another one reads';
  const text = `f it is a reader-writer lock, calls of ${readers} may share it as readers: ${why}.`;
  return second === undefined ? `I${text}` : `${second.replace(/\.$/, '')}; i${text}`;
}

/**
 * Calls of thread-compatible exports other than `readers`, which need not exclude each other or these, as one phrase;
 * undefined if there are none.
 */
function differentObjects(
  facts: AdviceFacts,
  positions: readonly number[],
  readers: readonly string[],
): string | undefined {
  const { analysis } = facts;
  if (analysis.partial !== undefined) return undefined;
  const reading = positionsOf(facts, new Set(readers));
  const compatible = positions.flatMap((position) => {
    const safety = threadSafetyOf(analysis, position);
    const beside = !reading.includes(position) && !reading.some((other) => safety.except.includes(other));
    return worksOnObjects(safety) && beside ? [{ position, safety }] : [];
  });
  if (compatible.length === 0) return undefined;
  const calls = exportsText(
    facts,
    compatible.map(({ position }) => position),
  );
  const parameters = new Set(compatible.flatMap(({ safety }) => safety.objects.map(({ parameter }) => parameter)));
  const needs = needsText({
    through: compatible.some(({ safety }) => safety.through),
    ownData: compatible.some(({ safety }) => safety.ownData),
  });
  return `calls of ${calls} that get different objects (${parametersText([...parameters].sort((a, b) => a - b))})${needs}`;
}

/** Whether the objects that an export gets are all that its calls conflict on. */
const worksOnObjects = ({ objects, host, atomics }: ThreadSafety): boolean =>
  objects.length > 0 && objects.every(({ range }) => !range) && !host && !atomics;

/** Where no calls under a lock conflict except on the same object, a sentence about a lock for each; else undefined. */
function lockForEachObject(facts: AdviceFacts, positions: readonly number[]): string | undefined {
  const { analysis, allocator, runs } = facts;
  // The lock would also be for calls that allocate the objects.
  if (analysis.partial !== undefined || allocator.allocate >= 0) return undefined;
  const safeties = positions.map((position) => threadSafetyOf(analysis, position));
  // A call that gets two objects would have to take two locks, in one order.
  if (!safeties.every((one) => worksOnObjects(one) && one.objects.length === 1)) return undefined;
  if (positions.some((a) => positions.some((b) => conditionOf(analysis, a, b) === 'always'))) return undefined;
  const parameters = new Set(safeties.flatMap(({ objects }) => objects.map(({ parameter }) => parameter)));
  const needs = needsText({
    through: safeties.some(({ through }) => through),
    ownData: safeties.some(({ ownData }) => ownData),
  });
  const names = new Set(namesOf(facts, positions));
  const clean = runs.some(
    ({ result, called }) =>
      result.verdict === 'safe' &&
      [...called].every((name) => names.has(name)) &&
      passedObjects(analysis, result.scenario.callers) === 'different',
  );
  const by = clean ? '; runs with different objects showed nothing else' : ', by the static analysis';
  return `A lock for each object (${parametersText([...parameters].sort((a, b) => a - b))}) is enough: calls that get different objects do not conflict${needs}${by}.`;
}

/** Calls of one caller to different exports, which only make sense together. */
function sequenceOf(module: Module, runs: readonly ExploredRun[]): string | undefined {
  const calls = runs
    .flatMap(({ result: { scenario } }) => scenario.callers.map((_, i) => callsOf(stepsOnce(scenario, i))))
    .find((list) => new Set(list).size > 1);
  return calls
    ?.slice(0, 3)
    .map((name) => quoted(exportLabelOf(module, name)))
    .join(', then ');
}

/** A critical section leaves only orders of whole sequences, and those were run before anything else. */
function construction(runs: readonly ExploredRun[], remedy = 'a lock'): AdviceCheck {
  if (runs.length === 0) return UNCHECKED;
  const outcomes = runs.reduce((sum, { result }) => sum + result.outcomes.serial, 0);
  const exhaustive = runs.every(({ result }) => result.outcomes.serialComplete);
  const run = exhaustive ? 'all of which were run' : 'a sample of which was run';
  const scenarios = runs.length === 1 ? '' : ` in ${plural(runs.length, 'scenario')}`;
  return {
    by: 'construction',
    exhaustive,
    text: `by construction: ${remedy} leaves only serial orders of the calls, ${run} (${plural(outcomes, 'outcome')}${scenarios})`,
  };
}
