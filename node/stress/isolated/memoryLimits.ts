/**
 * The one budget of a run: everything that its process takes, whatever it is for: heaps, arrays and structures of guests,
 * memories, tables, bookkeeping, compiled code.
 */
import { availableParallelism } from 'node:os';

/** Megabytes for a run unless told otherwise. The setting `wasmHazards.stress.memory` has the same default. */
const DEFAULT_MEMORY = 4096;
/** Most megabytes of a heap that a larger budget does not raise. */
const USUAL_HEAP = 2048;
/** Megabytes that the program itself takes, with its threads. */
const PROGRAM = 256;
/** Megabytes that may be reserved without being used: memories and their bookkeeping, and what the engine reserves itself. */
const RESERVED = 4096;
/** Megabytes of address space that the engine reserves for the code of each thread, and its stack. */
const RESERVED_BY_THREAD = 256;

/** What a budget of so many megabytes comes to. */
interface MemoryLimits {
  /** MB in use, by the program itself, too, above which the process ends itself. */
  resident: number;
  /** MB of the old generation of each thread's heap. */
  heap: number;
  /**
   * MB of writable memory that the operating system allows, in use or not. Larger, because a memory that cannot grow would
   * change what the guest does; what is beyond it is an endless allocation that was faster than the look at `resident`.
   */
  allowed: number;
}

/** The limits of a run that may take `memory` megabytes. */
export function memoryLimits(memory = DEFAULT_MEMORY): MemoryLimits {
  return {
    resident: memory + PROGRAM,
    heap: Math.round(Math.max(Math.min(memory, USUAL_HEAP), memory / 2)),
    allowed: Math.round(memory + RESERVED + RESERVED_BY_THREAD * availableParallelism()),
  };
}
