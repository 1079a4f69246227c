/**
 * One body, followed along a guard of one-time initialisation: a word that a compare-exchange takes from 0 to 1, and a
 * store sets to something else when the initialisation is done. What is known at each access: nothing, this call
 * initialises, another one does, it is done. LLVM's lld emits such code for passive segments.
 * Source: https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md, lld/wasm/Writer.cpp
 * (`createInitMemoryFunction`)
 */
import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import { BlockForm, type Instruction, nextInstruction } from '../wasm/immediates.ts';
import { ACCESS, Access, IMM, Imm, MNEMONIC, POPS, PUSHES } from '../wasm/instructions.ts';
import type { Module } from '../wasm/module.ts';
import { Op } from '../wasm/ops.ts';
import { skipLocals } from '../wasm/skip.ts';

/** What may be known, as bits. */
export const Phase = { Unknown: 1, Winner: 2, Busy: 4, Done: 8 } as const;
const ANY = 15;

/** The word of a guard. */
export interface GuardWord {
  memory: number;
  address: number;
}

/** What a function does about a guard when nothing is known before it. */
export interface GuardedBody {
  /** Accesses of the guard's memory other than of its word, with what may be known there, by byte offset. */
  accesses: Map<number, number>;
  /** What may be known when it returns. */
  exit: number;
  /** Whether it calls code that may use the memory before the initialisation is known to be done. */
  callsEarly: boolean;
  /** Whether every use of the word follows the protocol. */
  valid: boolean;
}

/** What the walk asks about direct callees: the same of them, or undefined for those that do not use the memory. */
export type CalleeOf = (func: number) => GuardedBody | 'unknown' | undefined;

/** A value on the operand stack or in a local; `phases`: what is known if it is zero, one, anything else. */
type Value =
  | { kind: 'const'; value: bigint }
  | { kind: 'word'; id: number; zero: number; one: number; else: number }
  | { kind: 'test'; id: number; yes: number; no: number }
  | undefined;

interface Block {
  loop: boolean;
  height: number;
  results: number;
  out: number;
  /** What was known before an `if`, for its other arm. */
  other: number;
  locals: Map<number, Value>;
  latest: number;
}

const MAX_PASSES = 8;

/** Follows the body of `func`; undefined where there is none, or it cannot be read. */
export function walkGuard(module: Module, func: number, word: GuardWord, calleeOf: CalleeOf): GuardedBody | undefined {
  const d = func - module.functions.imported;
  if (d < 0) return undefined;
  const [start, end] = [module.functions.bodyStart[d], module.functions.bodyEnd[d]];
  const body: GuardedBody = { accesses: new Map(), exit: 0, callsEarly: false, valid: true };
  /** What may be known at the start of each loop. */
  const loops = new Map<number, number>();
  try {
    for (let pass = 0; pass < MAX_PASSES; pass++) if (!once()) return body;
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
  }
  return undefined;

  /** One pass; true if a loop begins with less knowledge than was assumed. */
  function once(): boolean {
    const c = new Cursor(module.bytes, start, end);
    skipLocals(c);
    const stack: Value[] = [];
    let locals = new Map<number, Value>();
    let phases: number = Phase.Unknown;
    /** The observation of the word that `phases` still depends on. */
    let latest = 0;
    let observations = 0;
    let again = false;
    const loopAt: number[] = [];
    const blocks: Block[] = [{ loop: false, height: 0, results: 0, out: 0, other: 0, locals, latest }];
    const pop = (): Value => stack.pop();
    const forget = (): void => {
      latest = -1;
    };
    /** What is known if `value`, taken as a condition, is true or false. */
    const known = (value: Value, truth: boolean): number => {
      if (value?.kind === 'const') return (value.value !== 0n) === truth ? phases : 0;
      if (value === undefined || value.id !== latest) return phases;
      if (value.kind === 'test') return phases & (truth ? value.yes : value.no);
      return phases & (truth ? value.one | value.else : value.zero);
    };
    const leave = (label: number, carried: number): void => {
      const index = blocks.length - 1 - label;
      const target = blocks[index];
      if (target === undefined || carried === 0) return;
      if (!target.loop) {
        target.out |= carried;
        return;
      }
      const at = loopAt[index];
      if ((carried & ~(loops.get(at) ?? 0)) !== 0) {
        loops.set(at, (loops.get(at) ?? 0) | carried);
        again = true;
      }
    };
    while (c.pos < end) {
      const i = nextInstruction(c);
      switch (i.id) {
        case Op.block:
        case Op.loop:
        case Op.if: {
          const condition = i.id === Op.if ? pop() : undefined;
          const other = i.id === Op.if ? known(condition, false) : 0;
          if (i.id === Op.if) phases = known(condition, true);
          if (i.values[0] === BlockForm.Type) throw new DecodeFailure(i.start, 'not followed');
          loopAt[blocks.length] = i.start;
          blocks.push({
            loop: i.id === Op.loop,
            height: stack.length,
            results: i.values[0] === BlockForm.Result ? 1 : 0,
            out: 0,
            other,
            locals: i.id === Op.if ? new Map(locals) : locals,
            latest,
          });
          if (i.id === Op.loop) {
            phases |= loops.get(i.start) ?? 0;
            loops.set(i.start, phases);
            locals = new Map();
            forget();
          }
          break;
        }
        case Op.else: {
          const own = blocks[blocks.length - 1];
          own.out |= phases;
          phases = own.other;
          own.other = 0;
          stack.length = Math.min(stack.length, own.height);
          locals = own.locals;
          latest = own.latest;
          break;
        }
        case Op.end: {
          const own = blocks.pop();
          if (own === undefined) throw new DecodeFailure(i.start, 'not followed');
          if (own.out !== 0 || own.other !== 0) {
            // Ways that come together here may know different things.
            locals = new Map();
            forget();
          }
          phases |= own.out | own.other;
          stack.length = Math.min(stack.length, own.height);
          for (let k = 0; k < own.results; k++) stack.push(undefined);
          if (blocks.length === 0) body.exit |= phases;
          break;
        }
        case Op.br:
          leave(i.values[0], phases);
          phases = 0;
          break;
        case Op.br_if: {
          const condition = pop();
          leave(i.values[0], known(condition, true));
          phases = known(condition, false);
          break;
        }
        case Op.br_table: {
          const value = pop();
          const last = i.values.length - 1;
          i.values.forEach((label, k) => {
            if (value?.kind !== 'word' || value.id !== latest) leave(label, phases);
            else if (k < last) leave(label, phases & (k === 0 ? value.zero : k === 1 ? value.one : value.else));
            else leave(label, phases & ((last < 1 ? value.zero : 0) | (last < 2 ? value.one : 0) | value.else));
          });
          phases = 0;
          break;
        }
        case Op.return:
          body.exit |= phases;
          phases = 0;
          break;
        case Op.unreachable:
          phases = 0;
          break;
        case Op.i32_const:
          stack.push({ kind: 'const', value: BigInt(i.values[0] | 0) });
          break;
        case Op.i64_const:
          stack.push({ kind: 'const', value: BigInt.asIntN(64, i.wide) });
          break;
        case Op.local_get:
          stack.push(locals.get(i.values[0]));
          break;
        case Op.local_set:
          locals.set(i.values[0], pop());
          break;
        case Op.local_tee:
          locals.set(i.values[0], stack.at(-1));
          break;
        default:
          other(i);
      }
    }
    return again;

    function other(i: Instruction): void {
      const access = ACCESS[i.id];
      if (access === Access.Call || access === Access.CallIndirect || access === Access.CallRef) {
        call(i, access);
        return;
      }
      if (POPS[i.id] < 0 || PUSHES[i.id] < 0) throw new DecodeFailure(i.start, 'not followed');
      const operands: Value[] = [];
      for (let k = 0; k < POPS[i.id]; k++) operands.unshift(pop());
      const result = access === Access.None ? tested(i.id, operands) : accessed(i, access, operands);
      for (let k = 0; k < PUSHES[i.id]; k++) stack.push(result);
    }

    function tested(id: number, [a, b]: readonly Value[]): Value {
      const name = MNEMONIC[id];
      if (name === 'i32.eqz') return a?.kind === 'word' || a?.kind === 'test' ? compared(a, 0n, true) : undefined;
      if (name !== 'i32.eq' && name !== 'i32.ne') return undefined;
      const [value, constant] = a?.kind === 'const' ? [b, a] : [a, b];
      if (constant?.kind !== 'const' || value === undefined || value.kind === 'const') return undefined;
      return compared(value, constant.value, name === 'i32.eq');
    }

    function accessed(i: Instruction, access: number, operands: readonly Value[]): Value {
      const memories = memoriesOf(i);
      if (!memories.includes(word.memory) || phases === 0) return undefined;
      const [place] = operands;
      const onWord =
        (IMM[i.id] === Imm.Memarg || IMM[i.id] === Imm.MemargLane) &&
        place?.kind === 'const' &&
        BigInt.asUintN(32, place.value) + i.wide === BigInt(word.address);
      const name = MNEMONIC[i.id] ?? '';
      if (onWord && access >= Access.AtomicLoad && access <= Access.AtomicNotify) {
        observations++;
        return onTheWord(name, operands, observations);
      }
      body.accesses.set(i.start, (body.accesses.get(i.start) ?? 0) | phases);
      return undefined;
    }

    function onTheWord(name: string, operands: readonly Value[], id: number): Value {
      const constant = (k: number): bigint | undefined => {
        const value = operands[k];
        return value?.kind === 'const' ? value.value : undefined;
      };
      switch (name) {
        case 'i32.atomic.rmw.cmpxchg':
          if (constant(1) !== 0n || constant(2) !== 1n || (phases & Phase.Winner) !== 0) break;
          if (phases & Phase.Unknown) phases = Phase.Winner | Phase.Busy | Phase.Done;
          else if (phases & Phase.Busy) phases |= Phase.Done;
          latest = id;
          return { kind: 'word', id, zero: Phase.Winner, one: Phase.Busy, else: Phase.Done };
        case 'i32.atomic.load':
          if (phases & Phase.Unknown) phases |= Phase.Busy | Phase.Done;
          else if (phases & Phase.Busy) phases |= Phase.Done;
          latest = id;
          return { kind: 'word', id, zero: Phase.Unknown, one: Phase.Busy | Phase.Winner, else: Phase.Done };
        case 'i32.atomic.store': {
          const value = constant(1);
          if (value === undefined || value === 0n || value === 1n || (phases & ~(Phase.Winner | Phase.Done)) !== 0)
            break;
          phases = Phase.Done;
          forget();
          return undefined;
        }
        case 'memory.atomic.notify':
          if (phases !== Phase.Done) break;
          return undefined;
        case 'memory.atomic.wait32': {
          const timeout = constant(2);
          if ((phases & Phase.Winner) !== 0) break;
          // It returns when the word is no longer 1, or when the one who is done wakes it.
          if (constant(1) === 1n && timeout !== undefined && timeout < 0n && phases & Phase.Busy)
            phases = (phases & ~Phase.Busy) | Phase.Done;
          forget();
          return undefined;
        }
        default:
          break;
      }
      body.valid = false;
      return undefined;
    }

    function call(i: Instruction, access: number): void {
      const direct = access === Access.Call;
      const type = module.types[direct ? module.functions.typeIndex[i.values[0]] : i.values[0]]?.composite;
      if (type?.kind !== 'func') throw new DecodeFailure(i.start, 'unknown type');
      for (let k = 0; k < type.params.length + (direct ? 0 : 1); k++) pop();
      for (let k = 0; k < type.results.length; k++) stack.push(undefined);
      const callee = direct ? calleeOf(i.values[0]) : 'unknown';
      if (phases !== 0 && phases !== Phase.Done && callee !== undefined) {
        const clean = callee !== 'unknown' && isOrdered(callee);
        if (!clean || phases & Phase.Winner) body.callsEarly = true;
        if (callee !== 'unknown' && (phases & Phase.Winner) === 0)
          phases = callee.exit === 0 ? 0 : calledExit(callee.exit);
        forget();
      }
      if (TAIL_CALLS.has(i.id)) {
        body.exit |= phases;
        phases = 0;
      }
    }

    /** What is known after a call, by what its callee knows at its end: what was known before stays true. */
    function calledExit(exit: number): number {
      return exit === Phase.Done ? Phase.Done : phases | exit;
    }
  }
}

const TAIL_CALLS: ReadonlySet<number> = new Set([Op.return_call, Op.return_call_indirect, Op.return_call_ref]);

/** Whether all that a body does to the memory is done by the one who initialises, or after that. */
export const isOrdered = ({ accesses, callsEarly, valid }: GuardedBody): boolean =>
  valid && !callsEarly && [...accesses.values()].every((phases) => phases === Phase.Winner || phases === Phase.Done);

/** Comparison of the word, or of a test, with a constant; `equal`: true if they are equal. */
function compared(value: Extract<Value, { kind: 'word' | 'test' }>, constant: bigint, equal: boolean): Value {
  const { id } = value;
  let [yes, no]: [number, number] = [ANY, ANY];
  if (value.kind === 'test') {
    if (constant === 0n) [yes, no] = [value.no, value.yes];
    else if (constant === 1n) [yes, no] = [value.yes, value.no];
  } else if (constant === 0n) [yes, no] = [value.zero, value.one | value.else];
  else if (constant === 1n) [yes, no] = [value.one, value.zero | value.else];
  // The word may be done with another value than this.
  else [yes, no] = [value.else, ANY];
  return equal ? { kind: 'test', id, yes, no } : { kind: 'test', id, yes: no, no: yes };
}

function memoriesOf({ id, values }: Instruction): number[] {
  switch (IMM[id]) {
    case Imm.Memarg:
    case Imm.MemargLane:
    case Imm.DataMemory:
      return [values[1]];
    case Imm.Memory:
      return [values[0]];
    case Imm.MemoryMemory:
      return values.slice(0, 2);
    default:
      return [];
  }
}
