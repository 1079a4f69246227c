/**
 * The names that operands of instructions refer to: those of the module, and those of locals and labels inside a body.
 */
import type { Module } from '../module.ts';
import { readInnerNames } from '../sections/names.ts';
import { assignIds, createIds, type Ids } from './ids.ts';
import { identifier, shortenName } from './text.ts';
import { isInline } from './types.ts';

/** One module being printed. */
export interface ModuleScope {
  module: Module;
  view: DataView;
  ids: Ids;
  /** Field identifiers of a struct type by field index. */
  fields(typeIndex: number): ReadonlyMap<number, string>;
}

/** One body (or constant expression, with neither locals nor labels) being printed. */
export interface BodyScope extends ModuleScope {
  locals: ReadonlyMap<number, string>;
  /** Identifiers of the enclosing blocks, outermost first; undefined for unnamed ones. */
  labels: (string | undefined)[];
}

const NO_NAMES: ReadonlyMap<number, string> = new Map();

/** The scope of a module. */
export function createModuleScope(module: Module): ModuleScope {
  const { bytes, names } = module;
  const cache = new Map<number, ReadonlyMap<number, string>>();
  const fields = (typeIndex: number): ReadonlyMap<number, string> => {
    const range = names.fields.get(typeIndex);
    if (range === undefined) return NO_NAMES;
    let ids = cache.get(typeIndex);
    if (ids === undefined) {
      ids = assignIds(readInnerNames(bytes, range));
      cache.set(typeIndex, ids);
    }
    return ids;
  };
  return {
    module,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    ids: createIds(module),
    fields,
  };
}

/** Identifiers of the parameters and locals of function `func`. May include indices that the function does not have. */
export function localIds(scope: ModuleScope, func: number): Map<number, string> {
  const { functions, names, types, bytes } = scope.module;
  const range = names.locals.get(func);
  const composite = types[functions.typeIndex[func]]?.composite;
  if (range === undefined || composite?.kind !== 'func') return new Map();
  const named = readInnerNames(bytes, range);
  // Parameters can be named only if the header lists them.
  if (!isInline(composite)) for (let i = 0; i < composite.params.length; i++) named.delete(i);
  return assignIds(named);
}

/** Names of the blocks of function `func`, in order of their opening. */
export function labelNames(scope: ModuleScope, func: number): ReadonlyMap<number, string> {
  const range = scope.module.names.labels.get(func);
  return range === undefined ? NO_NAMES : readInnerNames(scope.module.bytes, range);
}

/** `$name` of a label, undefined for an unnamed one. */
export const labelId = (name: string | undefined): string | undefined =>
  name === undefined || name === '' ? undefined : identifier(shortenName(name));

/** The scope of a body with the given identifiers of locals, before any block. */
export const bodyScope = (scope: ModuleScope, locals: ReadonlyMap<number, string>): BodyScope => ({
  ...scope,
  locals,
  labels: [],
});

/** The scope of a constant expression. */
export const constScope = (scope: ModuleScope): BodyScope => bodyScope(scope, NO_NAMES);
