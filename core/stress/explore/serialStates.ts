/**
 * The outcomes of all serial orders where these are too many to be executed one by one: a search over the states between
 * calls. Two beginnings of orders that leave the same state, after which the callers have the same calls left, are followed
 * by the same, and are continued once. Calls are executed from the base on, as a state cannot be entered otherwise.
 */
import { onOneInstance } from '../../analysis/conflicts.ts';
import { exactState } from '../run/exactState.ts';
import { ExecutionMode } from '../run/mode.ts';
import { comparedText } from '../scenario/comparison.ts';
import { isInstantiation } from '../scenario/instantiation.ts';
import { resultNames, type Step } from '../scenario/steps.ts';
import { unitOf } from '../scenario/units.ts';
import type { Session } from '../session/session.ts';
import { deepened, outcomeKey, outcomeOf, type SerialOutcomes } from './outcomes.ts';
import { leavesObjects } from './restsOn.ts';
import { increased, nextCallers, type OrderedOutcome, SerialGraph, type SerialNode } from './serialGraph.ts';
import { serialOrders } from './serialOrders.ts';
import { MAX_PASSES, makesCallbacks, noOutcomes, notePages, settled, togetherIn } from './serialOutcomes.ts';

/** Most calls that are executed, and most characters of states that are kept, for one graph. */
const MOST_CALLS = 200_000;
const MOST_TEXT = 10_000_000;
/** Outcomes that are listed one by one; of more, a sample is. */
const MOST_LISTED = 10_000;
const SAMPLE = 250;
/** Orders that are executed as a whole, to see whether the graph has their outcomes. */
const CHECKED = 16;

/**
 * The outcomes of all orders of calls, else of those orders that divide no unit; undefined where the search ended early, or
 * states cannot be compared.
 * @param over ends the search after so many executions, most of which run a part of an order
 * @param listed most outcomes that are listed; fewer in tests
 */
export async function serialStates(
  session: Session,
  over: (executions: number) => boolean,
  listed = MOST_LISTED,
): Promise<SerialOutcomes | undefined> {
  if (!mayCompare(session)) return undefined;
  let executions = 0;
  for (const dividing of unitOf(session.scenario) === 'call' ? [true] : [true, false]) {
    for (let pass = 1; pass <= MAX_PASSES; pass++) {
      const search = new Search(session, dividing, (more) => over(executions + more), listed);
      const found = await search.run();
      executions += search.executions;
      if (found !== undefined && deepened(session, found)) continue;
      if (found !== undefined) return { ...found, orders: executions };
      break;
    }
  }
  return undefined;
}

/** Not where a later call can observe what the engine does not; calls of the host end the search when they are met. */
function mayCompare(session: Session): boolean {
  const { scenario } = session;
  const instantiates = scenario.callers.some((steps) => steps.some(isInstantiation));
  return scenario.imports === 'stub' && !makesCallbacks(session) && !leavesObjects(session) && !instantiates;
}

/** A node, how it is reached, and what is left to be executed there. */
interface OpenNode extends SerialNode {
  from: { node: OpenNode; caller: number } | undefined;
  left: number[];
  state: string;
}

/** The search for one graph. */
class Search {
  executions = 0;
  private readonly session: Session;
  private readonly dividing: boolean;
  private readonly over: (executions: number) => boolean;
  private readonly listed: number;
  private readonly counts: number[];
  private readonly lengths: number[];
  private readonly alike: number[];
  private readonly nodes = new Map<string, OpenNode>();
  private readonly open: OpenNode[] = [];
  private calls = 0;
  private text = 0;
  /** The node whose calls were all made in the running execution. */
  private last: OpenNode | undefined;
  /** Nothing can be said. */
  private failed = false;

  constructor(session: Session, dividing: boolean, over: (executions: number) => boolean, listed: number) {
    this.listed = listed;
    this.session = session;
    this.dividing = dividing;
    this.over = over;
    this.counts = session.callers.map(({ calls }) => calls.length);
    this.lengths = togetherIn(session).map((length) => Math.max(1, length));
    this.alike = alikeCallers(session);
  }

  async run(): Promise<SerialOutcomes | undefined> {
    const { session, counts, alike, lengths, dividing } = this;
    const { scheduler, scenario } = session;
    const { hostCalls } = scheduler;
    const found = noOutcomes(session, { units: true, calls: dividing });
    // The state before any call.
    if (!(await this.execute([], found))) return undefined;
    const none = counts.map(() => 0);
    const root = this.node(none, undefined);
    if (root === undefined) return undefined;
    for (let node = this.open.pop(); node !== undefined; node = this.open.pop())
      while (node.left.length > 0) if (!(await this.execute(this.walk(node), found))) return undefined;
    const graph = new SerialGraph({ root, counts, alike, lengths, dividing });
    if (!(await this.check(graph, found)) || scheduler.hostCalls !== hostCalls) return undefined;
    const listed = graph.list(this.listed);
    for (const outcome of listed ?? graph.sample(SAMPLE, scenario.seed)) keep(found, outcome);
    if (listed === undefined) found.graph = graph;
    return settled(found, false);
  }

  /** One execution, call by call; false where nothing can be said. */
  private async execute(order: Iterable<number>, found: SerialOutcomes): Promise<boolean> {
    const { session } = this;
    const { scheduler, host } = session;
    if (this.over(this.executions)) return false;
    this.executions++;
    host.reset();
    const returned = await scheduler.serial.run(ExecutionMode.Serial, order);
    if (scheduler.defect !== undefined) throw scheduler.defect;
    // Calls that wait for others have no outcome, or one that depends on time.
    if (returned === undefined || this.failed || scheduler.timedOutAlone || scheduler.everExhausted) return false;
    const last = this.takeLast();
    if (last === undefined || last.end !== undefined) return true;
    notePages(found.pages, session);
    const { probe, state } = await outcomeOf(session);
    last.end = { probe, state };
    return !scheduler.everExhausted;
  }

  private takeLast(): OpenNode | undefined {
    const { last } = this;
    this.last = undefined;
    return last;
  }

  /** The way to a node and on from there, by calls that were not executed yet, until there is none. */
  private *walk(start: OpenNode): Generator<number> {
    const before: number[] = [];
    for (let { from } = start; from !== undefined; { from } = from.node) before.push(from.caller);
    yield* before.reverse();
    // Else what later calls observe is not what states are compared by.
    if (this.keyOf(start.made) !== start.state) this.failed = true;
    let node: OpenNode | undefined = start;
    while (node !== undefined && !this.failed) {
      const caller: number | undefined = node.left.pop();
      if (caller === undefined) break;
      yield caller;
      node = this.follow(node, caller);
    }
    if (node?.made.every((made, caller) => made === this.counts[caller])) this.last = node;
    this.calls += before.length;
  }

  /** Notes the call that was just executed; answers the node that it leads to. */
  private follow(node: OpenNode, caller: number): OpenNode | undefined {
    const { callers, scenario, comparison } = this.session;
    const call = node.made[caller];
    const text = callers[caller].results[call];
    const result = comparison.everything ? text : comparedText(comparison, scenario.callers[caller][call], text);
    const to = this.node(increased(node.made, caller), { node, caller });
    // Objects that an execution made are numbered by what it does later.
    if (to === undefined || /\bnew reference\b/.test(text) || ++this.calls > MOST_CALLS) {
      this.failed = true;
      return undefined;
    }
    node.edges.push({ caller, result, to });
    return to;
  }

  /** The node of the current state. */
  private node(made: number[], from: OpenNode['from']): OpenNode | undefined {
    const state = this.keyOf(made);
    if (state === undefined) return undefined;
    const known = this.nodes.get(state);
    if (known !== undefined) return known;
    this.text += state.length;
    if (this.text > MOST_TEXT) return undefined;
    const { counts, lengths, alike, dividing } = this;
    // Of callers that are alike and have made equally many calls, the first one goes on.
    const left = nextCallers(made, counts, dividing ? undefined : lengths).filter(
      (caller) => !alike.some((one, other) => other < caller && one === alike[caller] && made[other] === made[caller]),
    );
    const node: OpenNode = { id: this.nodes.size, made, edges: [], end: undefined, from, left: left.reverse(), state };
    this.nodes.set(state, node);
    this.open.push(node);
    return node;
  }

  /** All that later calls can observe, and which these are. */
  private keyOf(made: readonly number[]): string | undefined {
    const { machine, module, callers } = this.session;
    const state = exactState(machine, module);
    const names = callers.map(({ named }) => namesText(named));
    return state === undefined || names.includes(undefined) ? undefined : `${made.join()} ${names.join('|')} ${state}`;
  }

  /** Executes some orders from begin to end: whether the graph has their outcomes. */
  private async check(graph: SerialGraph, found: SerialOutcomes): Promise<boolean> {
    const { session, counts, lengths, dividing } = this;
    const orders = serialOrders(counts, session.scenario.seed).orders.slice(0, CHECKED);
    for (const order of orders) {
      const way = dividing ? order : undivided(order, lengths);
      if (!(await this.execute(way, found))) return false;
      const outcome = await outcomeOf(session);
      if (!graph.find(outcome.key, outcome)) return false;
    }
    return true;
  }
}

/** Names of results and their values; undefined where a value has bits that do not show. */
function namesText(named: ReadonlyMap<string, unknown>): string | undefined {
  if (named.size === 0) return '';
  const texts: string[] = [];
  for (const [name, value] of named) {
    if (Number.isNaN(value) || (typeof value === 'object' && value !== null)) return undefined;
    texts.push(JSON.stringify([name, typeof value, Object.is(value, -0) ? '-0' : String(value)]));
  }
  return texts.sort().join();
}

/**
 * Numbers that are equal for callers which make the same calls on the same instance, so that one may stand for the other.
 * Named results are a caller's own.
 */
function alikeCallers({ scenario, model, callers }: Session): number[] {
  const names = (steps: readonly Step[]): boolean => steps.some((step) => resultNames(step).length > 0);
  const texts = scenario.callers.map((steps, caller) =>
    JSON.stringify([steps, scenario.repeats?.[caller] ?? 1, namesText(callers[caller].namedBefore) ?? caller]),
  );
  const alone = !onOneInstance(model) || scenario.callers.some(names);
  return texts.map((text, caller) => (alone ? caller : texts.indexOf(text)));
}

/** The same calls without dividing units: each unit as a whole where it begins. */
function undivided(order: readonly number[], lengths: readonly number[]): number[] {
  const made = lengths.map(() => 0);
  return order.flatMap((caller) => (made[caller]++ % lengths[caller] === 0 ? Array(lengths[caller]).fill(caller) : []));
}

/** Adds an outcome to those that are listed. */
function keep({ byKey }: SerialOutcomes, { results, probe, state, order, whole }: OrderedOutcome): void {
  const key = outcomeKey(results, probe, state);
  if (byKey.has(key)) return;
  byKey.set(key, { results, probe, state, order, whole, nested: false });
}
