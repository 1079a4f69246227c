/**
 * The state of a random program, and what one indivisible step of one caller does to it. Written from the
 * specifications, not from the engine: it shares no code with core/stress.
 * Sources: https://webassembly.github.io/spec/core/exec/ ; https://webassembly.github.io/threads/core/ ;
 * wazero's internal/wasm/memory.go and table.go (growth reads, copies, publishes).
 */
import { DATA, type Instruction, MAX_PAGES, MAX_TABLE, PAGE, type Program, TABLE_SIZE } from './program.ts';

/** What an access touches: bytes of memory are cells of their own. */
export interface Access {
  /** `m12`, `extent`, `g0`, `t1`, `tableExtent`, `segment`. */
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

interface CallerState {
  /** Index of the step, and how far it got. */
  at: number;
  part: number;
  acc: bigint;
  /** Between parts: bytes already read, a copy of what grows. */
  held: bigint;
  memoryCopy: Uint8Array | undefined;
  tableCopy: number[] | undefined;
  /** Address it waits at, with a limit or without. */
  waiting: { at: number; limited: boolean } | undefined;
  result: string | undefined;
}

interface Instance {
  globals: [bigint, bigint, bigint];
  table: number[];
  dropped: boolean;
}

/** Bytes that programs can touch: the first lines of page 0, and the first bytes of page 1. */
const LOW = 256;
const HIGH_BYTES = 64;
const index = (address: number): number => (address < PAGE ? address : LOW + address - PAGE);

/** The state between two steps: memory, instances and callers. `clone` copies it, so that both can go on. */
export class World {
  pages = 1;
  bytes: Uint8Array = new Uint8Array(LOW + HIGH_BYTES);
  instances: Instance[];
  callers: CallerState[];
  /** Waiting callers in the order in which they fell asleep. */
  queue: number[] = [];
  readonly program: Program;

  constructor(program: Program) {
    this.program = program;
    const instances = program.model === 'A' ? 1 : program.callers.length;
    this.instances = Array.from({ length: instances }, () => ({
      globals: [0n, 0n, 0n],
      table: Array<number>(TABLE_SIZE).fill(0),
      dropped: false,
    }));
    this.callers = program.callers.map((_, p) => ({
      at: 0,
      part: 0,
      acc: BigInt(p + 1),
      held: 0n,
      memoryCopy: undefined,
      tableCopy: undefined,
      waiting: undefined,
      result: undefined,
    }));
    for (let p = 0; p < this.callers.length; p++) this.skip(p);
  }

  clone(): World {
    const copy = Object.create(World.prototype) as World;
    return Object.assign(copy, {
      program: this.program,
      pages: this.pages,
      bytes: this.bytes.slice(),
      instances: this.instances.map(({ globals, table, dropped }) => ({
        globals: [...globals],
        table: [...table],
        dropped,
      })),
      callers: this.callers.map((caller) => ({ ...caller })),
      queue: [...this.queue],
    });
  }

  /** What can be told of a finished execution. */
  outcome(): string {
    const results = this.callers.map(({ result }) => result);
    const state = this.instances.map(({ globals, table, dropped }) => [globals.map(String), table, dropped]);
    return JSON.stringify([results, this.pages, [...this.bytes], state]);
  }

  get finished(): boolean {
    return this.callers.every(({ result }) => result !== undefined);
  }

  /** Callers that can go on; one that waits with a limit can always time out. */
  enabled(): number[] {
    return this.callers.flatMap(({ result, waiting }, p) =>
      result === undefined && (waiting === undefined || waiting.limited) ? [p] : [],
    );
  }

  /** One step of caller `p`. */
  step(p: number): Effects {
    const caller = this.callers[p];
    const effects: Effects = { accesses: [], sync: undefined, woken: [] };
    if (caller.waiting !== undefined) {
      this.queue = this.queue.filter((q) => q !== p);
      caller.waiting = undefined;
      this.done(p, 2n);
      return effects;
    }
    const trap = this.perform(p, this.program.callers[p][caller.at], effects);
    if (trap !== undefined) caller.result = trap;
    return effects;
  }

  /** The instruction is over; what it read is folded into the accumulator. */
  private done(p: number, ...read: bigint[]): void {
    const caller = this.callers[p];
    for (const one of read) caller.acc = BigInt.asIntN(64, caller.acc * 31n + one);
    caller.at++;
    caller.part = 0;
    this.skip(p);
  }

  /** Passes guarded instructions that do not run. */
  private skip(p: number): void {
    const caller = this.callers[p];
    const steps = this.program.callers[p];
    while (caller.at < steps.length && steps[caller.at].guarded && (caller.acc & 1n) === 0n) caller.at++;
    if (caller.at === steps.length) caller.result = String(caller.acc);
  }

  private get extentMoves(): boolean {
    return this.program.model === 'A' && !this.program.shared;
  }

  private instanceOf(p: number): Instance {
    return this.instances[this.program.model === 'A' ? 0 : p];
  }

  /** Reads the extent of the memory; whether `[at, at + count)` lies in it. */
  private inBounds(effects: Effects, at: number, count: number): boolean {
    if (this.extentMoves) effects.accesses.push({ cell: 'extent', write: false, atomic: undefined });
    return at + count <= this.pages * PAGE;
  }

  private read(effects: Effects, at: number, count: number, atomic?: string): bigint {
    let value = 0n;
    for (let i = count - 1; i >= 0; i--) {
      effects.accesses.push({ cell: `m${at + i}`, write: false, atomic });
      value = (value << 8n) | BigInt(this.bytes[index(at + i)]);
    }
    return value;
  }

  private write(effects: Effects, at: number, count: number, value: bigint, atomic?: string): void {
    for (let i = 0; i < count; i++) {
      effects.accesses.push({ cell: `m${at + i}`, write: true, atomic });
      this.bytes[index(at + i)] = Number((value >> BigInt(8 * i)) & 0xffn);
    }
  }

  /** A trap's text, undefined when there is none. */
  private perform(p: number, step: Instruction, effects: Effects): string | undefined {
    switch (step.op) {
      case 'load':
      case 'store':
        return step.atomic ? this.atomic(p, step, effects) : this.plain(p, step, effects);
      case 'add':
      case 'exchange':
      case 'compareExchange':
        return this.atomic(p, step, effects);
      case 'global.get':
      case 'global.set':
        return this.global(p, step, effects);
      case 'table.get':
      case 'table.set':
      case 'table.size':
      case 'table.grow':
        return this.table(p, step, effects);
      case 'memory.size':
      case 'memory.grow':
        return this.extent(p, step, effects);
      case 'memory.fill':
      case 'memory.copy':
      case 'memory.init':
      case 'data.drop':
        return this.bulk(p, step, effects);
      case 'wait':
      case 'notify':
        return this.waiting(p, step, effects);
    }
  }

  /** Plain accesses wider than four bytes, or misaligned, are two: the memory model lets them tear. */
  private plain(p: number, step: Extract<Instruction, { op: 'load' | 'store' }>, effects: Effects): string | undefined {
    const caller = this.callers[p];
    const { width, at } = step;
    if (caller.part === 0) {
      if (!this.inBounds(effects, at, width)) return OUT_OF_BOUNDS;
    } else if (this.extentMoves) effects.accesses.push({ cell: 'extent', write: false, atomic: undefined });
    const tears = width > 4 || (width > 1 && at % width !== 0);
    const size = tears ? width / 2 : width;
    const from = at + caller.part * size;
    const last = !tears || caller.part === 1;
    if (step.op === 'load') {
      const half = this.read(effects, from, size);
      if (!last) {
        caller.held = half;
        caller.part = 1;
      } else {
        const whole = tears ? (half << BigInt(8 * size)) | caller.held : half;
        if (width === 16) this.done(p, BigInt.asIntN(64, whole), BigInt.asIntN(64, whole >> 64n));
        else this.done(p, whole);
      }
      return undefined;
    }
    const value = this.written(p, step);
    const lane = BigInt.asUintN(64, value);
    const whole = width === 16 ? (lane << 64n) | lane : lane;
    this.write(effects, from, size, whole >> BigInt(8 * caller.part * size));
    if (last) this.done(p);
    else caller.part = 1;
    return undefined;
  }

  private written(p: number, step: { value: number; mixes?: boolean }): bigint {
    return BigInt.asIntN(64, BigInt(step.value) + (step.mixes === true ? this.callers[p].acc : 0n));
  }

  private atomic(
    p: number,
    step: Extract<Instruction, { op: 'load' | 'store' | 'add' | 'exchange' | 'compareExchange' }>,
    effects: Effects,
  ): string | undefined {
    const { width, at } = step;
    if (!this.inBounds(effects, at, width)) return OUT_OF_BOUNDS;
    const place = `${at}/${width}`;
    const mask = BigInt(width * 8);
    if (step.op === 'load') {
      effects.sync = { place, acquire: true, release: false };
      this.done(p, this.read(effects, at, width, place));
      return undefined;
    }
    if (step.op === 'store') {
      effects.sync = { place, acquire: false, release: true };
      this.write(effects, at, width, this.written(p, step), place);
      this.done(p);
      return undefined;
    }
    const old = this.read(effects, at, width, place);
    const wanted = step.op === 'compareExchange' ? BigInt.asUintN(width * 8, BigInt(step.expected)) : old;
    const changes = old === wanted;
    const sum = step.op === 'add' ? old + BigInt(step.value) : BigInt(step.value);
    if (changes) this.write(effects, at, width, BigInt.asUintN(Number(mask), sum), place);
    effects.sync = { place, acquire: true, release: changes };
    this.done(p, old);
    return undefined;
  }

  /** A global of type v128 is two words. */
  private global(
    p: number,
    step: Extract<Instruction, { op: 'global.get' | 'global.set' }>,
    effects: Effects,
  ): string | undefined {
    const caller = this.callers[p];
    const { globals } = this.instanceOf(p);
    const write = step.op === 'global.set';
    if (this.program.model === 'A') effects.accesses.push({ cell: `g${step.global}`, write, atomic: undefined });
    const slot = step.global === 0 ? 0 : 1 + caller.part;
    const last = step.global === 0 || caller.part === 1;
    if (step.op === 'global.set') {
      globals[slot] = this.written(p, step);
      if (last) this.done(p);
    } else if (step.global === 0) this.done(p, globals[0]);
    else if (last) this.done(p, caller.held, globals[2]);
    else caller.held = globals[1];
    if (!last) caller.part = 1;
    return undefined;
  }

  private table(
    p: number,
    step: Extract<Instruction, { op: 'table.get' | 'table.set' | 'table.size' | 'table.grow' }>,
    effects: Effects,
  ): string | undefined {
    const caller = this.callers[p];
    const instance = this.instanceOf(p);
    const common = this.program.model === 'A';
    const touch = (cell: string, write: boolean): void => {
      if (common) effects.accesses.push({ cell, write, atomic: undefined });
    };
    if (step.op === 'table.size' || step.op === 'table.get' || step.op === 'table.set') {
      touch('tableExtent', false);
      if (step.op === 'table.size') {
        this.done(p, BigInt(instance.table.length));
        return undefined;
      }
      if (step.slot >= instance.table.length) return TABLE_BOUNDS;
      touch(`t${step.slot}`, step.op === 'table.set');
      if (step.op === 'table.get') this.done(p, instance.table[step.slot] === 0 ? 1n : 0n);
      else {
        instance.table[step.slot] = step.set ? 1 : 0;
        this.done(p);
      }
      return undefined;
    }
    if (caller.part === 1) {
      touch('tableExtent', true);
      const copy = caller.tableCopy ?? [];
      caller.tableCopy = undefined;
      instance.table = [...copy, ...Array<number>(step.by).fill(0)];
      this.done(p, BigInt(copy.length));
      return undefined;
    }
    const old = instance.table.length;
    const grows = step.by > 0 && old + step.by <= MAX_TABLE;
    touch('tableExtent', grows);
    if (!grows) this.done(p, step.by === 0 ? BigInt(old) : REFUSED);
    else if (common) {
      caller.tableCopy = [...instance.table];
      caller.part = 1;
    } else {
      instance.table.push(...Array<number>(step.by).fill(0));
      this.done(p, BigInt(old));
    }
    return undefined;
  }

  private extent(
    p: number,
    step: Extract<Instruction, { op: 'memory.size' | 'memory.grow' }>,
    effects: Effects,
  ): string | undefined {
    const caller = this.callers[p];
    const moves = this.extentMoves;
    const touch = (write: boolean): void => {
      if (moves) effects.accesses.push({ cell: 'extent', write, atomic: undefined });
      else effects.sync = { place: 'extent', acquire: true, release: write };
    };
    if (step.op === 'memory.size') {
      touch(false);
      this.done(p, BigInt(this.pages));
      return undefined;
    }
    if (caller.part === 1) {
      touch(true);
      const copy = caller.memoryCopy as Uint8Array;
      const old = caller.held;
      caller.memoryCopy = undefined;
      // What lay beyond the copy is new: zeros.
      this.bytes = copy.slice();
      if (old === 1n) this.bytes.fill(0, LOW);
      this.pages = Number(old) + step.by;
      this.done(p, old);
      return undefined;
    }
    const grows = step.by > 0 && this.pages + step.by <= MAX_PAGES;
    touch(grows);
    if (!grows) this.done(p, step.by === 0 ? BigInt(this.pages) : REFUSED);
    else if (moves) {
      caller.memoryCopy = this.bytes.slice();
      caller.held = BigInt(this.pages);
      caller.part = 1;
    } else {
      this.pages += step.by;
      this.done(p, BigInt(this.pages - step.by));
    }
    return undefined;
  }

  /** Byte by byte, upwards; bounds are checked before the first byte. */
  private bulk(
    p: number,
    step: Extract<Instruction, { op: 'memory.fill' | 'memory.copy' | 'memory.init' | 'data.drop' }>,
    effects: Effects,
  ): string | undefined {
    const caller = this.callers[p];
    const instance = this.instanceOf(p);
    const common = this.program.model === 'A';
    if (step.op === 'data.drop') {
      if (common) effects.accesses.push({ cell: 'segment', write: true, atomic: undefined });
      instance.dropped = true;
      this.done(p);
      return undefined;
    }
    const to = step.op === 'memory.fill' ? step.at : step.to;
    if (caller.part === 0) {
      if (step.op === 'memory.init' && common)
        effects.accesses.push({ cell: 'segment', write: false, atomic: undefined });
      const source = step.op === 'memory.copy' ? this.inBounds(effects, step.from, step.count) : true;
      const length = step.op === 'memory.init' ? (instance.dropped ? 0 : DATA.length) : Number.POSITIVE_INFINITY;
      const within = step.op !== 'memory.init' || step.from + step.count <= length;
      if (!this.inBounds(effects, to, step.count) || !source || !within) return OUT_OF_BOUNDS;
    } else if (this.extentMoves) effects.accesses.push({ cell: 'extent', write: false, atomic: undefined });
    if (step.count > 0) {
      const i = caller.part;
      const byte =
        step.op === 'memory.fill'
          ? BigInt(step.value)
          : step.op === 'memory.init'
            ? BigInt(DATA[step.from + i])
            : this.read(effects, step.from + i, 1);
      this.write(effects, to + i, 1, byte);
    }
    if (caller.part + 1 >= step.count) this.done(p);
    else caller.part++;
    return undefined;
  }

  private waiting(
    p: number,
    step: Extract<Instruction, { op: 'wait' | 'notify' }>,
    effects: Effects,
  ): string | undefined {
    const caller = this.callers[p];
    if (!this.inBounds(effects, step.at, 4)) return OUT_OF_BOUNDS;
    if (step.op === 'notify') {
      const woken = this.queue.filter((q) => this.callers[q].waiting?.at === step.at).slice(0, step.count);
      this.queue = this.queue.filter((q) => !woken.includes(q));
      for (const q of woken) {
        this.callers[q].waiting = undefined;
        this.done(q, 0n);
      }
      effects.woken = woken;
      this.done(p, BigInt(woken.length));
      return undefined;
    }
    const place = `${step.at}/4`;
    effects.sync = { place, acquire: true, release: false };
    const found = this.read(effects, step.at, 4, place);
    if (found !== BigInt.asUintN(32, BigInt(step.expected))) this.done(p, 1n);
    else if (step.timeout === 0) this.done(p, 2n);
    else {
      caller.waiting = { at: step.at, limited: step.timeout > 0 };
      this.queue.push(p);
    }
    return undefined;
  }
}

const REFUSED = 0xffffffffn;
const OUT_OF_BOUNDS = 'trap: memory access out of bounds';
const TABLE_BOUNDS = 'trap: table index is out of bounds';
