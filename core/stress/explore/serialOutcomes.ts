/** The outcomes of serial orders of calls: each order executed, or a sample of them. */

import type { Callback } from '../run/caller.ts';
import type { MemoryState } from '../run/memoryState.ts';
import { ExecutionMode } from '../run/mode.ts';
import { calledBackIn } from '../scenario/importBehaviour.ts';
import { callerName } from '../scenario/scenario.ts';
import { isWhole, unitLengths, unitOf } from '../scenario/units.ts';
import type { Session } from '../session/session.ts';
import { deepened, type ExecutionOutcome, judgedBy, outcomeOf, resultsKey, type SerialOutcomes } from './outcomes.ts';
import { ordersOf, type SerialOrders, serialOrders } from './serialOrders.ts';
import { StuckOrders } from './stuckOrders.ts';

/** How often orders are run again because the stack was seen deeper. Only calls that exhaust it need more. */
export const MAX_PASSES = 3;

/** Before any order is known. @param complete whether all orders of the unit will be, and all of calls */
export function noOutcomes(session: Session, complete: { units: boolean; calls: boolean }): SerialOutcomes {
  session.machine.restore();
  return {
    unit: unitOf(session.scenario),
    expects: session.comparison.expects,
    byKey: new Map(),
    results: new Set(),
    complete: complete.units,
    completeCalls: complete.calls,
    infeasible: 0,
    exhausted: false,
    timedOut: 0,
    lowestStack: session.accesses.lowestStack,
    orders: 0,
    stuck: undefined,
    pages: session.machine.memories.map((memory) => ({ base: pagesOf(memory), most: pagesOf(memory) })),
  };
}

/** How many calls of each caller belong together. Where calls are the unit, that an order divides a caller's is only told. */
export function togetherIn({ scenario }: Session): number[] {
  return unitOf(scenario) === 'call' ? scenario.callers.map(({ length }) => length) : unitLengths(scenario);
}

/** Whether imports call exports back. */
export const makesCallbacks = ({ scenario }: Session): boolean => calledBackIn(scenario.behaviours).length > 0;

/** Notes how large memories are after the calls. */
export function notePages(pages: SerialOutcomes['pages'], { machine }: Session): void {
  for (const [i, memory] of machine.memories.entries()) pages[i].most = Math.max(pages[i].most, pagesOf(memory));
}

/** Adds the outcome of an order. */
export function addOutcome(
  found: SerialOutcomes,
  outcome: ExecutionOutcome,
  { order, whole, nested }: { order: readonly number[]; whole: boolean; nested: boolean },
): void {
  found.exhausted ||= outcome.exhausted;
  const known = found.byKey.get(outcome.key);
  const always = nested && known?.nested !== false;
  if (known !== undefined) known.nested = always;
  if (known === undefined || (whole && !known.whole))
    found.byKey.set(outcome.key, {
      results: outcome.results,
      probe: outcome.probe,
      order: order.map(callerName).join(''),
      state: outcome.state,
      whole,
      nested: always,
    });
}

/**
 * Runs the calls in every serial order, or a sample of them; whole sequences in every order where they are the unit.
 * @param only the orders to run instead
 */
export async function serialOutcomes(
  session: Session,
  stopped: () => boolean,
  only?: SerialOrders,
): Promise<SerialOutcomes> {
  for (let pass = 1; ; pass++) {
    const found = await runOrders(session, stopped, only);
    const isAlike = !deepened(session, found);
    found.lowestStack = session.accesses.lowestStack;
    // Where one order was deeper than those before it, states are not alike; the same orders are not deeper next time.
    if (isAlike || pass === MAX_PASSES || stopped()) return found;
  }
}

async function runOrders(session: Session, stopped: () => boolean, only?: SerialOrders): Promise<SerialOutcomes> {
  const { scheduler, callers, host, scenario } = session;
  const calls = only ?? affordableOrders(session);
  // Among all orders of calls are those of whole sequences.
  const { orders, complete } = calls.complete || only !== undefined ? calls : ordersOf(scenario);
  const found = noOutcomes(session, { units: complete, calls: calls.complete });
  found.orders = orders.length;
  const lengths = togetherIn(session);
  const stuck = new StuckOrders();
  // What imports call back is a call of its own: it is run after the call that caused it, and once more before it.
  const todo: { order: number[]; early?: Callback[][] }[] = orders.map((order) => ({ order }));
  for (const { order, early } of todo) {
    if (stuck.has(order)) {
      found.infeasible++;
      continue;
    }
    if (stopped()) return { ...found, complete: false, completeCalls: false };
    host.reset();
    const returned = await scheduler.serial.run(ExecutionMode.Serial, order, early);
    if (early === undefined && returned?.some((callbacks) => callbacks.length > 0) === true)
      todo.push({ order, early: returned });
    if (scheduler.defect !== undefined) throw scheduler.defect;
    if (returned === undefined) {
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
    // The probe grows memories, too.
    notePages(found.pages, session);
    if (early === undefined && scheduler.timedOutAlone) found.timedOut++;
    const nested = returned.some((callbacks) => callbacks.length > 0);
    // The first order shows how deep the stack is.
    if (!Number.isFinite(found.lowestStack)) found.lowestStack = session.accesses.lowestStack;
    addOutcome(found, await outcomeOf(session), { order, whole: isWhole(order, lengths), nested });
  }
  return settled(found, stuck.areAll(callers.length));
}

/** Orders of calls. Whole sequences are what outcomes are judged by; the other orders must leave most of the budget to the search. */
function affordableOrders({ callers, scenario }: Session): SerialOrders {
  const all = serialOrders(
    callers.map((c) => c.calls.length),
    scenario.seed,
  );
  const affordable = unitOf(scenario) === 'call' || all.orders.length <= scenario.budget.schedules / 4;
  return affordable ? all : { ...all, complete: false };
}

/** @param noneStarts no caller's first call returns alone */
export function settled(found: SerialOutcomes, noneStarts: boolean): SerialOutcomes {
  // Callers that need each other between their calls have no serial order of whole sequences.
  if (![...found.byKey.values()].some(({ whole }) => whole)) {
    found.unit = 'call';
    found.complete = found.completeCalls || noneStarts;
  } else if (noneStarts) found.complete = true;
  if (found.exhausted) found.complete = false;
  found.results = new Set(judgedBy(found).map(resultsKey));
  return found;
}

const pagesOf = ({ bytes, pageBytes }: MemoryState): number => Math.floor(bytes / pageBytes);
