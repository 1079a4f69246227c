/**
 * The words that the threads of a hammer run share, and how they wait for each other: they spin first, because
 * short calls overlap only after a rendezvous of a few nanoseconds, and sleep when a partner has no core.
 */
const LINE = 16;

/** Positions of 32-bit words, each on a separate cache line. */
export const Slot = {
  /** Not 0: end as soon as possible, without a result. */
  Cancelled: 0,
  /** Not 0: stop the rounds and report what is known. */
  Enough: LINE,
  /** Number of the last command, which command it was, and its argument. */
  Generation: 2 * LINE,
  Command: 3 * LINE,
  Argument: 4 * LINE,
  /** Arrivals at a rendezvous and completed commands, counted over all threads since the start. */
  Arrived: 5 * LINE,
  Done: 6 * LINE,
  /** Number of calls made in a serial order. */
  Turn: 7 * LINE,
  /** Most steps by which a thread is delayed after a rendezvous. */
  Jitter: 8 * LINE,
  /** Milliseconds that one command may take. */
  Limit: 9 * LINE,
  /** One of `RunPhase`. */
  Phase: 10 * LINE,
  Lock: 11 * LINE,
  /** Threads that could not renew their instances. */
  Failed: 12 * LINE,
  /** Threads that only take part in measurements and have joined. */
  Joined: 13 * LINE,
  /** Not 0: callers that should have a stack each do not. */
  Overlap: 14 * LINE,
  /** Not 0: some thread has ended its step of a measurement. */
  StepOver: 15 * LINE,
  /** The call that each caller is in, plus 1; 0: none. */
  Calls: 16 * LINE,
} as const;

/** What a run is doing: values of `Slot.Phase`. */
export const RunPhase = {
  /** Everything before the rounds, including serial orders. */
  Alone: 0,
  Rounds: 1,
  Costs: 2,
} as const;

/** The memory of all slots, zero. */
export const controlBuffer = (callers: number): SharedArrayBuffer =>
  new SharedArrayBuffer((Slot.Calls + callers * LINE) * 4);

/** Slot in which a caller stores the call that it is in. */
export const callSlot = (caller: number): number => Slot.Calls + caller * LINE;

/** Commands of the first thread to all threads. */
export const ThreadCommand = {
  End: 0,
  /** The start function, then the setup calls. */
  SetUp: 1,
  /** Calls in the serial order that the order buffer holds. */
  Serial: 2,
  Round: 3,
  /** Receive new memories and create new instances. */
  Renew: 4,
  /** Save the private state as what rounds begin with. */
  Mark: 5,
  /** One step of a measurement of costs. */
  Cost: 6,
  /** Add the lowest stack pointer of rounds to the cell of the lowest one. */
  Depth: 7,
} as const;

/**
 * Polls before a thread sleeps, about two milliseconds of them, and how long it sleeps between polls, ms. Fewer polls
 * give more rounds on a busy machine, but calls do not overlap in them: a thread that sleeps often is woken on a core
 * that is in use. More polls occupy the core that the other thread needs.
 */
const SPINS = 500_000;
const NAP = 0.1;
const LONG_NAP = 20;

/** Waits until a counter has reached a value. Counters wrap around. */
export function awaitCount(words: Int32Array, slot: number, value: number): void {
  for (let left = SPINS; ; left--) {
    const now = Atomics.load(words, slot);
    if (((now - value) | 0) >= 0) return;
    if (left <= 0) Atomics.wait(words, slot, now, NAP);
  }
}

/** Sleeps until `reached` returns true. For long waits. */
export function awaitSleeping(words: Int32Array, slot: number, reached: () => boolean): void {
  while (!reached()) Atomics.wait(words, slot, Atomics.load(words, slot), LONG_NAP);
}

/** A lock like those of language runtimes: 0 free, 1 held, 2 held with waiters. */
export function lock(words: Int32Array): void {
  if (Atomics.compareExchange(words, Slot.Lock, 0, 1) === 0) return;
  for (let i = 0; i < 100; i++) if (Atomics.compareExchange(words, Slot.Lock, 0, 1) === 0) return;
  while (Atomics.exchange(words, Slot.Lock, 2) !== 0) Atomics.wait(words, Slot.Lock, 2);
}

/** Releases the lock and wakes a waiter, if any. */
export function unlock(words: Int32Array): void {
  if (Atomics.exchange(words, Slot.Lock, 0) === 2) Atomics.notify(words, Slot.Lock, 1);
}
