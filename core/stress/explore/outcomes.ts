/**
 * Outcomes of executions: results of all calls, of the probe, and the final state; and the outcomes of serial orders.
 */

import type { MemoryState } from '../run/memoryState.ts';
import { ExecutionMode } from '../run/scheduler.ts';
import { callerName } from '../scenario/scenario.ts';
import { randomNumbers } from '../search/random.ts';
import type { Results } from '../session/job.ts';
import type { Session } from '../session/session.ts';
import type { SerialOutcome } from './result.ts';
import { StuckOrders } from './stuckOrders.ts';

/** The outcome of one execution; values are texts of resultTexts.ts. */
export interface ExecutionOutcome {
  results: Results;
  probe: string[];
  /** Hash of the state. */
  state: string;
  /** Equal for equal outcomes. */
  key: string;
}

/** Bytes of memory 0 that do not count as state: dead stack frames. */
function deadStack({ stackBase, accesses, callers, analysis, model }: Session): [start: number, end: number] {
  if (Number.isNaN(stackBase) || !Number.isFinite(accesses.lowestStack)) return [0, 0];
  const now = Number(callers[0].instance.globals[analysis.stackPointer]?.get());
  const depth = (stackBase - accesses.lowestStack) * (model === 'shared-instance' ? callers.length : 1);
  return [Math.max(0, stackBase - depth), Math.min(now, stackBase)];
}

/** Hash of the current state without dead stack frames. */
export const stateOf = (session: Session): string => session.machine.hash(...deadStack(session));

/** Outcome of the execution that has just ended; makes the probe calls. */
export async function outcomeOf(session: Session): Promise<ExecutionOutcome> {
  const { scheduler, callers, probe } = session;
  const results = callers.map((caller) => caller.results.slice());
  const state = stateOf(session);
  const answers: string[] = [];
  if (probe.length > 0) {
    scheduler.probing();
    for (const call of probe) answers.push(await scheduler.one(callers[0], call));
  }
  return { results, probe: answers, state, key: `${results.join('|')}#${answers.join()}#${state}` };
}

/** The outcomes of serial orders; see `serialOutcomes`. */
export interface SerialOutcomes {
  /** By `ExecutionOutcome.key`. */
  byKey: Map<string, SerialOutcome & { state: string }>;
  /** Keys of results and probe alone. */
  results: Set<string>;
  /** All orders were run. */
  complete: boolean;
  /** Orders in which some call could not return alone. */
  infeasible: number;
  orders: number;
  /** The first caller that did not return, in every order. */
  stuck: { caller: number; call: number; site: number; loops: boolean } | undefined;
  /** Pages of each of the machine's memories at the base, and the most after the calls of an order. */
  pages: { base: number; most: number }[];
}

/** Key of an outcome's results and probe, without the state: equal for equal ones. */
export const resultsKey = ({ results, probe }: { results: Results; probe: readonly string[] }): string =>
  `${results.join('|')}#${probe.join()}`;

/**
 * What is wrong with an outcome: results of callers or of the probe, or only the final state. Undefined if it is that
 * of a serial order, or if not all serial orders are known.
 */
export function wrongIn(
  { byKey, complete, results }: SerialOutcomes,
  outcome: ExecutionOutcome,
): 'results' | 'state' | undefined {
  if (!complete || byKey.size === 0 || byKey.has(outcome.key)) return undefined;
  return results.has(resultsKey(outcome)) ? 'state' : 'results';
}

const MAX_ORDERS = 1000;

/** The callers need each other: no serial order of the calls ends, so there is none that outcomes could be compared with. */
export const noneEnds = ({ complete, orders, infeasible }: SerialOutcomes): boolean =>
  complete && orders > 0 && infeasible === orders;

/** Runs the calls in every serial order, or a sample of them. */
export async function serialOutcomes(session: Session, seed: number, stopped: () => boolean): Promise<SerialOutcomes> {
  const { scheduler, callers, host, machine } = session;
  machine.restore();
  const { orders, complete } = serialOrders(
    callers.map((c) => c.calls.length),
    seed,
  );
  const found: SerialOutcomes = {
    byKey: new Map(),
    results: new Set(),
    complete,
    infeasible: 0,
    orders: orders.length,
    stuck: undefined,
    pages: machine.memories.map((memory) => ({ base: pagesOf(memory), most: pagesOf(memory) })),
  };
  const stuck = new StuckOrders();
  for (const order of orders) {
    if (stuck.has(order)) {
      found.infeasible++;
      continue;
    }
    if (stopped()) return { ...found, complete: false };
    host.reset();
    const returned = await scheduler.serially(ExecutionMode.Serial, order);
    if (scheduler.defect !== undefined) throw scheduler.defect;
    if (!returned) {
      found.infeasible++;
      const { current } = scheduler;
      stuck.add(
        order,
        callers.reduce((sum, { results }) => sum + results.length, 0),
      );
      const loops = current.trap?.includes('loop iterations') === true;
      found.stuck ??= { caller: current.index, call: Math.max(0, current.call - 1), site: current.site, loops };
      continue;
    }
    for (const [i, memory] of machine.memories.entries())
      found.pages[i].most = Math.max(found.pages[i].most, pagesOf(memory));
    const outcome = await outcomeOf(session);
    found.results.add(resultsKey(outcome));
    if (!found.byKey.has(outcome.key)) {
      const text = order.map(callerName).join('');
      found.byKey.set(outcome.key, {
        results: outcome.results,
        probe: outcome.probe,
        order: text,
        state: outcome.state,
      });
    }
  }
  if (stuck.areAll(callers.length)) found.complete = true;
  return found;
}

const pagesOf = ({ bytes, pageBytes }: MemoryState): number => Math.floor(bytes / pageBytes);

/**
 * All interleavings of whole calls if there are few, else a random sample; first the orders in which callers run one
 * after the other.
 */
export function serialOrders(counts: readonly number[], seed: number): { orders: number[][]; complete: boolean } {
  if (interleavings(counts) <= MAX_ORDERS) {
    const orders: number[][] = [];
    const extend = (order: number[], left: readonly number[]): void => {
      if (left.every((n) => n === 0)) orders.push(order);
      left.forEach((n, caller) => {
        if (n > 0)
          extend(
            [...order, caller],
            left.map((m, i) => (i === caller ? m - 1 : m)),
          );
      });
    };
    extend([], counts);
    return { orders, complete: true };
  }
  const random = randomNumbers(seed);
  const all = counts.flatMap((n, caller) => Array.from({ length: n }, () => caller));
  const orders = [all.slice(), all.toReversed()];
  while (orders.length < MAX_ORDERS / 4) {
    const order = all.slice();
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    orders.push(order);
  }
  return { orders, complete: false };
}

/** Multinomial coefficient, up to a bound beyond which it does not matter. */
function interleavings(counts: readonly number[]): number {
  let product = 1;
  let total = 0;
  for (const count of counts) {
    for (let i = 1; i <= count; i++) {
      product = (product * ++total) / i;
      if (product > 1e9) return product;
    }
  }
  return product;
}
