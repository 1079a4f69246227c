/** What the engine needs of the world around it: the core itself has no clock, no events and no output. */

/** Told while a run goes on. */
export interface Progress {
  /** `serial orders`, `preemption bound 1`, `all schedules`, `random schedules`, `replay`. */
  phase: string;
  schedules: number;
  races: number;
  wrong: number;
}

/** What the engine needs of the world around it. */
export interface Environment {
  /** Milliseconds from any origin. */
  now(): number;
  /** Asked often, so it must be cheap. */
  cancelled(): boolean;
  /** Whether to end the search now and say what is known, as if its time were over; asked as often. */
  enough?(): boolean;
  /** Lets other tasks of the thread run; the engine calls it some times a second. */
  breathe(): Promise<void>;
  progress(progress: Progress): void;
  /** What a scenario may grant to WASI: nanoseconds since 1970, random bytes. */
  world: { nanoseconds(): bigint; random(bytes: Uint8Array): void };
  /** Told where execution is, so that a thread that has to be killed can say it: function index and byte offset. */
  at?(func: number, offset: number): void;
}
