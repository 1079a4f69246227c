/**
 * From the accesses of the scan to effects on cells: bases become addresses, the shadow stack pointer becomes its own
 * kind, and effects are merged where there are too many, so that the bitset row of a function stays small for every
 * module.
 */
import type { ExternalKind, Module } from '../wasm/module.ts';
import { ANYWHERE, BASE_MASK, Base, baseIndex } from './abstractValue.ts';
import { type Address, type CellKind, cellOf, type Effect, stateKind } from './cells.ts';
import { ACCESS_KINDS, type RawEffect } from './effectTable.ts';
import { staticStart } from './staticData.ts';

/** Effects on cells, and how the raw effects of the scan map to them. */
export interface FinalEffects {
  effects: Effect[];
  /** Final effect id of each raw one that is used. */
  of: Uint32Array;
}

/** Which raw effects are used, and how. */
export interface EffectUse {
  /** By raw effect: whether any function has it, and whether one that is exported has it. */
  used: Uint8Array;
  exported: Uint8Array;
}

/** A range that replaces several static ones. */
type Cluster = [start: number, end: number];

/** Budget of the two bitset matrices together, in bytes. */
const MATRIX_BYTES = 256 * 2 ** 20;
const MOST_EFFECTS = 1024;
/** Accesses of one range that are kept apart: by kind, and those that wait. */
const FORMS = 2 * ACCESS_KINDS.length;
const FEWEST_EFFECTS = 128;
const PAGE = 65_536;
/** Bytes of a pointer in memory. */
const POINTER = 4;

/**
 * Turns raw effects into effects on cells and merges them until the bitset matrices of `nodes` call graph nodes fit
 * their budget. `stackPointer` is a global index or -1. How far an access is from a parameter is kept for functions that
 * are exported: of others, callers know it already.
 */
export function finalEffects(
  module: Module,
  raw: readonly RawEffect[],
  stackPointer: number,
  nodes: number,
  { used, exported }: EffectUse,
): FinalEffects {
  const fitting = Math.floor(MATRIX_BYTES / (8 * Math.max(nodes, 1))) * 32;
  const most = Math.max(FEWEST_EFFECTS, Math.min(MOST_EFFECTS, fitting));
  const clusters = clusterStatics(raw, used, most >> 2);
  const region = staticRegion(module);
  const exact = exactParameters(raw, exported, most >> 2);
  const outer = outerNames(module);
  const effects: Effect[] = [];
  const ids = new Map<string, number>();
  const ofCluster: Int32Array[] = [];
  const perKind = new Map<string, number>();
  /** Ids by form and base, of accesses of which nothing else matters: nearly all in large modules. */
  const ofBase: Map<number, number>[] = [];
  const of = new Uint32Array(raw.length);
  const alias = aliasesOf(module);
  const contents = contentsOf(raw, used);
  const intern = (key: string, make: () => Effect): number => {
    let id = ids.get(key);
    if (id === undefined) {
      id = effects.push(make()) - 1;
      ids.set(key, id);
    }
    return id;
  };
  /** An item that is imported twice is one cell. */
  const unaliased = (given: RawEffect): RawEffect => {
    const index = alias.size === 0 ? undefined : alias.get(`${indexSpace(given)} ${given.index}`);
    return index === undefined ? given : { ...given, index };
  };
  const found = (given: RawEffect, isExact: boolean): number => {
    const r = unaliased(given);
    const kind = r.kind === 'global' && r.index === stackPointer ? 'stack-pointer' : r.kind;
    const address = addressOf(contents(isExact ? r : withoutRange(r)), stackPointer, region, undefined);
    const key = `${kind} ${r.index} ${r.segment} ${r.access} ${addressKey(address)} ${r.widths} ${r.waits}`;
    if (!ids.has(key)) {
      const bucket = `${kind} ${r.access} ${address?.base}`;
      const count = perKind.get(bucket) ?? 0;
      // Beyond a quarter of all effects, one kind's cells are merged into "any of this kind".
      if (count >= most >> 2) {
        // A call of one of many merged imports is the same as a call of unknown code.
        const merged = kind === 'host' ? 'host-unknown' : kind;
        const any = intern(`${merged} any ${r.segment} ${r.access} ${r.waits}`, () =>
          effectOf(module, outer, r, merged, undefined, address && { base: 'unknown' }),
        );
        addWidths(effects[any], r);
        return any;
      }
      perKind.set(bucket, count + 1);
    }
    return intern(key, () => effectOf(module, outer, r, kind, r.index, address));
  };
  for (let i = 0; i < raw.length; i++) {
    if (used[i] === 0) continue;
    const r = raw[i];
    const cluster = clusters.of[i];
    if (cluster > 0) {
      ofCluster[cluster] ??= new Int32Array(FORMS).fill(-1);
      const byAccess = ofCluster[cluster];
      const form = r.access + (r.waits ? ACCESS_KINDS.length : 0);
      if (byAccess[form] < 0) {
        const own = unaliased(r);
        const address = addressOf(own, -1, region, clusters.ranges[cluster]);
        byAccess[form] = effects.push(effectOf(module, outer, own, own.kind, own.index, address)) - 1;
      }
      of[i] = byAccess[form];
      addWidths(effects[of[i]], r);
    } else if (isOfBase(r, exact[i] === 1)) {
      ofBase[r.form] ??= new Map();
      let id = ofBase[r.form].get(r.base);
      if (id === undefined) {
        id = found(r, false);
        ofBase[r.form].set(r.base, id);
      }
      of[i] = id;
    } else of[i] = found(r, exact[i] === 1);
  }
  return { effects, of };
}

/** Whether the effect of an access is decided by its form and base. */
function isOfBase({ kind, base, scale }: RawEffect, isExact: boolean): boolean {
  if (kind !== 'memory' && kind !== 'table') return true;
  switch (base & BASE_MASK) {
    case Base.Parameter:
      return !isExact && scale === 1;
    case Base.Constant:
    case Base.Immutable:
      return (base & ANYWHERE) !== 0;
    default:
      return true;
  }
}

/** Index of the first import of the same item, by kind and index, for repeated imports. */
function aliasesOf(module: Module): Map<string, number> {
  const first = new Map<string, number>();
  const aliases = new Map<string, number>();
  for (const { kind, module: from, name, index } of module.imports) {
    const key = `${kind} ${from}\n${name}`;
    const known = first.get(key);
    if (known === undefined) first.set(key, index);
    else aliases.set(`${kind} ${index}`, known);
  }
  return aliases;
}

/** Index space of imports that a cell's index belongs to; undefined for what cannot be imported. */
const indexSpace = ({ kind }: RawEffect): ExternalKind | undefined => (kind === 'host' ? 'func' : stateKind({ kind }));

/** Kinds that a module has only once: their index means nothing. */
const SINGLE: ReadonlySet<CellKind> = new Set(['heap', 'ref.func']);

function effectOf(
  module: Module,
  outer: OuterNames,
  r: RawEffect,
  kind: CellKind,
  index: number | undefined,
  address: Address | undefined,
): Effect {
  return {
    cell: cellOf(kind, {
      index: SINGLE.has(kind) ? undefined : index,
      name: index === undefined ? undefined : cellName(module, outer, r, index),
      address,
      segment: r.segment,
    }),
    access: ACCESS_KINDS[r.access],
    ...(r.widths > 0 ? { widths: r.widths } : {}),
    ...(r.waits ? { waits: true } : {}),
  };
}

/** Adds the widths of one more access to an effect that stands for several. */
function addWidths(effect: Effect, { widths }: RawEffect): void {
  if (widths > 0) effect.widths = (effect.widths ?? 0) | widths;
}

/** Names by index: the exports and imports of a module may be many. */
interface OuterNames {
  exported: Record<ExternalKind, Map<number, string>>;
  importedFunctions: Map<number, string>;
}

function outerNames(module: Module): OuterNames {
  const exported = { func: new Map(), table: new Map(), memory: new Map(), global: new Map(), tag: new Map() };
  for (const { kind, index, name } of module.exports) if (!exported[kind].has(index)) exported[kind].set(index, name);
  const importedFunctions = new Map<number, string>();
  for (const i of module.imports) if (i.kind === 'func') importedFunctions.set(i.index, `${i.module}.${i.name}`);
  return { exported, importedFunctions };
}

function cellName({ names }: Module, outer: OuterNames, r: RawEffect, index: number): string | undefined {
  const named = (name: string | undefined): string | undefined => (name === undefined ? undefined : `$${name}`);
  switch (r.kind) {
    case 'memory':
    case 'memory.grow':
      return named(names.memories.get(index) ?? outer.exported.memory.get(index));
    case 'table':
    case 'table.grow':
      return named(names.tables.get(index) ?? outer.exported.table.get(index));
    case 'segment':
      return named((r.segment === 'data' ? names.data : names.elements).get(index));
    case 'host':
      return outer.importedFunctions.get(index);
    case 'global':
      return named(names.globals.get(index) ?? outer.exported.global.get(index));
    default:
      return undefined;
  }
}

function addressKey(address: Address | undefined): string {
  switch (address?.base) {
    case 'static': {
      const { start, end, global, stride, width, loose } = address;
      return `s${start}-${end}-${global}-${stride}-${width}-${loose}`;
    }
    case 'parameter': {
      const { parameter, scale, start, end, length, through } = address;
      return `p${parameter}-${scale}-${start}-${end}-${length}-${through}`;
    }
    case 'contents':
      return `c${address.start}-${address.end}`;
    default:
      return address?.base ?? '';
  }
}

/** The same access anywhere in the object of its parameter. */
const withoutRange = (r: RawEffect): RawEffect =>
  (r.base & BASE_MASK) === Base.Parameter && r.scale === 1 ? { ...r, base: r.base | ANYWHERE, length: -1 } : r;

/** Raw effects that keep their distance from a parameter: those of exported functions, as long as they are few. */
function exactParameters(raw: readonly RawEffect[], exported: Uint8Array, most: number): Uint8Array {
  let count = 0;
  for (let i = 0; i < raw.length; i++) if (exported[i] === 1 && (raw[i].base & BASE_MASK) === Base.Parameter) count++;
  return count <= most ? exported : new Uint8Array(raw.length);
}

/** Distances from an immutable global: no module has more static data. */
const FARTHEST = 2 ** 31;

/** Places of pointers that are told apart. */
const MOST_POINTERS = 32;

/** Gives accesses through static pointers the bytes where these are kept: all of them together, if they are many. */
function contentsOf(raw: readonly RawEffect[], used: Uint8Array): (r: RawEffect) => RawEffect {
  const places = new Set<number>();
  for (let i = 0; i < raw.length; i++)
    if (used[i] === 1 && (raw[i].base & BASE_MASK) === Base.Contents) places.add(baseIndex(raw[i].base));
  let [start, end] = [Infinity, 0];
  for (const place of places) [start, end] = [Math.min(start, place), Math.max(end, place + POINTER)];
  const few = places.size <= MOST_POINTERS;
  return (r) => {
    if ((r.base & BASE_MASK) !== Base.Contents) return r;
    const at = baseIndex(r.base);
    return few ? { ...r, start: at, end: at + POINTER } : { ...r, start, end };
  };
}

/** Where an array at a constant address may be: from the lowest segment to the end that the memory can have. */
function staticRegion(module: Module): Cluster {
  const { limits } = module.memories[0] ?? {};
  const end = limits?.max === undefined ? 2 ** 32 : Number(limits.max) * PAGE;
  return [staticStart(module), Math.max(PAGE, Math.min(end, 2 ** 32))];
}

function addressOf(
  r: RawEffect,
  stackPointer: number,
  region: Cluster,
  cluster: Cluster | undefined,
): Address | undefined {
  if (r.kind !== 'memory' && r.kind !== 'table') return undefined;
  const index = baseIndex(r.base);
  const anywhere = (r.base & ANYWHERE) !== 0;
  switch (r.base & BASE_MASK) {
    case Base.Constant: {
      if (anywhere) return { base: 'static', start: region[0], end: region[1], loose: true };
      const [start, end] = cluster ?? [r.start, r.end];
      return {
        base: 'static',
        start,
        end,
        ...(r.stride > 0 ? { stride: r.stride, width: r.width } : {}),
      };
    }
    case Base.Immutable: {
      if (anywhere) return { base: 'static', start: -FARTHEST, end: FARTHEST, global: index, loose: true };
      const [start, end] = cluster ?? [r.start, r.end];
      return { base: 'static', start, end, global: index };
    }
    case Base.Parameter:
      return {
        base: 'parameter',
        parameter: index,
        ...(r.scale === 1 ? {} : { scale: r.scale }),
        ...(anywhere ? {} : { start: r.start, end: r.end }),
        ...(r.length < 0 ? {} : { length: r.length }),
      };
    case Base.ThroughParameter:
      return { base: 'parameter', parameter: index, through: true };
    case Base.Contents:
      return { base: 'contents', start: r.start, end: r.end };
    case Base.Fresh:
      return { base: 'fresh' };
    case Base.Mutable:
      return { base: index === stackPointer ? 'stack' : 'unknown' };
    default:
      return { base: 'unknown' };
  }
}

/** Ranges that were merged; `of`: by raw effect, the position of its range in `ranges`, or 0 where it keeps its own. */
interface Clusters {
  ranges: Cluster[];
  of: Uint32Array;
}

/** Merges static ranges into at most `most` clusters, cutting at the widest gaps. */
function clusterStatics(raw: readonly RawEffect[], used: Uint8Array, most: number): Clusters {
  const ranges: Cluster[] = [[0, 0]];
  const of = new Uint32Array(raw.length);
  const statics = staticsInOrder(raw, used);
  const sameSpace = (a: RawEffect, b: RawEffect): boolean => a.index === b.index && a.base === b.base;
  // Bytes between a range and those before it in its memory; infinite at the first of a memory.
  const gaps = new Float64Array(statics.length);
  let distinct = 0;
  let reach = 0;
  for (let k = 0; k < statics.length; k++) {
    const here = raw[statics[k]];
    const before = k > 0 ? raw[statics[k - 1]] : undefined;
    const fresh = before === undefined || !sameSpace(here, before);
    if (fresh || here.start !== before.start || here.end !== before.end) distinct++;
    gaps[k] = fresh ? Number.POSITIVE_INFINITY : Math.max(0, here.start - reach);
    reach = fresh ? here.end : Math.max(reach, here.end);
  }
  if (distinct <= most) return { ranges, of };
  const widest = gaps.slice().sort();
  const threshold = Math.max(1, widest[Math.max(0, widest.length - most)]);
  // Among gaps of exactly this width only the first few are cut: there may be very many.
  let ties = most;
  for (const gap of gaps) if (gap > threshold) ties--;
  let current: Cluster = ranges[0];
  for (let k = 0; k < statics.length; k++) {
    const { start, end } = raw[statics[k]];
    if (gaps[k] > threshold || (gaps[k] === threshold && ties-- > 0)) {
      current = [start, end];
      ranges.push(current);
    }
    current[1] = Math.max(current[1], end);
    of[statics[k]] = ranges.length - 1;
  }
  return { ranges, of };
}

/** Starts of ranges that can be sorted as part of one number, together with positions below `MOST_SORTED`. */
const LOWEST = -(2 ** 32);
const MOST_SORTED = 2 ** 20;

/** Raw effects at static ranges without gaps, by memory and base, then by their start. */
function staticsInOrder(raw: readonly RawEffect[], used: Uint8Array): number[] | Uint32Array {
  const statics: number[] = [];
  let [oneSpace, near] = [true, raw.length <= MOST_SORTED];
  for (let i = 0; i < raw.length; i++) {
    if (used[i] === 0) continue;
    const r = raw[i];
    const base = r.base & BASE_MASK;
    if (r.kind !== 'memory' || (base !== Base.Constant && base !== Base.Immutable)) continue;
    if ((r.base & ANYWHERE) !== 0 || r.stride > 0) continue;
    if (statics.length > 0) oneSpace &&= r.index === raw[statics[0]].index && r.base === raw[statics[0]].base;
    near &&= Math.abs(r.start) < -LOWEST;
    statics.push(i);
  }
  if (!oneSpace || !near)
    return statics.sort(
      (a, b) => raw[a].index - raw[b].index || raw[a].base - raw[b].base || raw[a].start - raw[b].start,
    );
  // Numbers are sorted much faster than with a function that compares.
  const keys = new Float64Array(statics.length);
  for (let k = 0; k < keys.length; k++) keys[k] = (raw[statics[k]].start - LOWEST) * MOST_SORTED + statics[k];
  keys.sort();
  const sorted = new Uint32Array(keys.length);
  for (let k = 0; k < keys.length; k++) sorted[k] = keys[k] % MOST_SORTED;
  return sorted;
}
