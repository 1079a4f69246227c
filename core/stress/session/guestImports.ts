/**
 * The imports of the instances of a run: host functions with hooks for the scheduler, and state that fits the
 * declarations.
 */
import type { SharingModel } from '../../hosts/profile.ts';
import { importLabel } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { type WasmImports, wasmEngine } from '../../wasm/webAssembly.ts';
import { GuestExit, type HostRange } from '../imports/hostFunction.ts';
import type { HostFunctions } from '../imports/hostFunctions.ts';
import { hasJavaScriptType } from '../imports/hostResults.ts';
import { type ImportedState, importedState } from '../imports/importedState.ts';
import { callable, importObject } from '../imports/importObject.ts';
import type { Accesses } from '../run/accesses.ts';
import type { MemoryState } from '../run/memoryState.ts';
import { memoryTouch, operationAt } from '../run/operation.ts';
import type { Ranges } from '../run/ranges.ts';
import { HostError } from '../run/resultTexts.ts';
import { ExecutionMode, type Scheduler } from '../run/scheduler.ts';
import type { Interrupter, Interruption, Interruptions } from './interruptions.ts';

/** What imports are made from. */
export interface GuestImportOptions {
  module: Module;
  model: SharingModel;
  host: HostFunctions;
  interruptions: Interruptions;
  /** What the functions work on; available after the first instance is created. */
  parts(): { accesses: Accesses; ranges: Ranges; scheduler: Scheduler; interrupter: Interrupter };
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
  const functions = callable(
    module,
    host.functions.map((_, i) => wrapped(options, i)),
  ).map((made, i) => (options.interruptions[i] === undefined ? made : (suspendable(options, i) ?? made)));
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

/** An imported function that suspends its caller or calls back. */
function suspendable(options: GuestImportOptions, index: number): unknown {
  const { module, interruptions, parts } = options;
  if (!hasJavaScriptType(module, module.functions.typeIndex[index])) return undefined;
  const answer = wrapped(options, index);
  const { suspends, calls } = interruptions[index] as Interruption;
  const run = async (...args: unknown[]): Promise<unknown> => {
    const { scheduler, interrupter } = parts();
    const result = answer(...args);
    await interrupter.callBack(
      index,
      calls.map((call) => call(args)),
    );
    if (suspends) await interrupter.suspend(index);
    try {
      return await result;
    } catch (error) {
      if (error instanceof GuestExit || error instanceof HostError) throw error;
      throw new HostError(`${importLabel(module, index)}: ${error instanceof Error ? error.message : String(error)}`);
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

/** Index of the memory that WASI functions use: the export `memory`, else the first. */
export function hostMemoryIndex(module: Module): number {
  return module.exports.find((e) => e.kind === 'memory' && e.name === 'memory')?.index ?? 0;
}

function wrapped({ module, host, parts }: GuestImportOptions, index: number): (...args: unknown[]) => unknown {
  const target = host.functions[index];
  const memoryIndex = hostMemoryIndex(module);
  return (...args) => {
    const { accesses, ranges, scheduler } = parts();
    const memory = scheduler.instance.memories[memoryIndex];
    const view = { buffer: () => memory?.memory.buffer ?? new ArrayBuffer(0) };
    try {
      if (memory !== undefined && scheduler.mode !== ExecutionMode.Off) {
        const touched = target.ranges(args, view) ?? [];
        if (touch(memory, touched, accesses, ranges, scheduler)) makeVisible(accesses, scheduler, index);
      }
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
    if (!ranges.touch(memory, start, end - start, caller, write)) continue;
    visible = true;
    if (!accesses.decides) continue;
    scheduler.alsoTouches(operationAt(caller.site, [memoryTouch(memory, start, end, write)]));
  }
  return visible;
}
