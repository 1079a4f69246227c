/** What stress runs have shown of a module, with its places in originals, and how it is told there. */
import { l10n, Uri } from 'vscode';
import type { AdvisedResult } from '../../../core/advice/advised.ts';
import { metText } from '../../../core/report/sourced.ts';
import { hangIn, hangSummary } from '../../../core/report/view/scheduleFindings.ts';
import type { HostHazardReport, RaceParty, RaceReport } from '../../../core/stress/explore/result.ts';
import { callerName } from '../../../core/stress/scenario/scenario.ts';
import { paragraph } from '../../../core/text/phrases.ts';
import type { OriginalPosition } from '../../../server/src/protocol.ts';
import type { Server } from '../server.ts';
import { eachOnce, outcomeSentence, type ShownRace } from '../stress/results/races.ts';
import type { VerifiedExports } from '../stress/results/stressResults.ts';
import { baseName } from '../uris.ts';

/** A line of an original, from 0. */
export interface OriginalLine {
  uri: string;
  line: number;
  character: number;
}
/** One side of an encounter. */
export interface Side {
  party: RaceParty;
  /** Undefined where the code was not compiled from a file of the workspace. */
  place: OriginalLine | undefined;
}
/** Two operations that met: a race, or a host hazard. At least one of them is in an original. */
export interface PlacedEncounter {
  shown: ShownRace<RaceReport | HostHazardReport>;
  module: Uri;
  a: Side;
  b: Side;
}
/** A caller that did not return. */
export interface Stuck {
  result: AdvisedResult;
  caller: number;
  place: OriginalLine;
}
/** All that is told at lines. */
export interface PlacedResults {
  races: PlacedEncounter[];
  hazards: PlacedEncounter[];
  hangs: Stuck[];
}

/** Asks the server for the lines. */
export async function placedResults(
  server: Server,
  module: Uri,
  results: readonly AdvisedResult[],
  verified: readonly VerifiedExports[],
): Promise<PlacedResults> {
  const races = eachOnce(results, (result) => result.races, verified);
  const hazards = eachOnce(results, (result) => result.hostHazards, verified);
  const stuck = results.flatMap((result) => (hangIn(result)?.of.lastSeen ?? []).map((seen) => ({ result, ...seen })));
  const all = [
    ...[...races, ...hazards].flatMap(({ race }) => [race.a.offset, race.b.offset]),
    ...stuck.map(({ offset }) => offset),
  ];
  const offsets = [...new Set(all)].filter((offset) => offset >= 0);
  if (offsets.length === 0) return { races: [], hazards: [], hangs: [] };
  const { places } = await server.request('wasmHazards/originalsOf', { uri: module.toString(), offsets });
  const at = new Map(offsets.map((offset, i) => [offset, inWorkspace(places[i])]));
  const placed = (shown: PlacedEncounter['shown']): PlacedEncounter[] => {
    const [a, b] = [shown.race.a, shown.race.b].map((party): Side => ({ party, place: at.get(party.offset) }));
    return a.place === undefined && b.place === undefined ? [] : [{ shown, module, a, b }];
  };
  return {
    races: eachLineOnce(races.flatMap(placed)),
    hazards: eachLineOnce(hazards.flatMap(placed)),
    hangs: stuck.flatMap(({ result, caller, offset }) => {
      const place = at.get(offset);
      return place === undefined ? [] : [{ result, caller, place }];
    }),
  };
}

const inWorkspace = (place: OriginalPosition | null | undefined): OriginalLine | undefined =>
  place?.uri == null ? undefined : { uri: place.uri, line: place.line, character: place.character };

/** A line can be many instructions. */
function eachLineOnce(encounters: readonly PlacedEncounter[]): PlacedEncounter[] {
  const byKey = new Map<string, PlacedEncounter>();
  for (const one of encounters) {
    const sides = [one.a, one.b].map(({ place, party }) => (place ? `${place.uri} ${place.line}` : `${party.offset}`));
    const key = JSON.stringify([one.shown.race.kind, one.shown.race.cell, sides.sort()]);
    if (!byKey.has(key)) byKey.set(key, one);
  }
  return [...byKey.values()];
}

/** The side that is told of, and the other one. */
export const sidesOf = ({ a, b }: PlacedEncounter): [Side, Side] => (a.place === undefined ? [b, a] : [a, b]);

/** `Data race on visits (...): A reads at visits.c:16, while B writes at visits.c:17. Shown by ...`. */
export function encounterMessage(encounter: PlacedEncounter): string {
  const { race, result, verified } = encounter.shown;
  const [at, other] = sidesOf(encounter);
  const further = [...outcomeSentence(encounter.shown), ...(verified === '' ? [] : [verified])];
  const shown =
    race.schedule === ''
      ? l10n.t('Shown on {0}, {1}.', result.host, result.model)
      : l10n.t('Shown by schedule {0} on {1}, {2}.', race.schedule, result.host, result.model);
  const sides = [metText(race), sideText(at), sideText(other)] as const;
  return 'text' in race
    ? paragraph([l10n.t('Host hazard on {0}: {1}, while {2}.', ...sides), shown, ...further, race.text])
    : paragraph([l10n.t('Data race on {0}: {1}, while {2}.', ...sides), shown, ...further]);
}

/** What a caller that did not return waits for. */
export function stuckMessage({ result, caller }: Stuck): string {
  const hang = hangIn(result);
  const text = hang === undefined ? '' : hangSummary(result, hang);
  return l10n.t('{0} Caller {1} was last seen here.', text, callerName(caller));
}

/** `A reads at visits.c:16`, `B writes in code that is not in the workspace`. */
export function sideText({ party, place }: Side): string {
  const caller = callerName(party.caller);
  if (place === undefined) {
    switch (party.access) {
      case 'read':
        return l10n.t('{0} reads in code that is not in the workspace', caller);
      case 'write':
        return l10n.t('{0} writes in code that is not in the workspace', caller);
      case 'atomic-read':
        return l10n.t('{0} reads atomically in code that is not in the workspace', caller);
      case 'atomic-write':
        return l10n.t('{0} writes atomically in code that is not in the workspace', caller);
    }
  }
  switch (party.access) {
    case 'read':
      return l10n.t('{0} reads at {1}', caller, fileLine(place));
    case 'write':
      return l10n.t('{0} writes at {1}', caller, fileLine(place));
    case 'atomic-read':
      return l10n.t('{0} reads atomically at {1}', caller, fileLine(place));
    case 'atomic-write':
      return l10n.t('{0} writes atomically at {1}', caller, fileLine(place));
  }
}

const fileLine = ({ uri, line }: OriginalLine): string => `${baseName(Uri.parse(uri, true))}:${line + 1}`;

/** `itself`, `line 16`, `counter.h:12`, as seen from a line of a file. */
export function sideFrom({ place, party }: Side, file: Uri, line: number): string {
  if (place === undefined) return party.op;
  if (!isIn(place, file)) return fileLine(place);
  return place.line === line ? l10n.t('itself') : l10n.t('line {0}', place.line + 1);
}

/** Whether a line is one of a file. */
export const isIn = ({ uri }: OriginalLine, file: Uri): boolean => Uri.parse(uri, true).toString() === file.toString();
