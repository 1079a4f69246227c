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
import { calculated } from './lockArithmetic.ts';
import { afterCall, changeStatus } from './lockCalls.ts';
import { AddressFrom, type LockBody, LockFindings } from './lockFindings.ts';
import { LockFlow, MAX_STATES } from './lockFlow.ts';
import { isValueKey } from './lockKeys.ts';
import { atomicName, operate } from './lockOperations.ts';
import { copyOf, define, firstState, type State, setStatus } from './lockState.ts';
import { keyAt, type LockSummary } from './lockSummary.ts';
import { NO_USE, Use } from './lockUses.ts';
import {
  compared,
  constantIn,
  factOf,
  fixedValue,
  learned,
  NO_FACT,
  NOT_ZERO,
  truthOf,
  type WalkValue,
} from './lockValues.ts';

/** What the walk asks about direct callees; undefined: those that do nothing to locks. */
export type SummaryOf = (func: number) => LockSummary | undefined;

const MAX_PASSES = 20;
const MAX_LOCALS = 4000;
/** Smaller constants are distances in objects, see staticData.ts. */
const FIRST_STATIC = 1024;

const CONTROL: ReadonlySet<number> = new Set([Op.block, Op.loop, Op.if, Op.else, Op.end, Op.try, Op.try_table]);
const isControl = (id: number): boolean => CONTROL.has(id);

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
  readonly #found = new LockFindings();
  readonly #flow: LockFlow;
  /** Loads of a memory: their results come from outside. */
  readonly #loads = new Set<number>();
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
    this.#flow = new LockFlow(this.#start);
  }

  body(): LockBody | undefined {
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      this.#flow.begin();
      this.#pass();
      if (!this.#flow.again) return this.#found.body();
    }
    return undefined;
  }

  #pass(): void {
    const c = new Cursor(this.#module.bytes, this.#start, this.#end);
    const locals = skipLocals(c);
    if (locals > MAX_LOCALS) throw new DecodeFailure(this.#start, 'too many locals');
    this.#now = [firstState(this.#parameters, locals)];
    this.#flow.push(this.#now, false, this.#start, 0, this.#results);
    while (c.pos < this.#end) {
      const instruction = nextInstruction(c);
      this.#effort.left -= 1 + this.#now.length;
      if (this.#effort.left < 0) throw new DecodeFailure(this.#start, 'too much work');
      if (this.#now.length > 0 || isControl(instruction.id)) this.#step(instruction);
    }
  }

  #step(i: Instruction): void {
    switch (i.id) {
      case Op.block:
      case Op.loop:
      case Op.if:
        this.#begin(i);
        return;
      case Op.else:
        this.#now = this.#flow.otherArm(this.#now, i.start);
        return;
      case Op.end:
        this.#now = this.#flow.end(this.#now, i.start);
        if (this.#flow.depth === 0) this.#return(this.#now);
        return;
      case Op.br:
        this.#flow.leave(i.values[0], this.#now);
        this.#now = [];
        return;
      case Op.br_if: {
        const [yes, no] = this.#branch();
        this.#flow.leave(i.values[0], yes);
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
    if (this.#now.length > MAX_STATES) this.#now = this.#flow.merge(this.#now, i.start);
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
      this.#flow.push(this.#now, false, i.start, parameters, results, no);
      return;
    }
    this.#flow.push(this.#now, i.id === Op.loop, i.start, parameters, results);
    if (i.id !== Op.loop) return;
    this.#now = this.#flow.loop(i.start, this.#now);
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
    this.#found.addUse(served.key, { ...NO_USE, bits: Use.Serve, tickets: new Set([drawn.key]) });
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
          if (rest !== undefined) this.#flow.leave(label, [rest]);
        } else if (truthOf(state.facts, test) !== false) {
          this.#flow.leave(label, [this.#assume(copyOf(state), test, true)]);
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
      this.#found.exit({ locks, result: known });
    }
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
        stack.push(this.#bits(state, i, operands) ?? calculated(state, MNEMONIC[i.id] ?? '', operands));
      else for (let k = 0; k < PUSHES[i.id]; k++) stack.push(undefined);
      return [state];
    }
    this.#found.visit(state, i.start);
    const isAtomic = access >= Access.AtomicLoad && access <= Access.AtomicRmw;
    if (IMM[i.id] === Imm.Memarg || IMM[i.id] === Imm.MemargLane) {
      this.#found.place(i.start, this.#addressOf(state, operands[0], Number(i.wide)));
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
    this.#found.addUse(from.key, { ...NO_USE, masks: new Set([bits]) });
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

  #atomic(state: State, i: Instruction, operands: readonly WalkValue[]): State[] {
    const name = atomicName(MNEMONIC[i.id] ?? '');
    const isKnown = name !== undefined && this.#module.memories[i.values[1]]?.limits.is64 !== true;
    const key = isKnown ? keyAt(operands[0], Number(i.wide), i.values[1], name.width, state.facts) : undefined;
    if (key === undefined || name === undefined) {
      if (ACCESS[i.id] !== Access.AtomicLoad) this.#found.unknownRelease();
      if (PUSHES[i.id] === 1) state.stack.push(define(state, i.start, NO_FACT));
      return [state];
    }
    const before = state.locks.get(key);
    const { outcomes, use, needs, addsUnheld } = operate(name, key, before, state.facts, operands.slice(1));
    this.#found.use(key, use, needs, addsUnheld);
    if (isValueKey(key) && before === undefined && outcomes.every(({ status }) => status !== 'held')) {
      // A counter of references, for example: what it was before does not matter to any lock.
      if (PUSHES[i.id] === 1) state.stack.push(define(state, i.start, NO_FACT));
      return [state];
    }
    return outcomes.map(({ status, result, same }, k) => {
      const next = k === outcomes.length - 1 ? state : copyOf(state);
      changeStatus(this.#found, next, key, before, status);
      if (PUSHES[i.id] === 1) {
        // The value that was expected has its number already, unless that is the one of this instruction.
        const value = same?.kind === 'numbered' && same.id === i.start ? undefined : same;
        next.stack.push(value ?? define(next, i.start, result));
      }
      return next;
    });
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
      this.#found.visit(state, i.start);
      const operands = pops === 0 ? [] : state.stack.splice(-pops);
      if (direct) this.#found.call(i.start, callee, operands, state);
      for (const { state: next, result } of summary === undefined
        ? [{ state, result: NO_FACT }]
        : afterCall(this.#found, state, summary, operands)) {
        if (type.results.length === 1) next.stack.push(define(next, i.start, result));
        else for (let k = 0; k < type.results.length; k++) next.stack.push(undefined);
        after.push(next);
      }
    }
    this.#now = (summary?.exits.length ?? 0) > 1 ? this.#flow.merge(after, i.start) : after;
    if (!TAIL_CALLS.has(i.id)) return;
    this.#return(this.#now);
    this.#now = [];
  }
}

const TAIL_CALLS: ReadonlySet<number> = new Set([Op.return_call, Op.return_call_indirect, Op.return_call_ref]);
