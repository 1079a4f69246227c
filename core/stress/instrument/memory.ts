/** Loads, stores and atomics of memory. */
import type { Instruction } from '../../wasm/immediates.ts';
import { ACCESS, Access, IMM, Imm, MNEMONIC, WIDTH } from '../../wasm/instructions.ts';
import { Op } from '../../wasm/ops.ts';
import { I32, I64, V128 } from '../../wasm/types.ts';
import { branchIfSeldom, ifSeldom } from '../rewrite/branchHints.ts';
import {
  block,
  branch,
  callFunction,
  drop,
  end,
  extend,
  i32Const,
  i32GreaterUnsigned,
  i32Less,
  i64Const,
  localGet,
  localSet,
  localTee,
  operandType,
  toF64,
  trapIf,
  valueTypeOf,
} from '../rewrite/emit.ts';
import type { Body, Context } from './context.ts';
import { hookFunction, newSite, tagWord } from './context.ts';
import { firstAccess, hasRecords, recordOf, recordWord } from './firstAccess.ts';
import { LINE_BYTES, RecordWord, TagWord } from './hooks.ts';
import { isTorn, slowLoad, slowStore } from './parts.ts';
import { exchangePoint, point, point64 } from './points.ts';

/** One memory instruction while it is rewritten. */
interface MemoryAccess {
  instruction: Instruction;
  memory: number;
  is64: boolean;
  offset: number;
  width: number;
  site: number;
  /** Local with the address operand. */
  address: number;
}

/** Rewrites a load, store or atomic; returns false if the instruction stays unchanged. */
export function memoryInstruction(body: Body, instruction: Instruction): boolean {
  const { context, out } = body;
  const memory = instruction.values[1];
  const declared = context.module.memories[memory];
  if (declared === undefined) return false;
  const { is64 } = declared.limits;
  const access: MemoryAccess = {
    instruction,
    memory,
    is64,
    offset: Number(instruction.wide),
    width: WIDTH[instruction.id],
    site: newSite(context, {
      func: body.func,
      offset: instruction.start,
      op: instruction.id,
      access: ACCESS[instruction.id],
      index: memory,
      memarg: Number(instruction.wide),
      width: WIDTH[instruction.id],
    }),
    address: body.scratch('address', is64 ? I64 : I32),
  };
  switch (ACCESS[instruction.id]) {
    case Access.Load:
      load(body, access);
      break;
    case Access.Store:
      store(body, access);
      break;
    case Access.AtomicWait:
      wait(body, access);
      break;
    case Access.AtomicNotify:
      notify(body, access);
      break;
    case Access.AtomicRmw:
      if (MNEMONIC[instruction.id]?.includes('cmpxchg')) {
        exchange(body, access);
        break;
      }
      valueFirst(body, access);
      break;
    case Access.AtomicStore:
      valueFirst(body, access);
      break;
    default:
      localTee(out, access.address);
      ask(body, access);
      drop(out);
      original(body, access);
  }
  return true;
}

const original = ({ context, out }: Body, { instruction }: MemoryAccess): void =>
  out.copy(context.module.bytes, instruction.start, instruction.end);

/** Pushes the effective address. A sum beyond 32 bits wraps: the hook sees that it is below the offset. */
function effective({ out }: Body, { address, offset, is64, instruction }: MemoryAccess): void {
  localGet(out, address);
  if (offset === 0) return;
  if (is64) {
    // In memory64 an offset may have more bits than a number.
    i64Const(out, instruction.wide);
    out.u8(Op.i64_add);
  } else {
    i32Const(out, offset);
    out.u8(Op.i32_add);
  }
}

/** Pushes site and address as hooks with f64 addresses take them. */
function siteAndAddress(body: Body, access: MemoryAccess): void {
  i32Const(body.out, access.site);
  effective(body, access);
  toF64(body.out, access.is64);
}

/** The same, and the expected value as i64. */
function siteAddressExpected(body: Body, access: MemoryAccess, expected: number, type: number): void {
  siteAndAddress(body, access);
  localGet(body.out, expected);
  if (type === I32) extend(body.out);
}

/** Asks the scheduler; leaves its answer on the stack. */
function ask(body: Body, access: MemoryAccess): void {
  i32Const(body.out, access.site);
  effective(body, access);
  callFunction(body.out, access.is64 ? point64(body.context) : point(body.context));
}

/** Asks the scheduler unless the filter knows the access; nothing is left on the stack. */
function askFiltered(body: Body, access: MemoryAccess): void {
  const { context, out } = body;
  if (!hasRecords(context, access.memory)) {
    ask(body, access);
    drop(out);
    return;
  }
  block(out);
  filter(body, access);
  branch(out, 1);
  end(out);
  if (growsFiltered(context)) {
    beyondRecords(body, access);
    ifSeldom(out);
    ask(body, access);
    drop(out);
    branch(out, 1);
    end(out);
  }
  i32Const(out, access.site);
  effective(body, access);
  i32Const(out, access.width - 1);
  localGet(out, lineTag(body));
  callFunction(out, firstAccess(context, ACCESS[access.instruction.id] === Access.Store));
  drop(out);
  end(out);
}

/**
 * Whether reachable code grows the memory that has records. Then the engine has to learn of accesses that trap, too: they
 * read the size. Otherwise nobody writes it.
 */
const growsFiltered = ({ changed }: Context): boolean => changed.grown.has(0);

/** Pushes whether the effective address, which may have 33 bits, lies beyond the lines that have records. */
function beyondRecords({ context, out }: Body, { address, offset }: MemoryAccess): void {
  localGet(out, address);
  extend(out);
  if (offset !== 0) {
    i64Const(out, offset);
    out.u8(Op.i64_add);
  }
  tagWord(context, out, TagWord.Covered);
  extend(out);
  out.u8(Op.i64_ge_u);
}

/**
 * Local with the tag that the filter has read. Behind the filter it is used once more, which keeps V8 from reading it
 * twice: once for the trap, and once as an operand of the comparison.
 */
const lineTag = (body: Body): number => body.scratch('tag', I32);

/**
 * Begins a block that is left where the hook is needed: the line's tag is not that of the running caller, or the access
 * may reach into the next line. Two branches, because one on both conditions takes more instructions. What claims to be
 * aligned reaches there only if it is not, which is one instruction to find out. The records cover the whole memory, so an
 * access beyond it traps in the filter or in the access itself; where the engine has to learn of it, a third branch comes
 * first.
 */
function filter(body: Body, access: MemoryAccess): void {
  const { context, out } = body;
  const writes = ACCESS[access.instruction.id] === Access.Store;
  block(out);
  if (growsFiltered(context)) {
    beyondRecords(body, access);
    branchIfSeldom(out, 0);
  }
  effective(body, access);
  recordOf(out);
  recordWord(context, out, writes ? RecordWord.WriteTag : RecordWord.ReadTag);
  localTee(out, lineTag(body));
  tagWord(context, out, TagWord.Tag);
  out.u8(Op.i32_ne);
  branchIfSeldom(out, 0);
  if (access.width === 1) return;
  effective(body, access);
  if (claimsAlignment(access)) {
    i32Const(out, access.width - 1);
    out.u8(Op.i32_and);
  } else {
    i32Const(out, LINE_BYTES - 1);
    out.u8(Op.i32_and);
    i32Const(out, LINE_BYTES - access.width);
    i32GreaterUnsigned(out);
  }
  branchIfSeldom(out, 0);
}

/**
 * Asks, and performs the instruction itself, where its effective address is beyond 32 bits or beyond the records, which
 * traps: what follows takes the sum in 32 bits, and a record of it. `after` removes a result.
 */
function unlessBeyond(body: Body, access: MemoryAccess, after: () => void, value?: number): void {
  const { context, out } = body;
  if (growsFiltered(context)) beyondRecords(body, access);
  else {
    if (access.offset === 0) return;
    effective(body, access);
    i32Const(out, access.offset);
    out.u8(Op.i32_lt_u);
  }
  ifSeldom(out);
  ask(body, access);
  drop(out);
  localGet(out, access.address);
  if (value !== undefined) localGet(out, value);
  original(body, access);
  after();
  end(out);
}

/** Whether the compiler says that the effective address is a multiple of the width. It may be wrong. */
const claimsAlignment = ({ instruction, width }: MemoryAccess): boolean => 2 ** instruction.values[0] === width;

function load(body: Body, access: MemoryAccess): void {
  const { context, out } = body;
  const { instruction, memory } = access;
  const lane = IMM[instruction.id] === Imm.MemargLane ? body.scratch('value', V128) : -1;
  if (lane >= 0) localSet(out, lane);
  if (!isTorn(instruction.id)) {
    localTee(out, access.address);
    askFiltered(body, access);
    if (lane >= 0) localGet(out, lane);
    original(body, access);
    return;
  }
  localSet(out, access.address);
  const filtered = hasRecords(context, memory);
  if (filtered) {
    block(out, valueTypeOf(instruction.id));
    filter(body, access);
    localGet(out, access.address);
    original(body, access);
    branch(out, 1);
    end(out);
    unlessBeyond(body, access, () => drop(out));
  }
  i32Const(out, access.site);
  effective(body, access);
  if (filtered) localGet(out, lineTag(body));
  callFunction(out, slowLoad(context, instruction.id, memory));
  if (filtered) end(out);
}

function store(body: Body, access: MemoryAccess): void {
  const { context, out } = body;
  const { instruction, memory } = access;
  const isLane = IMM[instruction.id] === Imm.MemargLane;
  const value = body.scratch('value', isLane ? V128 : valueTypeOf(instruction.id));
  localSet(out, value);
  if (isLane || !isTorn(instruction.id)) {
    localTee(out, access.address);
    askFiltered(body, access);
    localGet(out, value);
    original(body, access);
    return;
  }
  localSet(out, access.address);
  const filtered = hasRecords(context, memory);
  if (filtered) {
    block(out);
    filter(body, access);
    localGet(out, access.address);
    localGet(out, value);
    original(body, access);
    branch(out, 1);
    end(out);
    unlessBeyond(body, access, () => undefined, value);
  }
  i32Const(out, access.site);
  effective(body, access);
  localGet(out, value);
  if (filtered) localGet(out, lineTag(body));
  callFunction(out, slowStore(context, instruction.id, memory));
  if (filtered) end(out);
}

/** Atomic store and read-modify-write: address below one value. */
function valueFirst(body: Body, access: MemoryAccess): void {
  const { out } = body;
  const value = body.scratch('value', operandType(access.instruction.id, 1));
  localSet(out, value);
  localTee(out, access.address);
  ask(body, access);
  drop(out);
  localGet(out, value);
  original(body, access);
}

function exchange(body: Body, access: MemoryAccess): void {
  const { context, out } = body;
  const type = operandType(access.instruction.id, 1);
  const expected = body.scratch('expected', type);
  const value = body.scratch('value', type);
  localSet(out, value);
  localSet(out, expected);
  localTee(out, access.address);
  siteAddressExpected(body, access, expected, type);
  callFunction(out, exchangePoint(context));
  localGet(out, expected);
  localGet(out, value);
  original(body, access);
}

function wait(body: Body, access: MemoryAccess): void {
  const { context, out } = body;
  const type = access.width === 8 ? I64 : I32;
  const timeout = body.scratch('timeout', I64);
  const expected = body.scratch('expected', type);
  localSet(out, timeout);
  localSet(out, expected);
  localSet(out, access.address);
  siteAddressExpected(body, access, expected, type);
  localGet(out, timeout);
  callFunction(out, hookFunction(context, 'wait'));
  trapIfNegative(body);
}

function notify(body: Body, access: MemoryAccess): void {
  const { context, out } = body;
  const count = body.scratch('value', I32);
  localSet(out, count);
  localSet(out, access.address);
  ask(body, access);
  drop(out);
  siteAndAddress(body, access);
  localGet(out, count);
  callFunction(out, hookFunction(context, 'notify'));
  trapIfNegative(body);
}

function trapIfNegative(body: Body): void {
  const { out } = body;
  const answer = body.scratch('answer', I32);
  localTee(out, answer);
  i32Const(out, 0);
  i32Less(out);
  trapIf(out);
  localGet(out, answer);
}
