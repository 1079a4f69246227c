/** `wasm-hazards verify`: the calls of a scenario on the wazero of the user's own Go module. */
import type { AdvisedResult } from '../../../core/advice/advised.ts';
import { analyse } from '../../../core/analysis/analyse.ts';
import { isFindingVerdict } from '../../../core/stress/explore/headlines.ts';
import { missingSupport } from '../../../core/stress/explore/stress.ts';
import type { Scenario } from '../../../core/stress/scenario/scenario.ts';
import type { VerifyResult } from '../../../core/verify/model.ts';
import { analysisBytes } from '../../../node/analysisBytes.ts';
import { runStress } from '../../../node/stress/runStress.ts';
import { openVerifier, type Verifier, type VerifyAnswer } from '../../../node/verify/verifier.ts';
import type { CliCommand } from '../command.ts';
import { readStressInput, type StressInput } from '../input/stressInput.ts';
import { Exit, type ExitCode, type Io, UsageError } from '../io.ts';
import { withCheckedModule } from '../stress/checkedInput.ts';
import { type PlannedControl, type PlanRun, runScenarios, workerOf } from '../stress/runScenarios.ts';
import { parseStressOptions, type StressOptions, VERIFY_HELP } from '../stress/stressOptions.ts';
import { inSource, reportVerified } from '../stress/stressReports.ts';
import { givenScenario, type Planned, planned } from '../stress/stressScenarios.ts';
import { openRunFindings, writeRuns } from '../stress/writeRuns.ts';

/** Exits with `Findings` on anything wrong, also when only exploration found it. */
export const VERIFY: CliCommand = {
  summary: 'run exports on the wazero of your own Go module, beside exploration',
  help: VERIFY_HELP,
  run: (args, io) => run(parseStressOptions('verify', args), io),
};

/** Seconds for each scenario of a plan: exploration, and rounds. */
const PLANNED_SECONDS = 4;

async function run(options: StressOptions, io: Io): Promise<ExitCode> {
  const missing = missingSupport();
  if (missing !== undefined) throw new UsageError(missing);
  const input = await readStressInput(options.file, options.scenario, { ...options, ask: io.ask }, io.stdin);
  const findings = await openRunFindings(options, input);
  const given = givenScenario(options, input);
  const { scenarios, notes, analysis } =
    given === undefined ? await planned(options, input, true) : onlyOne(given, input);
  const opened = await openVerifier(options.goDir ?? '.', {
    signal: io.signal,
    onProgress: (text) => io.status?.(text),
  });
  if ('failure' in opened) throw new UsageError(opened.failure.message);
  const explored: AdvisedResult[] = [];
  try {
    const one = verifying(opened, input, io, options, analysisBytes(analysis), explored);
    // Exploration and rounds have the same time.
    const seconds = given?.scenario.budget.seconds ?? options.seconds ?? PLANNED_SECONDS * scenarios.length;
    // Rounds take all cores.
    const around = { input, io, jobs: 1, run: one };
    const ran = await runScenarios(scenarios, given === undefined ? 2 * seconds : seconds, around);
    if (ran.results.length === 0) return Exit.Trouble;
    const about = { module: input.name, planned: given === undefined };
    const report = reportVerified({ ...ran, notes: [...notes, ...ran.notes] }, options, about);
    const shown = await withCheckedModule(inSource(report, input), input, options, analysis);
    const mayFail = await writeRuns(shown, { options, findings, complete: ran.failures.length === 0 }, io);
    return exitCode(ran, explored, mayFail);
  } finally {
    opened.close();
  }
}

const verifying =
  (
    verifier: Verifier,
    input: StressInput,
    io: Io,
    { rounds, seconds, remedies, exact }: StressOptions,
    analysis: Uint8Array | undefined,
    found: AdvisedResult[],
  ) =>
  async (scenario: Scenario, { tell }: PlannedControl): Promise<VerifyAnswer> => {
    const status = (text: string): void => tell({ text });
    const job = { bytes: input.bytes, name: input.name, scenario };
    const { bytes } = job;
    const answer = await runStress(
      { ...job, bytes, analysis },
      { ...workerOf(scenario, input, io), onProgress: ({ phase }) => status(`exploring: ${phase}`) },
    );
    if ('failure' in answer) return answer;
    found.push(answer.result);
    return verifier.verify(job, {
      rounds,
      remedies,
      // A number of rounds takes as long as it takes, unless there is a limit.
      seconds: rounds === undefined || seconds !== undefined ? scenario.budget.seconds : undefined,
      explored: answer.result,
      exact,
      enough: io.signal,
      onProgress: status,
    });
  };

const onlyOne = (given: Planned, { module }: StressInput) => ({
  scenarios: [given],
  notes: [],
  analysis: analyse(module, given.scenario),
});

/** `mayFail`: whether findings count. */
function exitCode(
  { results, failures, notRun }: PlanRun<VerifyResult>,
  explored: readonly AdvisedResult[],
  mayFail: boolean,
): ExitCode {
  const verdicts = results.map(({ result }) => result.verdict);
  if (mayFail && verdicts.some((one) => one === 'confirmed' || one === 'new')) return Exit.Findings;
  if (results.some(({ result }) => result.remedies.some(({ clean }) => !clean))) return Exit.Findings;
  if (mayFail && explored.some(({ verdict }) => isFindingVerdict(verdict))) return Exit.Findings;
  if (failures.length > 0) return Exit.Trouble;
  return verdicts.includes('not-verified') || notRun > 0 ? Exit.Inconclusive : Exit.Clean;
}
