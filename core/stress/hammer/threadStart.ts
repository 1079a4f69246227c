/** What the first thread of a hammer run sends to the others: plain data, compiled modules and shared memories. */
import type { Module } from '../../wasm/module.ts';
import type { ValType } from '../../wasm/types.ts';
import type { WasmImports, WasmMemory } from '../../wasm/webAssembly.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Step } from '../scenario/steps.ts';
import type { SetupCall } from '../session/preparation.ts';
import type { CostMeasurement } from './costs.ts';
import type { ResultLayout } from './resultArea.ts';
import type { SharedModule, ShareNames } from './sharedModule.ts';

/** A call as a thread makes it. */
export interface GuestCall {
  name: string;
  args: readonly unknown[];
  /** Types of its results, as far as outcomes compare them; `shown` is what outcomes have in their place. */
  results: readonly ValType[];
  shown?: string;
  /** In place of fixed arguments: what is made, and the function that it calls. Its result is a text. */
  step?: { step: Step; func: number };
}

/** A call before the callers. */
export interface GuestSetupCall extends GuestCall, Pick<SetupCall, 'text' | 'per' | 'why' | 'part'> {}

/** The memories that callers share, and the memory of the cells. */
export interface SharedMemories {
  /** By memory index; undefined if each instance has its own. */
  memories: (WasmMemory | undefined)[];
  cells: WasmMemory;
}

/** The imports that the rewritten modules add to the module's own. */
export function addedImports(module: Module, names: ShareNames, { memories, cells }: SharedMemories): WasmImports {
  const own: Record<string, unknown> = { [names.cells]: cells };
  module.memories.forEach((memory, i) => {
    if (!memory.imported && memories[i] !== undefined) own[`${names.memory}${i}`] = memories[i];
  });
  return { [names.imports]: own };
}

/** The state that callers share and that threads can share. */
export interface SharedPart extends SharedMemories, Omit<SharedModule, 'first' | 'plain' | 'serial'> {
  compiled: { plain: object; serial: object };
}

/** Everything that a thread needs to begin. */
export interface ThreadStart {
  /** The original module, and the same compiled. */
  bytes: Uint8Array;
  original: object;
  scenario: Scenario;
  /** Whether callers share the whole instance, not only imported memories. */
  wholeInstance: boolean;
  /** Threads that run the callers, and all worker threads: the others only take part in measurements. */
  threads: number;
  workers: number;
  setup: GuestSetupCall[];
  callers: GuestCall[][];
  probe: GuestCall[];
  shared: SharedPart | undefined;
  /** Indices of the private globals whose values outcomes compare. */
  privateGlobals: number[];
  stackPointer: number;
  layout: ResultLayout;
  results: SharedArrayBuffer;
  /** Texts of traps; texts of results of steps. */
  texts: SharedArrayBuffer;
  resultTexts: SharedArrayBuffer;
  /** Named results of the setup. */
  names: SharedArrayBuffer;
  /** Whether outcomes compare the state that is left. */
  comparesState: boolean;
  /** Callers in the serial order to run. */
  order: SharedArrayBuffer;
  /** Measurements to be made, and the buffer for their numbers. */
  measurements: CostMeasurement[];
  costs: SharedArrayBuffer;
}

/** Number of threads that run the callers: one for each, but not more than cores. */
export const threadsFor = (callers: number, cores: number): number => Math.max(1, Math.min(callers, cores));

/**
 * Number of worker threads of a run: one for each core, up to a number beyond which measurements give no more
 * information.
 */
export const workersFor = (callers: number, cores: number): number =>
  Math.max(threadsFor(callers, cores), Math.min(cores, MAX_WORKERS));

const MAX_WORKERS = 8;

/** The thread that runs a caller. */
export const threadOf = (caller: number, threads: number): number => caller % threads;
