/** Imported functions as the engine calls them: what they touch is known before they run. */

/** A byte range of the memory that host functions work on (the first memory that the module exports as `memory`, else memory 0). */
export interface HostRange {
  access: 'read' | 'write';
  start: number;
  size: number;
}

/** The view of an instance that host functions get. All reads and writes of host functions go through it. */
export interface HostMemory {
  /** The buffer now; changes when the memory grows, so do not keep it. */
  buffer(): ArrayBufferLike;
  /** An exported function of the instance, or one in a slot of its table; undefined if there is none. */
  exported?(name: string): GuestFunction | undefined;
  slot?(index: number): GuestFunction | undefined;
}

/** A function of the guest as the host calls it: explored, it answers a promise. */
export type GuestFunction = (...args: unknown[]) => unknown;

/** One thing that a host function does. Memory is the one that host functions use, see `hostMemoryIndex`. */
export type HostOperation =
  /** Answers the bytes. */
  | { do: 'read'; at: number; length: number }
  | { do: 'write'; at: number; bytes: Uint8Array }
  /** Calls an exported function of the instance; answers its result. */
  | { do: 'call'; export: string; args: readonly unknown[] }
  /** Calls the function in a slot of the table that the module calls through; answers its result. */
  | { do: 'invoke'; slot: number; args: readonly unknown[] }
  /** Grows the memory; answers the old number of pages, or -1. */
  | { do: 'grow'; pages: number }
  /** Answers the number of pages. */
  | { do: 'size' }
  /** Makes a table longer by these values; answers its old length. */
  | { do: 'extend'; table: string; values: readonly unknown[] }
  /** What the scenario says that happens in the call: calls back, other callers while it is suspended. */
  | { do: 'interrupt' }
  /**
   * The function works on state of the host that callers share, under its lock, up to the next operation: the state of one
   * instance, or of all. Answers the number of the instance.
   */
  | { do: 'turn'; state: string; of: 'instance' | 'host' }
  /** Becomes part of the outcome of the caller's step. */
  | { do: 'observe'; text: string };

/** The operations of one call. It answers the function's result as JavaScript gives it to the engine. */
export type HostOperations = Generator<HostOperation, unknown, unknown>;

/**
 * One imported function. Calls are made by the engine, never by the guest directly: it first asks `ranges` (so that
 * the accesses can be ordered, recorded and undone), then calls `call`.
 */
export interface HostFunction {
  /** `wasi_snapshot_preview1.fd_write`. */
  name: string;
  /** Arguments and result as JavaScript sees them: numbers, BigInt for i64, null for references. */
  call(args: readonly unknown[], memory: HostMemory, caller: number): unknown;
  /**
   * Ranges of memory that this call will read and write, as known before the call; undefined if it may write anywhere.
   */
  ranges(args: readonly unknown[], memory: HostMemory): HostRange[] | undefined;
  /**
   * State of the host that it touches. `none`: nothing that calls could influence; `guarded`: state that the host
   * synchronises itself, with a lock for example; `racy`: state that the host of this profile does not guard (wazero's
   * default random source).
   */
  state: 'none' | 'guarded' | 'racy';
  /** Its calls with their arguments belong to the outcome. */
  observed?: boolean;
  /** `call` answers a promise: what it calls of the guest is part of it, and no other caller has to run meanwhile. */
  asynchronous?: boolean;
  /** The call operation by operation, in place of `ranges` and `call` where the engine explores it. */
  operations?(args: readonly unknown[], caller: number): HostOperations;
}

/** Thrown by `proc_exit`: the call ends as if it had trapped with this message. */
export class GuestExit extends Error {}
