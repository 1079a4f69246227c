/** How the first thread controls all threads: the commands and the state that they work on. */
import { awaitCount, RunPhase, Slot, ThreadCommand } from './control.ts';
import type { HammerThread } from './hammerThread.ts';
import { LowestStack } from './lowestStack.ts';
import type { SharedState } from './sharedState.ts';
import type { SharedMemories, ThreadStart } from './threadStart.ts';

/** What the driver controls. */
export interface DriverOptions {
  start: ThreadStart;
  control: Int32Array;
  thread: HammerThread;
  state: SharedState;
  now(): number;
  /** New memories with the limits of the old ones and these bytes, sent to the first `members` threads. */
  newMemories(bytes: readonly number[], members: number): SharedMemories;
}

/** Controls the threads of a run. Its methods block until all threads have performed the command. */
export class Driver {
  readonly start: ThreadStart;
  readonly control: Int32Array;
  readonly thread: HammerThread;
  readonly state: SharedState;
  readonly now: () => number;
  private readonly newMemories: DriverOptions['newMemories'];
  /** The memories in use. */
  memories: SharedMemories | undefined;
  /** Threads that perform commands. */
  private members: number;
  private generation = 0;
  private done = 0;
  private turns = 0;
  /** Lowest stack pointer of serial orders so far, and of rounds. */
  lowestStack = Number.POSITIVE_INFINITY;
  deepest = Number.POSITIVE_INFINITY;
  /** Address from which on `markDeadStack` has excluded dead stack. */
  deadFrom = Number.POSITIVE_INFINITY;
  /** Whether memory that was replaced had changed in words that were not known to change. */
  private news = false;

  constructor(options: DriverOptions) {
    this.start = options.start;
    this.control = options.control;
    this.thread = options.thread;
    this.state = options.state;
    this.now = options.now;
    this.newMemories = options.newMemories;
    this.memories = options.start.shared;
    this.members = options.start.threads;
  }

  /** Performs a command in all threads; returns when all are done. */
  command(command: number, argument = 0): void {
    const { control } = this;
    Atomics.store(control, Slot.Command, command);
    Atomics.store(control, Slot.Argument, argument);
    this.generation = (this.generation + 1) | 0;
    Atomics.store(control, Slot.Generation, this.generation);
    if (command === ThreadCommand.End) return;
    this.thread.perform(command, argument);
    this.done = (this.done + this.members - 1) | 0;
    awaitCount(control, Slot.Done, this.done);
  }

  /** Runs the start function and the setup calls; returns what went wrong, if anything. */
  setUp(): string | undefined {
    this.command(ThreadCommand.SetUp);
    this.turns = this.start.callers.length;
    const failed = Atomics.load(this.control, Slot.Failed);
    return failed === 0 ? undefined : this.thread.texts.traps.text(failed - 1);
  }

  /** From now on all workers perform commands, for the measurement of costs. */
  callAll(): void {
    const { control, start } = this;
    Atomics.store(control, Slot.Phase, RunPhase.Costs);
    Atomics.notify(control, Slot.Phase);
    if (start.workers === this.members) return;
    awaitCount(control, Slot.Joined, start.workers - this.members);
    this.members = start.workers;
    // They have not received the memories that replaced earlier ones.
    if (start.shared !== undefined) this.renew();
  }

  /** Makes the current state the base state. */
  mark(): void {
    // The stack depth of the setup says nothing about the calls.
    this.lowest()?.clear();
    this.command(ThreadCommand.Mark);
    this.state.mark();
  }

  /** All calls in one serial order, from the base state. */
  serial(order: readonly number[]): void {
    this.reset();
    new Uint8Array(this.start.order).set(order);
    const before = this.turns;
    this.turns = (this.turns + order.length) | 0;
    this.command(ThreadCommand.Serial, before);
    this.lowestStack = Math.min(this.lowestStack, this.lowest()?.read() ?? this.lowestStack);
  }

  private lowest(): LowestStack | undefined {
    const { shared } = this.start;
    return shared === undefined || this.memories === undefined
      ? undefined
      : new LowestStack(this.memories.cells, shared.lowest);
  }

  /** All callers concurrently, from the base state. */
  round(): void {
    this.reset();
    this.command(ThreadCommand.Round);
  }

  probe(serially: boolean): void {
    if (this.start.probe.length > 0) this.thread.guests[0].probing(serially);
  }

  /**
   * Restores the base state. If a memory has grown, with new memories: shared memories cannot shrink. What calls changed
   * in the old ones is learned first, since it goes with them.
   */
  reset(): void {
    if (this.state.grown()) {
      this.news = this.state.learn() || this.news;
      this.renew();
    } else this.state.restore();
  }

  /**
   * Learns what rounds have changed since the last call: true if there are words that were not known to change, or
   * frames below all that is excluded as dead stack. Rounds since then did not all begin with the base state, or were
   * not compared in full. Leaves the base state, but for those words.
   */
  learn(): boolean {
    const deeper = this.wentDeeper();
    this.reset();
    const news = this.state.learn() || this.news;
    this.news = false;
    return news || deeper;
  }

  private wentDeeper(): boolean {
    if (this.start.stackPointer < 0) return false;
    this.command(ThreadCommand.Depth);
    this.deepest = Math.min(this.deepest, this.lowest()?.read() ?? this.deepest);
    return this.deepest < this.deadFrom;
  }

  /** Restores the base state completely, not only the words that are known to change. */
  resetAll(): void {
    if (this.state.grown()) this.renew();
    else this.state.restoreAll();
  }

  renew(): void {
    const { memories, cells } = this.newMemories(this.state.sizes(), this.members);
    this.memories = { memories, cells };
    this.state.replace([...memories.filter((m) => m !== undefined), cells]);
    this.command(ThreadCommand.Renew);
  }
}
