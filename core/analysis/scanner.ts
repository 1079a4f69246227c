/**
 * Reads one function body: effects with abstract addresses, calls, and how it moves the shadow stack pointer. The loop
 * below is the hot path of the whole product: plain loads, stores and numeric instructions are handled by their form
 * in the instruction table, other common single-byte instructions one by one, and the rest in `scanRare.ts`.
 *
 * Locals are tracked through structured code, see localValues.ts. A value that one pass cannot tell is a symbol, and an
 * access at one is left open until address/ evaluates it.
 */
import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import { MEMARG_HAS_MEMORY, WIDTH } from '../wasm/instructions.ts';
import { Op } from '../wasm/ops.ts';
import { EMPTY_BLOCK_BYTE } from '../wasm/types.ts';
import { ANY_NUMBER, BASE_MASK, Base, bounded, packed } from './abstractValue.ts';
import {
  addOffset,
  asNumber,
  eitherOf,
  maskAddress,
  multiply,
  readThrough,
  setBits,
  shiftLeft,
  shiftRight,
  subtractOffset,
} from './addressArithmetic.ts';
import { addOffset64 } from './addressArithmetic64.ts';
import { skipDead } from './deadCode.ts';
import { READ, WRITE } from './effectTable.ts';
import { callHost } from './hostCalls.ts';
import { LOADED_NUMBER, PLAIN_FORM, PlainForm, STACK_DELTA } from './instructionForms.ts';
import { longEnd, longOffset, longS32, longS64, longU32 } from './longLeb.ts';
import { noteSets, slotOf } from './loopLocals.ts';
import { FLOOR, NO_MATTER, NO_VALUE, ScannerState } from './scannerState.ts';
import { rareInstruction } from './scanRare.ts';
import { Symbolic } from './symbols.ts';

/** Most values that one instruction pushes (V8's limit for results). */
const MARGIN = 1024;
/** What comparisons and counts of bits give. */
const SMALL_NUMBER = bounded(64, 0);

/** Scans function bodies one after the other and records what it finds in its collector. */
export class Scanner extends ScannerState {
  /**
   * Scans the body `[start, end)` of function `func`.
   * @throws DecodeFailure if the body is malformed.
   */
  scanBody(func: number, start: number, end: number): void {
    const { bytes, out, arity } = this;
    const imported = this.module.functions.imported;
    const typeIndex = this.module.functions.typeIndex;
    const params = arity.params[typeIndex[func]] ?? 0;
    let pos = this.readLocals(start, end, params);
    const locals = this.localCount;
    const { locals: known, lastSet } = this;
    let { bases, values, frameHeight, frameParams, frameResults, frameSerial, frameLoop, frameOut, frameOutValue } =
      this;
    this.functionSerial++;
    let serial = 1;
    let depth = 0;
    /** Offset behind the opcode of the innermost open loop. */
    let loopStart = 0;
    let loopsSeen = false;
    let unknownLoad = false;
    let unknownStore = false;
    const hasMemory = this.module.memories.length > 0;
    let sp = FLOOR;
    /** Greatest height that leaves room for the results of any one instruction. */
    let ceiling = bases.length - MARGIN;
    frameHeight[0] = FLOOR;
    frameParams[0] = 0;
    frameResults[0] = arity.results[typeIndex[func]] ?? 0;
    frameSerial[0] = 0;
    frameLoop[0] = 0;
    frameOut[0] = frameResults[0] === 1 ? NO_VALUE : NO_MATTER;
    this.returnBase = NO_VALUE;
    this.unfollowed = false;
    this.tailCall = -1;
    /** Whether the code before an `end`, `else` or `catch` gets there. */
    let reached = true;

    while (pos < end) {
      const at = pos;
      const op = bytes[pos++];
      const form = PLAIN_FORM[op];
      if (form === PlainForm.Numeric) {
        sp += STACK_DELTA[op];
        const a = bases[sp - 1];
        const b = STACK_DELTA[op] < 0 ? bases[sp] : Base.Constant;
        // What is computed from numbers is one.
        if (
          (a === Base.Number && (b === Base.Number || b === Base.Constant)) ||
          (b === Base.Number && a === Base.Constant)
        ) {
          bases[sp - 1] = Base.Number;
          values[sp - 1] = ANY_NUMBER;
        } else {
          if ((a & BASE_MASK) === Base.Symbol || (a & BASE_MASK) === Base.Parameter) out.lose(a);
          if ((b & BASE_MASK) === Base.Symbol || (b & BASE_MASK) === Base.Parameter) out.lose(b);
          bases[sp - 1] = 0;
        }
        if (sp < FLOOR) throw new DecodeFailure(at, 'operand stack underflow');
        continue;
      }
      if (form >= PlainForm.Compare) {
        sp += STACK_DELTA[op];
        bases[sp - 1] = form === PlainForm.Compare ? Base.Number : Base.Unknown;
        values[sp - 1] = SMALL_NUMBER;
        if (sp < FLOOR) throw new DecodeFailure(at, 'operand stack underflow');
        continue;
      }
      if (form !== PlainForm.Other) {
        const store = form === PlainForm.Store;
        const address = store ? sp - 2 : sp - 1;
        const flags = bytes[pos++];
        let offset = bytes[pos++];
        if (offset > 127) {
          offset = longOffset(bytes, pos, offset);
          pos = longEnd;
        }
        // A memory other than 0, or an offset above 2^31: the slow path.
        if (flags >= MEMARG_HAS_MEMORY || offset < 0 || !hasMemory) {
          this.pos = at;
          this.height = sp;
          rareInstruction(this, at, end);
          pos = this.pos;
          sp = this.height;
          continue;
        }
        const place = bases[address];
        if (place !== 0) {
          out.access(0, store ? WRITE : READ, place, values[address], offset, WIDTH[op], at);
        } else if (store) {
          if (!unknownStore) {
            unknownStore = true;
            out.effect(out.table.memory(0, WRITE, 0, 0, 0, 0), at);
          }
        } else if (!unknownLoad) {
          unknownLoad = true;
          out.effect(out.table.memory(0, READ, 0, 0, 0, 0), at);
        }
        if (store) {
          const kept = bases[sp - 1];
          if ((kept & BASE_MASK) === Base.Symbol || (kept & BASE_MASK) === Base.Parameter) out.lose(kept);
          sp -= 2;
        } else if (LOADED_NUMBER[op] >= 0) {
          bases[address] = Base.Number;
          values[address] = bounded(LOADED_NUMBER[op], 0);
        } else {
          if (place !== 0) values[address] = (values[address] + offset) | 0;
          bases[address] = place === 0 ? 0 : readThrough(place, values[address]);
        }
        if (sp < FLOOR) throw new DecodeFailure(at, 'operand stack underflow');
        continue;
      }
      switch (op) {
        case Op.local_get: {
          let local = bytes[pos++];
          if (local > 127) {
            local = longU32(bytes, pos, local);
            pos = longEnd;
          }
          if (local >= locals) throw new DecodeFailure(at, `unknown local ${local}`);
          known.get(local, at, depth, frameSerial, loopStart > 0 && lastSet[slotOf(local)] >= loopStart);
          bases[sp] = known.base;
          values[sp] = known.value;
          sp++;
          break;
        }
        case Op.local_set:
        case Op.local_tee: {
          let local = bytes[pos++];
          if (local > 127) {
            local = longU32(bytes, pos, local);
            pos = longEnd;
          }
          if (local >= locals) throw new DecodeFailure(at, `unknown local ${local}`);
          known.set(local, bases[sp - 1], values[sp - 1], at, depth, frameSerial[depth]);
          if (op === Op.local_set) sp--;
          break;
        }
        case Op.i32_const: {
          const b = bytes[pos++];
          let value = (b << 25) >> 25;
          if (b > 127) {
            value = longS32(bytes, pos, b);
            pos = longEnd;
          }
          bases[sp] = Base.Constant;
          values[sp++] = value;
          break;
        }
        case Op.i32_add:
          addOffset(this, --sp);
          break;
        case Op.i64_add:
          addOffset64(this, --sp, 1, out.table.wide);
          break;
        case Op.i64_sub:
          addOffset64(this, --sp, -1, out.table.wide);
          break;
        case Op.i32_sub:
          subtractOffset(this, --sp);
          break;
        case Op.i32_and:
        case Op.i64_and:
          maskAddress(this, --sp);
          break;
        case Op.i32_or:
          setBits(this, --sp);
          break;
        case Op.i32_shl:
          shiftLeft(this, --sp);
          break;
        case Op.i32_mul:
          multiply(this, --sp);
          break;
        case Op.i32_shr_u:
          shiftRight(this, --sp);
          break;
        case Op.i32_shr_s:
          sp--;
          out.lose(bases[sp - 1]);
          bases[sp - 1] = Base.Number;
          values[sp - 1] = ANY_NUMBER;
          break;
        case Op.i32_rem_u:
        case Op.i32_div_u:
          asNumber(this, --sp, op === Op.i32_rem_u);
          break;
        case Op.i32_wrap_i64:
          if (bases[sp - 1] === Base.Number) values[sp - 1] = ANY_NUMBER;
          else if (bases[sp - 1] === Base.Wide) {
            values[sp - 1] = out.table.wide.values[values[sp - 1]] | 0;
            bases[sp - 1] = Base.Constant;
          } else if (bases[sp - 1] !== Base.Constant && !this.narrow) {
            out.lose(bases[sp - 1]);
            bases[sp - 1] = 0;
          }
          break;
        case Op.i64_or:
        case Op.i64_shl:
        case Op.i64_mul:
          this.low64(op, --sp);
          break;
        case Op.i64_extend_i32_s:
        case Op.i64_extend_i32_u:
          if (bases[sp - 1] === Base.Constant) {
            if (values[sp - 1] < 0 && op === Op.i64_extend_i32_u)
              out.table.wide.put(bases, values, sp - 1, values[sp - 1] >>> 0);
          } else if (bases[sp - 1] !== Base.Number && !this.narrow) {
            out.lose(bases[sp - 1]);
            bases[sp - 1] = 0;
          }
          break;
        case Op.global_get:
        case Op.global_set: {
          let index = bytes[pos++];
          if (index > 127) {
            index = longU32(bytes, pos, index);
            pos = longEnd;
          }
          if (index >= this.readGlobal.length || index < 0) throw new DecodeFailure(at, `unknown global ${index}`);
          if (op === Op.global_get) {
            const read = this.readGlobal[index];
            if (read >= 0) out.effect(read, at);
            bases[sp] = packed(read >= 0 ? Base.Mutable : Base.Immutable, index);
            values[sp++] = 0;
          } else {
            sp--;
            out.effect(this.writeGlobal[index], at);
            out.lose(bases[sp]);
            if (bases[sp] === packed(Base.Mutable, index)) this.noteStackMove(index, values[sp]);
            else if (bases[sp] !== Base.Constant) this.noteAssignment(index, func);
          }
          break;
        }
        case Op.call: {
          let callee = bytes[pos++];
          if (callee > 127) {
            callee = longU32(bytes, pos, callee);
            pos = longEnd;
          }
          if (callee >= typeIndex.length || callee < 0) throw new DecodeFailure(at, `unknown function ${callee}`);
          if (callee < imported) callHost(this, callee, sp, at);
          else out.call(callee, at);
          const type = typeIndex[callee];
          const count = arity.params[type];
          if (sp - count < FLOOR) throw new DecodeFailure(at, 'operand stack underflow');
          const results = arity.results[type];
          let row = -1;
          if (callee < imported) for (let k = sp - count; k < sp; k++) out.lose(bases[k]);
          if (results === 1 || (count > 0 && callee >= imported))
            row = out.callWith(callee, at, bases, values, sp, count);
          sp -= count;
          if (results === 1) {
            bases[sp] = packed(Base.Symbol, this.symbols.add(Symbolic.Result, row, 0, 0, 0));
            values[sp++] = 0;
          } else for (let n = results; n > 0; n--) bases[sp++] = 0;
          break;
        }
        case Op.block:
        case Op.loop:
        case Op.if:
        case Op.try: {
          let blockParams = 0;
          let blockResults = 0;
          const byte = bytes[pos];
          if (byte === EMPTY_BLOCK_BYTE) {
            pos++;
          } else {
            this.readBlockType(pos, end);
            pos = this.pos;
            blockParams = this.blockParams;
            blockResults = this.blockResults;
          }
          if (op === Op.if) sp--;
          depth++;
          if (depth === frameHeight.length) {
            this.growFrames();
            ({ frameHeight, frameParams, frameResults, frameSerial, frameLoop, frameOut, frameOutValue } = this);
          }
          frameHeight[depth] = sp - blockParams;
          frameParams[depth] = blockParams;
          frameResults[depth] = blockResults;
          frameSerial[depth] = serial++;
          frameLoop[depth] = loopStart;
          // The values that an `if` without an `else` passes by are its parameters.
          frameOut[depth] = blockResults === 1 && (op !== Op.if || blockParams === 0) ? NO_VALUE : NO_MATTER;
          for (let i = sp - blockParams; i < sp; i++) {
            out.lose(bases[i]);
            bases[i] = 0;
          }
          if (op === Op.loop) {
            // A branch to a loop carries its parameters.
            frameOut[depth] = NO_MATTER;
            known.openLoop(pos);
            if (!loopsSeen) {
              loopsSeen = true;
              noteSets(bytes, pos, end, lastSet);
            }
            loopStart = pos;
          }
          break;
        }
        case Op.end: {
          if (sp < frameHeight[depth] + (reached ? frameResults[depth] : 0))
            throw new DecodeFailure(at, 'operand stack underflow');
          if (reached) this.leave(depth, sp);
          reached = true;
          if (depth === 0) {
            if (pos !== end) throw new DecodeFailure(at, 'the body goes on after its end');
            if (this.unfollowed) out.lose(frameOut[0]);
            this.returnBase = frameOut[0] === NO_MATTER ? NO_VALUE : this.unfollowed ? Base.Unknown : frameOut[0];
            this.returnValue = frameOutValue[0];
            known.finish();
            return;
          }
          if (loopStart !== frameLoop[depth]) known.closeLoop(at);
          loopStart = frameLoop[depth];
          sp = frameHeight[depth];
          if (this.unfollowed && frameOut[depth] >= 0) {
            out.lose(frameOut[depth]);
            bases[sp++] = 0;
          } else if (frameOut[depth] >= 0) {
            bases[sp] = frameOut[depth];
            values[sp++] = frameOutValue[depth];
          } else for (let n = frameResults[depth]; n > 0; n--) bases[sp++] = 0;
          depth--;
          break;
        }
        case Op.else:
        case Op.catch_all:
          if (reached) this.leave(depth, sp);
          reached = true;
          sp = frameHeight[depth];
          if (op === Op.else) for (let n = frameParams[depth]; n > 0; n--) bases[sp++] = 0;
          frameSerial[depth] = serial++;
          break;
        case Op.catch: {
          if (reached) this.leave(depth, sp);
          reached = true;
          const c = new Cursor(bytes, pos, end);
          const tag = this.module.tags[c.u32()];
          pos = c.pos;
          sp = frameHeight[depth];
          for (let n = arity.params[tag?.typeIndex ?? -1] ?? 0; n > 0; n--) bases[sp++] = 0;
          frameSerial[depth] = serial++;
          break;
        }
        case Op.br_if:
        case Op.br: {
          let label = bytes[pos++];
          if (label > 127) {
            label = longU32(bytes, pos, label);
            pos = longEnd;
          }
          if (op === Op.br_if) sp--;
          if (label < 0 || label > depth) throw new DecodeFailure(at, `unknown label ${label >>> 0}`);
          if (frameResults[depth - label] > 0 || frameParams[depth - label] > 0) this.leave(depth - label, sp);
          if (op === Op.br_if) break;
          reached = false;
          if (bytes[pos] !== Op.end) pos = skipDead(bytes, pos, end);
          break;
        }
        case Op.return:
        case Op.unreachable:
          if (op === Op.return) this.leave(0, sp);
          reached = false;
          if (bytes[pos] !== Op.end) pos = skipDead(bytes, pos, end);
          break;
        case Op.br_table: {
          let labels = bytes[pos++];
          if (labels > 127) {
            labels = longU32(bytes, pos, labels);
            pos = longEnd;
          }
          if (labels > end - pos || labels < 0)
            throw new DecodeFailure(at, `${labels >>> 0} labels do not fit into the body`);
          sp--;
          for (; labels >= 0; labels--) {
            let label = bytes[pos++];
            if (label > 127) {
              label = longU32(bytes, pos, label);
              pos = longEnd;
            }
            if (label < 0 || label > depth) throw new DecodeFailure(at, `unknown label ${label >>> 0}`);
            if (frameResults[depth - label] > 0 || frameParams[depth - label] > 0) this.leave(depth - label, sp);
          }
          reached = false;
          if (bytes[pos] !== Op.end) pos = skipDead(bytes, pos, end);
          break;
        }
        case Op.i64_const: {
          const b = bytes[pos++];
          bases[sp] = Base.Constant;
          values[sp] = (b << 25) >> 25;
          if (b > 127) {
            values[sp] = longS32(bytes, pos, b);
            pos = longEnd;
            // Four bytes hold 28 bits; a longer constant may not fit into 32.
            if (pos - at > 5) out.table.wide.put(bases, values, sp, longS64(bytes, at + 1));
          }
          sp++;
          break;
        }
        case Op.f32_const:
          pos += 4;
          bases[sp++] = 0;
          break;
        case Op.f64_const:
          pos += 8;
          bases[sp++] = 0;
          break;
        case Op.drop:
          sp--;
          break;
        case Op.select:
          sp -= 2;
          if (sp <= FLOOR) throw new DecodeFailure(at, 'operand stack underflow');
          eitherOf(this, sp - 1);
          break;
        default: {
          this.pos = at;
          this.height = sp;
          if (op === Op.try_table) {
            depth++;
            if (depth === frameHeight.length) {
              this.growFrames();
              ({ frameHeight, frameParams, frameResults, frameSerial, frameLoop, frameOut, frameOutValue } = this);
            }
          }
          const dead = rareInstruction(this, at, end);
          pos = this.pos;
          sp = this.height;
          if (op === Op.try_table) {
            frameHeight[depth] = sp - this.blockParams;
            frameParams[depth] = this.blockParams;
            frameResults[depth] = this.blockResults;
            frameSerial[depth] = serial++;
            frameLoop[depth] = loopStart;
            frameOut[depth] = NO_MATTER;
          } else if (op === Op.delegate) {
            if (reached) this.leave(depth, sp);
            reached = true;
            loopStart = frameLoop[depth];
            sp = frameHeight[depth];
            for (let n = frameResults[depth]; n > 0; n--) bases[sp++] = 0;
            if (depth-- === 0) throw new DecodeFailure(at, 'delegate outside of try');
          } else if (dead) {
            if (this.tailCall >= 0) {
              bases[sp] = packed(Base.Symbol, this.symbols.add(Symbolic.Result, this.tailCall, 0, 0, 0));
              values[sp] = 0;
              this.leave(0, sp + 1);
              this.tailCall = -1;
            }
            reached = false;
            pos = skipDead(bytes, pos, end);
            sp = Math.max(sp, frameHeight[depth]);
          }
        }
      }
      if (sp < FLOOR || sp > ceiling) {
        if (sp < FLOOR) throw new DecodeFailure(at, 'operand stack underflow');
        this.growStack();
        ceiling = this.bases.length - MARGIN;
        ({ bases, values } = this);
      }
    }
    throw new DecodeFailure(end, 'the body has no end');
  }
}
