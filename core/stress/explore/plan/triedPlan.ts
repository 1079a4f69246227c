/** Plans whose arguments were tried: an export is called with the first ones with which it returns. */
import type { Analysis } from '../../../analysis/model.ts';
import type { Module } from '../../../wasm/module.ts';
import { type Plan, type PlanOptions, planOf } from '../../scenario/plan.ts';
import { completeScenario } from '../../scenario/scenario.ts';
import type { Usage, UsageFacts } from '../../scenario/usage/roles.ts';
import { usageFacts } from '../../scenario/usage/roles.ts';
import type { Environment } from '../../session/environment.ts';
import { SessionError } from '../../session/failure.ts';
import { missingSupport } from '../stress.ts';
import { allocatorByBehaviour, type TryOptions, tryUsages } from './tryOut.ts';

/** Share of the time of a plan that is for trying arguments, and the least of it in milliseconds. */
const SHARE = 0.2;
const LEAST_MS = 2_000;
/** How often a plan is made anew, because exports left it whose calls all trap. */
const MAX_ROUNDS = 4;

/** A plan, and how it calls exports. */
export interface TriedPlan {
  plan: Plan;
  facts: UsageFacts;
  usages: ReadonlyMap<number, Usage>;
}

/**
 * A plan with arguments that were tried on an instance. Exports that trap with all of them have scenarios only if no
 * other export has. Runs the module: for trusted workspaces only. Never throws for what a module does.
 */
export async function triedPlan(
  job: Pick<TryOptions['job'], 'bytes' | 'name'>,
  module: Module,
  analysis: Analysis,
  options: PlanOptions,
  environment: Environment,
): Promise<TriedPlan> {
  let facts = options.facts ?? usageFacts(module, analysis);
  const usages = new Map<number, Usage>(options.usages);
  const futile = new Set<number>(options.futile);
  const plan = (): Plan => planOf(module, analysis, { ...options, facts, usages, futile });
  const tried = (): TriedPlan => ({ plan: plan(), facts, usages });
  if (missingSupport() !== undefined) return tried();
  const trying: TryOptions = {
    job: { ...job, known: { module, analysis } },
    scenario: completeScenario({ callers: [], model: options.model }, options.host, options.suspending),
    environment,
    left: { ms: Math.max(options.seconds * 1000 * SHARE, LEAST_MS) },
  };
  try {
    if (facts.allocation === undefined) {
      const allocator = await allocatorByBehaviour(trying, module, analysis);
      if (allocator >= 0) facts = usageFacts(module, analysis, allocator);
    }
    // The allocator was seen to work, or has a telling name.
    const done = new Set<number>([facts.allocation?.allocate ?? -1, facts.allocation?.free ?? -1]);
    for (let round = 0; round < MAX_ROUNDS && trying.left.ms > 0; round++) {
      const fresh = new Set(plan().scenarios.flatMap(({ a, b }) => [a, b]));
      for (const position of done) fresh.delete(position);
      if (fresh.size === 0) break;
      const found = await tryUsages(trying, facts, [...fresh]);
      for (const position of fresh) done.add(position);
      for (const [position, usage] of found.usages) usages.set(position, usage);
      for (const position of found.futile) futile.add(position);
    }
  } catch (error) {
    // The runs of the plan will say the same of the module.
    if (!(error instanceof SessionError)) throw error;
  }
  return tried();
}
