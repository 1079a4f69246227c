/**
 * Callers that start late: when they are chosen for the first time. What a caller does before its first decision nobody
 * else sees, and it depends on nothing but the base state, so it may as well happen then; what the caller then stands
 * before is known from earlier executions. A caller that starts late is not suspended there. Where callers share what no
 * hook sees, all start before the first decision, as they do when an execution is replayed.
 */
import { isSameOperation, type Operation } from './operation.ts';

/** What callers stand before when they have started, and which of them have not. */
export class LateStarts {
  /** By caller: what it stood before in the last execution in which it started first, and in the one before that. */
  private readonly last: (Operation | undefined)[];
  private readonly sure: boolean[];
  /** Callers whose first steps call functions of the host, which nothing is known about. */
  private excluded = 0;
  /** Callers that are to start late, and those of them that have started and not made their first decision. */
  private waiting = 0;
  private started = 0;

  constructor(callers: number) {
    this.last = Array.from({ length: callers }, () => undefined);
    this.sure = Array.from({ length: callers }, () => false);
  }

  /** Before each execution. */
  begin(): void {
    this.waiting = 0;
    this.started = 0;
  }

  /** What is known is known no longer: callers share more than before. */
  forget(): void {
    this.last.fill(undefined);
    this.sure.fill(false);
  }

  /** A caller has started before the first decision, and stands before an operation. */
  stands(caller: number, op: Operation): void {
    this.sure[caller] = isSameOperation(this.last[caller], op);
    this.last[caller] = op;
  }

  /** A caller calls a function of the host; `starting`: before the first decision. */
  callsHost(caller: number, starting: boolean): void {
    if (starting || this.isComing(caller)) this.excluded |= 1 << caller;
  }

  /** Lets a caller start late. What it will stand before; undefined if that is not known. */
  defer(caller: number): Operation | undefined {
    if (!this.sure[caller] || (this.excluded >> caller) & 1) return undefined;
    this.waiting |= 1 << caller;
    return this.last[caller];
  }

  /** Whether a caller has not started. */
  isWaiting(caller: number): boolean {
    return ((this.waiting >> caller) & 1) === 1;
  }

  /** A caller is chosen; true if it starts now. */
  starts(caller: number): boolean {
    if (((this.waiting >> caller) & 1) === 0) return false;
    this.waiting &= ~(1 << caller);
    this.started |= 1 << caller;
    return true;
  }

  /** Whether a caller was chosen for a decision that it has not reached. */
  isComing(caller: number): boolean {
    return ((this.started >> caller) & 1) === 1;
  }

  /** A caller that is coming makes a decision; whether it was chosen for that. Else it never starts late again. */
  arrives(caller: number, op: Operation): boolean {
    this.started &= ~(1 << caller);
    if (isSameOperation(this.last[caller], op)) return true;
    this.excluded |= 1 << caller;
    return false;
  }

  /** A caller that is coming has ended without any decision: what was known of it was wrong. */
  ended(caller: number): void {
    this.excluded |= 1 << caller;
  }
}
