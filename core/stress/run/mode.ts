/** What hooks do in an execution. */
export const ExecutionMode = {
  /** Before the base state: hooks do nothing. */
  Off: 0,
  /** Whole calls, one after the other: records which caller touches what. */
  Serial: 1,
  /** Decisions at operations on visible cells. */
  Explore: 2,
  /** The same decisions again; counts all operations. */
  Count: 3,
  /** Decisions at every operation. */
  Replay: 4,
  /** After the callers: only records writes. */
  Probe: 5,
} as const;
