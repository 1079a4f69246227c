/**
 * The functions that a module under stress imports: with the effects that the scenario declares, of a JavaScript module
 * that it names, of presets that emulate a known host, WASI from a maintained shim without access to the world, and stubs
 * that return zero, in this order.
 */

import { sourceImport } from '../../analysis/host/sourceImport.ts';
import { type Message, t } from '../../text/l10n.ts';
import type { Module } from '../../wasm/module.ts';
import { type DeclaredEffects, declaresEffects } from '../scenario/importEffects.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { callCounts, declaredFunction, type FunctionType } from './declaredEffects.ts';
import type { World } from './grantedWorld.ts';
import type { HostFunction } from './hostFunction.ts';
import { hasJavaScriptType } from './hostResults.ts';
import { emulatedHosts } from './presets/presets.ts';
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
  /** Those that do what the scenario declares. */
  declared: string[];
  /** Those of each preset that was used, with what it does not emulate. */
  emulated: { preset: string; names: string[]; without: Message }[];
  notes: string[];
  /** Restores the state that `mark` remembered. Called before every execution, so it must be cheap. */
  reset(): void;
  /** Remembers the current state, after setup. */
  mark(): void;
}

/** What of a scenario decides what its imports do. */
type ImportsOfScenario = Pick<Scenario, 'host' | 'imports' | 'wasi'> &
  Partial<Pick<Scenario, 'behaviours' | 'presets' | 'requests' | 'callers'>>;

/** @throws Error with a message for people when the scenario's JavaScript module lacks a function or has something else of that name */
export function hostFunctions(
  module: Module,
  scenario: ImportsOfScenario,
  given: UserImports | undefined,
  /** For `wasi.clock`: nanoseconds since 1970; for `wasi.random`: fills with random bytes. */
  world: World,
  /** Whether an imported function, by index, may return a promise. */
  suspends: (index: number) => boolean = () => false,
  /** Told the name of a function that returns a promise although it may not. */
  promised: (name: string) => void = () => {},
): HostFunctions {
  const wasi = createWasi(scenario, world);
  const counts = callCounts();
  const hosts = emulatedHosts(module, scenario);
  const result: HostFunctions = {
    functions: [],
    stubbed: [],
    wasi: [],
    declared: [],
    emulated: hosts.used,
    notes: [],
    reset() {
      wasi.reset();
      counts.reset();
      hosts.reset();
    },
    mark() {
      wasi.mark();
      counts.reset();
      hosts.mark();
    },
  };
  for (const item of module.imports) {
    if (item.kind !== 'func') continue;
    const name = `${item.module}.${item.name}`;
    // Known hosts go by the names in the source; scenarios and imports of the user by those in the binary.
    const source = sourceImport(item);
    const type = typeOf(module, item.index);
    const { results } = type;
    const behaviour: DeclaredEffects | undefined = Object.hasOwn(scenario.behaviours ?? {}, name)
      ? scenario.behaviours?.[name]
      : undefined;
    const declared = declaresEffects(behaviour) ? declaredFunction(name, behaviour, type, counts) : undefined;
    const own = declared === undefined ? userImport(given, item.module, item.name) : undefined;
    const known =
      declared ??
      (own === undefined
        ? (hosts.functionOf(source.module, source.name, type, name) ??
          wasi.functionOf(source.module, source.name, results))
        : undefined);
    if (own === undefined && known === undefined && scenario.imports !== 'stub')
      throw new Error(missing(name, scenario.imports.module));
    if (declared !== undefined) result.declared.push(name);
    else if (own === undefined && !hosts.has(name)) (known === undefined ? result.stubbed : result.wasi).push(name);
    const chosen = !hasJavaScriptType(module, module.functions.typeIndex[item.index])
      ? failing(name, 'no JavaScript function can have its type, which contains v128 or exnref')
      : own !== undefined
        ? userFunction(name, own, results, suspends(item.index), promised)
        : (known ?? stub(name, name === THREAD_SPAWN ? -1 : 0, results));
    const observed = declared === undefined && behaviour?.observe === true;
    result.functions.push(observed ? { ...chosen, observed } : chosen);
  }
  result.notes.push(...notesOf(result, scenario));
  return result;
}

/** Notes about host functions that limit what the result says. */
function notesOf(
  { functions, wasi, stubbed, declared, emulated: hosts }: HostFunctions,
  { wasi: grants, imports }: Pick<Scenario, 'imports' | 'wasi'>,
): string[] {
  const notes: string[] = [];
  const uses = (name: string): boolean => wasi.some((one) => one.endsWith(`.${name}`));
  if ((grants.clock && uses('clock_time_get')) || (grants.random && uses('random_get')))
    notes.push(t('Clock and random values were read once for each caller: every execution saw the same values.'));
  const others = [wasi, stubbed, declared, ...hosts.map(({ names }) => names)];
  if (imports !== 'stub' && functions.length > others.reduce((sum, { length }) => sum + length, 0))
    notes.push(
      t(
        'Each call of a function of {0} is one step: races on memory that it touches are not found, and state that it keeps is not reset between executions.',
        imports.module,
      ),
    );
  if (stubbed.includes(THREAD_SPAWN)) notes.push(t('{0} starts no thread and returns -1.', THREAD_SPAWN));
  return notes;
}

/** Returns a negative number on error: https://github.com/WebAssembly/wasi-threads */
const THREAD_SPAWN = 'wasi.thread-spawn';

const missing = (name: string, file: string): string =>
  t(
    '{0} has no function for the import {1}: export an object for the import module with a function of that name',
    file,
    name,
  );

function typeOf(module: Module, func: number): FunctionType {
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  return type?.kind === 'func' ? type : { params: [], results: [] };
}
