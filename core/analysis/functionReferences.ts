/**
 * Where references to functions come from: which functions have their address taken and by whom, what tables hold
 * initially, and whether the host can pass in its own functions.
 */
import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import { nextInstruction } from '../wasm/immediates.ts';
import type { ConstExpr, ExternalKind, Module } from '../wasm/module.ts';
import { Op } from '../wasm/ops.ts';
import { isRef, type ValType } from '../wasm/types.ts';
import type { ScanResult } from './scanContext.ts';

/** Functions that references and tables may hold, as function indices. */
export interface FunctionReferences {
  /** Named by a segment, constant expression or `ref.func`: code of the module can put them anywhere. */
  byCode: Set<number>;
  /** These and the exported functions, which the host can put anywhere. */
  byHost: Set<number>;
  /** By table, from active segments and the table's initialiser. */
  inTable: Map<number, Set<number>>;
  /** Tables whose initial value comes from a global, which may hold any of `byCode`. */
  opaque: Set<number>;
}

/** Collects the functions that references in the module can name, from segments, constant expressions and bodies. */
export function functionReferences(module: Module, scan: ScanResult): FunctionReferences {
  const total = module.functions.typeIndex.length;
  const byCode = new Set<number>();
  const inTable = new Map<number, Set<number>>();
  const opaque = new Set<number>();
  const take = (f: number, table?: number) => {
    if (f >= total) return;
    byCode.add(f);
    if (table === undefined) return;
    const set = inTable.get(table) ?? new Set<number>();
    inTable.set(table, set.add(f));
  };
  const takeAll = (expr: ConstExpr, table?: number) => {
    const { functions, readsGlobal } = namedBy(module.bytes, expr);
    for (const f of functions) take(f, table);
    if (readsGlobal && table !== undefined) opaque.add(table);
  };
  for (const segment of module.elements) {
    const table = segment.mode === 'active' ? segment.table : undefined;
    if (segment.functions) for (const f of segment.functions) take(f, table);
    for (const expr of segment.exprs ?? []) takeAll(expr, table);
  }
  module.tables.forEach((t, i) => {
    if (t.init) takeAll(t.init, i);
  });
  for (const g of module.globals) if (g.init) takeAll(g.init);
  for (const f of scan.referenced) take(f);
  const byHost = new Set(byCode);
  for (const e of module.exports) if (e.kind === 'func' && e.index < total) byHost.add(e.index);
  return { byCode, byHost, inTable, opaque };
}

/** Functions that a constant expression names, at any depth: a function may be the field of a constant struct. */
function namedBy(bytes: Uint8Array, expr: ConstExpr): { functions: number[]; readsGlobal: boolean } {
  const functions: number[] = [];
  let readsGlobal = false;
  const c = new Cursor(bytes, expr.start, expr.end);
  try {
    while (!c.atEnd()) {
      const { id, values } = nextInstruction(c);
      if (id === Op.ref_func) functions.push(values[0]);
      else if (id === Op.global_get) readsGlobal = true;
    }
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
  }
  return { functions, readsGlobal };
}

/**
 * Whether references to functions can come into the module from outside: through globals and tables
 * that are imported or exported, results of imported functions, parameters of functions that the
 * host can call, and what it throws.
 */
export function hasForeignReferences(module: Module, taken: FunctionReferences): boolean {
  const exported = (kind: ExternalKind, index: number): boolean =>
    module.exports.some((e) => e.kind === kind && e.index === index);
  const isOpen = (kind: ExternalKind) => (item: { imported: boolean }, index: number) =>
    item.imported || exported(kind, index);
  const refs = (side: 'params' | 'results', type: number | undefined): boolean => {
    const composite = module.types[type ?? -1]?.composite;
    return composite?.kind === 'func' && composite[side].some((t: ValType) => isRef(t));
  };
  const { typeIndex } = module.functions;
  const imported = module.imports.flatMap((i) => (i.kind === 'func' ? [typeIndex[i.index]] : []));
  const callable = module.exports.flatMap((e) => (e.kind === 'func' ? [typeIndex[e.index]] : []));
  // The host can call a function that it was given a reference to, exported or not, with any arguments.
  const handsOut = imported.some((type) => refs('params', type)) || callable.some((type) => refs('results', type));
  if (handsOut) for (const f of taken.byCode) callable.push(typeIndex[f]);
  return (
    // Types first: looking up exports is expensive, and most globals are numbers.
    module.globals.some((g, i) => isRef(g.type) && isOpen('global')(g, i)) ||
    module.tables.some(isOpen('table')) ||
    module.tags.filter(isOpen('tag')).some((tag) => refs('params', tag.typeIndex)) ||
    imported.some((type) => refs('results', type)) ||
    callable.some((type) => refs('params', type))
  );
}
