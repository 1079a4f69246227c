/**
 * The loops that callers run in; see ../instrument/resident.ts. A loop begins with the first call of its caller, is
 * idle between calls, and begins anew after a trap, which ends it. The engine never frees the stack of a loop that
 * nobody resumes, so they have to be ended.
 */
import type { Caller } from './caller.ts';

/** What a caller's loop is doing. */
interface Resident {
  readonly caller: Caller;
  /** It has begun and was not ended by a trap. */
  alive: boolean;
  /** Resumes it while it is idle: 0 to ask for a call, 1 to end. */
  wake: ((end: number) => void) | undefined;
  /** Number of the function to call next, or -1; and its arguments. */
  next: number;
  args: readonly unknown[];
}

/** Is told how calls ended. */
export interface CallListener {
  /** `value` as a function of JavaScript would return it. */
  returned(caller: Caller, value: unknown): void;
  failed(caller: Caller, error: unknown): void;
}

/** The loops of all callers. */
export class Residents {
  private readonly listener: CallListener;
  private readonly residents: readonly Resident[];
  /** Numbers of functions in the loop, by function index. */
  private readonly numbers: ReadonlyMap<number, number>;
  private args: readonly unknown[] = [];
  /** Results of the call that returns, the first `results`; the last result comes first. */
  private readonly values: unknown[] = [];
  private results = 0;
  /** A loop is telling that its call has returned: code that runs now is on the stack of its caller. */
  private tells = false;

  /** @param functions those that the loop can call, by their numbers */
  constructor(callers: readonly Caller[], functions: readonly number[], listener: CallListener) {
    this.residents = callers.map((caller) => ({ caller, alive: false, wake: undefined, next: -1, args: [] }));
    this.numbers = new Map(functions.map((func, number) => [func, number]));
    this.listener = listener;
  }

  /** Whether calls of a function can be made in the loop. */
  has(func: number): boolean {
    return this.numbers.has(func);
  }

  /** Whether code that runs now is on the stack of a caller that tells of its return. */
  get telling(): boolean {
    return this.tells;
  }

  /** Makes a call; guest code runs in a later task. */
  call({ index }: Caller, func: number, args: readonly unknown[]): void {
    const resident = this.residents[index];
    resident.next = this.numbers.get(func) as number;
    resident.args = args;
    const { wake } = resident;
    if (wake !== undefined) {
      resident.wake = undefined;
      wake(0);
    } else if (!resident.alive) {
      resident.alive = true;
      void Promise.resolve().then(() => this.begin(resident));
    }
    // Else the loop is about to ask for it.
  }

  private begin(resident: Resident): void {
    const { caller } = resident;
    caller.instance.resident(caller.index).then(undefined, (error: unknown) => {
      resident.alive = false;
      this.results = 0;
      this.listener.failed(caller, error);
    });
  }

  /** Ends all loops. Nobody may be in a call. */
  end(): void {
    for (const resident of this.residents) {
      const { wake } = resident;
      resident.wake = undefined;
      if (wake === undefined) continue;
      resident.alive = false;
      wake(1);
    }
  }

  // The hooks of the loop.

  next = (index: number): number => {
    const resident = this.residents[index];
    const { next } = resident;
    resident.next = -1;
    this.args = resident.args;
    return next;
  };

  idle = (index: number): Promise<number> =>
    new Promise((resolve) => {
      this.residents[index].wake = resolve;
    });

  returned = (index: number): void => {
    const { values, results } = this;
    this.results = 0;
    const value = results > 1 ? values.slice(0, results).reverse() : results === 1 ? values[0] : undefined;
    this.tells = true;
    this.listener.returned(this.residents[index].caller, value);
    this.tells = false;
  };

  argument = (position: number): unknown => this.args[position];

  result = (value: unknown): void => {
    this.values[this.results++] = value;
  };
}
