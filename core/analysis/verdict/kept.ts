/** What callers of a module share or leave behind, in words: the allocator, the stack, variables, objects, tables, the host. */

import { displayable } from '../../harmless/names.ts';
import { t } from '../../text/l10n.ts';
import { listOf, number, plural, quoted } from '../../text/phrases.ts';
import { globalName, importLabel, tableName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { bitsOf, hasBit, intersects, uniteInto } from '../bits.ts';
import { type Address, type Cell, type Effect, isWrite } from '../cells.ts';
import { namedCell } from '../cellText.ts';
import type { Analysis } from '../model.ts';
import { staticStart } from '../staticData.ts';
import { allocatorState } from './allocatorState.ts';
import { dataSymbolIn } from './dataSymbols.ts';

/**
 * Kinds of state.
 * - `allocator`, `stack`: the heap's own data, and the shadow stack with its pointer
 * - `global`, `data`: mutable globals and static data of the program
 * - `objects`: memory that callers point to, or that is reached through other memory
 * - `table`, `segment`, `heap`: tables, passive segments, objects of the garbage-collected heap
 * - `size`: the size of a memory or table, which growth changes
 * - `host`: what imported functions touch outside the module
 * - `unknown`: what code can touch that the analysis cannot read
 */
export type KeptKind =
  | 'allocator'
  | 'stack'
  | 'global'
  | 'data'
  | 'objects'
  | 'table'
  | 'segment'
  | 'heap'
  | 'size'
  | 'host'
  | 'unknown';

/** State of one kind that some exports write. */
export interface Kept {
  kind: KeptKind;
  /** Noun phrase: `the allocator's state`, `` the mutable global `$current` ``. */
  text: string;
  /** Names of the cells, as far as they have any. */
  names: string[];
  /** Cells that are told apart. */
  cells: number;
  /** Positions in `Analysis.exports` of the exports that write it, in order. */
  writers: number[];
  /** Whether some export conflicts on it under the sharing model. */
  contested: boolean;
}

/** Imports of the JavaScript that wasm-bindgen generates: their names have hashes. */
const BINDGEN = /__wbg_|__wbindgen_|_bg\.js\./;
/** Names in one phrase. */
const MAX_NAMES = 3;

/** In the order in which sentences name them. */
export const KEPT_ORDER: readonly KeptKind[] = [
  'global',
  'data',
  'table',
  'heap',
  'objects',
  'segment',
  'allocator',
  'stack',
  'size',
  'host',
  'unknown',
];

/** Whether state of a kind is the program's own, which a call can find as another call left it. */
export const isProgramState = ({ kind }: Pick<Kept, 'kind'>): boolean =>
  kind === 'global' || kind === 'data' || kind === 'table' || kind === 'heap' || kind === 'segment';

/** The size of a memory or table, where it is not an allocator that grows it: calls can find how far others grew it. */
export const keptSize = (kept: readonly Kept[]): Kept | undefined =>
  kept.some(({ kind }) => kind === 'allocator') ? undefined : kept.find(({ kind }) => kind === 'size');

interface Found {
  cells: Map<string, Cell>;
  writers: Set<number>;
  contested: boolean;
}

/**
 * What the exports at `positions`, and functions that the host calls through a table, write, by kind. An allocator's
 * functions write objects only in blocks that they own.
 */
export function keptBy(
  module: Module,
  analysis: Analysis,
  positions: readonly number[],
  throughTable: readonly number[],
): Kept[] {
  const allocator = allocatorState(module, analysis);
  const { effects, words, conflictMask } = analysis;
  const staticFrom = staticStart(module);
  const users = usersOf(analysis, positions, throughTable);
  const reached = new Uint32Array(words);
  for (const { row } of users) uniteInto(reached, row);
  const found = new Map<KeptKind, Found>();
  for (const id of bitsOf(reached)) {
    const kind = keptKind(analysis, effects[id], allocator.owns(effects[id]), staticFrom);
    if (kind === undefined || !isWrite(effects[id])) continue;
    const known = found.get(kind) ?? { cells: new Map(), writers: new Set(), contested: false };
    let isWritten = false;
    for (const { row, positions: some, functions } of users) {
      if (!hasBit(row, 0, id)) continue;
      if (kind === 'objects' && functions.every((func) => allocator.functions.has(func))) continue;
      isWritten = true;
      for (const position of some) known.writers.add(position);
    }
    if (!isWritten) continue;
    found.set(kind, known);
    known.cells.set(keptKey(module, effects[id].cell), effects[id].cell);
    known.contested ||= intersects(conflictMask.subarray(id * words, (id + 1) * words), reached);
  }
  return KEPT_ORDER.flatMap((kind): Kept[] => {
    const one = found.get(kind);
    if (one === undefined) return [];
    const cells = [...one.cells.values()];
    const names = [...new Set(cells.flatMap((cell) => cellName(module, cell) ?? []))];
    const writers = [...one.writers].sort((a, b) => a - b);
    return [{ kind, text: textOf(kind, names, cells), names, cells: cells.length, writers, contested: one.contested }];
  });
}

/** Functions that reach the same effects. */
interface Users {
  /** Bitset of the effects. */
  row: Uint32Array;
  positions: readonly number[];
  functions: readonly number[];
}

/** By groups of exports: a module can have thousands of exports that reach the same. */
function usersOf(analysis: Analysis, positions: readonly number[], throughTable: readonly number[]): Users[] {
  const { exports, groups, reached, words } = analysis;
  const byGroup = new Map<number, number[]>();
  for (const position of positions) {
    const some = byGroup.get(exports[position].group) ?? [];
    byGroup.set(exports[position].group, some);
    some.push(position);
  }
  return [
    ...[...byGroup].map(([group, some]) => ({
      row: groups[group].effects,
      positions: some,
      functions: some.map((position) => exports[position].func),
    })),
    ...throughTable.map((func) => ({
      row: reached.subarray(func * words, (func + 1) * words),
      positions: [],
      functions: [func],
    })),
  ];
}

/** What tells one state of a kind from another: the variable of the source, or else the cell itself. */
export function keptKey(module: Module, cell: Cell): string {
  const { kind, index, address } = cell;
  return variableOf(module, cell) ?? `${kind} ${index} ${JSON.stringify(address)}`;
}

/** Which state an access is of; undefined for what no caller can find. `staticFrom`: the lowest address of static data. */
export function keptKind(
  { sharing }: Pick<Analysis, 'sharing'>,
  { cell }: Pick<Effect, 'cell'>,
  ofAllocator: boolean,
  staticFrom: number,
): KeptKind | undefined {
  if (ofAllocator) return 'allocator';
  switch (cell.kind) {
    case 'global':
      return cell.index === sharing.asyncifyState ? undefined : 'global';
    case 'stack-pointer':
      return 'stack';
    case 'memory':
      return memoryKind(cell.address, staticFrom);
    case 'table':
      return 'table';
    case 'segment':
      return 'segment';
    case 'heap':
      return 'heap';
    case 'memory.grow':
    case 'table.grow':
      return 'size';
    case 'host':
      return 'host';
    case 'host-unknown':
    case 'anything':
      return 'unknown';
    case 'ref.func':
      return undefined;
  }
}

function memoryKind(address: Address | undefined, staticFrom: number): KeptKind {
  switch (address?.base) {
    case 'static':
      return 'data';
    case 'stack':
      return 'stack';
    case 'parameter':
      // An element of a static array: the parameter is its index.
      return (address.scale ?? 1) !== 1 && (address.start ?? 0) >= staticFrom ? 'data' : 'objects';
    default:
      return 'objects';
  }
}

/** The name of a cell; undefined where it has none that tells more than its kind. */
function cellName(module: Module, cell: Cell): string | undefined {
  const { index, address } = cell;
  if (index === undefined) return undefined;
  switch (cell.kind) {
    case 'global':
      return namedCell(module, cell)?.name ?? named(globalName(module, index));
    case 'table':
      return named(tableName(module, index));
    case 'host':
      return importLabel(module, index);
    case 'memory': {
      const variable = variableOf(module, cell);
      if (variable !== undefined) return variable;
      if (address?.base !== 'static' || address.global !== undefined) return undefined;
      const symbol = dataSymbolIn(module, address);
      return symbol === undefined ? undefined : displayable(symbol);
    }
    default:
      return undefined;
  }
}

/** The variable of the source that a cell is, or is part of: its members and elements are one state. */
function variableOf(module: Module, cell: Cell): string | undefined {
  const { address } = cell;
  const isStatic = address?.base === 'static' || (address?.base === 'parameter' && address.scale !== undefined);
  const bytes = isStatic ? namedCell(module, cell) : undefined;
  return bytes === undefined || bytes.several ? undefined : (bytes.of ?? bytes.name);
}

const named = (name: string): string | undefined => (/^\w+\[\d+\]$/.test(name) ? undefined : name);

function textOf(kind: KeptKind, names: readonly string[], cells: readonly Cell[]): string {
  const all = (noun: keyof typeof NOUNS): string => allOf(NOUNS[noun], names, cells.length);
  switch (kind) {
    case 'allocator':
      return t('the allocator');
    case 'stack':
      return t('the shadow stack');
    case 'global':
      return all('mutable global');
    case 'data': {
      const [first] = cells;
      if (
        names.length === 0 &&
        cells.length === 1 &&
        first.address?.base === 'static' &&
        first.address.global === undefined
      )
        return t('static data at [{0},{1})', first.address.start, first.address.end);
      return names.length === 0
        ? cells.length === 1
          ? t('1 area of static data')
          : t('{0} areas of static data', number(cells.length))
        : all('static variable');
    }
    case 'objects':
      return t('objects that callers point to');
    case 'table':
      return names.length > 0 ? all('table') : t('a table');
    case 'segment':
      return t('passive segments');
    case 'heap':
      return t('objects of the garbage-collected heap');
    case 'size':
      return cells.every((cell) => cell.kind === 'table.grow') ? t('the size of a table') : t('the size of its memory');
    case 'host':
      if (names.length === 0) return t('host functions');
      return names.every((name) => BINDGEN.test(name))
        ? t('the JavaScript functions of wasm-bindgen')
        : names.length === 1
          ? t('the host function {0}', quoted(names[0]))
          : t('the host functions {0}', listOf(names.map(quoted), MAX_NAMES));
    case 'unknown':
      return cells.some((cell) => cell.kind === 'anything')
        ? t('functions that the analysis cannot read')
        : t('functions that the host may put into a table');
  }
}

/** `` the mutable globals `a` and `b` and 3 others ``, `3 mutable globals`. */
function allOf(noun: Noun, names: readonly string[], count: number): string {
  const rest = count - Math.min(names.length, count);
  if (names.length === 0) return noun.counted(count);
  const list = listOf(names.map(quoted), MAX_NAMES, 'and', names.length + rest);
  return count === 1 ? noun.one(list) : noun.all(list);
}

interface Noun {
  counted(count: number): string;
  one(name: string): string;
  all(names: string): string;
}

const NOUNS = {
  'mutable global': {
    counted: (count) => (count === 1 ? t('a mutable global') : plural(count, 'mutable global')),
    one: (name) => t('the mutable global {0}', name),
    all: (names) => t('the mutable globals {0}', names),
  },
  'static variable': {
    counted: (count) => (count === 1 ? t('a static variable') : plural(count, 'static variable')),
    one: (name) => t('the static variable {0}', name),
    all: (names) => t('the static variables {0}', names),
  },
  table: {
    counted: (count) => (count === 1 ? t('a table') : plural(count, 'table')),
    one: (name) => t('the table {0}', name),
    all: (names) => t('the tables {0}', names),
  },
} satisfies Record<string, Noun>;
