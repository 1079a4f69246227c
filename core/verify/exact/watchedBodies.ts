/**
 * Bodies of a watched module: calls of the host around the accesses. Plain accesses are told after they were made, so that
 * one that traps is not told. An atomic that writes is told before, because what came before it is ordered before whoever
 * reads its value; one that reads is told after it, for the same reason. Told the other way, there would be reports of
 * races where there are none.
 */
import type { ChangedState } from '../../stress/instrument/reachable.ts';
import { BodyRewriter, type BodyWriter } from '../../stress/rewrite/bodyWriter.ts';
import {
  callFunction,
  extend,
  i32Const,
  i64Const,
  localGet,
  localSet,
  localTee,
  opcode,
  operandType,
  valueTypeOf,
} from '../../stress/rewrite/emit.ts';
import type { Moved } from '../../stress/rewrite/movedFunctions.ts';
import type { Instruction } from '../../wasm/immediates.ts';
import { ACCESS, Access, IMM, Imm, MNEMONIC, WIDTH } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
import { Op } from '../../wasm/ops.ts';
import { I32, I64, V128, type ValType } from '../../wasm/types.ts';
import type { WatchedSite } from './watchedSites.ts';

/** What the bodies of a module share. */
export interface Watching {
  module: Module;
  changed: ChangedState;
  moved: Moved;
  /** Index in the new module of the host's function: (site, from, count) -> (). */
  touch: number;
  sites: WatchedSite[];
  /** 1 for each function that is watched; in others only indices change. */
  reachable: Uint8Array;
}

/** One instruction while it is rewritten. */
interface At extends Watching, Pick<BodyWriter, 'func' | 'out' | 'scratch'> {
  instruction: Instruction;
}

/** A number of 64 bits for the host: a local, as wide as an address of its memory or table, or a constant. */
type Operand = { local: number; wide: boolean; plus?: bigint } | { value: bigint };

const ZERO: Operand = { value: 0n };
const ONE: Operand = { value: 1n };

/** Rewrites bodies; adds a site for each call of the host. */
export function watchedBodies(watching: Watching): BodyRewriter {
  return new BodyRewriter(watching.module, {
    wanted: (id) => ACCESS[id] !== Access.None || id === FENCE,
    begin: (writer) => (instruction) => rewrite({ ...watching, ...writer, instruction }),
  });
}

const FENCE = MNEMONIC.indexOf('atomic.fence');

function rewrite(at: At): boolean {
  const { instruction, moved, out, reachable, func } = at;
  const access = ACCESS[instruction.id];
  if (access === Access.Call || access === Access.RefFunc) {
    opcode(out, instruction.id);
    out.u32(moved(instruction.values[0]));
    return true;
  }
  if (reachable[func] !== 1) return false;
  if (instruction.id === FENCE) {
    tell(at, { kind: 'fence', index: 0, how: 'order' });
    return false;
  }
  switch (access) {
    case Access.Load:
    case Access.AtomicLoad:
      return load(at);
    case Access.Store:
      return store(at);
    case Access.AtomicStore:
    case Access.AtomicRmw:
      return atomicChange(at);
    case Access.AtomicWait:
      return wait(at);
    case Access.AtomicNotify:
      return notify(at);
    case Access.MemorySize:
    case Access.TableSize:
      return size(at, access === Access.MemorySize ? 'memory.grow' : 'table.grow');
    case Access.MemoryGrow:
    case Access.TableGrow:
      return grow(at, access === Access.MemoryGrow ? 'memory.grow' : 'table.grow');
    case Access.MemoryFill:
    case Access.MemoryCopy:
    case Access.MemoryInit:
    case Access.TableFill:
    case Access.TableCopy:
    case Access.TableInit:
      return bulk(at);
    case Access.DataDrop:
    case Access.ElemDrop:
      return drops(at, access === Access.DataDrop ? 'data' : 'element');
    case Access.GlobalGet:
    case Access.GlobalSet:
      return global(at);
    case Access.TableGet:
      return tableGet(at);
    case Access.TableSet:
      return tableSet(at);
    case Access.CallIndirect:
      return callIndirect(at);
    default:
      return false;
  }
}

/** The instruction as it was. */
const original = ({ module, out, instruction }: At): void => out.copy(module.bytes, instruction.start, instruction.end);

/** Calls the host with a new site. */
function tell(
  { out, sites, func, instruction, touch, changed, module }: At,
  site: Pick<WatchedSite, 'kind' | 'index' | 'how'>,
  from: Operand = ZERO,
  count: Operand = ONE,
): void {
  const { kind, index } = site;
  const extent =
    (kind === 'memory' && changed.grown.has(index) && module.memories[index]?.limits.shared !== true) ||
    (kind === 'table' && changed.grownTables.has(index));
  i32Const(out, sites.push({ ...site, func, offset: instruction.start, op: instruction.id, extent }) - 1);
  for (const operand of [from, count]) {
    if ('value' in operand) {
      i64Const(out, BigInt.asIntN(64, operand.value));
      continue;
    }
    localGet(out, operand.local);
    if (!operand.wide) extend(out);
    if (operand.plus === undefined || operand.plus === 0n) continue;
    i64Const(out, BigInt.asIntN(64, operand.plus));
    out.u8(Op.i64_add);
  }
  callFunction(out, touch);
}

const isWide = (list: Module['memories'] | Module['tables'], index: number): boolean =>
  list[index]?.limits.is64 === true;
const typeOf = (wide: boolean): ValType => (wide ? I64 : I32);

/** Address and width of the memory access that an instruction makes. */
function memoryAccess({ module, instruction, scratch }: At): {
  memory: number;
  from: Operand;
  count: Operand;
  local: number;
} {
  const memory = instruction.values[1];
  const wide = isWide(module.memories, memory);
  const local = scratch('address', typeOf(wide));
  const count = { value: BigInt(WIDTH[instruction.id]) };
  return { memory, from: { local, wide, plus: instruction.wide }, count, local };
}

/** The type of the value above the address. */
const storedType = (id: number): ValType => (IMM[id] === Imm.MemargLane ? V128 : valueTypeOf(id));

function load(at: At): boolean {
  const { instruction, out, scratch } = at;
  const { memory, from, count, local } = memoryAccess(at);
  if (IMM[instruction.id] === Imm.MemargLane) {
    const value = scratch('value', V128);
    localSet(out, value);
    localTee(out, local);
    localGet(out, value);
  } else localTee(out, local);
  original(at);
  const atomic = ACCESS[instruction.id] === Access.AtomicLoad;
  tell(at, { kind: 'memory', index: memory, how: atomic ? 'load' : 'read' }, from, count);
  return true;
}

function store(at: At): boolean {
  const { instruction, out, scratch } = at;
  const { memory, from, count, local } = memoryAccess(at);
  const value = scratch('value', storedType(instruction.id));
  localSet(out, value);
  localTee(out, local);
  localGet(out, value);
  original(at);
  tell(at, { kind: 'memory', index: memory, how: 'write' }, from, count);
  return true;
}

/** Atomic stores and read-modify-writes; the latter also read. */
function atomicChange(at: At): boolean {
  const { instruction, out, scratch } = at;
  const { memory, from, count, local } = memoryAccess(at);
  const type = operandType(instruction.id, 1);
  const exchanges = MNEMONIC[instruction.id]?.includes('cmpxchg') === true;
  const values = (exchanges ? ['value', 'expected'] : ['value']).map((role) => scratch(role, type));
  for (const value of values) localSet(out, value);
  localSet(out, local);
  tell(at, { kind: 'memory', index: memory, how: 'change' }, from, count);
  localGet(out, local);
  for (const value of values.toReversed()) localGet(out, value);
  original(at);
  if (ACCESS[instruction.id] === Access.AtomicRmw)
    tell(at, { kind: 'memory', index: memory, how: 'load' }, from, count);
  return true;
}

function wait(at: At): boolean {
  const { instruction, out, scratch } = at;
  const { memory, from, count, local } = memoryAccess(at);
  const timeout = scratch('timeout', I64);
  const expected = scratch('expected', WIDTH[instruction.id] === 8 ? I64 : I32);
  localSet(out, timeout);
  localSet(out, expected);
  localTee(out, local);
  localGet(out, expected);
  localGet(out, timeout);
  original(at);
  tell(at, { kind: 'memory', index: memory, how: 'wait' }, from, count);
  return true;
}

function notify(at: At): boolean {
  const { out, scratch } = at;
  const { memory, from, count, local } = memoryAccess(at);
  const woken = scratch('count', I32);
  localSet(out, woken);
  localSet(out, local);
  tell(at, { kind: 'memory', index: memory, how: 'order' }, from, count);
  localGet(out, local);
  localGet(out, woken);
  original(at);
  return true;
}

/** A shared memory never moves, and its size is read and written atomically. */
const isShared = ({ module }: At, kind: WatchedSite['kind'], index: number): boolean =>
  kind === 'memory.grow' && module.memories[index]?.limits.shared === true;

function size(at: At, kind: 'memory.grow' | 'table.grow'): boolean {
  const [index] = at.instruction.values;
  const { changed } = at;
  if (isShared(at, kind, index)) return false;
  if (!(kind === 'memory.grow' ? changed.grown : changed.grownTables).has(index)) return false;
  original(at);
  tell(at, { kind, index, how: 'read' });
  return true;
}

/** The host gets the answer, the old size or -1, and how much was wanted. */
function grow(at: At, kind: 'memory.grow' | 'table.grow'): boolean {
  const { module, instruction, out, scratch } = at;
  const [index] = instruction.values;
  if (isShared(at, kind, index)) return false;
  const wide = isWide(kind === 'memory.grow' ? module.memories : module.tables, index);
  const wanted = scratch('count', typeOf(wide));
  const answer = scratch('answer', typeOf(wide));
  localTee(out, wanted);
  original(at);
  localTee(out, answer);
  tell(at, { kind, index, how: 'grow' }, { local: answer, wide }, { local: wanted, wide });
  return true;
}

/** fill, copy and init of memories and tables: destination, source or value, count. */
function bulk(at: At): boolean {
  const { module, instruction, out, scratch } = at;
  const [first, second] = instruction.values;
  const access = ACCESS[instruction.id];
  const ofMemory = access === Access.MemoryFill || access === Access.MemoryCopy || access === Access.MemoryInit;
  const kind = ofMemory ? 'memory' : 'table';
  const list = ofMemory ? module.memories : module.tables;
  const fills = access === Access.MemoryFill || access === Access.TableFill;
  const inits = access === Access.MemoryInit || access === Access.TableInit;
  const destination = inits ? second : first;
  const to = isWide(list, destination);
  const from = !fills && !inits && isWide(list, second);
  // The count of a copy is as wide as the narrower of the two; that of an init is that of its segment.
  const counted = fills ? to : to && from;
  const start = scratch('destination', typeOf(to));
  const middle = fills
    ? scratch('filler', ofMemory ? I32 : module.tables[destination].type)
    : scratch('source', typeOf(from));
  const count = scratch('count', typeOf(counted));
  for (const local of [count, middle, start]) localSet(out, local);
  for (const local of [start, middle, count]) localGet(out, local);
  original(at);
  const many: Operand = { local: count, wide: counted };
  if (inits) tell(at, { kind: ofMemory ? 'data' : 'element', index: first, how: 'read' });
  else if (!fills) tell(at, { kind, index: second, how: 'read' }, { local: middle, wide: from }, many);
  tell(at, { kind, index: destination, how: 'write' }, { local: start, wide: to }, many);
  return true;
}

function drops(at: At, kind: 'data' | 'element'): boolean {
  original(at);
  tell(at, { kind, index: at.instruction.values[0], how: 'write' });
  return true;
}

function global(at: At): boolean {
  const { module, changed, instruction } = at;
  const [index] = instruction.values;
  if (module.globals[index]?.mutable !== true || !changed.globals.has(index)) return false;
  original(at);
  tell(at, { kind: 'global', index, how: ACCESS[instruction.id] === Access.GlobalSet ? 'write' : 'read' });
  return true;
}

/** Whether something that can be reached changes the table; else its slots are constant. */
const changes = ({ changed }: At, table: number): boolean => changed.tables.has(table);

function tableGet(at: At): boolean {
  const { module, instruction, out, scratch } = at;
  const [table] = instruction.values;
  if (!changes(at, table)) return false;
  const wide = isWide(module.tables, table);
  const slot = scratch('address', typeOf(wide));
  localTee(out, slot);
  original(at);
  tell(at, { kind: 'table', index: table, how: 'read' }, { local: slot, wide });
  return true;
}

function tableSet(at: At): boolean {
  const { module, instruction, out, scratch } = at;
  const [table] = instruction.values;
  const wide = isWide(module.tables, table);
  const slot = scratch('address', typeOf(wide));
  const value = scratch('reference', module.tables[table].type);
  localSet(out, value);
  localTee(out, slot);
  localGet(out, value);
  original(at);
  tell(at, { kind: 'table', index: table, how: 'write' }, { local: slot, wide });
  return true;
}

/** The slot is read before the call, which may take long. */
function callIndirect(at: At): boolean {
  const { module, instruction, out, scratch } = at;
  const table = instruction.values[1];
  if (!changes(at, table)) return false;
  const wide = isWide(module.tables, table);
  const slot = scratch('address', typeOf(wide));
  localTee(out, slot);
  tell(at, { kind: 'table', index: table, how: 'read' }, { local: slot, wide });
  return false;
}
