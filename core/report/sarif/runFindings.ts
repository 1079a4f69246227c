/** The findings of runs: what exploration found, what rounds on real threads showed. */

import { displayable } from '../../harmless/names.ts';
import type {
  HostHazardReport,
  RaceParty,
  RaceReport,
  StressResult,
  Verdict,
  WrongOutcome,
} from '../../stress/explore/result.ts';
import type { HammerResult, HammerVerdict } from '../../stress/hammer/hammerResult.ts';
import type { Place } from '../../stress/run/traceRows.ts';
import { callerName, type Scenario } from '../../stress/scenario/scenario.ts';
import { calledExport, callsOf } from '../../stress/scenario/steps.ts';
import { callerText } from '../../stress/scenario/units.ts';
import { paragraph, plural, quoted } from '../../text/phrases.ts';
import { functionOf, metText } from '../sourced.ts';
import { hammerVerdict, privateStateSentence } from '../verdicts.ts';
import type { SarifCodeFlow, SarifLocation } from './model.ts';
import type { ReportFinding } from './reportFinding.ts';
import { RUN_RULES, type RunRuleId } from './runRules.ts';
import { type RunPlaces, scheduleFlow, spotOfPlace } from './scheduleFlow.ts';
import { locationOf, type Spot } from './spots.ts';

/** One run of a scenario, and where its places are. */
export interface RunSubject extends RunPlaces {
  /** Path of the module from the root of the repository. */
  module: string;
  /** Name of the scenario in its plan; empty for the one that was given. */
  title: string;
  /** The command that replays a schedule, without the schedule. */
  replay: string | undefined;
  /** The function of an export; undefined where it is not known. */
  functionOfExport(name: string): number | undefined;
}

/** What exploration found, the worst first. */
export function exploredFindings(result: StressResult, subject: RunSubject): ReportFinding[] {
  const { hang, outcomes, races, hostHazards, privateState } = result;
  return [
    ...hostHazards.map((hazard) => meetingFinding('run/host-hazard', hazard, result, subject)),
    ...(hang === null ? [] : [hangFinding(result, subject)]),
    ...wrongFinding(outcomes.wrong, result, subject),
    ...races.map((race) => meetingFinding('run/race', race, result, subject)),
    ...bufferedFindings(result, subject),
    ...(privateState === null ? [] : [privateFinding(result, subject)]),
  ];
}

/** What rounds on real threads showed, else what exploration found for the same calls. */
export function hammeredFindings(result: HammerResult, subject: RunSubject): ReportFinding[] {
  const { verdict, explored } = result;
  const rule =
    verdict === 'wrong-outcome' || verdict === 'hang'
      ? RULE_OF[verdict]
      : explored === null
        ? undefined
        : RULE_OF[explored.wrongOutcome ? 'non-atomic' : explored.verdict];
  if (rule === undefined) return [];
  const text = `${callsText(result.scenario)}: ${hammerVerdict(result)}.`;
  return [findingOfRun(rule, result, subject, { text, schedule: explored?.schedule ?? '' })];
}

/** The rule of a verdict that is a finding. */
const RULE_OF: Readonly<Record<Verdict | HammerVerdict, RunRuleId | undefined>> = {
  'host-hazard': 'run/host-hazard',
  hang: 'run/hang',
  race: 'run/race',
  'non-atomic': 'run/wrong-outcome',
  'wrong-outcome': 'run/wrong-outcome',
  'private-state': 'run/private-state',
  inconclusive: undefined,
  safe: undefined,
  'none-seen': undefined,
  'not-judged': undefined,
};

/** What differs between findings of runs. */
interface Particulars {
  text: string;
  cell?: string;
  spot?: Spot;
  schedule?: string;
  flows?(limit: number): SarifCodeFlow[];
  related?(): SarifLocation[];
  properties?: Record<string, unknown>;
}

/** A finding of a run; without a place of its own it is at the first function that was called. */
export function findingOfRun(
  rule: RunRuleId,
  result: Pick<StressResult, 'scenario' | 'host' | 'model'>,
  subject: RunSubject,
  { text, cell = '', spot, schedule = '', flows, related, properties = {} }: Particulars,
): ReportFinding {
  const { scenario, host, model } = result;
  const calls = subject.title === '' ? callsText(scenario) : subject.title;
  const replay =
    schedule === '' || subject.replay === undefined
      ? ''
      : ` Replay: ${quoted(`${subject.replay} --schedule ${schedule}`)}.`;
  return {
    rule,
    severity: RUN_RULES[rule].level,
    identity: { module: subject.module, rule, subject: displayable(calls, 400), cell },
    spot: spot ?? firstCalled(scenario, subject),
    functions: [...new Set(scenario.callers.flatMap((steps) => callsOf(steps)))].map((name) => displayable(name)),
    label: cell === '' ? quoted(displayable(calls)) : `${cell} (${displayable(calls)})`,
    message: () => text + replay,
    flows: flows ?? (() => []),
    related: related ?? (() => []),
    properties: { scenario: calls, host, sharingModel: model, ...(schedule === '' ? {} : { schedule }), ...properties },
  };
}

/** `A inc() | B get()`. */
const callsText = (scenario: Scenario): string =>
  scenario.callers.map((_, caller) => `${callerName(caller)} ${callerText(scenario, caller)}`).join(' | ');

function firstCalled({ callers }: Scenario, { spots, functionOfExport }: RunSubject): Spot {
  for (const step of callers.flat()) {
    const name = calledExport(step);
    const func = name === undefined ? undefined : functionOfExport(name);
    if (func !== undefined) return spots.ofFunction(func);
  }
  return spots.at(0);
}

/** The trace, if it is that of the finding's schedule. */
const tracedFlow =
  (result: StressResult, subject: RunSubject, schedule: string) =>
  (limit: number): SarifCodeFlow[] => {
    const flow = schedule === result.schedule ? scheduleFlow(result, subject, limit) : undefined;
    return flow === undefined ? [] : [flow];
  };

/** `` A does i32.load (read) in `$inc` ``. */
function partyText({ caller, op, access, ...place }: RaceParty, result: Pick<StressResult, 'functions'>): string {
  const func = functionOf({ ...place }, result);
  const does = op === 'call' ? 'makes a call' : `does ${op} (${access})`;
  return `${callerName(caller)} ${does}${func === undefined ? '' : ` in ${quoted(func)}`}`;
}

/** A data race or a host hazard; the access that writes is its place, the other one is related. */
function meetingFinding(
  rule: RunRuleId,
  met: RaceReport | HostHazardReport,
  result: StressResult,
  subject: RunSubject,
): ReportFinding {
  const { spots, files } = subject;
  const { a, b, schedule } = met;
  const [own, other] = a.access.includes('write') || !b.access.includes('write') ? [a, b] : [b, a];
  const at = (party: RaceParty): SarifLocation =>
    locationOf(spotOfPlace(party, spots), files, partyText(party, result));
  const what = 'text' in met ? met.text : 'Data race:';
  const how = schedule === '' ? 'in every schedule' : `under schedule ${schedule}`;
  const both = [a, b].map((party) => ({
    id: callerName(party.caller),
    message: { text: `${callerName(party.caller)}: ${callerText(result.scenario, party.caller)}` },
    locations: [{ location: at(party) }],
  }));
  return findingOfRun(rule, result, subject, {
    text: `${what} ${partyText(a, result)}, ${partyText(b, result)}, on ${metText(met)}, ${how} of ${callsText(result.scenario)}.`,
    cell: steadyName(met),
    spot: spotOfPlace(own, spots),
    schedule,
    flows: (limit) => {
      const traced = tracedFlow(result, subject, schedule)(limit);
      return traced.length > 0 || limit < both.length ? traced : [{ threadFlows: both }];
    },
    related: () => [at(other)],
    properties: { kind: met.kind, cell: metText(met) },
  });
}

/** A variable, or a cell without its addresses. */
export const steadyName = ({ cell, variable }: Pick<RaceReport, 'cell' | 'variable'>): string =>
  variable?.name ?? cell.replace(/ \[?0x[\da-f]+.*$/i, '');

function hangFinding(result: StressResult, subject: RunSubject): ReportFinding {
  const { schedule, cause, kind, lastSeen } = result.hang!;
  const { spots, files } = subject;
  const [first, ...others] = lastSeen.filter(({ offset }) => offset >= 0);
  const name = { deadlock: 'Deadlock', livelock: 'Livelock', 'no-return': 'A call does not return' }[kind];
  const how = schedule === '' ? 'in any serial order' : `under schedule ${schedule}`;
  return findingOfRun('run/hang', result, subject, {
    text: `${name} ${how} of ${callsText(result.scenario)}: ${cause.text}`,
    ...(first === undefined ? {} : { spot: spotOfPlace(first, spots) }),
    schedule,
    flows: tracedFlow(result, subject, schedule),
    related: () =>
      others.map((at) => locationOf(spotOfPlace(at, spots), files, `${callerName(at.caller)} was last seen here`)),
    properties: { kind, cause: cause.kind },
  });
}

/**
 * The wrong outcomes of a scenario as one finding: the one whose trace is known, at the step after which another caller came
 * between.
 */
function wrongFinding(all: readonly WrongOutcome[], result: StressResult, subject: RunSubject): ReportFinding[] {
  const wrong = all.find(({ schedule }) => schedule === result.schedule) ?? all[0];
  if (wrong === undefined) return [];
  const { schedule, order, state } = wrong;
  const interrupted = schedule === result.schedule ? interruptedRow(result) : undefined;
  const told = [outcomeText(wrong), ...(state.length === 0 ? [] : [`another final state of ${state.join(', ')}`])];
  const what =
    order === null
      ? 'An outcome that no serial order gives'
      : 'An outcome that is correct call by call, while no serial order of whole sequences gives it';
  const [serial] = result.outcomes.examples;
  const found = findingOfRun('run/wrong-outcome', result, subject, {
    text: paragraph([
      `${what}, under schedule ${schedule} of ${callsText(result.scenario)}: ${told.filter((text) => text !== '').join('; ')}.`,
      serial === undefined ? '' : `In the serial order ${serial.order}: ${outcomeText(serial)}.`,
      all.length > 1 ? `${plural(all.length, 'wrong outcome')} of these calls were found.` : '',
    ]),
    ...(interrupted === undefined ? {} : { spot: spotOfPlace(interrupted, subject.spots) }),
    schedule,
    flows: tracedFlow(result, subject, schedule),
    properties: { wrongOutcomes: all.length },
  });
  return [found];
}

/** What only executions with store buffers show, with the trace of the first. */
function bufferedFindings(result: StressResult, subject: RunSubject): ReportFinding[] {
  const { storeBuffers, scenario, exhaustive, replayed } = result;
  if (storeBuffers === undefined) return [];
  const { wrong, hang, schedule, trace } = storeBuffers;
  const traced = { ...result, schedule, trace: replayed ? result.trace : trace };
  const without = exhaustive ? 'No schedule without store buffers has it.' : 'It was not seen without store buffers.';
  const found = (rule: RunRuleId, what: string, shown: string, at?: Place): ReportFinding =>
    findingOfRun(rule, result, subject, {
      ...(at === undefined ? {} : { spot: spotOfPlace(at, subject.spots) }),
      text: paragraph([what, replayed ? '' : without]),
      cell: 'with store buffers',
      schedule: shown,
      flows: tracedFlow(traced, subject, shown),
    });
  const [first] = wrong;
  return [
    ...(hang === null
      ? []
      : [
          found(
            'run/hang',
            `Calls do not return with store buffers, under schedule ${hang.schedule} of ${callsText(scenario)}: ${hang.cause.text}`,
            hang.schedule,
            hang.lastSeen.find(({ offset }) => offset >= 0),
          ),
        ]),
    ...(first === undefined
      ? []
      : [
          found(
            'run/wrong-outcome',
            `An outcome that no serial order gives, with store buffers, under schedule ${first.schedule} of ${callsText(scenario)}: ${outcomeText(first)}.`,
            first.schedule,
          ),
        ]),
  ];
}

/** `A -> 1; B -> 2; afterwards 2`. */
function outcomeText({ results, probe }: Pick<WrongOutcome, 'results' | 'probe'>): string {
  const returned = results.map((of, caller) => `${callerName(caller)} -> ${of.join(', ')}`);
  return [...returned, ...(probe.length === 0 ? [] : [`afterwards ${probe.join(', ')}`])].join('; ');
}

/** The last operation of the first caller that was interrupted. */
function interruptedRow({ trace }: StressResult) {
  const at = trace.findIndex(({ switched }) => switched);
  return at < 0 ? undefined : trace.slice(0, at).findLast(({ offset, matters }) => offset >= 0 && matters);
}

function privateFinding(result: StressResult, subject: RunSubject): ReportFinding {
  const { privateState, scenario } = result;
  const { order, one, several, cells } = privateState!;
  const answers = ({ results, probe }: typeof one): string => [...results.flat(), ...probe].join(', ');
  return findingOfRun('run/private-state', result, subject, {
    text: `The module is not built for an instance per thread: ${privateStateSentence(privateState)}. In the order ${order} of ${callsText(scenario)}, one instance answers ${answers(one)}, several answer ${answers(several)}.`,
    cell: cells.join(', '),
  });
}
