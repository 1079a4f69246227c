/**
 * State of each instance that speaks about the memory which instances share: an allocator's pointer in a global, an index
 * into a table of one instance. No schedule shows that, since every instance alone does the same. What shows it: the same
 * calls, one caller after the other, answer differently on one instance and on an instance for each caller.
 */
import type { GuestInstance } from '../run/machine.ts';
import { ExecutionMode } from '../run/scheduler.ts';
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

/** What callers and probe are told, and the common memories afterwards where no stack frames lie in them. */
interface Answers {
  results: Results;
  probe: string[];
  memory: string;
}

/** Undefined where instances answer like one, or have nothing in common. Leaves the base behind. */
export async function privateStateOf(session: Session, stopped: () => boolean): Promise<PrivateState | undefined> {
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
    let cells: string[];
    try {
      one = await answers(session, order);
      cells = changedCells(session, own[0]);
    } finally {
      for (const [i, caller] of callers.entries()) caller.instance = own[i];
    }
    // Calls that wait for another caller do not end in this order.
    if (several === undefined || one === undefined || isSame(several, one)) continue;
    machine.restore();
    return {
      cells,
      order: order.map(callerName).join(''),
      one: { results: one.results, probe: one.probe },
      several: { results: several.results, probe: several.probe },
    };
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
  const returned = await scheduler.serially(ExecutionMode.Probe, calls);
  if (scheduler.defect !== undefined) throw scheduler.defect;
  if (!returned) return undefined;
  const usesStack = analysis.stackPointer >= 0 && Number.isFinite(accesses.lowestStack);
  const common = machine.memories.filter(({ index }) => analysis.sharing.memories[index].common);
  const memory = usesStack ? '' : common.map((one) => one.hash(0, 0)).join();
  const { results, probe } = await outcomeOf(session);
  return { results, probe, memory };
}

const isSame = (a: Answers, b: Answers): boolean => JSON.stringify(a) === JSON.stringify(b);

/** State of an instance alone that the last execution changed, by name. */
function changedCells({ analysis }: Session, instance: GuestInstance): string[] {
  const cells: string[] = [];
  const add = (name: string): void => void cells.push(name.replace(/ of instance \d+$/, ''));
  for (const global of instance.globals) {
    if (global === undefined || global.index === analysis.stackPointer) continue;
    if (!Object.is(global.get(), global.base)) add(global.cell.name);
  }
  for (const table of instance.tables)
    if (table !== undefined && (table.base.size > 0 || table.length !== table.baseLength)) add(table.name);
  for (const { cell, dropped, base } of instance.dropped.values()) if (dropped !== base) add(cell.name);
  for (const memory of instance.memories)
    if (!analysis.sharing.memories[memory.index].common && memory.dirty.length > 0) add(memory.name);
  const left = cells.length - MAX_CELLS;
  if (left <= 0) return cells;
  return [...cells.slice(0, MAX_CELLS), `${left} more`];
}
