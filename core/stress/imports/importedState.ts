/** Memories, tables, globals and tags that a module imports, made to fit its declarations. */
import { t } from '../../text/l10n.ts';
import { globalName } from '../../wasm/displayNames.ts';
import type { Global, Import, Memory, Module, Table, Tag } from '../../wasm/module.ts';
import {
  EXTERN,
  EXTERNREF,
  F32,
  F64,
  FUNCREF,
  heapOf,
  I32,
  I64,
  isNullable,
  isRef,
  type ValType,
} from '../../wasm/types.ts';
import { wasmEngine } from '../../wasm/webAssembly.ts';
import { provide, type Wanted } from './provider.ts';

/** Objects for the imports of a module. */
export interface ImportedState {
  /** One for each import, in order; undefined for functions. */
  items: unknown[];
  /** What was assumed. */
  notes: string[];
}

/** Value types that the JavaScript API has names for; a provider makes the others. */
const NAMES: Readonly<Record<number, string>> = {
  [I32]: 'i32',
  [I64]: 'i64',
  [F32]: 'f32',
  [F64]: 'f64',
  [FUNCREF]: 'anyfunc',
  [EXTERNREF]: 'externref',
};

/**
 * New objects for all imports that are not functions.
 * @throws Error when the engine refuses a size, or when no value of a type can be made
 */
export function importedState(module: Module): ImportedState {
  const notes: string[] = [];
  const wanted: Wanted[] = [];
  const positions: number[] = [];
  const items: unknown[] = [];
  const firsts = firstOfEach(module);
  const make = (item: Import, i: number): unknown => {
    const { kind, index } = item;
    if (kind === 'func') return undefined;
    if (kind === 'memory') return memory(module, item);
    if (kind === 'table' && NAMES[module.tables[index].type] !== undefined) return table(module, item);
    if (kind === 'global') {
      const { type, mutable } = module.globals[index];
      if (NAMES[type] !== undefined) return global(module, item, notes);
      if (isRef(type) && !isNullable(type)) notes.push(placeholder(module, item));
      // Engines accept a string for these, which is how modules import their string constants.
      if (!mutable && heapOf(type) === EXTERN && !isNullable(type)) return item.name;
    }
    positions.push(i);
    wanted.push(wantedOf(module, item));
    return undefined;
  };
  module.imports.forEach((item, i) => {
    items.push(firsts[i] === i ? make(item, i) : undefined);
  });
  provide(module, wanted).forEach((made, i) => {
    items[positions[i]] = made;
  });
  return { items: firsts.map((first) => items[first]), notes };
}

/** By import, the first import of the same name and type: both get the same object. */
function firstOfEach(module: Module): number[] {
  const seen = new Map<string, number>();
  return module.imports.map(({ module: from, name, kind, index }, i) => {
    const { type, mutable, limits, typeIndex }: Partial<Table & Memory & Global & Tag> =
      kind === 'func' ? {} : module[LISTS[kind]][index];
    const shape = [type, mutable, typeIndex, limits?.min, limits?.max, limits?.shared, limits?.is64].map(String);
    const key = JSON.stringify([kind, from, name, shape]);
    if (!seen.has(key)) seen.set(key, i);
    return seen.get(key) ?? i;
  });
}

const LISTS = { table: 'tables', memory: 'memories', global: 'globals', tag: 'tags' } as const;

function wantedOf(module: Module, { kind, index }: Import): Wanted {
  if (kind === 'table') return { kind, type: module.tables[index].type, limits: module.tables[index].limits };
  if (kind === 'global') return { kind, type: module.globals[index].type, mutable: module.globals[index].mutable };
  return { kind: 'tag', typeIndex: module.tags[index].typeIndex };
}

function placeholder(module: Module, { index, name }: Import): string {
  const { type, mutable } = module.globals[index];
  return !mutable && heapOf(type) === EXTERN
    ? t(
        'The imported global {0} cannot be null: it starts with the text {1}.',
        globalName(module, index),
        JSON.stringify(name),
      )
    : t('The imported global {0} cannot be null: it starts with a placeholder.', globalName(module, index));
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
    element: NAMES[type],
    initial: size(limits.min),
    ...(limits.max === undefined ? undefined : { maximum: size(limits.max) }),
    ...(limits.is64 ? { address: 'i64' as const } : undefined),
  });
}

/** A global. Those of common toolchains get the values that linkers and runtimes provide; all others are zero. */
function global(module: Module, item: Import, notes: string[]): unknown {
  const { type, mutable } = module.globals[item.index];
  const value = initialValue(module, item, type);
  if (value !== 0) notes.push(t('The imported global {0} starts with {1}.', globalName(module, item.index), value));
  const start = isRef(type) ? null : type === I64 ? BigInt(value) : value;
  return new wasmEngine.Global({ value: NAMES[type], mutable }, start);
}

/**
 * A layout for position-independent modules: static data first, then the stack, which grows down from the middle of
 * the memory, then the heap. Source: https://github.com/WebAssembly/tool-conventions/blob/main/DynamicLinking.md
 */
export function initialValue(module: Module, { name }: Pick<Import, 'name'>, type: ValType): number {
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

/** Slot 0 is kept empty for the null function if there is room. */
function tableBase({ elements, tables }: Module): number {
  const longest = elements.reduce((most, e) => Math.max(most, e.functions?.length ?? e.exprs?.length ?? 0), 0);
  const slots = tables.length === 0 ? 0 : Number(tables[0].limits.min);
  return Math.max(0, Math.min(1, slots - longest));
}
