/** One thread of a hammer run, which performs the first thread's commands together with all others. */
import { decodeModule } from '../../wasm/decode.ts';
import type { World } from '../imports/grantedWorld.ts';
import type { HostFunctions } from '../imports/hostFunctions.ts';
import type { UserImports } from '../imports/userImports.ts';
import { awaitCount, awaitSleeping, RunPhase, Slot, ThreadCommand } from './control.ts';
import { CostRunner } from './costRunner.ts';
import { Guest } from './guest.ts';
import { GuestHost } from './guestHost.ts';
import { type AreaTexts, ResultArea } from './resultArea.ts';
import { type SharedMemories, type ThreadStart, threadOf } from './threadStart.ts';
import { RESULT_TEXTS, ThreadTexts, TRAP_TEXTS } from './threadTexts.ts';

/** What a thread needs from its environment. */
export interface ThreadWorld {
  /** Milliseconds from any origin. */
  now(): number;
  world: World;
  /** Functions of the scenario's JavaScript module, of this thread. */
  given: UserImports | undefined;
  /** Memories that the first thread has sent; waits for them. */
  receive(): SharedMemories;
}

/** One thread and its callers. */
export class HammerThread {
  readonly index: number;
  readonly guests: Guest[];
  readonly texts: AreaTexts;
  readonly area: ResultArea;
  private readonly start: ThreadStart;
  private readonly control: Int32Array;
  private readonly order: Uint8Array;
  private readonly world: ThreadWorld;
  /** The functions that the module imports. */
  readonly host: HostFunctions;
  readonly costs: CostRunner;
  private seed: number;
  private rounds = 0;
  /** Arrivals at rendezvous so far, of all threads; calls of serial orders so far. */
  private arrivals = 0;

  /** @throws LinkError, RuntimeError of the engine, Error when an import cannot be made */
  constructor(index: number, start: ThreadStart, control: Int32Array, world: ThreadWorld) {
    this.index = index;
    this.start = start;
    this.control = control;
    this.world = world;
    this.seed = (index + 1) * 0x9e3779b1;
    this.texts = {
      traps: new ThreadTexts(start.texts, index, TRAP_TEXTS),
      results: new ThreadTexts(start.resultTexts, index, RESULT_TEXTS),
    };
    this.area = new ResultArea(start.results);
    this.order = new Uint8Array(start.order);
    const module = decodeModule(start.bytes);
    const output = { area: this.area, texts: this.texts, control };
    const { scenario } = start;
    const hostFor = (caller: number): GuestHost =>
      new GuestHost({ module, scenario, given: world.given, world: world.world, caller });
    const { shared } = start;
    this.host = hostFor(index).host;
    const all = start.callers.map((_, i) => i);
    // A thread that only takes part in measurements makes the calls of one of the callers.
    const callers =
      index < start.threads ? all.filter((i) => threadOf(i, start.threads) === index) : [index % all.length];
    this.guests =
      shared === undefined
        ? []
        : callers.map((caller) => new Guest(caller, start, shared, module, hostFor(caller), output));
    this.costs = new CostRunner({ index, start, control, module, guests: this.guests, now: world.now, hostFor });
  }

  /** Performs commands until the run ends. */
  follow(): void {
    const { control } = this;
    for (let generation = this.firstCommand(); ; generation = (generation + 1) | 0) {
      awaitCount(control, Slot.Generation, generation);
      const command = Atomics.load(control, Slot.Command);
      if (command === ThreadCommand.End) return;
      this.perform(command, Atomics.load(control, Slot.Argument));
      Atomics.add(control, Slot.Done, 1);
    }
  }

  /** Number of the first command for this thread: threads that only measure skip the commands of rounds. */
  private firstCommand(): number {
    const { control, start, index } = this;
    if (index < start.threads) return 1;
    const generation = (): number => Atomics.load(control, Slot.Generation);
    const over = (): boolean => generation() !== 0 && Atomics.load(control, Slot.Command) === ThreadCommand.End;
    awaitSleeping(control, Slot.Phase, () => Atomics.load(control, Slot.Phase) === RunPhase.Costs || over());
    if (over()) return generation();
    // The first thread waits until all have joined.
    const next = (generation() + 1) | 0;
    this.arrivals = Atomics.load(control, Slot.Arrived);
    Atomics.add(control, Slot.Joined, 1);
    return next;
  }

  perform(command: number, argument: number): void {
    switch (command) {
      case ThreadCommand.Round:
        this.round();
        break;
      case ThreadCommand.Serial:
        this.serial(argument);
        break;
      case ThreadCommand.SetUp:
        this.setUp();
        break;
      case ThreadCommand.Mark:
        for (const guest of this.guests) guest.mark();
        break;
      case ThreadCommand.Renew: {
        const memories = this.world.receive();
        for (const guest of this.guests) guest.renew(memories);
        break;
      }
      case ThreadCommand.Depth:
        for (const guest of this.guests) guest.tellDepth();
        break;
      case ThreadCommand.Cost:
        this.arrivals = this.costs.step(argument, this.arrivals);
        break;
    }
  }

  /**
   * All threads begin together, each delayed by a few random steps, so that calls overlap differently in each round.
   */
  private round(): void {
    const { control, guests, start } = this;
    for (const guest of guests) guest.begin();
    this.arrivals = (this.arrivals + start.threads) | 0;
    Atomics.add(control, Slot.Arrived, 1);
    awaitCount(control, Slot.Arrived, this.arrivals);
    const jitter = control[Slot.Jitter];
    if (jitter > 1) {
      this.seed ^= this.seed << 13;
      this.seed ^= this.seed >>> 17;
      this.seed ^= this.seed << 5;
      for (let delay = (this.seed >>> 8) % jitter; delay > 0; delay--) Atomics.load(control, Slot.Jitter);
    }
    // Callers of one thread take turns going first.
    const first = guests.length > 1 ? this.rounds++ % guests.length : 0;
    for (let i = 0; i < guests.length; i++) guests[(first + i) % guests.length].run();
  }

  /**
   * The calls of a serial order, in which each thread makes its own calls when it is their turn; `before` is the
   * number of turns of earlier orders.
   */
  private serial(before: number): void {
    const { control, guests, order, start } = this;
    for (const guest of guests) guest.begin();
    const next = new Map(guests.map((guest) => [guest.caller, 0]));
    const length = start.callers.flat().length;
    for (let turn = 0; turn < length; turn++) {
      const caller = order[turn];
      const call = next.get(caller);
      if (call === undefined) continue;
      awaitCount(control, Slot.Turn, (before + turn) | 0);
      next.set(caller, call + 1);
      guests.find((guest) => guest.caller === caller)?.one(call);
      Atomics.add(control, Slot.Turn, 1);
    }
    awaitCount(control, Slot.Turn, (before + length) | 0);
  }

  /**
   * Callers of one instance are set up once, by the first caller; otherwise each runs its start function, and the calls
   * that each instance needs.
   */
  private setUp(): void {
    const { control, start } = this;
    for (let caller = 0; caller < start.callers.length; caller++) {
      const guest = this.guests.find((one) => one.caller === caller);
      if (guest !== undefined) {
        awaitCount(control, Slot.Turn, caller);
        if (caller === 0 || !start.wholeInstance) {
          const failed = guest.setUp(
            start.setup.filter(({ per }) => per === 'instance' || (per === 'memory') === (caller === 0)),
          );
          if (failed !== undefined) Atomics.store(control, Slot.Failed, 1 + this.texts.traps.number(failed));
        }
        Atomics.add(control, Slot.Turn, 1);
      }
    }
    awaitCount(control, Slot.Turn, start.callers.length);
  }
}
