/**
 * What a module under stress gets for the functions it imports: WASI from a kept shim without a world, stubs that
 * return zero, or functions of a JavaScript module that the scenario names.
 */
import type { Module } from '../../wasm/module.ts';
import type { ValType } from '../../wasm/types.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Given, givenFor, givenFunction } from './givenFunctions.ts';
import type { World } from './grantedWorld.ts';
import { hasJavaScriptType } from './hostResults.ts';
import { failing, stub } from './stubs.ts';
import { createWasi } from './wasi.ts';

/** A byte range of the memory that host functions work on (the first memory that the module exports as `memory`, else memory 0). */
export interface HostRange {
  access: 'read' | 'write';
  start: number;
  size: number;
}

/** The view of an instance that host functions get. All reads and writes of host functions go through it. */
export interface HostMemory {
  /** The buffer now; changes when the memory grows, so do not keep it. */
  buffer(): ArrayBufferLike;
}

/**
 * One imported function. Calls are made by the engine, never by the guest directly: it first asks `ranges` (so that
 * the accesses can be ordered, recorded and undone), then calls `call`.
 */
export interface HostFunction {
  /** `wasi_snapshot_preview1.fd_write`. */
  name: string;
  /** Arguments and result as JavaScript sees them: numbers, BigInt for i64, null for references. */
  call(args: readonly unknown[], memory: HostMemory, caller: number): unknown;
  /** Ranges of memory that this call will read and write, as far as they are known before it; undefined: it may write anywhere. */
  ranges(args: readonly unknown[], memory: HostMemory): HostRange[] | undefined;
  /**
   * What of the host it touches: `none` nothing that calls could influence; `guarded` state that the host orders by itself
   * (a lock or the like); `racy` state that the host of this profile does not guard (wazero's default random source).
   */
  state: 'none' | 'guarded' | 'racy';
}

export interface HostFunctions {
  /** One for each imported function, in the order of the function index space. */
  functions: HostFunction[];
  /** `module.name` of functions that only return zero, and of those that WASI answers. */
  stubbed: string[];
  wasi: string[];
  notes: string[];
  /** Back to the state that `mark` remembered: called before every execution, so it must be cheap. */
  reset(): void;
  /** Remembers the state now, after setup. */
  mark(): void;
}

/** Thrown by `proc_exit`: the call ends as if it had trapped with this message. */
export class GuestExit extends Error {}

/** @throws Error with a message for people when the scenario's JavaScript module lacks a function or has something else of that name */
export function hostFunctions(
  module: Module,
  scenario: Pick<Scenario, 'host' | 'imports' | 'wasi'>,
  given: Given | undefined,
  /** For `wasi.clock`: nanoseconds since 1970; for `wasi.random`: fills with random bytes. */
  world: World,
): HostFunctions {
  const wasi = createWasi(scenario, world);
  const result: HostFunctions = {
    functions: [],
    stubbed: [],
    wasi: [],
    notes: [],
    reset: () => wasi.reset(),
    mark: () => wasi.mark(),
  };
  for (const item of module.imports) {
    if (item.kind !== 'func') continue;
    const name = `${item.module}.${item.name}`;
    const results = resultTypes(module, item.index);
    const own = givenFor(given, item.module, item.name);
    const known = own === undefined ? wasi.functionOf(item.module, item.name, results) : undefined;
    if (own === undefined && known === undefined && scenario.imports !== 'stub')
      throw new Error(missing(name, scenario.imports.module));
    if (own === undefined) (known === undefined ? result.stubbed : result.wasi).push(name);
    if (!hasJavaScriptType(module, module.functions.typeIndex[item.index]))
      result.functions.push(failing(name, 'no function of JavaScript can have its type, which has v128 or exnref'));
    else if (own !== undefined) result.functions.push(givenFunction(name, own, results));
    else result.functions.push(known ?? stub(name, name === THREAD_SPAWN ? -1 : 0, results));
  }
  result.notes.push(...notesOf(result, scenario));
  return result;
}

/** What the result is worth where host functions are not what they seem. */
function notesOf(
  { functions, wasi, stubbed }: HostFunctions,
  { wasi: grants, imports }: Pick<Scenario, 'imports' | 'wasi'>,
): string[] {
  const notes: string[] = [];
  const uses = (name: string): boolean => wasi.some((one) => one.endsWith(`.${name}`));
  if ((grants.clock && uses('clock_time_get')) || (grants.random && uses('random_get')))
    notes.push('Clock and randomness were asked once for each caller: every execution saw the same answers.');
  if (imports !== 'stub' && functions.length > wasi.length + stubbed.length)
    notes.push(
      `Each call of a function of ${imports.module} is one step: races on memory that it touches are not found, and state that it keeps is not reset between executions.`,
    );
  if (stubbed.includes(THREAD_SPAWN)) notes.push(`${THREAD_SPAWN} starts no thread and answers -1.`);
  return notes;
}

/** https://github.com/WebAssembly/wasi-threads: a negative answer is an error. */
const THREAD_SPAWN = 'wasi.thread-spawn';

const missing = (name: string, file: string): string =>
  `${file} has no function for the import ${name}: export an object for the import module with a function of that name`;

function resultTypes(module: Module, func: number): readonly ValType[] {
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  return type?.kind === 'func' ? type.results : [];
}
