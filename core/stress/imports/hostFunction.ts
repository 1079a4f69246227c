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
}

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
}

/** Thrown by `proc_exit`: the call ends as if it had trapped with this message. */
export class GuestExit extends Error {}
