/** Which scenarios a command line of `stress`, `replay` or `hammer` means. */
import { analyse } from '../../../core/analysis/analyse.ts';
import type { Analysis } from '../../../core/analysis/model.ts';
import { matchesImport } from '../../../core/analysis/suspension.ts';
import { displayable } from '../../../core/harmless/names.ts';
import { DEFAULT_HOST } from '../../../core/hosts/index.ts';
import { checkCalls } from '../../../core/stress/scenario/checkCalls.ts';
import type { PlanOptions } from '../../../core/stress/scenario/plan.ts';
import { completeScenario, type Scenario } from '../../../core/stress/scenario/scenario.ts';
import { analysisBytes } from '../../../node/analysisBytes.ts';
import { planStress } from '../../../node/stress/planStress.ts';
import type { StressInput } from '../input/stressInput.ts';
import { UsageError } from '../io.ts';
import type { StressOptions } from './stressOptions.ts';
import { workerProgram } from './workerProgram.ts';

/** A scenario to run and its heading in the report. */
export interface Planned {
  /** Empty for the one scenario that was given. */
  title: string;
  scenario: Scenario;
}

/** Seconds for all scenarios unless `--seconds` says otherwise. */
export const DEFAULT_SECONDS = 10;

/** Longest time for a plan: analysis, and trying arguments. */
export const PLAN_SECONDS = 600;

/** The scenario of a file or of calls. */
export function givenScenario(options: StressOptions, input: StressInput): Planned | undefined {
  const { seconds, seed, model, unit, host, callers, setup, probe } = options;
  const given: Scenario | undefined =
    input.scenario ??
    (callers.length > 0 ? completeScenario({ setup, callers, probe }, host ?? DEFAULT_HOST) : undefined);
  if (given === undefined) return undefined;
  const scenario = {
    ...given,
    host: host ?? given.host,
    model: model ?? given.model,
    unit: unit ?? given.unit,
    life: options.life ?? given.life,
    suspending: options.suspending,
    seed: seed ?? given.seed,
    budget: { ...given.budget, seconds: seconds ?? given.budget.seconds },
  };
  refuseWrongPatterns(options, input);
  refuseWrongCalls(scenario, options, input);
  return { title: '', scenario };
}

/** Rejects patterns that fit no imported function: what is meant would not be run. */
function refuseWrongPatterns({ suspending }: StressOptions, { module, name }: StressInput): void {
  const functions = module.imports.filter((imported) => imported.kind === 'func');
  for (const pattern of suspending)
    if (!functions.some((imported) => matchesImport([pattern], imported)))
      throw new UsageError(`${name}: --suspending ${displayable(pattern)} matches no imported function`);
}

/** Rejects calls that the module does not have; messages name the place where the user wrote them. */
function refuseWrongCalls(scenario: Scenario, { callers }: StressOptions, input: StressInput) {
  const problems = checkCalls(scenario, input.module);
  if (problems.length === 0) return;
  const texts = problems.map(({ path, message }) =>
    callers.length > 0 ? `${input.name}: ${message}` : `${input.scenarioPlace?.(path) ?? input.name}: ${message}`,
  );
  const [first, ...more] = new Set(texts);
  throw new UsageError(`${displayable(first, 400)}${more.length > 0 ? ` (and ${more.length} more)` : ''}`);
}

/** The plan of the conflict matrix; `hammer`: for real threads. @throws UsageError also when `signal` is aborted */
export async function planned(
  options: StressOptions,
  input: StressInput,
  hammer: boolean,
  signal?: AbortSignal,
): Promise<{ scenarios: Planned[]; untested: number; notes: string[]; analysis: Analysis }> {
  const { seconds, seed, model = 'auto', unit, host = DEFAULT_HOST, count } = options;
  if (options.schedule !== undefined) throw new UsageError('replay: give the scenario with --scenario or --call');
  refuseWrongPatterns(options, input);
  const { suspending } = options;
  const analysis = analyse(input.module, { host, model, suspending });
  const planOptions: PlanOptions = {
    host,
    model,
    suspending,
    callers: count,
    unit,
    seconds: seconds ?? DEFAULT_SECONDS,
    seed,
    hammer,
    limit: options.all ? Number.POSITIVE_INFINITY : undefined,
  };
  const plan = await planStress(
    { bytes: input.bytes, name: input.name, analysis: analysisBytes(analysis), options: planOptions, tries: true },
    { workerPath: workerProgram(), isolation: 'process', seconds: PLAN_SECONDS, signal },
  ).catch((error: unknown) => {
    throw signal?.aborted ? new UsageError(`${input.name}: interrupted while planning; nothing was run`) : error;
  });
  if (plan.scenarios.length > 0) return { ...plan, analysis };
  throw new UsageError(
    `${input.name}: no two calls of its exports conflict under ${analysis.model}; name calls with --call to run them anyway`,
  );
}
