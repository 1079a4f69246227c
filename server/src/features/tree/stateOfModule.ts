/** The state that a module keeps, and the exports that touch it, as items of a tree. */

import { bitsOf, setBit } from '../../../../core/analysis/bits.ts';
import type { AccessKind } from '../../../../core/analysis/cells.ts';
import { cellLabel, cellText } from '../../../../core/analysis/cellText.ts';
import { isRelative } from '../../../../core/analysis/functionFacts.ts';
import type { Analysis } from '../../../../core/analysis/model.ts';
import type { KeptKind } from '../../../../core/analysis/verdict/kept.ts';
import { type KeptCell, keptCells, usersOfCell } from '../../../../core/analysis/verdict/keptCells.ts';
import { pathForest, reverseGraph, walk } from '../../../../core/analysis/witness.ts';
import { t } from '../../../../core/text/l10n.ts';
import { number } from '../../../../core/text/phrases.ts';
import { exportLabel } from '../../../../core/wasm/displayNames.ts';
import type { ModuleDocument } from '../../documents/moduleDocument.ts';
import type { ModuleItem } from '../../protocol.ts';
import { keyOfParts } from './itemKey.ts';
import { plainText } from './plainText.ts';

/** What several cells of a kind are called together. */
function kindLabel(kind: KeptKind): string {
  switch (kind) {
    case 'global':
      return t('Mutable globals');
    case 'data':
      return t('Static data');
    case 'table':
      return t('Tables');
    case 'heap':
      return t('Objects of the garbage-collected heap');
    case 'objects':
      return t('Objects that callers point to');
    case 'segment':
      return t('Passive segments');
    case 'allocator':
      return t('Allocator');
    case 'stack':
      return t('Shadow stack');
    case 'size':
      return t('Size of memories and tables');
    case 'host':
      return t('Host functions');
    case 'unknown':
      return t('Code that the analysis cannot read');
  }
}

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
      label: kindLabel(kind),
      detail:
        contested === 0 ? number(cells.length) : t('{0}, conflicts on {1}', number(cells.length), number(contested)),
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
  const { kind, key, contested } = cell;
  const users = usersOfCell(doc.analysis, cell);
  const count = (some: typeof users): number => some.reduce((sum, { exports }) => sum + exports.length, 0);
  const isOneState = kind === 'allocator' || kind === 'stack' || kind === 'objects' || kind === 'unknown';
  const writers = count(users.filter(({ access }) => access.has('write') || access.has('atomic-write')));
  return {
    key: keyOfParts('state', kind, key),
    kind: as,
    label: isOneState && as === 'state' ? kindLabel(kind) : cellLabel(doc.module, cell.cell),
    detail: contested
      ? t('{0}, conflict', usersText(writers, count(users) - writers))
      : usersText(writers, count(users) - writers),
    text: isOneState ? '' : plainText(cellText(doc.module, cell.cell)),
    sign: contested ? 'warning' : 'none',
    hasItems: users.length > 0,
    offset: placeOf(doc, cell),
    exportName: null,
  };
}

/** `2 exports write, 1 only reads`. */
function usersText(writers: number, readers: number): string {
  const written = writers === 1 ? t('1 export writes') : t('{0} exports write', number(writers));
  if (readers === 0) return written;
  return readers === 1 ? t('{0}, 1 only reads', written) : t('{0}, {1} only read', written, number(readers));
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
  const users = usersOfCell(analysis, cell)
    .flatMap(({ exports, access }) => exports.map((position) => ({ position, access })))
    .sort((a, b) => a.position - b.position)
    .slice(0, most);
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
  if (reads && writes) return isAtomic ? t('reads and writes atomically') : t('reads and writes');
  if (writes) return isAtomic ? t('writes atomically') : t('writes');
  return isAtomic ? t('reads atomically') : t('reads');
}

/** Byte offset of the nearest access that a function reaches; undefined where no path leads to one. */
function sitesOf({ graph, facts, effects }: Analysis, wanted: Uint32Array): (func: number) => number | undefined {
  const relative = new Uint32Array(wanted.length);
  for (const id of bitsOf(wanted)) if (isRelative(effects[id])) setBit(relative, 0, id);
  const forest = pathForest(graph, reverseGraph(graph), facts, wanted, relative);
  return (func) => walk(graph, facts, forest, func)?.site.offset || undefined;
}
