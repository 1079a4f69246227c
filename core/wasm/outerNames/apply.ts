/** Gives the items of a decoded module the names that files beside it know. */
import type { Module } from '../module.ts';
import type { OuterNames } from './model.ts';

/** Sets `outerNames`, the symbols of exports and imports, and names of functions that have none in the name section. */
export function applyOuterNames(module: Module, names: OuterNames): void {
  module.outerNames = names;
  const { functions } = module.names;
  for (const exported of module.exports) {
    const symbol = names.exports.get(exported.name);
    if (symbol === undefined) continue;
    exported.symbol = symbol;
    if (exported.kind === 'func' && !functions.has(exported.index)) functions.set(exported.index, symbol);
  }
  for (const imported of module.imports) {
    const symbol = names.imports.get(`${imported.module}.${imported.name}`);
    if (symbol !== undefined) imported.symbol = symbol;
  }
  for (const [index, name] of names.functions) {
    if (index < module.functions.typeIndex.length && !functions.has(index)) functions.set(index, name);
  }
}
