/**
 * The imports of the instances of a run: host functions with hooks for the scheduler, and state that fits the
 * declarations.
 */
import { hostMemoryIndex } from '../../analysis/host/hostMemory.ts';
import type { SharingModel } from '../../hosts/profile.ts';
import { importLabel } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { type WasmImports, wasmEngine } from '../../wasm/webAssembly.ts';
import { callText } from '../imports/declaredEffects.ts';
import { GuestExit, type HostRange } from '../imports/hostFunction.ts';
import type { HostFunctions } from '../imports/hostFunctions.ts';
import { hasJavaScriptType } from '../imports/hostResults.ts';
import { type ImportedState, importedState } from '../imports/importedState.ts';
import { callable, importObject } from '../imports/importObject.ts';
import type { Sites } from '../instrument/sites.ts';
import type { Accesses } from '../run/accesses.ts';
import type { Growth } from '../run/growth.ts';
import type { MemoryState } from '../run/memoryState.ts';
import { ExecutionMode } from '../run/mode.ts';
import { memoryTouch, operationAt } from '../run/operation.ts';
import type { Ranges } from '../run/ranges.ts';
import { HostError } from '../run/resultTexts.ts';
import type { Scheduler } from '../run/scheduler.ts';
import type { TrackedCell } from '../run/trackedCell.ts';
import { exportedFunction, performOperations, tableFunction } from './hostOperationRuns.ts';
import type { Interrupter, Interruptions } from './interruptions.ts';

/** What imports are made from. */
export interface GuestImportOptions {
  module: Module;
  model: SharingModel;
  host: HostFunctions;
  interruptions: Interruptions;
  /** What the functions work on; available after the first instance is created. */
  parts(): { accesses: Accesses; ranges: Ranges; growth: Growth; scheduler: Scheduler; interrupter: Interrupter };
  sites: Sites;
  /** Whether functions of the user may write anywhere. */
  wild: boolean;
  /** Receives the assumptions that were made. */
  notes: string[];
}

/** Makes the imports of each instance. */
export interface GuestImports {
  /** The imports of the next instance. */
  of(): WasmImports;
  /** Whether some function may write anywhere. */
  wild: boolean;
}

/** Prepares the imports of the instances of a run. */
export function guestImports(options: GuestImportOptions): GuestImports {
  const { module, model, host, notes } = options;
  const states = new Map<string, TrackedCell>();
  const functions = callable(
    module,
    host.functions.map((_, i) => wrapped(options, i)),
  ).map((made, i) => suspendable(options, i, states) ?? made);
  // Made lazily, so that an import that cannot be made is a failure of instantiation.
  let first: ImportedState | undefined;
  return {
    wild: options.wild,
    of() {
      const own = importedState(module);
      if (first === undefined) notes.push(...own.notes);
      first ??= own;
      // Threads share the memories that they import; everything else is private to an instance.
      const { items } = first;
      return importObject(
        module,
        module.imports.map(({ kind, index }, i) => {
          if (kind === 'func') return functions[index];
          const shared = kind === 'memory' && model === 'shared-memory' && module.memories[index].limits.shared;
          return (shared ? items : own.items)[i];
        }),
      );
    },
  };
}

/** An imported function that suspends its caller, calls back, or is explored operation by operation; else undefined. */
function suspendable(options: GuestImportOptions, index: number, states: Map<string, TrackedCell>): unknown {
  const { module, interruptions, host, parts, sites } = options;
  const interruption = interruptions[index];
  const { operations, name, asynchronous } = host.functions[index];
  if (interruption === undefined && operations === undefined && asynchronous !== true) return undefined;
  if (!hasJavaScriptType(module, module.functions.typeIndex[index])) return undefined;
  const answer = wrapped(options, index);
  const memory = hostMemoryIndex(module);
  const stub = host.stubbed.includes(name);

  const run = async (...args: unknown[]): Promise<unknown> => {
    const { scheduler, interrupter } = parts();
    scheduler.callsHost(stub);
    let interrupted = interruption === undefined;
    const interrupt = async (): Promise<void> => {
      if (interrupted || interruption === undefined) return;
      interrupted = true;
      await interrupter.callBack(
        index,
        interruption.calls.map((call) => call(args)),
      );
      if (interruption.suspends) await interrupter.suspend(index);
    };
    try {
      const result =
        operations === undefined
          ? answer(...args)
          : await performOperations(operations(args, scheduler.current.index), {
              ...parts(),
              module,
              sites,
              memory,
              name,
              args,
              observed: host.functions[index].observed === true,
              states,
              interrupt,
            });
      await interrupt();
      return await result;
    } catch (error) {
      throw hostError(module, index, error);
    } finally {
      for (const memory of scheduler.instance.memories) {
        if (memory.memory.buffer.byteLength === memory.real) continue;
        memory.refresh();
        memory.bytes = memory.real;
        scheduler.machine.fitTags(scheduler.instance);
      }
    }
  };
  const { Suspending } = wasmEngine;
  if (Suspending === undefined) throw new Error('no JavaScript Promise Integration');
  return new Suspending(run);
}

/** What ends the call of the guest when an imported function fails. */
function hostError(module: Module, index: number, error: unknown): Error {
  if (error instanceof GuestExit || error instanceof HostError || error instanceof wasmEngine.RuntimeError)
    return error;
  return new HostError(`${importLabel(module, index)}: ${error instanceof Error ? error.message : String(error)}`);
}

function wrapped({ module, host, parts }: GuestImportOptions, index: number): (...args: unknown[]) => unknown {
  const target = host.functions[index];
  const memoryIndex = hostMemoryIndex(module);
  const stub = host.stubbed.includes(target.name);
  return (...args) => {
    const { accesses, ranges, scheduler } = parts();
    const memory = scheduler.instance.memories[memoryIndex];
    const { instance } = scheduler;
    const view = {
      buffer: () => memory?.memory.buffer ?? new ArrayBuffer(0),
      exported: (name: string) => exportedFunction(instance, module, name),
      slot: (slot: number) => tableFunction(instance, module, slot),
    };
    scheduler.callsHost(stub);
    try {
      if (memory !== undefined && scheduler.mode !== ExecutionMode.Off) {
        const touched = target.ranges(args, view) ?? [];
        if (touch(memory, touched, accesses, ranges, scheduler)) makeVisible(accesses, scheduler, index);
      }
      if (target.observed === true && scheduler.mode !== ExecutionMode.Off)
        scheduler.current.observed.push(callText(target.name, args));
      const result = target.call(args, view, scheduler.current.index);
      if (memory !== undefined && memory.memory.buffer.byteLength !== memory.real) {
        memory.refresh();
        memory.bytes = memory.real;
        scheduler.machine.fitTags(scheduler.instance);
      }
      return result;
    } catch (error) {
      if (error instanceof GuestExit) throw error;
      const text = error instanceof Error ? error.message : String(error);
      throw new HostError(`${importLabel(module, index)}: ${text}`);
    }
  };
}

/** Makes the call a decision from now on; this execution lacked it. */
function makeVisible(accesses: Accesses, scheduler: Scheduler, index: number): void {
  if (accesses.visibleImports.has(index) || !accesses.decides) return;
  accesses.visibleImports.add(index);
  scheduler.discovered = true;
}

/** Records what a host function reads and writes for its caller; returns whether callers share some of it. */
function touch(
  memory: MemoryState,
  touched: readonly HostRange[],
  accesses: Accesses,
  ranges: Ranges,
  scheduler: Scheduler,
): boolean {
  const caller = scheduler.current;
  let visible = false;
  for (const { access, start, size } of touched) {
    const end = Math.min(start + size, memory.bytes);
    if (start >= end) continue;
    const write = access === 'write';
    if (write && memory.growths.length > 0) memory.writesDuringGrowth(start, end);
    if (!ranges.touch(memory, start, end - start, caller, write)) continue;
    visible = true;
    if (!accesses.decides) continue;
    scheduler.alsoTouches(operationAt(caller.site, [memoryTouch(memory, start, end, write)]));
  }
  return visible;
}
