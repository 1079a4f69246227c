/**
 * What the locals of a body hold at each place, in one pass over structured code. Every set of a local is a record. A
 * record in a block that is still open dominates: whatever way the code took, it came by there. So does one in a block that
 * has ended if all ways to the end of that block begin behind it. Where other sets may have
 * come after it, in blocks that have ended or in earlier iterations of a loop, the value is a merge of all of them: a
 * symbol, whose operands are known when the body ends.
 */
import { Base, packed } from './abstractValue.ts';
import { SYMBOL_COLUMNS, Symbolic, type Symbols } from './symbols.ts';

/** Most values that a merge tells apart. */
const MOST_OPERANDS = 64;
const NONE = -1;
/** Base of a local whose value is a merge that nobody has asked for yet. */
const STALE = -1;
/**
 * Columns of a local: base of its value here, or STALE; number; offset since which it has had this value. In a loop that
 * began after that offset and sets the local, the value is stale, too.
 */
export const LocalColumn = { base: 0, value: 1, since: 2 } as const;
/** The last set, the record that dominates, the first set and the last merge over a loop; NONE if there is none. */
const L_LAST = 3;
const L_DOMINATOR = 4;
const L_FIRST = 5;
const L_MERGED = 6;
/** Distance of the locals in their array. */
export const LOCAL_COLUMNS = 8;
/** Columns of a record. */
const COLUMNS = 5;
const R_BASE = 0;
const R_VALUE = 1;
const R_POS = 2;
/** The next set of the same local, or NONE. */
const R_NEXT = 3;
/** The last set of the local when this record was made: itself, unless it stands for a merge. */
const R_LAST = 4;
/** Columns of a merge that is not finished: symbol, state of the local, first record, last record or NONE, loop or NONE. */
const MERGE_COLUMNS = 5;

/** Where the ways to the end of a block begin: at its end, as long as no branch leads there. */
export const NO_EXIT = 0x7fff_ffff;
/** The same of a loop, whose end no branch leads to. */
export const IS_LOOP = 0x7fff_fffe;
/** The same of a block that code may pass by: of an `if`, of one that exceptions leave. */
export const PASSED_BY = 0;

/** The records of one body. Bases and numbers are those of abstractValue.ts. */
export class LocalValues {
  /** State of each local, for the scanner: see `LocalColumn`. */
  locals = new Int32Array(LOCAL_COLUMNS);
  private records = new Int32Array(COLUMNS);
  private count = 0;
  /** Where the records of the innermost open block begin. */
  private blockFirst = 0;
  /** Records before this one stay where they are: loops that have ended need to know what was set in them. */
  private settledFirst = 0;
  /** What dominated before the open blocks: local and record. */
  private undo = new Int32Array(2);
  private undoCount = 0;
  /** By open block around the innermost one: its `blockFirst`; by open block: its `undoCount` at the start. */
  private outerFirst = new Int32Array(1);
  private undoStart = new Int32Array(1);
  private depth = 0;
  private merges = new Int32Array(MERGE_COLUMNS);
  private mergeCount = 0;
  /** Open loops: offset, and number. */
  private loopPos = new Int32Array(1);
  private loopNumber = new Int32Array(1);
  private openLoops = 0;
  /** Offset of the end of each loop of the body, by number. */
  private loopEnds = new Int32Array(1);
  private loops = 0;
  private readonly symbols: Symbols;
  private readonly lose: (base: number) => void;
  /** Where the states of locals begin of which some merge may be anything. */
  private unknown: number[] = [];

  /** `lose`: notes that a value went where it is not followed. */
  constructor(symbols: Symbols, lose: (base: number) => void) {
    this.symbols = symbols;
    this.lose = lose;
    // Assigned twice on purpose: see the constructor of `ScannerState`.
    this.locals = new Int32Array(LOCAL_COLUMNS * 256);
    this.records = new Int32Array(COLUMNS * 256);
    this.undo = new Int32Array(256);
    this.outerFirst = new Int32Array(64);
    this.undoStart = new Int32Array(64);
    this.merges = new Int32Array(MERGE_COLUMNS * 64);
    this.loopPos = new Int32Array(64);
    this.loopNumber = new Int32Array(64);
    this.loopEnds = new Int32Array(64);
  }

  /** Begins a body with `locals` locals, of which the first `params` are parameters. */
  begin(locals: number, params: number): void {
    if (locals * LOCAL_COLUMNS > this.locals.length)
      this.locals = new Int32Array(Math.max(locals * LOCAL_COLUMNS, this.locals.length * 2));
    this.count = 0;
    this.blockFirst = 0;
    this.settledFirst = 0;
    this.undoCount = 0;
    this.depth = 0;
    this.mergeCount = 0;
    this.openLoops = 0;
    this.loops = 0;
    const state = this.locals;
    for (let l = 0; l < locals * LOCAL_COLUMNS; l += LOCAL_COLUMNS) {
      state[l] = Base.Unknown;
      state[l + LocalColumn.value] = 0;
      state[l + LocalColumn.since] = 0;
      state[l + L_LAST] = NONE;
      state[l + L_DOMINATOR] = NONE;
      state[l + L_FIRST] = NONE;
      state[l + L_MERGED] = NONE;
    }
    this.unknown.length = 0;
    for (let i = 0; i < params; i++) this.set(i, packed(Base.Parameter, i), 0, 0);
  }

  /** A block begins. */
  openBlock(): void {
    const depth = this.depth++;
    if (depth === this.outerFirst.length) {
      this.outerFirst = doubled(this.outerFirst);
      this.undoStart = doubled(this.undoStart);
    }
    this.outerFirst[depth] = this.blockFirst;
    this.undoStart[depth] = this.undoCount;
    this.blockFirst = this.count;
  }

  /** The innermost block goes on with another part, which the code before does not reach: `else`, `catch`. */
  nextPart(): void {
    if (this.depth === 0) return;
    this.undoTo(this.undoStart[this.depth - 1]);
    this.blockFirst = this.count;
  }

  /**
   * The innermost block ends. `exit`: offset of the first branch to its end, or one of `NO_EXIT`, `IS_LOOP` and `PASSED_BY`.
   * What dominated there before dominates at the end, too.
   */
  closeBlock(exit: number): void {
    const depth = --this.depth;
    const start = this.undoStart[depth];
    this.blockFirst = this.outerFirst[depth];
    if (this.undoCount === start) return;
    if (exit === PASSED_BY) this.undoTo(start);
    else this.keepBefore(exit, start);
  }

  /** What dominates since `start`, and stands before `exit`, goes on to do so in the block around; the rest is undone. */
  private keepBefore(exit: number, start: number): void {
    const { undo, records, locals, blockFirst } = this;
    const end = this.undoCount;
    let to = start;
    for (let at = start; at < end; at += 2) {
      const l = undo[at];
      const before = undo[at + 1];
      if (records[locals[l + L_DOMINATOR] + R_POS] >= exit) {
        this.undoOne(l, before);
        continue;
      }
      if (exit === IS_LOOP) this.settledFirst = this.count;
      // What dominated before that block is to be found again at its end, too.
      if (before >= blockFirst) continue;
      undo[to] = l;
      undo[to + 1] = before;
      to += 2;
    }
    this.undoCount = to;
  }

  /** What dominated before dominates again. Where the local was set since then, its value is stale. */
  private undoTo(start: number): void {
    const { undo } = this;
    for (let at = this.undoCount - 2; at >= start; at -= 2) this.undoOne(undo[at], undo[at + 1]);
    this.undoCount = start;
  }

  /** Record `d` dominates again. */
  private undoOne(l: number, d: number): void {
    const { records, locals } = this;
    locals[l + L_DOMINATOR] = d;
    const last = locals[l + L_LAST];
    if (d === NONE) {
      locals[l] = last === NONE ? Base.Unknown : STALE;
      locals[l + LocalColumn.value] = 0;
      locals[l + LocalColumn.since] = 0;
    } else {
      locals[l] = records[d + R_LAST] === last ? records[d + R_BASE] : STALE;
      locals[l + LocalColumn.value] = records[d + R_VALUE];
      locals[l + LocalColumn.since] = records[d + R_POS];
    }
  }

  /** Local `local` gets a value at offset `pos`. */
  set(local: number, base: number, value: number, pos: number): void {
    const { locals } = this;
    const l = local * LOCAL_COLUMNS;
    const before = locals[l + L_LAST];
    const d = locals[l + L_DOMINATOR];
    // The same again, in the same block: the record that says so moves here.
    if (
      d === before &&
      d >= this.blockFirst &&
      d >= this.settledFirst &&
      locals[l] === base &&
      (base === Base.Unknown || locals[l + LocalColumn.value] === value)
    ) {
      this.records[d + R_POS] = pos;
      locals[l + LocalColumn.since] = pos;
      return;
    }
    const r = this.record(l, base, value, pos, d);
    this.records[r + R_LAST] = r;
    if (before === NONE) locals[l + L_FIRST] = r;
    else this.records[before + R_NEXT] = r;
    locals[l + L_LAST] = r;
  }

  /** Makes a record of the local whose state begins at `l`, which dominates from here on in place of `d`. */
  private record(l: number, base: number, value: number, pos: number, d: number): number {
    if (d < this.blockFirst) {
      const at = this.undoCount;
      if (at === this.undo.length) this.undo = doubled(this.undo);
      this.undo[at] = l;
      this.undo[at + 1] = d;
      this.undoCount = at + 2;
    }
    const r = this.count;
    if (r === this.records.length) this.records = doubled(this.records);
    this.count = r + COLUMNS;
    const { records, locals } = this;
    records[r + R_BASE] = base;
    records[r + R_VALUE] = value;
    records[r + R_POS] = pos;
    records[r + R_NEXT] = NONE;
    locals[l] = base;
    locals[l + LocalColumn.value] = value;
    locals[l + LocalColumn.since] = pos;
    locals[l + L_DOMINATOR] = r;
    return r;
  }

  /**
   * Finds the value of `local`, which is stale at offset `pos`: it is a merge of everything from the record that dominates
   * on, to here or to the end of the outermost loop that began after it.
   */
  merge(local: number, pos: number): void {
    const { locals } = this;
    const l = local * LOCAL_COLUMNS;
    const d = locals[l + L_DOMINATOR];
    const last = locals[l + L_LAST];
    const outer = this.outermostAfter(locals[l + LocalColumn.since]);
    const unknown =
      (d !== NONE && this.records[d + R_BASE] === Base.Unknown) ||
      (last !== NONE && (d === NONE || last > d) && this.records[last + R_BASE] === Base.Unknown);
    let base: number = Base.Unknown;
    if (unknown) {
      if (this.unknown[this.unknown.length - 1] !== l) this.unknown.push(l);
    } else {
      const known = locals[l + L_MERGED];
      const { merges } = this;
      const same = known !== NONE && outer !== NONE && merges[known + 2] === d && merges[known + 4] === outer;
      const symbol = same ? merges[known] : this.symbols.add(Symbolic.Unknown, 0, 0, 0, 0);
      base = packed(Base.Symbol, symbol);
      if (!same) this.note(symbol, l, d, last, outer);
    }
    // It stands for all of them where it dominates.
    const r = this.record(l, base, 0, pos, d);
    this.records[r + R_LAST] = last;
  }

  private note(symbol: number, l: number, d: number, last: number, loop: number): void {
    const at = this.mergeCount;
    if (at === this.merges.length) {
      const larger = new Int32Array(at * 2);
      larger.set(this.merges);
      this.merges = larger;
    }
    this.mergeCount += MERGE_COLUMNS;
    this.merges[at] = symbol;
    this.merges[at + 1] = l;
    this.merges[at + 2] = d;
    this.merges[at + 3] = last;
    this.merges[at + 4] = loop;
    if (loop !== NONE) this.locals[l + L_MERGED] = at;
  }

  /** Number of the outermost open loop that begins behind offset `from`, or NONE. */
  private outermostAfter(from: number): number {
    let low = 0;
    let high = this.openLoops;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.loopPos[middle] > from) high = middle;
      else low = middle + 1;
    }
    return low < this.openLoops ? this.loopNumber[low] : NONE;
  }

  /** A loop begins at offset `pos`. */
  openLoop(pos: number): void {
    if (this.openLoops === this.loopPos.length) {
      this.loopPos = doubled(this.loopPos);
      this.loopNumber = doubled(this.loopNumber);
    }
    if (this.loops === this.loopEnds.length) this.loopEnds = doubled(this.loopEnds);
    this.loopPos[this.openLoops] = pos;
    this.loopNumber[this.openLoops++] = this.loops;
    this.loopEnds[this.loops++] = 0x7fff_ffff;
  }

  /** The innermost open loop ends at offset `pos`. */
  closeLoop(pos: number): void {
    if (this.openLoops > 0) this.loopEnds[this.loopNumber[--this.openLoops]] = pos;
  }

  /** The body has ended: merges get their operands. */
  finish(): void {
    for (let at = 0; at < this.mergeCount; at += MERGE_COLUMNS)
      if (!this.finishMerge(at)) this.unknown.push(this.merges[at + 1]);
    // What else these locals held went into a value that is not followed.
    for (const l of this.unknown) {
      for (let r = this.locals[l + L_FIRST]; r !== NONE; r = this.records[r + R_NEXT])
        this.lose(this.records[r + R_BASE]);
      this.locals[l + L_FIRST] = NONE;
    }
  }

  /** False if the merge may be anything. */
  private finishMerge(at: number): boolean {
    const { merges, records, symbols } = this;
    const symbol = merges[at];
    const first = this.locals[merges[at + 1] + L_FIRST];
    const d = merges[at + 2];
    const loop = merges[at + 4];
    const end = loop === NONE ? 0x7fff_ffff : this.loopEnds[loop];
    const self = packed(Base.Symbol, symbol);
    const start = symbols.operands.length;
    let count = 0;
    let step = 0;
    let falls = false;
    let lastBase = NONE;
    let lastValue = 0;
    if (d === NONE) {
      // Locals start as zero.
      symbols.operand(Base.Constant, 0);
      count++;
    }
    let r = d === NONE ? first : d;
    while (r !== NONE && (r === d || records[r + R_POS] <= end)) {
      const base = records[r + R_BASE];
      const value = records[r + R_VALUE];
      if (base === self) {
        step = gcd(step, Math.abs(value));
        falls ||= value < 0;
      } else if (base !== lastBase || value !== lastValue) {
        if (base === Base.Unknown || ++count > MOST_OPERANDS) return false;
        symbols.operand(base, value);
        lastBase = base;
        lastValue = value;
      }
      if (r === merges[at + 3] && loop === NONE) break;
      const after = records[r + R_LAST];
      r = after === NONE ? first : records[after + R_NEXT];
    }
    const row = symbol * SYMBOL_COLUMNS;
    const { items } = symbols.rows;
    items[row] = Symbolic.Merge;
    items[row + 1] = start;
    items[row + 2] = count;
    items[row + 3] = falls ? -step : step;
    return true;
  }
}

const doubled = (array: Int32Array): Int32Array<ArrayBuffer> => {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
};

function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
