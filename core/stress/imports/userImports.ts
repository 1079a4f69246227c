/** Functions of the JavaScript module that a scenario names. */
import { t } from '../../text/l10n.ts';
import type { Module } from '../../wasm/module.ts';
import { isRef, type ValType } from '../../wasm/types.ts';
import type { HostFunction, HostMemory } from './hostFunction.ts';
import { fitResults } from './hostResults.ts';

/** Functions by import module and name. */
export type UserImports = Record<string, Record<string, unknown>>;

/** Indices of the functions that functions of a scenario can call: only async ones call the guest. */
export function calledByUser(module: Module, given: UserImports | undefined): number[] {
  const calls = module.imports.some(
    ({ kind, module: from, name }) => kind === 'func' && isAsync(userImport(given, from, name)),
  );
  if (!calls) return [];
  const exported = module.exports.filter(({ kind }) => kind === 'func').map(({ index }) => index);
  const inTables = module.elements.flatMap(({ functions }) => [...(functions ?? [])]);
  return [...exported, ...inTables].filter((func) => func >= module.functions.imported);
}

const isAsync = (value: unknown): boolean => Object.prototype.toString.call(value) === '[object AsyncFunction]';

/** What the JavaScript module provides for an import; inherited properties such as `toString` do not count. */
export function userImport(given: UserImports | undefined, module: string, name: string): unknown {
  const functions = own(given, module);
  return own(functions, name);
}

function own(object: unknown, name: string): unknown {
  if ((typeof object !== 'object' && typeof object !== 'function') || object === null) return undefined;
  const found = (object as Record<string, unknown>)[name];
  const inherited = (Object.prototype as unknown as Record<string, unknown>)[name];
  return found === inherited && !Object.hasOwn(object, name) ? undefined : found;
}

/**
 * The function is called with `this`, which arrow functions cannot access: see `selfOf`. An async function can call the
 * guest.
 * @throws Error if `value` is not a function
 */
export function userFunction(
  name: string,
  value: unknown,
  results: readonly ValType[],
  /** It may return a promise, which its caller then waits for. */
  suspends: boolean,
  /** Told when it returns a promise nevertheless. */
  promised: (name: string) => void,
): HostFunction {
  if (typeof value !== 'function') throw new Error(t('the import {0} is {1}, not a function', name, typeof value));
  const asynchronous = isAsync(value);
  return {
    name,
    state: 'guarded',
    ...(asynchronous ? { asynchronous } : {}),
    ranges: () => undefined,
    call(args, memory, caller) {
      const called = { guest: false };
      const result: unknown = Reflect.apply(value, selfOf(memory, caller, called), args);
      if (isThenable(result)) {
        if (suspends || (asynchronous && called.guest))
          return Promise.resolve(result).then((value: unknown) => fitResults(value, results));
        // The error below reports the promise; its rejection must not end the thread.
        result.then(undefined, () => {});
        if (results.length !== 1 || !isRef(results[0])) {
          promised(name);
          throw new Error(
            `it returned a promise, so it suspends its caller: use the cooperative model with "imports": {"${name}": {"suspends": true}}`,
          );
        }
      }
      return fitResults(result, results);
    },
  };
}

/**
 * What functions of a scenario see as `this`: the memory of the calling instance, its exported functions, its table, and
 * the number of the caller. Functions of the guest answer promises, as they are explored like any other call.
 */
function selfOf(guest: HostMemory, caller: number, called: { guest: boolean }): object {
  const told = <Found>(found: Found): Found => {
    called.guest = true;
    return found;
  };
  return {
    caller,
    memory: {
      get buffer() {
        return guest.buffer();
      },
    },
    exports: new Proxy({}, { get: (_, name) => told(typeof name === 'string' ? guest.exported?.(name) : undefined) }),
    table: { get: (slot: number) => told(guest.slot?.(slot) ?? null) },
  };
}

/** Whether a value is a promise or another thenable. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
