/** A preset: the host that modules of one kind are made for, recognised by the names of their imports. */
import type { Message } from '../../../text/l10n.ts';
import type { Module } from '../../../wasm/module.ts';
import type { ImportRequest } from '../../scenario/importBehaviour.ts';
import type { PresetId } from '../../scenario/presetIds.ts';
import type { FunctionType } from '../declaredEffects.ts';
import type { HostFunction } from '../hostFunction.ts';

/** What an emulated host is made for. */
export interface PresetWorld {
  module: Module;
  /** What each caller is about; the first is for callers without one of their own where there is only one. */
  requestOf(caller: number): Required<ImportRequest>;
}

/** A host that is emulated for one scenario. */
export interface EmulatedHost {
  /** Undefined for imports that it does not have. */
  functionOf(module: string, name: string, type: FunctionType): HostFunction | undefined;
  /** Restores the state that `mark` remembered. */
  reset?(): void;
  mark?(): void;
}

/** See the comment of the file. */
export interface Preset {
  id: PresetId;
  /** Whether an import shows that the module is made for this host. */
  recognises(module: string, name: string, type: FunctionType): boolean;
  /** What it does not emulate: a phrase behind "without". */
  without: Message;
  create(world: PresetWorld): EmulatedHost;
  /** Names of exports that its functions can call, and which of these functions call through the table, too. */
  calls?: { exports: readonly string[]; throughTable?: Preset['recognises'] };
  /** Which of its functions work on state that callers share. */
  shares?: Preset['recognises'];
  /** Whether calls of its functions belong to outcomes. */
  observes?: boolean;
  /** Which of its functions grow the memory. */
  grows?: Preset['recognises'];
}

/** A state for each caller, made when it is first used, and restored as it was marked. */
export class PerCaller<State extends object> {
  private readonly make: (caller: number) => State;
  private states = new Map<number, State>();
  private marked = new Map<number, State>();

  constructor(make: (caller: number) => State) {
    this.make = make;
  }

  of(caller: number): State {
    let state = this.states.get(caller);
    if (state === undefined) {
      state = this.make(caller);
      this.states.set(caller, state);
    }
    return state;
  }

  reset(): void {
    if (this.states.size > 0 || this.marked.size > 0) this.states = copied(this.marked);
  }

  mark(): void {
    this.marked = copied(this.states);
  }
}

/** A deep copy of plain objects, lists, maps and bytes; anything else is the same in both. */
function copied<Whole>(value: Whole): Whole {
  if (value instanceof Uint8Array) return value.slice() as Whole;
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, copied<unknown>(one)])) as Whole;
  if (Array.isArray(value)) return value.map((one: unknown) => copied(one)) as Whole;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copied<unknown>(one)])) as Whole;
}
