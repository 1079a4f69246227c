/**
 * Rewrites a module so that threads of a JavaScript engine, each with its own instance, behave like threads of a host
 * that call one instance: its memories are shared and imported, its mutable globals of number types become cells of an
 * additional shared memory, active data is written once. Tables and references cannot be shared in JavaScript: each
 * instance keeps its own.
 */
import type { Global, Memory, Module } from '../../wasm/module.ts';
import { isRef, type Limits } from '../../wasm/types.ts';
import {
  CELL_BYTES,
  type SharedModule,
  type SharedVariant,
  type ShareNames,
  type ShareOptions,
} from './sharedModule.ts';
import { ModuleVariant } from './shareSections.ts';

/** Most pages of a memory whose maximum is higher or missing: 1 GiB. */
export const MAX_PAGES = 16_384;

/** @throws DecodeFailure where a reachable body is malformed */
export function shareModule(module: Module, options: ShareOptions): SharedModule {
  const cellOf = module.globals.map((g, i) => (options.wholeInstance && hasCell(g) ? i * CELL_BYTES : undefined));
  const lowest = module.globals.length * CELL_BYTES;
  const names = shareNames(module);
  const shared: SharedModule = {
    first: new Uint8Array(),
    plain: new Uint8Array(),
    serial: new Uint8Array(),
    names,
    limits: module.memories.map((memory) => sharedLimits(memory, options.wholeInstance)),
    cellOf,
    lowest,
    cellBytes: lowest + CELL_BYTES,
  };
  const write = (variant: SharedVariant): Uint8Array => new ModuleVariant(module, options, shared, variant).bytes();
  return {
    ...shared,
    first: write('first'),
    plain: write('plain'),
    serial: write('serial'),
  };
}

/** Whether a global becomes a cell: memories can hold numbers only. */
const hasCell = ({ mutable, type }: Global): boolean => mutable && !isRef(type);

function sharedLimits({ limits, imported }: Memory, wholeInstance: boolean): Limits | undefined {
  if (!wholeInstance) return imported && limits.shared ? bounded(limits) : undefined;
  return bounded({ ...limits, shared: true });
}

function bounded(limits: Limits): Limits {
  const most = BigInt(MAX_PAGES) > limits.min ? BigInt(MAX_PAGES) : limits.min;
  return { ...limits, max: limits.max === undefined || limits.max > most ? most : limits.max };
}

function shareNames(module: Module): ShareNames {
  let prefix = 'hazards:';
  const taken = [...module.exports.map((e) => e.name), ...module.imports.map((i) => i.module)];
  while (taken.some((name) => name.startsWith(prefix))) prefix = `_${prefix}`;
  return {
    imports: prefix,
    memory: 'memory',
    cells: 'cells',
    begin: `${prefix}begin`,
    start: `${prefix}start`,
    fuel: `${prefix}fuel`,
    depth: `${prefix}depth`,
    global: `${prefix}global`,
  };
}
