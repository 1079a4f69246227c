/** One caller in its thread: instances of the rewritten modules over the common memories, and its calls. */
import { t } from '../../text/l10n.ts';
import type { Module } from '../../wasm/module.ts';
import type { WasmFunction, WasmGlobal, WasmInstance } from '../../wasm/webAssembly.ts';
import { MAX_ITERATIONS } from '../run/meter.ts';
import { trapText } from '../run/resultTexts.ts';
import { type Comparison, comparisonOf, FAILS } from '../scenario/comparison.ts';
import type { Value } from '../scenario/expression.ts';
import { givenStack, STACK_BYTES } from '../session/callerStacks.ts';
import { setupFailure } from '../session/setupFailure.ts';
import { callSlot, lock, Slot, unlock } from './control.ts';
import type { GuestHost } from './guestHost.ts';
import { boundStep, hostMemories } from './guestSteps.ts';
import { LowestStack } from './lowestStack.ts';
import { type AreaTexts, type CallPlace, Ended, type ResultArea } from './resultArea.ts';
import { storedNames, storeNames } from './sharedNames.ts';
import {
  addedImports,
  type GuestCall,
  type GuestSetupCall,
  type SharedMemories,
  type SharedPart,
  type ThreadStart,
} from './threadStart.ts';

/** From here on a stack pointer is one that was never set. */
const NOT_MOVED = 2 ** 32 - 1;

/** Where a guest writes the results of its calls. */
export interface Output {
  area: ResultArea;
  texts: AreaTexts;
  control: Int32Array;
}

interface PreparedCall {
  place: CallPlace;
  /** Its result is a text. */
  isText: boolean;
  plain: () => unknown;
  serial: () => unknown;
}

/** The instances and calls of one caller. */
export class Guest {
  readonly caller: number;
  private readonly start: ThreadStart;
  private readonly shared: SharedPart;
  private readonly module: Module;
  private readonly host: GuestHost;
  private readonly output: Output;
  private memories: SharedMemories['memories'] = [];
  private plain!: WasmInstance;
  private serial!: WasmInstance;
  private fuel!: WasmGlobal;
  private lowest!: LowestStack;
  private calls: PreparedCall[] = [];
  private probe: PreparedCall[] = [];
  /** Values of private globals that rounds begin with. */
  private base: unknown[] = [];
  /** Private globals that outcomes compare, in both instances. */
  private privates: Private[] = [];
  private readonly values: unknown[] = [];
  private readonly comparison: Comparison;
  /** Named results of this caller, and those of the setup, with which rounds begin. */
  private names = new Map<string, Value>();
  private namesBefore: ReadonlyMap<string, Value> = new Map();
  /** Lowest stack pointer of rounds on earlier instances. */
  private deepest = Number.POSITIVE_INFINITY;
  private readonly resets: boolean;

  constructor(caller: number, start: ThreadStart, shared: SharedPart, module: Module, host: GuestHost, output: Output) {
    this.caller = caller;
    this.start = start;
    this.shared = shared;
    this.module = module;
    this.host = host;
    this.output = output;
    this.resets = host.host.functions.length > 0;
    this.comparison = comparisonOf(start.scenario);
    this.renew(shared);
  }

  /** New instances over these memories. @throws LinkError, RuntimeError of the engine */
  renew(objects: SharedMemories): void {
    const { start, shared, module, host } = this;
    const { names, compiled } = shared;
    const added = addedImports(module, names, objects);
    const state = host.state();
    if (this.calls.length > 0) this.deepest = this.depth();
    this.serial = host.instantiate(compiled.serial, state, objects.memories, added);
    this.plain = host.instantiate(compiled.plain, state, objects.memories, added);
    this.fuel = this.serial.exports[names.fuel] as WasmGlobal;
    this.lowest = new LowestStack(objects.cells, shared.lowest);
    const { layout } = start;
    this.memories = objects.memories;
    this.calls = start.callers[this.caller].map((call, i) => this.prepared(call, layout.callers[this.caller][i]));
    this.probe = this.caller === 0 ? start.probe.map((call, i) => this.prepared(call, layout.probe[i])) : [];
    this.privates = start.privateGlobals.flatMap((index) => {
      const [inPlain, inSerial] = [this.global(this.plain, index), this.global(this.serial, index)];
      return inPlain === undefined || inSerial === undefined ? [] : [{ index, plain: inPlain, serial: inSerial }];
    });
    if (this.base.length > 0) this.restore();
  }

  /** Lowest stack pointer of rounds so far; Infinity if they moved none. */
  private depth(): number {
    const global = this.plain.exports[this.shared.names.depth] as WasmGlobal | undefined;
    if (global === undefined) return this.deepest;
    const value = global.value as number | bigint;
    const unsigned = typeof value === 'bigint' ? Number(BigInt.asUintN(64, value)) : value >>> 0;
    return unsigned >= NOT_MOVED ? this.deepest : Math.min(this.deepest, unsigned);
  }

  /** Adds the lowest stack pointer of rounds to the record that all callers share. */
  tellDepth(): void {
    const { control } = this.output;
    const depth = this.depth();
    lock(control);
    this.lowest.lower(depth);
    unlock(control);
    if (this.start.scenario.stacks === 'own' && depth < this.stackBase() - STACK_BYTES) this.stacksOverlap();
  }

  private prepared(call: GuestCall, place: CallPlace = { at: 0, results: call.results }): PreparedCall {
    const isText = call.step !== undefined;
    return { place, isText, plain: this.made(call, this.plain), serial: this.made(call, this.serial) };
  }

  /** A call, or a step, as a function without arguments. */
  private made({ name, args, step }: GuestCall, instance: WasmInstance): () => unknown {
    if (step === undefined) return bound(instance.exports[name] as WasmFunction, args);
    const { module, comparison, memories } = this;
    return boundStep(
      step.step,
      { func: step.func, name },
      {
        module,
        instance,
        comparison,
        memories: hostMemories(module, instance, memories),
        names: () => this.names,
      },
    );
  }

  /**
   * Runs the start function, then calls, in the serial instance, whose private globals are copied to the other one.
   * Returns what went wrong, if anything.
   */
  setUp(calls: readonly GuestSetupCall[]): string | undefined {
    const { start, shared } = this;
    const begin = this.serial.exports[shared.names.start];
    const trap = begin === undefined ? undefined : this.alone(begin as () => unknown);
    if (trap !== undefined) return t('the start function ended with a trap: {0}', trap);
    if (start.scenario.stacks !== 'equal') this.giveStack();
    for (const call of calls) {
      let result: unknown;
      const { serial } = this.prepared(call);
      const ended = this.alone(() => {
        result = serial();
      });
      // A program that exits successfully.
      if (ended !== undefined && ended !== 'exit(0)') return setupFailure(call, t('a trap: {0}', ended));
      if (call.step !== undefined && typeof result === 'string' && result.startsWith(FAILS))
        return t('{0} does not hold after the setup steps before it', result.slice(FAILS.length));
    }
    if (this.caller > 0 || storeNames(start.names, this.names)) return undefined;
    return t('the named results of the setup are too long for threads: explore the calls instead');
  }

  /** Sets the stack pointer that the scenario gives. */
  private giveStack(): void {
    const global = this.global(this.serial, this.start.stackPointer);
    if (global === undefined) return;
    const own = givenStack(this.start.scenario, global.value, this.caller);
    if (own === undefined) this.stacksOverlap();
    else global.value = own;
  }

  private stacksOverlap(): void {
    Atomics.store(this.output.control, Slot.Overlap, 1);
  }

  private alone(run: () => unknown): string | undefined {
    this.fuel.value = MAX_ITERATIONS;
    try {
      run();
      return undefined;
    } catch (error) {
      return (this.fuel.value as number) < 0 ? t('it does not return') : (trapText(error) ?? String(error));
    }
  }

  private global({ exports }: WasmInstance, index: number): WasmGlobal | undefined {
    return index < 0 ? undefined : (exports[`${this.shared.names.global}${index}`] as WasmGlobal | undefined);
  }

  /** Makes the current private state the one that rounds begin with. */
  mark(): void {
    this.base = this.module.globals.map((_, i) => this.global(this.serial, i)?.value);
    this.host.host.mark();
    this.namesBefore = storedNames(this.start.names);
    this.restore();
  }

  /** Value of the stack pointer that rounds begin with; NaN if it is not a private global. */
  stackBase(): number {
    return Number(this.base[this.start.stackPointer] ?? Number.NaN);
  }

  private restore(): void {
    this.base.forEach((value, i) => {
      for (const instance of [this.serial, this.plain]) {
        const global = this.global(instance, i);
        if (global !== undefined && value !== undefined) global.value = value;
      }
    });
  }

  /** Restores the private state that rounds begin with. */
  begin(): void {
    for (const { index, plain, serial } of this.privates) {
      plain.value = this.base[index];
      serial.value = this.base[index];
    }
    if (this.resets) this.host.host.reset();
    if (this.names.size > 0 || this.namesBefore.size > 0) this.names = new Map(this.namesBefore);
  }

  /** All calls, at full speed; results are written afterwards. */
  run(): void {
    const { calls, values, output } = this;
    const { control } = output;
    const slot = callSlot(this.caller);
    for (let i = 0; i < calls.length; i++) {
      control[slot] = i + 1;
      try {
        values[i] = calls[i].plain();
      } catch (error) {
        values[i] = new Failed(error);
      }
    }
    control[slot] = 0;
    for (let i = 0; i < calls.length; i++) {
      const value = values[i];
      if (value instanceof Failed) this.trapped(calls[i].place, value.error);
      else this.returned(calls[i], value);
    }
    this.tellGlobals(false);
  }

  /** All calls without recording results; false if one trapped. */
  unsafe(): boolean {
    let whole = true;
    for (const { plain } of this.calls) {
      try {
        plain();
      } catch {
        whole = false; // Counted by the caller.
      }
    }
    return whole;
  }

  /** One call while no other caller runs. */
  one(call: number): void {
    this.guarded(this.calls[call], call);
    if (call === this.calls.length - 1) this.tellGlobals(true);
  }

  /** The probe, while no caller runs: after a round, or after a serial order. */
  probing(serially: boolean): void {
    if (this.names.size > 0) this.names = new Map(this.namesBefore);
    for (const [i, prepared] of this.probe.entries()) {
      if (serially) this.guarded(prepared, i);
      else {
        try {
          this.returned(prepared, prepared.plain());
        } catch (error) {
          this.trapped(prepared.place, error);
        }
      }
    }
  }

  private returned({ place, isText }: PreparedCall, value: unknown): void {
    const { area, texts } = this.output;
    if (isText) area.ended(place, Ended.Text, texts.results.number(value as string));
    else area.returned(place, value);
  }

  private guarded(prepared: PreparedCall, call: number): void {
    const { serial, place } = prepared;
    const { area, control } = this.output;
    control[callSlot(this.caller)] = call + 1;
    this.fuel.value = MAX_ITERATIONS;
    const lowest = this.lowest.during(() => {
      try {
        this.returned(prepared, serial());
      } catch (error) {
        if ((this.fuel.value as number) < 0) area.ended(place, Ended.NotReturned, 0);
        else this.trapped(place, error);
      }
    });
    if (this.start.scenario.stacks === 'own' && lowest < this.stackBase() - STACK_BYTES) this.stacksOverlap();
    control[callSlot(this.caller)] = 0;
  }

  private trapped(place: CallPlace, error: unknown): void {
    const { area, texts } = this.output;
    area.ended(place, Ended.Trapped, texts.traps.number(trapText(error) ?? String(error)));
  }

  private tellGlobals(serially: boolean): void {
    const { layout } = this.start;
    this.privates.forEach(({ plain, serial }, i) => {
      const { value } = serially ? serial : plain;
      this.output.area.value(layout.globals[this.caller] + 2 * i, layout.globalTypes[i], value);
    });
  }
}

interface Private {
  index: number;
  plain: WasmGlobal;
  serial: WasmGlobal;
}

/** A call that threw. */
class Failed {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

/** A call without spreading its arguments, which would take longer than a round. */
export function bound(func: WasmFunction, args: readonly unknown[]): () => unknown {
  const [a, b, c] = args;
  switch (args.length) {
    case 0:
      return () => func();
    case 1:
      return () => func(a);
    case 2:
      return () => func(a, b);
    case 3:
      return () => func(a, b, c);
    default:
      return () => func(...args);
  }
}
