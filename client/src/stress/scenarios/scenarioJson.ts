/** The text of a scenario file. */
import type { Call, Scenario } from '../../../../core/stress/scenario/scenario.ts';

/** JSON as a person would write it: one line for each caller. */
export function scenarioJson(scenario: Scenario, module: string): string {
  const { host, model, setup, callers, probe, unit, imports, wasi, budget, seed } = scenario;
  const call = (one: Call): string => `[${one.map((part) => JSON.stringify(part)).join(', ')}]`;
  const list = (calls: readonly Call[]): string => `[${calls.map(call).join(', ')}]`;
  return [
    '{',
    `  "module": ${JSON.stringify(module)},`,
    `  "host": ${JSON.stringify(host)},`,
    `  "model": ${JSON.stringify(model)},`,
    `  "setup": ${list(setup)},`,
    '  "callers": [',
    callers.map((calls) => `    ${list(calls)}`).join(',\n'),
    '  ],',
    `  "probe": ${list(probe)},`,
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
