/** The facts of a module that decide what its callers share. */
import type { Module } from '../wasm/module.ts';
import { allocatorsOf } from './allocators.ts';
import { asyncifyOf } from './asyncify.ts';
import { WRITE } from './effectTable.ts';
import { importState } from './hostImports.ts';
import type { CallGraph, ModuleSharing } from './model.ts';
import type { ScanResult } from './scanContext.ts';
import type { StackPointer } from './stackPointer.ts';
import { type ImportPattern, suspensionOf } from './suspension.ts';
import { instanceInitialisers } from './threadInitialisers.ts';

/** An unnamed global that this many functions lower and restore is certainly a stack pointer. */
const SURE_DISCIPLINE = 3;

/** Collects the facts of a module that decide what its callers share. `suspending`: imports that the user names. */
export function sharingOf(
  module: Module,
  scan: ScanResult,
  graph: CallGraph,
  stackPointer: StackPointer,
  suspending: readonly ImportPattern[] = [],
): ModuleSharing {
  const sp = stackPointer.global;
  const asyncify = asyncifyOf(module, scan);
  return {
    memories: module.memories.map(({ limits, imported }) => ({
      shared: limits.shared,
      common: limits.shared && imported,
      ...(limits.is64 ? { is64: true } : {}),
    })),
    imported: {
      memory: module.memories.map((m) => m.imported),
      global: module.globals.map((g) => g.imported),
      table: module.tables.map((t) => t.imported),
    },
    hostStates: module.imports.filter((i) => i.kind === 'func').map((i) => importState(module, i)),
    framesApart: stackPointer.by === 'name' || (scan.stackDiscipline[sp] ?? 0) >= SURE_DISCIPLINE,
    ownStacks: reaches(graph, instanceInitialisers(module), scan.assignedGlobals.get(sp)),
    ownBlocks: !reaches(graph, [...allocatorsOf(module).allocates], globalWriters(module, scan, sp)),
    ...suspensionOf(module, suspending),
    asyncify: asyncify !== undefined,
    asyncifyState: asyncify?.state ?? -1,
    asyncifyFunctions: asyncify?.functions ?? [],
  };
}

/** Functions that set a global of their instance other than the stack pointer, in modules whose instances share a memory. */
function globalWriters(module: Module, scan: ScanResult, stackPointer: number): ReadonlySet<number> | undefined {
  if (!module.memories.some((m) => m.limits.shared && m.imported)) return undefined;
  const writes = scan.table.effects.map(
    ({ kind, index, access }) => kind === 'global' && access === WRITE && index !== stackPointer,
  );
  const found = new Set<number>();
  for (let func = 0; func + 1 < scan.factStart.length; func++)
    for (let i = scan.factStart[func]; i < scan.factStart[func + 1]; i++)
      if (writes[scan.factEffect[i]]) found.add(func);
  return found;
}

/** Whether one of `roots` is, or calls, one of `wanted`. */
function reaches(graph: CallGraph, roots: readonly number[], wanted: ReadonlySet<number> | undefined): boolean {
  if (wanted === undefined) return false;
  const seen = new Set(roots);
  const work = [...roots];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (wanted.has(node)) return true;
    for (let row = graph.start[node]; row < graph.start[node + 1]; row++) {
      const target = graph.target[row];
      if (!seen.has(target)) work.push(target);
      seen.add(target);
    }
  }
  return false;
}
