/** Names of static data: linkers export the address of a data symbol as an immutable global. */
import type { Module } from '../../wasm/module.ts';
import { I32 } from '../../wasm/types.ts';
import { constantOf } from '../constants.ts';

/** Symbols that linkers make for regions of the memory, not for variables. */
const REGIONS =
  /^__(?:data_end|heap_base|heap_end|stack_(?:low|high|pointer)|global_base|memory_base|table_base|rodata_end|dso_handle|tls_(?:base|size|align))$/;

type Symbols = readonly { name: string; address: number }[];

const known = new WeakMap<Module, Symbols>();

/** Name of an exported variable that begins in the static range `[start, end)`; undefined where none does. */
export function dataSymbolIn(module: Module, { start, end }: { start: number; end: number }): string | undefined {
  const symbols = known.get(module) ?? symbolsOf(module);
  known.set(module, symbols);
  return symbols.find(({ address }) => start <= address && address < end)?.name;
}

function symbolsOf(module: Module): Symbols {
  return module.exports.flatMap(({ kind, name, index }) => {
    const global = kind === 'global' ? module.globals[index] : undefined;
    if (global === undefined || global.mutable || global.type !== I32 || global.init === undefined) return [];
    const address = constantOf(module, global.init);
    return address === undefined || REGIONS.test(name) ? [] : [{ name, address }];
  });
}
