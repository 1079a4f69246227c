/**
 * Imported functions in whose calls something else happens: other calls run while one suspends its caller, or it calls
 * exports of the instance back before it returns.
 */
import type { Analysis } from '../../analysis/model.ts';
import { matchesImport } from '../../analysis/suspension.ts';
import type { SharingModel } from '../../hosts/profile.ts';
import { importLabel } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { HookAnswer } from '../instrument/hooks.ts';
import type { Callback } from '../run/caller.ts';
import { MAX_ITERATIONS } from '../run/meter.ts';
import { ExecutionMode } from '../run/mode.ts';
import { cellTouch, type Operation, operationAt } from '../run/operation.ts';
import { HostError } from '../run/resultTexts.ts';
import type { Scheduler } from '../run/scheduler.ts';
import { TrackedCell } from '../run/trackedCell.ts';
import { toEngineArguments } from '../scenario/arguments.ts';
import { argumentReference, type ImportBehaviour, interruptingImports } from '../scenario/importBehaviour.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Call } from '../scenario/steps.ts';

/** Calls inside of calls inside of calls after which a host function counts as one that calls back without end. */
const MAX_DEPTH = 50;
/** What one suspension in a serial order costs of the loop iterations that a call has. */
const SUSPENSION_ITERATIONS = 10_000;

/** What happens in the calls of one imported function. */
export interface Interruption {
  /** Other callers can go on before it returns. */
  suspends: boolean;
  /** What it calls back, given its arguments. */
  calls: ((args: readonly unknown[]) => Callback)[];
}

/** By index of the imported function; undefined where nothing happens. */
export type Interruptions = readonly (Interruption | undefined)[];

/**
 * What a scenario says. Where it names no import that suspends or calls back, under the cooperative model every import
 * suspends that may, unless the scenario says that it does not.
 * `functionOf`: the index of an exported function.
 */
export function interruptionsOf(
  module: Module,
  scenario: Pick<Scenario, 'behaviours' | 'suspending'>,
  model: SharingModel,
  { sharing }: Pick<Analysis, 'sharing'>,
): Interruptions {
  const { behaviours, suspending } = scenario;
  const functions = module.imports.filter((i) => i.kind === 'func');
  const said = functions.map((imported) => {
    const name = `${imported.module}.${imported.name}`;
    return Object.hasOwn(behaviours, name) ? behaviours[name] : undefined;
  });
  const named = functions.map((imported, i) => said[i]?.suspends ?? matchesImport(suspending, imported));
  const anything = interruptingImports(behaviours).length > 0 || named.includes(true);
  return functions.map((imported, i) => {
    const suspends = named[i] || (!anything && !says(said[i]) && model === 'cooperative' && sharing.suspending[i]);
    const calls = (said[i]?.calls ?? []).map((call) => callbackOf(module, call, imported.index));
    return suspends || calls.length > 0 ? { suspends, calls } : undefined;
  });
}

/** Whether a scenario says if an import suspends or calls back. */
const says = (behaviour: ImportBehaviour | undefined): boolean =>
  behaviour?.suspends !== undefined || behaviour?.calls !== undefined;

/** Indices of the functions that imports call back. */
export const calledBack = (module: Module, { behaviours }: Pick<Scenario, 'behaviours'>): number[] =>
  Object.values(behaviours).flatMap(({ calls = [] }) => calls.map(([name]) => exportOf(module, name)));

const exportOf = (module: Module, name: string): number =>
  module.exports.find((e) => e.kind === 'func' && e.name === name)?.index ?? -1;

function callbackOf(module: Module, call: Call, imported: number): (args: readonly unknown[]) => Callback {
  const func = exportOf(module, call[0]);
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  const own = module.types[module.functions.typeIndex[imported]]?.composite;
  const references = call.slice(1).map((argument) => (argument === null ? undefined : argumentReference(argument)));
  const plain: Call = [call[0], ...call.slice(1).map((argument, i) => (references[i] === undefined ? argument : 0))];
  const fixed = toEngineArguments(plain, type?.kind === 'func' ? type.params : []);
  if (own?.kind !== 'func') return () => ({ func, args: fixed });
  return (args) => ({
    func,
    args: fixed.map((value, i) => {
      const reference = references[i];
      return reference === undefined ? value : args[reference];
    }),
  });
}

/** Runs what happens in the calls of imports: one for all instances of a run. */
export class Interrupter {
  private readonly scheduler: Scheduler;
  private readonly module: Module;
  private readonly cells = new Map<number, TrackedCell>();
  private depth = 0;

  constructor(scheduler: Scheduler, module: Module) {
    this.scheduler = scheduler;
    this.module = module;
  }

  /** What follows a suspension may touch anything, so no two of them commute. */
  private operation(index: number, site: number): Operation {
    let cell = this.cells.get(index);
    if (cell === undefined) {
      cell = new TrackedCell('host', `${importLabel(this.module, index)} (suspended)`, this.scheduler.callers.length);
      this.cells.set(index, cell);
    }
    const touches = [cellTouch(cell, false, true, true), this.scheduler.turn];
    return operationAt(site, touches, { effect: 'reads', wild: true });
  }

  /** The running caller is suspended in import `index` until the scheduler goes on with it. */
  async suspend(index: number): Promise<void> {
    const { scheduler } = this;
    const { mode, current: caller } = scheduler;
    if (mode === ExecutionMode.Serial) {
      caller.iterations += SUSPENSION_ITERATIONS;
      if (caller.iterations < MAX_ITERATIONS) return;
      caller.trap = 'waits forever';
      scheduler.refuse();
      throw new HostError('waits forever');
    }
    if (!scheduler.cooperative || mode < ExecutionMode.Explore || mode > ExecutionMode.Replay) return;
    scheduler.suspended = true;
    scheduler.settle(caller);
    let answer = scheduler.ask(this.operation(index, caller.site));
    if (answer === HookAnswer.Pause) answer = await scheduler.pause();
    if (answer !== HookAnswer.Abort) return;
    caller.trap ??= 'did not return';
    throw new HostError('did not return');
  }

  /**
   * Import `index` calls exports of the instance that called it. In a serial order these calls are calls of their own, see
   * `SerialCalls.run`.
   */
  async callBack(index: number, callbacks: readonly Callback[]): Promise<void> {
    const { scheduler } = this;
    if (scheduler.serial.inOrder) {
      scheduler.serial.calledBack.push(...callbacks);
      return;
    }
    if (this.depth >= MAX_DEPTH)
      throw new HostError(`${importLabel(this.module, index)}: ${MAX_DEPTH} nested calls back`);
    this.depth++;
    try {
      for (const { func, args } of callbacks) {
        const { site } = scheduler.current;
        await (scheduler.instance.functions.get(func) as (...args: unknown[]) => Promise<unknown>)(...args);
        scheduler.current.site = site;
      }
    } finally {
      this.depth--;
    }
  }
}
