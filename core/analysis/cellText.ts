/** Words for units of shared state and for what an access does to them: those of the source where it is known. */

import {
  declaredText,
  type NamedBytes,
  namedArray,
  namedBytes,
  namedGlobal,
  sourceFunctionName,
} from '../debug/sourceWords.ts';
import { type Message, message, t, translated } from '../text/l10n.ts';
import { quoted } from '../text/phrases.ts';
import { globalName, importLabel, memoryName, segmentName, tableName } from '../wasm/displayNames.ts';
import type { Module } from '../wasm/module.ts';
import { type AccessKind, type Address, type Cell, type Effect, isWrite } from './cells.ts';

/** Name of a memory, `a memory` if the analysis does not know which. */
const memoryOf = (module: Module, index: number | undefined): string =>
  index === undefined ? t('a memory') : named(memoryName(module, index));
const tableOf = (module: Module, index: number | undefined): string =>
  index === undefined ? t('a table') : named(tableName(module, index));

/** Whether a name is only a kind and an index: `memory[0]`, `func[12]`. */
const isPlace = (name: string): boolean => /^(memory|table|global|data|elem|func)\[\d+\]$/.test(name);
const named = (name: string): string => (isPlace(name) ? name : quoted(name));

/** Noun phrase for a cell: `mutable global `$counter``, `memory[0] static data [1024,1028)`. */
export function cellText(module: Module, cell: Cell): string {
  switch (cell.kind) {
    case 'memory':
      return inSource(module, cell, memoryText(memoryOf(module, cell.index), module, cell.address));
    case 'memory.grow':
      return t('the size of {0}', memoryOf(module, cell.index));
    case 'global':
      return cell.index === undefined
        ? t('a mutable global')
        : inSource(module, cell, mutableGlobal(globalName(module, cell.index)));
    case 'heap':
      return t('objects of the garbage-collected heap');
    case 'stack-pointer':
      return cell.index === undefined
        ? t('the shadow stack pointer')
        : t('the shadow stack pointer {0}', named(globalName(module, cell.index)));
    case 'table':
      return tableText(tableOf(module, cell.index), cell.address);
    case 'table.grow':
      return t('the size of {0}', tableOf(module, cell.index));
    case 'segment':
      return segmentText(module, cell);
    case 'host':
      return cell.index === undefined
        ? t('a host function')
        : t('host function {0}', quoted(importLabel(module, cell.index)));
    case 'host-unknown':
      return t('unknown code');
    case 'ref.func':
      return t("the host's list of function references");
    case 'anything':
      return t('anything');
  }
}

/** `` mutable global `$counter` ``, `mutable global[3]`. */
const mutableGlobal = (name: string): string =>
  isPlace(name) ? t('mutable {0}', name) : t('mutable global {0}', quoted(name));

/** A cell of memory, or a global, in words of the source; undefined where it names none, or not all of them. */
export function namedCell(module: Module, { kind, index, address }: Cell): NamedBytes | undefined {
  if (kind === 'global') return index === undefined ? undefined : namedGlobal(module, index);
  if (kind !== 'memory' || index === undefined || address === undefined) return undefined;
  switch (address.base) {
    case 'static': {
      if (address.global !== undefined) return undefined;
      const named = namedBytes(module, index, address.start, address.end);
      // Somewhere in there: more than one variable is as good as none.
      return address.loose && named?.several ? undefined : named;
    }
    case 'parameter': {
      // What a pointer to anything leads to is no array of the module: only an index is scaled.
      const { scale = 1, start, through } = address;
      return scale <= 1 || start === undefined || through ? undefined : namedArray(module, index, start);
    }
    default:
      return undefined;
  }
}

/** `` `counter::COUNTER` (`u32`, `src/lib.rs:12`, memory[0] static data [1096,1100)) ``; the bytes alone where the source has no name. */
function inSource(module: Module, cell: Cell, bytes: string): string {
  const named = namedCell(module, cell);
  if (named === undefined) return bytes;
  // An element of an array of the module is no buffer of the caller.
  const { address } = cell;
  const where =
    address?.base === 'parameter' ? t('{0} at {1}', memoryOf(module, cell.index), parameterRange(address)) : bytes;
  const known = [named.type, declaredText(named)].flatMap((text) => (text === undefined ? [] : quoted(text)));
  return `${quoted(named.name)} (${[...known, where].join(', ')})`;
}

function memoryText(memory: string, module: Module, address: Address | undefined): string {
  switch (address?.base) {
    case 'static':
      return address.loose
        ? t('{0} static data at an index that is not known', memory)
        : t('{0} static data {1}', memory, staticRange(module, address));
    case 'stack':
      return t('the shadow stack in {0}', memory);
    case 'parameter':
      return address.through
        ? t("what the caller's object (parameter {0}) leads to in {1}", address.parameter, memory)
        : t("the caller's buffer (parameter {0}) in {1}", address.parameter, memory);
    case 'fresh':
      return t('a block of {0} that the call allocated', memory);
    case 'contents':
      return t('what static data {0} leads to in {1}', contentsRange(module, address), memory);
    default:
      return t('{0} at an unknown address', memory);
  }
}

function tableText(table: string, address: Address | undefined): string {
  switch (address?.base) {
    case 'static':
      return address.end === address.start + 1
        ? t('slot {0} of {1}', address.start, table)
        : t('slots [{0},{1}) of {2}', address.start, address.end, table);
    case 'parameter':
      return t('a slot of {0} that the caller chooses (parameter {1})', table, address.parameter);
    default:
      return t('an unknown slot of {0}', table);
  }
}

function segmentText(module: Module, cell: Cell): string {
  const kind = cell.segment ?? 'data';
  if (cell.index === undefined) return kind === 'data' ? t('a data segment') : t('an elem segment');
  const name = segmentName(module, kind, cell.index);
  const which = isPlace(name) ? cell.index : quoted(name);
  return kind === 'data' ? t('data segment {0}', which) : t('elem segment {0}', which);
}

/** `[1024,1028)`, or `[$base+16,$base+20)` relative to a global; `[1024,1100) by 8` where only every eighth place counts. */
function staticRange(module: Module, address: Extract<Address, { base: 'static' }>): string {
  const step = address.stride === undefined ? '' : t(' by {0}', address.stride);
  if (address.global === undefined) return `[${address.start},${address.end})${step}`;
  const base = globalName(module, address.global);
  return `[${base}+${address.start},${base}+${address.end})${step}`;
}

/** The range of static data of which the contents lead elsewhere. */
const contentsRange = (module: Module, { start, end }: Extract<Address, { base: 'contents' }>): string =>
  staticRange(module, { base: 'static', start, end });

const VERBS: Readonly<Record<AccessKind, Message>> = {
  read: message('reads {0}'),
  write: message('writes {0}'),
  'atomic-read': message('reads atomically {0}'),
  'atomic-write': message('updates atomically {0}'),
};

/** What an access does: `writes mutable global `$counter``, `grows memory[0]`, `drops data segment 0`. */
export function effectText(module: Module, effect: Effect): string {
  const { cell, access } = effect;
  if (cell.kind === 'anything') return t('can access anything');
  if (cell.kind === 'ref.func') return t('executes ref.func');
  if (effect.waits) return t('waits at {0}', cellText(module, cell));
  const writes = isWrite(effect);
  if (cell.kind === 'memory.grow' && writes) return t('grows {0}', memoryOf(module, cell.index));
  if (cell.kind === 'table.grow' && writes) return t('grows {0}', tableOf(module, cell.index));
  if (cell.kind === 'segment')
    return writes ? t('drops {0}', cellText(module, cell)) : t('copies from {0}', cellText(module, cell));
  if (cell.kind === 'host') return t('calls {0}', cellText(module, cell));
  if (cell.kind === 'host-unknown') return t('runs {0}', cellText(module, cell));
  if (cell.kind === 'stack-pointer' && writes) return t('moves {0}', cellText(module, cell));
  return translated(VERBS[access], cellText(module, cell));
}

/**
 * A cell in a few characters for tables and titles: `global $counter`, `memory [1024,1028)`, `memory.grow`,
 * `counter::COUNTER (memory [1096,1100))`.
 */
export function cellLabel(module: Module, cell: Cell): string {
  switch (cell.kind) {
    case 'memory': {
      const bytes = placeLabel(module, cell.index ? memoryName(module, cell.index) : t('memory'), cell.address);
      const named = namedCell(module, cell);
      return named === undefined ? bytes : `${named.name} (${bytes})`;
    }
    case 'table':
      return placeLabel(module, cell.index ? tableName(module, cell.index) : t('table'), cell.address);
    case 'global':
    case 'stack-pointer': {
      const isStack = cell.kind === 'stack-pointer';
      if (cell.index === undefined) return isStack ? t('stack-pointer') : t('global');
      const name = globalName(module, cell.index);
      const global = isStack ? t('stack-pointer {0}', name) : isPlace(name) ? name : t('global {0}', name);
      const named = namedCell(module, cell);
      return named === undefined ? global : `${named.name} (${global})`;
    }
    case 'heap':
      return t('heap objects');
    case 'segment':
      return cell.index === undefined
        ? t('segment')
        : t('segment {0}', segmentName(module, cell.segment ?? 'data', cell.index));
    case 'host':
      return cell.index === undefined ? t('host') : t('host {0}', importLabel(module, cell.index));
    case 'host-unknown':
      return t('host');
    case 'anything':
      return t('anything');
    default:
      return cell.kind;
  }
}

/** `memory [1024,1028)`, `memory on the shadow stack`. */
function placeLabel(module: Module, space: string, address: Address | undefined): string {
  switch (address?.base) {
    case 'static':
      return address.loose
        ? t('{0} somewhere in static data', space)
        : t('{0} {1}', space, staticRange(module, address));
    case 'stack':
      return t('{0} on the shadow stack', space);
    case 'parameter':
      return address.through
        ? t('{0} reached from parameter {1}', space, address.parameter)
        : t('{0} at {1}', space, parameterRange(address));
    case 'fresh':
      return t('{0} in a block of the call', space);
    case 'contents':
      return t('{0} reached from {1}', space, contentsRange(module, address));
    default:
      return t('{0} at an unknown address', space);
  }
}

/** `parameter 0`, `parameter 0 + [8,12)`, `4 * parameter 1 + [64,68)`, `parameter 0 + [0,parameter 2)`. */
function parameterRange({ parameter, scale, start, end, length }: Extract<Address, { base: 'parameter' }>): string {
  const index = t('parameter {0}', parameter);
  const base = scale === undefined || scale === 1 ? index : `${scale} * ${index}`;
  if (start === undefined || end === undefined) return base;
  const to = length === undefined ? String(end) : `${end === 0 ? '' : `${end} + `}${t('parameter {0}', length)}`;
  return `${base} + [${start},${to})`;
}

/** A call path: `increment -> $bump`. Long paths are shortened in the middle. */
export function pathText(module: Module, names: readonly number[], exportName: string): string {
  const shown = names.map((func, i) => (i === 0 ? exportName : sourceFunctionName(module, func)));
  if (shown.length > 6) shown.splice(3, shown.length - 5, t('({0} more)', shown.length - 5));
  return shown.join(' -> ');
}
