/**
 * The functions that a module under stress imports: WASI from a maintained shim without access to the world, stubs
 * that return zero, or functions of a JavaScript module that the scenario names.
 */
import type { Module } from '../../wasm/module.ts';
import type { ValType } from '../../wasm/types.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { World } from './grantedWorld.ts';
import type { HostFunction } from './hostFunction.ts';
import { hasJavaScriptType } from './hostResults.ts';
import { failing, stub } from './stubs.ts';
import { type UserImports, userFunction, userImport } from './userImports.ts';
import { createWasi } from './wasi.ts';

/** The functions that a module under stress imports. */
export interface HostFunctions {
  /** One for each imported function, in the order of the function index space. */
  functions: HostFunction[];
  /** `module.name` of functions that only return zero, and of those that WASI answers. */
  stubbed: string[];
  wasi: string[];
  notes: string[];
  /** Restores the state that `mark` remembered. Called before every execution, so it must be cheap. */
  reset(): void;
  /** Remembers the current state, after setup. */
  mark(): void;
}

/** @throws Error with a message for people when the scenario's JavaScript module lacks a function or has something else of that name */
export function hostFunctions(
  module: Module,
  scenario: Pick<Scenario, 'host' | 'imports' | 'wasi'>,
  given: UserImports | undefined,
  /** For `wasi.clock`: nanoseconds since 1970; for `wasi.random`: fills with random bytes. */
  world: World,
  /** Whether an imported function, by index, may return a promise. */
  suspends: (index: number) => boolean = () => false,
  /** Told the name of a function that returns a promise although it may not. */
  promised: (name: string) => void = () => {},
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
    const own = userImport(given, item.module, item.name);
    const known = own === undefined ? wasi.functionOf(item.module, item.name, results) : undefined;
    if (own === undefined && known === undefined && scenario.imports !== 'stub')
      throw new Error(missing(name, scenario.imports.module));
    if (own === undefined) (known === undefined ? result.stubbed : result.wasi).push(name);
    if (!hasJavaScriptType(module, module.functions.typeIndex[item.index]))
      result.functions.push(failing(name, 'no JavaScript function can have its type, which contains v128 or exnref'));
    else if (own !== undefined) result.functions.push(userFunction(name, own, results, suspends(item.index), promised));
    else result.functions.push(known ?? stub(name, name === THREAD_SPAWN ? -1 : 0, results));
  }
  result.notes.push(...notesOf(result, scenario));
  return result;
}

/** Notes about host functions that limit what the result says. */
function notesOf(
  { functions, wasi, stubbed }: HostFunctions,
  { wasi: grants, imports }: Pick<Scenario, 'imports' | 'wasi'>,
): string[] {
  const notes: string[] = [];
  const uses = (name: string): boolean => wasi.some((one) => one.endsWith(`.${name}`));
  if ((grants.clock && uses('clock_time_get')) || (grants.random && uses('random_get')))
    notes.push('Clock and random values were read once for each caller: every execution saw the same values.');
  if (imports !== 'stub' && functions.length > wasi.length + stubbed.length)
    notes.push(
      `Each call of a function of ${imports.module} is one step: races on memory that it touches are not found, and state that it keeps is not reset between executions.`,
    );
  if (stubbed.includes(THREAD_SPAWN)) notes.push(`${THREAD_SPAWN} starts no thread and returns -1.`);
  return notes;
}

/** Returns a negative number on error: https://github.com/WebAssembly/wasi-threads */
const THREAD_SPAWN = 'wasi.thread-spawn';

const missing = (name: string, file: string): string =>
  `${file} has no function for the import ${name}: export an object for the import module with a function of that name`;

function resultTypes(module: Module, func: number): readonly ValType[] {
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  return type?.kind === 'func' ? type.results : [];
}
