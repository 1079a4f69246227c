/** The state of the scanner in a body: operand stack, locals, frames of blocks. */
import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import type { Import, Module } from '../wasm/module.ts';
import { startsHeapType } from '../wasm/types.ts';
import { Base, packed } from './abstractValue.ts';
import { READ, WRITE } from './effectTable.ts';
import { callbacksOf, type HostCallbacks } from './host/callbacks.ts';
import { ConstantTexts } from './host/constantTexts.ts';
import type { HostDescription } from './host/description.ts';
import { hostFunctionOf } from './host/hostFunctionOf.ts';
import { hostMemoryIndex } from './host/hostMemory.ts';
import { hostAccess } from './hostImports.ts';
import { SET_SLOTS } from './loopLocals.ts';
import { arities, Collector } from './scanContext.ts';

/** V8's limit for parameters and locals of one function. */
const MAX_LOCALS = 50_000;
/** Spare slots below the bottom of the operand stack, so that one instruction cannot underflow the arrays. */
export const FLOOR = 1024;

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
  /** Operand stack: packed base and constant of each value. */
  bases = new Int32Array(4096);
  values = new Int32Array(4096);
  /** Height of the operand stack at the current rare instruction. */
  height = FLOOR;
  /** Reading position at the current rare instruction. */
  pos = 0;

  protected localBase = new Int32Array(256);
  protected localValue = new Int32Array(256);
  protected localDepth = new Int32Array(256);
  protected localSerial = new Int32Array(256);
  /** Offset of the `local.set` that gave each local its value. */
  protected localSet = new Int32Array(256);
  protected readonly lastSet = new Int32Array(SET_SLOTS);
  protected frameHeight = new Int32Array(256);
  protected frameParams = new Int32Array(256);
  protected frameResults = new Int32Array(256);
  protected frameSerial = new Int32Array(256);
  /** `loopStart` outside the frame. */
  protected frameLoop = new Int32Array(256);
  readonly importedFunctions: Import[];
  /** What is known of each imported function. */
  readonly hostFunctions: (HostDescription | undefined)[];
  /** What each imported function is known to call of the module. */
  readonly hostCallbacks: (HostCallbacks | undefined)[];
  /** Texts in the memory that functions of hosts work on. */
  readonly hostTexts: ConstantTexts;
  /** Effect ids of calls to imported functions and of global accesses; -1: none. */
  readonly hostCall: Int32Array;
  protected readonly readGlobal: Int32Array;
  protected readonly writeGlobal: Int32Array;
  protected readonly lowered: Uint32Array;
  protected readonly restored: Uint32Array;
  protected functionSerial = 0;

  constructor(module: Module) {
    this.module = module;
    this.bytes = module.bytes;
    this.out = new Collector(module.functions.typeIndex.length);
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
    this.readGlobal = Int32Array.from(module.globals, (g, i) =>
      g.mutable ? this.out.table.cell('global', i, READ) : -1,
    );
    // The engine treats a field that was assigned once as a constant; growing an array later would deoptimise the
    // code.
    this.growStack();
    this.growFrames();
    this.growLocals(512);
    this.writeGlobal = Int32Array.from(module.globals, (_, i) => this.out.table.cell('global', i, WRITE));
  }

  /** Reads a block type other than the empty one: sets `blockParams`, `blockResults` and `pos`. */
  protected readBlockType(pos: number, end: number): void {
    const c = new Cursor(this.bytes, pos, end);
    const type = c.s33();
    this.blockParams = 0;
    this.blockResults = 1;
    if (type >= 0) {
      if (type >= this.arity.params.length) throw new DecodeFailure(pos, `unknown type ${type}`);
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
    for (let n = c.count('local groups', 2); n > 0; n--) {
      const offset = c.pos;
      count += c.u32();
      if (count > MAX_LOCALS) c.fail(`${count} locals are over the limit of ${MAX_LOCALS}`, offset);
      const type = c.u8();
      if (startsHeapType(type)) c.s33();
    }
    if (count > this.localBase.length) this.growLocals(Math.max(count, this.localBase.length * 2));
    for (let i = 0; i < params; i++) {
      this.localBase[i] = packed(Base.Parameter, i);
      this.localValue[i] = 0;
      this.localDepth[i] = 0;
      this.localSerial[i] = 0;
      this.localSet[i] = 0;
    }

    // Locals start as zero. No compiler uses that as an address, so they are simply unknown.
    this.localBase.fill(0, params, count);
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

  protected growLocals(size: number): void {
    this.localBase = new Int32Array(size);
    this.localValue = new Int32Array(size);
    this.localDepth = new Int32Array(size);
    this.localSerial = new Int32Array(size);
    this.localSet = new Int32Array(size);
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
    const grown = (a: Int32Array) => {
      const larger = new Int32Array(a.length * 2);
      larger.set(a);
      return larger;
    };
    this.frameHeight = grown(this.frameHeight);
    this.frameParams = grown(this.frameParams);
    this.frameResults = grown(this.frameResults);
    this.frameSerial = grown(this.frameSerial);
    this.frameLoop = grown(this.frameLoop);
  }
}
