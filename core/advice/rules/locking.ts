/**
 * `mutex`: exports that must not run at the same time on one instance get one critical section around all that a caller
 * does. `fix`: where one of the calls waits for another caller, the module has to order them itself.
 */
import { plural, quoted } from '../../text/phrases.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import { type Advice, type AdviceCheck, UNCHECKED } from '../advice.ts';
import type { Conclusions } from '../conclusions.ts';
import { criticalSection } from '../criticalSection.ts';
import type { ConflictSet } from '../facts/conflictSets.ts';
import type { ExploredRun } from '../facts/exploredRun.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, namesOf } from '../wording.ts';

export const lockingAdvice = (facts: AdviceFacts, { locked }: Conclusions): Advice[] =>
  facts.conflictSets
    .filter(({ unfit }) => !unfit)
    .map((set) => {
      if (facts.analysis.model === 'cooperative') return queueAdvice(facts, set);
      return set.waits ? orderingAdvice(facts, set) : mutexAdvice(facts, set, locked[0]);
    });

/** On one thread a lock would block the call that holds it: calls wait for the end of earlier ones instead. */
function queueAdvice(facts: AdviceFacts, { positions, wrong, because, waits }: ConflictSet): Advice {
  const names = exportsText(facts, positions);
  const text = waits
    ? `One of ${names} waits for another call of the instance. Let the import that it is suspended in return a promise that the host settles when that call has returned, and start no other call of them meanwhile.`
    : `Run calls of ${names} one at a time: one queue for each instance, in which a call starts only when the promise of the earlier one has settled; or use an instance for each call. A host function that one of them is in must not call them either: let it return first.`;
  return {
    remedy: waits ? 'fix' : 'mutex',
    exports: namesOf(facts, positions),
    pairs: [],
    text,
    because,
    checked: waits ? UNCHECKED : construction(wrong, 'a queue'),
  };
}

/** `first`: the set of the first lock. Other sets of exports share nothing with it. */
function mutexAdvice(facts: AdviceFacts, { positions, wrong, because }: ConflictSet, first: ConflictSet): Advice {
  const sequence = sequenceOf(wrong);
  const text = [criticalSection(facts, positions)];
  if (sequence !== undefined) text.push(`Hold it across all calls of a sequence such as ${sequence}.`);
  else if (first.positions !== positions)
    text.push(
      `It can be a different lock from the one for ${exportsText(facts, first.positions)}: they share nothing.`,
    );
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
  return {
    remedy: 'fix',
    exports: namesOf(facts, positions),
    pairs: [],
    text: `Synchronise ${exportsText(facts, positions)} inside the module, with atomics or a lock in the module. Do not hold a host lock around these calls: one of them waits for another caller, which would deadlock.`,
    because,
    checked: { by: 'calls', exhaustive: true, text: 'by calls: run alone, not every caller returns' },
  };
}

/** Calls of one caller to different exports, which only make sense together. */
function sequenceOf(runs: readonly ExploredRun[]): string | undefined {
  const calls = runs
    .flatMap(({ result }) => result.scenario.callers)
    .find((list) => new Set(list.map(([name]) => name)).size > 1);
  return calls
    ?.slice(0, 3)
    .map(([name]) => quoted(exportLabel({ name })))
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
