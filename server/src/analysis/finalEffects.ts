/**
 * From the accesses of the scan to effects on cells: bases become addresses, the shadow stack
 * pointer becomes its own kind, and what is too many to keep apart is merged, so that one bitset
 * row a function stays small whatever the module.
 */
import type { Module } from '../wasm/module.ts';
import { BASE_MASK, Base } from './abstractValue.ts';
import { ACCESS_KINDS, baseIndex, GC_HEAP, type RawEffect, REF_FUNC } from './effectTable.ts';
import type { Address, Effect } from './model.ts';

export interface FinalEffects {
  effects: Effect[];
  /** Final effect id of each raw one. */
  of: Uint32Array;
}

/** Bytes that the two bitset matrices may take together. */
const MATRIX_BYTES = 256 * 2 ** 20;
const MOST_EFFECTS = 4096;
const FEWEST_EFFECTS = 128;

export function finalEffects(
  module: Module,
  raw: readonly RawEffect[],
  stackPointer: number,
  nodes: number,
): FinalEffects {
  const fitting = Math.floor(MATRIX_BYTES / (8 * Math.max(nodes, 1))) * 32;
  const most = Math.max(FEWEST_EFFECTS, Math.min(MOST_EFFECTS, fitting));
  const clusters = clusterStatics(raw, most >> 4);
  const effects: Effect[] = [];
  const ids = new Map<string, number>();
  const perKind = new Map<string, number>();
  const of = new Uint32Array(raw.length);
  const intern = (key: string, make: () => Effect): number => {
    let id = ids.get(key);
    if (id === undefined) {
      id = effects.push(make()) - 1;
      ids.set(key, id);
    }
    return id;
  };
  raw.forEach((r, i) => {
    const kind = r.kind === 'global' && r.index === stackPointer ? 'stack-pointer' : r.kind;
    const address = addressOf(r, stackPointer, clusters[i]);
    const key = `${kind} ${r.index} ${r.segment} ${r.access} ${addressKey(address)}`;
    const bucket = `${kind} ${r.access} ${address?.base === 'static'}`;
    const count = perKind.get(bucket) ?? 0;
    if (!ids.has(key)) {
      // Beyond a quarter of all effects, one kind's cells are merged into "any of this kind".
      if (count >= most >> 2 && r.index >= 0) {
        of[i] = intern(`${kind} -1 ${r.segment} ${r.access}`, () =>
          effectOf(module, r, kind, -1, address && { base: 'unknown' }),
        );
        return;
      }
      perKind.set(bucket, count + 1);
    }
    of[i] = intern(key, () => effectOf(module, r, kind, r.index, address));
  });
  return { effects, of };
}

function effectOf(
  module: Module,
  r: RawEffect,
  kind: Effect['cell']['kind'],
  index: number,
  address: Address | undefined,
): Effect {
  return {
    cell: { kind, index, name: cellName(module, r, index), address, segment: r.segment },
    access: ACCESS_KINDS[r.access],
  };
}

function cellName(module: Module, r: RawEffect, index: number): string | undefined {
  const { names } = module;
  const named = (name: string | undefined): string | undefined => (name === undefined ? undefined : `$${name}`);
  const outside = (kind: 'memory' | 'table' | 'global'): string | undefined => {
    const item = module.exports.find((e) => e.kind === kind && e.index === index);
    return item && named(item.name);
  };
  switch (r.kind) {
    case 'memory':
    case 'memory.grow':
      return named(names.memories.get(index)) ?? outside('memory');
    case 'table':
    case 'table.grow':
      return named(names.tables.get(index)) ?? outside('table');
    case 'segment':
      return named((r.segment === 'data' ? names.data : names.elements).get(index));
    case 'host': {
      if (index === REF_FUNC) return 'ref.func';
      const imported = module.imports.find((i) => i.kind === 'func' && i.index === index);
      return imported && `${imported.module}.${imported.name}`;
    }
    default:
      return index === GC_HEAP
        ? 'objects of the garbage-collected heap'
        : (named(names.globals.get(index)) ?? outside('global'));
  }
}

function addressKey(address: Address | undefined): string {
  switch (address?.base) {
    case 'static':
      return `s${address.start}-${address.end}-${address.global}`;
    case 'parameter':
      return `p${address.parameter}`;
    default:
      return address?.base ?? '';
  }
}

function addressOf(r: RawEffect, stackPointer: number, cluster: [number, number] | undefined): Address | undefined {
  if (r.kind !== 'memory' && r.kind !== 'table') return undefined;
  const index = baseIndex(r.base);
  switch (r.base & BASE_MASK) {
    case Base.Constant: {
      const [start, end] = cluster ?? [r.start, r.end];
      return { base: 'static', start, end };
    }
    case Base.Immutable: {
      const [start, end] = cluster ?? [r.start, r.end];
      return { base: 'static', start, end, global: index };
    }
    case Base.Parameter:
      return { base: 'parameter', parameter: index };
    case Base.Mutable:
      return { base: index === stackPointer ? 'stack' : 'unknown' };
    default:
      return { base: 'unknown' };
  }
}

/**
 * Merges static ranges into at most `most` clusters, cutting at the widest gaps. Returns the
 * cluster of each raw effect, undefined where ranges stay as they are.
 */
function clusterStatics(raw: readonly RawEffect[], most: number): ([number, number] | undefined)[] {
  const clusters: ([number, number] | undefined)[] = new Array(raw.length).fill(undefined);
  const statics: number[] = [];
  raw.forEach((r, i) => {
    const base = r.base & BASE_MASK;
    if (r.kind === 'memory' && (base === Base.Constant || base === Base.Immutable)) statics.push(i);
  });
  const distinct = new Set(statics.map((i) => `${raw[i].index} ${raw[i].base} ${raw[i].start} ${raw[i].end}`)).size;
  if (distinct <= most) return clusters;
  statics.sort((a, b) => raw[a].index - raw[b].index || raw[a].base - raw[b].base || raw[a].start - raw[b].start);
  const space = (i: number) => raw[i].index * 2 ** 24 + raw[i].base;
  const gaps: number[] = [];
  let reach = 0;
  for (let k = 0; k < statics.length; k++) {
    const i = statics[k];
    const fresh = k === 0 || space(i) !== space(statics[k - 1]);
    gaps.push(fresh ? Number.POSITIVE_INFINITY : Math.max(0, raw[i].start - reach));
    reach = fresh ? raw[i].end : Math.max(reach, raw[i].end);
  }
  const threshold = [...gaps].sort((a, b) => b - a)[most - 1] ?? 0;
  let current: [number, number] = [0, 0];
  statics.forEach((i, k) => {
    if (gaps[k] === Number.POSITIVE_INFINITY || (gaps[k] > 0 && gaps[k] >= threshold))
      current = [raw[i].start, raw[i].end];
    current[1] = Math.max(current[1], raw[i].end);
    clusters[i] = current;
  });
  return clusters;
}
