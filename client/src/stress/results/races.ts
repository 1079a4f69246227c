/** Races as they are told in the editor, at instructions and at lines of originals. */
import { DiagnosticSeverity, l10n, type MarkdownString, type Uri } from 'vscode';
import type { AdvisedResult } from '../../../../core/advice/advised.ts';
import { codeSpan, commandMarkdown, markdownText } from '../../../../core/harmless/markdown.ts';
import { isRaceAlone, showsOnlyRaces } from '../../../../core/report/shown/badge.ts';
import { functionOf, metText } from '../../../../core/report/sourced.ts';
import { noWrongOutcomeText } from '../../../../core/report/verdicts.ts';
import { findingId, foundIn } from '../../../../core/report/view/scheduleFindings.ts';
import { severityOfResult } from '../../../../core/stress/explore/headlines.ts';
import type { HostHazardReport, RaceParty, RaceReport } from '../../../../core/stress/explore/result.ts';
import { callerName } from '../../../../core/stress/scenario/scenario.ts';
import { paragraph } from '../../../../core/text/phrases.ts';
import type { CommandId } from '../../../../server/src/protocol.ts';
import { markdownString } from '../../shown/markdown.ts';
import type { VerifiedExports } from './stressResults.ts';
import { verifiedText } from './verified.ts';

const REPLAY = 'wasm-hazards.replaySchedule' satisfies CommandId;
const PLAY = 'wasm-hazards.playSchedule' satisfies CommandId;
/** Races of a module that are shown. */
const MAX_RACES = 100;

/**
 * How bad it is that two operations met: `host-hazard` damages the host; with `race` an outcome was wrong, or was not
 * judged, or something hung, if only with store buffers; with `race-alone` all outcomes of all runs that show it are those
 * of serial orders.
 */
export type Grade = 'host-hazard' | 'race' | 'race-alone';

/** What a grade is among the problems. */
export const SEVERITY: Readonly<Record<Grade, DiagnosticSeverity>> = {
  'host-hazard': DiagnosticSeverity.Error,
  race: DiagnosticSeverity.Warning,
  'race-alone': DiagnosticSeverity.Information,
};

/** A race, or a host hazard, with the worst of the results that show it. */
export interface ShownRace<Report = RaceReport> {
  race: Report;
  result: AdvisedResult;
  grade: Grade;
  /** What the real host showed of it, a sentence; empty where it was not verified. */
  verified: string;
}

/** Races, or host hazards, of several results, each once. */
export function eachOnce<Report extends RaceReport | HostHazardReport>(
  results: readonly AdvisedResult[],
  of: (result: AdvisedResult) => readonly Report[],
  verified: readonly VerifiedExports[],
): ShownRace<Report>[] {
  const found = new Map<string, ShownRace<Report>>();
  for (const result of results) {
    const grade = isRaceAlone(result) ? 'race-alone' : 'race';
    for (const race of of(result)) {
      const key = [race.kind, ...[race.a.offset, race.b.offset].sort((a, b) => a - b)].join();
      const known = found.get(key);
      if (known !== undefined && severityOfResult(known.result) >= severityOfResult(result)) continue;
      if (known === undefined && found.size === MAX_RACES) continue;
      found.set(key, {
        race,
        result,
        grade: 'text' in race ? 'host-hazard' : grade,
        verified: verifiedText(race, verified),
      });
    }
  }
  return [...found.values()];
}

/** `A: i32.load in visit`. */
export function partyText(party: RaceParty, result: AdvisedResult): string {
  const inside = functionOf(party, result);
  const caller = callerName(party.caller);
  if (inside === undefined) return l10n.t('{0}: {1}', caller, party.op);
  return l10n.t('{0}: {1} in {2}', caller, party.op, inside);
}

/** Who met whom, and the schedule that showed it. */
export const encounterText = (shown: ShownRace<RaceReport | HostHazardReport>): string => {
  const { race, result, verified } = shown;
  return paragraph([
    l10n.t('{0} against {1}.', partyText(race.a, result), partyText(race.b, result)),
    // The calls of a host hazard may have no steps.
    race.schedule === ''
      ? l10n.t('Shown on {0}, {1}.', result.host, result.model)
      : l10n.t('Shown by schedule {0} on {1}, {2}.', race.schedule, result.host, result.model),
    ...outcomeSentence(shown),
    verified,
  ]);
};

/** That schedules show nothing but races, how far that goes, and what store buffers add; nothing where they show more. */
export const outcomeSentence = ({ result }: ShownRace<RaceReport | HostHazardReport>): string[] =>
  showsOnlyRaces(result) ? [`${capital(noWrongOutcomeText(result))}.`] : [];

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Names the finding for the player of the report. */
const findingOf = ({ race, result }: ShownRace<RaceReport | HostHazardReport>): string =>
  findingId(result, 'text' in race ? { kind: 'host-hazard', of: race } : { kind: 'race', of: race });

/** Plays the first finding that needs store buffers; nothing where there is none. */
const bufferedLink = (uri: Uri, result: AdvisedResult): string[] => {
  const found = foundIn(result).find((one) => 'buffered' in one);
  if (found === undefined) return [];
  return [
    `(${commandMarkdown(l10n.t('play it with store buffers'), PLAY, [uri.toString(), findingId(result, found)])})`,
  ];
};

/** What an instruction meets, with links that replay the schedules. */
export function hoverOf(
  uri: Uri,
  list: readonly { me: RaceParty; other: RaceParty; shown: ShownRace<RaceReport | HostHazardReport> }[],
): MarkdownString {
  const paragraphs = list.slice(0, 5).map(({ me, other, shown }) => {
    const { race, result, verified, grade } = shown;
    const play = commandMarkdown(l10n.t('play'), PLAY, [uri.toString(), findingOf(shown)]);
    const replay = commandMarkdown(l10n.t('replay'), REPLAY, [uri.toString(), race.schedule]);
    const title = grade === 'host-hazard' ? l10n.t('Host hazard') : l10n.t('Data race');
    const met = l10n.t(
      'on {0} ({1}): {2} and {3}.',
      metText(race),
      race.kind,
      partyText(me, result),
      partyText(other, result),
    );
    const schedule =
      race.schedule === '' ? '' : `${l10n.t('Schedule {0}', codeSpan(race.schedule))} (${play}, ${replay}). `;
    const outcome = [...outcomeSentence(shown).map(markdownText), ...bufferedLink(uri, result)].join(' ');
    return `**${title}** ${markdownText(met)} ${schedule}${paragraph([outcome, markdownText(verified)])}`;
  });
  return markdownString(paragraphs.join('\n\n'), { commands: [REPLAY, PLAY] });
}
