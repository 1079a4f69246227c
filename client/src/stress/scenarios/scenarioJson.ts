/** The text of a scenario file. */
import type { LifeForm } from '../../../../core/stress/scenario/lifeForms.ts';
import type { Scenario } from '../../../../core/stress/scenario/scenario.ts';
import { isCall } from '../../../../core/stress/scenario/steps.ts';
import { stepsOnce } from '../../../../core/stress/scenario/units.ts';

/** JSON as a person would write it: one line for each caller. */
export function scenarioJson(scenario: Scenario, module: string): string {
  const { host, model, life, setup, callers, probe, compare, unit, imports, wasi, budget, seed } = scenario;
  const text = (one: LifeForm): string =>
    isCall(one)
      ? `[${one.map((part) => JSON.stringify(part)).join(', ')}]`
      : `{ ${Object.entries(one)
          .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
          .join(', ')} }`;
  const list = (steps: readonly LifeForm[]): string => `[${steps.map(text).join(', ')}]`;
  return [
    '{',
    `  "module": ${JSON.stringify(module)},`,
    `  "host": ${JSON.stringify(host)},`,
    `  "model": ${JSON.stringify(model)},`,
    ...(life === 'auto' ? [] : [`  "life": ${typeof life === 'string' ? JSON.stringify(life) : list(life)},`]),
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
    ...(compare === 'auto' ? [] : [`  "compare": ${JSON.stringify(compare)},`]),
    ...(unit === 'auto' ? [] : [`  "unit": ${JSON.stringify(unit)},`]),
    // Without the imports, a run could not be repeated.
    ...(imports === 'stub' ? [] : [`  "imports": ${JSON.stringify(imports)},`]),
    ...(Object.keys(wasi).length === 0 ? [] : [`  "wasi": ${JSON.stringify(wasi)},`]),
    `  "budget": { "seconds": ${Math.max(1, Math.round(budget.seconds))}, "schedules": ${budget.schedules}, "preemptions": ${budget.preemptions} },`,
    `  "seed": ${seed}`,
    '}',
    '',
  ].join('\n');
}
