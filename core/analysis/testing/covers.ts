/** For tests: whether accesses that a call made in a run lie within the effects that the analysis claims for the function. */
import type { Module } from '../../wasm/module.ts';
import { type AccessKind, type Address, type Cell, type CellKind, type Effect, stateKind } from '../cells.ts';
import type { Analysis } from '../model.ts';
import { effectsOf } from '../queries.ts';

/** An access in a run. */
export interface RunAccess {
  kind: CellKind;
  index: number;
  /** Bytes of a memory, slots of a table. */
  start: number;
  end: number;
  access: AccessKind;
  /** In a block that was allocated since the call began and that nobody else can know yet. */
  fresh: boolean;
  /** In an allocated block, which is no static data. */
  block?: boolean;
}

/** The call that made it. */
export interface RunCall {
  func: number;
  /** Undefined where an argument is not known: it may be anything. */
  args: readonly (number | undefined)[];
  /** Lowest stack pointer in the call; NaN without one. */
  lowestStack: number;
  /** The objects that the arguments pointed to when it began, where that is known. */
  objects?: readonly ({ start: number; end: number } | undefined)[];
}

/** What a claim about a place is compared with. */
export interface RunWorld {
  /** Where the shadow stack begins; infinite if frames may be anywhere. */
  stackTop: number;
  /** Where there is no static data any more, if that is known. */
  heapFrom?: number;
  /** Value of an immutable global. */
  global(index: number): number;
  /** Whether pointers that were in a range at some time of the call lead to an address, at any depth. */
  leadsTo?(start: number, end: number, address: number): boolean;
}

/** What a frame may have below the stack pointer (LLVM, WebAssemblyFrameLowering.h, RedZoneSize). */
const RED_ZONE = 128;

/** Checks calls of one module against its analysis. */
export class Coverage {
  private readonly module: Module;
  private readonly analysis: Analysis;
  private readonly world: RunWorld;
  private readonly known = new Map<number, readonly Effect[]>();
  /** Accesses by what their strongest claim says. */
  readonly tally: Record<Address['base'] | 'range' | 'other', number> = {
    static: 0,
    stack: 0,
    parameter: 0,
    range: 0,
    fresh: 0,
    contents: 0,
    unknown: 0,
    other: 0,
  };

  constructor(module: Module, analysis: Analysis, world: RunWorld) {
    this.module = module;
    this.analysis = analysis;
    this.world = world;
  }

  /** Name of a function, else its index. */
  nameOf = (func: number): string =>
    this.module.names.functions.get(func) ??
    this.module.exports.find(({ kind, index }) => kind === 'func' && index === func)?.name ??
    String(func);

  /** Effects that the analysis claims for a function, of itself and of what it calls. */
  claims(func: number): readonly Effect[] {
    let claims = this.known.get(func);
    if (claims === undefined) {
      claims = effectsOf(this.analysis, func).map((id) => this.analysis.effects[id]);
      this.known.set(func, claims);
    }
    return claims;
  }

  /** Ids of the effects of the function that cover an access. */
  covering(call: RunCall, access: RunAccess): number[] {
    return effectsOf(this.analysis, call.func).filter((id) => this.covers(this.analysis.effects[id], call, access));
  }

  /** Whether the analysis claims the access, unless it need not; counts it. */
  isCovered(call: RunCall, access: RunAccess): boolean {
    // Nobody else gets there, so that nothing needs to be claimed.
    let best: keyof Coverage['tally'] | undefined = access.fresh ? 'fresh' : undefined;
    for (const effect of this.claims(call.func)) {
      if (!this.covers(effect, call, access)) continue;
      const { address } = effect.cell;
      const strength =
        address === undefined
          ? 'other'
          : address.base === 'parameter' && address.start !== undefined
            ? 'range'
            : address.base;
      if (best === undefined || STRENGTH.indexOf(strength) > STRENGTH.indexOf(best)) best = strength;
    }
    if (best === undefined) return false;
    this.tally[best]++;
    return true;
  }

  private covers({ cell, access: claimed }: Effect, call: RunCall, access: RunAccess): boolean {
    if (cell.kind === 'anything') return true;
    if (cell.kind !== access.kind || claimed !== access.access) return false;
    if (cell.index !== undefined && cell.index !== access.index && !this.isSameImport(cell, access)) return false;
    return cell.address === undefined || this.holds(cell.address, call, access);
  }

  /** An item that is imported twice is one cell, that of the first import. */
  private isSameImport({ index }: Cell, access: RunAccess): boolean {
    const item = stateKind({ kind: access.kind });
    const importOf = (wanted: number | undefined) =>
      this.module.imports.find((one) => one.kind === item && one.index === wanted);
    const [a, b] = [importOf(index), importOf(access.index)];
    return a !== undefined && b !== undefined && a.module === b.module && a.name === b.name;
  }

  private holds(address: Address, { args, lowestStack, objects }: RunCall, access: RunAccess): boolean {
    const { start, end } = access;
    const { world } = this;
    const { heapFrom = Number.POSITIVE_INFINITY } = world;
    switch (address.base) {
      case 'static': {
        const base = address.global === undefined ? 0 : world.global(address.global);
        const size = this.addressSize(access);
        // What is somewhere in static data is in no frame and in no block.
        const inFrame = Number.isFinite(world.stackTop) && start >= lowestStack && start < world.stackTop;
        if (address.loose && (access.block || inFrame || start >= heapFrom)) return false;
        const from = modulo(start - base - address.start, size);
        if (from + (end - start) > address.end - address.start) return false;
        const { stride, width } = address;
        if (stride === undefined || width === undefined) return true;
        return (from % stride) + (end - start) <= width;
      }
      case 'stack':
        return start >= lowestStack - RED_ZONE && end <= world.stackTop;
      case 'parameter': {
        const argument = args[address.parameter];
        const length = address.length === undefined ? 0 : args[address.length];
        if (argument === undefined || length === undefined) return true;
        const base = (address.scale ?? 1) * argument;
        const from = address.scale === undefined ? objects?.[address.parameter] : undefined;
        if (address.through) {
          return from === undefined || (world.leadsTo?.(from.start, from.end, start) ?? true);
        }
        if (address.start === undefined || address.end === undefined) {
          return from === undefined || (start >= from.start && end <= from.end);
        }
        const size = this.addressSize(access);
        // A range that does not end within the address space is all of it.
        const extent = address.end + length - address.start;
        return extent >= size || modulo(start - base - address.start, size) + (end - start) <= extent;
      }
      case 'fresh':
        return access.fresh;
      case 'contents':
        return world.leadsTo?.(address.start, address.end, start) ?? true;
      case 'unknown':
        return true;
    }
  }

  private addressSize({ kind, index }: RunAccess): number {
    const { memories, tables } = this.module;
    const is64 = kind === 'table' ? tables[index].limits.is64 : memories[index].limits.is64;
    return is64 ? 2 ** 64 : 2 ** 32;
  }
}

/** From the weakest claim to the strongest. */
const STRENGTH: readonly (keyof Coverage['tally'])[] = [
  'unknown',
  'contents',
  'parameter',
  'other',
  'stack',
  'static',
  'range',
  'fresh',
];

const modulo = (value: number, size: number): number => ((value % size) + size) % size;
