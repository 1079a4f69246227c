/** Races as they are told in the editor, at instructions and at lines of originals. */
import { MarkdownString, type Uri } from 'vscode';
import type { AdvisedResult } from '../../../../core/advice/advised.ts';
import { functionOf, metText } from '../../../../core/report/sourced.ts';
import type { HostHazardReport, RaceParty, RaceReport } from '../../../../core/stress/explore/result.ts';
import { callerName } from '../../../../core/stress/scenario/scenario.ts';
import type { CommandId } from '../../../../server/src/protocol.ts';
import type { VerifiedExports } from './stressResults.ts';
import { verifiedText } from './verified.ts';

const REPLAY = 'wasm-hazards.replaySchedule' satisfies CommandId;
/** Races of a module that are shown. */
const MAX_RACES = 100;

/** A race, or a host hazard, with the result that it is from. */
export interface ShownRace<Report = RaceReport> {
  race: Report;
  result: AdvisedResult;
  /** What the real host showed of it, a sentence; empty where it was not verified. */
  verified: string;
}

/** Races, or host hazards, of several results, each once. */
export function eachOnce<Report extends RaceReport | HostHazardReport>(
  results: readonly AdvisedResult[],
  of: (result: AdvisedResult) => readonly Report[],
  verified: readonly VerifiedExports[],
): ShownRace<Report>[] {
  const seen = new Set<string>();
  const found: ShownRace<Report>[] = [];
  for (const result of results) {
    for (const race of of(result)) {
      const key = [race.kind, ...[race.a.offset, race.b.offset].sort((a, b) => a - b)].join();
      if (seen.has(key)) continue;
      seen.add(key);
      found.push({ race, result, verified: verifiedText(race, verified) });
    }
  }
  return found.slice(0, MAX_RACES);
}

/** `A: i32.load in visit`. */
export function partyText(party: RaceParty, result: AdvisedResult): string {
  const inside = functionOf(party, result);
  return `${callerName(party.caller)}: ${party.op}${inside === undefined ? '' : ` in ${inside}`}`;
}

/** Who met whom, and the schedule that showed it. */
export const encounterText = ({ race, result, verified }: ShownRace<RaceReport | HostHazardReport>): string =>
  [
    `${partyText(race.a, result)} against ${partyText(race.b, result)}. Shown by schedule ${race.schedule} on ${result.host}, ${result.model}.`,
    ...(verified === '' ? [] : [verified]),
  ].join(' ');

/** What an instruction races with, with links that replay the schedules. */
export function hoverOf(
  uri: Uri,
  list: readonly { me: RaceParty; other: RaceParty; shown: ShownRace<RaceReport | HostHazardReport> }[],
): MarkdownString {
  const text = new MarkdownString();
  text.isTrusted = { enabledCommands: [REPLAY] };
  for (const { me, other, shown } of list.slice(0, 5)) {
    const { race, result, verified } = shown;
    const link = `command:${REPLAY}?${encodeURIComponent(JSON.stringify([uri.toString(), race.schedule]))}`;
    text.appendMarkdown('**Data race** on ').appendText(metText(race));
    text.appendMarkdown(' (').appendText(race.kind).appendMarkdown('): ');
    text.appendText(partyText(me, result)).appendMarkdown(' and ').appendText(partyText(other, result));
    text.appendMarkdown(`. Schedule \`${race.schedule}\` ([replay](${link})). `).appendText(verified);
    text.appendMarkdown('\n\n');
  }
  return text;
}
