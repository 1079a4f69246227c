/**
 * Outcomes of executions: results of all calls, of the probe, and the final state; and how those of serial orders judge
 * them.
 */

import { onOneInstance } from '../../analysis/conflicts.ts';
import { comparedText, FAILS } from '../scenario/comparison.ts';
import type { Step } from '../scenario/steps.ts';
import type { Unit } from '../scenario/units.ts';
import type { Results } from '../session/job.ts';
import type { Session } from '../session/session.ts';
import type { SerialOutcome } from './result.ts';
import type { SerialGraph } from './serialGraph.ts';

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

/** Outcome of the execution that has just ended; makes the probe calls. No promise where there are none. */
export function outcomeOf(session: Session): ExecutionOutcome | Promise<ExecutionOutcome> {
  const { callers, probe, comparison, scenario } = session;
  const raw = session.machine.references.inOrder(callers.map((caller) => caller.results));
  const results = comparison.everything ? raw : raw.map((texts, i) => compared(session, texts, scenario.callers[i]));
  const state = comparison.state ? stateOf(session) : '';
  const { exhausted } = session.scheduler;
  if (probe.length === 0) return { results, probe: [], state, key: outcomeKey(results, [], state), exhausted };
  return probed(session).then((answers) => {
    const key = outcomeKey(results, answers, state);
    return { results, probe: answers, state, key, exhausted: session.scheduler.exhausted };
  });
}

/** The parts of texts that are compared. */
const compared = ({ comparison }: Session, texts: readonly string[], steps: readonly Step[]): string[] =>
  texts.map((text, i) => comparedText(comparison, steps[i], text));

/** Makes the probe calls. */
async function probed(session: Session): Promise<string[]> {
  const { scheduler, callers, probe, comparison, scenario } = session;
  scheduler.serial.probing();
  // The probe knows the names of the setup, not those of a caller.
  const [first] = callers;
  if (first.named.size > 0) first.named = new Map(first.namedBefore);
  const found: string[] = [];
  for (const call of probe) found.push(await scheduler.serial.one(first, call));
  return comparison.everything ? found : compared(session, found, scenario.probe);
}

/** Equal for equal outcomes. */
export const outcomeKey = (results: Results, probe: readonly string[], state: string): string =>
  `${resultsText(results)}#${probe.length === 0 ? '' : probe.join()}#${state}`;

/**
 * An outcome of serial orders of calls. `whole`: one of them leaves those together that belong together; `nested`: in each
 * of them imports call back, so that no execution has the calls in that order.
 */
export type KnownOutcome = SerialOutcome & { state: string; whole: boolean; nested: boolean };

/** The outcomes of serial orders; see serialOutcomes.ts. */
export interface SerialOutcomes {
  /** What outcomes are judged by: the unit of the scenario, but calls where no order of whole sequences returns. */
  unit: Unit;
  /** Some step is an expectation, which an outcome may break whatever serial orders give. */
  expects: boolean;
  /** By `ExecutionOutcome.key`; those of whole sequences among them. Where there is a `graph`, only some of them. */
  byKey: Map<string, KnownOutcome>;
  /** Has all outcomes, where these are too many to be listed. */
  graph?: SerialGraph;
  /** Keys of results and probe alone, of the unit, of the outcomes in `byKey`. */
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
  /** Lowest stack pointer by which the states of these outcomes leave out dead frames; see `deepened`. */
  lowestStack: number;
  orders: number;
  /** The first caller that did not return, in every order. */
  stuck: { caller: number; call: number; site: number; loops: boolean } | undefined;
  /** Pages of each of the machine's memories at the base, and the most after the calls of an order. */
  pages: { base: number; most: number }[];
}

/** The results of callers as one text. Most make one call each, whose text needs no joining. */
function resultsText(results: Results): string {
  let text = '';
  for (let i = 0; i < results.length; i++) {
    const texts = results[i];
    const own = texts.length === 1 ? texts[0] : texts.join();
    text += i === 0 ? own : `|${own}`;
  }
  return text;
}

/** Key of an outcome's results and probe, without the state: equal for equal ones. */
export const resultsKey = ({ results, probe }: { results: Results; probe: readonly string[] }): string =>
  `${resultsText(results)}#${probe.join()}`;

/** What is wrong with an outcome. */
export interface Wrong {
  /** An expectation that does not hold, results of callers or of the probe, or only the final state. */
  what: 'expectation' | 'results' | 'state';
  /** A serial order of the calls that gives it: then only whole sequences are divided. */
  order: string | null;
}

/** Whether an outcome can be judged: where not all serial orders are known, only that of one of them. */
export function isJudged(serial: SerialOutcomes, outcome: ExecutionOutcome): boolean {
  if (outcome.exhausted) return false;
  const known = knownOutcome(serial, outcome);
  return isSerial(serial, known) || (serial.complete && known !== undefined);
}

const isSerial = ({ unit }: SerialOutcomes, known: Pick<KnownOutcome, 'whole'> | null | undefined): boolean =>
  known !== undefined && known !== null && (unit === 'call' || known.whole);

/** The serial order that gives an outcome; null where none of those that are known does, undefined where it took too long to say. */
function knownOutcome(
  serial: SerialOutcomes,
  outcome: ExecutionOutcome,
): Pick<KnownOutcome, 'order' | 'whole'> | null | undefined {
  const { byKey, graph } = serial;
  const known = byKey.get(outcome.key) ?? null;
  return graph === undefined || isSerial(serial, known) ? known : graph.find(outcome.key, outcome);
}

/** Undefined when an outcome is that of a serial order, and where it cannot be judged. */
export function wrongIn(serial: SerialOutcomes, outcome: ExecutionOutcome): Wrong | undefined {
  const known = knownOutcome(serial, outcome);
  // What must hold must hold in serial orders, too.
  if (serial.expects && failsIn(outcome)) return { what: 'expectation', order: null };
  if (serial.byKey.size === 0 || isSerial(serial, known) || !isJudged(serial, outcome)) return undefined;
  const what = orderWithResults(serial, outcome) === undefined ? 'results' : 'state';
  return { what, order: known?.order ?? null };
}

/** A serial order of the unit with the results and probe of an outcome, whatever state it leaves. */
export function orderWithResults(
  serial: SerialOutcomes,
  outcome: Pick<ExecutionOutcome, 'results' | 'probe'>,
): string | undefined {
  const key = resultsKey(outcome);
  if (serial.results.has(key)) return judgedBy(serial).find((one) => resultsKey(one) === key)?.order;
  return serial.graph?.orderOf(outcome.results, outcome.probe, serial.unit === 'sequence');
}

/** Whether nothing can be said about an outcome: it is neither wrong nor that of a serial order. */
export const isUnjudged = (serial: SerialOutcomes, outcome: ExecutionOutcome): boolean =>
  !isJudged(serial, outcome) && wrongIn(serial, outcome) === undefined;

/**
 * Whether the stack was seen deeper since outcomes are known. Then more counts as dead stack frames than in their states,
 * so that nothing can be compared with them, where states are compared.
 * @param lowestStack the stack pointer at its lowest, then
 */
export const deepened = (
  { accesses, comparison }: Pick<Session, 'accesses' | 'comparison'>,
  { lowestStack }: Pick<SerialOutcomes, 'lowestStack'>,
): boolean => comparison.state && accesses.lowestStack !== lowestStack;

/** Whether an expectation does not hold in an outcome. */
const failsIn = ({ results, probe }: Pick<ExecutionOutcome, 'results' | 'probe'>): boolean =>
  [...results, probe].some((texts) => texts.some((text) => text.startsWith(FAILS)));

/** Whether two outcomes are wrong in the same way, whichever serial order gives them; true if neither is wrong. */
export const isSameWrong = (a: Wrong | undefined, b: Wrong | undefined): boolean =>
  a?.what === b?.what && (a?.order === null) === (b?.order === null);

/** Outcomes of serial orders of the unit that outcomes are judged by. */
export const judgedBy = ({ unit, byKey }: SerialOutcomes): KnownOutcome[] =>
  [...byKey.values()].filter(({ whole }) => unit === 'call' || whole);

/**
 * How many outcomes serial orders of the unit give. Where there are `more`, they are too many to be counted: these are
 * known one by one.
 */
export function countOf(serial: SerialOutcomes): { count: number; more: boolean } {
  const { graph } = serial;
  const isWhole = serial.unit === 'sequence';
  const listed = judgedBy(serial).length;
  if (graph === undefined) return { count: listed, more: false };
  const count = graph.count(isWhole);
  if (count !== undefined) return { count, more: false };
  const others = graph.foundKeys(isWhole).filter((key) => !isSerial(serial, serial.byKey.get(key)));
  return { count: listed + others.length, more: true };
}

/** The callers need each other: no serial order of the calls ends, so there is none that outcomes could be compared with. */
export const noneEnds = ({ complete, orders, infeasible }: SerialOutcomes): boolean =>
  complete && orders > 0 && infeasible === orders;
