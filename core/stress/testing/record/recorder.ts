/**
 * For tests: every access of memories, globals and tables that an instrumented module makes, for each call of the functions
 * that are watched, nested calls included. Works on the hooks, so that the run itself may be anything: an instance of its
 * own or a session of the engine in which the hooks decide nothing.
 */
import type { AccessKind, CellKind } from '../../../analysis/cells.ts';
import { Access } from '../../../wasm/instructions.ts';
import { HOOK_NAMES } from '../../instrument/hooks.ts';
import type { Sites } from '../../instrument/sites.ts';
import type { Hooks } from '../../run/machine.ts';
import { Blocks } from './blocks.ts';
import { eventOf, VALUE_SITE } from './wrapFunctions.ts';

/** What a function does to blocks; `size` and `count` are numbers of parameters. `guessed`: they may be others. */
export type AllocatorRole = { guessed?: true } & (
  | { does: 'allocate'; size: number; count?: number }
  | { does: 'reallocate'; block: number; size: number }
  | { does: 'free'; block: number }
);

/** An access of a cell in a run. */
export interface RecordedAccess {
  site: number;
  kind: CellKind;
  index: number;
  /** Bytes of a memory, slots of a table. */
  start: number;
  end: number;
  access: AccessKind;
  /** It is in a block that was allocated since the call began and that nobody else can know yet. */
  fresh: boolean;
  /** It is in an allocated block. */
  block: boolean;
}

/** One call of a watched function. */
export interface RecordedCall {
  func: number;
  args: readonly number[];
  /** Number of watched calls around it. */
  depth: number;
  /** Stack pointer when it began, and the lowest one in it; NaN without one. */
  stack: number;
  lowestStack: number;
  accesses: readonly RecordedAccess[];
  /** The objects that the arguments pointed to when it began. */
  objects?: readonly (Extent | undefined)[];
}

/** Bytes of an object. */
export interface Extent {
  start: number;
  end: number;
}

/** State of the instance that the recorder looks at. */
export interface RecordedState {
  memory(index: number): ArrayBufferLike;
  global(index: number): unknown;
}

/** What the recorder works with. */
export interface RecorderOptions {
  sites: Sites;
  /** Hooks are so many functions behind the imports of the module: index of a wrapped function -> original one. */
  original(func: number): number;
  allocators: ReadonlyMap<number, AllocatorRole>;
  /** Index of the global of the shadow stack pointer, or -1. */
  stackPointer: number;
  /** Whether memory 0 has 64-bit addresses. */
  is64: boolean;
  state(): RecordedState;
  /** A watched call has returned, or was ended by a trap. */
  onCall(call: RecordedCall): void;
  /** A call from outside begins; a range of memory 0 was written. */
  onBegin?(): void;
  objectAt?(address: number): Extent | undefined;
  onStored?(start: number, end: number): void;
}

interface RunningCall extends RecordedCall {
  began: number;
  accesses: RecordedAccess[];
  seen: Set<string>;
}

/** See the file's comment. */
export class Recorder {
  private readonly options: RecorderOptions;
  private readonly blocks: Blocks;
  private readonly running: RunningCall[] = [];
  private values: number[] = [];
  private now = 0;
  /** A store that is yet to be performed, or a set global. */
  private stores: { start: number; end: number } | undefined;
  private sets = -1;
  private top = Number.NaN;

  constructor(options: RecorderOptions) {
    this.options = options;
    this.blocks = new Blocks((start, end) => this.words(start, end));
  }

  /** The highest stack pointer that was seen. */
  get stackTop(): number {
    return this.top;
  }

  /** The blocks that are allocated now. */
  get allocated(): Iterable<{ start: number; end: number }> {
    return this.blocks.all;
  }

  /** The block that an address lies in. */
  blockAt(address: number): { start: number; end: number } | undefined {
    return this.blocks.at(address);
  }

  /** The host has been told an address. */
  published(address: number): void {
    this.settle();
    this.blocks.stored(address, Number.NEGATIVE_INFINITY);
  }

  /** Hooks that record, and then do what `inner` does. */
  hooks(inner: Hooks): Hooks {
    type Hook = (...args: unknown[]) => unknown;
    const plain = inner as unknown as Record<string, Hook>;
    const hooks: Record<string, Hook> = {};
    for (const name of HOOK_NAMES) hooks[name] = plain[name];
    const before = (name: string, note: (...args: number[]) => void): void => {
      hooks[name] = (...args) => {
        note(...(args as number[]));
        return plain[name](...args);
      };
    };
    before('access', (site, address) => this.access(site, address >>> 0));
    before('access64', (site, address) => this.access(site, address));
    before('exchange', (site, address) => this.access(site, address));
    before('wait', (site, address) => this.access(site, address));
    before('range', (site, destination, source, count) => this.range(site, destination, source, count));
    const { access64, size } = hooks;
    hooks.access64 = (...args) => {
      if (args[0] !== VALUE_SITE) return access64(...args);
      this.values.push(args[1] as number);
      return 0;
    };
    hooks.size = (...args) => {
      if ((args[0] as number) >= 0) return size(...args);
      this.event(args[0] as number);
      return 0;
    };
    return hooks as unknown as Hooks;
  }

  /** The outermost call is over, however it ended. */
  finish(): void {
    this.settle();
    while (this.running.length > 0) this.leave();
    this.values = [];
  }

  private leave(): void {
    const call = this.running.pop();
    if (call !== undefined) this.options.onCall(call);
  }

  private event(site: number): void {
    this.settle();
    const { begins, func: wrapped } = eventOf(site);
    const func = this.options.original(wrapped);
    const { values } = this;
    this.values = [];
    this.now++;
    if (begins) {
      const { objectAt } = this.options;
      if (this.running.length === 0) this.options.onBegin?.();
      const stack = this.stackNow();
      this.running.push({
        func,
        args: values,
        depth: this.running.length,
        stack,
        lowestStack: stack,
        accesses: [],
        began: this.now,
        seen: new Set(),
        objects: objectAt === undefined ? undefined : values.map((value) => objectAt(value)),
      });
      return;
    }
    // An exception may have left calls in between.
    while (this.running.length > 0 && this.running[this.running.length - 1].func !== func) this.leave();
    const call = this.running[this.running.length - 1];
    if (call !== undefined) this.noteBlock(call, values[0]);
    this.leave();
  }

  private noteBlock({ func, args, began }: RunningCall, result: number | undefined): void {
    const role = this.options.allocators.get(func);
    if (role === undefined) return;
    if (role.does !== 'allocate') this.blocks.remove(args[role.block]);
    if (role.does === 'free' || result === undefined) return;
    const size = args[role.size] * (role.does === 'allocate' && role.count !== undefined ? args[role.count] : 1);
    this.blocks.add(result, size, began, this.now);
  }

  private stackNow(): number {
    const { stackPointer, state } = this.options;
    if (stackPointer < 0) return Number.NaN;
    const stack = Number(state().global(stackPointer));
    if (!(stack <= this.top)) this.top = stack;
    return stack;
  }

  /** What the last instruction has written is there now. */
  private settle(): void {
    if (this.sets >= 0) {
      const { stackPointer, state } = this.options;
      const value = Number(state().global(this.sets));
      if (this.sets !== stackPointer) this.blocks.stored(value, Number.NEGATIVE_INFINITY);
      else {
        const stack = this.stackNow();
        for (const call of this.running) if (!(call.lowestStack <= stack)) call.lowestStack = stack;
      }
      this.sets = -1;
    }
    if (this.stores === undefined) return;
    const { start, end } = this.stores;
    this.stores = undefined;
    this.options.onStored?.(start, end);
    for (const pointer of this.words(start, end))
      if (this.blocks.at(pointer) !== undefined) this.blocks.stored(pointer, this.placeSince(start));
  }

  /** Whoever began before the answer may read what is stored at an address. */
  private placeSince(address: number): number {
    const block = this.blocks.at(address);
    if (block !== undefined) return block.since;
    if (!(address < this.top && address >= this.stackNow())) return Number.NEGATIVE_INFINITY;
    // A frame belongs to the innermost call that began above it.
    const owner = this.running.findLast(({ stack }) => stack > address);
    return owner === undefined ? Number.NEGATIVE_INFINITY : owner.began + 0.5;
  }

  private *words(start: number, end: number): Generator<number> {
    const { is64, state } = this.options;
    const view = new DataView(state().memory(0));
    const width = is64 ? 8 : 4;
    for (let at = start; at + width <= Math.min(end, view.byteLength); at += width)
      yield is64 ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true);
  }

  private note(site: number, kind: CellKind, index: number, start: number, end: number, access: AccessKind): void {
    this.now++;
    const since = kind === 'memory' && index === 0 ? this.blocks.knownSince(start, end) : Number.NEGATIVE_INFINITY;
    const block =
      since > Number.NEGATIVE_INFINITY || (kind === 'memory' && index === 0 && this.blocks.at(start) !== undefined);
    for (const call of this.running) {
      const fresh = since > call.began;
      const key = `${site} ${start} ${end} ${access} ${fresh}`;
      if (call.seen.has(key)) continue;
      call.seen.add(key);
      call.accesses.push({ site, kind, index, start, end, access, fresh, block });
    }
  }

  private bytes(site: number, memory: number, start: number, end: number, access: AccessKind): void {
    // What traps touches nothing.
    if (start === end || end > this.options.state().memory(memory).byteLength) return;
    this.note(site, 'memory', memory, start, end, access);
    if ((access === 'write' || access === 'atomic-write') && memory === 0) this.stores = { start, end };
  }

  private access(site: number, address: number): void {
    this.settle();
    const { sites, stackPointer } = this.options;
    const index = sites.index[site];
    const kind = sites.access[site];
    switch (kind) {
      case Access.GlobalGet:
      case Access.GlobalSet: {
        const cell = index === stackPointer ? 'stack-pointer' : 'global';
        this.note(site, cell, index, 0, 0, kind === Access.GlobalSet ? 'write' : 'read');
        if (kind === Access.GlobalSet) this.sets = index;
        return;
      }
      case Access.TableGet:
      case Access.CallIndirect:
        this.note(site, 'table', index, address, address + 1, 'read');
        return;
      case Access.TableSet:
        this.note(site, 'table', index, address, address + 1, 'write');
        return;
      case Access.Load:
      case Access.Store:
      case Access.AtomicLoad:
      case Access.AtomicStore:
      case Access.AtomicRmw:
      case Access.AtomicWait: {
        if (address < sites.memarg[site]) return;
        const width = sites.width[site];
        if (kind !== Access.Load && kind !== Access.Store && address % width !== 0) return;
        this.bytes(site, index, address, address + width, ACCESS_KIND[kind]);
        return;
      }
      default:
    }
  }

  private range(site: number, destination: number, source: number, count: number): void {
    this.settle();
    const { sites, state } = this.options;
    const beyond = (memory: number, at: number): boolean => at + count > state().memory(memory).byteLength;
    switch (sites.access[site]) {
      case Access.MemoryCopy: {
        if (beyond(sites.index[site], destination) || beyond(sites.other[site], source)) return;
        this.bytes(site, sites.other[site], source, source + count, 'read');
        this.bytes(site, sites.index[site], destination, destination + count, 'write');
        return;
      }
      case Access.MemoryFill:
      case Access.MemoryInit:
        this.bytes(site, sites.index[site], destination, destination + count, 'write');
        return;
      default:
    }
  }
}

const ACCESS_KIND: Readonly<Record<number, AccessKind>> = {
  [Access.Load]: 'read',
  [Access.Store]: 'write',
  [Access.AtomicLoad]: 'atomic-read',
  [Access.AtomicWait]: 'atomic-read',
  [Access.AtomicStore]: 'atomic-write',
  [Access.AtomicRmw]: 'atomic-write',
};
