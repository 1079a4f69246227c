/** The job of making a plan: scenarios for a module, with arguments that were tried on it where it may run. */
import type { Analysis } from '../analysis/model.ts';
import { analysisFor } from '../analysis/reuse.ts';
import { type TriedPlan, triedPlan } from '../stress/explore/plan/triedPlan.ts';
import { planOf } from '../stress/scenario/plan.ts';
import { usageFacts } from '../stress/scenario/usage/roles.ts';
import { skeletonOf } from '../stress/scenario/usage/skeleton.ts';
import type { Environment } from '../stress/session/environment.ts';
import type { Module } from '../wasm/module.ts';
import type { NamedPlan, PlanStart, ReceivedModule } from './model.ts';

/** Makes the plan. `thread`: the clock and the events of the thread that does it. */
export async function makePlan(
  start: PlanStart,
  { module, analysis: known }: ReceivedModule,
  thread: Pick<Environment, 'now' | 'breathe'>,
): Promise<NamedPlan> {
  const { host, model, suspending } = start.options;
  const analysis = analysisFor(module, { host, model, suspending }, known);
  const {
    plan: made,
    facts,
    usages,
  } = start.tries
    ? await triedPlan(start, module, analysis, start.options, planningEnvironment(thread))
    : untriedPlan(module, analysis, start.options);
  const { scenarios, ...rest } = made;
  const [first] = scenarios;
  const skeleton = start.skeleton && first !== undefined ? skeletonOf(facts, usages, first.a, first.b) : undefined;
  const name = (position: number) => analysis.exports[position].name;
  return { scenarios: scenarios.map((one) => ({ ...one, a: name(one.a), b: name(one.b) })), ...rest, skeleton };
}

function untriedPlan(module: Module, analysis: Analysis, options: PlanStart['options']): TriedPlan {
  const facts = usageFacts(module, analysis);
  return { plan: planOf(module, analysis, { ...options, facts }), facts, usages: new Map() };
}

/** Trying arguments tells nobody how far it is, and gives the module no clock and no randomness. */
const planningEnvironment = (thread: Pick<Environment, 'now' | 'breathe'>): Environment => ({
  ...thread,
  cancelled: () => false,
  progress: () => {},
  world: { nanoseconds: () => 0n, random: (bytes) => void bytes.fill(0) },
});
