/**
 * Callers that read one value again and again are suspended until another caller changes something visible, because until
 * then they would only read the same value.
 */
import { type Caller, Status } from './caller.ts';
import { MemoryState } from './memoryState.ts';
import type { Operation } from './operation.ts';

/** Reads of one value after which a caller counts as spinning. Atomic reads are usually a wait loop, plain ones seldom. */
const SPINS_ATOMIC = 3;
const SPINS_PLAIN = 10;
/** The same where the loop may end by itself, after so many iterations: it is run for longer. */
const SPINS_COUNTED = 16;
/** Suspensions in one import, no state having changed, after which a caller counts as one that polls. */
const SPINS_SUSPENDED = 20;

/** Recognises spinning callers and releases them. */
export class Spinning {
  private readonly callers: readonly Caller[];
  /** Operations of this execution that changed what others can see. */
  private changes = 0;
  private readonly onlyWaits: (site: number) => boolean;
  /** Some caller spun, in any execution. */
  spun = false;
  /** One of them in a loop that may end by itself: what comes behind the loop was not explored from there. */
  unproven = false;

  /** @param onlyWaits whether an access stands in loops that end only when somebody else changes something */
  constructor(callers: readonly Caller[], onlyWaits: (site: number) => boolean) {
    this.callers = callers;
    this.onlyWaits = onlyWaits;
  }

  /** Starts a new execution. */
  begin(): void {
    this.changes = 0;
  }

  /** Something visible has changed: releases spinning callers. */
  changed(by: Caller): void {
    this.changes++;
    for (const caller of this.callers) {
      if (caller !== by && caller.status === Status.Spinning) caller.status = Status.Paused;
    }
  }

  /** Whether the caller has repeated the read `op` often enough without any change to count as spinning. */
  spins(caller: Caller, op: Operation): boolean {
    const touch = op.touches[0];
    if (touch === undefined || op.effect === 'changes' || op.site < 0) return false;
    const known = caller.reads.get(op.site);
    if (known === undefined || known.at !== touch.start || known.write !== this.changes) {
      caller.reads.set(op.site, { at: touch.start, write: this.changes, times: 1 });
      return false;
    }
    if (++known.times <= (op.wild ? SPINS_SUSPENDED : touch.atomic ? SPINS_ATOMIC : SPINS_PLAIN)) return false;
    if (!this.onlyWaits(op.site)) {
      if (known.times <= SPINS_COUNTED) return false;
      this.unproven = true;
    }
    this.spun = true;
    return true;
  }

  /** A read-modify-write is about to run; whether it changes anything is known afterwards. */
  remember(caller: Caller, op: Operation): void {
    const touch = op.touches[0];
    if (touch === undefined || !(touch.state instanceof MemoryState)) return;
    const { state: memory, start: at, end } = touch;
    caller.exchanged = { memory, at, end, before: bytes(memory, at, end) };
  }

  /** The read-modify-write has run: checks whether it changed anything. */
  settle(caller: Caller): void {
    const { exchanged } = caller;
    if (exchanged === undefined) return;
    caller.exchanged = undefined;
    if (bytes(exchanged.memory, exchanged.at, exchanged.end) !== exchanged.before) this.changed(caller);
  }
}

const bytes = (memory: MemoryState, start: number, end: number): string => memory.view.slice(start, end).join();
