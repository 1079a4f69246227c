/**
 * The instruction table as dense arrays indexed by `opId`, built when this file is loaded.
 *
 * An id packs prefix and sub-opcode: a single-byte opcode is itself, then one range per prefix. Some ids have no
 * instruction; for these `MNEMONIC` is undefined and `IMM` is `Imm.Unknown`.
 */
import { INSTRUCTION_ROWS } from './instructionTable.ts';

/** First id of an opcode with a prefix. */
export const FIRST_PREFIXED = 0x100;

/** Number of ids: the length of every array here. */
export const OP_COUNT = 0x380;

/** First bytes of opcodes that are followed by a sub-opcode in unsigned LEB128. */
export const Prefix = {
  Gc: 0xfb,
  /** Saturating truncation, bulk memory and tables, wide arithmetic. */
  Misc: 0xfc,
  Vector: 0xfd,
  Atomic: 0xfe,
} as const;

/** Whether the first byte of an opcode is a prefix. */
export const isPrefix = (byte: number): boolean => byte >= Prefix.Gc && byte <= Prefix.Atomic;

/** Bit of a memarg's alignment that announces a memory index. */
export const MEMARG_HAS_MEMORY = 0x40;

/**
 * Bit that announces a memory ordering, a byte before the offset: acquire-release atomics, phase 2 as of November 2026.
 * Encoders before July 2026 used bit 5, which has another meaning now: https://github.com/WebAssembly/binaryen/issues/8904.
 */
export const MEMARG_HAS_ORDER = 0x10;

/** No valid alignment or form of a memarg has it: what follows is not known. */
export const MEMARG_UNKNOWN = 0x20;

/** The byte of the ordering acquire-release; both halves are the same in a read-modify-write. */
export const ACQUIRE_RELEASE = 1;

/** First id and number of ids of each prefix. */
const RANGES: ReadonlyMap<number, readonly [base: number, count: number]> = new Map<number, readonly [number, number]>([
  [0, [0, 0x100]],
  [Prefix.Gc, [0x100, 0x40]],
  [Prefix.Misc, [0x140, 0x40]],
  [Prefix.Vector, [0x180, 0x180]],
  [Prefix.Atomic, [0x300, 0x80]],
]);

/** Id of an opcode: `prefix` 0 for single-byte ones; -1 when out of range. */
export function opId(prefix: number, sub: number): number {
  const range = RANGES.get(prefix);
  return range !== undefined && sub >= 0 && sub < range[1] ? range[0] + sub : -1;
}

/** Prefix (0 if none) and opcode or sub-opcode of an id. */
export function opcodeOf(id: number): [prefix: number, sub: number] {
  if (id < 0x100) return [0, id];
  if (id < 0x140) return [Prefix.Gc, id - 0x100];
  if (id < 0x180) return [Prefix.Misc, id - 0x140];
  if (id < 0x300) return [Prefix.Vector, id - 0x180];
  return [Prefix.Atomic, id - 0x300];
}

/** Kinds of immediates, in the order of the binary format. Every index is an unsigned LEB128. */
export const Imm = {
  None: 0,
  /** s33: a type index, or the byte(s) of a value type or of the empty type. */
  BlockType: 1,
  Label: 2,
  /** Vector of labels, then the default label. */
  BrTable: 3,
  Func: 4,
  /** Type index, then table index. */
  TypeUse: 5,
  Type: 6,
  Local: 7,
  Global: 8,
  Table: 9,
  /** Destination table, source table. */
  TableTable: 10,
  /** Element segment, then table (in the opposite order in the text format). */
  ElemTable: 11,
  Elem: 12,
  /** Alignment and flags, a memory index if bit 6 of them is set, offset (u64). */
  Memarg: 13,
  /** Memarg, then one lane byte. */
  MemargLane: 14,
  Memory: 15,
  /** Destination memory, source memory. */
  MemoryMemory: 16,
  /** Data segment, then memory (in the opposite order in the text format). */
  DataMemory: 17,
  Data: 18,
  I32: 19,
  I64: 20,
  F32: 21,
  F64: 22,
  /** 16 bytes. */
  V128: 23,
  /** One byte. */
  Lane: 24,
  /** 16 lane bytes. */
  Shuffle: 25,
  /** s33: an abstract heap type or a type index. */
  HeapType: 26,
  /** Vector of value types. */
  SelectTypes: 27,
  /** Block type, then a vector of catch clauses. */
  TryTable: 28,
  Tag: 29,
  /** Struct type, field index. */
  TypeField: 30,
  /** Array type, number of operands. */
  TypeCount: 31,
  /** Array type, data segment. */
  TypeData: 32,
  /** Array type, element segment. */
  TypeElem: 33,
  /** Destination array type, source array type. */
  TypeType: 34,
  /** Flags byte (bit 0: source nullable, bit 1: target nullable), label, two heap types. */
  BrOnCast: 35,
  /** One byte, zero. */
  Fence: 36,
  /** No such instruction. */
  Unknown: 255,
} as const;

/** What an instruction does to state that callers may share. */
export const Access = {
  None: 0,
  Load: 1,
  Store: 2,
  AtomicLoad: 3,
  AtomicStore: 4,
  AtomicRmw: 5,
  AtomicWait: 6,
  AtomicNotify: 7,
  MemorySize: 8,
  MemoryGrow: 9,
  MemoryFill: 10,
  MemoryCopy: 11,
  MemoryInit: 12,
  DataDrop: 13,
  GlobalGet: 14,
  GlobalSet: 15,
  TableGet: 16,
  TableSet: 17,
  TableSize: 18,
  TableGrow: 19,
  TableFill: 20,
  TableCopy: 21,
  TableInit: 22,
  ElemDrop: 23,
  /** Direct calls, tail calls included. */
  Call: 24,
  CallIndirect: 25,
  CallRef: 26,
  RefFunc: 27,
  /** Reads of struct fields and array elements (an array's length never changes: no access). */
  HeapRead: 28,
  /** Writes of struct fields and array elements, bulk ones included. */
  HeapWrite: 29,
} as const;

/** Mnemonic in the text format by id, undefined if there is no such instruction. */
export const MNEMONIC: (string | undefined)[] = new Array(OP_COUNT).fill(undefined);
/** Kind of immediates by id, a value of `Imm`. */
export const IMM = new Uint8Array(OP_COUNT).fill(Imm.Unknown);
/** Number of operands by id; -1 if it depends on immediates or context. */
export const POPS = new Int8Array(OP_COUNT);
/** Number of results by id; -1 if it depends on immediates or context. */
export const PUSHES = new Int8Array(OP_COUNT);
/** `operands>results` by id in the letters of instructionTable.ts, empty if there is no such instruction. */
export const SIGNATURE: string[] = new Array(OP_COUNT).fill('');
/** Class of access by id, a value of `Access`. */
export const ACCESS = new Uint8Array(OP_COUNT);
/** Bytes of memory touched by a load, store or atomic, by id; 0 for others. */
export const WIDTH = new Uint8Array(OP_COUNT);

function count(types: string): number {
  return types.includes('*') ? -1 : types.length;
}

function fill(row: string): void {
  const [opcode, mnemonic, imm, signature, access, width] = row.split(' ');
  const [prefix, sub] = opcode.includes(':') ? opcode.split(':') : ['0', opcode];
  const id = opId(Number.parseInt(prefix, 16), Number.parseInt(sub, 16));
  const [pops, pushes] = signature.split('>');
  MNEMONIC[id] = mnemonic;
  IMM[id] = imm === '-' ? Imm.None : Imm[imm as keyof typeof Imm];
  POPS[id] = count(pops);
  PUSHES[id] = count(pushes);
  SIGNATURE[id] = signature;
  ACCESS[id] = access === undefined ? Access.None : Access[access as keyof typeof Access];
  WIDTH[id] = width === undefined ? 0 : Number(width);
}

INSTRUCTION_ROWS.forEach(fill);
