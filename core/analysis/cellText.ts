/** Words for units of shared state and for what an access does to them: those of the source where it is known. */

import {
  declaredText,
  type NamedBytes,
  namedArray,
  namedBytes,
  namedGlobal,
  sourceFunctionName,
} from '../debug/sourceWords.ts';
import { quoted } from '../text/phrases.ts';
import { globalName, importLabel, memoryName, segmentName, tableName } from '../wasm/displayNames.ts';
import type { Module } from '../wasm/module.ts';
import { type AccessKind, type Address, type Cell, type Effect, isWrite } from './cells.ts';

/** Name of a memory, `a memory` if the analysis does not know which. */
const memoryOf = (module: Module, index: number | undefined): string =>
  index === undefined ? 'a memory' : named(memoryName(module, index));
const tableOf = (module: Module, index: number | undefined): string =>
  index === undefined ? 'a table' : named(tableName(module, index));

/** Whether a name is only a kind and an index: `memory[0]`, `func[12]`. */
const isPlace = (name: string): boolean => /^(memory|table|global|data|elem|func)\[\d+\]$/.test(name);
const named = (name: string): string => (isPlace(name) ? name : quoted(name));
/** `global `$counter``, or `global[3]` alone. */
const kindAndName = (kind: string, name: string): string => (isPlace(name) ? name : `${kind} ${quoted(name)}`);

/** Noun phrase for a cell: `mutable global `$counter``, `memory[0] static data [1024,1028)`. */
export function cellText(module: Module, cell: Cell): string {
  switch (cell.kind) {
    case 'memory':
      return inSource(module, cell, memoryText(memoryOf(module, cell.index), module, cell.address));
    case 'memory.grow':
      return `the size of ${memoryOf(module, cell.index)}`;
    case 'global':
      return cell.index === undefined
        ? 'a mutable global'
        : inSource(module, cell, `mutable ${kindAndName('global', globalName(module, cell.index))}`);
    case 'heap':
      return 'objects of the garbage-collected heap';
    case 'stack-pointer':
      return cell.index === undefined
        ? 'the shadow stack pointer'
        : `the shadow stack pointer ${named(globalName(module, cell.index))}`;
    case 'table':
      return tableText(tableOf(module, cell.index), cell.address);
    case 'table.grow':
      return `the size of ${tableOf(module, cell.index)}`;
    case 'segment':
      return segmentText(module, cell);
    case 'host':
      return cell.index === undefined ? 'a host function' : `host function ${quoted(importLabel(module, cell.index))}`;
    case 'host-unknown':
      return 'unknown code';
    case 'ref.func':
      return "the host's list of function references";
    case 'anything':
      return 'anything';
  }
}

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
  const where = address?.base === 'parameter' ? `${memoryOf(module, cell.index)} at ${parameterRange(address)}` : bytes;
  const known = [named.type, declaredText(named)].flatMap((text) => (text === undefined ? [] : quoted(text)));
  return `${quoted(named.name)} (${[...known, where].join(', ')})`;
}

function memoryText(memory: string, module: Module, address: Address | undefined): string {
  switch (address?.base) {
    case 'static':
      return address.loose
        ? `${memory} static data at an index that is not known`
        : `${memory} static data ${staticRange(module, address)}`;
    case 'stack':
      return `the shadow stack in ${memory}`;
    case 'parameter':
      return address.through
        ? `what the caller's object (parameter ${address.parameter}) leads to in ${memory}`
        : `the caller's buffer (parameter ${address.parameter}) in ${memory}`;
    case 'fresh':
      return `a block of ${memory} that the call allocated`;
    case 'contents':
      return `what static data ${staticRange(module, { base: 'static', start: address.start, end: address.end })} leads to in ${memory}`;
    default:
      return `${memory} at an unknown address`;
  }
}

function tableText(table: string, address: Address | undefined): string {
  switch (address?.base) {
    case 'static':
      return address.end === address.start + 1
        ? `slot ${address.start} of ${table}`
        : `slots [${address.start},${address.end}) of ${table}`;
    case 'parameter':
      return `a slot of ${table} that the caller chooses (parameter ${address.parameter})`;
    default:
      return `an unknown slot of ${table}`;
  }
}

function segmentText(module: Module, cell: Cell): string {
  const kind = cell.segment ?? 'data';
  if (cell.index === undefined) return `a ${kind} segment`;
  const name = segmentName(module, kind, cell.index);
  return `${kind} segment ${isPlace(name) ? cell.index : quoted(name)}`;
}

/** `[1024,1028)`, or `[$base+16,$base+20)` relative to a global; `[1024,1100) by 8` where only every eighth place counts. */
function staticRange(module: Module, address: Extract<Address, { base: 'static' }>): string {
  const step = address.stride === undefined ? '' : ` by ${address.stride}`;
  if (address.global === undefined) return `[${address.start},${address.end})${step}`;
  const base = globalName(module, address.global);
  return `[${base}+${address.start},${base}+${address.end})${step}`;
}

const VERBS: Readonly<Record<AccessKind, string>> = {
  read: 'reads',
  write: 'writes',
  'atomic-read': 'reads atomically',
  'atomic-write': 'updates atomically',
};

/** What an access does: `writes mutable global `$counter``, `grows memory[0]`, `drops data segment 0`. */
export function effectText(module: Module, effect: Effect): string {
  const { cell, access } = effect;
  if (cell.kind === 'anything') return 'can access anything';
  if (cell.kind === 'ref.func') return 'executes ref.func';
  if (effect.waits) return `waits at ${cellText(module, cell)}`;
  const writes = isWrite(effect);
  if (cell.kind === 'memory.grow' && writes) return `grows ${memoryOf(module, cell.index)}`;
  if (cell.kind === 'table.grow' && writes) return `grows ${tableOf(module, cell.index)}`;
  if (cell.kind === 'segment') return `${writes ? 'drops' : 'copies from'} ${cellText(module, cell)}`;
  if (cell.kind === 'host') return `calls ${cellText(module, cell)}`;
  if (cell.kind === 'host-unknown') return `runs ${cellText(module, cell)}`;
  if (cell.kind === 'stack-pointer' && writes) return `moves ${cellText(module, cell)}`;
  return `${VERBS[access]} ${cellText(module, cell)}`;
}

/**
 * A cell in a few characters for tables and titles: `global $counter`, `memory [1024,1028)`, `memory.grow`,
 * `counter::COUNTER (memory [1096,1100))`.
 */
export function cellLabel(module: Module, cell: Cell): string {
  switch (cell.kind) {
    case 'memory': {
      const bytes = `${cell.index ? memoryName(module, cell.index) : 'memory'} ${addressLabel(module, cell.address)}`;
      const named = namedCell(module, cell);
      return named === undefined ? bytes : `${named.name} (${bytes})`;
    }
    case 'table':
      return `${cell.index ? tableName(module, cell.index) : 'table'} ${addressLabel(module, cell.address)}`;
    case 'global':
    case 'stack-pointer': {
      if (cell.index === undefined) return cell.kind;
      const global = `${cell.kind} ${globalName(module, cell.index)}`.replace('global global[', 'global[');
      const named = namedCell(module, cell);
      return named === undefined ? global : `${named.name} (${global})`;
    }
    case 'heap':
      return 'heap objects';
    case 'segment':
      return cell.index === undefined
        ? 'segment'
        : `segment ${segmentName(module, cell.segment ?? 'data', cell.index)}`;
    case 'host':
      return cell.index === undefined ? 'host' : `host ${importLabel(module, cell.index)}`;
    case 'host-unknown':
      return 'host';
    default:
      return cell.kind;
  }
}

function addressLabel(module: Module, address: Address | undefined): string {
  switch (address?.base) {
    case 'static':
      return address.loose ? 'somewhere in static data' : staticRange(module, address);
    case 'stack':
      return 'on the shadow stack';
    case 'parameter':
      return address.through ? `reached from parameter ${address.parameter}` : `at ${parameterRange(address)}`;
    case 'fresh':
      return 'in a block of the call';
    case 'contents':
      return `reached from ${staticRange(module, { base: 'static', start: address.start, end: address.end })}`;
    default:
      return 'at an unknown address';
  }
}

/** `parameter 0`, `parameter 0 + [8,12)`, `4 * parameter 1 + [64,68)`, `parameter 0 + [0,parameter 2)`. */
function parameterRange({ parameter, scale, start, end, length }: Extract<Address, { base: 'parameter' }>): string {
  const base = `${scale === undefined || scale === 1 ? '' : `${scale} * `}parameter ${parameter}`;
  if (start === undefined || end === undefined) return base;
  const to = length === undefined ? String(end) : `${end === 0 ? '' : `${end} + `}parameter ${length}`;
  return `${base} + [${start},${to})`;
}

/** A call path: `increment -> $bump`. Long paths are shortened in the middle. */
export function pathText(module: Module, names: readonly number[], exportName: string): string {
  const shown = names.map((func, i) => (i === 0 ? exportName : sourceFunctionName(module, func)));
  if (shown.length > 6) shown.splice(3, shown.length - 5, `(${shown.length - 5} more)`);
  return shown.join(' -> ');
}
