/**
 * Reads one function body: effects with abstract addresses, calls, and how it moves the shadow stack pointer. The loop
 * below is the hot path of the whole product: it handles common single-byte instructions by their form, and leaves the
 * rest to `scanRare.ts`.
 *
 * Locals are tracked through structured code, see localValues.ts. A value that one pass cannot tell is a symbol, and an
 * access at one is left open until address/ evaluates it.
 *
 * Cases are literal numbers, for only of these does the engine make a jump table. What the loop reads all the time is in
 * names of this file, for the engine reads an imported one anew each time. `| 0` keeps a variable a machine word.
 */
import { t } from '../text/l10n.ts';
import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import { MEMARG_HAS_ORDER, WIDTH } from '../wasm/instructions.ts';
import { Op } from '../wasm/ops.ts';
import { EMPTY_BLOCK_BYTE } from '../wasm/types.ts';
import { ANY_NUMBER, BASE_MASK, Base, bounded, FOLLOWED_KINDS, packed } from './abstractValue.ts';
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
import { FORM, LOADED_NUMBER, MAY_BE_ADDRESS, type ScanForm, STACK_DELTA } from './instructionForms.ts';
import { IS_LOOP, LOCAL_COLUMNS, LocalColumn, NO_EXIT, PASSED_BY } from './localValues.ts';
import { longEnd, longOffset, longS32, longS64, longU32 } from './longLeb.ts';
import { noteSets, slotOf } from './loopLocals.ts';
import { BLOCK_COLUMNS, BlockColumn, FLOOR, NO_MATTER, NO_VALUE, NOT_MET, ScannerState } from './scannerState.ts';
import { rareInstruction } from './scanRare.ts';
import { Symbolic } from './symbols.ts';

/** Most values that one instruction pushes (V8's limit for results). */
const MARGIN = 1024;
/** What comparisons and counts of bits give. */
const SMALL_NUMBER = bounded(64, 0);

// Names of this file, which the engine treats as constants, for what the loop reads all the time.
const FORMS = FORM;
const DELTAS = STACK_DELTA;
const WIDTHS = WIDTH;
const LOADED = LOADED_NUMBER;
const BOTTOM = FLOOR;
const KIND = BASE_MASK;
const FOLLOWED = FOLLOWED_KINDS;
const CONSTANT = Base.Constant;
const NUMBER = Base.Number;
const SYMBOL = Base.Symbol;
const THROUGH_SYMBOL = Base.ThroughSymbol;
const HEIGHT = BlockColumn.height;
const PARAMS = BlockColumn.params;
const RESULTS = BlockColumn.results;
const LOOP = BlockColumn.loop;
const OUT = BlockColumn.out;
const OUT_VALUE = BlockColumn.outValue;
const EXIT = BlockColumn.exit;
const BLOCK = BLOCK_COLUMNS;
const VALUE = LocalColumn.value;
const SINCE = LocalColumn.since;
const LOCAL = LOCAL_COLUMNS;

/** Scans function bodies one after the other and records what it finds in its collector. */
export class Scanner extends ScannerState {
  /**
   * Scans the body `[start, end)` of function `func`.
   * @throws DecodeFailure if the body is malformed.
   */
  scanBody(func: number, start: number, end: number): void {
    const { bytes, out, arity, lastSet } = this;
    const { typeIndex } = this.module.functions;
    const imported = this.module.functions.imported;
    let pos = this.readLocals(start, end, arity.params[typeIndex[func]] ?? 0) | 0;
    const stop = end | 0;
    const known = this.locals;
    const locals = this.localCount | 0;
    const state = known.locals;
    let { bases, values, frames } = this;
    this.functionSerial++;
    let depth = 0;
    /** Offset behind the opcode of the innermost open loop. */
    let loopStart = 0;
    let loopsSeen = false;
    let unknownLoad = false;
    let unknownStore = false;
    const hasMemory = this.module.memories.length > 0;
    const readForm = out.table.memoryForm(0, READ);
    const writeForm = out.table.memoryForm(0, WRITE);
    let sp = BOTTOM;
    /** Greatest height above the floor that leaves room for the results of any one instruction. */
    let room = bases.length - MARGIN - BOTTOM;
    frames[HEIGHT] = BOTTOM;
    frames[PARAMS] = 0;
    frames[RESULTS] = arity.results[typeIndex[func]] ?? 0;
    frames[LOOP] = 0;
    frames[EXIT] = PASSED_BY;
    frames[OUT] = frames[RESULTS] === 1 ? NO_VALUE : NO_MATTER;
    this.returnBase = NO_VALUE;
    this.unfollowed = false;
    this.tailCall = -1;
    /** Whether the code before an `end`, `else` or `catch` gets there. */
    let reached = true;

    while (pos < stop) {
      const at = pos;
      const op = bytes[pos++];
      switch (FORMS[op]) {
        case 1 satisfies typeof ScanForm.Load: {
          const flags = bytes[pos++];
          let offset = bytes[pos++];
          if (offset > 127) {
            offset = longOffset(bytes, pos, offset) | 0;
            pos = longEnd | 0;
          }
          // A memory other than 0, an ordering, or an offset above 2^31: the slow path.
          if (flags >= MEMARG_HAS_ORDER || offset < 0 || !hasMemory) {
            this.pos = at;
            this.height = sp;
            rareInstruction(this, at, stop);
            pos = this.pos | 0;
            sp = this.height | 0;
            break;
          }
          const address = sp - 1;
          const place = bases[address];
          if (place !== 0) {
            const kind = place & KIND;
            if (kind === SYMBOL || kind === THROUGH_SYMBOL)
              out.openAccess(readForm, place, values[address], offset, WIDTHS[op], at);
            else out.access(0, READ, place, values[address], offset, WIDTHS[op], at);
          } else if (!unknownLoad) {
            unknownLoad = true;
            out.effect(out.table.memory(0, READ, 0, 0, 0, 0), at);
          }
          const loaded = LOADED[op];
          if (loaded !== MAY_BE_ADDRESS) {
            bases[address] = NUMBER;
            values[address] = loaded;
          } else if (place !== 0) {
            bases[address] = readThrough(place, (values[address] + offset) | 0);
            values[address] = 0;
          }
          break;
        }
        case 2 satisfies typeof ScanForm.Store: {
          const flags = bytes[pos++];
          let offset = bytes[pos++];
          if (offset > 127) {
            offset = longOffset(bytes, pos, offset) | 0;
            pos = longEnd | 0;
          }
          if (flags >= MEMARG_HAS_ORDER || offset < 0 || !hasMemory) {
            this.pos = at;
            this.height = sp;
            rareInstruction(this, at, stop);
            pos = this.pos | 0;
            sp = this.height | 0;
            break;
          }
          sp -= 2;
          const place = bases[sp];
          if (place !== 0) {
            const kind = place & KIND;
            if (kind === SYMBOL || kind === THROUGH_SYMBOL)
              out.openAccess(writeForm, place, values[sp], offset, WIDTHS[op], at);
            else out.access(0, WRITE, place, values[sp], offset, WIDTHS[op], at);
          } else if (!unknownStore) {
            unknownStore = true;
            out.effect(out.table.memory(0, WRITE, 0, 0, 0, 0), at);
          }
          const kept = bases[sp + 1];
          if ((FOLLOWED >> (kept & KIND)) & 1) out.lose(kept);
          break;
        }
        case 3 satisfies typeof ScanForm.Numeric: {
          const change = DELTAS[op];
          sp += change;
          const a = bases[sp - 1];
          const b = change < 0 ? bases[sp] : CONSTANT;
          // What is computed from numbers is one.
          if ((a === NUMBER && (b === NUMBER || b === CONSTANT)) || (b === NUMBER && a === CONSTANT)) {
            bases[sp - 1] = NUMBER;
            values[sp - 1] = ANY_NUMBER;
          } else {
            if ((FOLLOWED >> (a & KIND)) & 1) out.lose(a);
            if ((FOLLOWED >> (b & KIND)) & 1) out.lose(b);
            bases[sp - 1] = 0;
          }
          break;
        }
        case 4 satisfies typeof ScanForm.Compare:
          sp += DELTAS[op];
          bases[sp - 1] = NUMBER;
          values[sp - 1] = SMALL_NUMBER;
          break;
        case 5 satisfies typeof ScanForm.Float:
          sp += DELTAS[op];
          bases[sp - 1] = 0;
          break;
        case 6 satisfies typeof ScanForm.LocalGet: {
          let local = bytes[pos++];
          if (local > 127) {
            local = longU32(bytes, pos, local) | 0;
            pos = longEnd | 0;
          }
          if (local >= locals) throw new DecodeFailure(at, t('unknown local {0}', local));
          const l = local * LOCAL;
          if (state[l] < 0 || (state[l + SINCE] < loopStart && lastSet[slotOf(local)] >= loopStart))
            known.merge(local, at);
          bases[sp] = state[l];
          values[sp++] = state[l + VALUE];
          break;
        }
        case 7 satisfies typeof ScanForm.LocalSet:
        case 8 satisfies typeof ScanForm.LocalTee: {
          let local = bytes[pos++];
          if (local > 127) {
            local = longU32(bytes, pos, local) | 0;
            pos = longEnd | 0;
          }
          if (local >= locals) throw new DecodeFailure(at, t('unknown local {0}', local));
          known.set(local, bases[sp - 1], values[sp - 1], at);
          if (op === Op.local_set) sp--;
          break;
        }
        case 9 satisfies typeof ScanForm.I32Const: {
          const b = bytes[pos++];
          let value = (b << 25) >> 25;
          if (b > 127) {
            value = longS32(bytes, pos, b) | 0;
            pos = longEnd | 0;
          }
          bases[sp] = CONSTANT;
          values[sp++] = value;
          break;
        }
        case 10 satisfies typeof ScanForm.Add:
          sp--;
          if (bases[sp] === CONSTANT && bases[sp - 1] !== NUMBER) values[sp - 1] = (values[sp - 1] + values[sp]) | 0;
          else addOffset(this, sp);
          break;
        case 11 satisfies typeof ScanForm.Subtract:
          subtractOffset(this, --sp);
          break;
        case 12 satisfies typeof ScanForm.Mask:
          maskAddress(this, --sp);
          break;
        case 13 satisfies typeof ScanForm.SetBits:
          setBits(this, --sp);
          break;
        case 14 satisfies typeof ScanForm.ShiftLeft:
          shiftLeft(this, --sp);
          break;
        case 15 satisfies typeof ScanForm.Multiply:
          multiply(this, --sp);
          break;
        case 16 satisfies typeof ScanForm.ShiftRight:
          shiftRight(this, --sp);
          break;
        case 17 satisfies typeof ScanForm.ShiftRightSigned:
          sp--;
          out.lose(bases[sp - 1]);
          bases[sp - 1] = NUMBER;
          values[sp - 1] = ANY_NUMBER;
          break;
        case 18 satisfies typeof ScanForm.DivideOrRemainder:
          asNumber(this, --sp, op === Op.i32_rem_u);
          break;
        case 19 satisfies typeof ScanForm.Add64:
          addOffset64(this, --sp, 1, out.table.wide);
          break;
        case 20 satisfies typeof ScanForm.Subtract64:
          addOffset64(this, --sp, -1, out.table.wide);
          break;
        case 21 satisfies typeof ScanForm.Low64:
          this.low64(op, --sp);
          break;
        case 22 satisfies typeof ScanForm.Wrap:
          this.wrap(sp - 1);
          break;
        case 23 satisfies typeof ScanForm.Extend:
          this.extend(sp - 1, op === Op.i64_extend_i32_u);
          break;
        case 24 satisfies typeof ScanForm.GlobalGet:
        case 25 satisfies typeof ScanForm.GlobalSet: {
          let index = bytes[pos++];
          if (index > 127) {
            index = longU32(bytes, pos, index) | 0;
            pos = longEnd | 0;
          }
          if (index >= this.readGlobal.length || index < 0) throw new DecodeFailure(at, t('unknown global {0}', index));
          if (op === Op.global_get) {
            let read = this.readGlobal[index];
            if (read === NOT_MET) read = this.meetGlobal(index);
            if (read >= 0) out.effect(read, at);
            bases[sp] = packed(read >= 0 ? Base.Mutable : Base.Immutable, index);
            values[sp++] = 0;
          } else this.setGlobal(index, --sp, func, at);
          break;
        }
        case 26 satisfies typeof ScanForm.Call: {
          let callee = bytes[pos++];
          if (callee > 127) {
            callee = longU32(bytes, pos, callee) | 0;
            pos = longEnd | 0;
          }
          if (callee >= typeIndex.length || callee < 0) throw new DecodeFailure(at, t('unknown function {0}', callee));
          if (callee < imported) callHost(this, callee, sp, at);
          else out.call(callee, at);
          const type = typeIndex[callee];
          const count = arity.params[type];
          if (sp - count < BOTTOM) throw new DecodeFailure(at, t('operand stack underflow'));
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
        case 27 satisfies typeof ScanForm.Block: {
          let params = 0;
          let results = 0;
          if (bytes[pos] === EMPTY_BLOCK_BYTE) pos++;
          else {
            this.readBlockType(pos, stop);
            pos = this.pos | 0;
            params = this.blockParams | 0;
            results = this.blockResults | 0;
          }
          if (op === Op.if) sp--;
          const frame = ++depth * BLOCK;
          if (frame === frames.length) {
            this.growFrames();
            ({ frames } = this);
          }
          frames[frame + HEIGHT] = sp - params;
          frames[frame + PARAMS] = params;
          frames[frame + RESULTS] = results;
          frames[frame + LOOP] = loopStart;
          // The values that an `if` without an `else` passes by are its parameters.
          frames[frame + OUT] = results === 1 && (op !== Op.if || params === 0) ? NO_VALUE : NO_MATTER;
          for (let i = sp - params; i < sp; i++) {
            out.lose(bases[i]);
            bases[i] = 0;
          }
          frames[frame + EXIT] = op === Op.block ? NO_EXIT : PASSED_BY;
          known.openBlock();
          if (op === Op.loop) {
            // A branch to a loop carries its parameters.
            frames[frame + OUT] = NO_MATTER;
            frames[frame + EXIT] = IS_LOOP;
            known.openLoop(pos);
            if (!loopsSeen) {
              loopsSeen = true;
              noteSets(bytes, pos, stop, lastSet);
            }
            loopStart = pos;
          }
          break;
        }
        case 28 satisfies typeof ScanForm.End: {
          const frame = depth * BLOCK;
          const results = frames[frame + RESULTS];
          if (sp < frames[frame + HEIGHT] + (reached ? results : 0))
            throw new DecodeFailure(at, t('operand stack underflow'));
          if (reached && results + frames[frame + PARAMS] > 0) this.leave(depth, sp);
          reached = true;
          if (depth === 0) {
            if (pos !== stop) throw new DecodeFailure(at, t('the body goes on after its end'));
            this.leaveBody();
            return;
          }
          known.closeBlock(this.unfollowed ? PASSED_BY : frames[frame + EXIT]);
          if (loopStart !== frames[frame + LOOP]) known.closeLoop(at);
          loopStart = frames[frame + LOOP];
          sp = frames[frame + HEIGHT];
          const left = frames[frame + OUT];
          if (left < 0) for (let n = results; n > 0; n--) bases[sp++] = 0;
          else if (this.unfollowed) {
            out.lose(left);
            bases[sp++] = 0;
          } else {
            bases[sp] = left;
            values[sp++] = frames[frame + OUT_VALUE];
          }
          depth--;
          break;
        }
        case 29 satisfies typeof ScanForm.NextPart: {
          if (reached) this.leave(depth, sp);
          reached = true;
          sp = frames[depth * BLOCK + HEIGHT];
          let count = op === Op.else ? frames[depth * BLOCK + PARAMS] : 0;
          if (op === Op.catch) {
            const c = new Cursor(bytes, pos, stop);
            count = arity.params[this.module.tags[c.u32()]?.typeIndex ?? -1] ?? 0;
            pos = c.pos;
          }
          for (; count > 0; count--) bases[sp++] = 0;
          known.nextPart();
          break;
        }
        case 30 satisfies typeof ScanForm.BranchIf:
        case 31 satisfies typeof ScanForm.Branch: {
          let label = bytes[pos++];
          if (label > 127) {
            label = longU32(bytes, pos, label) | 0;
            pos = longEnd | 0;
          }
          if (op === Op.br_if) sp--;
          if (label < 0 || label > depth) throw new DecodeFailure(at, t('unknown label {0}', label >>> 0));
          const frame = (depth - label) * BLOCK;
          if (frames[frame + RESULTS] > 0 || frames[frame + PARAMS] > 0) this.leave(depth - label, sp);
          if (frames[frame + EXIT] === NO_EXIT) frames[frame + EXIT] = at;
          if (op === Op.br_if) break;
          reached = false;
          if (bytes[pos] !== Op.end) pos = skipDead(bytes, pos, stop) | 0;
          break;
        }
        case 32 satisfies typeof ScanForm.Leave:
          if (op === Op.return) this.leave(0, sp);
          reached = false;
          if (bytes[pos] !== Op.end) pos = skipDead(bytes, pos, stop) | 0;
          break;
        case 33 satisfies typeof ScanForm.BranchTable:
          this.leaveByTable(at, stop, depth, --sp);
          pos = this.pos | 0;
          reached = false;
          if (bytes[pos] !== Op.end) pos = skipDead(bytes, pos, stop) | 0;
          break;
        case 34 satisfies typeof ScanForm.I64Const: {
          const b = bytes[pos++];
          bases[sp] = CONSTANT;
          values[sp] = (b << 25) >> 25;
          if (b > 127) {
            values[sp] = longS32(bytes, pos, b);
            pos = longEnd | 0;
            // Four bytes hold 28 bits; a longer constant may not fit into 32.
            if (pos - at > 5) out.table.wide.put(bases, values, sp, longS64(bytes, at + 1));
          }
          sp++;
          break;
        }
        case 35 satisfies typeof ScanForm.F32Const:
          pos += 4;
          bases[sp++] = 0;
          break;
        case 36 satisfies typeof ScanForm.F64Const:
          pos += 8;
          bases[sp++] = 0;
          break;
        case 37 satisfies typeof ScanForm.Drop:
          sp--;
          break;
        case 38 satisfies typeof ScanForm.Select:
          sp -= 2;
          if (sp <= BOTTOM) throw new DecodeFailure(at, t('operand stack underflow'));
          eitherOf(this, sp - 1);
          break;
        default: {
          this.pos = at;
          this.height = sp;
          const dead = rareInstruction(this, at, stop);
          pos = this.pos | 0;
          sp = this.height | 0;
          if (op === Op.try_table) {
            const frame = ++depth * BLOCK;
            if (frame === frames.length) {
              this.growFrames();
              ({ frames } = this);
            }
            frames[frame + HEIGHT] = sp - this.blockParams;
            frames[frame + PARAMS] = this.blockParams;
            frames[frame + RESULTS] = this.blockResults;
            frames[frame + LOOP] = loopStart;
            frames[frame + OUT] = NO_MATTER;
            frames[frame + EXIT] = PASSED_BY;
            known.openBlock();
          } else if (op === Op.delegate) {
            if (reached) this.leave(depth, sp);
            reached = true;
            loopStart = frames[depth * BLOCK + LOOP];
            sp = frames[depth * BLOCK + HEIGHT];
            for (let n = frames[depth * BLOCK + RESULTS]; n > 0; n--) bases[sp++] = 0;
            if (depth-- === 0) throw new DecodeFailure(at, t('delegate outside of try'));
            known.closeBlock(PASSED_BY);
          } else if (dead) {
            this.leaveByCall(sp);
            reached = false;
            pos = skipDead(bytes, pos, stop) | 0;
            sp = Math.max(sp, frames[depth * BLOCK + HEIGHT]);
          }
        }
      }
      if ((sp - BOTTOM) >>> 0 > room) {
        if (sp < BOTTOM) throw new DecodeFailure(at, t('operand stack underflow'));
        this.growStack();
        room = this.bases.length - MARGIN - BOTTOM;
        ({ bases, values } = this);
      }
    }
    throw new DecodeFailure(end, t('the body has no end'));
  }
}
