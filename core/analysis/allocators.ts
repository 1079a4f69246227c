/**
 * The functions of a module that hand out and take back blocks of its memory, internal and imported ones included: by
 * the names that libraries give them (`allocatorNames.ts`) or, where names are lost, by the constants of their code
 * (`allocatorBodies.ts`), by type, and by what their bodies can do (`allocatorShape.ts`). Functions that call one of them
 * are none themselves.
 */
import { sourceName } from '../wasm/displayNames.ts';
import type { Module } from '../wasm/module.ts';
import { I32, I64, type TypeDef, type ValType } from '../wasm/types.ts';
import { allocatorBodies } from './allocatorBodies.ts';
import { type AllocatorKind, allocatorKind } from './allocatorNames.ts';
import { looksLikeAllocator, newShapeMemory } from './allocatorShape.ts';

/** Function indices. */
export interface Allocators {
  /** The result is the address of a block that nobody else has, or 0. */
  readonly allocates: ReadonlySet<number>;
  /** Take back the block at an address that they get. */
  readonly frees: ReadonlySet<number>;
  /** Get an address, or 0, and return a block in place of it: the same one, or one that nobody else has. */
  readonly reallocates: ReadonlySet<number>;
}

/** A module has a handful; bodies of more are not looked at. */
const MAX_NAMED = 512;

const known = new WeakMap<Module, Allocators>();

/** Found once for each module; never throws. */
export function allocatorsOf(module: Module): Allocators {
  const found = known.get(module) ?? findAllocators(module);
  known.set(module, found);
  return found;
}

function findAllocators(module: Module): Allocators {
  // First, since what calls one of these has its shape.
  const bodies = allocatorBodies(module);
  const memory = newShapeMemory();
  const sets: Record<AllocatorKind, Set<number>> = {
    allocates: new Set(bodies.allocates.filter((func) => looksLikeAllocator(module, func, memory))),
    frees: new Set(bodies.frees),
    reallocates: new Set(),
  };
  const types = module.types.map(integers);
  let looked = 0;
  const consider = (func: number, name: string): void => {
    const type = types[module.functions.typeIndex[func]];
    if (type === undefined) return;
    const kind = allocatorKind(name, type.params);
    if (kind === undefined || type.results !== (kind === 'frees' ? 0 : 1) || sets[kind].has(func)) return;
    if (kind !== 'frees' && (++looked > MAX_NAMED || !looksLikeAllocator(module, func, memory))) return;
    sets[kind].add(func);
  };
  for (const [func, name] of module.names.functions) consider(func, name);
  for (const item of module.exports) if (item.kind === 'func') consider(item.index, sourceName(item));
  for (const item of module.imports) if (item.kind === 'func') consider(item.index, sourceName(item));
  return sets;
}

const isInteger = (type: ValType): boolean => type === I32 || type === I64;

/**
 * Numbers of parameters and results of a function that takes integers, at least one, and returns integers or nothing, as
 * all functions of an allocator do; undefined for others.
 */
export function integerType({ types, functions }: Module, func: number): IntegerType | undefined {
  const type = types[functions.typeIndex[func]];
  return type === undefined ? undefined : integers(type);
}

interface IntegerType {
  params: number;
  results: number;
}

function integers({ composite: type }: TypeDef): IntegerType | undefined {
  if (type.kind !== 'func' || type.params.length === 0) return undefined;
  const { params, results } = type;
  return params.every(isInteger) && results.every(isInteger)
    ? { params: params.length, results: results.length }
    : undefined;
}
