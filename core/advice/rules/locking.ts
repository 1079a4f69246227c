/**
 * `mutex`: exports that must not run at the same time on one instance get one critical section around all that a caller
 * does. `fix`: where one of the calls waits for another caller, the module has to order them itself.
 */

import { isAtomic } from '../../analysis/cells.ts';
import { type ThreadSafety, threadSafetyOf } from '../../analysis/conditions/threads.ts';
import { needsText, parametersText } from '../../analysis/conditions/threadText.ts';
import { conditionOf, effectsOf } from '../../analysis/queries.ts';
import { manyOrders } from '../../stress/explore/serialOrders.ts';
import { passedObjects } from '../../stress/scenario/passedObjects.ts';
import { callsOf } from '../../stress/scenario/steps.ts';
import { stepsOnce } from '../../stress/scenario/units.ts';
import { t } from '../../text/l10n.ts';
import { paragraph, plural, quoted } from '../../text/phrases.ts';
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
import { exportsText, lockText, namesOf, positionsOf, unended } from '../wording.ts';
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
  const text = waits
    ? t(
        'One of {0} waits for another call of the instance. Let the import that it is suspended in return a promise that the host settles when that call has returned, and start no other call of them meanwhile.',
        names,
      )
    : divided === undefined
      ? t(
          'Run calls of {0} one at a time: one queue for each instance, in which a call starts only when the promise of the earlier one has settled; or use an instance for each call. A host function that one of them has called must not call them either: let it return first.',
          names,
        )
      : t(
          'Run calls of {0} one at a time: one queue for each instance, in which the calls {1} are one entry, which starts only when the promises of the earlier one have settled; or use an instance for each caller. A host function that one of them has called must not call them either: let it return first.',
          names,
          spanText(divided),
        );
  return {
    remedy: waits ? 'fix' : 'mutex',
    exports: namesOf(facts, positions),
    pairs: [],
    text,
    because,
    checked: waits ? UNCHECKED : construction(wrong, 'queue'),
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
  } else if (sequence !== undefined) text.push(t('Hold it across all calls of a sequence such as {0}.', sequence));
  else if (first.positions !== positions)
    text.push(
      t('It can be a different lock from the one for {0}: they share nothing.', exportsText(facts, first.positions)),
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
    text.push(t('If it is a reader-writer lock, it may be shared by readers: {0}.', objects));
  else if (objects !== undefined && readers.length > 0)
    text.push(t('{0}, and so may {1}.', unended(text.pop() ?? ''), objects));
  return {
    remedy: 'mutex',
    exports: namesOf(facts, positions),
    pairs: [],
    text: paragraph(text),
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
      ? late
        ? t(
            'Synchronise {0} inside the module, with atomics or a lock in the module. Do not hold a host lock around these calls: one of them waits for another caller, which could not wake it in time.',
            exportsText(facts, positions),
          )
        : t(
            'Synchronise {0} inside the module, with atomics or a lock in the module. Do not hold a host lock around these calls: one of them waits for another caller, which would deadlock.',
            exportsText(facts, positions),
          )
      : t(
          'Find out first why, in some order of whole calls of {0}, one of them does not return: it loops over plain data, which either another caller has to change or an earlier call has broken, for example by freeing a block twice. A lock of the host does not end that loop.',
          exportsText(facts, positions),
        ),
    because,
    checked: {
      by: 'calls',
      exhaustive: true,
      text: late
        ? t('by calls: run alone, a caller waits until its time is over')
        : t('by calls: run alone, not every caller returns'),
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
    return [criticalSection(facts, positions), t('Hold it {0}, not for each call alone.', span)];
  const others = positions.filter((position) => !divided.includes(facts.analysis.exports[position].name));
  if (others.length === 0)
    return [t('Hold {0} {1}, not for each call alone: these calls belong together.', lock, span)];
  return [
    t(
      'Hold {0} {1}, not for each call alone: these calls belong together; calls of {2} take the same lock.',
      lock,
      span,
      exportsText(facts, others),
    ),
  ];
}

/** Exports that may hold the lock at the same time, after the second sentence where there is one. */
function readersText(facts: AdviceFacts, names: readonly string[], second: string | undefined): string {
  const readers = exportsText(facts, positionsOf(facts, new Set(names)));
  const why =
    names.length === 1 ? t('they write nothing that they read') : t('none of them writes what another one reads');
  return second === undefined
    ? t('If it is a reader-writer lock, calls of {0} may share it as readers: {1}.', readers, why)
    : t(
        '{0}; if it is a reader-writer lock, calls of {1} may share it as readers: {2}.',
        unended(second),
        readers,
        why,
      );
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
  return t(
    'calls of {0} that get different objects ({1}){2}',
    calls,
    parametersText([...parameters].sort((a, b) => a - b)),
    needs,
  );
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
  const which = parametersText([...parameters].sort((a, b) => a - b));
  return clean
    ? t(
        'A lock for each object ({0}) is enough: calls that get different objects do not conflict{1}; runs with different objects showed nothing else.',
        which,
        needs,
      )
    : t(
        'A lock for each object ({0}) is enough: calls that get different objects do not conflict{1}, by the static analysis.',
        which,
        needs,
      );
}

/** Calls of one caller to different exports, which only make sense together. */
function sequenceOf(module: Module, runs: readonly ExploredRun[]): string | undefined {
  const names = runs
    .flatMap(({ result: { scenario } }) => scenario.callers.map((_, i) => callsOf(stepsOnce(scenario, i))))
    .find((list) => new Set(list).size > 1);
  return names
    ?.slice(0, 3)
    .map((name) => quoted(exportLabelOf(module, name)))
    .join(t(', then '));
}

/** A critical section leaves only orders of whole sequences, and those were run before anything else. */
function construction(runs: readonly ExploredRun[], remedy: 'lock' | 'queue' = 'lock'): AdviceCheck {
  if (runs.length === 0) return UNCHECKED;
  const outcomes = runs.reduce((sum, { result }) => sum + result.outcomes.serial, 0);
  const exhaustive = runs.every(({ result }) => result.outcomes.serialComplete);
  const more = runs.some(({ result }) => result.outcomes.serialMore === true);
  const counted = more ? t('more than {0}', plural(outcomes, 'outcome')) : plural(outcomes, 'outcome');
  const count = runs.length === 1 ? counted : t('{0} in {1}', counted, plural(runs.length, 'scenario'));
  // So many that not each of them was executed.
  const many = runs.some(({ result: { scenario } }) => manyOrders(scenario.callers.map(({ length }) => length)));
  if (exhaustive && many)
    return {
      by: 'construction',
      exhaustive,
      text:
        remedy === 'lock'
          ? t(
              'by construction: a lock leaves only serial orders of the calls, whose outcomes are all known ({0})',
              count,
            )
          : t(
              'by construction: a queue leaves only serial orders of the calls, whose outcomes are all known ({0})',
              count,
            ),
    };
  return {
    by: 'construction',
    exhaustive,
    text:
      remedy === 'lock'
        ? exhaustive
          ? t('by construction: a lock leaves only serial orders of the calls, all of which were run ({0})', count)
          : t('by construction: a lock leaves only serial orders of the calls, a sample of which was run ({0})', count)
        : exhaustive
          ? t('by construction: a queue leaves only serial orders of the calls, all of which were run ({0})', count)
          : t(
              'by construction: a queue leaves only serial orders of the calls, a sample of which was run ({0})',
              count,
            ),
  };
}
