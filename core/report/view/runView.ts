/** What exploration has shown of one scenario, for the report. */

import type { AdvisedResult } from '../../advice/advised.ts';
import { linkText } from '../../debug/sourceWords.ts';
import { headlinesOf } from '../../stress/explore/headlines.ts';
import type { HostHazardReport, RaceParty, RaceReport, WrongOutcome } from '../../stress/explore/result.ts';
import type { Place } from '../../stress/run/traceRows.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { toldResults } from '../../stress/scenario/toldResults.ts';
import type { Results } from '../../stress/session/job.ts';
import { type Message, message, t, translated } from '../../text/l10n.ts';
import { paragraph } from '../../text/phrases.ts';
import { hex } from '../../wasm/printer/numbers.ts';
import { printable } from '../printable.ts';
import { functionOf, metText } from '../sourced.ts';
import { boundsSentence, buffersSentence, randomSentence } from '../text/exploredText.ts';
import { furtherVerdicts, verdictText } from '../verdicts.ts';
import type { AdviceView, MeetingView, OutcomeView, PlaceView, RunView } from './runModel.ts';
import { scenarioView } from './scenarioText.ts';
import { hangIn, reorderedText } from './scheduleFindings.ts';
import { scheduleView } from './scheduleView.ts';

/** Meetings, outcomes and pieces of advice that a view has. */
const MAX_MET = 100;
const MAX_OUTCOMES_SHOWN = 20;
const MAX_ADVICE_SHOWN = 12;
/** Characters of a sentence. */
const SENTENCE = 800;

/** How a run is shown. */
export interface RunOptions {
  /** Name of the scenario in its plan. */
  title?: string;
  /** Where an instruction is in the text of the module, `12:5`; byte offsets unless given. */
  place?(func: number, offset: number): string;
}

/** A result for people; bounded, whatever the run has found. */
export function runView(result: AdvisedResult, options: RunOptions = {}): RunView {
  const shown = printable(result, SENTENCE);
  const placed = (at: Place): PlaceView => placeView(shown, at, options);
  const { explored, restsOn, hostHazards, races, notes, grain } = shown;
  const hang = hangIn(shown);
  const met = [
    ...hostHazards.map((one) => meetingView(one, 'host-hazard', placed)),
    ...races.map((one) => meetingView(one, 'race', placed)),
  ];
  const played = scheduleView(result, options.place);
  const random =
    explored.pct !== null && explored.pct.schedules > 0
      ? t('Random schedules: {0}.', randomSentence(explored.pct))
      : '';
  return {
    // The scenario of the result itself: its key tells scenarios apart.
    scenario: scenarioView(result.scenario, options.title ?? ''),
    headlines: headlinesOf(shown),
    texts: [verdictText(shown), ...furtherVerdicts(shown)],
    explored: paragraph([t('{0}.', boundsSentence(shown)), random, buffersSentence(shown)]),
    restsOn,
    met: met.slice(0, MAX_MET),
    metTotal: met.length,
    hang:
      hang === undefined
        ? undefined
        : {
            text: paragraph([hang.buffered ? reorderedText(shown) : '', hang.of.cause.text]),
            callers: hang.of.lastSeen.map((at) => ({
              name: callerName(at.caller),
              does: at.waitsAt === undefined ? t('last seen in') : t('waits at {0} in', at.waitsAt),
              place: placed(at),
            })),
          },
    outcomes: outcomeViews(shown),
    advice: shown.advice.slice(0, MAX_ADVICE_SHOWN).map(adviceView),
    ...(played === undefined ? {} : { played }),
    notes: [...grain, ...notes],
  };
}

/** Function and place: `bump, src/lib.rs:31`. */
function placeView(result: AdvisedResult, at: Place, { place }: RunOptions): PlaceView {
  const inside = functionOf(at, result);
  const where =
    at.place !== undefined
      ? linkText(at.place)
      : at.offset < 0
        ? undefined
        : (place?.(at.func, at.offset) ?? hex(at.offset));
  const text = [inside, where].filter((part) => part !== undefined).join(', ');
  return { text: text === '' ? t('unknown code') : text, ...(at.offset < 0 ? {} : { offset: at.offset }) };
}

const ACCESS: Readonly<Record<RaceParty['access'], Message>> = {
  read: message('read'),
  write: message('write'),
  'atomic-read': message('atomic-read'),
  'atomic-write': message('atomic-write'),
};

function meetingView(
  met: RaceReport | HostHazardReport,
  kind: MeetingView['kind'],
  placed: (at: Place) => PlaceView,
): MeetingView {
  const party = (one: RaceParty): MeetingView['parties'][number] => ({
    caller: callerName(one.caller),
    does: one.op === 'call' ? one.op : t('{0} ({1})', one.op, translated(ACCESS[one.access])),
    place: placed(one),
  });
  return {
    kind,
    cell: metText(met),
    ...('text' in met ? { harm: met.text } : {}),
    parties: [party(met.a), party(met.b)],
    schedule: met.schedule,
  };
}

/** Wrong outcomes first. */
function outcomeViews(result: AdvisedResult): OutcomeView[] {
  const { wrong, examples } = result.outcomes;
  const buffered = result.storeBuffers?.wrong ?? [];
  const views = [
    ...[...wrong, ...buffered].map(
      (one): OutcomeView => ({
        kind: one.order !== null ? 'divided' : one.state.length > 0 ? 'wrong-state' : 'wrong',
        results: resultTexts(result, one),
        text: buffered.includes(one) ? paragraph([`${wrongMeaning(one)}.`, reorderedText(result)]) : wrongMeaning(one),
        state: one.state,
        schedule: one.schedule,
      }),
    ),
    ...examples.map(
      (one): OutcomeView => ({
        kind: 'serial',
        results: resultTexts(result, one),
        text: t('serial order {0}', one.order),
        state: [],
      }),
    ),
  ];
  return views.slice(0, MAX_OUTCOMES_SHOWN);
}

function wrongMeaning({ order, state }: WrongOutcome): string {
  if (order !== null) return t('correct call by call, in order {0}', order);
  return state.length > 0 ? t('leaves a state that no serial order leaves') : t('no serial order gives it');
}

function resultTexts({ scenario }: AdvisedResult, { results, probe }: { results: Results; probe: string[] }): string[] {
  return [
    ...results.map((list, caller) => toldResults(scenario.callers[caller], list).join(', ')),
    ...(scenario.probe.length > 0 ? [toldResults(scenario.probe, probe).join(', ')] : []),
  ];
}

const adviceView = ({ text, because, checked }: AdvisedResult['advice'][number]): AdviceView => ({
  text,
  because: because.map((evidence) => evidence.text),
  checked: checked.text,
  wasChecked: checked.by !== 'nothing',
});
