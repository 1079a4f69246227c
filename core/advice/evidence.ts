/** Findings as evidence, and explorations as checks. */
import type { Hazard } from '../analysis/model.ts';
import { displayable, shorten } from '../harmless/names.ts';
import type { HostHazardKind } from '../hosts/profile.ts';
import type { RaceReport, RemedyRun, StressResult, WrongOutcome } from '../stress/explore/result.ts';
import { FAILS } from '../stress/scenario/comparison.ts';
import { callerName } from '../stress/scenario/scenario.ts';
import { stepText } from '../stress/scenario/steps.ts';
import { toldSteps } from '../stress/scenario/toldResults.ts';
import { divisionText } from '../stress/scenario/units.ts';
import { type Message, message, t, translated } from '../text/l10n.ts';
import { plural, quoted } from '../text/phrases.ts';
import type { AdviceCheck, Evidence } from './advice.ts';
import type { ExploredRun } from './facts/exploredRun.ts';

/** Characters of the calls in a sentence. */
const MAX_CALLS = 240;

/** A schedule, shortened for a sentence; evidence has the whole of it. */
export const brief = (schedule: string): string => shorten(schedule, 40);

/** Calls of several callers in a sentence. */
export const callersText = (callers: readonly string[]): string => displayable(callers.join(' | '), MAX_CALLS);

/** Pieces of evidence of one piece of advice. */
const MAX_EVIDENCE = 3;

/** Results of the calls, `1, 2 | 3`: those of one caller with commas, callers with bars. */
export const resultsName = ({ results }: Pick<WrongOutcome, 'results'>): string =>
  results.map((list) => list.join(', ')).join(' | ');

/** The first time that a host hazard of a kind was seen in some runs, if it was. */
export function hostHazardEvidence(runs: readonly ExploredRun[], kind: HostHazardKind): Evidence[] {
  for (const { result } of runs) {
    const hazard = result.hostHazards.find((one) => one.kind === kind);
    if (hazard === undefined) continue;
    const { a, b, schedule } = hazard;
    const text =
      schedule === ''
        ? t('host hazard, {0} against {1} on {2}', a.op, b.op, hazard.cell)
        : t('host hazard, {0} against {1} on {2} (schedule {3})', a.op, b.op, hazard.cell, brief(schedule));
    return [{ kind: 'host-hazard', name: kind, schedule, text }];
  }
  return [];
}

/**
 * A race with its cell, both operations and where they are. `functions`: names by index; an access with a negative
 * index is in no function.
 */
export function raceEvidence({ functions }: Pick<StressResult, 'functions'>, race: RaceReport): Evidence {
  const { a, b, cell, schedule } = race;
  const [one, other] = [a, b].map(({ op, func }) =>
    func < 0 ? op : t('{0} in {1}', op, functions[func] ?? `func[${func}]`),
  );
  return {
    kind: 'race',
    name: cell,
    schedule,
    text: t('data race on {0}, {1} against {2} (schedule {3})', cell, one, other, brief(schedule)),
  };
}

const equation = ({ text, result }: { text: string; result: string }): string =>
  result.startsWith(FAILS) ? t('{0} fails', text) : `${text} = ${result}`;

function wrongEvidence({ scenario }: Pick<StressResult, 'scenario'>, wrong: WrongOutcome): Evidence {
  const told = scenario.callers.map(
    (calls, i) =>
      `${callerName(i)} ${toldSteps(calls, wrong.results[i] ?? [])
        .map(equation)
        .join('; ')}`,
  );
  const probe = toldSteps(scenario.probe, wrong.probe).map((told) => t('then {0}', equation(told)));
  const state = wrong.state.length > 0 ? [wrong.state[0]] : [];
  const calls = displayable([...told, ...probe, ...state].join(', '), MAX_CALLS);
  return {
    kind: 'wrong-outcome',
    name: resultsName(wrong),
    schedule: wrong.schedule,
    text:
      wrong.order === null
        ? t('{0}: no serial order gives that (schedule {1})', calls, brief(wrong.schedule))
        : t(
            '{0}: correct call by call; {1} (schedule {2})',
            calls,
            divisionText(scenario, wrong.order),
            brief(wrong.schedule),
          ),
  };
}

const CONFIDENCE: Readonly<Record<Exclude<Hazard['confidence'], 'definite'>, Message>> = {
  likely: message('likely'),
  possible: message('possible'),
};

/** A finding of the static analysis about an export; its confidence is told unless it is definite. */
export const ruleEvidence = (exportName: string, { rule, confidence }: Hazard): Evidence => ({
  kind: 'rule',
  export: exportName,
  name: rule,
  text:
    confidence === 'definite'
      ? t('rule {0} about {1}', rule, quoted(exportName))
      : t('rule {0} about {1} ({2})', rule, quoted(exportName), translated(CONFIDENCE[confidence])),
});

/** That a run was safe, with its calls; empty for any other verdict. */
export const verdictEvidence = ({ verdict, scenario, outcomes }: StressResult): Evidence[] => {
  if (verdict !== 'safe') return [];
  const calls = callersText(scenario.callers.map((list, i) => `${callerName(i)} ${list.map(stepText).join('; ')}`));
  const text =
    outcomes.serial === 0
      ? t('no race and no hang in {0}', calls)
      : t('no race and only serial outcomes in {0}', calls);
  return [{ kind: 'verdict', name: verdict, text }];
};

/** Results that no serial order of calls gives, then those that divide sequences, then state alone. */
const worstOf = (wrong: readonly WrongOutcome[]): WrongOutcome =>
  wrong.find(({ state, order }) => state.length === 0 && order === null) ??
  wrong.find(({ state }) => state.length === 0) ??
  wrong[0];

/** The worst findings of some runs, at most three: a wrong outcome, then the first race of each kind that `counts`. */
export function findingsOf(runs: readonly ExploredRun[], counts: (race: RaceReport) => boolean): Evidence[] {
  const results = runs.map(({ result }) => result);
  const found: Evidence[] = [];
  const wrong = results.find((result) => result.outcomes.wrong.length > 0);
  if (wrong !== undefined) {
    const visible = worstOf(wrong.outcomes.wrong);
    found.push(wrongEvidence(wrong, visible));
  }
  const kinds = new Set<string>();
  for (const result of results) {
    for (const race of result.races) {
      if (kinds.has(race.kind) || !counts(race)) continue;
      kinds.add(race.kind);
      found.push(raceEvidence(result, race));
    }
  }
  return found.slice(0, MAX_EVIDENCE);
}

/** `all schedules up to equivalence, 22 executions`. */
export function boundText({ exhaustive, preemptionBound, schedules }: Omit<RemedyRun, 'races'> | Bound): string {
  const executions = plural(schedules, 'execution');
  if (exhaustive) return t('all schedules up to equivalence, {0}', executions);
  if (preemptionBound === null) return t('{0} without a completed bound', executions);
  if (preemptionBound === 0) return t('all schedules without preemptions, {0}', executions);
  return t('all schedules with at most {0}, {1}', plural(preemptionBound, 'preemption'), executions);
}

type Bound = Pick<RemedyRun, 'exhaustive' | 'preemptionBound' | 'schedules'>;

/** The check made by one or more runs: exhaustive if all of them are, with their lowest bound and all executions. */
export function exploredBy(runs: readonly ExploredRun[]): AdviceCheck {
  const results = runs.map(({ result }) => result);
  const exhaustive = results.every((result) => result.exhaustive);
  const schedules = results.reduce((sum, { explored }) => sum + explored.schedules, 0);
  const bounds = results.map(({ explored }) => explored.preemptionBound);
  const preemptionBound = bounds.includes(null) ? null : Math.min(...bounds.map((bound) => bound ?? 0));
  const bound = boundText({ exhaustive, preemptionBound, schedules });
  return {
    by: 'exploration',
    exhaustive,
    text:
      results.length === 1
        ? t('by exploration of {0}', bound)
        : t('by exploration of {0}, {1}', plural(results.length, 'scenario'), bound),
  };
}
