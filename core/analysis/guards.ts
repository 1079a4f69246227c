/**
 * Which writes and calls of a function run only if a branch on a value from memory lets them. One-time initialisation has
 * this form: the thread that wins a compare-exchange writes, the others pass by. It is told by following through one body
 * what was computed from an atomic read-modify-write (`won`) or from a plain or atomic load (`read`).
 */
import { message } from '../text/l10n.ts';
import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import { BlockForm, type Instruction, nextInstruction } from '../wasm/immediates.ts';
import { ACCESS, Access, POPS, PUSHES } from '../wasm/instructions.ts';
import type { Module } from '../wasm/module.ts';
import { Op } from '../wasm/ops.ts';
import { startsHeapType } from '../wasm/types.ts';

/** Strength of a guard, weakest first: none, a value that was loaded, the old value of an atomic read-modify-write. */
export const Guard = { None: 0, Read: 1, Won: 2 } as const;

/** A write of memory, a call, or a wait, and what guards it. */
export interface GuardedStep {
  /** Byte offset of the instruction. */
  offset: number;
  guard: number;
  /** Memory written, or -1. */
  memory: number;
  /** Function called: -1 for none, -2 for any one through a table or reference. */
  callee: number;
  /** It is neither of these, but an atomic operation in which, or around which in a loop, a thread may wait for another. */
  waits?: boolean;
}

/** Callee of an indirect call. */
export const ANY_CALLEE = -2;

interface Block {
  kind: 'block' | 'loop' | 'if';
  /** Guard of the code from here to the block's end. */
  guard: number;
  /** Height of the operand stack below the block. */
  height: number;
  results: number;
  /** Guard of the condition of an `if`. */
  condition: number;
  /** Outermost block that an arm of an `if` leaves for good; undefined if both arms go on behind it. */
  escape: number | undefined;
}

/**
 * Writes, calls and waits of the body of `func`, in order. Throws `DecodeFailure` for a body that cannot be read.
 * `calls(f)`: guard value of the result of a direct call of `f`.
 */
export function guardedSteps(module: Module, func: number, calls: (f: number) => number): GuardedStep[] {
  const d = func - module.functions.imported;
  const end = module.functions.bodyEnd[d];
  const c = new Cursor(module.bytes, module.functions.bodyStart[d], end);
  skipLocals(c);
  const found: GuardedStep[] = [];
  const locals = new Map<number, number>();
  let stack: number[] = [];
  const blocks: Block[] = [block('block', Guard.None, 0, 0)];
  /** Nesting inside of code that is never reached, from one; 0 where code is reached. */
  let dead = 0;
  let left: number | undefined;
  const pop = (): number => stack.pop() ?? Guard.None;
  const popAll = (count: number): number => {
    let strongest: number = Guard.None;
    for (let i = 0; i < count; i++) strongest = Math.max(strongest, pop());
    return strongest;
  };
  const push = (count: number, value: number): void => {
    for (let i = 0; i < count; i++) stack.push(value);
  };
  const guardNow = (): number => blocks.reduce((most, { guard }) => Math.max(most, guard), Guard.None as number);
  /** Code up to the end of block `index` runs only if a branch on `value` was not taken there. */
  const guardUntil = (index: number, value: number): void => {
    const target = blocks[index];
    // A branch back repeats: it takes a lock, but makes nothing happen once only.
    if (target !== undefined && target.kind !== 'loop') target.guard = Math.max(target.guard, value);
  };
  const leave = (index: number): void => {
    dead = 1;
    left = blocks[index]?.kind === 'loop' ? undefined : index;
  };
  const endOfArm = (one: Block): void => {
    if (dead > 0 && left !== undefined && one.kind === 'if') one.escape = Math.min(one.escape ?? left, left);
    dead = 0;
    left = undefined;
  };

  while (c.pos < end) {
    const i = nextInstruction(c);
    if (dead > 0 && i.id !== Op.end && i.id !== Op.else) {
      if (opensBlock(i.id)) dead++;
      continue;
    }
    if (dead > 1) {
      if (i.id === Op.end) dead--;
      continue;
    }
    const own = blocks[blocks.length - 1];
    switch (i.id) {
      case Op.block:
      case Op.loop:
      case Op.try:
      case Op.try_table:
        blocks.push(block(i.id === Op.loop ? 'loop' : 'block', Guard.None, stack.length, resultsOf(module, i)));
        break;
      case Op.if: {
        const condition = pop();
        blocks.push({ ...block('if', condition, stack.length, resultsOf(module, i)), condition });
        break;
      }
      case Op.else:
        endOfArm(own);
        stack.length = Math.min(stack.length, own.height);
        break;
      case Op.end: {
        endOfArm(own);
        blocks.pop();
        const value = stack.length > own.height ? popAll(stack.length - own.height) : Guard.None;
        stack.length = Math.min(stack.length, own.height);
        push(own.results, value);
        if (own.escape !== undefined) guardUntil(Math.max(own.escape, 0), own.condition);
        break;
      }
      case Op.br_if:
        guardUntil(blocks.length - 1 - i.values[0], pop());
        break;
      case Op.br_table: {
        const value = pop();
        if (new Set(i.values).size > 1) guardUntil(blocks.length - 1 - Math.max(...i.values), value);
        leave(blocks.length - 1 - Math.max(...i.values));
        break;
      }
      case Op.br:
        leave(blocks.length - 1 - i.values[0]);
        break;
      case Op.return:
      case Op.unreachable:
        leave(0);
        break;
      case Op.local_get:
        stack.push(locals.get(i.values[0]) ?? Guard.None);
        break;
      case Op.local_set:
        locals.set(i.values[0], pop());
        break;
      case Op.local_tee:
        locals.set(i.values[0], stack.at(-1) ?? Guard.None);
        break;
      default:
        other(i);
    }
  }
  return found;

  function other(i: Instruction): void {
    const access = ACCESS[i.id];
    const memory = writtenMemory(i);
    if (memory >= 0) found.push({ offset: i.start, guard: guardNow(), memory, callee: -1 });
    const again = access === Access.AtomicLoad || access === Access.AtomicRmw;
    if (access === Access.AtomicWait || (again && blocks.some(({ kind }) => kind === 'loop')))
      found.push({ offset: i.start, guard: guardNow(), memory: -1, callee: -1, waits: true });
    if (access === Access.Call || access === Access.CallIndirect || access === Access.CallRef) {
      const direct = access === Access.Call;
      const callee = direct ? i.values[0] : ANY_CALLEE;
      found.push({ offset: i.start, guard: guardNow(), memory: -1, callee });
      const type = module.types[direct ? module.functions.typeIndex[callee] : i.values[0]]?.composite;
      if (type?.kind !== 'func') throw new DecodeFailure(i.start, 'unknown type');
      popAll(type.params.length + (direct ? 0 : 1));
      push(type.results.length, direct ? calls(callee) : Guard.None);
      if (TAIL_CALLS.has(i.id)) leave(0);
      return;
    }
    if (POPS[i.id] < 0 || PUSHES[i.id] < 0) {
      // Only what was computed just before is followed: nothing is said of the rest.
      stack = stack.slice(0, blocks[blocks.length - 1].height);
      return;
    }
    const operands = popAll(POPS[i.id]);
    const read = access === Access.Load || access === Access.AtomicLoad || access === Access.AtomicWait;
    push(PUSHES[i.id], access === Access.AtomicRmw ? Guard.Won : read ? Guard.Read : operands);
  }
}

const TAIL_CALLS: ReadonlySet<number> = new Set([Op.return_call, Op.return_call_indirect, Op.return_call_ref]);

const block = (kind: Block['kind'], guard: number, height: number, results: number): Block => ({
  ...{ kind, guard, height, results },
  condition: Guard.None,
  escape: undefined,
});

const opensBlock = (id: number): boolean =>
  id === Op.block || id === Op.loop || id === Op.if || id === Op.try || id === Op.try_table;

/** Memory that an instruction writes, -1 for none; a read-modify-write counts up and overwrites nothing. */
function writtenMemory({ id, values }: Instruction): number {
  switch (ACCESS[id]) {
    case Access.Store:
    case Access.AtomicStore:
    case Access.MemoryInit:
      return values[1];
    case Access.MemoryFill:
    case Access.MemoryCopy:
      return values[0];
    default:
      return -1;
  }
}

function resultsOf(module: Module, { values: [form, value] }: Instruction): number {
  if (form !== BlockForm.Type) return form === BlockForm.Result ? 1 : 0;
  const type = module.types[value]?.composite;
  return type?.kind === 'func' ? type.results.length : 0;
}

function skipLocals(c: Cursor): void {
  for (let groups = c.count(message('local groups'), 2); groups > 0; groups--) {
    c.u32();
    if (startsHeapType(c.u8())) c.s33();
  }
}
