/** Makes the import object of a module from an object or function for each import. */
import type { Module } from '../../wasm/module.ts';
import type { WasmFunction, WasmImports } from '../../wasm/webAssembly.ts';
import { hasJavaScriptType } from './hostResults.ts';
import { provide, type Wanted } from './provider.ts';

/**
 * `items` has one entry for each import, in order. Names come from the module: `__proto__` is possible, and two
 * imports of the same name may differ in type. An engine reads the imports one by one in their order
 * (https://webassembly.github.io/spec/js-api/#read-the-imports), so each reading gets its own.
 */
export function importObject(module: Module, items: readonly unknown[]): WasmImports {
  const imports: WasmImports = Object.create(null);
  const byName = new Map<string, unknown[]>();
  module.imports.forEach(({ module: from, name }, i) => {
    imports[from] ??= Object.create(null) as Record<string, unknown>;
    const key = JSON.stringify([from, name]);
    const same = byName.get(key);
    if (same !== undefined) {
      same.push(items[i]);
      return;
    }
    const values = [items[i]];
    byName.set(key, values);
    let reading = 0;
    Object.defineProperty(imports[from], name, {
      enumerable: true,
      get: () => values[reading++ % values.length],
    });
  });
  return imports;
}

/**
 * Functions by function index as the module can import them: those whose types JavaScript cannot take or return become
 * functions of WebAssembly that call them without arguments and expect them to throw.
 */
export function callable(module: Module, functions: readonly WasmFunction[]): unknown[] {
  const result: unknown[] = [...functions];
  const indices: number[] = [];
  const wanted: Wanted[] = [];
  functions.forEach((answer, func) => {
    const typeIndex = module.functions.typeIndex[func];
    if (hasJavaScriptType(module, typeIndex)) return;
    indices.push(func);
    wanted.push({ kind: 'func', typeIndex, answer: () => answer() });
  });
  provide(module, wanted).forEach((made, i) => {
    result[indices[i]] = made;
  });
  return result;
}
