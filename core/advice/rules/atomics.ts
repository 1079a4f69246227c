/** `atomics`: plain accesses of memory that threads share, and sequences of atomic accesses that are not atomic. */

import type { RaceReport, StressResult } from '../../stress/explore/result.ts';
import { listOf } from '../../text/phrases.ts';
import { type Advice, UNCHECKED } from '../advice.ts';
import { findingsOf, raceEvidence } from '../evidence.ts';
import { calledBy, meetsInstantiation, raceExports } from '../facts/exploredRun.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, namesOf, positionsOf } from '../wording.ts';
import { callsBack } from './reentry.ts';

/** At most one piece for plain accesses of shared memory and one for sequences that are not atomic. */
export const atomicsAdvice = (facts: AdviceFacts): Advice[] => [...plainAdvice(facts), ...splitAdvice(facts)];

/** A race on memory that two calls make: instantiation cannot be made atomic. */
const isOnMemory = (result: StressResult, race: RaceReport): boolean =>
  race.kind === 'memory' && !meetsInstantiation(result, race);

/** Races on plain accesses of shared memory. */
function plainAdvice(facts: AdviceFacts): Advice[] {
  const { runs, module, analysis } = facts;
  if (analysis.model === 'isolated' || !module.memories.some(({ limits }) => limits.shared)) return [];
  const racing = runs.filter(
    ({ result }) => result.privateState === null && result.races.some((race) => isOnMemory(result, race)),
  );
  const found = racing.flatMap(({ result }) =>
    result.races.filter((race) => isOnMemory(result, race)).map((race) => ({ result, race })),
  );
  const races = found.map(({ race }) => race);
  if (races.length === 0) return [];
  const cells = [...new Set(races.map(({ cell }) => cell))];
  return [
    {
      remedy: 'atomics',
      exports: namesOf(
        facts,
        positionsOf(facts, new Set(found.flatMap(({ result, race }) => raceExports(result, race)))),
      ),
      pairs: [],
      text: `Use only atomic instructions to access ${listOf(cells, 3)}${racing.some(({ result }) => result.stuckOrders > 0) ? '' : ', or hold a lock that every thread takes'}: a single plain access is enough for a data race.`,
      because: [raceEvidence(racing[0].result, races[0])],
      checked: UNCHECKED,
    },
  ];
}

/** Atomic accesses, and yet an outcome that no serial order gives. */
function splitAdvice(facts: AdviceFacts): Advice[] {
  // On one thread, and inside of a call, atomic accesses protect nothing.
  if (facts.analysis.model === 'cooperative') return [];
  const wrong = facts.runs.filter((run) => run.result.verdict === 'non-atomic' && !callsBack(run));
  if (wrong.length === 0) return [];
  const split = wrong.map(({ result }) => splitCell(result)).find((cell) => cell !== undefined);
  // A lock around a call that waits for another caller would never be given back.
  if (split === undefined && wrong.some(({ result }) => result.stuckOrders > 0)) return [];
  const positions = positionsOf(facts, calledBy(wrong));
  const text =
    split === undefined
      ? `Hold one lock around everything that ${exportsText(facts, positions)} ${positions.length === 1 ? 'does' : 'do'}: each access is atomic, but the sequence of accesses is not.`
      : `Replace the atomic load and store of ${split} with one atomic read-modify-write or a compare-exchange loop: another caller can write between the load and the store.`;
  return [
    {
      remedy: 'atomics',
      exports: namesOf(facts, positions),
      pairs: [],
      text,
      because: findingsOf(wrong, () => true),
      checked: UNCHECKED,
    },
  ];
}

/** A cell that one caller loads and stores atomically in two steps. */
function splitCell({ trace }: StressResult): string | undefined {
  const loads = trace.filter(({ op, matters }) => matters && /\.atomic\.load/.test(op));
  return loads.find(({ caller, cell }) =>
    trace.some((row) => row.caller === caller && row.cell === cell && /\.atomic\.store/.test(row.op)),
  )?.cell;
}
