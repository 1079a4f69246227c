/**
 * Reports of Go's race detector beside the races that exploration found: which of them the host showed, which it did not,
 * and what it showed that exploration does not have.
 */

import type { Analysis } from '../../analysis/model.ts';
import type { StressResult } from '../../stress/explore/result.ts';
import { t } from '../../text/l10n.ts';
import { number, paragraph } from '../../text/phrases.ts';
import type { Module } from '../../wasm/module.ts';
import { depthsOf } from './depths.ts';
import type { HostRace } from './ledBack.ts';
import { type ExploredRaces, type Met, matchesOf } from './matching.ts';
import type { HostRaceParty } from './parties.ts';
import { hostRaceText } from './raceText.ts';

/** A race that exploration found, the detector reported, or both. */
export interface JoinedRace {
  /** `confirmed`: the detector reported it; `not-seen`: it did not; `new`: exploration should have found it. */
  status: 'confirmed' | 'not-seen' | 'new';
  kind: 'race' | 'host-hazard';
  /** One sentence. */
  text: string;
  /** Null where exploration does not have it. */
  explored: Met | null;
  /** Reports that are of it or may be. */
  reports: number;
  /** What the detector reported, led back. */
  seen: HostRace[];
}

/** What was explored, and what the race detector reported. */
export interface JoinInput {
  explored: StressResult;
  module: Module;
  analysis: Pick<Analysis, 'graph'>;
  races: readonly HostRace[];
}

/** Compares everything that exploration found with everything that the detector reported. */
export function joinedRaces({ explored, module, analysis, races }: JoinInput): JoinedRace[] {
  const found = foundIn(explored);
  const known: ExploredRaces = { found, module, atDepth: depthsOf(module, analysis) };
  const seen = new Map<Met, HostRace[]>(found.map((met) => [met, []]));
  const others = new Map<Met, Set<Met>>();
  const unclear: { race: HostRace; of: Met[] }[] = [];
  const exact = new Set<Met>();
  const fresh: JoinedRace[] = [];
  for (const race of races) {
    const of = matchesOf(race, known);
    if (of.length === 0) fresh.push(unexplored(race, explored, module));
    else if (of.length > 1) unclear.push({ race, of });
    else seen.get(of[0])?.push(race);
    if (of.length === 1 && race.a.place !== null && race.b.place !== null) exact.add(of[0]);
  }
  for (const { race, of } of unclear) {
    // Where accesses were watched one by one, too, that says which.
    const watched = of.filter((met) => exact.has(met));
    const meant = watched.length > 0 ? watched : of;
    for (const met of meant) {
      seen.get(met)?.push(race);
      others.set(met, new Set([...(others.get(met) ?? []), ...meant].filter((one) => one !== met)));
    }
  }
  return [...found.map((met) => ofExplored(met, explored, seen.get(met) ?? [], others.get(met)?.size ?? 0)), ...fresh];
}

/** Host hazards, and the races that are no more than one of them. */
function foundIn({ hostHazards, races }: StressResult): Met[] {
  const key = ({ cell, a, b }: Met): string => `${cell} ${a.offset} ${b.offset}`;
  const hazards = new Set(hostHazards.map(key));
  return [...hostHazards, ...races.filter((race) => !hazards.has(key(race)))];
}

function ofExplored(met: Met, { functions }: StressResult, seen: HostRace[], others: number): JoinedRace {
  const [one, other] = [met.a, met.b].map(({ op, func }) =>
    func < 0 ? op : t('{0} in {1}', op, functions[func] ?? `func[${func}]`),
  );
  const reports = seen.reduce((sum, race) => sum + race.reports, 0);
  const unclear =
    reports === 0 || others === 0
      ? ''
      : others === 1
        ? t('The reports may also be of another race on it.')
        : t('The reports may also be of {0} other races on it.', number(others));
  return {
    status: reports === 0 ? 'not-seen' : 'confirmed',
    kind: 'text' in met ? 'host-hazard' : 'race',
    text: paragraph([t('{0}: {1} against {2}.', met.cell, one, other), unclear]),
    explored: met,
    reports,
    seen,
  };
}

/** A report that is of nothing that exploration found. */
function unexplored(race: HostRace, { exhaustive }: StressResult, module: Module): JoinedRace {
  const { cell, a, b, reports } = race;
  const text = t('{0}.', hostRaceText(race, module));
  const about = { explored: null, reports, seen: [race] };
  if (cell === null || cell.kind === 'host' || outside(a) || outside(b))
    return {
      ...about,
      status: 'confirmed',
      kind: 'host-hazard',
      text: paragraph([text, t('It is in Go code, which exploration does not run.')]),
    };
  // Only a search that was complete should have found it.
  if (cell.index < 0)
    return {
      ...about,
      status: 'confirmed',
      kind: 'race',
      text: paragraph([text, t('It could not be led back to a cell.')]),
    };
  if (!exhaustive)
    return {
      ...about,
      status: 'confirmed',
      kind: 'race',
      text: paragraph([text, t('Exploration, which did not try all schedules, did not find it.')]),
    };
  return { ...about, status: 'new', kind: 'race', text };
}

/** A function that the module imports made the access: exploration runs another one in its place. */
const outside = ({ host, depth }: HostRaceParty): boolean => host !== null && depth !== 0;
