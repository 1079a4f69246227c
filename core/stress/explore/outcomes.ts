/**
 * Outcomes of executions: results of all calls, of the probe, and the final state; and the outcomes of serial orders.
 */

import { onOneInstance } from '../../analysis/conflicts.ts';
import type { Callback } from '../run/caller.ts';
import type { MemoryState } from '../run/memoryState.ts';
import { ExecutionMode } from '../run/scheduler.ts';
import { comparedText, FAILS } from '../scenario/comparison.ts';
import { callerName } from '../scenario/scenario.ts';
import type { Step } from '../scenario/steps.ts';
import { isWhole, type Unit, unitLengths, unitOf } from '../scenario/units.ts';
import type { Results } from '../session/job.ts';
import type { Session } from '../session/session.ts';
import type { SerialOutcome } from './result.ts';
import { ordersOf, serialOrders } from './serialOrders.ts';
import { StuckOrders } from './stuckOrders.ts';

/** The outcome of one execution; values are texts of resultTexts.ts. */
export interface ExecutionOutcome {
  results: Results;
  probe: string[];
  /** Hash of the state. */
  state: string;
  /** Equal for equal outcomes. */
  key: string;
  /** A call exhausted the stack: how far it gets before that differs from execution to execution. */
  exhausted: boolean;
}

/** Bytes of memory 0 that do not count as state: dead stack frames. */
function deadStack({ stackBase, accesses, callers, analysis, model }: Session): [start: number, end: number] {
  if (Number.isNaN(stackBase) || !Number.isFinite(accesses.lowestStack)) return [0, 0];
  const now = Number(callers[0].instance.globals[analysis.stackPointer]?.get());
  const depth = (stackBase - accesses.lowestStack) * (onOneInstance(model) ? callers.length : 1);
  return [Math.max(0, stackBase - depth), Math.min(now, stackBase)];
}

/** Hash of the current state without dead stack frames. */
export const stateOf = (session: Session): string => session.machine.hash(...deadStack(session));

/** Outcome of the execution that has just ended; makes the probe calls. */
export async function outcomeOf(session: Session): Promise<ExecutionOutcome> {
  const { scheduler, callers, probe, comparison, scenario } = session;
  const compared = (texts: readonly string[], steps: readonly Step[]): string[] =>
    comparison.everything ? texts.slice() : texts.map((text, i) => comparedText(comparison, steps[i], text));
  const raw = session.machine.references.inOrder(callers.map((caller) => caller.results));
  const results = raw.map((texts, i) => compared(texts, scenario.callers[i]));
  const state = comparison.state ? stateOf(session) : '';
  const found: string[] = [];
  if (probe.length > 0) {
    scheduler.probing();
    // The probe knows the names of the setup, not those of a caller.
    const [first] = callers;
    if (first.named.size > 0) first.named = new Map(first.namedBefore);
    for (const call of probe) found.push(await scheduler.one(first, call));
  }
  const answers = compared(found, scenario.probe);
  const key = `${results.join('|')}#${answers.join()}#${state}`;
  return { results, probe: answers, state, key, exhausted: scheduler.exhausted };
}

/**
 * An outcome of serial orders of calls. `whole`: one of them leaves those together that belong together; `nested`: in each
 * of them imports call back, so that no execution has the calls in that order.
 */
export type KnownOutcome = SerialOutcome & { state: string; whole: boolean; nested: boolean };

/** The outcomes of serial orders; see `serialOutcomes`. */
export interface SerialOutcomes {
  /** What outcomes are judged by: the unit of the scenario, but calls where no order of whole sequences returns. */
  unit: Unit;
  /** Some step is an expectation, which an outcome may break whatever serial orders give. */
  expects: boolean;
  /** By `ExecutionOutcome.key`; those of whole sequences among them. */
  byKey: Map<string, KnownOutcome>;
  /** Keys of results and probe alone, of the unit. */
  results: Set<string>;
  /** All orders of the unit were run, and no call exhausted the stack in them. */
  complete: boolean;
  /** All orders of calls were run. */
  completeCalls: boolean;
  /** Orders in which some call could not return alone. */
  infeasible: number;
  /** Some call exhausted the stack. */
  exhausted: boolean;
  /** Orders in which some wait ended because its time was over. */
  timedOut: number;
  orders: number;
  /** The first caller that did not return, in every order. */
  stuck: { caller: number; call: number; site: number; loops: boolean } | undefined;
  /** Pages of each of the machine's memories at the base, and the most after the calls of an order. */
  pages: { base: number; most: number }[];
}

/** Key of an outcome's results and probe, without the state: equal for equal ones. */
export const resultsKey = ({ results, probe }: { results: Results; probe: readonly string[] }): string =>
  `${results.join('|')}#${probe.join()}`;

/** What is wrong with an outcome. */
export interface Wrong {
  /** An expectation that does not hold, results of callers or of the probe, or only the final state. */
  what: 'expectation' | 'results' | 'state';
  /** A serial order of the calls that gives it: then only whole sequences are divided. */
  order: string | null;
}

/** Whether an outcome can be judged: where not all serial orders are known, only that of one of them. */
export function isJudged(serial: SerialOutcomes, { key, exhausted }: ExecutionOutcome): boolean {
  if (exhausted) return false;
  return serial.complete || isSerial(serial, serial.byKey.get(key));
}

const isSerial = ({ unit }: SerialOutcomes, known: KnownOutcome | undefined): boolean =>
  known !== undefined && (unit === 'call' || known.whole);

/** Undefined when an outcome is that of a serial order, and where it cannot be judged. */
export function wrongIn(serial: SerialOutcomes, outcome: ExecutionOutcome): Wrong | undefined {
  const { byKey, results } = serial;
  const known = byKey.get(outcome.key);
  // What must hold must hold in serial orders, too.
  if (serial.expects && failsIn(outcome)) return { what: 'expectation', order: null };
  if (byKey.size === 0 || isSerial(serial, known) || !isJudged(serial, outcome)) return undefined;
  return { what: results.has(resultsKey(outcome)) ? 'state' : 'results', order: known?.order ?? null };
}

/** Whether an expectation does not hold in an outcome. */
const failsIn = ({ results, probe }: Pick<ExecutionOutcome, 'results' | 'probe'>): boolean =>
  [...results, probe].some((texts) => texts.some((text) => text.startsWith(FAILS)));

/** Whether two outcomes are wrong in the same way, whichever serial order gives them; true if neither is wrong. */
export const isSameWrong = (a: Wrong | undefined, b: Wrong | undefined): boolean =>
  a?.what === b?.what && (a?.order === null) === (b?.order === null);

/** Outcomes of serial orders of the unit that outcomes are judged by. */
export const judgedBy = ({ unit, byKey }: SerialOutcomes): KnownOutcome[] =>
  [...byKey.values()].filter(({ whole }) => unit === 'call' || whole);

/** The callers need each other: no serial order of the calls ends, so there is none that outcomes could be compared with. */
export const noneEnds = ({ complete, orders, infeasible }: SerialOutcomes): boolean =>
  complete && orders > 0 && infeasible === orders;

/** Runs the calls in every serial order, or a sample of them; whole sequences in every order where they are the unit. */
export async function serialOutcomes(session: Session, seed: number, stopped: () => boolean): Promise<SerialOutcomes> {
  const { scheduler, callers, host, machine, scenario } = session;
  machine.restore();
  const counts = callers.map((c) => c.calls.length);
  const wanted = unitOf(scenario);
  const all = serialOrders(counts, seed);
  // Whole sequences are what outcomes are judged by; the other orders must leave most of the budget to the search.
  const affordable = wanted === 'call' || all.orders.length <= scenario.budget.schedules / 4;
  const calls = affordable ? all : { ...all, complete: false };
  // Where calls are the unit, that an order divides a caller's is only told.
  const lengths = wanted === 'call' ? counts : unitLengths(scenario);
  // Among all orders of calls are those of whole sequences.
  const { orders, complete } = calls.complete ? calls : ordersOf({ ...scenario, seed });
  const found: SerialOutcomes = {
    unit: wanted,
    expects: session.comparison.expects,
    byKey: new Map(),
    results: new Set(),
    complete,
    completeCalls: calls.complete,
    infeasible: 0,
    exhausted: false,
    timedOut: 0,
    orders: orders.length,
    stuck: undefined,
    pages: machine.memories.map((memory) => ({ base: pagesOf(memory), most: pagesOf(memory) })),
  };
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
    const returned = await scheduler.serially(ExecutionMode.Serial, order, early);
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
    for (const [i, memory] of machine.memories.entries())
      found.pages[i].most = Math.max(found.pages[i].most, pagesOf(memory));
    if (early === undefined && scheduler.timedOutAlone) found.timedOut++;
    const outcome = await outcomeOf(session);
    found.exhausted ||= outcome.exhausted;
    const whole = isWhole(order, lengths);
    const known = found.byKey.get(outcome.key);
    const nested = returned.some((callbacks) => callbacks.length > 0) && known?.nested !== false;
    if (known !== undefined) known.nested = nested;
    if (known === undefined || (whole && !known.whole))
      found.byKey.set(outcome.key, {
        results: outcome.results,
        probe: outcome.probe,
        order: order.map(callerName).join(''),
        state: outcome.state,
        whole,
        nested,
      });
  }
  // Callers that need each other between their calls have no serial order of whole sequences.
  if (![...found.byKey.values()].some(({ whole }) => whole)) {
    found.unit = 'call';
    found.complete = found.completeCalls || stuck.areAll(callers.length);
  } else if (stuck.areAll(callers.length)) found.complete = true;
  if (found.exhausted) found.complete = false;
  found.results = new Set(judgedBy(found).map(resultsKey));
  return found;
}

const pagesOf = ({ bytes, pageBytes }: MemoryState): number => Math.floor(bytes / pageBytes);
