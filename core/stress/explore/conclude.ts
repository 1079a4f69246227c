/** From an exploration to the result: the verdict, the schedule to show, its trace. */

import { t } from '../../text/l10n.ts';
import { touchSpan } from '../run/touchText.ts';
import type { TraceRow } from '../run/traceRows.ts';
import type { Exploration } from './exploration.ts';
import type { StressResult, Verdict } from './result.ts';

/** The verdict and what qualifies it. */
export function verdictOf(found: Pick<Exploration, 'hostHazards' | 'races' | 'wrong' | 'hang' | 'conclusive'>): {
  verdict: Verdict;
  wrongOutcome: boolean;
} {
  const wrongOutcome = found.wrong.length > 0;
  const holds: readonly [Verdict, boolean][] = [
    ['host-hazard', found.hostHazards.length > 0],
    ['hang', found.hang !== undefined],
    ['race', found.races.length > 0],
    ['non-atomic', wrongOutcome],
    ['safe', found.conclusive],
  ];
  return { verdict: holds.find(([, is]) => is)?.[0] ?? 'inconclusive', wrongOutcome };
}

/** The schedule that a result shows: of a hang, else of a wrong outcome, which say more than the meeting that a host hazard or a race is. */
export function worstSchedule({
  hostHazards,
  wrong,
  hang,
  races,
}: Pick<Exploration, 'hostHazards' | 'wrong' | 'hang' | 'races'>): string | null {
  const [visible] = wrong.toSorted((a, b) => severity(a) - severity(b));
  return (
    (hang?.schedule || undefined) ??
    visible?.schedule ??
    (hostHazards[0]?.schedule || undefined) ??
    races[0]?.schedule ??
    null
  );
}

/** Lowest first: results that no order of calls gives, then those that divide sequences, then state alone. */
const severity = ({ stateOnly, order }: Exploration['wrong'][number]): number =>
  (stateOnly ? 2 : 0) + (order === null ? 0 : 1);

/** Rows of a loop folded: a caller's row that repeats what it did before, `times` times. */
export function foldRows(rows: readonly TraceRow[]): TraceRow[] {
  const folded: TraceRow[] = [];
  for (let i = 0; i < rows.length; ) {
    const length = loopLength(rows, i);
    const times = length === 0 ? 1 : repetitions(rows, i, length);
    if (times < 3) {
      folded.push(rows[i++]);
      continue;
    }
    for (let k = 0; k < length; k++) {
      const cells = Array.from({ length: times }, (_, nth) => rows[i + k + nth * length].cell);
      const span = touchSpan(cells);
      folded.push({ ...rows[i + k], times, ...(span === undefined ? {} : { span }) });
    }
    i += length * times;
  }
  return folded;
}

const MAX_LOOP = 8;

/** Rows of one iteration, when the rows from `at` on repeat themselves at least three times; else 0. */
function loopLength(rows: readonly TraceRow[], at: number): number {
  for (let length = 1; length <= MAX_LOOP; length++) if (repetitions(rows, at, length) >= 3) return length;
  return 0;
}

function repetitions(rows: readonly TraceRow[], at: number, length: number): number {
  let times = 1;
  while (sameRows(rows, at, at + times * length, length)) times++;
  return times;
}

function sameRows(rows: readonly TraceRow[], a: number, b: number, length: number): boolean {
  if (b + length > rows.length) return false;
  for (let k = 0; k < length; k++) {
    const [x, y] = [rows[a + k], rows[b + k]];
    if (x.op === 'call' || x.op === 'return') return false;
    if (x.caller !== y.caller || x.call !== y.call || x.offset !== y.offset || x.op !== y.op || y.switched)
      return false;
    if (String(x.notify?.woken) !== String(y.notify?.woken) || x.buffer !== y.buffer) return false;
  }
  return true;
}

/** Ways in which a host performs operations in parts that this run relied on. */
export function grainOf(
  result: Pick<StressResult, 'host'>,
  what: { growth: boolean; tears: boolean; bulk: boolean },
): string[] {
  const grain: string[] = [];
  if (what.growth)
    grain.push(t('Growth of an unshared memory or table on {0} is split into read, copy and publish.', result.host));
  if (what.tears)
    grain.push(t('Plain accesses that are misaligned or wider than four bytes are split into two halves.'));
  if (what.bulk) grain.push(t('Operations on ranges of bytes are split into parts.'));
  return grain;
}
