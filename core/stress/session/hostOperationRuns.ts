/**
 * The operations of imported functions at run time: their accesses are operations of the calling caller at the place of
 * its call, with decisions before them and races; functions of the guest that they call run as part of the call.
 */
import { calledTable } from '../../analysis/host/callbacks.ts';
import { Access } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
import type { WasmTable } from '../../wasm/webAssembly.ts';
import { callText } from '../imports/declaredEffects.ts';
import type { GuestFunction, HostOperation, HostOperations } from '../imports/hostFunction.ts';
import { HookAnswer } from '../instrument/hooks.ts';
import type { Sites } from '../instrument/sites.ts';
import type { Growth } from '../run/growth.ts';
import type { GuestInstance } from '../run/guestInstance.ts';
import { Sync } from '../run/history.ts';
import { type HostAccessParts, performHostAccess } from '../run/hostAccess.ts';
import { ExecutionMode } from '../run/mode.ts';
import { cellTouch, operationAt } from '../run/operation.ts';
import { promisingFunction } from '../run/promising.ts';
import { HostError } from '../run/resultTexts.ts';
import { TrackedCell } from '../run/trackedCell.ts';

/** What the operations of one call are performed with. */
interface OperationOptions extends HostAccessParts {
  growth: Growth;
  module: Module;
  sites: Sites;
  /** Index of the memory that host functions use. */
  memory: number;
  /** `module.name` of the function, and its arguments. */
  name: string;
  args: readonly unknown[];
  /** Whether its calls with their arguments belong to the outcome. */
  observed: boolean;
  /** State of the host that functions share, by name and instance; filled when it is first used. */
  states: Map<string, TrackedCell>;
  /** Lets happen what the scenario says that happens in the call. */
  interrupt(): Promise<void>;
}

/**
 * Performs the operations of one call; answers its result.
 * @throws HostError where one is not possible, and whatever the function throws
 */
export async function performOperations(operations: HostOperations, options: OperationOptions): Promise<unknown> {
  const { scheduler } = options.ranges;
  const place = scheduler.current.site;
  let does = false;
  const tell = (): void => {
    const { recorder, current } = scheduler;
    if (recorder === undefined) return;
    const site = current.site;
    current.site = place;
    recorder.hostCalled?.(current, callText(options.name, options.args), does);
    current.site = site;
  };
  if (options.observed && scheduler.mode !== ExecutionMode.Off)
    scheduler.current.observed.push(callText(options.name, options.args));
  let step = operations.next();
  does = step.done !== true;
  tell();
  while (step.done !== true) {
    let answer: unknown;
    try {
      answer = await performed(step.value, place, options);
    } catch (error) {
      step = operations.throw(error);
      continue;
    }
    step = operations.next(answer);
  }
  scheduler.current.site = place;
  return step.value;
}

async function performed(operation: HostOperation, place: number, options: OperationOptions): Promise<unknown> {
  const { ranges, module, sites, name } = options;
  const { scheduler } = ranges;
  const { instance, current: caller } = scheduler;
  switch (operation.do) {
    case 'read':
    case 'write': {
      const memory = instance.memories[options.memory];
      if (memory === undefined) throw new HostError('the module has no memory');
      const write = operation.do === 'write' ? operation.bytes : undefined;
      const length = operation.do === 'write' ? operation.bytes.length : operation.length;
      const site = siteOf(sites, place, name, operation.do, options.memory);
      return performHostAccess(options, site, memory, operation.at, length, write);
    }
    case 'call': {
      const run = exportedFunction(instance, module, operation.export);
      if (run === undefined)
        throw new HostError(`${name} calls the export ${operation.export}, which the module lacks`);
      return run(...operation.args);
    }
    case 'invoke': {
      const run = tableFunction(instance, module, operation.slot);
      if (run === undefined) throw new HostError(`${name} calls slot ${operation.slot} of the table, which is empty`);
      return run(...operation.args);
    }
    case 'grow':
      return options.growth.grow(siteOf(sites, place, name, 'grow', options.memory), operation.pages);
    case 'size': {
      const memory = instance.memories[options.memory];
      return memory === undefined ? 0 : Math.floor(memory.bytes / memory.pageBytes);
    }
    case 'extend': {
      const table = instance.exports[operation.table] as WasmTable;
      const first = Number(table.grow(operation.values.length));
      operation.values.forEach((value, i) => void table.set(first + i, value));
      for (const state of instance.tables) if (state?.table === table) state.length = Number(table.length);
      return first;
    }
    case 'interrupt':
      return options.interrupt();
    case 'turn': {
      const number = scheduler.machine.instances.indexOf(instance);
      await turn(
        operation.of === 'host' ? operation.state : `${operation.state} ${number}`,
        operation.state,
        place,
        options,
      );
      return number;
    }
    case 'observe':
      if (scheduler.mode !== ExecutionMode.Off) caller.observed.push(operation.text);
      return undefined;
  }
}

/** Waits for the caller's turn with state of the host: a decision where callers share it. */
async function turn(
  key: string,
  name: string,
  place: number,
  { accesses, ranges, states }: OperationOptions,
): Promise<void> {
  const { scheduler } = ranges;
  if (scheduler.mode === ExecutionMode.Off) return;
  let cell = states.get(key);
  if (cell === undefined) {
    cell = new TrackedCell('host', name, scheduler.callers.length);
    states.set(key, cell);
  }
  accesses.note(cell, true);
  const answer = await ranges.askFor(operationAt(place, [cellTouch(cell, true, true)], { sync: Sync.Both }));
  if (answer === HookAnswer.Abort) throw new HostError('the execution was ended');
}

/** An exported function as the host calls it; undefined if the module has none of that name. */
export function exportedFunction(instance: GuestInstance, module: Module, name: string): GuestFunction | undefined {
  const exported = module.exports.find((one) => one.kind === 'func' && one.name === name);
  return exported === undefined ? undefined : instance.functions.get(exported.index);
}

/** The function in a slot of the table that the host calls through; undefined if it is empty. */
export function tableFunction(instance: GuestInstance, module: Module, slot: number): GuestFunction | undefined {
  const name = calledTable(module)?.name;
  const table = name === undefined ? undefined : (instance.exports[name] as WasmTable);
  const found: unknown = table === undefined || slot >= Number(table.length) ? null : table.get(slot);
  return typeof found === 'function' ? promisingFunction(found) : undefined;
}

const ACCESS_OF = { read: Access.Load, write: Access.Store, grow: Access.MemoryGrow } as const;
const VERB = { read: 'host reads', write: 'host writes', grow: 'host grows' } as const;

/** The site of what a function does when it is called at a place: one for each place, kind and memory. */
function siteOf(sites: Sites, place: number, name: string, kind: keyof typeof ACCESS_OF, memory: number): number {
  const text = `${VERB[kind]} memory (${name})`;
  const [func, offset] = [sites.func[place] ?? -1, sites.offset[place] ?? -1];
  for (const [site, known] of sites.names)
    if (known === text && sites.index[site] === memory && sites.func[site] === func && sites.offset[site] === offset)
      return site;
  const site = sites.func.push(func) - 1;
  sites.offset.push(offset);
  sites.op.push(-1);
  sites.access.push(ACCESS_OF[kind]);
  sites.index.push(memory);
  sites.other.push(0);
  sites.memarg.push(0);
  sites.width.push(0);
  sites.names.set(site, text);
  return site;
}
