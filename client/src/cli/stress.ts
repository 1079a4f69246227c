/** `wasm-hazards stress` and `wasm-hazards replay`: the engine in a terminal and in CI. */
import { resolve } from 'node:path';
import { analyse } from '../../../server/src/analysis/analyse.ts';
import { DEFAULT_HOST } from '../../../server/src/analysis/hosts/index.ts';
import { planOf } from '../stress/engine/plan.ts';
import type { StressResult, Verdict } from '../stress/engine/result.ts';
import { completeScenario, type Scenario } from '../stress/engine/scenario.ts';
import { missingSupport, type StressAnswer } from '../stress/engine/stress.ts';
import { stressText, verdictText } from '../stress/resultText.ts';
import { runStress } from '../stress/worker/runStress.node.ts';
import { Exit, type ExitCode, type Io, UsageError } from './io.ts';
import type { Command } from './runCli.ts';
import { readStressInput, type StressInput } from './stressInput.ts';
import { parseStressOptions, REPLAY_HELP, STRESS_HELP, type StressOptions } from './stressOptions.ts';

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

const DEFAULT_SECONDS = 10;

interface Planned {
  title: string;
  scenario: Scenario;
}

async function run(options: StressOptions, io: Io): Promise<ExitCode> {
  const missing = missingSupport();
  if (missing !== undefined) throw new UsageError(missing);
  const input = await readStressInput(options.file, options.scenario, options.host, io.stdin);
  const { scenarios, notes } = scenariosOf(options, input);
  const results: { title: string; result: StressResult }[] = [];
  for (const { title, scenario } of scenarios) {
    const answer = await runOne(options, input, scenario, io);
    if ('failure' in answer) {
      const { message, offset } = answer.failure;
      io.err(`wasm-hazards: ${message}${offset === undefined ? '' : ` (offset 0x${offset.toString(16)})`}`);
      if (scenarios.length === 1 || answer.failure.kind !== 'setup') return Exit.Trouble;
      continue;
    }
    results.push({ title, result: answer.result });
  }
  if (results.length === 0) return Exit.Trouble;
  await print(options, input, results, notes, io);
  return exitCode(results.map(({ result }) => result.verdict));
}

/** The scenario that was given, or the plan of the conflict matrix. */
function scenariosOf(options: StressOptions, input: StressInput): { scenarios: Planned[]; notes: string[] } {
  const { seconds, seed, model, host, callers } = options;
  const given =
    input.scenario ?? (callers.length > 0 ? completeScenario({ callers }, host ?? DEFAULT_HOST) : undefined);
  if (given !== undefined) {
    const scenario = {
      ...given,
      host: host ?? given.host,
      model: model ?? given.model,
      seed: seed ?? given.seed,
      budget: { ...given.budget, seconds: seconds ?? given.budget.seconds },
    };
    return { scenarios: [{ title: '', scenario }], notes: [] };
  }
  if (options.schedule !== undefined) throw new UsageError('replay: give the scenario with --scenario or --call');
  const analysis = analyse(input.module, { host: host ?? DEFAULT_HOST, model: model ?? 'auto' });
  const plan = planOf(input.module, analysis, {
    host: host ?? DEFAULT_HOST,
    model: model ?? 'auto',
    callers: options.count,
    seconds: seconds ?? DEFAULT_SECONDS,
    seed,
  });
  if (plan.scenarios.length === 0)
    throw new UsageError(
      `${input.name}: no two calls of its exports conflict under ${analysis.model}; name calls with --call to run them all the same`,
    );
  return plan;
}

function runOne(options: StressOptions, input: StressInput, scenario: Scenario, io: Io): Promise<StressAnswer> {
  const { imports } = scenario;
  const importsModule = imports === 'stub' ? undefined : resolve(input.folder, imports.module);
  return runStress(
    { bytes: input.bytes, name: input.name, scenario, schedule: options.schedule },
    { workerPath: workerPath(), importsModule, signal: io.signal },
  );
}

/** The worker's program stands beside the bundle; from sources it runs as it is. */
function workerPath(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('../stress/worker/stressWorker.node.ts', import.meta.url)
    : new URL('./stressWorker.js', import.meta.url);
}

async function print(
  options: StressOptions,
  input: StressInput,
  results: readonly { title: string; result: StressResult }[],
  notes: readonly string[],
  io: Io,
): Promise<void> {
  if (options.format === 'json') {
    const [first] = results;
    const single = results.length === 1 && first.title === '';
    const document = single
      ? first.result
      : { version: 1, module: input.name, results: results.map(({ title, result }) => ({ title, ...result })), notes };
    await io.out(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const text = (result: StressResult): string =>
    stressText(result, {
      full: options.full,
      colour: io.colour,
      columns: io.columns,
      place: input.place,
      replay: replayWords(options, result),
    });
  const [only] = results;
  if (results.length === 1 && only.title === '') {
    await io.out(text(only.result));
    return;
  }
  const width = Math.max(...results.map(({ title }) => title.length));
  for (const { title, result } of results) await io.out(`${title.padEnd(width)}  ${verdictText(result)}\n`);
  for (const note of notes) await io.out(`Note: ${note}\n`);
  const worst = results.toSorted((a, b) => rank(b.result) - rank(a.result))[0];
  if (rank(worst.result) > 0) await io.out(`\n${text(worst.result)}`);
}

const rank = ({ verdict, wrongOutcome }: StressResult): number =>
  verdict === 'safe' ? 0 : verdict === 'inconclusive' ? 1 : wrongOutcome ? 4 : verdict === 'hang' ? 3 : 2;

/** How the scenario of a result is named on a command line. */
function replayWords({ scenario, host, model }: StressOptions, result: StressResult): string {
  const words: string[] = [];
  if (scenario !== undefined) words.push(`--scenario ${scenario}`);
  else
    for (const calls of result.scenario.callers)
      words.push(`--call '${calls.map(([name, ...args]) => `${name}(${args.map(String).join(',')})`).join(';')}'`);
  if (host !== undefined) words.push(`--host ${host}`);
  if (model !== undefined) words.push(`--model ${model}`);
  return words.join(' ');
}

function exitCode(verdicts: readonly Verdict[]): ExitCode {
  if (verdicts.some((v) => v === 'race' || v === 'non-atomic' || v === 'hang')) return Exit.Findings;
  return verdicts.includes('inconclusive') ? Exit.Inconclusive : Exit.Clean;
}
