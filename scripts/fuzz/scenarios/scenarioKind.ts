/** Fuzzing of scenarios and of what runs them: the engine must end, contradict itself nowhere, and give the same again. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { Ajv } from 'ajv';
import { type AdvisedResult, advised } from '../../../core/advice/advised.ts';
import { contradictionsInResult } from '../../../core/advice/testing/resultContradictions.ts';
import { FORMAT_NAMES, reportText } from '../../../core/report/formats.ts';
import { stressReportOf } from '../../../core/report/report.ts';
import { contradictionsInStressText } from '../../../core/report/testing/textContradictions.ts';
import { stress } from '../../../core/stress/explore/stress.ts';
import { parseScenario } from '../../../core/stress/scenario/checkScenario.ts';
import type { Scenario } from '../../../core/stress/scenario/scenario.ts';
import { environment, stable } from '../../../core/stress/testing/run.ts';
import { textMutant } from '../../../core/wat/testing/mutants.ts';
import { ROOT } from '../../paths.ts';
import { type FuzzKind, stackOf } from '../kind.ts';
import { stretches } from '../minimise.ts';
import { mutatedModule } from '../modules/mutate.ts';
import { smallerModules } from '../modules/smaller.ts';
import { randomScenario } from './generate.ts';
import { mutatedScenario, packInput, unpackInput } from './scenarioInput.ts';

/** Bounds of one run: what decides about its result is the number of schedules, not the time. */
const BUDGET = { seconds: 600, schedules: 60, preemptions: 2 };
/** A run of so few schedules takes milliseconds; loops have fuel. */
const MOST_MILLISECONDS = 20_000;
/** Formats that need nothing but the report. */
const FORMATS = FORMAT_NAMES.filter((name) => name === 'text' || name === 'json');

const schema = new Ajv({ allErrors: false }).compile(
  JSON.parse(readFileSync(join(ROOT, 'schemas/stress.schema.json'), 'utf8')),
);

/** Scenarios of the repository and generated ones; mutants of their text, their parts and their modules. */
export const scenarioKind: FuzzKind = {
  id: 'scenario',
  extension: 'json',
  isGuided: true,
  async seeds() {
    const files = globSync('{test-fixtures,core/stress/explore/cases}/**/*.stress.json', { cwd: ROOT }).sort();
    const seeds: Uint8Array[] = [];
    for (const file of files) {
      const scenario = readFileSync(join(ROOT, file), 'utf8');
      const { module } = JSON.parse(scenario) as { module?: unknown };
      if (typeof module !== 'string') continue;
      const bytes = readFileSync(join(ROOT, dirname(file), module));
      seeds.push(packInput({ scenario, module: module.endsWith('.wasm') ? bytes : await parse(bytes.toString()) }));
    }
    return seeds;
  },
  generate: async (next) => packInput(await randomScenario(next)),
  mutate(input, next) {
    const { module, scenario } = unpackInput(input);
    switch (next(12)) {
      case 0:
      case 1:
        return packInput({ module: mutatedModule(module, next), scenario });
      case 2:
        return packInput({ module, scenario: textMutant(scenario, next) });
      default:
        return packInput({ module, scenario: mutatedScenario(scenario, next) });
    }
  },
  async check(input) {
    const { module, scenario } = unpackInput(input);
    try {
      return await problemOf(module, scenario);
    } catch (error) {
      return `throws ${stackOf(error)}`;
    }
  },
  *smaller(input) {
    const { module, scenario } = unpackInput(input);
    for (const smaller of smallerModules(module)) yield packInput({ module: smaller, scenario });
    for (const one of smallerScenarios(scenario)) yield packInput({ module, scenario: one });
  },
};

/** A scenario without some of its keys, callers or calls. */
function* smallerScenarios(text: string): Iterable<string> {
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(text);
  } catch {
    for (const [from, to] of stretches(text.length)) yield text.slice(0, from) + text.slice(to);
    return;
  }
  for (const key of Object.keys(json)) yield JSON.stringify({ ...json, [key]: undefined });
  const { callers } = json;
  if (!Array.isArray(callers)) return;
  for (let i = 0; i < callers.length; i++) yield JSON.stringify({ ...json, callers: callers.toSpliced(i, 1) });
  for (const [i, calls] of callers.entries()) {
    if (!Array.isArray(calls)) continue;
    for (let k = 0; k < calls.length; k++) {
      yield JSON.stringify({ ...json, callers: callers.with(i, calls.toSpliced(k, 1)) });
    }
  }
}

async function problemOf(module: Uint8Array, text: string): Promise<string | undefined> {
  const parsed = parseScenario(text, 'wazero');
  if ('problems' in parsed) {
    const { problems } = parsed;
    if (problems.length === 0) return 'the scenario is refused, and nothing is said of it';
    return problems.some(({ message, offset = 0 }) => message === '' || offset < 0 || offset > text.length)
      ? 'a problem of the scenario is nowhere'
      : undefined;
  }
  const scenario = bounded(parsed.scenario);
  const started = performance.now();
  const first = await run(module, scenario);
  const took = performance.now() - started;
  if (took > MOST_MILLISECONDS) return `took ${Math.round(took)} ms`;
  if ('failure' in first) {
    const { kind, message } = first.failure;
    return kind === 'internal' || message === '' ? `an internal error: ${message}` : undefined;
  }
  return resultProblem(first.result) ?? (await againProblem(module, scenario, first.result));
}

/** No code of others, no clock, few schedules. */
const bounded = (scenario: Scenario): Scenario => ({
  ...scenario,
  imports: 'stub',
  wasi: {},
  budget: { ...BUDGET, schedules: Math.min(BUDGET.schedules, scenario.budget.schedules) },
});

const run = async (bytes: Uint8Array, scenario: Scenario, schedule?: string) =>
  advised(await stress({ name: 'fuzz.wasm', bytes, scenario, schedule }, environment()));

/** A result that contradicts itself, its schema, or what is said of it. */
function resultProblem(result: AdvisedResult): string | undefined {
  if (result.defects.length > 0) return `a defect of the engine, ${result.defects[0].kind}: ${result.defects[0].text}`;
  const report = stressReportOf(result);
  const texts = FORMATS.map((format) => reportText(report, format, { full: true, colour: false }));
  const json: unknown = JSON.parse(texts[FORMATS.indexOf('json')]);
  if (!schema(json)) {
    const [error] = schema.errors ?? [];
    return `the JSON does not fit its schema: ${error?.instancePath} ${error?.message}`;
  }
  return [...contradictionsInResult(result), ...contradictionsInStressText(result)][0];
}

/** How deep a recursion comes before the stack ends depends on what the engine has compiled, and so do its steps. */
function comparable(result: AdvisedResult): string {
  const text = JSON.stringify(stable(result));
  return text.includes('call stack exhausted') ? text.replace(/"steps":\d+/, '') : text;
}

/** The same run gives the same, and the schedule of the worst finding shows it. */
async function againProblem(
  module: Uint8Array,
  scenario: Scenario,
  result: AdvisedResult,
): Promise<string | undefined> {
  const second = await run(module, scenario);
  if ('failure' in second) return `the second run fails: ${second.failure.message}`;
  if (comparable(second.result) !== comparable(result)) return 'a second run gives another result';
  if (result.schedule === null || result.schedule === '') return undefined;
  const replayed = await run(module, scenario, result.schedule);
  if ('failure' in replayed) return `the schedule ${result.schedule} fails: ${replayed.failure.message}`;
  const { verdict } = replayed.result;
  return result.verdict !== 'safe' && verdict === 'safe'
    ? `the schedule ${result.schedule} of a ${result.verdict} shows nothing`
    : undefined;
}
