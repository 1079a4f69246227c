/** What the engine needs from its environment: the core has no clock, no events and no output. */

/** Progress of a run. */
export interface Progress {
  /** `serial orders`, `preemption bound 1`, `all schedules`, `random schedules`, `replay`. */
  phase: string;
  schedules: number;
  races: number;
  wrong: number;
}

/** What the engine needs from its environment. */
export interface Environment {
  /** Milliseconds from any origin. */
  now(): number;
  /** Polled often, so it must be cheap. */
  cancelled(): boolean;
  /** Whether to end the search now and report what is known, as if time were up; polled as often. */
  enough?(): boolean;
  /** Lets other tasks of the thread run; called several times per second. */
  breathe(): Promise<void>;
  progress(progress: Progress): void;
  /** What a scenario may grant to WASI: nanoseconds since 1970, random bytes. */
  world: { nanoseconds(): bigint; random(bytes: Uint8Array): void };
  /** Called with the current function index and byte offset, so that the report about a killed thread can name its last place. */
  at?(func: number, offset: number): void;
}
