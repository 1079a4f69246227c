/** What Go's race detector reported, as findings of a result. */

import type { StressResult } from '../../stress/explore/result.ts';
import type { Scenario } from '../../stress/scenario/scenario.ts';
import { callsOf } from '../../stress/scenario/steps.ts';
import { t } from '../../text/l10n.ts';
import { listOf, plural } from '../../text/phrases.ts';
import type { ReportedRound } from '../driverResult.ts';
import type { WatchedSite } from '../exact/watchedSites.ts';
import { MAX_SEEN, type SeenRace, type VerifyFinding, type VerifyMode } from '../model.ts';
import type { PlannedVerify } from '../plan.ts';
import { joinedRaces } from './joinedRaces.ts';
import { type HostRace, ledBack } from './ledBack.ts';
import { operationsOf } from './operations.ts';
import { STEP_FUNCTIONS } from './parties.ts';
import { parseRaceReports } from './raceReports.ts';
import { hostRaceText } from './raceText.ts';

/** A run under the race detector. */
export interface DetectedRun {
  mode: VerifyMode;
  rounds: number;
  reported: readonly ReportedRound[];
}

/** What reports are led back with. */
export interface LeadingBack extends Pick<PlannedVerify, 'prepared'> {
  scenario: Scenario;
  /** Source of wazero's interpreter, of the version that ran; undefined where it was not found. */
  interpreter: string | undefined;
  /** Accesses of the watched module that ran. */
  sites?: readonly WatchedSite[];
}

/** Findings, and what to know of them, a sentence each. */
export function raceFindings(
  explored: StressResult | undefined,
  runs: readonly DetectedRun[],
  { prepared, scenario, interpreter, sites }: LeadingBack,
): { findings: VerifyFinding[]; notes: string[] } {
  if (runs.length === 0) return { findings: [], notes: [] };
  const text = runs
    .flatMap(({ reported }) => reported)
    // Rounds of several runs have numbers of their own here.
    .map((one, i) => `@verify round ${i}\n${one.text}`)
    .join('');
  const led = ledBack(parseRaceReports(text), {
    operationAt: interpreter === undefined ? () => undefined : operationsOf(interpreter),
    exportOf(caller, step) {
      const steps = scenario.callers[caller] ?? [];
      const made = step === null ? steps : steps.filter((_, i) => i % STEP_FUNCTIONS === step);
      const names = new Set(callsOf(made));
      return names.size === 1 ? [...names][0] : null;
    },
    sites,
  });
  const { module, analysis } = prepared;
  const base = {
    wrong: 0,
    rounds: runs.reduce((sum, { rounds }) => sum + rounds, 0),
    ran: runs.map(({ mode }) => mode),
  };
  const told = (races: readonly HostRace[]): SeenRace[] =>
    races
      .toSorted((a, b) => b.reports - a.reports)
      .slice(0, MAX_SEEN)
      .map((race) => ({ text: hostRaceText(race, module), ...race }));
  const findings =
    explored === undefined
      ? led.races.map(
          (race): VerifyFinding => ({
            ...base,
            status: 'confirmed',
            kind: 'race',
            text: `${hostRaceText(race, module)}.`,
            explored: null,
            reports: race.reports,
            seen: told([race]),
          }),
        )
      : joinedRaces({ explored, module, analysis, races: led.races }).map(
          ({ seen, ...joined }): VerifyFinding => ({ ...base, ...joined, seen: told(seen) }),
        );
  return { findings, notes: notesOf(led, interpreter, led.races.length > 0) };
}

function notesOf(
  { unread, missing }: { unread: number; missing: readonly string[] },
  interpreter: string | undefined,
  reported: boolean,
): string[] {
  const notes: string[] = [];
  if (unread > 0) notes.push(t('{0} of the race detector could not be read.', plural(unread, 'report')));
  if (missing.length > 0)
    notes.push(
      t(
        'This version of wazero has no {0}: reports could be led back to the state of the guest only in part.',
        listOf(missing, 4),
      ),
    );
  if (interpreter === undefined && reported)
    notes.push(t("The source of wazero's interpreter was not found: reports could not be led back to operations."));
  return notes;
}
