/** The state of the scanner in a body: operand stack, locals, frames of blocks. */
import { message, t } from '../text/l10n.ts';
import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import type { Import, Module } from '../wasm/module.ts';
import { Op } from '../wasm/ops.ts';
import { startsHeapType } from '../wasm/types.ts';
import { ANY_NUMBER, Base, packed } from './abstractValue.ts';
import { eitherOf, multiply, type Operands, setBits, shiftLeft } from './addressArithmetic.ts';
import { Collector } from './collector.ts';
import { READ, WRITE } from './effectTable.ts';
import { callbacksOf, type HostCallbacks } from './host/callbacks.ts';
import { ConstantTexts } from './host/constantTexts.ts';
import type { HostDescription } from './host/description.ts';
import { hostFunctionOf } from './host/hostFunctionOf.ts';
import { hostMemoryIndex } from './host/hostMemory.ts';
import { hostAccess } from './hostImports.ts';
import { LocalValues, NO_EXIT } from './localValues.ts';
import { longEnd, longU32 } from './longLeb.ts';
import { SET_SLOTS } from './loopLocals.ts';
import { arities } from './scanContext.ts';
import { staticStart } from './staticData.ts';
import { Symbolic, type Symbols } from './symbols.ts';

/** Globals below this have their effects from the start; of a million globals few are used. */
const EARLY_GLOBALS = 4096;
/** The place of an effect that no instruction had so far. */
export const NOT_MET = -2;

/** V8's limit for parameters and locals of one function. */
const MAX_LOCALS = 50_000;
/** Spare slots below the bottom of the operand stack, so that one instruction cannot underflow the arrays. */
export const FLOOR = 1024;

/** `BlockColumn.out` of a block that nothing has left yet. */
export const NO_VALUE = -1;
/** `BlockColumn.out` of a block whose results are not followed. */
export const NO_MATTER = -2;

/**
 * Columns of an open block: height of the operand stack below it, parameters, results, `loopStart` outside of it, and
 * what leaves a block with one result: base, or NO_VALUE or NO_MATTER, and number; where the ways to its end begin: see
 * `LocalValues.closeBlock`.
 */
export const BlockColumn = { height: 0, params: 1, results: 2, loop: 3, out: 4, outValue: 5, exit: 6 } as const;
/** Distance of the frames in their array. */
export const BLOCK_COLUMNS = 8;

/** Bytes from the first body to the end of the last. */
const codeSize = ({ functions: { bodyStart, bodyEnd } }: Module): number =>
  bodyEnd.length === 0 ? 0 : Math.max(0, bodyEnd[bodyEnd.length - 1] - bodyStart[0]);

/** State of a scan: results for the whole module, and the state of the current body, which `readLocals` resets. */
export class ScannerState {
  readonly module: Module;
  readonly bytes: Uint8Array;
  readonly out: Collector;
  readonly referenced = new Set<number>();
  readonly mutatedTables = new Set<number>();
  /** Functions that set a global, by its index, to something other than a constant or its own value plus one. */
  readonly assignedGlobals = new Map<number, Set<number>>();
  readonly stackDiscipline: Uint32Array;
  readonly arity;
  /** No memory has 64-bit addresses: what is cut off a 64-bit number is no part of an address. */
  readonly narrow: boolean;
  /** Two slots to merge values in. */
  private readonly merging: Operands;
  /** Operand stack: packed base and number of each value. */
  bases = new Int32Array(4096);
  values = new Int32Array(4096);
  /** Height of the operand stack at the current rare instruction. */
  height = FLOOR;
  /** Reading position at the current rare instruction. */
  pos = 0;

  readonly symbols: Symbols;
  readonly staticFrom: number;
  frameDistances = false;
  protected readonly locals: LocalValues;
  protected readonly lastSet = new Int32Array(SET_SLOTS);
  /** Open blocks, from the body itself on: see `BlockColumn`. */
  protected frames = new Int32Array(BLOCK_COLUMNS);
  /** Base and number of what the body returns, base -1 if nothing. */
  returnBase = NO_VALUE;
  returnValue = 0;
  readonly importedFunctions: Import[];
  /** What is known of each imported function. */
  readonly hostFunctions: (HostDescription | undefined)[];
  /** What each imported function is known to call of the module. */
  readonly hostCallbacks: (HostCallbacks | undefined)[];
  /** Texts in the memory that functions of hosts work on. */
  readonly hostTexts: ConstantTexts;
  /** Effect ids of calls to imported functions and of global accesses; -1: none, NOT_MET: not known yet. */
  readonly hostCall: Int32Array;
  protected readonly readGlobal: Int32Array;
  protected readonly writeGlobal: Int32Array;
  protected readonly lowered: Uint32Array;
  protected readonly restored: Uint32Array;
  protected functionSerial = 0;
  /** Row of the last call through a table or a reference, or of a tail call. */
  lastCall = -1;
  /** Row of the call whose result the current rare instruction returns, or -1. */
  tailCall = -1;
  /** Whether the body branches in ways whose values are not followed: then no block's results are. */
  unfollowed = false;

  constructor(module: Module) {
    this.module = module;
    this.bytes = module.bytes;
    this.out = new Collector(module.functions.typeIndex.length, staticStart(module), codeSize(module));
    this.arity = arities(module);
    const globals = module.globals.length;
    this.importedFunctions = module.imports.filter((i) => i.kind === 'func');
    this.hostFunctions = this.importedFunctions.map((one) => hostFunctionOf(module, one));
    this.hostCallbacks = this.importedFunctions.map((one) => callbacksOf(module, one));
    this.hostTexts = new ConstantTexts(module, hostMemoryIndex(module));
    this.hostCall = Int32Array.from(this.importedFunctions, (i) =>
      this.out.table.cell('host', i.index, hostAccess(module, i)),
    );
    this.stackDiscipline = new Uint32Array(globals);
    this.lowered = new Uint32Array(globals);
    this.restored = new Uint32Array(globals);
    this.readGlobal = Int32Array.from(module.globals, ({ mutable }, i) =>
      !mutable ? -1 : i < EARLY_GLOBALS ? this.out.table.cell('global', i, READ) : NOT_MET,
    );
    // The engine treats a field that was assigned once as a constant; growing an array later would deoptimise the
    // code.
    this.growStack();
    this.frames = new Int32Array(BLOCK_COLUMNS * 256);
    this.symbols = this.out.symbols;
    this.staticFrom = this.out.staticFrom;
    this.locals = new LocalValues(this.symbols, (base) => this.out.lose(base));
    this.merging = {
      bases: new Int32Array(2),
      values: new Int32Array(2),
      symbols: this.symbols,
      staticFrom: this.staticFrom,
      frameDistances: false,
      lose: (base) => this.out.lose(base),
    };
    this.narrow = module.memories.every((m) => !m.limits.is64);
    this.writeGlobal = Int32Array.from(module.globals, (_, i) =>
      i < EARLY_GLOBALS ? this.out.table.cell('global', i, WRITE) : NOT_MET,
    );
  }

  /** Reads a block type other than the empty one: sets `blockParams`, `blockResults` and `pos`. */
  protected readBlockType(pos: number, end: number): void {
    const c = new Cursor(this.bytes, pos, end);
    const type = c.s33();
    this.blockParams = 0;
    this.blockResults = 1;
    if (type >= 0) {
      if (type >= this.arity.params.length) throw new DecodeFailure(pos, t('unknown type {0}', type));
      this.blockParams = this.arity.params[type];
      this.blockResults = this.arity.results[type];
    } else if (startsHeapType(type + 0x80)) {
      c.s33();
    }
    this.pos = c.pos;
  }

  /** Set by `readBlockType`, and by `rareInstruction` for `try_table`. */
  blockParams = 0;
  blockResults = 0;
  protected localCount = 0;

  /** Reads the locals vector, resets the state of locals and returns the first instruction's offset. */
  protected readLocals(start: number, end: number, params: number): number {
    const c = new Cursor(this.bytes, start, end);
    let count = params;
    for (let n = c.count(message('local groups'), 2); n > 0; n--) {
      const offset = c.pos;
      count += c.u32();
      if (count > MAX_LOCALS) c.fail(t('{0} locals are over the limit of {1}', count, MAX_LOCALS), offset);
      const type = c.u8();
      if (startsHeapType(type)) c.s33();
    }
    this.locals.begin(count, params);
    this.frameDistances = false;
    this.localCount = count;
    return c.pos;
  }

  /** Function `func` sets global `index` to what is no constant: another value for each thread, perhaps. */
  protected noteAssignment(index: number, func: number): void {
    const known = this.assignedGlobals.get(index);
    if (known === undefined) this.assignedGlobals.set(index, new Set([func]));
    else known.add(func);
  }

  /** Notes `global.set g (global.get g + change)`, recognised by the abstract value. */
  protected noteStackMove(index: number, change: number): void {
    if (change < 0) this.lowered[index] = this.functionSerial;
    else if (change === 0) this.restored[index] = this.functionSerial;
    if (this.lowered[index] === this.functionSerial && this.restored[index] === this.functionSerial) {
      this.stackDiscipline[index]++;
      this.restored[index] = 0;
    }
  }

  lose(base: number): void {
    this.out.lose(base);
  }

  /** The values on top of the stack, which ends below `height`, leave the block at `target` of the frames. */
  protected leave(target: number, height: number): void {
    const { frames } = this;
    const frame = target * BLOCK_COLUMNS;
    const before = frames[frame + BlockColumn.out];
    if (before === NO_MATTER) {
      const count = Math.max(frames[frame + BlockColumn.results], frames[frame + BlockColumn.params]);
      for (let k = Math.max(FLOOR, height - count); k < height; k++) this.lose(this.bases[k]);
      return;
    }
    const base = this.bases[height - 1];
    const value = this.values[height - 1];
    if (before === NO_VALUE) {
      frames[frame + BlockColumn.out] = base;
      frames[frame + BlockColumn.outValue] = value;
      return;
    }
    if (before === base && frames[frame + BlockColumn.outValue] === value) return;
    const slots = this.merging;
    slots.bases[0] = before;
    slots.values[0] = frames[frame + BlockColumn.outValue];
    slots.bases[1] = base;
    slots.values[1] = value;
    eitherOf(slots, 0);
    frames[frame + BlockColumn.out] = slots.bases[0];
    frames[frame + BlockColumn.outValue] = slots.values[0];
  }

  /** Like `leave`, for the labels of the `br_table` at offset `at`; sets `pos`. */
  protected leaveByTable(at: number, end: number, depth: number, height: number): void {
    const { bytes, frames } = this;
    let pos = at + 1;
    const unsigned = (): number => {
      const byte = bytes[pos++];
      if (byte < 128) return byte;
      const value = longU32(bytes, pos, byte);
      pos = longEnd;
      return value;
    };
    const labels = unsigned();
    if (labels > end - pos || labels < 0)
      throw new DecodeFailure(at, t('{0} labels do not fit into the body', labels >>> 0));
    for (let n = labels; n >= 0; n--) {
      const label = unsigned();
      if (label < 0 || label > depth) throw new DecodeFailure(at, t('unknown label {0}', label >>> 0));
      const frame = (depth - label) * BLOCK_COLUMNS;
      if (frames[frame + BlockColumn.results] > 0 || frames[frame + BlockColumn.params] > 0)
        this.leave(depth - label, height);
      if (frames[frame + BlockColumn.exit] === NO_EXIT) frames[frame + BlockColumn.exit] = at;
    }
    this.pos = pos;
  }

  /** If the last rare instruction was a tail call, its result leaves the body; `height`: that of the stack. */
  protected leaveByCall(height: number): void {
    if (this.tailCall < 0) return;
    this.bases[height] = packed(Base.Symbol, this.symbols.add(Symbolic.Result, this.tailCall, 0, 0, 0));
    this.values[height] = 0;
    this.leave(0, height + 1);
    this.tailCall = -1;
  }

  /** The body has ended: what it returns is known. */
  protected leaveBody(): void {
    const result = this.frames[BlockColumn.out];
    if (this.unfollowed) this.lose(result);
    this.returnBase = result === NO_MATTER ? NO_VALUE : this.unfollowed ? Base.Unknown : result;
    this.returnValue = this.frames[BlockColumn.outValue];
    this.locals.finish();
  }

  /** The effect of reading a mutable global for the first time. */
  protected meetGlobal(index: number): number {
    const read = this.out.table.cell('global', index, READ);
    this.readGlobal[index] = read;
    return read;
  }

  /** Global `index` gets the value in `slot`. */
  protected setGlobal(index: number, slot: number, func: number, site: number): void {
    const { out, bases, values } = this;
    let write = this.writeGlobal[index];
    if (write === NOT_MET) {
      write = out.table.cell('global', index, WRITE);
      this.writeGlobal[index] = write;
    }
    out.effect(write, site);
    out.lose(bases[slot]);
    if (bases[slot] === packed(Base.Mutable, index)) this.noteStackMove(index, values[slot]);
    else if (bases[slot] !== Base.Constant) this.noteAssignment(index, func);
  }

  /** `i32.wrap_i64` of the value in `slot`. */
  protected wrap(slot: number): void {
    const { out, bases, values } = this;
    if (bases[slot] === Base.Number) values[slot] = ANY_NUMBER;
    else if (bases[slot] === Base.Wide) {
      values[slot] = out.table.wide.values[values[slot]] | 0;
      bases[slot] = Base.Constant;
    } else if (bases[slot] !== Base.Constant && !this.narrow) {
      out.lose(bases[slot]);
      bases[slot] = Base.Unknown;
    }
  }

  /** `i64.extend_i32_u` of the value in `slot`, or `i64.extend_i32_s`. */
  protected extend(slot: number, unsigned: boolean): void {
    const { out, bases, values } = this;
    if (bases[slot] === Base.Constant) {
      if (values[slot] < 0 && unsigned) out.table.wide.put(bases, values, slot, values[slot] >>> 0);
    } else if (bases[slot] !== Base.Number && !this.narrow) {
      out.lose(bases[slot]);
      bases[slot] = Base.Unknown;
    }
  }

  protected growStack(): void {
    const bases = new Int32Array(this.bases.length * 2);
    bases.set(this.bases);
    this.bases = bases;
    const values = new Int32Array(this.values.length * 2);
    values.set(this.values);
    this.values = values;
  }

  protected growFrames(): void {
    const frames = new Int32Array(this.frames.length * 2);
    frames.set(this.frames);
    this.frames = frames;
  }

  /**
   * An operation on 64-bit integers, of which addresses of 32 bits are the lower half: the sum and shift of a packed pair
   * leave the pointer there.
   */
  protected low64(op: number, right: number): void {
    const { bases, values } = this;
    const left = right - 1;
    const a = bases[left];
    const b = bases[right];
    const mixed = (a === Base.Number && b === Base.Constant) || (a === Base.Constant && b === Base.Number);
    if (!this.narrow && !mixed) {
      this.lose(bases[left]);
      this.lose(bases[right]);
      bases[left] = Base.Unknown;
    } else if (op === Op.i64_or) {
      if (bases[right] === Base.Constant && values[right] === 0) return;
      if (bases[left] === Base.Constant && values[left] === 0) {
        bases[left] = bases[right];
        values[left] = values[right];
      } else setBits(this, right);
    } else if (op === Op.i64_mul) multiply(this, right);
    else if (bases[right] === Base.Constant && (values[right] & 63) >= 32) {
      this.lose(bases[left]);
      bases[left] = Base.Constant;
      values[left] = 0;
    } else shiftLeft(this, right);
  }
}
