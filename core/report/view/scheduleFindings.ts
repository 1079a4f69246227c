/** The findings of a run that a schedule shows, as the schedule player lists them. */

import { HOST_PROFILES } from '../../hosts/index.ts';
import { causeName } from '../../stress/explore/hang/causeText.ts';
import type { Hang } from '../../stress/explore/hang/hang.ts';
import type {
  HostHazardReport,
  RaceParty,
  RaceReport,
  StressResult,
  WrongOutcome,
} from '../../stress/explore/result.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { toldResults } from '../../stress/scenario/toldResults.ts';
import { callerText, divisionText } from '../../stress/scenario/units.ts';
import { t } from '../../text/l10n.ts';
import { paragraph } from '../../text/phrases.ts';
import { printable } from '../printable.ts';
import { functionOf, metText } from '../sourced.ts';
import { wokenText } from '../text/notifyText.ts';

/** One of two operations that met. */
export interface PartyView {
  caller: number;
  call: number;
  op: string;
  offset: number;
  /** What both touched. */
  cell: string;
}

/** A caller that did not return, and where it was last seen. */
export interface StuckView {
  caller: number;
  call: number;
  /** The address that it waits at. */
  at?: string;
  offset: number;
  inside?: string;
}

/** Who waits for whom. */
export interface WaitView {
  caller: number;
  for: number;
  at: string;
  held: boolean;
}

/** Something that a run found, with the schedule that shows it. */
export interface FindingView {
  /** The same for the same finding of the same calls; see `findingId`. */
  id: string;
  kind: 'host-hazard' | 'hang' | 'wrong-outcome' | 'race';
  /** Only schedules show it in which plain stores wait in store buffers: false. */
  buffered?: true;
  /** `Data race on $counter`, and the same in a list of its kind, `$counter`. */
  title: string;
  name: string;
  /** Sentences. */
  detail: string[];
  /** Empty where every schedule shows it. */
  schedule: string;
  /** Further schedules with the same outcome. */
  also?: string[];
  /** Of races and host hazards. */
  parties?: [PartyView, PartyView];
  /** Of hangs. */
  stuck?: StuckView[];
  waits?: WaitView[];
  /** The notification that woke nobody or another caller. */
  notified?: { caller: number; call: number; offset: number; text: string };
}

/** A finding as results have it; `buffered` where only store buffers show it. */
export type FoundFinding =
  | { kind: 'host-hazard'; of: HostHazardReport }
  | { kind: 'race'; of: RaceReport }
  | { kind: 'hang'; of: Hang; buffered?: true }
  | { kind: 'wrong-outcome'; of: WrongOutcome; buffered?: true };

/** Calls that do not return. */
export type HangFinding = Extract<FoundFinding, { kind: 'hang' }>;

/**
 * Names a finding of a run for commands and links: kind, schedule, what met, and the calls of the run. Two findings of a
 * module have the same only if nobody can tell them apart.
 */
export function findingId({ scenario }: Pick<StressResult, 'scenario'>, { kind, of }: FoundFinding): string {
  const met = 'a' in of ? [of.a, of.b].map(({ caller, call, offset }) => `${caller}.${call}.${offset}`) : [];
  const what = 'results' in of ? printable(of.results.flat()) : [];
  // Names in the report are printable; the same is done to them twice without a difference.
  const { callers, repeats } = scenario;
  const shown = printable({ callers, repeats });
  const calls = callers.map((_, i) => callerText(shown, i)).join(' | ');
  return [kind, of.schedule, ...met, ...what, calls].join(' ');
}

/** All findings of a run, the worst first; what reads the same is one. */
export function findingViews(result: StressResult): FindingView[] {
  const byText = new Map<string, FindingView>();
  for (const found of foundIn(result)) {
    const text = told(result, found);
    const { schedule } = found.of;
    const known = byText.get([found.kind, text.title, ...text.detail].join('\n'));
    if (known === undefined)
      byText.set([found.kind, text.title, ...text.detail].join('\n'), {
        id: findingId(result, found),
        kind: found.kind,
        ...('buffered' in found ? { buffered: true } : {}),
        schedule,
        ...text,
      });
    else if (schedule !== known.schedule && !known.also?.includes(schedule))
      known.also = [...(known.also ?? []), schedule];
  }
  return [...byText.values()];
}

function told(result: StressResult, found: FoundFinding): Omit<FindingView, 'id' | 'kind' | 'schedule'> {
  switch (found.kind) {
    case 'host-hazard':
      return {
        ...named(
          (name) => t('Host hazard: {0}', name),
          HOST_PROFILES[result.host].hostHazards[found.of.kind]?.name ?? found.of.kind,
        ),
        detail: [metSentence(found.of, result), found.of.text],
        parties: partiesOf(found.of),
      };
    case 'race':
      return {
        ...named((name) => t('Data race on {0}', name), metText(found.of)),
        detail: [metSentence(found.of, result), t('Nothing that the callers do orders these two accesses.')],
        parties: partiesOf(found.of),
      };
    case 'hang':
      return hangView(found, result);
    case 'wrong-outcome':
      return {
        ...named(
          (name) => (found.buffered ? t('Wrong outcome with store buffers: {0}', name) : t('Wrong outcome: {0}', name)),
          outcomeText(result, found.of),
        ),
        detail: [...(found.buffered ? bufferSentences(result) : []), ...wrongSentences(result, found.of)],
      };
  }
}

/**
 * What schedules of a run show, in the order of headlines; what only store buffers show, before the races that it needs.
 */
export function foundIn({ hostHazards, hang, outcomes, races, storeBuffers }: StressResult): FoundFinding[] {
  const hangs = storeBuffers?.hang ?? null;
  return [
    ...hostHazards.map((of) => ({ kind: 'host-hazard', of }) as const),
    ...(hang === null ? [] : [{ kind: 'hang', of: hang } as const]),
    ...outcomes.wrong.map((of) => ({ kind: 'wrong-outcome', of }) as const),
    ...(hangs === null ? [] : [{ kind: 'hang', of: hangs, buffered: true } as const]),
    ...(storeBuffers?.wrong ?? []).map((of) => ({ kind: 'wrong-outcome', of, buffered: true }) as const),
    ...races.map((of) => ({ kind: 'race', of }) as const),
  ];
}

/** The calls of a run that do not return; `buffered` where only store buffers show that. */
export const hangIn = (result: StressResult): HangFinding | undefined =>
  foundIn(result).find((one) => one.kind === 'hang');

/** Where it happens, and how. */
const bufferSentences = (result: Pick<StressResult, 'exhaustive' | 'replayed'>): string[] => [
  reorderedText(result),
  t(
    'On x86, Arm and other processors, a thread reads on while its plain stores wait in its store buffer, where only it sees them. Atomic stores, read-modify-writes and fences wait until that is empty.',
  ),
];

/** That something needs store buffers, as far as that is known; a sentence. */
export function reorderedText({ exhaustive, replayed }: Pick<StressResult, 'exhaustive' | 'replayed'>): string {
  if (replayed) return t('This happens where hardware reorders stores.');
  return exhaustive
    ? t('This happens only where hardware reorders stores: no schedule without store buffers shows it.')
    : t('This was seen only where hardware reorders stores.');
}

const named = (title: (name: string) => string, name: string): { title: string; name: string } => ({
  title: title(name),
  name,
});

const partiesOf = ({ a, b, cell }: Omit<RaceReport, 'kind'>): [PartyView, PartyView] => {
  const view = ({ caller, call, op, offset }: RaceParty): PartyView => ({ caller, call, op, offset, cell });
  return [view(a), view(b)];
};

function metSentence({ a, b }: Omit<RaceReport, 'kind'>, result: StressResult): string {
  const [one, other] = [a, b].map((party) => {
    const inside = functionOf(party, result);
    const does = party.op === 'call' ? t('calls') : party.op;
    const who = callerName(party.caller);
    return inside === undefined ? t('{0}: {1}', who, does) : t('{0}: {1} in {2}', who, does, inside);
  });
  return t('{0} against {1}.', one, other);
}

const hangName = ({ of: hang, buffered }: Pick<HangFinding, 'of' | 'buffered'>): Pick<FindingView, 'title' | 'name'> =>
  named((name) => (buffered ? t('Hang with store buffers: {0}', name) : t('Hang: {0}', name)), causeName(hang));

/** What hangs, why, and whether that needs store buffers; sentences. */
export const hangSummary = (result: StressResult, { of: hang, buffered }: HangFinding): string =>
  paragraph([
    t('{0}.', hangName({ of: hang, buffered }).title),
    hang.cause.text,
    ...(buffered ? [reorderedText(result)] : []),
  ]);

function hangView(
  { of: hang, buffered }: HangFinding,
  result: StressResult,
): Omit<FindingView, 'id' | 'kind' | 'schedule'> {
  const { notification } = hang.cause;
  return {
    ...hangName({ of: hang, buffered }),
    detail: [...(buffered ? bufferSentences(result) : []), hang.cause.text],
    stuck: hang.lastSeen.map((seen) => {
      const inside = functionOf(seen, result);
      return {
        caller: seen.caller,
        call: seen.call,
        offset: seen.offset,
        ...(seen.waitsAt === undefined ? {} : { at: seen.waitsAt }),
        ...(inside === undefined ? {} : { inside }),
      };
    }),
    waits: hang.cause.waits.map(({ caller, at, held, for: whom }) => ({ caller, at, held, for: whom })),
    ...(notification === null
      ? {}
      : {
          notified: {
            caller: notification.caller,
            call: notification.call,
            offset: notification.offset,
            text: t('{0} notified {1}: {2}', callerName(notification.caller), notification.at, wokenText(notification)),
          },
        }),
  };
}

/** `A 1; B 1`, `A 1; B 1; then 1`. */
function outcomeText({ scenario }: StressResult, { results, probe }: Pick<WrongOutcome, 'results' | 'probe'>): string {
  const callers = results.map((list, i) =>
    `${callerName(i)} ${toldResults(scenario.callers[i] ?? [], list).join(', ')}`.trim(),
  );
  const then = toldResults(scenario.probe, probe).join(', ');
  return [...callers, ...(then === '' ? [] : [t('then {0}', then)])].join('; ');
}

function wrongSentences({ scenario, outcomes, unit }: StressResult, { state, order }: WrongOutcome): string[] {
  const whole = unit === 'sequence';
  const first = outcomes.serialComplete
    ? whole
      ? t('None of the serial orders of whole sequences gives this outcome.')
      : t('None of the serial orders gives this outcome.')
    : whole
      ? t('None of the serial orders of whole sequences that were run gives this outcome.')
      : t('None of the serial orders that were run gives this outcome.');
  const divided = order === null ? [] : [t('It is correct call by call: {0}.', divisionText(scenario, order))];
  return [first, ...divided, ...state.map((text) => `${text}.`)];
}
