/** What calls gave under schedules, beside what serial orders give: rows of a table. */
import type { SerialOutcome, StressResult, WrongOutcome } from '../../stress/explore/result.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { stepText } from '../../stress/scenario/steps.ts';
import { toldResults } from '../../stress/scenario/toldResults.ts';
import { callerText } from '../../stress/scenario/units.ts';
import { t } from '../../text/l10n.ts';
import { number } from '../../text/phrases.ts';

/** One outcome: its cells stand below `heads`. */
export interface ScheduleOutcome {
  /** `AB`; of a wrong outcome that is serial call by call, that order; else empty. */
  order: string;
  /** Of a wrong outcome. */
  schedule?: string;
  cells: string[];
  /** How the state differs from that of serial orders, sentences. */
  state: string[];
}

/** Outcomes of a run. */
export interface ScheduleOutcomes {
  /** A caller each, and the probe. */
  heads: { name: string; calls: string }[];
  /** What no serial order gives, with store buffers, too. */
  wrong: ScheduleOutcome[];
  serial: ScheduleOutcome[];
  /** How many of each there are in all, and whether all serial orders are known. */
  text: string;
}

/** What an outcome says to a reader, a text for each caller, and one for the probe where there is one. */
export const outcomeCells = (
  { scenario }: Pick<StressResult, 'scenario'>,
  { results, probe }: Pick<SerialOutcome, 'results' | 'probe'>,
): string[] => [
  ...results.map((list, i) => toldResults(scenario.callers[i] ?? [], list).join(', ')),
  ...(scenario.probe.length > 0 ? [toldResults(scenario.probe, probe).join(', ')] : []),
];

/** Undefined where no outcome is known. */
export function scheduleOutcomes({
  scenario,
  outcomes,
  storeBuffers,
  unit,
}: StressResult): ScheduleOutcomes | undefined {
  const { examples, seen, serial, serialComplete, serialMore } = outcomes;
  const wrong = [...outcomes.wrong, ...(storeBuffers?.wrong ?? [])];
  if (examples.length + wrong.length === 0) return undefined;
  const probes = scenario.probe.length > 0;
  const cellsOf = (one: Pick<SerialOutcome, 'results' | 'probe'>): string[] => outcomeCells({ scenario }, one);
  return {
    heads: [
      ...scenario.callers.map((_, i) => ({ name: callerName(i), calls: callerText(scenario, i) })),
      ...(probes ? [{ name: t('then'), calls: scenario.probe.map(stepText).join('; ') }] : []),
    ],
    wrong: differing(
      wrong.map((one: WrongOutcome) => ({
        order: one.order ?? '',
        schedule: one.schedule,
        cells: cellsOf(one),
        state: one.state,
      })),
    ),
    serial: examples.map((one) => ({ order: one.order, cells: cellsOf(one), state: [] })),
    text: totalText(
      number(seen),
      serialMore === true ? t('more than {0}', number(serial)) : number(serial),
      serialComplete,
      unit === 'sequence',
    ),
  };
}

function totalText(seen: string, serial: string, complete: boolean, whole: boolean): string {
  if (complete)
    return whole
      ? t('{0} seen; all serial orders of whole sequences give {1}', seen, serial)
      : t('{0} seen; all serial orders give {1}', seen, serial);
  return whole
    ? t('{0} seen; serial orders so far of whole sequences give {1}', seen, serial)
    : t('{0} seen; serial orders so far give {1}', seen, serial);
}

/** Outcomes that read the same may differ in what is not told, such as addresses. */
function differing(outcomes: readonly ScheduleOutcome[]): ScheduleOutcome[] {
  const seen = new Set<string>();
  return outcomes.filter(({ order, cells, state }) => {
    const key = [order, ...cells, ...state].join('\n');
    return !seen.has(key) && seen.add(key);
  });
}
