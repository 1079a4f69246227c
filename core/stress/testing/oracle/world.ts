/**
 * The state of a program of the oracle between two indivisible steps. Written from the specifications, not from the
 * engine: it shares no code with it.
 * Sources: https://webassembly.github.io/spec/core/exec/ ; https://webassembly.github.io/threads/core/ ;
 * wazero's internal/wasm/memory.go and table.go (growth reads, copies, publishes).
 */
import { growthMoves, ITEM, type Item, PAGE, type Program, SECOND_TABLE, type Step, TABLE_SIZE } from './program.ts';

/** What an access touches: bytes of memory are cells of their own. */
export interface Access {
  /** `m0:12`, `extent0`, `g0`, `t0:1`, `tableExtent0`, `segment d`, `references`. */
  cell: string;
  write: boolean;
  /** Set for atomic accesses: equal for atomics of one address and width. */
  atomic: string | undefined;
}

/** How a step synchronises: key of a place, and which way. */
export interface Synchronisation {
  place: string;
  acquire: boolean;
  release: boolean;
}

/** What one step accessed, how it synchronised and whom it woke. */
export interface Effects {
  accesses: Access[];
  sync: Synchronisation | undefined;
  /** Callers that a notification woke. */
  woken: number[];
}

/** A caller between two steps. */
export interface CallerState {
  /** Its call, the instruction of it, and how far that got. */
  call: number;
  at: number;
  part: number;
  acc: bigint;
  /** Between parts: bytes already read, a copy of what grows. */
  held: bigint;
  memoryCopy: Uint8Array | undefined;
  tableCopy: Item[] | undefined;
  /** The memory and address that it waits at, with a limit or without. */
  waiting: { key: string; limited: boolean } | undefined;
  /** Of the calls that are over. */
  results: string[];
}

/** One memory: its size in pages, and the bytes that programs can touch. */
export interface MemoryData {
  pages: number;
  bytes: Uint8Array;
}

/** State that callers of one instance have in common. */
export interface Instance {
  globals: [bigint, bigint, bigint];
  tables: [Item[], Item[]];
  droppedData: boolean;
  droppedElements: boolean;
}

/** Bytes that programs can touch: the first lines of page 0, and both sides of the end of page 0. */
const LOW = 256;
const EDGE = PAGE - 16;
const EDGE_BYTES = 80;
const indexOf = (address: number): number => (address < LOW ? address : LOW + address - EDGE);

/** The byte at an address. */
export const byteAt = ({ bytes }: MemoryData, address: number): number => bytes[indexOf(address)];

/** Sets the byte at an address. */
export function setByte({ bytes }: MemoryData, address: number, value: number): void {
  bytes[indexOf(address)] = value;
}

/** Makes what lies beyond `pages` zero. */
export function clearBeyond(bytes: Uint8Array, pages: number): void {
  if (pages === 1) bytes.fill(0, indexOf(PAGE));
}

/** State, instances and callers. `clone` copies it, so that both can go on. */
export class World {
  readonly program: Program;
  instances: Instance[];
  /** Memory `m` of instance `i` at `memoryIndex(i, m)`. */
  memories: MemoryData[];
  callers: CallerState[];
  /** Waiting callers in the order in which they fell asleep. */
  queue: number[] = [];

  constructor(program: Program) {
    this.program = program;
    const instances = program.model === 'shared-memory' ? program.callers.length : 1;
    this.instances = Array.from({ length: instances }, () => ({
      globals: [0n, 0n, 0n],
      tables: [Array<Item>(TABLE_SIZE).fill(ITEM.Null), [...SECOND_TABLE]],
      droppedData: false,
      droppedElements: false,
    }));
    const imported = program.model === 'shared-memory' ? 1 : program.memories.length;
    const memories = imported + instances * (program.memories.length - imported);
    this.memories = Array.from({ length: memories }, () => ({
      pages: 1,
      bytes: new Uint8Array(LOW + EDGE_BYTES),
    }));
    this.callers = program.callers.map((_, p) => ({
      call: 0,
      at: 0,
      part: 0,
      acc: BigInt(p + 1),
      held: 0n,
      memoryCopy: undefined,
      tableCopy: undefined,
      waiting: undefined,
      results: [],
    }));
    for (let p = 0; p < this.callers.length; p++) this.skip(p);
  }

  clone(): World {
    const copy = Object.create(World.prototype) as World;
    return Object.assign(copy, {
      program: this.program,
      memories: this.memories.map(({ pages, bytes }) => ({ pages, bytes: bytes.slice() })),
      instances: this.instances.map(({ globals, tables, droppedData, droppedElements }) => ({
        globals: [...globals],
        tables: tables.map((table) => [...table]),
        droppedData,
        droppedElements,
      })),
      callers: this.callers.map((caller) => ({ ...caller, results: [...caller.results] })),
      queue: [...this.queue],
    });
  }

  /** Whether callers are on one instance, so that they share globals, tables and segments. */
  get common(): boolean {
    return this.program.model !== 'shared-memory';
  }

  get growthMoves(): boolean {
    return growthMoves(this.program);
  }

  instanceOf(p: number): Instance {
    return this.instances[this.common ? 0 : p];
  }

  /** Index of memory `m` of caller `p` among all memories. */
  memoryIndex(p: number, m: number): number {
    return this.common || m === 0 ? m : 1 + p;
  }

  /** What can be told of a finished execution. */
  outcome(): string {
    const state = this.instances.map((one) => [
      one.globals.map(String),
      one.tables,
      one.droppedData,
      one.droppedElements,
    ]);
    return JSON.stringify([this.results(), state, this.memories.map(({ pages, bytes }) => [pages, ...bytes])]);
  }

  /** Of all calls of all callers. */
  results(): string[][] {
    return this.callers.map(({ results }) => results);
  }

  isDone(p: number): boolean {
    return this.callers[p].results.length === this.program.callers[p].length;
  }

  get finished(): boolean {
    return this.callers.every((_, p) => this.isDone(p));
  }

  /** Callers that can go on; one that waits with a limit can always time out. */
  enabled(): number[] {
    return this.callers.flatMap(({ waiting }, p) =>
      !this.isDone(p) && (waiting === undefined || waiting.limited) ? [p] : [],
    );
  }

  /** The instruction that a caller stands before or in; undefined when its calls are over. */
  instructionOf(p: number): Step | undefined {
    const { call, at } = this.callers[p];
    return this.program.callers[p][call]?.[at];
  }

  /** The instruction is over; what it read is folded into the accumulator. */
  done(p: number, ...read: bigint[]): void {
    const caller = this.callers[p];
    for (const one of read) caller.acc = BigInt.asIntN(64, caller.acc * 31n + one);
    caller.at++;
    caller.part = 0;
    this.skip(p);
  }

  /** The call is over. */
  returned(p: number, result: string): void {
    const caller = this.callers[p];
    caller.results.push(result);
    Object.assign(caller, { call: caller.call + 1, at: 0, part: 0, acc: BigInt(p + 1) });
    if (!this.isDone(p)) this.skip(p);
  }

  /** Passes guarded instructions that do not run. */
  private skip(p: number): void {
    const caller = this.callers[p];
    const steps = this.program.callers[p][caller.call];
    while (caller.at < steps.length && steps[caller.at].guarded && (caller.acc & 1n) === 0n) caller.at++;
    if (caller.at === steps.length) this.returned(p, String(caller.acc));
  }
}
