/**
 * What one stress run has shown, as little as a place that speaks about an export needs: plain data, which the editor
 * passes to the language server.
 */

import { raceExports } from '../../advice/facts/exploredRun.ts';
import { pairKey } from '../../advice/facts/exportPairs.ts';
import { shorten } from '../../harmless/names.ts';
import type { HostId } from '../../hosts/index.ts';
import type { SharingModel } from '../../hosts/profile.ts';
import { HEADLINES, type Headline, headlinesOf } from '../../stress/explore/headlines.ts';
import type { RaceReport, StressResult } from '../../stress/explore/result.ts';
import type { HammerResult } from '../../stress/hammer/hammerResult.ts';
import { callerName, type Scenario } from '../../stress/scenario/scenario.ts';
import { callsOf, stepText } from '../../stress/scenario/steps.ts';
import { t } from '../../text/l10n.ts';
import type { VerifyFinding, VerifyResult } from '../../verify/model.ts';
import { furtherVerdicts, hammerVerdict, verdictText } from '../verdicts.ts';
import { verifyVerdict } from '../verifyVerdict.ts';
import { losesUpdates } from './lostUpdates.ts';

/** Two operations that met: the exports whose calls made them, and the byte offsets of the instructions. */
interface ShownMeeting {
  exports: [string, string];
  offsets: [number, number];
  /** Shows it; only of the first meeting of two exports, and never empty. */
  schedule?: string;
}

/** One run of a scenario. Exports are named as hosts call them; `$instantiate` stands for an instantiation. */
export interface ShownRun {
  by: 'explore' | 'hammer' | 'verify';
  host: HostId;
  model: SharingModel;
  /** Patterns of imports that were taken to suspend their callers: a setting. */
  suspending: readonly string[];
  /** Exports that each caller calls, each once. */
  callers: string[][];
  /** `A put(0, 1); get() | B put(0, 2)`. */
  calls: string;
  /**
   * All that it shows, the worst first; nothing of outcomes of calls with objects that were made up. Empty for rounds of a
   * hammer or a host in which nothing wrong was seen.
   */
  headlines: Headline[];
  /** The verdict, and what else it found, in one line. */
  text: string;
  /** Whether the wrong outcome that it found comes of an update that another one overwrote. */
  losesUpdates: boolean;
  races: ShownMeeting[];
  hostHazards: ShownMeeting[];
  /** Findings with an access of the host on one side, which are about no pair of exports. */
  withHost: Headline[];
  /** Exports whose calls did not return. */
  hanging: string[];
  /** Schedules that were explored, or rounds. */
  times: number;
  exhaustive: boolean;
  /** Whether outcomes were compared with those of serial orders. */
  judged: boolean;
  /** What it takes for granted and did not observe, a clause each. */
  restsOn: string[];
  /** What to do, the most important first. */
  advice: string[];
  /** Shows the worst finding; absent where there is none, or where no schedule shows it. */
  schedule?: string;
}

/** Meetings, names and pieces of advice that are kept of one run. */
const MAX_MEETINGS = 500;
const MAX_ADVICE = 3;
/** Characters of the calls of a run. */
const MAX_CALLS = 160;

/** What an exploration has shown. A replay of one schedule shows nothing new and has no place here. */
export function shownExploration(result: StressResult & { advice: readonly { text: string }[] }): ShownRun {
  const { scenario, host, model, hang, explored, exhaustive, outcomes, restsOn, races, hostHazards } = result;
  const isWithHost = (one: Pick<RaceReport, 'a' | 'b'>): boolean => raceExports({ scenario }, one).length < 2;
  const meetings = (all: readonly Pick<RaceReport, 'a' | 'b' | 'schedule'>[]): ShownMeeting[] => {
    const pairs = new Set<string>();
    return all.slice(0, MAX_MEETINGS).flatMap((one): ShownMeeting[] => {
      const [a, b] = raceExports({ scenario }, one);
      if (a === undefined || b === undefined) return [];
      const meeting: ShownMeeting = { exports: [a, b], offsets: [one.a.offset, one.b.offset] };
      const key = pairKey([a, b]);
      if (one.schedule === '' || pairs.has(key)) return [meeting];
      pairs.add(key);
      return [{ ...meeting, schedule: one.schedule }];
    });
  };
  const headlines = tellingOf(scenario, headlinesOf(result));
  return {
    ...scenarioOf(scenario),
    by: 'explore',
    host,
    model,
    headlines: headlines.length === 0 ? ['inconclusive'] : headlines,
    text: [verdictText(result), ...furtherVerdicts(result)].join(t('; ')),
    losesUpdates: headlines[0] === 'wrong-outcome' && losesUpdates(result.trace),
    races: meetings(races),
    hostHazards: meetings(hostHazards),
    withHost: [
      ...(races.some(isWithHost) ? (['race'] as const) : []),
      ...(hostHazards.some(isWithHost) ? (['host-hazard'] as const) : []),
    ],
    hanging: headlines.includes('hang') ? namesAt(scenario, hang?.lastSeen ?? []) : [],
    times: explored.schedules,
    exhaustive,
    judged: outcomes.serial > 0 && outcomes.serialComplete,
    restsOn,
    advice: result.advice.slice(0, MAX_ADVICE).map(({ text }) => text),
    ...(result.schedule === null || result.schedule === '' ? {} : { schedule: result.schedule }),
  };
}

/** What a hammer run has shown. */
export function shownHammering(result: HammerResult): ShownRun {
  const { scenario, host, model, verdict, hang, rounds, seen, notJudged } = result;
  const headlines = tellingOf(scenario, verdict === 'wrong-outcome' || verdict === 'hang' ? [verdict] : []);
  return {
    ...scenarioOf(scenario),
    by: 'hammer',
    host,
    model,
    headlines,
    text: hammerVerdict(result),
    losesUpdates: false,
    races: [],
    hostHazards: [],
    withHost: [],
    hanging: headlines.includes('hang') ? namesAt(scenario, hang?.callers ?? []) : [],
    times: rounds,
    exhaustive: false,
    judged: seen > 0 && notJudged === 0,
    restsOn: [],
    advice: [],
  };
}

const HEADLINE: Readonly<Record<VerifyFinding['kind'], Headline>> = {
  race: 'race',
  'wrong-outcome': 'wrong-outcome',
  hang: 'hang',
  'host-hazard': 'host-hazard',
  // What ends the process has damaged the host.
  crash: 'host-hazard',
};

/** What a run on the user's own host has shown; what it did not show is no evidence of anything. */
export function shownVerifying(result: VerifyResult): ShownRun {
  const { scenario, host, model, findings, runs, runtime } = result;
  const seen = findings.filter(({ status }) => status !== 'not-seen');
  const kinds = new Set(seen.map(({ kind }) => HEADLINE[kind]));
  const met = seen.flatMap(({ explored }) => (explored !== null && 'a' in explored ? [explored] : []));
  const meetings = met.slice(0, MAX_MEETINGS).flatMap((one): ShownMeeting[] => {
    const [a, b] = raceExports({ scenario }, one);
    return a === undefined || b === undefined ? [] : [{ exports: [a, b], offsets: [one.a.offset, one.b.offset] }];
  });
  // A report that is not led back to two instructions is about the run, not about two of its exports.
  const whole = (headline: Headline): boolean =>
    seen.some(({ kind, explored }) => HEADLINE[kind] === headline && (explored === null || !('a' in explored)));
  return {
    ...scenarioOf(scenario),
    by: 'verify',
    host,
    model,
    headlines: tellingOf(
      scenario,
      HEADLINES.filter((one) => kinds.has(one)),
    ),
    text: `${verifyVerdict(result)}, wazero ${runtime.wazero.replace(/^v(?=\d)/, '')}`,
    losesUpdates: false,
    races: meetings,
    hostHazards: [],
    withHost: (['race', 'host-hazard'] as const).filter(whole),
    hanging: [],
    times: runs.reduce((sum, { rounds }) => sum + rounds, 0),
    exhaustive: false,
    judged: runs.some(({ seen: judged, notJudged }) => judged > 0 && notJudged === 0),
    restsOn: [],
    advice: [],
  };
}

/** What calls with objects that were made up still show of the module: accesses that met, and not what came of them. */
const tellingOf = ({ guessed }: Scenario, headlines: readonly Headline[]): Headline[] =>
  headlines.filter((one) => guessed === undefined || !OUTCOMES.includes(one));

const OUTCOMES: readonly Headline[] = ['hang', 'wrong-outcome', 'private-state'];

function scenarioOf({ callers, suspending }: Scenario): Pick<ShownRun, 'callers' | 'calls' | 'suspending'> {
  return {
    callers: callers.map((steps) => [...new Set(callsOf(steps))]),
    calls: shorten(
      callers.map((calls, i) => `${callerName(i)} ${calls.map(stepText).join('; ')}`).join(' | '),
      MAX_CALLS,
    ),
    suspending,
  };
}

const namesAt = ({ callers }: Scenario, places: readonly { caller: number; call: number }[]): string[] => [
  ...new Set(places.flatMap(({ caller, call }) => callsOf(callers[caller]?.slice(call, call + 1) ?? []))),
];
