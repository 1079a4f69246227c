import { wasmEngine } from '../../wasm/webAssembly.ts';

/** Makes a function of an instance one that callers can call and that may suspend. */
export function promisingFunction(fn: unknown): (...args: unknown[]) => Promise<unknown> {
  if (wasmEngine.promising === undefined) throw new Error('no JavaScript Promise Integration');
  return wasmEngine.promising(fn as (...args: unknown[]) => unknown);
}
