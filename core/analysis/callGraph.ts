/**
 * The call graph with a virtual node for each (table, type) of indirect calls. Its row lists every function of the
 * type that such a call may reach: the functions in the table's elements; if code changes the table, every function
 * whose address is taken; if the host can put references into it, the exported functions too, and unknown code of the
 * host (see functionReferences.ts).
 */
import type { Module } from '../wasm/module.ts';
import { functionReferences, hasForeignReferences } from './functionReferences.ts';
import type { CallGraph, EdgeKind } from './model.ts';
import type { ScanResult } from './scanContext.ts';
import { canonicalTypes, isSubtype } from './typeIdentity.ts';

/** Builds the call graph of a scanned module. Where the scan could not read a body, any table may hold any function. */
export function buildCallGraph(module: Module, scan: ScanResult): CallGraph {
  const functions = module.functions.typeIndex.length;
  const nodes = functions + scan.indirect.length;
  const taken = functionReferences(module, scan);
  const canonical = canonicalTypes(module);
  const foreign = hasForeignReferences(module, taken);
  // Code that could not be read may take any address that it is allowed to, and change any table.
  const unread = scan.unknownFunctions.length > 0;
  const byType = new Map<ReadonlySet<number>, ByType>();
  const rows = scan.indirect.map(({ table, type }) => {
    const anything = table < 0 || unread || scan.mutatedTables.has(table) || taken.opaque.has(table);
    const host = (anything && foreign) || (table >= 0 && isReachable(module, table));
    const candidates =
      host || unread ? taken.byHost : anything ? taken.byCode : (taken.inTable.get(table) ?? new Set<number>());
    const kind: EdgeKind = host ? 'host-unknown' : 'type-matched';
    const groups = byType.get(candidates) ?? groupedByType(candidates, module.functions.typeIndex);
    byType.set(candidates, groups);
    const fitting: TypeGroup[] = [];
    groups.forEach((group, own) => {
      if (isSubtype(module, canonical, own, type)) fitting.push(group);
    });
    return { kind, callees: inOrder(fitting) };
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
    onlyByHost: new Set([...taken.byHost].filter((func) => !taken.byCode.has(func))),
  };
}

/** Functions of one type that an indirect call may reach, and where each stands among those of all types. */
interface TypeGroup {
  functions: number[];
  positions: number[];
}

type ByType = ReadonlyMap<number, TypeGroup>;

/** By type: a module has calls of many, and nearly all functions that a table holds are of others. */
function groupedByType(candidates: ReadonlySet<number>, typeIndex: ArrayLike<number>): ByType {
  const groups = new Map<number, TypeGroup>();
  let position = 0;
  candidates.forEach((func) => {
    let group = groups.get(typeIndex[func]);
    if (group === undefined) {
      group = { functions: [], positions: [] };
      groups.set(typeIndex[func], group);
    }
    group.functions.push(func);
    group.positions.push(position++);
  });
  return groups;
}

/** The functions of some groups in the order in which they stand among all. */
function inOrder(groups: readonly TypeGroup[]): readonly number[] {
  if (groups.length === 1) return groups[0].functions;
  const all = groups.flatMap(({ functions, positions }) => functions.map((func, k) => ({ func, at: positions[k] })));
  return all.sort((a, b) => a.at - b.at).map(({ func }) => func);
}

/** Whether the host can put its own functions into a table. */
const isReachable = (module: Module, table: number): boolean =>
  module.tables[table]?.imported !== false || module.exports.some((e) => e.kind === 'table' && e.index === table);
