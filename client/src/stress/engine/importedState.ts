/** Memories, tables, globals and tags that a module imports, made to fit its declarations. */
import { globalName } from '../../../../server/src/wasm/displayNames.ts';
import type { Import, Module } from '../../../../server/src/wasm/module.ts';
import {
  EXTERN,
  F32,
  F64,
  FUNC,
  heapOf,
  I32,
  I64,
  isRef,
  V128,
  type ValType,
} from '../../../../server/src/wasm/types.ts';
import { wasmEngine } from './webAssembly.ts';

export interface ImportedState {
  /** One for each import, in order; undefined for functions. */
  items: unknown[];
  /** What was assumed. */
  notes: string[];
}

const NAMES: Readonly<Record<number, string>> = {
  [I32]: 'i32',
  [I64]: 'i64',
  [F32]: 'f32',
  [F64]: 'f64',
  [V128]: 'v128',
};

/** New objects for all imports that are not functions. */
export function importedState(module: Module): ImportedState {
  const notes: string[] = [];
  const items = module.imports.map((item) => {
    switch (item.kind) {
      case 'memory':
        return memory(module, item);
      case 'table':
        return table(module, item);
      case 'global':
        return global(module, item, notes);
      case 'tag':
        return new wasmEngine.Tag({ parameters: parametersOf(module, module.tags[item.index].typeIndex) });
      default:
        return undefined;
    }
  });
  return { items, notes };
}

function memory(module: Module, { index }: Import): unknown {
  const { min, max, shared, is64 } = module.memories[index].limits;
  const size = (value: bigint): number | bigint => (is64 ? value : Number(value));
  return new wasmEngine.Memory({
    initial: size(min),
    ...(max === undefined ? undefined : { maximum: size(max) }),
    shared,
    ...(is64 ? { address: 'i64' as const } : undefined),
  });
}

function table(module: Module, { index }: Import): unknown {
  const { limits, type } = module.tables[index];
  const size = (value: bigint): number | bigint => (limits.is64 ? value : Number(value));
  return new wasmEngine.Table({
    element: referenceName(type),
    initial: size(limits.min),
    ...(limits.max === undefined ? undefined : { maximum: size(limits.max) }),
    ...(limits.is64 ? { address: 'i64' as const } : undefined),
  });
}

function referenceName(type: ValType): string {
  const heap = heapOf(type);
  if (heap === EXTERN) return 'externref';
  return heap === FUNC ? 'anyfunc' : 'anyref';
}

/** Values that linkers and runtimes of the common toolchains give; everything else starts with zero. */
function global(module: Module, item: Import, notes: string[]): unknown {
  const { type, mutable } = module.globals[item.index];
  const value = initialValue(module, item, type);
  if (value !== 0 && !isRef(type))
    notes.push(`The imported global ${globalName(module, item.index)} starts with ${value}.`);
  if (isRef(type)) return new wasmEngine.Global({ value: referenceName(type), mutable }, null);
  if (type === V128) return new wasmEngine.Global({ value: 'v128', mutable });
  return new wasmEngine.Global({ value: NAMES[type], mutable }, type === I64 ? BigInt(value) : value);
}

/**
 * A layout for position-independent modules: static data first, then the stack, which grows down from the middle of
 * the memory, then the heap. Source: https://github.com/WebAssembly/tool-conventions/blob/main/DynamicLinking.md
 */
function initialValue(module: Module, { name }: Import, type: ValType): number {
  if (isRef(type)) return 0;
  const limits = module.memories[0]?.limits;
  const bytes = limits === undefined ? 0 : Number(limits.min) * 65536;
  const middle = Math.floor(bytes / 32) * 16;
  switch (name) {
    case '__stack_pointer':
    case '__stack_high':
    case '__heap_base':
      return middle;
    case '__stack_low':
      return Math.floor(bytes / 64) * 16;
    case '__memory_base':
      return 1024;
    case '__table_base':
      return tableBase(module);
    default:
      return 0;
  }
}

/** Slot 0 stays empty for the null function where there is room. */
function tableBase({ elements, tables }: Module): number {
  const longest = Math.max(0, ...elements.map((e) => e.functions?.length ?? e.exprs?.length ?? 0));
  const slots = tables.length === 0 ? 0 : Number(tables[0].limits.min);
  return Math.max(0, Math.min(1, slots - longest));
}

function parametersOf(module: Module, typeIndex: number): string[] {
  const type = module.types[typeIndex]?.composite;
  return type?.kind === 'func' ? type.params.map((t) => (isRef(t) ? referenceName(t) : NAMES[t])) : [];
}
