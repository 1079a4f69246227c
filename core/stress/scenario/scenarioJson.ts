/** The text of a scenario file: names in it hide and reorder nothing, neither in an editor nor in a terminal. */
import { jsonText } from '../../harmless/json.ts';
import type { CallerForm } from './callerForms.ts';
import type { LifeForm } from './lifeForms.ts';
import { importsFileOf, type Scenario } from './scenario.ts';
import { stepsOnce } from './units.ts';

/** A value in one line, with a space after each comma. */
const inLine = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(inLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return jsonText(value);
  const entries = Object.entries(value).map(([key, one]) => `${jsonText(key)}: ${inLine(one)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
};

const list = (steps: readonly LifeForm[]): string => inLine(steps);

/** A scenario whose callers follow a protocol: one line for each step. */
export function skeletonJson(
  { host, model, budget, seed }: Pick<Scenario, 'host' | 'model' | 'budget' | 'seed'>,
  callers: readonly CallerForm[],
  module: string,
): string {
  const caller = (form: CallerForm): string =>
    Array.isArray(form) || !('steps' in form)
      ? `    ${inLine(form)}`
      : `    {\n      "steps": [\n${form.steps.map((step) => `        ${inLine(step)}`).join(',\n')}\n      ]\n    }`;
  return [
    '{',
    `  "module": ${jsonText(module)},`,
    `  "host": ${jsonText(host)},`,
    `  "model": ${jsonText(model)},`,
    '  "life": "auto",',
    '  "callers": [',
    callers.map(caller).join(',\n'),
    '  ],',
    `  "budget": ${inLine({ ...budget, seconds: Math.max(1, Math.round(budget.seconds)) })},`,
    `  "seed": ${seed}`,
    '}',
    '',
  ].join('\n');
}

/** JSON as a person would write it: one line for each caller. */
export function scenarioJson(scenario: Scenario, module: string): string {
  const { host, model, life, setup, callers, probe, compare, unit, wasi, budget, seed } = scenario;
  const imports = importsFileOf(scenario);
  return [
    '{',
    `  "module": ${jsonText(module)},`,
    `  "host": ${jsonText(host)},`,
    `  "model": ${jsonText(model)},`,
    ...(life === 'auto' ? [] : [`  "life": ${typeof life === 'string' ? jsonText(life) : list(life)},`]),
    `  "setup": ${list(setup)},`,
    '  "callers": [',
    callers
      .map((calls, i) => {
        const times = scenario.repeats?.[i] ?? 1;
        if (times === 1) return `    ${list(calls)}`;
        return `    { "steps": ${list(stepsOnce(scenario, i))}, "repeat": ${times} }`;
      })
      .join(',\n'),
    '  ],',
    `  "probe": ${list(probe)},`,
    ...(compare === 'auto' ? [] : [`  "compare": ${jsonText(compare)},`]),
    ...(unit === 'auto' ? [] : [`  "unit": ${jsonText(unit)},`]),
    // Without the imports, a run could not be repeated.
    ...(imports === undefined ? [] : [`  "imports": ${jsonText(imports)},`]),
    ...(Object.keys(wasi).length === 0 ? [] : [`  "wasi": ${jsonText(wasi)},`]),
    `  "budget": { "seconds": ${Math.max(1, Math.round(budget.seconds))}, "schedules": ${budget.schedules}, "preemptions": ${budget.preemptions} },`,
    `  "seed": ${seed}`,
    '}',
    '',
  ].join('\n');
}
