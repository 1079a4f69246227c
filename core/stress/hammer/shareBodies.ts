/** Bodies of the rewritten modules: globals become cells, and in the serial variant calls that would never return trap. */
import { Encoder } from '../../wasm/encoder.ts';
import type { Instruction } from '../../wasm/immediates.ts';
import { ACCESS, Access } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
import { Op } from '../../wasm/ops.ts';
import { F32, F64, I32, I64, V128, type ValType } from '../../wasm/types.ts';
import { BodyRewriter, type BodyWriter } from '../rewrite/bodyWriter.ts';
import {
  branchIf,
  end,
  globalGet,
  globalSet,
  i32Const,
  i32Less,
  i64Const,
  idOf,
  ifThen,
  localGet,
  localSet,
  localTee,
  loop,
  memoryOp,
  opcode,
  trapIf,
} from '../rewrite/emit.ts';
import type { SharedModule, SharedVariant, ShareOptions } from './sharedModule.ts';

const LOAD: Readonly<Record<ValType, number>> = {
  [I32]: Op.i32_load,
  [I64]: Op.i64_load,
  [F32]: Op.f32_load,
  [F64]: Op.f64_load,
  [V128]: Op.v128_load,
};
const STORE: Readonly<Record<ValType, number>> = {
  [I32]: Op.i32_store,
  [I64]: Op.i64_store,
  [F32]: Op.f32_store,
  [F64]: Op.f64_store,
  [V128]: Op.v128_store,
};
const ALIGN: Readonly<Record<ValType, number>> = { [I32]: 2, [I64]: 3, [F32]: 2, [F64]: 3, [V128]: 4 };
const I32_LT_U = idOf('i32.lt_u');
const I64_LT_U = idOf('i64.lt_u');
const I64_LT_S = idOf('i64.lt_s');
const I32_SHR_U = idOf('i32.shr_u');
const I32_EQ = idOf('i32.eq');
const I32_AND = idOf('i32.and');
const TAIL_CALLS: ReadonlySet<number> = new Set([Op.return_call, Op.return_call_indirect, Op.return_call_ref]);
/** Result of `memory.atomic.wait` after a timeout. */
const TIMED_OUT = 2;

/** Writes the code section of one variant. */
export class BodyVariant {
  private readonly module: Module;
  private readonly options: ShareOptions;
  private readonly shared: Pick<SharedModule, 'cellOf' | 'lowest'>;
  private readonly variant: SharedVariant;
  private readonly cellMemory: number;

  constructor(
    module: Module,
    options: ShareOptions,
    shared: Pick<SharedModule, 'cellOf' | 'lowest'>,
    variant: SharedVariant,
  ) {
    this.module = module;
    this.options = options;
    this.shared = shared;
    this.variant = variant;
    this.cellMemory = module.memories.length;
  }

  /** @throws DecodeFailure where a reachable body is malformed */
  section(): Encoder {
    const { module, options } = this;
    const { imported, bodyStart, bodyEnd } = module.functions;
    const e = new Encoder(module.bytes.length + (module.bytes.length >> 2));
    e.u32(bodyStart.length + 1);
    const rewriter = new BodyRewriter(module, {
      wanted: (id) => {
        const access = ACCESS[id];
        if (id === Op.loop) return this.variant === 'serial';
        if (TAIL_CALLS.has(id)) return true;
        return access === Access.GlobalGet || access === Access.GlobalSet || access === Access.AtomicWait;
      },
      begin: (writer) => (instruction) => this.rewrite(writer, instruction),
    });
    for (let d = 0; d < bodyStart.length; d++) {
      if (options.reachable[imported + d] === 1) rewriter.write(imported + d, e);
      else {
        e.u32(bodyEnd[d] - bodyStart[d]);
        e.copy(module.bytes, bodyStart[d], bodyEnd[d]);
      }
    }
    this.begin(e);
    return e;
  }

  private rewrite({ out, scratch }: BodyWriter, { id, values, start, end: to }: Instruction): boolean {
    if (TAIL_CALLS.has(id)) {
      this.beforeTailCall(out, scratch);
      return false;
    }
    switch (ACCESS[id]) {
      case Access.AtomicWait:
        return this.wait(out, values[1], scratch, start, to);
      case Access.GlobalGet:
        return this.get(out, values[0]);
      case Access.GlobalSet:
        return this.set(out, values[0], () => scratch('value', this.module.globals[values[0]].type));
      default:
        out.copy(this.module.bytes, start, to);
        this.burn(out);
        return true;
    }
  }

  /**
   * Tail calls go round like loops. V8 compiles self tail calls to loops that cannot be interrupted, so that a thread
   * in one could never be terminated. It checks for interrupts at the back edge of another loop, if it cannot optimise
   * that loop away. The cell of the lowest stack pointer has four bytes that are not zero where calls are not alone.
   */
  private beforeTailCall(out: Encoder, scratch: BodyWriter['scratch']): void {
    if (this.variant === 'serial') {
      this.burn(out);
      return;
    }
    const left = scratch('left', I32);
    this.load(out, I32, this.shared.lowest);
    localSet(out, left);
    loop(out);
    localGet(out, left);
    i32Const(out, 8);
    opcode(out, I32_SHR_U);
    localTee(out, left);
    branchIf(out, 0);
    end(out);
  }

  /** One iteration less; traps when none is left. */
  private burn(out: Encoder): void {
    const fuel = this.module.globals.length;
    globalGet(out, fuel);
    i32Const(out, 1);
    out.u8(Op.i32_sub);
    globalSet(out, fuel);
    globalGet(out, fuel);
    i32Const(out, 0);
    i32Less(out);
    trapIf(out);
  }

  /**
   * On a memory that is not shared in the original module, waiting traps. If no other caller runs, it ends at once: as
   * timed out, or with a trap if it has no timeout.
   */
  private wait(out: Encoder, memory: number, scratch: BodyWriter['scratch'], start: number, to: number): boolean {
    if (!this.module.memories[memory].limits.shared) {
      out.u8(Op.unreachable);
      return true;
    }
    if (this.variant !== 'serial') return false;
    const timeout = scratch('timeout', I64);
    const answer = scratch('answer', I32);
    localSet(out, timeout);
    i64Const(out, 0);
    out.copy(this.module.bytes, start, to);
    localTee(out, answer);
    i32Const(out, TIMED_OUT);
    opcode(out, I32_EQ);
    localGet(out, timeout);
    i64Const(out, 0);
    opcode(out, I64_LT_S);
    opcode(out, I32_AND);
    ifThen(out);
    i32Const(out, -1);
    globalSet(out, this.module.globals.length);
    out.u8(Op.unreachable);
    end(out);
    localGet(out, answer);
    return true;
  }

  private load(out: Encoder, type: ValType, offset: number): void {
    i32Const(out, 0);
    memoryOp(out, LOAD[type], ALIGN[type], this.cellMemory, offset);
  }

  private get(out: Encoder, global: number): boolean {
    const offset = this.shared.cellOf[global];
    if (offset === undefined) return false;
    this.load(out, this.module.globals[global].type, offset);
    return true;
  }

  private set(out: Encoder, global: number, scratch: () => number): boolean {
    const offset = this.shared.cellOf[global];
    const tracks = this.variant !== 'first' && global === this.options.stackPointer;
    if (offset === undefined && !tracks) return false;
    const { type } = this.module.globals[global];
    const value = scratch();
    localSet(out, value);
    if (tracks) this.track(out, value, type);
    if (offset === undefined) {
      localGet(out, value);
      return false;
    }
    this.store(out, type, offset, () => localGet(out, value));
    return true;
  }

  private store(out: Encoder, type: ValType, offset: number, value: () => void): void {
    i32Const(out, 0);
    value();
    memoryOp(out, STORE[type], ALIGN[type], this.cellMemory, offset);
  }

  /**
   * Keeps `local` if it is lower than the lowest value so far: while no other caller runs in the cell, otherwise in a
   * global of the instance, since a common cell would order the callers.
   */
  private track(out: Encoder, local: number, type: ValType): void {
    const { lowest } = this.shared;
    if (this.variant === 'plain') {
      const depth = this.module.globals.length;
      localGet(out, local);
      globalGet(out, depth);
      opcode(out, type === I64 ? I64_LT_U : I32_LT_U);
      ifThen(out);
      localGet(out, local);
      globalSet(out, depth);
      end(out);
      return;
    }
    this.store(out, type, lowest, () => {
      localGet(out, local);
      this.load(out, type, lowest);
      localGet(out, local);
      this.load(out, type, lowest);
      opcode(out, type === I64 ? I64_LT_U : I32_LT_U);
      out.u8(Op.select);
    });
  }

  /** The function that writes the initial values of globals into their cells. */
  private begin(e: Encoder): void {
    const { module, shared } = this;
    const body = new Encoder();
    body.u32(0);
    shared.cellOf.forEach((offset, global) => {
      if (offset !== undefined) this.store(body, module.globals[global].type, offset, () => globalGet(body, global));
    });
    end(body);
    e.u32(body.length);
    e.copy(body.bytes());
  }
}
