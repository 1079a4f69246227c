/** One thread's part of the measurements of costs. */
import type { Module } from '../../wasm/module.ts';
import type { WasmFunction, WasmInstance, WasmMemory } from '../../wasm/webAssembly.ts';
import { type Comparison, comparisonOf } from '../scenario/comparison.ts';
import type { Value } from '../scenario/expression.ts';
import { awaitCount, lock, Slot, unlock } from './control.ts';
import { CostCounter, STEP_MS, STEP_SEQUENCES, untilTimed } from './costs.ts';
import { bound, type Guest } from './guest.ts';
import type { GuestHost } from './guestHost.ts';
import { boundStep, hostMemories } from './guestSteps.ts';
import type { GuestCall, ThreadStart } from './threadStart.ts';

/** Number of readings of the clock from which the cost of one is measured. */
const LOOKS = 1000;

/** What a thread needs to measure. */
export interface CostRunnerOptions {
  index: number;
  start: ThreadStart;
  control: Int32Array;
  module: Module;
  guests: readonly Guest[];
  now(): number;
  hostFor(caller: number): GuestHost;
}

/** Makes the calls of one thread in each step of a measurement and counts them. */
export class CostRunner {
  private readonly options: CostRunnerOptions;
  private readonly comparison: Comparison;
  private host: GuestHost | undefined;
  /** Milliseconds that reading the clock takes. */
  readonly clock: number;

  constructor(options: CostRunnerOptions) {
    this.options = options;
    this.comparison = comparisonOf(options.start.scenario);
    this.clock = costOfLooking(options.now);
  }

  /**
   * One step of phase `position`; the number of arrivals at rendezvous afterwards. It ends for all threads when it
   * ends for one: the remaining threads would have the instance or the lock without contention.
   */
  step(position: number, arrivals: number): number {
    const { index, start, control, guests, now } = this.options;
    const { remedy, threads } = start.measurements[position];
    if (index >= threads) return (arrivals + threads) | 0;
    for (const guest of guests) guest.begin();
    const sequence = this.sequence(remedy);
    const counter = new CostCounter(start.costs, position, index, start.workers);
    const reached = (arrivals + threads) | 0;
    Atomics.add(control, Slot.Arrived, 1);
    awaitCount(control, Slot.Arrived, reached);
    const began = now();
    let [sequences, trapped, timed] = [0, 0, 0];
    while (sequences < STEP_SEQUENCES && Atomics.load(control, Slot.StepOver) === 0) {
      if (sequences++ < timed) {
        if (!sequence()) trapped++;
        continue;
      }
      const from = now();
      if (!sequence()) trapped++;
      const to = now();
      counter.latency(Math.max(to - from - this.clock, this.clock));
      if (to - began >= STEP_MS) break;
      timed = sequences + untilTimed((to - began) / sequences);
    }
    Atomics.store(control, Slot.StepOver, 1);
    counter.did(sequences, trapped, now() - began);
    return reached;
  }

  /** Makes the calls of one caller; false when one of them trapped. */
  private sequence(remedy: string): () => boolean {
    const { control, guests } = this.options;
    if (remedy === 'pool') return this.fresh();
    if (remedy === 'instance-per-call') return () => this.fresh()();
    const run = () => guests[0].unsafe();
    if (remedy === 'unsafe') return run;
    return () => {
      lock(control);
      try {
        return run();
      } finally {
        unlock(control);
      }
    };
  }

  /** Calls of this thread's caller on a separate instance, which was set up. */
  private fresh(): () => boolean {
    const { start, index } = this.options;
    const calls: (() => unknown)[] = [];
    const made = attempt(() => {
      const ready = this.ready();
      for (const call of start.callers[index % start.callers.length]) calls.push(this.made(call, ready));
    });
    return () => calls.reduce((whole, call) => attempt(call) && whole, made);
  }

  /**
   * A new instance of the original module, set up.
   * @throws what setting up throws
   */
  instance(): WasmInstance {
    return this.ready().instance;
  }

  /** A new instance that was set up, with the memories that its host can access, and the named results. */
  private ready(): ReadyInstance {
    const { start, hostFor, module } = this.options;
    this.host ??= hostFor(this.options.index);
    const state = this.host.state();
    const instance = this.host.instantiate(start.original, state, [], {});
    const imported: (WasmMemory | undefined)[] = [];
    module.imports.forEach(({ kind, index }, i) => {
      if (kind === 'memory') imported[index] = state[i] as WasmMemory;
    });
    const ready = { instance, memories: hostMemories(module, instance, imported), names: new Map<string, Value>() };
    for (const call of start.setup) if (call.per !== 'thread') attempt(() => this.made(call, ready)());
    return ready;
  }

  /** A call, or a step, on an instance of its own as a function without arguments. */
  private made({ name, args, step }: GuestCall, { instance, memories, names }: ReadyInstance): () => unknown {
    if (step === undefined) return bound(instance.exports[name] as WasmFunction, args);
    const { module } = this.options;
    const place = { module, instance, memories, comparison: this.comparison, names: () => names };
    return boundStep(step.step, { func: step.func, name }, place);
  }

  /** Bytes of the linear memories of an instance. */
  memoryOf({ exports }: WasmInstance): number {
    const { module } = this.options;
    return module.memories.reduce((sum, { limits }, i) => {
      const exported = module.exports.find((e) => e.kind === 'memory' && e.index === i);
      const declared = Number(limits.min) * 2 ** (limits.pageSizeLog2 ?? 16);
      return sum + (exported === undefined ? declared : (exports[exported.name] as WasmMemory).buffer.byteLength);
    }, 0);
  }
}

/** An instance that was set up. */
interface ReadyInstance {
  instance: WasmInstance;
  /** Its memories by index; undefined where the host has no access. */
  memories: (WasmMemory | undefined)[];
  names: Map<string, Value>;
}

/** Makes a call; false if it trapped. */
function attempt(call: () => unknown): boolean {
  try {
    call();
    return true;
  } catch {
    return false; // Counted: how often calls trap is part of what is measured.
  }
}

/** The minimum of many readings, so that interruptions do not count. */
function costOfLooking(now: () => number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < LOOKS; i++) {
    const from = now();
    least = Math.min(least, now() - from);
  }
  return least;
}
