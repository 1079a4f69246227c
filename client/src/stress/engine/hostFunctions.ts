/**
 * What a module under stress gets for the functions it imports: WASI from a kept shim without a world, stubs that
 * return zero, or functions of a JavaScript module that the scenario names.
 */
import type { Module } from '../../../../server/src/wasm/module.ts';
import { F32, F64, I32, I64, isNullable, isRef, type ValType } from '../../../../server/src/wasm/types.ts';
import type { Scenario } from './scenario.ts';
import { createWasi, type WasiWorld } from './wasi.ts';

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
  call(args: readonly unknown[], memory: HostMemory): unknown;
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
  given: Record<string, Record<string, unknown>> | undefined,
  /** For `wasi.clock`: nanoseconds since 1970; for `wasi.random`: fills with random bytes. */
  world: WasiWorld,
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
    const own = ownValue(ownValue(given, item.module), item.name);
    if (own !== undefined) result.functions.push(givenFunction(name, own));
    else {
      const known = wasi.functionOf(item.module, item.name);
      if (known === undefined && scenario.imports !== 'stub') throw new Error(missing(name, scenario.imports.module));
      (known === undefined ? result.stubbed : result.wasi).push(name);
      result.functions.push(
        known ?? stub(name, item.module === 'wasi' && item.name === 'thread-spawn' ? -1 : 0, results),
      );
    }
  }
  if (result.stubbed.includes('wasi.thread-spawn'))
    result.notes.push('wasi.thread-spawn starts no thread and answers -1.');
  return result;
}

/** What an object has itself: names are the module's, and may be `__proto__`. */
function ownValue(object: unknown, name: string): unknown {
  if ((typeof object !== 'object' && typeof object !== 'function') || object === null) return undefined;
  return Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;
}

const missing = (name: string, file: string): string =>
  `${file} has no function for the import ${name}: export an object for the import module with a function of that name`;

function resultTypes(module: Module, func: number): readonly ValType[] {
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  return type?.kind === 'func' ? type.results : [];
}

/** Returns `value`, converted to each of the result types. */
function stub(name: string, value: number, results: readonly ValType[]): HostFunction {
  const values = results.map((type) => {
    if (type === I64) return BigInt(value);
    if (type === I32 || type === F32 || type === F64) return value;
    return null;
  });
  const impossible = results.some((type) => (isRef(type) ? !isNullable(type) : type < F64));
  const answer = values.length > 1 ? values : values[0];
  return {
    name,
    state: 'none',
    ranges: () => [],
    call() {
      if (impossible)
        throw new Error('no stub can return a value of its result type; name a JavaScript module in "imports"');
      return answer;
    },
  };
}

function givenFunction(name: string, value: unknown): HostFunction {
  if (typeof value !== 'function') throw new Error(`the import ${name} is ${typeof value}, not a function`);
  return {
    name,
    state: 'guarded',
    ranges: () => undefined,
    call(args) {
      const result: unknown = value(...args);
      if (result instanceof Promise) throw new Error('asynchronous imports are not supported: it returned a promise');
      return result;
    },
  };
}
