/** The state that a module keeps, and the exports that touch it, as items of a tree. */

import { bitsOf, setBit } from '../../../../core/analysis/bits.ts';
import type { AccessKind } from '../../../../core/analysis/cells.ts';
import { cellLabel, cellText } from '../../../../core/analysis/cellText.ts';
import { isRelative } from '../../../../core/analysis/functionFacts.ts';
import type { Analysis } from '../../../../core/analysis/model.ts';
import type { KeptKind } from '../../../../core/analysis/verdict/kept.ts';
import { type KeptCell, keptCells } from '../../../../core/analysis/verdict/keptCells.ts';
import { pathForest, reverseGraph, walk } from '../../../../core/analysis/witness.ts';
import { number, plural } from '../../../../core/text/phrases.ts';
import { exportLabel } from '../../../../core/wasm/displayNames.ts';
import type { ModuleDocument } from '../../documents/moduleDocument.ts';
import type { ModuleItem } from '../../protocol.ts';
import { keyOfParts } from './itemKey.ts';
import { plainText } from './plainText.ts';

/** What several cells of a kind are called together. */
const KIND_LABEL: Readonly<Record<KeptKind, string>> = {
  global: 'Mutable globals',
  data: 'Static data',
  table: 'Tables',
  heap: 'Objects of the garbage-collected heap',
  objects: 'Objects that callers point to',
  segment: 'Passive segments',
  allocator: 'Allocator',
  stack: 'Shadow stack',
  size: 'Size of memories and tables',
  host: 'Host functions',
  unknown: 'Code that the analysis cannot read',
};

/** An item for each kind of state; a kind with one cell stands for the cell. */
export function stateItems(doc: ModuleDocument): ModuleItem[] {
  const byKind = new Map<KeptKind, KeptCell[]>();
  for (const cell of keptCells(doc.module, doc.analysis)) {
    const cells = byKind.get(cell.kind);
    if (cells === undefined) byKind.set(cell.kind, [cell]);
    else cells.push(cell);
  }
  return [...byKind].map(([kind, cells]): ModuleItem => {
    if (cells.length === 1) return cellItem(doc, cells[0], 'state');
    const contested = cells.filter((cell) => cell.contested).length;
    return {
      ...NO_PLACE,
      key: keyOfParts('state', kind),
      kind: 'state',
      label: KIND_LABEL[kind],
      detail: contested === 0 ? number(cells.length) : `${number(cells.length)}, conflicts on ${number(contested)}`,
      text: '',
      sign: contested === 0 ? 'none' : 'warning',
      hasItems: true,
    };
  });
}

const NO_PLACE = { offset: null, exportName: null } as const;

/** The cells of a kind. */
export const stateCells = (doc: ModuleDocument, kind: string, most: number): ModuleItem[] =>
  keptCells(doc.module, doc.analysis)
    .filter((cell) => cell.kind === kind)
    .slice(0, most)
    .map((cell) => cellItem(doc, cell, 'cell'));

function cellItem(doc: ModuleDocument, cell: KeptCell, as: 'state' | 'cell'): ModuleItem {
  const { kind, key, users, contested } = cell;
  const isOneState = kind === 'allocator' || kind === 'stack' || kind === 'objects' || kind === 'unknown';
  const writers = users.filter(({ access }) => access.has('write') || access.has('atomic-write')).length;
  return {
    key: keyOfParts('state', kind, key),
    kind: as,
    label: isOneState && as === 'state' ? KIND_LABEL[kind] : cellLabel(doc.module, cell.cell),
    detail: [usersText(writers, users.length - writers), contested ? 'conflict' : ''].filter(Boolean).join(', '),
    text: isOneState ? '' : plainText(cellText(doc.module, cell.cell)),
    sign: contested ? 'warning' : 'none',
    hasItems: users.length > 0,
    offset: placeOf(doc, cell),
    exportName: null,
  };
}

/** `2 write, 1 reads`: how many exports. */
function usersText(writers: number, readers: number): string {
  const written = `${plural(writers, 'export')} ${writers === 1 ? 'writes' : 'write'}`;
  return readers === 0 ? written : `${written}, ${number(readers)} only ${readers === 1 ? 'reads' : 'read'}`;
}

/** Where the module defines a global, table or imported function; null for what has no such place. */
function placeOf({ module }: ModuleDocument, { cell: { kind, index } }: KeptCell): number | null {
  if (index === undefined) return null;
  switch (kind) {
    case 'global':
    case 'stack-pointer':
      return module.globals[index]?.offset ?? null;
    case 'table':
    case 'table.grow':
      return module.tables[index]?.offset ?? null;
    case 'memory.grow':
      return module.memories[index]?.offset ?? null;
    default:
      return null;
  }
}

/** The exports that touch a cell. Each leads to an access of the cell, its own or that of a function that it calls. */
export function cellUsers(doc: ModuleDocument, kind: string, key: string, most: number): ModuleItem[] {
  const { module, analysis } = doc;
  const cell = keptCells(module, analysis).find((one) => one.kind === kind && one.key === key);
  if (cell === undefined) return [];
  const users = cell.users.slice(0, most);
  const siteOf = sitesOf(analysis, cell.effects);
  return users.map(({ position, access }): ModuleItem => {
    const exported = analysis.exports[position];
    return {
      key: keyOfParts('user', kind, key, exported.name),
      kind: 'export',
      label: exportLabel(exported),
      detail: accessText(access),
      text: '',
      sign: 'none',
      hasItems: false,
      offset: siteOf(exported.func) ?? module.exports[exported.exportIndex].offset,
      exportName: exported.name,
    };
  });
}

function accessText(access: ReadonlySet<AccessKind>): string {
  const reads = access.has('read') || access.has('atomic-read');
  const writes = access.has('write') || access.has('atomic-write');
  const isAtomic = !access.has('read') && !access.has('write');
  const verbs = [reads ? 'reads' : '', writes ? 'writes' : ''].filter(Boolean).join(' and ');
  return isAtomic ? `${verbs} atomically` : verbs;
}

/** Byte offset of the nearest access that a function reaches; undefined where no path leads to one. */
function sitesOf({ graph, facts, effects }: Analysis, wanted: Uint32Array): (func: number) => number | undefined {
  const relative = new Uint32Array(wanted.length);
  for (const id of bitsOf(wanted)) if (isRelative(effects[id])) setBit(relative, 0, id);
  const forest = pathForest(graph, reverseGraph(graph), facts, wanted, relative);
  return (func) => walk(graph, facts, forest, func)?.site.offset || undefined;
}
