/** `wasm-hazards stress` and `wasm-hazards replay`: the engine in a terminal and in CI. */
import { adviceOf } from '../../core/advice/adviceOf.ts';
import { missingSupport } from '../../core/stress/explore/stress.ts';
import { Exit, type ExitCode, type Io, UsageError } from './io.ts';
import type { Command } from './runCli.ts';
import { readStressInput } from './stressInput.ts';
import { parseStressOptions, REPLAY_HELP, STRESS_HELP, type StressOptions } from './stressOptions.ts';
import { writeStress } from './stressOutput.ts';
import { exploring, type Planned, type Ran, runScenarios } from './stressRun.ts';
import { DEFAULT_SECONDS, givenScenario, planned } from './stressScenarios.ts';

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

function exitCode({ results, failures, notRun }: Ran): ExitCode {
  const verdicts = results.map(({ result }) => result.verdict);
  if (verdicts.some((v) => v === 'race' || v === 'non-atomic' || v === 'hang')) return Exit.Findings;
  if (failures.length > 0) return Exit.Trouble;
  return verdicts.includes('inconclusive') || notRun > 0 ? Exit.Inconclusive : Exit.Clean;
}
