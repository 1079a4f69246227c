/**
 * One body, followed along the locks that it takes and gives up: which words are held at each access and call, and how it
 * leaves them. Loops are repeated until nothing new is learned.
 */
import { Cursor, DecodeFailure } from '../../wasm/cursor.ts';
import { BlockForm, type Instruction, nextInstruction } from '../../wasm/immediates.ts';
import { ACCESS, Access, IMM, Imm, MNEMONIC, POPS, PUSHES } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
import { Op } from '../../wasm/ops.ts';
import { skipLocals } from '../../wasm/skip.ts';
import { isStaticKey, isValueKey } from './lockKeys.ts';
import { atomicName, type LockStatus, operate } from './lockOperations.ts';
import { copyOf, define, firstState, join, lockSignature, type State, setStatus } from './lockState.ts';
import {
  calledWith,
  FIRST_JOIN,
  keyAt,
  keyInCaller,
  type LockExit,
  type LockSummary,
  statusAfter,
} from './lockSummary.ts';
import { AS_MUTEX, addUse, type LockUse, NO_USE, Use } from './lockUses.ts';
import {
  compared,
  constantIn,
  either,
  type Fact,
  factOf,
  fixedValue,
  isZero,
  learned,
  NO_FACT,
  NOT_ZERO,
  numbered,
  sameFact,
  sameValue,
  truthOf,
  type WalkValue,
} from './lockValues.ts';

/** What may be known about a word at a place, as bits: as at the beginning, held, held as a reader, given up. */
export const Seen = { Entry: 1, Held: 2, Shared: 4, Released: 8 } as const;

/** Locks at one place of a body: `Seen` bits of each word; others are as at the beginning. */
export type SiteLocks = Map<string, number>;

/** What is known about an address that is not fixed: it comes from a parameter, or was read from memory. */
export const AddressFrom = { Unknown: -1, Parameter: -2, Loaded: -3 } as const;

/** A direct call: its operands on all ways. */
export interface LockCall {
  callee: number;
  operands: readonly WalkValue[];
}

/** What was found in a body. */
export interface LockBody {
  /** Accesses and calls, by byte offset. */
  sites: Map<number, SiteLocks>;
  /** By byte offset. */
  calls: Map<number, LockCall>;
  /** Fixed addresses of loads and stores, by byte offset; otherwise a `AddressFrom`. */
  places: Map<number, number>;
  summary: LockSummary;
  /** Whether a word without a name that lasts is used in a way that could give up any lock. */
  releasesUnknown: boolean;
}

/** What the walk asks about direct callees; undefined: those that do nothing to locks. */
export type SummaryOf = (func: number) => LockSummary | undefined;

const MAX_PASSES = 20;
/** Ways that hold different locks at one place. */
const MAX_STATES = 10;
const MAX_LOCALS = 4000;
/** Smaller constants are distances in objects, see staticData.ts. */
const FIRST_STATIC = 1024;

const CONTROL: ReadonlySet<number> = new Set([Op.block, Op.loop, Op.if, Op.else, Op.end, Op.try, Op.try_table]);
const isControl = (id: number): boolean => CONTROL.has(id);

interface Block {
  loop: boolean;
  /** Offset of the instruction that begins it. */
  at: number;
  height: number;
  parameters: number;
  results: number;
  out: State[];
  /** Before an `if`, for its other arm. */
  other: State[] | undefined;
}

/** Steps that may still be made: an instruction on one way is a step. */
export interface WalkEffort {
  left: number;
}

/** Follows the body of `func`; undefined where there is none, it cannot be read, or it has too many ways. */
export function walkLocks(
  module: Module,
  func: number,
  summaryOf: SummaryOf,
  effort: WalkEffort,
): LockBody | undefined {
  const d = func - module.functions.imported;
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  if (d < 0 || type?.kind !== 'func' || module.functions.bodyStart[d] === 0) return undefined;
  try {
    return new LockWalk(module, d, type, summaryOf, effort).body();
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
    return undefined;
  }
}

class LockWalk {
  readonly #module: Module;
  readonly #start: number;
  readonly #end: number;
  readonly #parameters: number;
  readonly #results: number;
  readonly #summaryOf: SummaryOf;
  readonly #effort: WalkEffort;
  readonly #sites = new Map<number, SiteLocks>();
  readonly #calls = new Map<number, LockCall>();
  readonly #places = new Map<number, number>();
  /** Loads of a memory: their results come from outside. */
  readonly #loads = new Set<number>();
  readonly #uses = new Map<string, LockUse>();
  readonly #needs = new Map<string, number>();
  readonly #addsUnheld = new Set<string>();
  readonly #released = new Set<string>();
  readonly #exits = new Map<string, LockExit>();
  /** States at the start of each loop. */
  readonly #heads = new Map<number, Map<string, State>>();
  readonly #numbers = new Map<string, number>();
  #releasesUnknown = false;
  #again = false;
  #blocks: Block[] = [];
  #now: State[] = [];

  constructor(
    module: Module,
    defined: number,
    { params, results }: { params: readonly number[]; results: readonly number[] },
    summaryOf: SummaryOf,
    effort: WalkEffort,
  ) {
    this.#module = module;
    this.#start = module.functions.bodyStart[defined];
    this.#end = module.functions.bodyEnd[defined];
    this.#parameters = params.length;
    this.#results = results.length;
    this.#summaryOf = summaryOf;
    this.#effort = effort;
  }

  body(): LockBody | undefined {
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      this.#again = false;
      this.#pass();
      if (!this.#again) return this.#result();
    }
    return undefined;
  }

  #result(): LockBody {
    return {
      sites: this.#sites,
      calls: this.#calls,
      places: this.#places,
      releasesUnknown: this.#releasesUnknown,
      summary: {
        exits: [...this.#exits.values()],
        uses: this.#uses,
        needs: this.#needs,
        addsUnheld: this.#addsUnheld,
        released: this.#released,
      },
    };
  }

  #pass(): void {
    const c = new Cursor(this.#module.bytes, this.#start, this.#end);
    const locals = skipLocals(c);
    if (locals > MAX_LOCALS) throw new DecodeFailure(this.#start, 'too many locals');
    this.#now = [firstState(this.#parameters, locals)];
    this.#blocks = [];
    this.#push(false, this.#start, 0, this.#results);
    while (c.pos < this.#end) {
      const instruction = nextInstruction(c);
      this.#effort.left -= 1 + this.#now.length;
      if (this.#effort.left < 0) throw new DecodeFailure(this.#start, 'too much work');
      if (this.#now.length > 0 || isControl(instruction.id)) this.#step(instruction);
    }
  }

  #push(loop: boolean, at: number, parameters: number, results: number, other?: State[]): void {
    const height = (this.#now[0] ?? other?.[0])?.stack.length ?? 0;
    this.#blocks.push({ loop, at, height: height - parameters, parameters, results, out: [], other });
  }

  #step(i: Instruction): void {
    switch (i.id) {
      case Op.block:
      case Op.loop:
      case Op.if:
        this.#begin(i);
        return;
      case Op.else: {
        const own = this.#blocks.at(-1);
        if (own === undefined) throw new DecodeFailure(i.start, 'not followed');
        this.#leave(0, this.#now, true);
        this.#now = own.other ?? [];
        own.other = undefined;
        return;
      }
      case Op.end: {
        const own = this.#blocks.at(-1);
        if (own === undefined) throw new DecodeFailure(i.start, 'not followed');
        if (own.loop) this.#carry(own, this.#now, own.results, own.out);
        else this.#leave(0, this.#now, true);
        if (own.other !== undefined) this.#leave(0, own.other, true);
        this.#blocks.pop();
        this.#now = this.#merge(own.out, i.start);
        if (this.#blocks.length === 0) this.#return(this.#now);
        return;
      }
      case Op.br:
        this.#leave(i.values[0], this.#now);
        this.#now = [];
        return;
      case Op.br_if: {
        const [yes, no] = this.#branch();
        this.#leave(i.values[0], yes);
        this.#now = no;
        return;
      }
      case Op.br_table:
        this.#table(i);
        return;
      case Op.return:
        this.#return(this.#now);
        this.#now = [];
        return;
      case Op.unreachable:
      case Op.throw:
      case Op.throw_ref:
        this.#now = [];
        return;
      case Op.try:
      case Op.try_table:
      case Op.catch:
      case Op.catch_all:
      case Op.delegate:
      case Op.rethrow:
        throw new DecodeFailure(i.start, 'not followed');
      default:
    }
    const access = ACCESS[i.id];
    if (access === Access.Call || access === Access.CallIndirect || access === Access.CallRef) this.#call(i, access);
    else for (const state of this.#now.splice(0)) this.#now.push(...this.#apply(state, i, access));
    if (this.#now.length > MAX_STATES) this.#now = this.#merge(this.#now, i.start);
    if (this.#now.length > MAX_STATES) throw new DecodeFailure(i.start, 'too many ways');
  }

  #begin(i: Instruction): void {
    let [parameters, results] = [0, i.values[0] === BlockForm.Result ? 1 : 0];
    if (i.values[0] === BlockForm.Type) {
      const type = this.#module.types[i.values[1]]?.composite;
      if (type?.kind !== 'func') throw new DecodeFailure(i.start, 'unknown type');
      [parameters, results] = [type.params.length, type.results.length];
    }
    if (i.id === Op.if) {
      const [yes, no] = this.#branch();
      this.#now = yes;
      this.#push(false, i.start, parameters, results, no);
      return;
    }
    this.#push(i.id === Op.loop, i.start, parameters, results);
    if (i.id !== Op.loop) return;
    this.#enter(i.start, this.#now);
    this.#now = [...(this.#heads.get(i.start)?.values() ?? [])].map(copyOf);
  }

  /** Adds states to the start of a loop. */
  #enter(at: number, states: readonly State[]): void {
    const heads = this.#heads.get(at) ?? new Map<string, State>();
    this.#heads.set(at, heads);
    for (const state of states) {
      const key = lockSignature(state);
      const known = heads.get(key);
      if (known === undefined) {
        heads.set(key, copyOf(state));
        this.#again = true;
        continue;
      }
      const both = join(known, state, (place) => this.#numberAt(at, place));
      if (!both.changed) continue;
      heads.set(key, both.state);
      this.#again = true;
    }
    if (heads.size > MAX_STATES) throw new DecodeFailure(at, 'too many ways');
  }

  #numberAt(at: number, place: number): number {
    const key = `${at} ${place}`;
    const known = this.#numbers.get(key) ?? FIRST_JOIN + this.#numbers.size;
    this.#numbers.set(key, known);
    return known;
  }

  /** States that know the same about locks become one. */
  #merge(states: readonly State[], at: number): State[] {
    if (states.length < 2) return [...states];
    const merged = new Map<string, State>();
    for (const state of states) {
      const key = lockSignature(state);
      const known = merged.get(key);
      merged.set(key, known === undefined ? state : join(known, state, (place) => this.#numberAt(at, place)).state);
    }
    return [...merged.values()];
  }

  /** Goes to a label; `ends`: to the end of the innermost block. */
  #leave(label: number, states: readonly State[], ends = false): void {
    const target = this.#blocks[this.#blocks.length - 1 - label];
    if (target === undefined) throw new DecodeFailure(this.#start, 'unknown label');
    if (!target.loop || ends) {
      this.#carry(target, states, target.results, target.out);
      return;
    }
    const arrived: State[] = [];
    this.#carry(target, states, target.parameters, arrived);
    this.#enter(target.at, arrived);
  }

  /** The states with the operands that a label takes. They are not used any more where they come from. */
  #carry({ height }: Block, states: readonly State[], values: number, into: State[]): void {
    for (const state of states) {
      const { stack } = state;
      const from = Math.max(stack.length - values, 0);
      const to = Math.max(height, 0);
      if (from > to) stack.copyWithin(to, from);
      stack.length = Math.min(stack.length, to + values);
      into.push(state);
    }
  }

  /** Takes a condition from the stack: states where it is true, and where it is false. */
  #branch(): [yes: State[], no: State[]] {
    const ways: [State[], State[]] = [[], []];
    for (const state of this.#now) {
      const condition = state.stack.pop();
      const truth = truthOf(state.facts, condition);
      if (truth !== false) ways[0].push(truth === true ? state : this.#assume(copyOf(state), condition, true));
      if (truth !== true) ways[1].push(truth === false ? state : this.#assume(state, condition, false));
    }
    return ways;
  }

  /** The state with what is known if a condition is true or false. */
  #assume(state: State, condition: WalkValue, truth: boolean): State {
    for (const [id, fact] of learned(state.facts, condition, truth)) state.facts.set(id, fact);
    if (condition?.kind === 'test' && (condition.relation === 'equal') === truth) this.#serve(state, condition);
    return state;
  }

  /** The own ticket is equal to the one that is served: the lock is held. */
  #serve(state: State, { left, right, relation }: Extract<WalkValue, { kind: 'test' }>): void {
    if (relation !== 'equal' && relation !== 'different') return;
    const from = (value: WalkValue) =>
      value?.kind === 'numbered' && value.offset === 0 ? state.facts.get(value.id)?.from : undefined;
    const [a, b] = [from(left), from(right)];
    const [drawn, served] = a?.operation === 'draw' ? [a, b] : [b, a];
    if (drawn?.operation !== 'draw' || served?.operation !== 'load') return;
    addUse(this.#uses, served.key, { ...NO_USE, bits: Use.Serve, tickets: new Set([drawn.key]) });
    setStatus(state, served.key, 'held');
  }

  #table(i: Instruction): void {
    const labels = i.values;
    const last = labels.length - 1;
    for (const state of this.#now) {
      const value = state.stack.pop();
      labels.forEach((label, k) => {
        const test = compared(value, fixedValue(k), 'equal');
        if (k === last) {
          let rest: State | undefined = copyOf(state);
          for (let n = 0; n < last && rest !== undefined && n < 16; n++) {
            const other: WalkValue = compared(value, fixedValue(n), 'equal');
            rest = truthOf(rest.facts, other) === true ? undefined : this.#assume(rest, other, false);
          }
          if (rest !== undefined) this.#leave(label, [rest]);
        } else if (truthOf(state.facts, test) !== false) {
          this.#leave(label, [this.#assume(copyOf(state), test, true)]);
        }
      });
    }
    this.#now = [];
  }

  #return(states: readonly State[]): void {
    for (const state of states) {
      const locks = new Map([...state.locks].filter(([key]) => !isValueKey(key)));
      const value = this.#results === 1 ? state.stack.at(-1) : undefined;
      const { from: _from, differs: _differs, ...known } = factOf(state.facts, value);
      this.#exit({ locks, result: known });
    }
  }

  #exit(exit: LockExit): void {
    const key = [...exit.locks]
      .map(([lock, status]) => `${lock}=${status}`)
      .sort()
      .join();
    const known = this.#exits.get(key);
    const result = known === undefined ? exit.result : either(known.result, exit.result);
    if (known === undefined || !sameFact(known.result, result)) this.#exits.set(key, { locks: exit.locks, result });
  }

  /** Notes what is held at a place. */
  #visit(state: State, at: number): void {
    const site = this.#sites.get(at);
    if (site === undefined) {
      this.#sites.set(at, new Map([...state.locks].map(([key, status]) => [key, SEEN[status]])));
      return;
    }
    for (const [key, bits] of site) {
      const status = state.locks.get(key);
      site.set(key, bits | (status === undefined ? Seen.Entry : SEEN[status]));
    }
    for (const [key, status] of state.locks) if (!site.has(key)) site.set(key, Seen.Entry | SEEN[status]);
  }

  /** What an instruction other than control and calls does. */
  #apply(state: State, i: Instruction, access: number): State[] {
    const { stack } = state;
    switch (i.id) {
      case Op.i32_const:
        stack.push(fixedValue(i.values[0] | 0));
        return [state];
      case Op.local_get:
        stack.push(state.locals[i.values[0]]);
        return [state];
      case Op.local_set:
        state.locals[i.values[0]] = stack.pop();
        return [state];
      case Op.local_tee:
        state.locals[i.values[0]] = stack.at(-1);
        return [state];
      default:
    }
    if (POPS[i.id] < 0 || PUSHES[i.id] < 0) throw new DecodeFailure(i.start, 'not followed');
    const operands = POPS[i.id] === 0 ? [] : stack.splice(-POPS[i.id]);
    if (access === Access.None) {
      if (PUSHES[i.id] === 1)
        stack.push(this.#bits(state, i, operands) ?? computed(state, MNEMONIC[i.id] ?? '', operands));
      else for (let k = 0; k < PUSHES[i.id]; k++) stack.push(undefined);
      return [state];
    }
    this.#visit(state, i.start);
    const isAtomic = access >= Access.AtomicLoad && access <= Access.AtomicRmw;
    if (IMM[i.id] === Imm.Memarg || IMM[i.id] === Imm.MemargLane) {
      this.#place(i.start, this.#addressOf(state, operands[0], Number(i.wide)));
      if (isAtomic) return this.#atomic(state, i, operands);
    }
    // A byte or two are an index.
    if (MNEMONIC[i.id] === 'i32.load') this.#loads.add(i.start);
    if (PUSHES[i.id] === 1) stack.push(define(state, i.start, NO_FACT));
    else for (let k = 0; k < PUSHES[i.id]; k++) stack.push(undefined);
    return [state];
  }

  /** Bits of what was read from a word, or more bits than that; undefined: it is something else. */
  #bits(state: State, i: Instruction, [a, b]: readonly WalkValue[]): WalkValue {
    const name = MNEMONIC[i.id];
    if (name !== 'i32.and' && name !== 'i32.or') return undefined;
    const [mask, value] = constantIn(state.facts, a) === undefined ? [constantIn(state.facts, b), a] : [undefined, b];
    const bits = mask ?? constantIn(state.facts, a);
    if (bits === undefined || bits === 0 || value?.kind !== 'numbered' || value.offset !== 0) return undefined;
    const { from, not, equal } = state.facts.get(value.id) ?? NO_FACT;
    if (equal !== undefined) return undefined;
    const isRead = from?.operation === 'load' && not.includes(0);
    if (name === 'i32.or')
      return define(state, i.start, isRead ? { ...NOT_ZERO, from: { operation: 'more', key: from.key } } : NOT_ZERO);
    if (!isRead || isValueKey(from.key)) return undefined;
    // Whoever looks at some bits only takes all values but 0 to have them: isLock checks that.
    addUse(this.#uses, from.key, { ...NO_USE, masks: new Set([bits]) });
    return fixedValue(bits);
  }

  /** The fixed address of an access, or what is known about it. */
  #addressOf({ facts }: State, address: WalkValue, offset: number): number {
    const fixed = constantIn(facts, address);
    if (fixed !== undefined) return (fixed >>> 0) + offset;
    if (address?.kind !== 'numbered') return AddressFrom.Unknown;
    // What is added may be the address of static data, and the value an index.
    const distance = address.offset + offset;
    if (distance < 0 || distance >= FIRST_STATIC) return AddressFrom.Unknown;
    return address.id < 0
      ? AddressFrom.Parameter
      : this.#loads.has(address.id)
        ? AddressFrom.Loaded
        : AddressFrom.Unknown;
  }

  /** Notes the address of an access on one of the ways that lead to it. */
  #place(at: number, address: number): void {
    const known = this.#places.get(at);
    this.#places.set(at, known === undefined || known === address ? address : AddressFrom.Unknown);
  }

  #atomic(state: State, i: Instruction, operands: readonly WalkValue[]): State[] {
    const name = atomicName(MNEMONIC[i.id] ?? '');
    const isKnown = name !== undefined && this.#module.memories[i.values[1]]?.limits.is64 !== true;
    const key = isKnown ? keyAt(operands[0], Number(i.wide), i.values[1], name.width, state.facts) : undefined;
    if (key === undefined || name === undefined) {
      if (ACCESS[i.id] !== Access.AtomicLoad) this.#releasesUnknown = true;
      if (PUSHES[i.id] === 1) state.stack.push(define(state, i.start, NO_FACT));
      return [state];
    }
    const before = state.locks.get(key);
    const { outcomes, use, needs, addsUnheld } = operate(name, key, before, state.facts, operands.slice(1));
    this.#use(key, use, needs, addsUnheld);
    if (isValueKey(key) && before === undefined && outcomes.every(({ status }) => status !== 'held')) {
      // A counter of references, for example: what it was before does not matter to any lock.
      if (PUSHES[i.id] === 1) state.stack.push(define(state, i.start, NO_FACT));
      return [state];
    }
    return outcomes.map(({ status, result, same }, k) => {
      const next = k === outcomes.length - 1 ? state : copyOf(state);
      this.#change(next, key, before, status);
      if (PUSHES[i.id] === 1) {
        // The value that was expected has its number already, unless that is the one of this instruction.
        const value = same?.kind === 'numbered' && same.id === i.start ? undefined : same;
        next.stack.push(value ?? define(next, i.start, result));
      }
      return next;
    });
  }

  #change(state: State, key: string, before: LockStatus, status: LockStatus): void {
    if (status === before) return;
    const gaveUp = status === 'released' || status === 'lowered';
    // Of a word in an object it only matters if it is held.
    setStatus(state, key, gaveUp && isValueKey(key) ? undefined : status);
    if (gaveUp && !isValueKey(key)) this.#released.add(key);
  }

  /** Notes what is done to a word. */
  #use(key: string, use: LockUse, needs: number, addsUnheld: boolean): void {
    if (isValueKey(key)) {
      // The word could be any: it may be taken and given up as a mutex, and nothing else.
      if (needs !== 0 || addsUnheld || (use.bits & ~AS_MUTEX) !== 0) this.#releasesUnknown = true;
      return;
    }
    if (use !== NO_USE) addUse(this.#uses, key, use);
    if (needs !== 0) {
      const all = (this.#needs.get(key) ?? needs) & needs;
      if (all === 0) addUse(this.#uses, key, { ...NO_USE, bits: Use.Broken });
      else this.#needs.set(key, all);
    }
    if (addsUnheld) this.#addsUnheld.add(key);
  }

  #call(i: Instruction, access: number): void {
    const direct = access === Access.Call;
    const callee = i.values[0];
    const typeIndex = direct ? this.#module.functions.typeIndex[callee] : callee;
    const type = this.#module.types[typeIndex]?.composite;
    if (type?.kind !== 'func') throw new DecodeFailure(i.start, 'unknown type');
    const summary = direct ? this.#summaryOf(callee) : undefined;
    const pops = type.params.length + (direct ? 0 : 1);
    const after: State[] = [];
    for (const state of this.#now) {
      this.#visit(state, i.start);
      const operands = pops === 0 ? [] : state.stack.splice(-pops);
      if (direct) this.#noteCall(i.start, callee, operands, state);
      for (const { state: next, result } of summary === undefined
        ? [{ state, result: NO_FACT }]
        : this.#called(state, summary, operands)) {
        if (type.results.length === 1) next.stack.push(define(next, i.start, result));
        else for (let k = 0; k < type.results.length; k++) next.stack.push(undefined);
        after.push(next);
      }
    }
    this.#now = (summary?.exits.length ?? 0) > 1 ? this.#merge(after, i.start) : after;
    if (!TAIL_CALLS.has(i.id)) return;
    this.#return(this.#now);
    this.#now = [];
  }

  #noteCall(at: number, callee: number, operands: readonly WalkValue[], state: State): void {
    const given = operands.map((value): WalkValue => {
      const fixed = constantIn(state.facts, value);
      return fixed === undefined ? (value?.kind === 'numbered' && value.id < 0 ? value : undefined) : fixedValue(fixed);
    });
    const known = this.#calls.get(at);
    const both = known?.operands.map((value, k) => (sameValue(value, given[k]) ? value : undefined));
    this.#calls.set(at, { callee, operands: both ?? given });
  }

  /** The states after a call. */
  #called(state: State, summary: LockSummary, operands: readonly WalkValue[]): { state: State; result: Fact }[] {
    const nameOf = (key: string): string | undefined => keyInCaller(key, operands, state.facts);
    for (const [key, use] of summary.uses) {
      // Uses of fixed words are known without their callers.
      if (isStaticKey(key)) continue;
      const own = nameOf(key);
      if (own === undefined) {
        if ((use.bits & ~AS_MUTEX) !== 0) this.#releasesUnknown = true;
        continue;
      }
      const tickets = new Set([...use.tickets].map((ticket) => nameOf(ticket) ?? own));
      this.#use(own, { ...use, tickets }, 0, false);
    }
    for (const [key, needs] of summary.needs) {
      const own = nameOf(key);
      if (own === undefined) this.#releasesUnknown = true;
      else {
        const expected = calledWith(state.locks.get(own), needs);
        this.#use(own, expected.use, expected.needs, false);
      }
    }
    for (const key of summary.addsUnheld) {
      const own = nameOf(key);
      if (own === undefined) this.#releasesUnknown = true;
      else {
        const status = state.locks.get(own);
        const isHeld = status === 'held';
        this.#use(
          own,
          { ...NO_USE, bits: isHeld || status === undefined ? 0 : Use.AddUnheld },
          0,
          status === undefined,
        );
      }
    }
    for (const key of summary.released) {
      const own = nameOf(key);
      if (own !== undefined && !isValueKey(own)) this.#released.add(own);
    }
    return summary.exits.map(({ locks, result }) => {
      const next = copyOf(state);
      const changed = new Map<string, LockStatus>();
      for (const [key, status] of locks) {
        const own = nameOf(key);
        if (own === undefined) continue;
        const one = statusAfter(state.locks.get(own), status);
        const other = changed.get(own);
        changed.set(own, changed.has(own) && other !== one ? 'released' : one);
      }
      for (const [key, status] of changed) this.#change(next, key, next.locks.get(key), status);
      return { state: next, result };
    });
  }
}

const SEEN: Readonly<Record<Exclude<LockStatus, undefined>, number>> = {
  held: Seen.Held,
  shared: Seen.Shared,
  released: Seen.Released,
  lowered: Seen.Released,
};

const TAIL_CALLS: ReadonlySet<number> = new Set([Op.return_call, Op.return_call_indirect, Op.return_call_ref]);

/** Result of an instruction without access. */
function computed(state: State, name: string, operands: readonly WalkValue[]): WalkValue {
  const [a, b] = operands;
  switch (name) {
    case 'i32.eqz':
      return isZero(a);
    case 'i32.eq':
      return equality(state, a, b);
    case 'i32.ne':
      return isZero(equality(state, a, b));
    case 'i32.lt_s':
      return compared(a, b, 'less');
    case 'i32.gt_s':
      return compared(b, a, 'less');
    case 'i32.ge_s':
      return compared(a, b, 'not-less');
    case 'i32.le_s':
      return compared(b, a, 'not-less');
    case 'i32.add':
    case 'i32.sub':
      return sum(state, a, b, name === 'i32.sub');
    case 'i32.and':
    case 'i32.or':
    case 'i32.xor':
      return bitwise(state, name, a, b);
    case 'select': {
      const truth = truthOf(state.facts, operands[2]);
      return truth === undefined ? (sameValue(a, b) ? a : undefined) : truth ? a : b;
    }
    default:
      return undefined;
  }
}

/** A comparison with the outcome of a comparison is that outcome, or its contrary. */
function equality({ facts }: State, a: WalkValue, b: WalkValue): WalkValue {
  const [test, other] = a?.kind === 'test' ? [a, b] : [b, a];
  const known = constantIn(facts, other);
  if (test?.kind === 'test' && known !== undefined)
    return known === 1 ? test : known === 0 ? isZero(test) : fixedValue(0);
  return compared(a, b, 'equal');
}

function sum({ facts }: State, a: WalkValue, b: WalkValue, minus: boolean): WalkValue {
  const [x, y] = [constantIn(facts, a), constantIn(facts, b)];
  if (x !== undefined && y !== undefined) return fixedValue((minus ? x - y : x + y) | 0);
  if (y !== undefined && a?.kind === 'numbered') return numbered(a.id, (minus ? a.offset - y : a.offset + y) | 0);
  if (x !== undefined && b?.kind === 'numbered' && !minus) return numbered(b.id, (b.offset + x) | 0);
  return undefined;
}

function bitwise({ facts }: State, name: string, a: WalkValue, b: WalkValue): WalkValue {
  const [x, y] = [constantIn(facts, a), constantIn(facts, b)];
  if (x === undefined || y === undefined) return undefined;
  return fixedValue(name === 'i32.and' ? x & y : name === 'i32.or' ? x | y : x ^ y);
}
