/**
 * The imports of a module on wazero: functions are Go, and modules that are written here define memories, tables and
 * globals, which wazero takes from WebAssembly only.
 */

import type { SharingModel } from '../hosts/profile.ts';
import { initialValue } from '../stress/imports/importedState.ts';
import { opcode } from '../stress/rewrite/emit.ts';
import { t } from '../text/l10n.ts';
import { Encoder } from '../wasm/encoder.ts';
import type { ExternalKind, Import, Module } from '../wasm/module.ts';
import { Op } from '../wasm/ops.ts';
import { F32, F64, heapOf, I32, I64, isRef, V128, type ValType } from '../wasm/types.ts';
import type { PlanProvider } from './plan.ts';

/** Pages of 64 KiB that a shared memory may grow by: wazero allocates the maximum of a shared memory at once. */
const SPARE_PAGES = 256n;

/** Modules that define imported state, and where they take functions from. */
export interface Providers {
  modules: (PlanProvider & { bytes: Uint8Array })[];
  /** By name of an import module with functions: under which name the host has to define them. */
  functionsFrom: ReadonlyMap<string, string>;
  notes: string[];
}

/** The modules that provide what `module` imports besides functions. */
export function providersOf(module: Module, model: SharingModel): Providers {
  const found: Providers['modules'] = [];
  const functionsFrom = new Map<string, string>();
  const notes: string[] = [];
  for (const name of new Set(module.imports.map((one) => one.module))) {
    const items = uniqueItems(module.imports.filter((one) => one.module === name));
    const functions = items.filter(({ kind }) => kind === 'func');
    const state = items.filter(({ kind }) => kind !== 'func');
    if (state.length === 0) {
      functionsFrom.set(name, name);
      continue;
    }
    functionsFrom.set(name, `${name} functions`);
    const isShared = (one: Import): boolean =>
      model === 'shared-memory' && one.kind === 'memory' && module.memories[one.index].limits.shared;
    const shared = state.filter(isShared);
    const own = state.filter((one) => !isShared(one));
    const common = model === 'shared-instance' || own.length === 0;
    const parts: Part[] = functions.map((item) => ({ item, from: `${name} functions` }));
    if (!common && shared.length > 0) {
      const bytes = providerBytes(
        module,
        shared.map((item) => ({ item })),
      );
      found.push({ name: `${name} memories`, wasm: '', common: true, bytes });
      parts.push(...shared.map((item) => ({ item, from: `${name} memories` })));
    } else parts.push(...shared.map((item) => ({ item })));
    parts.push(...own.map((item) => ({ item })));
    found.push({ name, wasm: '', common, bytes: providerBytes(module, parts) });
    notes.push(...state.flatMap((one) => stateNotes(module, one)));
  }
  return { modules: found.map((one, i) => ({ ...one, wasm: `provider${i}.wasm` })), functionsFrom, notes };
}

/** An import, and the module that it is passed on from; defined here without one. */
interface Part {
  item: Import;
  from?: string;
}

/** Imports of the same kind and name are one. */
function uniqueItems(imports: readonly Import[]): Import[] {
  return [...new Map(imports.map((one) => [`${one.kind} ${one.name}`, one])).values()];
}

function stateNotes(module: Module, { kind, index, name }: Import): string[] {
  const limits = kind === 'memory' ? module.memories[index].limits : undefined;
  if (limits?.shared !== true || limits.max === undefined || limits.max <= limits.min + SPARE_PAGES) return [];
  return [
    t(
      'The imported memory {0} can grow by {1} pages only: wazero allocates the maximum of a shared memory at once.',
      name,
      String(SPARE_PAGES),
    ),
  ];
}

const KINDS: readonly ExternalKind[] = ['func', 'table', 'memory', 'global', 'tag'];

function providerBytes(module: Module, parts: readonly Part[]): Uint8Array {
  const out = new Encoder();
  out.copy(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  const passed = parts.filter(({ from }) => from !== undefined);
  const defined = parts.filter(({ from }) => from === undefined);
  const functions = passed.filter(({ item }) => item.kind === 'func');
  vector(out, 1, functions, (e, { item }) => functionType(e, module, item.index));
  vector(out, 2, passed, (e, { item, from = '' }) => {
    e.name(from);
    e.name(item.name);
    e.u8(KINDS.indexOf(item.kind));
    if (item.kind === 'func') e.u32(functions.findIndex((one) => one.item === item));
    else memoryType(e, module, item.index);
  });
  const of = (kind: ExternalKind): Part[] => defined.filter(({ item }) => item.kind === kind);
  vector(out, 4, of('table'), (e, { item }) => {
    e.valType(module.tables[item.index].type);
    e.limits(module.tables[item.index].limits);
  });
  vector(out, 5, of('memory'), (e, { item }) => memoryType(e, module, item.index));
  vector(out, 6, of('global'), (e, { item }) => globalOf(e, module, item));
  const counts = new Map<ExternalKind, number>();
  vector(out, 7, [...passed, ...defined], (e, { item: { name, kind } }) => {
    const index = counts.get(kind) ?? 0;
    counts.set(kind, index + 1);
    e.export(name, kind, index);
  });
  return out.bytes().slice();
}

function vector<T>(out: Encoder, id: number, items: readonly T[], write: (e: Encoder, item: T) => void): void {
  if (items.length === 0) return;
  const body = new Encoder();
  body.u32(items.length);
  for (const item of items) write(body, item);
  out.section(id, body);
}

function functionType(e: Encoder, module: Module, index: number): void {
  const type = module.types[module.functions.typeIndex[index]]?.composite;
  const { params, results } = type?.kind === 'func' ? type : { params: [], results: [] };
  e.u8(0x60);
  for (const types of [params, results]) {
    e.u32(types.length);
    for (const one of types) e.valType(one);
  }
}

function memoryType(e: Encoder, module: Module, index: number): void {
  const { limits } = module.memories[index];
  const most = limits.min + SPARE_PAGES;
  const capped = limits.shared && limits.max !== undefined && limits.max > most;
  e.limits(capped ? { ...limits, max: most } : limits);
}

const ZERO: Readonly<Record<number, readonly number[]>> = { [F32]: [0, 0, 0, 0], [F64]: [0, 0, 0, 0, 0, 0, 0, 0] };
const CONSTANT: Readonly<Record<number, number>> = {
  [I32]: Op.i32_const,
  [I64]: Op.i64_const,
  [F32]: Op.f32_const,
  [F64]: Op.f64_const,
};

/** With the value that exploration gives it. */
function globalOf(e: Encoder, module: Module, item: Import): void {
  const { type, mutable } = module.globals[item.index];
  e.valType(type);
  e.u8(mutable ? 1 : 0);
  constant(e, type, initialValue(module, item, type));
  opcode(e, Op.end);
}

function constant(e: Encoder, type: ValType, value: number): void {
  if (isRef(type)) {
    opcode(e, Op.ref_null);
    e.heapType(heapOf(type));
  } else if (type === V128) {
    opcode(e, Op.v128_const);
    for (let i = 0; i < 16; i++) e.u8(0);
  } else {
    opcode(e, CONSTANT[type]);
    if (ZERO[type] === undefined) e.s32(value);
    else e.copy(Uint8Array.from(ZERO[type]));
  }
}
