/** Functions of the JavaScript module that a scenario names. */
import { isRef, type ValType } from '../../wasm/types.ts';
import type { HostFunction } from './hostFunction.ts';
import { fitResults } from './hostResults.ts';

/** Functions by import module and name. */
export type UserImports = Record<string, Record<string, unknown>>;

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
 * The function is called with `this.memory.buffer`, the memory of the calling instance (arrow functions cannot access
 * it).
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
  if (typeof value !== 'function') throw new Error(`the import ${name} is ${typeof value}, not a function`);
  return {
    name,
    state: 'guarded',
    ranges: () => undefined,
    call(args, memory) {
      const self = {
        memory: {
          get buffer() {
            return memory.buffer();
          },
        },
      };
      const result: unknown = Reflect.apply(value, self, args);
      if (isThenable(result)) {
        if (suspends) return Promise.resolve(result).then((value: unknown) => fitResults(value, results));
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

/** Whether a value is a promise or another thenable. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
