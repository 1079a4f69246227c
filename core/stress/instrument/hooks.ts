/**
 * What an instrumented module imports from the engine, and the names of its exports for the engine. Addresses and
 * counts travel as f64 where they may have more than 32 bits.
 */
import { F32, F64, I32, I64, type ValType } from '../../wasm/types.ts';

/** Answers of hooks that may schedule another caller. */
export const HookAnswer = {
  /** Perform the operation. */
  Perform: 0,
  /** Call `pause` first. */
  Pause: 1,
  /** End the call: a trap follows. */
  Abort: 2,
  /** Perform the operation in parts. */
  Parts: 3,
} as const;

interface HookType {
  params: readonly ValType[];
  results: readonly ValType[];
  /** Whether it may suspend the caller. */
  suspends: boolean;
}

const hook = (params: readonly ValType[], results: readonly ValType[], suspends = false): HookType => ({
  params,
  results,
  suspends,
});

/** Hooks in the order of their imports. */
export const HOOKS = {
  /** Before an access: site, effective address, slot or 0. A `HookAnswer`. */
  access: hook([I32, I32], [I32]),
  /** The same for 64-bit addresses. */
  access64: hook([I32, F64], [I32]),
  /** Before a compare-exchange: site, address, expected value. */
  exchange: hook([I32, F64, I64], [I32]),
  /** Before an operation on ranges: site, destination, source or value, count. `HookAnswer.Parts`: call `bulk` instead of it. */
  range: hook([I32, F64, F64, F64], [I32]),
  /** Before an instruction that copies from a segment to an array: site, source, count. A `HookAnswer`. */
  segment: hook([I32, I32, I32], [I32]),
  /**
   * Suspends until the scheduler resumes the caller; then `HookAnswer.Perform`, `HookAnswer.Abort` or
   * `HookAnswer.Parts`.
   */
  pause: hook([], [I32], true),
  /** Performs an operation on ranges in the engine, in parts; 0, or 1 to trap. */
  bulk: hook([I32, F64, F64, F64], [I32], true),
  /** `memory.grow`: site, pages. The old size, -1, or -2 to trap. */
  grow: hook([I32, F64], [F64], true),
  /** `table.grow`: site, slots. The old size, -1, or -2 to trap; the slots are filled afterwards. */
  growTable: hook([I32, F64], [F64], true),
  /** `memory.size` and `table.size`. */
  size: hook([I32], [F64]),
  /** Site, address, expected value, timeout. 0, 1 or 2 as `memory.atomic.wait`, or -1 to trap. */
  wait: hook([I32, F64, I64, I64], [I32], true),
  /** Site, address, count. Callers woken, or -1 to trap. */
  notify: hook([I32, F64, I32], [I32]),
  /** Loop iterations are used up, or many calls were made: site. 0 to continue, 1 to trap. */
  tick: hook([I32], [I32]),
  /** Allocations since the last time: site, units of `ALLOCATION_BYTES`. 0 to continue, 1 to trap. */
  allocated: hook([I32, I32], [I32]),
  /** Between the parts of an operation: a `HookAnswer`. */
  middle: hook([I32], [I32]),
  /** Before a fence: site. A `HookAnswer`. */
  fence: hook([I32], [I32]),
  /** For the loop of a caller, see resident.ts: the number of the function to call now, or -1. */
  next: hook([I32], [I32]),
  /** Suspends the loop of a caller; then 0 to ask again, 1 to end. */
  idle: hook([I32], [I32], true),
  /** The call of a caller's loop has returned. */
  returned: hook([I32], []),
  /** Arguments of the function that `next` named, by position. */
  argumentI32: hook([I32], [I32]),
  argumentI64: hook([I32], [I64]),
  argumentF32: hook([I32], [F32]),
  argumentF64: hook([I32], [F64]),
  /** Its results, the last one first. */
  resultI32: hook([I32], []),
  resultI64: hook([I64], []),
  resultF32: hook([F32], []),
  resultF64: hook([F64], []),
} as const satisfies Record<string, HookType>;

/** Name of a hook. */
export type HookName = keyof typeof HOOKS;

/** All hooks in the order of their imports. */
export const HOOK_NAMES = Object.keys(HOOKS) as HookName[];
/** Position of each hook among the hooks. */
export const HOOK_INDEX = Object.fromEntries(HOOK_NAMES.map((name, i) => [name, i])) as Record<HookName, number>;

/** Bytes of a unit that allocations are counted in. */
export const ALLOCATION_BYTES = 64;

/** log2 of `LINE_BYTES`. */
export const LINE_LOG2 = 6;
/** Bytes of memory that one tag of the filter stands for. */
export const LINE_BYTES = 1 << LINE_LOG2;
/** Bytes of the pair of tags (read, write) of a global. */
export const TAG_BYTES = 8;

/**
 * What the memory of tags begins with, as positions of 32-bit words. Reading and writing words of a memory is much
 * cheaper for JavaScript than a `WebAssembly.Global`.
 */
export const TagWord = {
  /** Tag of the caller that runs. */
  Tag: 0,
  /** Loop iterations left. */
  Fuel: 1,
  /** Bits of that caller in a line's record, to read and to write; 0 when each first access asks the engine. */
  Reader: 2,
  Writer: 3,
  /** The list of lines that were written without asking the engine: a link. */
  Written: 4,
  /** Bytes of memory 0 that lie in lines with records; at most 2^32 - 1. */
  Covered: 5,
} as const;
/** Bytes before the tags of globals. */
export const TAG_HEADER = 32;

/** Bytes of the record of one line of memory 0, and its 32-bit words. */
export const RECORD_BYTES = 16;
export const RecordWord = {
  /** Tags of the caller that has read the line, and of the one that has written it, in this execution. */
  ReadTag: 0,
  WriteTag: 1,
  /**
   * Callers whose first access need not ask the engine, because an earlier execution did and the line is not shared: bit
   * `c` to read, bit `16 + c` to write.
   */
  Passes: 2,
  /** The next line of the list of written ones, 0 for a line outside it. */
  Next: 3,
} as const;
/** A link names a record by its offset, with this bit; the last one is `LAST_LINK`. */
export const LINK_BIT = 2;
export const LAST_LINK = 1;

/** Private names of exports. `names` makes them unique against the module's own. */
export interface PrivateNames {
  /** Import module of the hooks. */
  hooks: string;
  /** Tags of the filter and what is beside them: a memory. */
  tags: string;
  memory(index: number): string;
  table(index: number): string;
  global(index: number): string;
  /** Halves of a v128 global, as functions: `low`, `high`, and `set` of both. */
  vector(global: number, part: 'low' | 'high' | 'set'): string;
  func(index: number): string;
  /** The loop of a caller: see resident.ts. */
  resident: string;
}

/** Names that none of `taken`, exports and import modules, begins with. */
export function privateNames(taken: readonly string[]): PrivateNames {
  let prefix = 'hazards:';
  while (taken.some((name) => name.startsWith(prefix))) prefix = `_${prefix}`;
  return {
    hooks: prefix,
    tags: `${prefix}tags`,
    memory: (index) => `${prefix}memory${index}`,
    table: (index) => `${prefix}table${index}`,
    global: (index) => `${prefix}global${index}`,
    vector: (global, part) => `${prefix}vector${global}${part}`,
    func: (index) => `${prefix}func${index}`,
    resident: `${prefix}resident`,
  };
}
