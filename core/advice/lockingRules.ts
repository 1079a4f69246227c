/** Exports that must not run at once on one instance: one critical section around all that a caller does. */
import { quoted } from '../analysis/wordingCells.ts';
import { plural } from '../analysis/wordingLists.ts';
import type { StressResult } from '../stress/explore/result.ts';
import { exportLabel } from '../wasm/displayNames.ts';
import { type Advice, type Checked, UNCHECKED } from './advice.ts';
import { criticalSection } from './protocol.ts';
import { type Shared, sharedStates } from './sharedState.ts';
import { exportsText, namesOf, type Subject } from './subject.ts';

export function lockingAdvice(subject: Subject): Advice[] {
  const states = sharedStates(subject);
  const locked = states.filter((shared) => !waits(shared));
  return states.map((shared) =>
    waits(shared) ? orderingAdvice(subject, shared) : mutexAdvice(subject, shared, locked[0]),
  );
}

/** `first`: what the first lock is about. Other sets of exports share nothing with it. */
function mutexAdvice(subject: Subject, { positions, wrong, because }: Shared, first: Shared): Advice {
  const sequence = sequenceOf(wrong);
  const text = [criticalSection(subject, positions)];
  if (sequence !== undefined)
    text.push(`A caller that makes several calls for one purpose, as in ${sequence}, holds it for all of them.`);
  else if (first.positions !== positions)
    text.push(`It can be another lock than that of ${exportsText(subject, first.positions)}: these share nothing.`);
  return {
    remedy: 'mutex',
    exports: namesOf(subject, positions),
    pairs: [],
    text: text.join(' '),
    because,
    checked: construction(wrong),
  };
}

/** Calls that wait for another caller's: under one lock they would wait for good. */
const waits = ({ wrong }: Shared): boolean => wrong.some(({ poolCheck }) => poolCheck?.returns === false);

function orderingAdvice(subject: Subject, { positions, because }: Shared): Advice {
  return {
    remedy: 'fix',
    exports: namesOf(subject, positions),
    pairs: [],
    text: `Order what ${exportsText(subject, positions)} ${positions.length === 1 ? 'does' : 'do'} inside the module, with atomics or a lock of its own. Do not hold a lock of the host around these calls: one of them waits for another caller and would wait for good.`,
    because,
    checked: { by: 'calls', exhaustive: true, text: 'by calls: alone, not every caller returns' },
  };
}

/** Calls of one caller to different exports, which only make sense together. */
function sequenceOf(results: readonly StressResult[]): string | undefined {
  const calls = results
    .flatMap(({ scenario }) => scenario.callers)
    .find((list) => new Set(list.map(([name]) => name)).size > 1);
  return calls
    ?.slice(0, 3)
    .map(([name]) => quoted(exportLabel({ name })))
    .join(', then ');
}

/** A critical section leaves only orders of whole sequences, and those were run before anything else. */
function construction(results: readonly StressResult[]): Checked {
  if (results.length === 0) return UNCHECKED;
  const outcomes = results.reduce((sum, { outcomes }) => sum + outcomes.serial, 0);
  const exhaustive = results.every((result) => result.outcomes.serialComplete);
  const run = exhaustive ? 'all of them were run' : 'a sample of them was run';
  const scenarios = results.length === 1 ? '' : ` in ${plural(results.length, 'scenario')}`;
  return {
    by: 'construction',
    exhaustive,
    text: `by construction, as one caller after the other leaves only serial orders of the calls: ${run} (${plural(outcomes, 'outcome')}${scenarios})`,
  };
}
