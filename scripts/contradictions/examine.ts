/** Everything that the product says of one module, under every host and sharing model, looked through for contradictions. */

import type { Advice } from '../../core/advice/advice.ts';
import { adviceOf } from '../../core/advice/adviceOf.ts';
import { type AdvisedResult, advised } from '../../core/advice/advised.ts';
import { contradictionsWithAnalysis } from '../../core/advice/testing/analysisContradictions.ts';
import { contradictionsIn } from '../../core/advice/testing/contradictions.ts';
import { contradictionsInResult, contradictionsWithResults } from '../../core/advice/testing/resultContradictions.ts';
import { analyse } from '../../core/analysis/analyse.ts';
import type { Analysis } from '../../core/analysis/model.ts';
import { HOST_IDS, HOST_PROFILES, type HostId } from '../../core/hosts/index.ts';
import { SHARING_MODELS, type SharingModel } from '../../core/hosts/profile.ts';
import { checkModule } from '../../core/report/checkedModule.ts';
import { runEvidence } from '../../core/report/runEvidence.ts';
import { type ShownPairs, shownPairs } from '../../core/report/shown/shownPairs.ts';
import { shownExploration } from '../../core/report/shown/shownRun.ts';
import { contradictionsInCode } from '../../core/report/testing/codeContradictions.ts';
import { contradictionsInStandings } from '../../core/report/testing/shownContradictions.ts';
import { contradictionsInCheckText, contradictionsInStressText } from '../../core/report/testing/textContradictions.ts';
import { stress } from '../../core/stress/explore/stress.ts';
import { planOf } from '../../core/stress/scenario/plan.ts';
import { completeScenario, type Scenario } from '../../core/stress/scenario/scenario.ts';
import { stepText } from '../../core/stress/scenario/steps.ts';
import { environment } from '../../core/stress/testing/run.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import type { Module } from '../../core/wasm/module.ts';
import { validated } from '../../core/wasm/validate.ts';
import { WRAP_KINDS } from '../../core/wrap/template.ts';
import { generateWrapper } from '../../core/wrap/wrapper.ts';
import type { ExaminedInput } from './inputs.ts';

/** How much of a module is run. */
export interface Effort {
  /** Scenarios of each plan; 0: nothing is run. */
  scenarios: number;
  /** Executions and seconds of one scenario. */
  schedules: number;
  seconds: number;
}

/** What was looked through, and what was wrong. */
export interface Examined {
  /** Advice of the analysis alone, and results of runs. */
  checks: number;
  results: number;
  /** Sentences, with host, model and calls. */
  contradictions: string[];
}

/** Where to run: each model at a host that has it, and the grain of wazero. */
const RUNS: readonly (readonly [HostId, SharingModel])[] = [
  ['wazero', 'shared-instance'],
  ['wazero', 'shared-memory'],
  ['wasmtime', 'isolated'],
  ['wasmtime', 'shared-memory'],
  ['javascript', 'cooperative'],
  ['wasmtime-c-api', 'shared-instance'],
];

/** Looks through one module. An invalid module says nothing, so nothing is looked through. */
export async function examine(input: ExaminedInput, effort: Effort): Promise<Examined> {
  const module = await validated(decodeModule(input.bytes));
  const examined: Examined = { checks: 0, results: 0, contradictions: [] };
  if (module.errors.length > 0) return examined;
  const add = (where: string, sentences: readonly string[]): void => {
    for (const sentence of sentences) examined.contradictions.push(`${where}: ${sentence}`);
  };
  for (const host of HOST_IDS)
    for (const model of SHARING_MODELS) {
      const analysis = analyse(module, { host, model });
      const where = `${input.name}, ${host}, ${model}`;
      examined.checks++;
      add(where, contradictionsInAnswers(input.name, module, analysis, []));
      if (!RUNS.some(([runHost, runModel]) => runHost === host && runModel === model) || effort.scenarios === 0)
        continue;
      const results: AdvisedResult[] = [];
      for (const scenario of scenariosOf(input, module, analysis, effort)) {
        const result = await resultOf(input, scenario, effort);
        if (result === undefined) continue;
        results.push(result);
        const calls = result.scenario.callers.map((list) => list.map(stepText).join('; ')).join(' | ');
        add(`${where}, ${calls}`, [...contradictionsInResult(result), ...contradictionsInStressText(result)]);
      }
      examined.results += results.length;
      add(where, contradictionsInAnswers(input.name, module, analysis, results));
    }
  return examined;
}

/** Advice, text of `check` and generated code for a module, with some results or none. */
function contradictionsInAnswers(
  file: string,
  module: Module,
  analysis: Analysis,
  results: readonly AdvisedResult[],
): string[] {
  const advices = adviceOf(module, analysis, results);
  const settings = { host: analysis.host, hostReason: undefined, model: analysis.model, overrides: new Map() };
  return [
    ...contradictionsIn(advices, analysis.model),
    ...contradictionsWithAnalysis(advices, analysis),
    ...contradictionsWithResults(advices, results),
    ...(results.length > 0 ? [] : contradictionsInCheckText(checkModule(file, module, analysis, settings))),
    ...contradictionsInStandings({
      module,
      analysis,
      profile: HOST_PROFILES[analysis.host],
      shown: shownOf(results, analysis),
    }),
    ...contradictionsInWrappers(module, analysis, advices, results),
  ];
}

const shownOf = (results: readonly AdvisedResult[], analysis: Analysis): ShownPairs =>
  shownPairs(
    results.map((result) => shownExploration(result)),
    analysis,
    [],
  );

function contradictionsInWrappers(
  module: Module,
  analysis: Analysis,
  advices: readonly Advice[],
  results: readonly AdvisedResult[],
): string[] {
  if ('refusal' in HOST_PROFILES[analysis.host].template) return [];
  const evidence = runEvidence(module, analysis, { explored: results, hammered: [] });
  return WRAP_KINDS.flatMap((kind) => {
    const wrapped = generateWrapper(module, analysis, { kind, moduleFile: 'module.wasm', evidence });
    if ('refusal' in wrapped) return [];
    return contradictionsInCode(wrapped.text, advices, analysis).map((sentence) => `code of ${kind}: ${sentence}`);
  });
}

/** The scenarios beside the module under its own model, then those of a plan. */
function scenariosOf(input: ExaminedInput, module: Module, analysis: Analysis, effort: Effort): Scenario[] {
  const { host, model } = analysis;
  const given = input.scenarios.map((file) => completeScenario(file, host)).map((scenario) => ({ ...scenario, host }));
  const plan = planOf(module, analysis, { host, model, seconds: effort.seconds, limit: effort.scenarios });
  const own = given
    .filter((scenario) => scenario.model === model || (scenario.model === 'auto' && analysis.model === model))
    .map((scenario) => ({ ...scenario, model }));
  return [...own, ...plan.scenarios.map(({ scenario }) => scenario)];
}

/** Undefined where it cannot be run, such as a module whose imports have no stub. */
async function resultOf(
  { name, bytes }: ExaminedInput,
  scenario: Scenario,
  effort: Effort,
): Promise<AdvisedResult | undefined> {
  const { schedules, seconds } = effort;
  const budget = { ...scenario.budget, schedules, seconds };
  const answer = advised(await stress({ name, bytes, scenario: { ...scenario, budget } }, environment()));
  if ('result' in answer) return answer.result;
  if (answer.failure.kind === 'internal') throw new Error(`${name}: ${answer.failure.message}`);
  return undefined;
}
