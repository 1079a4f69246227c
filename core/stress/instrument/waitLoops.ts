/**
 * Loops that only wait: an iteration that reads the same values as the one before it ends in the same state, so that
 * nothing but a change by somebody else ends the loop. A caller that spins in such a loop can be suspended without
 * losing a schedule. The proof is static and conservative: no instruction of the loop writes anything but locals, and no
 * local carries a value from one iteration to the next.
 */
import { Cursor, DecodeFailure } from '../../wasm/cursor.ts';
import { BlockForm, type Instruction, nextInstruction } from '../../wasm/immediates.ts';
import { ACCESS, Access } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
import { Op } from '../../wasm/ops.ts';
import { skipLocals } from '../../wasm/skip.ts';

/** Instructions of a loop, its own included, and where it stands. */
interface Loop {
  first: number;
  last: number;
}

/** The access that repeats. */
export interface Spin {
  func: number;
  /** Byte offset of the instruction. */
  offset: number;
}

interface Body {
  instructions: readonly Instruction[];
  /** Of each instruction, the blocks around it, outermost first; the arms of an `if` are different blocks. */
  blocks: readonly (readonly number[])[];
  loops: readonly Loop[];
}

/** Answers for one module; answers are kept. */
export class WaitLoops {
  private readonly module: Module;
  private readonly bodies = new Map<number, Body | undefined>();
  private readonly proven = new Map<string, boolean>();
  private callers: Map<number, Set<number>> | undefined;

  constructor(module: Module) {
    this.module = module;
  }

  /**
   * Whether the instruction at byte `offset` of function `func` stands in a loop, and every loop around it, in this
   * function and in those that call it, only waits.
   */
  onlyWaits(func: number, offset: number): boolean {
    return this.onlyRetries(func, offset, { func, offset });
  }

  /** The same where the loops may have the read-modify-write `spin`: they wait as long as it changes nothing. */
  onlyRetries(func: number, offset: number, spin: Spin): boolean {
    const key = `${func} ${offset} ${spin.func} ${spin.offset}`;
    let known = this.proven.get(key);
    if (known === undefined) {
      known = this.prove(func, offset, spin);
      this.proven.set(key, known);
    }
    return known;
  }

  private prove(func: number, offset: number, spin: Spin): boolean {
    const own = this.loopsAround(func, (instruction) => instruction.start === offset);
    if (own === undefined) return false;
    let loops = own.length;
    const waits = (f: number, around: readonly Loop[]): boolean => around.every((loop) => this.waits(f, loop, spin));
    if (!waits(func, own) || this.mayBeCalledIndirectly(func)) return false;
    for (const caller of this.callersOf(func)) {
      const around = this.loopsAround(
        caller,
        ({ id, values }) => ACCESS[id] === Access.Call && (values[0] === func || this.callersOf(func).has(values[0])),
      );
      if (around === undefined || !waits(caller, around) || this.mayBeCalledIndirectly(caller)) return false;
      loops += around.length;
    }
    return loops > 0;
  }

  /** Loops of a function around any instruction that `fits`; undefined when its body cannot be read. */
  private loopsAround(func: number, fits: (instruction: Instruction) => boolean): readonly Loop[] | undefined {
    const body = this.bodyOf(func);
    return body?.loops.filter(({ first, last }) => body.instructions.slice(first, last).some(fits));
  }

  /** @param spin the access that repeats: it alone may be a read-modify-write, as one elsewhere may count */
  private waits(func: number, { first, last }: Loop, spin: Spin): boolean {
    const body = this.bodyOf(func) as Body;
    const [form] = body.instructions[first].values;
    if (form === BlockForm.Type) return false; // It may take parameters, which carry values.
    const own = body.instructions.slice(first, last);
    return own.every((one) => this.writesNothing(one, func, spin, new Set())) && !carries(body, first, last);
  }

  private writesNothing({ id, start, values }: Instruction, func: number, spin: Spin, seen: Set<number>): boolean {
    switch (ACCESS[id]) {
      case Access.None:
      case Access.Load:
      case Access.AtomicLoad:
      case Access.AtomicWait:
      case Access.GlobalGet:
      case Access.TableGet:
      case Access.TableSize:
      case Access.MemorySize:
      case Access.HeapRead:
        return true;
      case Access.AtomicRmw:
        return func === spin.func && start === spin.offset;
      case Access.Call:
        return this.isQuiet(values[0], spin, seen);
      default:
        return false;
    }
  }

  /** A function that changes nothing but its own locals, the repeating access apart. */
  private isQuiet(func: number, spin: Spin, seen: Set<number>): boolean {
    if (seen.has(func)) return true;
    seen.add(func);
    return this.bodyOf(func)?.instructions.every((one) => this.writesNothing(one, func, spin, seen)) ?? false;
  }

  /** Functions that call `func`, directly or through others; indirect calls make a function unknown. */
  private callersOf(func: number): ReadonlySet<number> {
    this.callers ??= this.callGraph();
    const found = new Set<number>();
    const queue = [func];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      for (const caller of this.callers.get(next) ?? []) {
        if (found.has(caller)) continue;
        found.add(caller);
        queue.push(caller);
      }
    }
    return found;
  }

  /** Whether a loop that cannot be seen from here may call the function: references to it exist. */
  private mayBeCalledIndirectly(func: number): boolean {
    return this.module.elements.some(
      ({ mode, functions }) => mode !== 'declarative' && (functions === undefined || functions.includes(func)),
    );
  }

  private callGraph(): Map<number, Set<number>> {
    const callers = new Map<number, Set<number>>();
    const { imported, typeIndex } = this.module.functions;
    for (let func = imported; func < typeIndex.length; func++) {
      for (const { id, values } of this.bodyOf(func)?.instructions ?? []) {
        if (ACCESS[id] !== Access.Call) continue;
        const known = callers.get(values[0]) ?? new Set();
        callers.set(values[0], known.add(func));
      }
    }
    return callers;
  }

  private bodyOf(func: number): Body | undefined {
    if (!this.bodies.has(func)) this.bodies.set(func, readBody(this.module, func));
    return this.bodies.get(func);
  }
}

/** Undefined for imported functions and for bodies that cannot be read whole. */
function readBody({ functions, bytes }: Module, func: number): Body | undefined {
  const d = func - functions.imported;
  if (d < 0 || functions.bodyEnd[d] === 0) return undefined;
  const instructions: Instruction[] = [];
  const blocks: (readonly number[])[] = [];
  const loops: Loop[] = [];
  const open: { id: number; loop: number }[] = [];
  let blockCount = 0;
  try {
    const cursor = new Cursor(bytes, functions.bodyStart[d], functions.bodyEnd[d]);
    skipLocals(cursor);
    while (cursor.pos < functions.bodyEnd[d]) {
      const instruction = nextInstruction(cursor);
      const index = instructions.push(instruction) - 1;
      blocks.push(open.map(({ id }) => id));
      switch (instruction.id) {
        case Op.block:
        case Op.loop:
        case Op.if:
        case Op.try_table:
          open.push({ id: ++blockCount, loop: instruction.id === Op.loop ? index : -1 });
          break;
        case Op.try:
          return undefined; // The legacy form of exception handling is not read here.
        case Op.else: {
          const arm = open.at(-1);
          if (arm !== undefined) arm.id = ++blockCount;
          break;
        }
        case Op.end: {
          const closed = open.pop();
          if (closed !== undefined && closed.loop >= 0) loops.push({ first: closed.loop, last: index });
          break;
        }
        default:
      }
    }
  } catch (error) {
    if (error instanceof DecodeFailure) return undefined;
    throw error;
  }
  return { instructions, blocks, loops };
}

/** Whether some local is written in the loop and may be read there before it is written in the same iteration. */
function carries({ instructions, blocks }: Body, first: number, last: number): boolean {
  const written = new Map<number, number[]>();
  for (let i = first; i < last; i++) {
    const { id, values } = instructions[i];
    if (id !== Op.local_set && id !== Op.local_tee) continue;
    const found = written.get(values[0]);
    if (found === undefined) written.set(values[0], [i]);
    else found.push(i);
  }
  for (let i = first; i < last; i++) {
    const { id, values } = instructions[i];
    const writes = id === Op.local_get ? written.get(values[0]) : undefined;
    if (writes === undefined) continue;
    // A write dominates what follows it in its own block and in blocks within that.
    const dominated = writes.some((at) => at < i && blocks[at].every((block, depth) => blocks[i][depth] === block));
    if (!dominated) return true;
  }
  return false;
}
