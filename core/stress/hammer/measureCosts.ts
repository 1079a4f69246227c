/**
 * Measures the remedies of a scenario in alternating steps, so that other load on the machine affects all of them
 * alike.
 */
import { t } from '../../text/l10n.ts';
import { Slot, ThreadCommand } from './control.ts';
import { CostCounter, PhaseCosts } from './costs.ts';
import type { Driver } from './driver.ts';
import type { HammerPlan } from './hammerPlan.ts';
import type { Costs, CostVariant } from './hammerResult.ts';

/** Number of instances that are created to measure instantiation, and the time limit for that in milliseconds. */
const INSTANCES = 15;
const INSTANCES_MS = 200;
/** Least number of rounds of steps, including warm-up. */
const LEAST_STEPS = 4;

/** Everything whose cost is measured, in the order in which it is told. */
export const ALL_REMEDIES: readonly CostVariant[] = ['unsafe', 'mutex', 'pool', 'instance-per-call'];

/** Remedies that can be measured: without shared state there is nothing to guard. */
export const remediesOf = ({ shared }: Pick<HammerPlan, 'shared'>): CostVariant[] =>
  shared === undefined ? ['pool', 'instance-per-call'] : [...ALL_REMEDIES];

/** What was measured, or why nothing could be, as part of a sentence. */
export function measureCosts(driver: Driver, limits: { end: number; stopped(): boolean }): Costs | string {
  const { start, control, thread, now } = driver;
  const { callers, measurements, workers, costs } = start;
  driver.callAll();
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
  } catch (error) {
    return t('no further instance could be created: {0}', error instanceof Error ? error.message : String(error));
  }
  const measured = measurements.map(
    (phase, position) =>
      new PhaseCosts(
        phase,
        Array.from({ length: phase.threads }, (_, i) => new CostCounter(costs, position, i, workers)),
        Array.from({ length: workers }, (_, i) => callers[i % callers.length].length),
      ),
  );
  for (let step = 0; !limits.stopped() && (step < LEAST_STEPS || now() < limits.end); step++) {
    // The first rounds only warm up: the engine recompiles hot functions.
    if (step === 1) for (const one of measured) one.clear();
    for (let position = 0; position < measurements.length && !limits.stopped(); position++) {
      driver.resetAll();
      Atomics.store(control, Slot.StepOver, 0);
      driver.command(ThreadCommand.Cost, position);
      measured[position].add();
    }
  }
  driver.resetAll();
  const rows = measured.flatMap((one) => one.row() ?? []);
  const instantiation = times.sort((a, b) => a - b)[times.length >> 1];
  return { rows, memoryPerInstance, instantiation, clock: Math.round(thread.costs.clock * 1e6) };
}
