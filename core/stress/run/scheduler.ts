/**
 * Runs the calls of several callers on one thread, one at a time: JavaScript Promise Integration suspends a caller in
 * the middle of wasm and resumes another. Hooks ask here before every operation; a strategy decides.
 */

import { HookAnswer, TagWord } from '../instrument/hooks.ts';
import type { Sites } from '../instrument/sites.ts';
import type { BufferedStore } from './buffers/bufferedStore.ts';
import { StoreBuffers, type StoreListener } from './buffers/storeBuffers.ts';
import { type Callback, type Caller, type CallerCall, resetCaller, Status } from './caller.ts';
import { Dispatcher, type ExecutionEnding } from './dispatcher.ts';
import type { GuestInstance } from './guestInstance.ts';
import type { History } from './history.ts';
import { LateStarts } from './lateStarts.ts';
import { readerBit, writerBit } from './lineRecords.ts';
import type { Machine } from './machine.ts';
import { MemoryState } from './memoryState.ts';
import { FUEL, Meter, type MeteredExecution, type MeterOptions } from './meter.ts';
import { ExecutionMode } from './mode.ts';
import { cellTouch, NOTHING, type Operation, operationAt, type Touch } from './operation.ts';
import { Residents } from './residents.ts';
import { EXHAUSTED, resultText, trapText } from './resultTexts.ts';
import { type CallAlone, type SerialCaller, SerialCalls, type WaitingLoops } from './serialCalls.ts';
import { Spinning } from './spinning.ts';
import type { Strategy } from './strategy.ts';
import type { TraceRecorder } from './traceRows.ts';
import { TrackedCell } from './trackedCell.ts';

/** What a scheduler works on. */
export interface SchedulerOptions extends MeterOptions, WaitingLoops {
  machine: Machine;
  sites: Sites;
  history: History;
  callers: Caller[];
  /** Whether an access stands in loops that end only when another caller changes something. */
  onlyWaits(site: number): boolean;
  /** One instance on one thread: see `Scheduler.cooperative`. */
  cooperative: boolean;
  /** Functions that callers call in their loops; see residents.ts. */
  resident: readonly number[];
  /** All that one caller can see of another one is seen by the hooks; see lateStarts.ts. */
  seesAll: boolean;
}

/** Runs executions; see the file's comment. */
export class Scheduler implements MeteredExecution, SerialCaller, StoreListener {
  readonly machine: Machine;
  readonly sites: Sites;
  readonly history: History;
  readonly callers: Caller[];
  /** Decisions are made at the start of calls and where imports suspend a caller, nowhere else. */
  readonly cooperative: boolean;
  /** Runs calls alone: setups, probes, serial orders. */
  readonly serial: SerialCalls;
  /** What every decision under the cooperative model touches, as what follows it may touch anything; and a call's begin. */
  readonly turn: Touch;
  private readonly begins: Operation;
  /** Under the cooperative model, somebody has written since the last decision. */
  wrote = false;
  /** In this execution a wait ended because its time was over, with no other caller running that could have ended it. */
  timedOutAlone = false;
  /** A call exhausted the stack, in this execution and in any. */
  exhausted = false;
  everExhausted = false;
  /** Some call was suspended in an import, in any execution. */
  suspended = false;
  private news = false;
  /** How often cells became visible: what was searched before lacked decisions. */
  discoveries = 0;
  /** Some call waited for another caller, in any execution that is no serial order. */
  waited = false;
  readonly meter: Meter;
  mode: number = ExecutionMode.Off;
  /** Number of the execution; shadows are stamped with it. */
  run = 0;
  current!: Caller;
  instance!: GuestInstance;
  readonly spinning: Spinning;
  /** Operations seen in all executions. */
  accesses = 0;
  /** Calls of functions of the host in all executions, stubs left out. */
  hostCalls = 0;
  recorder: TraceRecorder | undefined;
  /** Pairs of caller and number of operations, from `ExecutionMode.Count` and `ExecutionMode.Replay`. */
  readonly segments: number[] = [];
  readonly dispatcher: Dispatcher;
  readonly residents: Residents;
  private readonly late: LateStarts;
  private readonly seesAll: boolean;
  private ownBuffers: StoreBuffers | undefined;
  private starting = false;
  private ending: ExecutionEnding | undefined;
  private finish: ((ending: ExecutionEnding) => void) | undefined;
  private next = -1;
  private lastTag = 0;
  /** Thrown by the engine itself, not by the guest. */
  defect: unknown;

  constructor(options: SchedulerOptions) {
    this.machine = options.machine;
    this.sites = options.sites;
    this.history = options.history;
    this.callers = options.callers;
    this.cooperative = options.cooperative;
    const turn = new TrackedCell('host', 'turn', options.callers.length);
    turn.visible = true;
    this.turn = cellTouch(turn, true, true, true);
    this.begins = operationAt(-1, [this.turn], { effect: 'reads', wild: true });
    this.meter = new Meter(this, options);
    this.spinning = new Spinning(options.callers, options.onlyWaits);
    this.dispatcher = new Dispatcher(options.callers, options.stopped);
    this.late = new LateStarts(options.callers.length);
    this.seesAll = options.seesAll;
    this.serial = new SerialCalls(this, options);
    this.residents = new Residents(options.callers, options.resident, {
      returned: (caller, value) => this.returned(caller, withObserved(caller, resultText(value, this.machine))),
      failed: (caller, error) => this.returned(caller, this.failureOf(caller, error)),
    });
    this.enter(options.callers[0]);
  }

  /** Set when a cell became visible during this execution, which therefore lacked decisions. */
  get discovered(): boolean {
    return this.news && !this.cooperative;
  }
  set discovered(news: boolean) {
    if (news && !this.news && !this.cooperative) this.discoveries++;
    this.news = news;
    if (news) this.late.forget();
  }

  /** What was executed so far: operations, and loops without any, a thousand iterations each. The same in each run. */
  get work(): number {
    return this.accesses + this.meter.iterations;
  }

  /** Whether plain stores wait in store buffers in the next executions. */
  buffered(wait: boolean): void {
    this.dispatcher.buffers = undefined;
    if (wait) this.dispatcher.buffers = this.ownBuffers ??= new StoreBuffers(this.callers, this.sites, this);
  }

  /** Makes a caller the running one. */
  private enter(caller: Caller): void {
    this.current = caller;
    this.instance = caller.instance;
    caller.instance.tags[TagWord.Tag] = caller.tag;
    this.letPass();
  }

  /** Says whether first accesses of the running caller may pass without asking; see lineRecords.ts. */
  letPass(): void {
    const { memories, tags } = this.instance;
    // Where anybody grows a memory, accesses depend on its size.
    const passes = this.passes && memories.length > 0 && memories[0].extent.writers === 0;
    tags[TagWord.Reader] = passes ? readerBit(this.current.index) : 0;
    tags[TagWord.Writer] = passes ? writerBit(this.current.index) : 0;
  }

  /** Executions in which not every operation counts. Under the cooperative model each step has to see its writes; store buffers see all. */
  private get passes(): boolean {
    const every = this.cooperative || this.dispatcher.buffers !== undefined;
    return !every && (this.mode === ExecutionMode.Serial || this.mode === ExecutionMode.Explore);
  }

  /** Gives the caller a new tag, so that earlier tags no longer match. */
  freshTag(caller: Caller): void {
    if (this.lastTag > 0x7ffffff0) {
      for (const memory of this.machine.memories) memory.written();
      this.machine.records.clear();
      for (const { instance } of this.callers) instance.tags[TagWord.Fuel] = FUEL;
      this.letPass();
      this.lastTag = 0;
    }
    caller.tag = ++this.lastTag;
    if (caller === this.current) caller.instance.tags[TagWord.Tag] = caller.tag;
  }

  /** The base state again, and nothing has run, in a mode. */
  begin(mode: number): void {
    this.serial.reset();
    this.timedOutAlone = false;
    this.exhausted = false;
    this.mode = mode;
    this.run++;
    this.machine.restore();
    this.history.begin(this.run);
    this.discovered = false;
    this.ending = undefined;
    this.next = -1;
    this.spinning.begin();
    this.dispatcher.begin(mode === ExecutionMode.Replay);
    this.late.begin();
    if (this.segments.length > 0) this.segments.length = 0;
    this.meter.begin();
    this.wrote = false;
    for (const caller of this.callers) {
      resetCaller(caller);
      this.freshTag(caller);
      caller.instance.tags[TagWord.Fuel] = FUEL;
    }
  }

  /** Runs all callers from the base state under a strategy. */
  execute(mode: number, strategy: Strategy): Promise<ExecutionEnding> {
    this.begin(mode);
    this.dispatcher.strategy = strategy;
    this.history.dependence.tracks = strategy.tracksDependence && mode === ExecutionMode.Explore;
    strategy.begin(this.history.dependence);
    this.starting = true;
    return new Promise((resolve) => {
      this.finish = resolve;
      this.start(0);
    });
  }

  /** Runs caller `index` and the following ones to their first decision, apart from those that start late. */
  private start(index: number): void {
    let next = index;
    while (next < this.callers.length && this.startsLate(this.callers[next])) next++;
    if (next < this.callers.length) {
      this.enter(this.callers[next]);
      this.invoke(this.current);
      return;
    }
    this.starting = false;
    this.goOn();
  }

  /** Lets a caller start late, if it can; it counts as standing before its first operation. */
  private startsLate(caller: Caller): boolean {
    if (!this.mayStartLate || !this.isResident(caller.calls[0])) return false;
    const op = this.late.defer(caller.index);
    if (op === undefined) return false;
    caller.pending = op;
    caller.status = Status.Paused;
    return true;
  }

  /** Other executions see all operations in the order of the callers. */
  private get mayStartLate(): boolean {
    const { mode, cooperative, dispatcher } = this;
    return this.seesAll && mode === ExecutionMode.Explore && !cooperative && dispatcher.buffers === undefined;
  }

  /** The running caller calls a function of the host. @param stub one that always answers the same, and does nothing */
  callsHost(stub: boolean): void {
    if (!stub) this.hostCalls++;
    this.late.callsHost(this.current.index, this.starting);
  }

  private invoke(caller: Caller): void {
    if (!this.cooperative) {
      this.call(caller);
      return;
    }
    // When a call begins is a decision of its own.
    caller.pending = this.begins;
    caller.status = Status.Paused;
    caller.resume = (answer) => {
      if (answer === HookAnswer.Abort) this.returned(caller, `trap: ${caller.trap}`);
      else this.call(caller);
    };
    this.goOn();
  }

  private call(caller: Caller): void {
    const step = caller.calls[caller.call];
    caller.status = Status.Running;
    caller.iterations = 0;
    caller.trap = undefined;
    // Calls that read one value each do not spin.
    if (caller.reads.size > 0) caller.reads.clear();
    caller.instance.tags[TagWord.Fuel] = FUEL;
    this.recorder?.called(caller);
    if (this.isResident(step)) this.residents.call(caller, step.func, step.args);
    // Other guest code must not begin on the stack of a caller.
    else if (this.residents.telling) void Promise.resolve().then(() => this.callOutside(caller, step));
    else this.callOutside(caller, step);
  }

  private isResident({ perform, func }: CallerCall): boolean {
    return perform === undefined && this.residents.has(func);
  }

  /** Makes a call that is none of the caller's loop. */
  private callOutside(caller: Caller, step: CallerCall): void {
    const failed = (error: unknown): void => this.returned(caller, this.failureOf(caller, error));
    if (step.perform !== undefined)
      step.perform(caller).then((result) => this.returned(caller, withObserved(caller, result)), failed);
    else
      this.callFunction(caller, step).then(
        (value) => this.returned(caller, withObserved(caller, resultText(value, this.machine))),
        failed,
      );
  }

  /** Calls a function of the caller's instance. */
  private callFunction(caller: Caller, { func, args }: Callback): Promise<unknown> {
    const run = caller.instance.functions.get(func) as (...args: unknown[]) => Promise<unknown>;
    return run(...args);
  }

  /** Text of a trap. Any other error is a defect of the engine. */
  trapped(caller: Caller, error: unknown): string {
    const text = caller.trap ?? trapText(error);
    if (text === EXHAUSTED) {
      this.exhausted = true;
      this.everExhausted = true;
    }
    if (text === undefined) {
      this.defect ??= error;
      return 'trap: internal error';
    }
    return `trap: ${text}`;
  }

  private returned(caller: Caller, result: string): void {
    this.settle(caller);
    this.recorder?.returned(caller, result);
    // Most callers make one call: a list of one needs less room than one that grows.
    if (caller.call === 0) caller.results = [result];
    else caller.results.push(result);
    caller.call++;
    if (this.ending === undefined && this.defect === undefined && caller.call < caller.calls.length) {
      this.invoke(caller);
      return;
    }
    caller.status = Status.Done;
    // As in `ask`.
    if (this.ending === undefined && this.late.isComing(caller.index)) {
      this.late.ended(caller.index);
      this.discovered = true;
    }
    if (this.ending !== undefined || this.defect !== undefined) this.end(this.ending ?? 'stopped');
    else if (this.starting) this.start(caller.index + 1);
    else this.goOn();
  }

  /** The running caller is done or blocked: resumes another one. */
  goOn(): void {
    if (this.starting) {
      this.start(this.current.index + 1);
      return;
    }
    const next = this.pick(-1);
    if (next >= 0) this.transfer(next);
    else this.end(this.ending ?? 'done');
  }

  /** The next caller, or -1 when the execution is over. */
  private pick(current: number): number {
    const next = this.dispatcher.next(current);
    if (next < 0) this.ending = this.dispatcher.ending;
    return next;
  }

  /** Resumes a paused caller, whose pending operation is performed now. */
  private transfer(index: number): void {
    const caller = this.callers[index];
    this.enter(caller);
    if (this.late.starts(index)) {
      caller.pending = undefined;
      this.call(caller);
      return;
    }
    const op = caller.pending ?? NOTHING;
    caller.pending = undefined;
    caller.status = Status.Running;
    const resume = caller.resume;
    caller.resume = undefined;
    resume?.(this.perform(caller, op));
  }

  /** The running caller is about to perform an operation on visible cells. */
  ask(op: Operation): number {
    const caller = this.current;
    if (this.ending !== undefined) return HookAnswer.Abort;
    if (this.late.isComing(caller.index)) {
      if (this.late.arrives(caller.index, op)) return this.perform(caller, op);
      // What it was chosen for does not happen: no search can know that decision.
      this.discovered = true;
    }
    caller.pending = op;
    caller.status = Status.Paused;
    if (this.starting) {
      if (this.mayStartLate) this.late.stands(caller.index, op);
      return HookAnswer.Pause;
    }
    if (this.dispatcher.strategy?.follows !== true && this.spinning.spins(caller, op)) caller.status = Status.Spinning;
    const next = this.pick(caller.index);
    if (next === caller.index) {
      caller.status = Status.Running;
      caller.pending = undefined;
      return this.perform(caller, op);
    }
    this.next = next;
    return HookAnswer.Pause;
  }

  /** Suspends the running caller and carries out the decision of `ask`. */
  pause = (): Promise<number> => {
    const caller = this.current;
    const promise = new Promise<number>((resolve) => {
      caller.resume = resolve;
    });
    if (this.starting) this.startBehind(caller.index + 1);
    else if (this.next >= 0) this.transfer(this.next);
    else this.end(this.ending ?? 'done');
    return promise;
  };

  /** Starts callers while another one is still on the stack. */
  private startBehind(index: number): void {
    for (let next = index; next < this.callers.length; next++) {
      if (this.isResident(this.callers[next].calls[0])) continue;
      void Promise.resolve().then(() => this.start(index));
      return;
    }
    this.start(index);
  }

  /** The operation happens now, before anything else does. */
  private perform(caller: Caller, planned: Operation): number {
    const op = planned.settle?.() ?? planned;
    if (op === NOTHING) return HookAnswer.Perform;
    this.count(caller, true);
    if (this.cooperative) this.step(caller);
    for (const { state, start, end, write } of op.touches) {
      // Growth may have copied the memory while the caller was paused.
      if (write && state instanceof MemoryState && state.growths.length > 0) state.writesDuringGrowth(start, end);
    }
    const effect = op.effect;
    if (op.site >= 0) this.recorder?.performed(caller, op);
    const waits = this.dispatcher.buffers?.performs(caller, op) === true;
    if (waits) this.recorder?.waits?.();
    const most = op.isMost ? op : planned;
    const fresh = this.history.record(caller.index, caller.call, op, this.dispatcher.last, most);
    if (fresh) this.freshTag(caller);
    if (op.trap !== undefined) {
      caller.trap = op.trap;
      return HookAnswer.Abort;
    }
    // Who stores does not spin; others see it later.
    if (waits) caller.reads.clear();
    else if (effect === 'changes') this.spinning.changed(caller);
    else if (effect === 'exchanges') this.spinning.remember(caller, op);
    return op.parts ? HookAnswer.Parts : HookAnswer.Perform;
  }

  /** A decision under the cooperative model: a new tag, so that the first write of each step is noticed. */
  private step(caller: Caller): void {
    if (this.wrote) this.spinning.changed(caller);
    this.wrote = false;
    this.freshTag(caller);
  }

  /** Adds to the running caller's last operation what an imported function has touched. */
  alsoTouches(op: Operation): void {
    this.history.record(this.current.index, this.current.call, op, this.dispatcher.last, op);
    if (op.effect === 'changes') this.spinning.changed(this.current);
  }

  /** One more operation of a caller; `segments` says who did how many in a row. */
  count(caller: Caller, decided = false): void {
    const { segments } = this;
    if (this.cooperative && !decided) return;
    if (this.mode < ExecutionMode.Count || this.mode > ExecutionMode.Replay) return;
    this.dispatcher.buffers?.counted(caller.index);
    if (segments.length > 0 && segments[segments.length - 2] === caller.index) segments[segments.length - 1]++;
    else segments.push(caller.index, 1);
  }

  /** The caller that ran is about to lose its view of memory. */
  leaves(): void {
    this.recorder?.settle();
  }

  /** A store that waited in a buffer reached memory. In `segments`, its caller's complement and the number of the store. */
  reached(caller: Caller, store: BufferedStore): void {
    this.recorder?.reached?.(caller, store);
    this.spinning.changed(caller);
    if (this.mode < ExecutionMode.Count) return;
    const { segments } = this;
    if (segments.length > 0 && segments[segments.length - 2] === ~caller.index) segments.length -= 2;
    segments.push(~caller.index, store.op.step ?? 0);
  }

  /** Called before a caller's next operation: records what its last one really did. */
  settle(caller: Caller): void {
    this.recorder?.settle();
    if (caller.exchanged !== undefined) this.spinning.settle(caller);
  }

  /** Whether the running call, in a loop at `site`, never returns; `last` is its last access. */
  isEndless(site: number, last: number): boolean {
    return this.serial.isEndless(site, last);
  }

  /** Ends the execution in the middle of the running call. Before the base state there is none to be judged. */
  stop(ending: ExecutionEnding, trap: string): void {
    this.current.trap = trap;
    if (ending === 'stopped' || this.mode !== ExecutionMode.Off) this.ending = ending;
  }

  /** Ends all running callers, then the execution. */
  private end(ending: ExecutionEnding): void {
    this.ending = ending;
    for (const { index, pending } of this.callers) if (pending !== undefined) this.history.foresee(index, pending);
    for (const caller of this.callers) {
      if (caller.status === Status.Done) continue;
      if (caller.resume === undefined) {
        // Not started: it was not chosen, or an earlier caller did not reach its first decision.
        if (caller.status === Status.Running || this.late.isWaiting(caller.index)) caller.status = Status.Done;
        continue;
      }
      const { resume } = caller;
      caller.resume = undefined;
      caller.trap ??= 'did not return';
      this.enter(caller);
      resume(HookAnswer.Abort);
      return; // The trap that this causes calls this function again.
    }
    if (this.callers.some((c) => c.status !== Status.Done)) return;
    this.dispatcher.strategy?.end?.();
    const { finish } = this;
    this.finish = undefined;
    finish?.(ending);
  }

  /** Makes a caller the running one, whose next call is none of an execution. */
  enterAlone(caller: Caller): void {
    this.enter(caller);
    this.starting = false;
  }

  /** Text of what a call returned that runs alone, with what was observed in it. Rejects with its trap. */
  async resultOf(caller: Caller, step: CallAlone): Promise<string> {
    const result =
      step.perform === undefined
        ? resultText(await this.callFunction(caller, step), this.machine)
        : await step.perform(caller);
    return withObserved(caller, result);
  }

  /** The same of a call that failed. */
  failureOf(caller: Caller, error: unknown): string {
    return withObserved(caller, this.trapped(caller, error));
  }

  /** Goes on in another mode, in the state as it is. */
  goOnIn(mode: number): void {
    this.mode = mode;
    this.letPass();
    this.ending = undefined;
    for (const caller of this.callers) this.freshTag(caller);
  }

  /** The call cannot continue alone, so no serial order has it here. */
  refuse(): void {
    this.ending ??= 'deadlock';
  }

  get over(): boolean {
    return this.ending !== undefined;
  }

  /** Ends what callers keep from one execution to the next; to be called after the last one. */
  close(): void {
    this.residents.end();
  }
}

/** The text of a result with the host calls that belong to it; calls of steps that were ended count, too. */
function withObserved(caller: Caller, result: string): string {
  if (caller.observed.length === 0) return result;
  const text = `${result}; ${caller.observed.join('; ')}`;
  caller.observed = [];
  return text;
}
