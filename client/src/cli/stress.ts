/** `wasm-hazards stress` and `wasm-hazards replay`: the engine in a terminal and in CI. */
import { analyse } from '../../../server/src/analysis/analyse.ts';
import { DEFAULT_HOST } from '../../../server/src/analysis/hosts/index.ts';
import type { Analysis } from '../../../server/src/analysis/model.ts';
import { displayable } from '../../../server/src/wasm/displayNames.ts';
import { adviceOf } from '../stress/advice/adviceOf.ts';
import { checkCalls } from '../stress/engine/checkScenario.ts';
import { planOf } from '../stress/engine/plan.ts';
import { completeScenario, type Scenario } from '../stress/engine/scenario.ts';
import { missingSupport } from '../stress/engine/stress.ts';
import { Exit, type ExitCode, type Io, UsageError } from './io.ts';
import type { Command } from './runCli.ts';
import { readStressInput, type StressInput } from './stressInput.ts';
import { parseStressOptions, REPLAY_HELP, STRESS_HELP, type StressOptions } from './stressOptions.ts';
import { writeStress } from './stressOutput.ts';
import { exploring, type Planned, type Ran, runScenarios } from './stressRun.ts';

export const stressCommand: Command = {
  summary: 'run exports at the same time and show what goes wrong',
  help: STRESS_HELP,
  run: (args, io) => run(parseStressOptions('stress', args), io),
};

export const replayCommand: Command = {
  summary: 'run one schedule of a scenario again',
  help: REPLAY_HELP,
  run: (args, io) => run(parseStressOptions('replay', args), io),
};

export const DEFAULT_SECONDS = 10;

async function run(options: StressOptions, io: Io): Promise<ExitCode> {
  const missing = missingSupport();
  if (missing !== undefined) throw new UsageError(missing);
  const input = await readStressInput(options.file, options.scenario, options.host, io.stdin);
  const given = givenScenario(options, input);
  const plan = given === undefined ? planned(options, input) : undefined;
  const { scenarios, notes } = plan ?? { scenarios: [given as Planned], notes: [] };
  const seconds = given?.scenario.budget.seconds ?? options.seconds ?? DEFAULT_SECONDS;
  const ran = await runScenarios(scenarios, seconds, { input, io, run: exploring(input, io, options.schedule) });
  if (ran.results.length === 0) return Exit.Trouble;
  const results = ran.results.map(({ result }) => result);
  const advice = plan === undefined ? undefined : adviceOf(input.module, plan.analysis, results);
  await writeStress({ ...ran, notes: [...notes, ...ran.notes] }, { options, input, advice, io });
  return exitCode(ran);
}

/** The scenario of a file or of calls. */
export function givenScenario(options: StressOptions, input: StressInput): Planned | undefined {
  const { seconds, seed, model, host, callers, setup, probe } = options;
  const given: Scenario | undefined =
    input.scenario ??
    (callers.length > 0 ? completeScenario({ setup, callers, probe }, host ?? DEFAULT_HOST) : undefined);
  if (given === undefined) return undefined;
  const scenario = {
    ...given,
    host: host ?? given.host,
    model: model ?? given.model,
    seed: seed ?? given.seed,
    budget: { ...given.budget, seconds: seconds ?? given.budget.seconds },
  };
  refuseWrongCalls(scenario, options, input);
  return { title: '', scenario };
}

/** Says what is wrong with calls where the user wrote them. */
function refuseWrongCalls(scenario: Scenario, { file, scenario: other, callers }: StressOptions, input: StressInput) {
  const problems = checkCalls(scenario, input.module);
  if (problems.length === 0) return;
  const texts = problems.map(({ path, message }) =>
    callers.length > 0 ? `${input.name}: ${message}` : `${other ?? file}: ${path.join('.')}: ${message}`,
  );
  const [first, ...more] = new Set(texts);
  throw new UsageError(`${displayable(first, 400)}${more.length > 0 ? ` (and ${more.length} more)` : ''}`);
}

/** The plan of the conflict matrix. */
export function planned(
  options: StressOptions,
  input: StressInput,
): { scenarios: Planned[]; notes: string[]; analysis: Analysis } {
  const { seconds, seed, model = 'auto', host = DEFAULT_HOST, count } = options;
  if (options.schedule !== undefined) throw new UsageError('replay: give the scenario with --scenario or --call');
  const analysis = analyse(input.module, { host, model });
  const plan = planOf(input.module, analysis, {
    host,
    model,
    callers: count,
    seconds: seconds ?? DEFAULT_SECONDS,
    seed,
  });
  if (plan.scenarios.length > 0) return { ...plan, analysis };
  throw new UsageError(
    `${input.name}: no two calls of its exports conflict under ${analysis.model}; name calls with --call to run them all the same`,
  );
}

function exitCode({ results, failures, notRun }: Ran): ExitCode {
  const verdicts = results.map(({ result }) => result.verdict);
  if (verdicts.some((v) => v === 'race' || v === 'non-atomic' || v === 'hang')) return Exit.Findings;
  if (failures.length > 0) return Exit.Trouble;
  return verdicts.includes('inconclusive') || notRun > 0 ? Exit.Inconclusive : Exit.Clean;
}
