/** One thread's part of the measurements of costs. */
import type { Module } from '../../../../../server/src/wasm/module.ts';
import type { WasmFunction, WasmInstance, WasmMemory } from '../webAssembly.ts';
import { awaitCount, lock, Slot, unlock } from './control.ts';
import { CostCounter, SAMPLED, STEP_MS, STEP_SEQUENCES } from './costs.ts';
import { bound, type Guest } from './guest.ts';
import type { GuestHost } from './guestHost.ts';
import type { ThreadStart } from './threadStart.ts';

export interface CostRunnerOptions {
  index: number;
  start: ThreadStart;
  control: Int32Array;
  module: Module;
  guests: readonly Guest[];
  now(): number;
  hostFor(caller: number): GuestHost;
}

export class CostRunner {
  private readonly options: CostRunnerOptions;
  private host: GuestHost | undefined;
  /** Phases whose code has run for a step, so that it is compiled. */
  private readonly warm = new Set<number>();

  constructor(options: CostRunnerOptions) {
    this.options = options;
  }

  /** One step of phase `position`; the number of arrivals at rendezvous afterwards. */
  step(position: number, arrivals: number): number {
    const { index, start, control, guests, now } = this.options;
    const { remedy, threads } = start.phases[position];
    if (index >= threads) return (arrivals + threads) | 0;
    for (const guest of guests) guest.begin();
    const sequence = this.sequence(remedy);
    const counts = this.warm.has(position);
    this.warm.add(position);
    const counter = new CostCounter(start.costs, position, index, start.crew);
    const reached = (arrivals + threads) | 0;
    Atomics.add(control, Slot.Arrived, 1);
    awaitCount(control, Slot.Arrived, reached);
    const began = now();
    let [sequences, trapped, last] = [0, 0, began];
    while (sequences < STEP_SEQUENCES && last - began < STEP_MS) {
      const timed = sequences % SAMPLED === 0;
      const from = timed ? now() : 0;
      if (!sequence()) trapped++;
      sequences++;
      if (!timed) continue;
      last = now();
      if (counts) counter.latency(last - from);
    }
    if (counts) counter.add(sequences, trapped, now() - began);
    return reached;
  }

  /** Makes the calls of one caller; false when one of them trapped. */
  private sequence(remedy: string): () => boolean {
    const { control, guests } = this.options;
    if (remedy === 'pool') return callsOf(this.fresh());
    if (remedy === 'instance-per-call') return () => callsOf(this.fresh())();
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

  /** Calls of this thread's caller on an instance of its own, which was set up. */
  private fresh(): (() => unknown)[] {
    const { start, index } = this.options;
    const instance = this.instance();
    const calls = start.callers[index % start.callers.length];
    return calls.map(({ name, args }) => bound(instance.exports[name] as WasmFunction, args));
  }

  /** A new instance of the module as it is, set up. @throws what setting up throws */
  instance(): WasmInstance {
    const { start, hostFor } = this.options;
    this.host ??= hostFor(this.options.index);
    const instance = this.host.instantiate(start.original, this.host.state(), [], {});
    for (const { name, args } of start.setup) attempt(() => bound(instance.exports[name] as WasmFunction, args)());
    return instance;
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

const callsOf =
  (calls: readonly (() => unknown)[]): (() => boolean) =>
  () => {
    let whole = true;
    for (const call of calls) whole = attempt(call) && whole;
    return whole;
  };

/** Traps end a call, not what comes after it. */
function attempt(call: () => unknown): boolean {
  try {
    call();
    return true;
  } catch {
    return false; // Counted: how often calls trap is part of what is measured.
  }
}
