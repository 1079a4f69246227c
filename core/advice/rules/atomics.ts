/** `atomics`: plain accesses of memory that threads share, and sequences of atomic accesses that are not atomic. */

import type { RaceReport, StressResult } from '../../stress/explore/result.ts';
import { t } from '../../text/l10n.ts';
import { listOf } from '../../text/phrases.ts';
import { type Advice, UNCHECKED } from '../advice.ts';
import { findingsOf, raceEvidence } from '../evidence.ts';
import { calledBy, meetsInstantiation, raceExports } from '../facts/exploredRun.ts';
import { isOnStack } from '../facts/stackRaces.ts';
import type { AdviceFacts } from '../facts.ts';
import { namesOf, positionsOf } from '../wording.ts';
import { callsBack } from './reentry.ts';

/** At most one piece each for plain accesses, for atomic ones of different widths, and for sequences that are not atomic. */
export const atomicsAdvice = (facts: AdviceFacts): Advice[] => [...racingAdvice(facts), ...splitAdvice(facts)];

/** A race of a run. */
interface Found {
  result: StressResult;
  race: RaceReport;
}

/** Races on shared memory that atomic accesses could end: not those of instantiations, and not those on stack frames. */
function racingAdvice(facts: AdviceFacts): Advice[] {
  const { runs, module, analysis } = facts;
  if (analysis.model === 'isolated' || !module.memories.some(({ limits }) => limits.shared)) return [];
  const found = runs
    .filter(({ result }) => result.privateState === null)
    .flatMap(({ result }) => result.races.map((race): Found => ({ result, race })))
    .filter(
      ({ result, race }) => race.kind === 'memory' && !meetsInstantiation(result, race) && !isOnStack(facts, race),
    );
  const plain = found.filter(({ race }) => !isMixed(race));
  const cells = (some: readonly Found[]): string => listOf([...new Set(some.map(({ race }) => race.cell))], 3);
  const stuck = plain.some(({ result }) => result.stuckOrders > 0);
  return [
    ...racing(facts, plain, (some) =>
      stuck
        ? t('Use only atomic instructions to access {0}: a single plain access is enough for a data race.', cells(some))
        : t(
            'Use only atomic instructions to access {0}, or hold a lock that every thread takes: a single plain access is enough for a data race.',
            cells(some),
          ),
    ),
    ...racing(
      facts,
      found.filter(({ race }) => isMixed(race)),
      (some) =>
        t(
          'Access {0} with atomic instructions of one width: atomic accesses of different widths that overlap are not ordered.',
          cells(some),
        ),
    ),
  ];
}

function racing(facts: AdviceFacts, found: readonly Found[], text: (found: readonly Found[]) => string): Advice[] {
  if (found.length === 0) return [];
  const names = new Set(found.flatMap(({ result, race }) => raceExports(result, race)));
  return [
    {
      remedy: 'atomics',
      exports: namesOf(facts, positionsOf(facts, names)),
      pairs: [],
      text: text(found),
      because: [raceEvidence(found[0].result, found[0].race)],
      checked: UNCHECKED,
    },
  ];
}

/** Both accesses are atomic: they race because their widths differ. */
const isMixed = ({ a, b }: RaceReport): boolean => a.access.startsWith('atomic') && b.access.startsWith('atomic');

/** Atomic accesses, and yet an outcome that no serial order gives. */
function splitAdvice(facts: AdviceFacts): Advice[] {
  // On one thread, and inside of a call, atomic accesses protect nothing.
  if (facts.analysis.model === 'cooperative') return [];
  const wrong = facts.runs.filter((run) => run.result.verdict === 'non-atomic' && !callsBack(run));
  if (wrong.length === 0) return [];
  const split = wrong.map(({ result }) => splitCell(result)).find((cell) => cell !== undefined);
  // Of several cells, only a lock makes one step; that is another piece of advice.
  if (split === undefined) return [];
  const positions = positionsOf(facts, calledBy(wrong));
  const text = t(
    'Replace the atomic load and store of {0} with one atomic read-modify-write or a compare-exchange loop: another caller can write between the load and the store.',
    split,
  );
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

/** A cell that one call loads and stores atomically in two steps. */
function splitCell({ trace }: StressResult): string | undefined {
  const loads = trace.filter(({ op, matters }) => matters && /\.atomic\.load/.test(op));
  return loads.find(({ caller, call, cell }) =>
    trace.some(
      (row) => row.caller === caller && row.call === call && row.cell === cell && /\.atomic\.store/.test(row.op),
    ),
  )?.cell;
}
