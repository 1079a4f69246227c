/** What exploring a whole plan costs, as the number of exports grows that all conflict. */
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../../../core/analysis/analyse.ts';
import { stress } from '../../../core/stress/explore/stress.ts';
import { planOf } from '../../../core/stress/scenario/plan.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import { Problem } from '../../failure.ts';
import { processorTime } from '../processorTime.ts';
import { benchEnvironment } from './exploring.ts';

/** The time of a plan bounds the executions of its scenarios: more than any of them needs. */
export const ENOUGH_SECONDS = 2_000;

/** The text of a module whose exports add to one counter in memory, `times` each, in one step. */
export const addersText = (exports: number, times: number): string => `(module (memory 1)
${Array.from(
  { length: exports },
  (_, i) => `  (func (export "add${i}")
${'    (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))\n'.repeat(times)})`,
).join('\n')})`;

/** A plan that was explored to its end in one thread. */
export interface PlanCost {
  scenarios: number;
  executions: number;
  /** Processor time in milliseconds, the least of some runs. */
  milliseconds: number;
}

const RUNS = 2;

/** All scenarios of two callers of a module with that many exports, two additions each. */
export async function exploredPlan(exports: number): Promise<PlanCost> {
  const bytes = await parse(addersText(exports, 2));
  // Compiled code before the clock starts, so that a plan of few scenarios is not all compilation.
  await explored(await parse(addersText(2, 2)));
  const runs: PlanCost[] = [];
  for (let i = 0; i < RUNS; i++) runs.push(await explored(bytes));
  return { ...runs[0], milliseconds: Math.min(...runs.map(({ milliseconds }) => milliseconds)) };
}

async function explored(bytes: Uint8Array): Promise<PlanCost> {
  const before = processorTime();
  const module = decodeModule(bytes);
  const analysis = analyse(module, { host: 'wazero', model: 'shared-instance' });
  const { scenarios } = planOf(module, analysis, {
    ...{ host: 'wazero', model: 'shared-instance', seconds: ENOUGH_SECONDS, limit: Number.POSITIVE_INFINITY },
  });
  let executions = 0;
  for (const { title, scenario } of scenarios) {
    const answer = await stress({ bytes, known: { module, analysis }, name: title, scenario }, benchEnvironment());
    if ('failure' in answer) throw new Problem(`${title}: ${answer.failure.message}`);
    if (!answer.result.exhaustive) throw new Problem(`${title} was not explored to its end`);
    executions += answer.result.explored.schedules;
  }
  return { scenarios: scenarios.length, executions, milliseconds: processorTime() - before };
}
