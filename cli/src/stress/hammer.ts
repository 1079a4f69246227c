/** `wasm-hazards hammer`: real parallel calls in a terminal and in CI. */

import { analyse } from '../../../core/analysis/analyse.ts';
import { isFindingVerdict } from '../../../core/stress/explore/headlines.ts';
import { missingForHammer } from '../../../core/stress/hammer/hammer.ts';
import type { HammerResult } from '../../../core/stress/hammer/hammerResult.ts';
import type { Scenario } from '../../../core/stress/scenario/scenario.ts';
import { plural } from '../../../core/text/phrases.ts';
import { analysisBytes } from '../../../node/analysisBytes.ts';
import { explainedHammer } from '../../../node/stress/explainedHammer.ts';
import type { CliCommand } from '../command.ts';
import { readStressInput, type StressInput } from '../input/stressInput.ts';
import { Exit, type ExitCode, type Io, UsageError } from '../io.ts';
import { withCheckedModule } from './checkedInput.ts';
import { type PlannedControl, type PlanRun, runScenarios, workerOf } from './runScenarios.ts';
import { HAMMER_HELP, parseStressOptions, type StressOptions } from './stressOptions.ts';
import { inSource, reportHammered } from './stressReports.ts';
import { givenScenario, type Planned, planned } from './stressScenarios.ts';
import { openRunFindings, writeRuns } from './writeRuns.ts';

/** Exits with `Findings` on a wrong outcome or a hang, also when only exploration found it. */
export const HAMMER: CliCommand = {
  summary: 'run exports in parallel threads, count outcomes, measure remedies',
  help: HAMMER_HELP,
  run: (args, io) => run(parseStressOptions('hammer', args), io),
};

/** Seconds for each scenario of a plan. Rounds go on until the time is up, so each scenario takes all of it. */
const PLANNED_SECONDS = 2;

async function run(options: StressOptions, io: Io): Promise<ExitCode> {
  const missing = missingForHammer();
  if (missing !== undefined) throw new UsageError(missing);
  const input = await readStressInput(options.file, options.scenario, { ...options, ask: io.ask }, io.stdin);
  const findings = await openRunFindings(options, input);
  const given = givenScenario(options, input);
  const { scenarios, notes, analysis } =
    given === undefined ? await planned(options, input, true) : onlyOne(given, input);
  const seconds = given?.scenario.budget.seconds ?? options.seconds ?? PLANNED_SECONDS * scenarios.length;
  const ran = await runScenarios(scenarios, seconds, {
    input,
    io,
    // Rounds measure, and take all cores.
    jobs: 1,
    run: hammering(input, io, analysisBytes(analysis)),
  });
  if (ran.results.length === 0) return Exit.Trouble;
  const about = { module: input.name, planned: given === undefined };
  const report = reportHammered({ ...ran, notes: [...notes, ...ran.notes] }, options, about);
  const shown = await withCheckedModule(inSource(report, input), input, options, analysis);
  const mayFail = await writeRuns(shown, { options, findings, complete: ran.failures.length === 0 }, io);
  return exitCode(ran, mayFail);
}

/** Rounds and the search for schedules work with one analysis. */
const hammering =
  (input: StressInput, io: Io, analysis: Uint8Array | undefined) =>
  (scenario: Scenario, { tell, signal }: PlannedControl) =>
    explainedHammer(
      { bytes: input.bytes, analysis, name: input.name, scenario },
      {
        ...workerOf(scenario, input, io),
        signal,
        onProgress: ({ rounds, seen }) => tell({ text: `${plural(rounds, 'round')}, ${plural(seen, 'outcome')}` }),
        onExplain: () => tell({ text: 'looking for schedules' }),
      },
    );

const onlyOne = (given: Planned, { module }: StressInput) => ({
  scenarios: [given],
  notes: [],
  analysis: analyse(module, given.scenario),
});

/** Whether exploration has shown what rounds have not. */
const canGoWrong = ({ explored }: HammerResult): boolean => explored !== null && isFindingVerdict(explored.verdict);

/** `mayFail`: whether findings count. */
function exitCode({ results, failures, notRun }: PlanRun<HammerResult>, mayFail: boolean): ExitCode {
  const verdicts = results.map(({ result }) => result.verdict);
  if (mayFail && verdicts.some((v) => v === 'wrong-outcome' || v === 'hang')) return Exit.Findings;
  if (mayFail && results.some(({ result }) => canGoWrong(result))) return Exit.Findings;
  if (failures.length > 0) return Exit.Trouble;
  return verdicts.includes('not-judged') || notRun > 0 ? Exit.Inconclusive : Exit.Clean;
}
