/**
 * State of each instance that speaks about the memory which instances share: an allocator's pointer in a global, an index
 * into a table of one instance. No schedule shows that, since every instance alone does the same. What shows it: the same
 * calls, one caller after the other, answer differently on one instance and on an instance for each caller.
 */

import { allocatorOf } from '../../analysis/allocator.ts';
import { Flow, valueFlow } from '../../analysis/valueFlow.ts';
import { t } from '../../text/l10n.ts';
import { listOf } from '../../text/phrases.ts';
import type { GuestInstance } from '../run/guestInstance.ts';
import { ExecutionMode } from '../run/mode.ts';
import { callerName } from '../scenario/scenario.ts';
import { INSTANTIATION } from '../session/instantiation.ts';
import type { Results } from '../session/job.ts';
import type { Session } from '../session/session.ts';
import { outcomeOf } from './outcomes.ts';
import type { PrivateState } from './result.ts';

/** Orders of callers that are compared. */
const MAX_ORDERS = 24;
/** Cells that are named. */
const MAX_CELLS = 4;

/** What callers and probe are told, and the common memories afterwards where nothing in them belongs to one instance. */
interface Answers {
  results: Results;
  probe: string[];
  memory: string;
}

/** A difference between instances: a finding, or a sentence where the state is about each instance alone. */
export type PrivateStateAnswer = { found: PrivateState } | { note: string };

/** Undefined where instances answer like one, or have nothing in common. Leaves the base behind. */
export async function privateStateOf(
  session: Session,
  stopped: () => boolean,
): Promise<PrivateStateAnswer | undefined> {
  const { model, analysis, callers, machine } = session;
  if (model !== 'shared-memory' || callers.length < 2) return undefined;
  // One instance is not made twice.
  if (callers.some(({ calls }) => calls[0].func === INSTANTIATION)) return undefined;
  if (!analysis.sharing.memories.some(({ common }) => common)) return undefined;
  for (const order of ordersOf(callers.length)) {
    if (stopped()) break;
    const several = await answers(session, order);
    const own = callers.map(({ instance }) => instance);
    for (const caller of callers) caller.instance = own[0];
    let one: Answers | undefined;
    let changed: Changed;
    try {
      one = await answers(session, order);
      changed = changedCells(session, own[0]);
    } finally {
      for (const [i, caller] of callers.entries()) caller.instance = own[i];
    }
    // Calls that wait for another caller do not end in this order.
    if (several === undefined || one === undefined || isSame(several, one)) continue;
    machine.restore();
    const found: PrivateState = {
      cells: namesOf(changed),
      order: order.map(callerName).join(''),
      one: { results: one.results, probe: one.probe },
      several: { results: several.results, probe: several.probe },
    };
    if (session.threadStorage && changed.names.length === 0)
      return { note: countsForItself({ ...found, cells: [t('thread-local storage')] }) };
    const inMemory = several.memory !== one.memory;
    return inMemory || speaksOfMemory(session, changed, found) ? { found } : { note: countsForItself(found) };
  }
  machine.restore();
  return undefined;
}

/** Orders of whole sequences: state that a caller sets up and uses itself is no difference. */
function ordersOf(callers: number): number[][] {
  const orders: number[][] = [];
  const extend = (order: readonly number[]): void => {
    if (orders.length >= MAX_ORDERS) return;
    if (order.length === callers) orders.push([...order]);
    for (let caller = 0; caller < callers; caller++) if (!order.includes(caller)) extend([...order, caller]);
  };
  extend([]);
  return orders;
}

async function answers(session: Session, order: readonly number[]): Promise<Answers | undefined> {
  const { scheduler, callers, host, analysis, accesses, machine } = session;
  host.reset();
  const calls = order.flatMap((caller) => callers[caller].calls.map(() => caller));
  const returned = await scheduler.serial.run(ExecutionMode.Probe, calls);
  if (scheduler.defect !== undefined) throw scheduler.defect;
  if (!returned) return undefined;
  const usesStack = analysis.stackPointer >= 0 && Number.isFinite(accesses.lowestStack);
  const common = machine.memories.filter(({ index }) => analysis.sharing.memories[index].common);
  const memory = usesStack || session.threadStorage ? '' : common.map((one) => one.hash(0, 0)).join();
  const { results, probe, exhausted } = await outcomeOf(session);
  if (exhausted) return undefined;
  return { results, probe, memory };
}

const isSame = (a: Answers, b: Answers): boolean => JSON.stringify(a) === JSON.stringify(b);

/** State of an instance alone that an execution changed. */
interface Changed {
  /** Global indices. */
  globals: number[];
  /** Whether there is more than globals. */
  more: boolean;
  names: string[];
}

/** What the last execution left behind in an instance. */
function changedCells({ analysis }: Session, instance: GuestInstance): Changed {
  const globals = instance.globals.filter(
    (one) => one !== undefined && one.index !== analysis.stackPointer && !Object.is(one.get(), one.base),
  );
  const rest: string[] = [];
  for (const table of instance.tables)
    if (table !== undefined && (table.base.size > 0 || table.length !== table.baseLength)) rest.push(table.name);
  for (const { cell, dropped, base } of instance.dropped.values()) if (dropped !== base) rest.push(cell.name);
  for (const memory of instance.memories)
    if (!analysis.sharing.memories[memory.index].common && memory.written().length > 0) rest.push(memory.name);
  return {
    globals: globals.map((one) => one?.index ?? -1),
    more: rest.length > 0,
    names: [...globals.map((one) => one?.cell.name ?? ''), ...rest],
  };
}

/** Names of what changed, at most a few. */
function namesOf({ names }: Changed): string[] {
  const cells = names.slice(0, MAX_CELLS).map((name) => name.replace(/ of instance \d+$/, ''));
  return names.length > MAX_CELLS ? [...cells, t('{0} more', names.length - MAX_CELLS)] : cells;
}

/**
 * Whether the state may mean something about the common memory: it is an address or a slot somewhere, is stored where
 * others read it, or is handed to callers that may use it as one. A counter that only its own instance uses does not.
 */
function speaksOfMemory(session: Session, { globals, more }: Changed, found: PrivateState): boolean {
  const { module, analysis } = session;
  // What passes through a table or through another memory is not followed.
  if (more || globals.length === 0) return true;
  const uses = valueFlow(module, { globals, parametersOf: [] });
  if (uses.address + uses.stored + uses.passed > Flow.None) return true;
  if (uses.returned === Flow.None) return false;
  // The host can use an address that no function of the module uses.
  if (allocatorOf(module, analysis).allocate >= 0 || lookLikeAddresses(session, found)) return true;
  const exported = module.exports.flatMap(({ kind, index }) => (kind === 'func' ? [index] : []));
  const { address, passed } = valueFlow(module, { globals: [], parametersOf: exported });
  // Where callers pass indices, any number may be one.
  return address === Flow.Scaled || passed > Flow.None;
}

/** Numbers below are no addresses that an allocator gives. */
const FIRST_ADDRESS = 64;

/** Whether the answers that differ may be addresses in a common memory. */
function lookLikeAddresses({ machine, analysis }: Session, { one, several }: PrivateState): boolean {
  const common = machine.memories.filter(({ index }) => analysis.sharing.memories[index].common);
  const end = Math.max(...common.map(({ bytes }) => bytes));
  const isAddress = (text: string): boolean => Number(text) >= FIRST_ADDRESS && Number(text) < end;
  return several.results.some((list, caller) =>
    list.some((text, call) => text !== one.results[caller][call] && isAddress(text)),
  );
}

/** For a result: what differs, and why it is no finding. */
function countsForItself({ cells, order, one, several }: PrivateState): string {
  const told = ({ results, probe }: typeof one): string =>
    [...results, ...(probe.length > 0 ? [probe] : [])].map((list) => list.join(', ')).join(' | ');
  return t(
    'Each instance has its own {0}, so results differ from those of one instance: in order {1}, one instance returns {2} and separate instances return {3}. These values were not found to reach the shared memory or to be used as addresses; if all callers are meant to share them, keep them in the shared memory.',
    listOf(cells, MAX_CELLS),
    order,
    told(one),
    told(several),
  );
}
