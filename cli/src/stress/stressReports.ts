/** What `stress`, `replay` and `hammer` report of the scenarios that they ran. */
import type { Advice } from '../../../core/advice/advice.ts';
import type { AdvisedResult } from '../../../core/advice/advised.ts';
import { sourceOf } from '../../../core/debug/moduleSource.ts';
import { sourceNotes } from '../../../core/debug/notes.ts';
import { fileWord, replayCommand, shellWord } from '../../../core/report/replayCommand.ts';
import type { HammerReport, ScenarioReport, StressReport, VerifyReport } from '../../../core/report/report.ts';
import { answersOf, sourced } from '../../../core/report/sourced.ts';
import type { HammerResult } from '../../../core/stress/hammer/hammerResult.ts';
import type { VerifyResult } from '../../../core/verify/model.ts';
import type { StressInput } from '../input/stressInput.ts';
import type { PlanRun } from './runScenarios.ts';
import type { StressOptions } from './stressOptions.ts';

type Replayable = Pick<AdvisedResult, 'module' | 'scenario'>;

interface StressSource {
  options: StressOptions;
  input: Pick<StressInput, 'name' | 'place' | 'source'>;
  /** About the whole module, of a plan; undefined when one scenario was given. */
  advice: readonly Advice[] | undefined;
}

/** The report of `stress` and `replay`. Without a plan, its advice about the whole module is empty. */
export const reportExplored = (
  ran: PlanRun<AdvisedResult>,
  { options, input, advice }: StressSource,
): StressReport => ({
  command: 'stress',
  ...scenarioReport(ran, options, { module: input.name, planned: advice !== undefined }),
  advice: advice ?? [],
  place: input.place,
  source: input.source,
});

/** `planned`: whether the scenarios are those of a plan rather than the one that was given. */
export const reportHammered = (
  ran: PlanRun<HammerResult>,
  options: StressOptions,
  about: { module: string; planned: boolean },
): HammerReport => ({ command: 'hammer', ...scenarioReport(ran, options, about) });

/** The report of `verify`. */
export const reportVerified = (
  ran: PlanRun<VerifyResult>,
  options: StressOptions,
  about: { module: string; planned: boolean },
): VerifyReport => ({ command: 'verify', goOutput: options.goOutput, ...scenarioReport(ran, options, about) });

/** The report with places and variables of the source, where the module has one, and what is wrong with those. */
export function inSource<Report extends ScenarioReport<unknown>>(report: Report, { module }: StressInput): Report {
  if (sourceOf(module) === undefined) return report;
  const told = sourced(report, answersOf(module));
  return { ...told, notes: [...told.notes, ...sourceNotes(module).map((note) => `Debug information: ${note}.`)] };
}

const scenarioReport = <Result extends Replayable>(
  { results, failures, notes }: PlanRun<Result>,
  options: StressOptions,
  about: { module: string; planned: boolean },
): ScenarioReport<Result> => ({
  ...about,
  runs: results.map(({ title, result }) => ({ title, result, replay: replayOf(options, result) })),
  failures,
  notes,
});

/** The command that replays, with the scenario by its file where there is one. */
function replayOf({ file, scenario, host, model, unit }: StressOptions, result: Replayable): string {
  if (scenario === undefined && !/\.stress\.json$/i.test(file)) return replayCommand(result, file);
  const words = ['wasm-hazards replay', fileWord(file)];
  if (scenario !== undefined) words.push('--scenario', fileWord(scenario));
  if (host !== undefined) words.push('--host', shellWord(host));
  if (model !== undefined) words.push('--model', shellWord(model));
  if (unit !== undefined) words.push('--unit', shellWord(unit));
  return words.join(' ');
}
