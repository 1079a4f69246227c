/** Imported functions for the Go driver: those of WASI are wazero's, the others do what exploration's do. */
import { sourceImport } from '../analysis/host/sourceImport.ts';
import type { HostFunctions } from '../stress/imports/hostFunctions.ts';
import {
  type DeclaredEffects,
  declaresEffects,
  effectsOfCall,
  type ImportEffects,
} from '../stress/scenario/importEffects.ts';
import type { Scenario } from '../stress/scenario/scenario.ts';
import type { Import, Module } from '../wasm/module.ts';
import type { ValType } from '../wasm/types.ts';
import type { PlanEffects, PlanHost, PlanHostFunction } from './plan.ts';
import { contentIn, planText, planType, wasmBits } from './planSteps.ts';
import type { Providers } from './providers.ts';

/** `module.name`, as scenarios call an import. */
export const nameOfImport = ({ module, name }: Import): string => `${module}.${name}`;

/** Functions of language runtimes that the driver has, by name in the source. */
const BUILTINS: Readonly<Record<string, string>> = {
  abort: 'emscripten abort',
  _abort_js: 'emscripten abort',
  emscripten_resize_heap: 'emscripten resize',
  emscripten_memcpy_js: 'emscripten copy',
  _emscripten_memcpy_js: 'emscripten copy',
  emscripten_memcpy_big: 'emscripten copy',
  __assert_fail: 'emscripten assert',
  exit: 'emscripten exit',
  _exit: 'emscripten exit',
  emscripten_force_exit: 'emscripten exit',
  _emscripten_get_now_is_monotonic: 'emscripten one',
};
const ASSEMBLY_SCRIPT: Readonly<Record<string, string>> = {
  abort: 'assemblyscript abort',
  trace: 'assemblyscript trace',
  seed: 'assemblyscript seed',
};

/** The function of an emulated host that the driver has; undefined where it has none. */
export function builtinOf(one: Import, { emulated }: Pick<HostFunctions, 'emulated'>): string | undefined {
  const { name } = sourceImport(one);
  const preset = emulated.find(({ names }) => names.includes(nameOfImport(one)))?.preset;
  if (preset === 'assemblyscript') return ASSEMBLY_SCRIPT[name];
  if (preset !== 'emscripten') return undefined;
  return name.startsWith('__syscall_') ? 'emscripten syscall' : BUILTINS[name];
}

/** The types of an imported function. */
export function typesOfImport(
  module: Module,
  { index }: Pick<Import, 'index'>,
): { params: readonly ValType[]; results: readonly ValType[] } {
  const type = module.types[module.functions.typeIndex[index]]?.composite;
  return type?.kind === 'func' ? type : { params: [], results: [] };
}

/** The functions of all import modules. */
export function hostsOfPlan(
  module: Module,
  scenario: Pick<Scenario, 'behaviours' | 'callers'>,
  given: HostFunctions,
  { functionsFrom }: Pick<Providers, 'functionsFrom'>,
): PlanHost[] {
  const functions = module.imports.filter(({ kind }) => kind === 'func');
  const hosts = new Map<string, PlanHost>();
  functions.forEach((one, i) => {
    const name = functionsFrom.get(one.module) ?? one.module;
    const host = hosts.get(name) ?? { name, wasi: false, functions: [] };
    hosts.set(name, host);
    if (given.wasi.includes(nameOfImport(one))) host.wasi = true;
    else if (!host.functions.some((known) => known.name === one.name))
      host.functions.push(functionOfPlan(module, one, scenario, given, i));
  });
  return [...hosts.values()];
}

function functionOfPlan(
  module: Module,
  one: Import,
  { behaviours, callers }: Pick<Scenario, 'behaviours' | 'callers'>,
  given: HostFunctions,
  position: number,
): PlanHostFunction {
  const { params, results } = typesOfImport(module, one);
  const label = nameOfImport(one);
  const behaviour: DeclaredEffects | undefined = Object.hasOwn(behaviours, label) ? behaviours[label] : undefined;
  const builtin = builtinOf(one, given);
  const declared = declaresEffects(behaviour);
  const answer = declared || builtin !== undefined ? { value: [] } : answerOf(given.functions[position]);
  const values = Array.isArray(answer.value) ? answer.value : [answer.value];
  return {
    name: one.name,
    label,
    params: params.map((type) => planType(type) ?? 'v128'),
    results: results.map((type) => planType(type) ?? 'v128'),
    returns: results.map((type, i) => wasmBits(values[i] ?? 0, type)),
    ...(answer.fails === undefined ? {} : { fails: answer.fails }),
    ...(declared ? { effects: effectsOfPlan(behaviour, callers.length, results.length) } : {}),
    ...(builtin === undefined || declared ? {} : { builtin }),
    ...(behaviour?.observe === true ? { observe: true } : {}),
  };
}

/** Stubs answer without looking at arguments or memory. */
function answerOf(stub: HostFunctions['functions'][number]): { value?: unknown; fails?: string } {
  const memory = { buffer: () => new ArrayBuffer(0), exported: () => undefined, slot: () => undefined };
  try {
    return { value: stub.call([], memory, 0) };
  } catch (error) {
    return { fails: error instanceof Error ? error.message : String(error) };
  }
}

/** Declared effects of each caller and call; the last of a list is for all further ones. */
function effectsOfPlan(declared: DeclaredEffects, callers: number, results: number): PlanEffects[][] {
  const { perCaller = [], sequence = [] } = declared;
  const calls = Math.max(1, sequence.length, ...perCaller.map((one) => one.sequence?.length ?? 0));
  return Array.from({ length: callers }, (_, caller) =>
    Array.from({ length: calls }, (_, call) => planEffects(effectsOfCall(declared, caller, call), results)),
  );
}

function planEffects({ reads = [], writes = [], returns, traps }: ImportEffects, results: number): PlanEffects {
  const given = returns === undefined ? [] : Array.isArray(returns) ? returns : [returns];
  return {
    ...(reads.length === 0
      ? {}
      : {
          reads: reads.map(({ at, length, type }) => ({
            at: planText(at),
            length: planText(length),
            utf8: type === 'utf8',
          })),
        }),
    ...(writes.length === 0
      ? {}
      : {
          writes: writes.map(({ at, max, ...content }) => ({
            at: planText(at),
            ...(max === undefined ? {} : { max: planText(max) }),
            ...contentIn(content),
          })),
        }),
    ...(given.length === 0
      ? {}
      : { returns: given.slice(0, results).map((one) => (one === null ? null : planText(one))) }),
    ...(traps === undefined ? {} : { traps }),
  };
}
