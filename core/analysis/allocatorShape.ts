/**
 * Whether a function can be an allocator at all: the address that it returns comes from state that it also changes, such
 * as a free list, a bump pointer, the size of a memory or the host. A function that returns a constant, its argument, or
 * a global that nothing changes hands out no blocks, whatever its name.
 */
import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import { BlockForm, type Instruction, nextInstruction } from '../wasm/immediates.ts';
import { ACCESS, Access, MNEMONIC, POPS, PUSHES } from '../wasm/instructions.ts';
import type { Module } from '../wasm/module.ts';
import { Op } from '../wasm/ops.ts';
import { skipLocals } from '../wasm/skip.ts';
import type { FuncType } from '../wasm/types.ts';
import { findStackPointer } from './stackPointer.ts';

/** Where a value comes from, as bits: 0 for small constants. */
const From = {
  /** A global that is set, the size of a memory, the host, code that is not known; what these lead to. */
  State: 1,
  /** Memory at fixed addresses, and what it leads to: state if any of it is written. */
  Memory: 2,
  /** A fixed address, maybe with an index. */
  Fixed: 4,
  /** The shadow stack: an address of a frame. */
  Frame: 8,
  /** A parameter. */
  Parameter: 16,
  /** What a parameter leads to. */
  Through: 32,
  /** Of a function: it writes what its parameters lead to. */
  Writes: 64,
} as const;

/** Constants from here on are addresses: compilers put no data below, and objects are seldom larger. */
const FIRST_ADDRESS = 1024;

/** Functions and bytes of code that are looked at for one; what is beyond them may have any state. */
const MAX_FUNCTIONS = 64;
const MAX_BYTES = 100_000;
/** Times that values are followed through one body: compiled code needs a few. */
const MAX_PASSES = 32;
/** Instructions that are followed in a module, each as often as that happens. */
const MAX_STEPS = 2_000_000;

/** What is kept while the functions of one module are looked at. */
export interface ShapeMemory {
  /** Decoded bodies by function. */
  bodies: Map<number, readonly Instruction[]>;
  /** Functions that have the shape. */
  allocators: Set<number>;
  /** Instructions that may still be followed. */
  steps: number;
}

/** Nothing is known yet. */
export const newShapeMemory = (): ShapeMemory => ({ bodies: new Map(), allocators: new Set(), steps: MAX_STEPS });

/**
 * Whether the result of a function, which has one, can be a new block. False as well if the code cannot be read, or is
 * too intricate.
 */
export function looksLikeAllocator(module: Module, func: number, memory: ShapeMemory = newShapeMemory()): boolean {
  if (func < module.functions.imported) return true;
  try {
    const found = hasState(module, func, memory);
    if (found) memory.allocators.add(func);
    return found;
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
    return false;
  }
}

function hasState(module: Module, func: number, memory: ShapeMemory): boolean {
  // Most allocators need no look at what they call.
  for (const deep of [false, true]) {
    const reached = reachedFrom(module, func, memory, deep);
    if (reached === undefined) return true;
    // Callees first, so that their results are known. Each round adds a bit somewhere, or is the last one.
    const order = [...reached.functions].reverse();
    let changed: boolean;
    do {
      changed = false;
      for (const one of order) if (followBody(module, one, reached)) changed = true;
      const result = reached.results.get(func) ?? 0;
      if ((result & From.State) !== 0 || ((result & From.Memory) !== 0 && reached.writes)) return true;
    } while (changed);
  }
  return false;
}

/** A function with all that it calls directly, and what is known of them. */
interface Reached {
  functions: ReadonlySet<number>;
  memory: ShapeMemory;
  /** Globals that they set. */
  globals: ReadonlySet<number>;
  /** Global index, or -1. */
  stackPointer: number;
  /** Where the results of each come from. */
  results: Map<number, number>;
  /** They write memory that they were not passed. */
  writes: boolean;
}

/** Undefined if it is more than is looked at. */
function reachedFrom(module: Module, func: number, memory: ShapeMemory, deep: boolean): Reached | undefined {
  const { imported, bodyStart, bodyEnd } = module.functions;
  const functions = new Set([func]);
  const globals = new Set<number>();
  let bytes = 0;
  for (const one of functions) {
    bytes += bodyEnd[one - imported] - bodyStart[one - imported];
    if (bytes > MAX_BYTES || functions.size > MAX_FUNCTIONS) return undefined;
    for (const { id, values } of bodyOf(module, one, memory)) {
      if (deep && ACCESS[id] === Access.Call && values[0] >= imported && !memory.allocators.has(values[0]))
        functions.add(values[0]);
      if (id === Op.global_set) globals.add(values[0]);
    }
  }
  const stackPointer = findStackPointer(module, new Uint32Array()).global;
  return { functions, memory, globals, stackPointer, results: new Map(), writes: false };
}

function bodyOf(module: Module, func: number, { bodies }: ShapeMemory): readonly Instruction[] {
  const known = bodies.get(func);
  if (known !== undefined) return known;
  const { imported, bodyStart, bodyEnd } = module.functions;
  const start = bodyStart[func - imported];
  if (!(start > 0)) throw new DecodeFailure(0, 'the function has no body');
  const c = new Cursor(module.bytes, start, bodyEnd[func - imported]);
  skipLocals(c);
  const body: Instruction[] = [];
  while (c.pos < c.end) body.push(nextInstruction(c));
  bodies.set(func, body);
  return body;
}

/** Follows values through one body, in whatever order it runs; returns whether it adds to what is known. */
function followBody(module: Module, func: number, reached: Reached): boolean {
  const type = funcType(module, module.functions.typeIndex[func]);
  const body = bodyOf(module, func, reached.memory);
  const locals = new Map<number, number>(type.params.map((_, k) => [k, From.Parameter]));
  const before = reached.results.get(func) ?? 0;
  const wrote = reached.writes;
  const found = { frame: 0, result: before, again: false };
  let passes = 0;
  let stack: number[] = [];
  /** Loops carry what branches back bring; a body has few of them, so that one value is enough. */
  let carried = 0;
  let blocks: { height: number; params: number; results: number; out: number }[] = [];
  do {
    found.again = false;
    stack = [];
    blocks = [{ height: 0, params: 0, results: type.results.length, out: 0 }];
    reached.memory.steps -= body.length;
    if (++passes > MAX_PASSES || reached.memory.steps < 0) throw new DecodeFailure(0, 'too intricate');
    for (const i of body) step(i);
  } while (found.again);
  reached.results.set(func, found.result);
  return found.result !== before || reached.writes !== wrote;

  function pop(count = 1): number {
    let bits = 0;
    for (let k = 0; k < count; k++) bits |= stack.pop() ?? 0;
    return bits;
  }

  function push(count: number, bits: number): void {
    for (let k = 0; k < count; k++) stack.push(bits);
  }

  /** What is on the stack above `height`, which becomes its height. */
  function cut(height: number): number {
    return pop(Math.max(0, stack.length - height));
  }

  /** `known` with more bits; if these are new, the body is followed again. */
  function more(known: number, bits: number): number {
    if ((known | bits) !== known) found.again = true;
    return known | bits;
  }

  function leave(label: number): void {
    const target = blocks[blocks.length - 1 - label];
    if (target === undefined) return;
    const bits = stack.slice(target.height).reduce((a, b) => a | b, 0);
    target.out |= bits;
    carried = more(carried, bits);
  }

  function step(i: Instruction): void {
    switch (i.id) {
      case Op.block:
      case Op.loop:
      case Op.try:
      case Op.try_table:
      case Op.if: {
        if (i.id === Op.if) pop();
        const { params, results } = blockType(module, i);
        const given = pop(params) | carried;
        blocks.push({ height: stack.length, params, results, out: 0 });
        push(params, given);
        break;
      }
      case Op.else:
      case Op.catch:
      case Op.catch_all: {
        const own = blocks[blocks.length - 1];
        if (own === undefined) throw new DecodeFailure(i.start, 'not followed');
        own.out |= cut(own.height);
        push(own.params, own.out | carried);
        break;
      }
      case Op.end:
      case Op.delegate: {
        const own = blocks.pop();
        if (own === undefined) break;
        own.out |= cut(own.height);
        push(own.results, own.out);
        if (blocks.length === 0) found.result |= own.out;
        break;
      }
      case Op.br_if:
      case Op.br:
      case Op.br_table:
        if (i.id !== Op.br) pop();
        for (const label of i.values) leave(label);
        break;
      case Op.return:
        found.result |= pop(type.results.length);
        break;
      case Op.throw:
      case Op.rethrow:
        break;
      case Op.select:
      case Op.select_t:
        pop();
        push(1, pop(2));
        break;
      case Op.i32_const:
        push(1, i.values[0] >= 0 && i.values[0] < FIRST_ADDRESS ? 0 : From.Fixed);
        break;
      case Op.i64_const:
        push(1, i.wide >= 0n && i.wide < FIRST_ADDRESS ? 0 : From.Fixed);
        break;
      case Op.local_get:
        push(1, locals.get(i.values[0]) ?? 0);
        break;
      case Op.local_set:
      case Op.local_tee: {
        const bits = pop();
        locals.set(i.values[0], more(locals.get(i.values[0]) ?? 0, bits));
        if (i.id === Op.local_tee) push(1, bits);
        break;
      }
      case Op.global_get:
        if (i.values[0] === reached.stackPointer) push(1, From.Frame);
        else push(1, reached.globals.has(i.values[0]) ? From.State : From.Fixed);
        break;
      default:
        if (ACCESS[i.id] === Access.Call) call(i, i.values[0]);
        else if (ACCESS[i.id] === Access.CallIndirect || ACCESS[i.id] === Access.CallRef) call(i, undefined);
        else plain(i);
    }
  }

  function call(i: Instruction, callee: number | undefined): void {
    const called = funcType(module, callee === undefined ? i.values[0] : module.functions.typeIndex[callee]);
    if (callee === undefined) pop();
    const given = pop(called.params.length);
    // It may write what it finds into a frame that it gets.
    if ((given & From.Frame) !== 0) found.frame = more(found.frame, From.State);
    const result = resultOf(callee);
    let bits = result & (From.State | From.Memory | From.Fixed);
    if ((result & From.Parameter) !== 0) bits |= given;
    if ((result & From.Through) !== 0) bits |= loaded(given);
    if ((result & From.Writes) !== 0) stored(given, given);
    push(called.results.length, bits);
    if (TAIL_CALLS.has(i.id)) found.result |= bits;
  }

  function resultOf(callee: number | undefined): number {
    const known = callee !== undefined && callee >= module.functions.imported && !reached.memory.allocators.has(callee);
    return known ? (reached.results.get(callee) ?? 0) : From.State;
  }

  function plain({ id, wide }: Instruction): void {
    if (POPS[id] < 0 || PUSHES[id] < 0) {
      // Instructions on objects, which no allocator of a linear memory has: anything.
      found.result |= From.State;
      push(1, From.State);
      return;
    }
    const operands = Array.from({ length: POPS[id] }, () => pop()).reverse();
    const all = operands.reduce((a, b) => a | b, 0);
    const address = (operands[0] ?? 0) | (wide >= FIRST_ADDRESS ? From.Fixed : 0);
    switch (ACCESS[id]) {
      case Access.Load:
      case Access.AtomicLoad:
        push(1, loaded(address));
        break;
      case Access.AtomicRmw:
        stored(address, all);
        push(1, loaded(address));
        break;
      case Access.Store:
      case Access.AtomicStore:
      case Access.MemoryFill:
      case Access.MemoryCopy:
      case Access.MemoryInit:
        stored(address, all);
        break;
      case Access.MemoryGrow:
        push(1, From.State);
        break;
      default:
        push(PUSHES[id], COMPARISON.test(MNEMONIC[id] ?? '') ? 0 : all);
    }
  }

  function loaded(address: number): number {
    let bits = address & (From.State | From.Memory | From.Through);
    if (address === 0 || (address & From.Fixed) !== 0) bits |= From.Memory;
    if ((address & From.Frame) !== 0) bits |= found.frame;
    if ((address & From.Parameter) !== 0) bits |= From.Through;
    return bits;
  }

  function stored(address: number, value: number): void {
    if ((address & From.Frame) !== 0) found.frame = more(found.frame, value & ~From.Frame);
    if ((address & (From.Parameter | From.Through)) !== 0) found.result |= From.Writes;
    if (address === 0 || (address & (From.Fixed | From.State | From.Memory)) !== 0) reached.writes = true;
  }
}

const TAIL_CALLS: ReadonlySet<number> = new Set([Op.return_call, Op.return_call_indirect, Op.return_call_ref]);

/** A choice by a comparison is no computation from what is compared. */
const COMPARISON = /\.(?:eqz?|ne|lt|gt|le|ge)(?:_[su])?$/;

function funcType(module: Module, index: number): FuncType {
  const composite = module.types[index]?.composite;
  if (composite?.kind !== 'func') throw new DecodeFailure(0, 'unknown type');
  return composite;
}

function blockType(module: Module, { values: [form, value] }: Instruction): { params: number; results: number } {
  if (form !== BlockForm.Type) return { params: 0, results: form === BlockForm.Result ? 1 : 0 };
  const { params, results } = funcType(module, value);
  return { params: params.length, results: results.length };
}
