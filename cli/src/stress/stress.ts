/** `wasm-hazards stress`: exploration in a terminal and in CI. */
import { adviceOf } from '../../../core/advice/adviceOf.ts';
import type { AdvisedAnswer, AdvisedResult } from '../../../core/advice/advised.ts';
import type { Analysis } from '../../../core/analysis/model.ts';
import type { StressReport } from '../../../core/report/report.ts';
import { headlinesOf, isFinding } from '../../../core/stress/explore/headlines.ts';
import { missingSupport } from '../../../core/stress/explore/stress.ts';
import type { Scenario } from '../../../core/stress/scenario/scenario.ts';
import { analysisBytes } from '../../../node/analysisBytes.ts';
import { runStress } from '../../../node/stress/runStress.ts';
import { usualJobs } from '../../../node/stress/usualJobs.ts';
import type { CliCommand } from '../command.ts';
import type { FindingContext } from '../findings/baselineRun.ts';
import { readStressInput, type StressInput } from '../input/stressInput.ts';
import { Exit, type ExitCode, type Io, UsageError } from '../io.ts';
import { withCheckedModule } from './checkedInput.ts';
import { countsText } from './planProgress.ts';
import { type PlannedControl, type PlanRun, runScenarios, workerOf } from './runScenarios.ts';
import { scenariosOf, shardOf } from './shard.ts';
import { parseStressOptions, STRESS_HELP, type StressOptions } from './stressOptions.ts';
import { inSource, reportExplored } from './stressReports.ts';
import { DEFAULT_SECONDS, givenScenario, type Planned, planned } from './stressScenarios.ts';
import { openRunFindings, writeRuns } from './writeRuns.ts';

/** Explores the given scenario, or else every one of a plan. A Node.js older than 24 is a usage error. */
export const STRESS: CliCommand = {
  summary: 'run exports concurrently and show what goes wrong',
  help: STRESS_HELP,
  run: (args, io) => runStressCommand(parseStressOptions('stress', args), io),
};

/** Explores the scenarios of a command line, or replays its schedule. */
export async function runStressCommand(options: StressOptions, io: Io): Promise<ExitCode> {
  const input = await readStressInput(options.file, options.scenario, { ...options, ask: io.ask }, io.stdin);
  // What cannot be written or read is told before anything is run.
  const findings = await openRunFindings(options, input);
  return tellRun(await explored(options, input, io), { options, input, findings }, io);
}

/** What a run is about, and where its findings go. */
interface ToldRun {
  options: StressOptions;
  input: StressInput;
  findings: FindingContext;
}

/** Writes the report of a run, and tells by the exit code what it says. */
export async function tellRun(
  { report, ran, untested, analysis }: ExploredPlan,
  { options, input, findings }: ToldRun,
  io: Io,
): Promise<ExitCode> {
  if (report === undefined) return Exit.Trouble;
  const shown = await withCheckedModule(report, input, options, analysis);
  const mayFail = await writeRuns(shown, { options, findings, complete: ran.failures.length === 0 }, io);
  for (const { title, result } of ran.results)
    for (const { text } of result.defects)
      io.err(
        `wasm-hazards: ${title === '' ? '' : `${title}: `}defect of wasm-hazards: ${text}; please report it with the module and the lines about it`,
      );
  return exitCode(ran, untested, mayFail);
}

/** What the runs of a command line found. */
export interface ExploredPlan {
  /** Undefined where no scenario could be run: why is on standard error. */
  report: StressReport | undefined;
  ran: PlanRun<AdvisedResult>;
  /** Pairs that the plan has no scenario for. */
  untested: number;
  /** Of the module, where there is a plan. */
  analysis: Analysis | undefined;
}

/**
 * Explores the scenarios of `options` on a module that was read, or replays its schedule.
 * @throws UsageError where nothing can be run
 */
export async function explored(options: StressOptions, input: StressInput, io: Io): Promise<ExploredPlan> {
  const missing = missingSupport();
  if (missing !== undefined) throw new UsageError(missing);
  const given = givenScenario(options, input);
  const plan = given === undefined ? await planned(options, input, false, io.signal) : undefined;
  const whole = plan ?? { scenarios: [given as Planned], untested: 0, notes: [] };
  const { untested, notes } = whole;
  const { shard } = options;
  const scenarios = scenariosOf(whole.scenarios, shard);
  const seconds = given?.scenario.budget.seconds ?? options.seconds ?? DEFAULT_SECONDS;
  const packed = plan && analysisBytes(plan.analysis);
  const ran = await runScenarios(scenarios, seconds, {
    input,
    io,
    jobs: options.jobs ?? usualJobs(),
    run: exploring(input, io, options.schedule, packed),
  });
  const analysis = plan?.analysis;
  // A share is told also where there is nothing in it: others have the rest.
  if (ran.results.length === 0 && shard === undefined) return { report: undefined, ran, untested, analysis };
  const results = ran.results.map(({ result }) => result);
  const advice = analysis && adviceOf(input.module, analysis, results);
  const report = reportExplored({ ...ran, notes: [...notes, ...ran.notes] }, { options, input, advice });
  const told = inSource(report, input);
  if (shard === undefined) return { report: told, ran, untested, analysis };
  const about = shardOf({ ...options, shard }, input.bytes, whole, ran, io.signal?.aborted === true);
  return { report: { ...told, shard: about }, ran, untested, analysis };
}

/** `analysis`: of the module, packed, where there is one. */
const exploring =
  (input: StressInput, io: Io, schedule: string | undefined, analysis: Uint8Array | undefined) =>
  (scenario: Scenario, { tell, signal }: PlannedControl): Promise<AdvisedAnswer> =>
    (io.explore ?? runStress)(
      { bytes: input.bytes, analysis, name: input.name, scenario, schedule },
      {
        ...workerOf(scenario, input, io),
        signal,
        onProgress: (progress) => tell({ text: `${progress.phase}, ${countsText(progress)}`, counts: progress }),
      },
    );

/** `untested`: pairs that the plan has no scenario for. `mayFail`: whether findings count. */
function exitCode({ results, failures, notRun }: PlanRun<AdvisedResult>, untested: number, mayFail: boolean): ExitCode {
  // A result that shows a defect of the engine is none.
  if (results.some(({ result }) => result.defects.length > 0)) return Exit.Trouble;
  const worst = results.map(({ result }) => headlinesOf(result)[0]);
  if (mayFail && worst.some(isFinding)) return Exit.Findings;
  if (failures.length > 0) return Exit.Trouble;
  return worst.includes('inconclusive') || notRun + untested > 0 ? Exit.Inconclusive : Exit.Clean;
}
