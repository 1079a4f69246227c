/** Measures the remedies of a scenario, step by step in turn, so that what the machine does meanwhile meets all alike. */
import { Command, Phase, Slot } from './control.ts';
import { CostCounter, costOf } from './costs.ts';
import type { Driver } from './driver.ts';
import type { HammerPlan } from './hammerPlan.ts';
import type { Costs, Remedy } from './hammerResult.ts';

/** Instances that are made to know how long that takes, and for how long, ms. */
const INSTANCES = 15;
const INSTANCES_MS = 200;
/** Least rounds of steps. */
const LEAST_STEPS = 3;

/** Remedies that can be measured: without anything shared there is nothing to guard. */
export const remediesOf = ({ shared }: Pick<HammerPlan, 'shared'>): Remedy[] =>
  shared === undefined ? ['pool', 'instance-per-call'] : ['unsafe', 'mutex', 'pool', 'instance-per-call'];

/** Null where an instance of the module cannot be made beside the shared ones. */
export function measureCosts(driver: Driver, limits: { end: number; stopped(): boolean }): Costs | null {
  const { start, control, thread, now } = driver;
  const { callers, phases, threads, costs } = start;
  Atomics.store(control, Slot.Phase, Phase.Costs);
  const times: number[] = [];
  let memoryPerInstance = 0;
  const began = now();
  try {
    while (times.length < INSTANCES && (times.length === 0 || now() - began < INSTANCES_MS)) {
      const from = now();
      const instance = thread.costs.instance();
      times.push(now() - from);
      memoryPerInstance = thread.costs.memoryOf(instance);
    }
  } catch {
    return null; // What the user should know of it, instantiating for the rounds has said.
  }
  for (let step = 0; !limits.stopped() && (step < LEAST_STEPS || now() < limits.end); step++) {
    for (let position = 0; position < phases.length && !limits.stopped(); position++) {
      driver.resetAll();
      driver.command(Command.Cost, position);
    }
  }
  driver.resetAll();
  const longest = Math.max(...callers.map((calls) => calls.length));
  const rows = phases.flatMap((phase, position) => {
    const counters = Array.from({ length: phase.threads }, (_, i) => new CostCounter(costs, position, i, threads));
    return costOf(phase, counters, longest) ?? [];
  });
  return { rows, memoryPerInstance, instantiation: times.sort((a, b) => a - b)[times.length >> 1] };
}
