/**
 * The call graph with a virtual node for each (table, type) of indirect calls. Its row lists every
 * function of the type that such a call may reach: those in the table's elements; where code changes
 * the table, all whose address is taken; where the host can put references into it, the exported
 * ones too, and unknown code of the host.
 */
import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import { Op } from '../wasm/instructions.ts';
import type { ConstExpr, Module } from '../wasm/module.ts';
import { isRef } from '../wasm/types.ts';
import type { CallGraph, EdgeKind } from './model.ts';
import type { ScanResult } from './scanContext.ts';
import { canonicalTypes, isSubtype } from './typeIdentity.ts';

export function buildCallGraph(module: Module, scan: ScanResult): CallGraph {
  const functions = module.functions.typeIndex.length;
  const nodes = functions + scan.indirect.length;
  const taken = addressTaken(module, scan);
  const canonical = canonicalTypes(module);
  const foreign = hasForeignReferences(module);
  const rows = scan.indirect.map(({ table, type }) => {
    const host = table < 0 ? foreign : isReachable(module, table) || (foreign && scan.mutatedTables.has(table));
    const mutated = table < 0 || scan.mutatedTables.has(table);
    const candidates = host ? taken.byHost : mutated ? taken.byCode : (taken.inTable.get(table) ?? []);
    const kind: EdgeKind = host ? 'host-unknown' : 'type-matched';
    const callees: number[] = [];
    for (const f of candidates) if (isSubtype(module, canonical, module.functions.typeIndex[f], type)) callees.push(f);
    return { kind, callees };
  });
  const edges = scan.callTarget.length + rows.reduce((sum, row) => sum + row.callees.length, 0);
  const start = new Uint32Array(nodes + 1);
  const target = new Uint32Array(edges);
  const site = new Uint32Array(edges);
  start.set(scan.callStart);
  target.set(scan.callTarget);
  site.set(scan.callSite);
  let at = scan.callTarget.length;
  rows.forEach((row, i) => {
    start[functions + i] = at;
    target.set(row.callees, at);
    at += row.callees.length;
  });
  start[nodes] = at;
  return {
    functions,
    nodes,
    start,
    target,
    site,
    virtual: scan.indirect.map(({ table, type }, i) => ({ table, type, kind: rows[i].kind })),
  };
}

/** Whether the host can put functions of its own into a table. */
const isReachable = (module: Module, table: number): boolean =>
  module.tables[table]?.imported !== false || module.exports.some((e) => e.kind === 'table' && e.index === table);

/**
 * Whether references to functions can come into the module from outside otherwise: through imports,
 * exported mutable globals, or parameters of exported functions.
 */
function hasForeignReferences(module: Module): boolean {
  const signature = (f: number) => module.types[module.functions.typeIndex[f]]?.composite;
  const takes = (f: number): boolean => {
    const type = signature(f);
    return type?.kind === 'func' && type.params.some(isRef);
  };
  return (
    module.globals.some(
      (g, i) => isRef(g.type) && (g.imported || module.exports.some((e) => e.kind === 'global' && e.index === i)),
    ) ||
    module.tables.some((t, i) => t.imported || module.exports.some((e) => e.kind === 'table' && e.index === i)) ||
    module.imports.some((i) => i.kind === 'tag' || (i.kind === 'func' && returnsReference(signature(i.index)))) ||
    module.exports.some((e) => e.kind === 'func' && takes(e.index))
  );
}

const returnsReference = (type: Module['types'][number]['composite'] | undefined): boolean =>
  type?.kind === 'func' && type.results.some(isRef);

interface AddressTaken {
  /** In any segment, constant expression or `ref.func`: what code of the module can put anywhere. */
  byCode: Set<number>;
  /** These and the exported functions, which the host can put anywhere. */
  byHost: Set<number>;
  /** By table, from active segments and the table's initialiser. */
  inTable: Map<number, Set<number>>;
}

/** Functions whose address is taken, by who can pass it on. */
function addressTaken(module: Module, scan: ScanResult): AddressTaken {
  const total = module.functions.typeIndex.length;
  const byCode = new Set<number>();
  const inTable = new Map<number, Set<number>>();
  const take = (f: number, table?: number) => {
    if (f >= total) return;
    byCode.add(f);
    if (table === undefined) return;
    const set = inTable.get(table) ?? new Set<number>();
    inTable.set(table, set.add(f));
  };
  for (const segment of module.elements) {
    const table = segment.mode === 'active' ? segment.table : undefined;
    if (segment.functions) for (const f of segment.functions) take(f, table);
    for (const expr of segment.exprs ?? []) for (const f of functionsIn(module.bytes, expr)) take(f, table);
  }
  module.tables.forEach((t, i) => {
    if (t.init) for (const f of functionsIn(module.bytes, t.init)) take(f, i);
  });
  for (const g of module.globals) if (g.init) for (const f of functionsIn(module.bytes, g.init)) take(f);
  for (const f of scan.referenced) take(f);
  const byHost = new Set(byCode);
  for (const e of module.exports) if (e.kind === 'func' && e.index < total) byHost.add(e.index);
  return { byCode, byHost, inTable };
}

/** Functions named by `ref.func` at the start of a constant expression: the only place for one that is not a field. */
function functionsIn(bytes: Uint8Array, expr: ConstExpr): number[] {
  const found: number[] = [];
  const c = new Cursor(bytes, expr.start, expr.end);
  try {
    while (!c.atEnd() && c.peek() === Op.ref_func) {
      c.u8();
      found.push(c.u32());
    }
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
  }
  return found;
}
