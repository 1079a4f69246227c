/**
 * What the locals of a body hold at each place, in one pass over structured code. Every set of a local is a record. A
 * record in a block that is still open dominates: whatever way the code took, it came by there. Where other sets may have
 * come after it, in blocks that have ended or in earlier iterations of a loop, the value is a merge of all of them: a
 * symbol, whose operands are known when the body ends.
 */
import { Base, packed } from './abstractValue.ts';
import { SYMBOL_COLUMNS, Symbolic, type Symbols } from './symbols.ts';

/** Most values that a merge tells apart. */
const MOST_OPERANDS = 64;
const NONE = -1;
/** Columns of a record. */
const COLUMNS = 8;
const R_BASE = 0;
const R_VALUE = 1;
const R_POS = 2;
const R_DEPTH = 3;
const R_SERIAL = 4;
/** The record that dominated when this one was made, or NONE. */
const R_DOMINATOR = 5;
/** The next set of the same local, or NONE. */
const R_NEXT = 6;
/** The last set of the local when this record was made: itself, unless it stands for a merge. */
const R_LAST = 7;
/** Columns of a merge that is not finished: symbol, local, first record, last record or NONE, loop or NONE. */
const MERGE_COLUMNS = 5;

/** The records of one body. Bases and numbers are those of abstractValue.ts. */
export class LocalValues {
  private records = new Int32Array(COLUMNS * 256);
  private count = 0;
  private first = new Int32Array(256);
  private last = new Int32Array(256);
  private dominator = new Int32Array(256);
  /** The last merge over a loop, of each local. */
  private merged = new Int32Array(256);
  private merges = new Int32Array(MERGE_COLUMNS * 64);
  private mergeCount = 0;
  /** Open loops: offset, and number. */
  private loopPos = new Int32Array(64);
  private loopNumber = new Int32Array(64);
  private openLoops = 0;
  /** Offset of the end of each loop of the body, by number. */
  private loopEnds = new Int32Array(64);
  private loops = 0;
  /** Base and number of the value that `get` has found. */
  base = 0;
  value = 0;
  private readonly symbols: Symbols;
  private readonly lose: (base: number) => void;
  /** Locals of which some merge may be anything. */
  private unknown: number[] = [];

  /** `lose`: notes that a value went where it is not followed. */
  constructor(symbols: Symbols, lose: (base: number) => void) {
    this.symbols = symbols;
    this.lose = lose;
  }

  /** Begins a body with `locals` locals, of which the first `params` are parameters. */
  begin(locals: number, params: number): void {
    if (locals > this.first.length) {
      const size = Math.max(locals, this.first.length * 2);
      this.first = new Int32Array(size);
      this.last = new Int32Array(size);
      this.dominator = new Int32Array(size);
      this.merged = new Int32Array(size);
    }
    this.count = 0;
    this.mergeCount = 0;
    this.openLoops = 0;
    this.loops = 0;
    this.first.fill(NONE, 0, locals);
    this.last.fill(NONE, 0, locals);
    this.dominator.fill(NONE, 0, locals);
    this.merged.fill(NONE, 0, locals);
    this.unknown.length = 0;
    for (let i = 0; i < params; i++) this.set(i, packed(Base.Parameter, i), 0, 0, 0, 0);
  }

  /** Local `local` gets a value at offset `pos`, in the frame of number `serial` at `depth`. */
  set(local: number, base: number, value: number, pos: number, depth: number, serial: number): void {
    const before = this.last[local];
    // Again not known, in the same block: the record that says so moves here.
    if (base === Base.Unknown && before !== NONE && before === this.dominator[local]) {
      const { records } = this;
      if (
        records[before + R_BASE] === Base.Unknown &&
        records[before + R_SERIAL] === serial &&
        records[before + R_DEPTH] === depth
      ) {
        records[before + R_POS] = pos;
        return;
      }
    }
    const r = this.record(base, value, pos, depth, serial, this.dominator[local]);
    this.records[r + R_LAST] = r;
    if (before === NONE) this.first[local] = r;
    else this.records[before + R_NEXT] = r;
    this.last[local] = r;
    this.dominator[local] = r;
  }

  private record(base: number, value: number, pos: number, depth: number, serial: number, dominator: number): number {
    const r = this.count;
    if (r === this.records.length) {
      const larger = new Int32Array(r * 2);
      larger.set(this.records);
      this.records = larger;
    }
    this.count += COLUMNS;
    const { records } = this;
    // A record in the same frame is replaced: it is hidden as long as this one is not.
    const hidden =
      dominator !== NONE && records[dominator + R_SERIAL] === serial && records[dominator + R_DEPTH] === depth;
    records[r + R_BASE] = base;
    records[r + R_VALUE] = value;
    records[r + R_POS] = pos;
    records[r + R_DEPTH] = depth;
    records[r + R_SERIAL] = serial;
    records[r + R_DOMINATOR] = hidden ? records[dominator + R_DOMINATOR] : dominator;
    records[r + R_NEXT] = NONE;
    records[r + R_LAST] = NONE;
    return r;
  }

  /**
   * Finds the value of `local` at offset `pos`: `base` and `value`. `serials`: number of the open frame at each depth;
   * `mayChange`: whether the local may be set from the start of the innermost loop on.
   */
  get(local: number, pos: number, depth: number, serials: Int32Array, mayChange: boolean): void {
    const { records } = this;
    let d = this.dominator[local];
    while (d !== NONE && (records[d + R_DEPTH] > depth || serials[records[d + R_DEPTH]] !== records[d + R_SERIAL]))
      d = records[d + R_DOMINATOR];
    this.dominator[local] = d;
    const last = this.last[local];
    const from = d === NONE ? 0 : records[d + R_POS];
    const inLoop = this.openLoops > 0 && this.loopPos[this.openLoops - 1] > from;
    if ((d === NONE ? NONE : records[d + R_LAST]) === last && !(inLoop && mayChange)) {
      this.base = d === NONE ? Base.Unknown : records[d + R_BASE];
      this.value = d === NONE ? 0 : records[d + R_VALUE];
      return;
    }
    this.merge(local, d, from, pos, depth, serials[depth]);
  }

  /** A merge of everything from record `d` on, to here or to the end of the outermost loop that began after it. */
  private merge(local: number, d: number, from: number, pos: number, depth: number, serial: number): void {
    const last = this.last[local];
    const outer = this.outermostAfter(from);
    const unknown =
      (d !== NONE && this.records[d + R_BASE] === Base.Unknown) ||
      (last !== NONE && (d === NONE || last > d) && this.records[last + R_BASE] === Base.Unknown);
    this.base = Base.Unknown;
    this.value = 0;
    if (unknown) {
      if (this.unknown[this.unknown.length - 1] !== local) this.unknown.push(local);
    } else {
      const known = this.merged[local];
      const { merges } = this;
      const same = known !== NONE && outer !== NONE && merges[known + 2] === d && merges[known + 4] === outer;
      const symbol = same ? merges[known] : this.symbols.add(Symbolic.Unknown, 0, 0, 0, 0);
      this.base = packed(Base.Symbol, symbol);
      if (!same) this.note(symbol, local, d, last, outer);
    }
    // It stands for all of them where it dominates.
    const r = this.record(this.base, this.value, pos, depth, serial, d);
    this.records[r + R_LAST] = last;
    this.dominator[local] = r;
  }

  private note(symbol: number, local: number, d: number, last: number, loop: number): void {
    const at = this.mergeCount;
    if (at === this.merges.length) {
      const larger = new Int32Array(at * 2);
      larger.set(this.merges);
      this.merges = larger;
    }
    this.mergeCount += MERGE_COLUMNS;
    this.merges[at] = symbol;
    this.merges[at + 1] = local;
    this.merges[at + 2] = d;
    this.merges[at + 3] = last;
    this.merges[at + 4] = loop;
    if (loop !== NONE) this.merged[local] = at;
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
    for (const local of this.unknown) {
      if (this.first[local] === NONE) continue;
      for (let r = this.first[local]; r !== NONE; r = this.records[r + R_NEXT]) this.lose(this.records[r + R_BASE]);
      this.first[local] = NONE;
    }
  }

  /** False if the merge may be anything. */
  private finishMerge(at: number): boolean {
    const { merges, records, symbols } = this;
    const symbol = merges[at];
    const local = merges[at + 1];
    const d = merges[at + 2];
    const loop = merges[at + 4];
    const end = loop === NONE ? 0x7fff_ffff : this.loopEnds[loop];
    const self = packed(Base.Symbol, symbol);
    const start = symbols.operands.length;
    let count = 0;
    let step = 0;
    let falls = false;
    let [lastBase, lastValue] = [NONE, 0];
    if (d === NONE) {
      // Locals start as zero.
      symbols.operand(Base.Constant, 0);
      count++;
    }
    let r = d === NONE ? this.first[local] : d;
    while (r !== NONE && (r === d || records[r + R_POS] <= end)) {
      const base = records[r + R_BASE];
      const value = records[r + R_VALUE];
      if (base === self) {
        step = gcd(step, Math.abs(value));
        falls ||= value < 0;
      } else if (base !== lastBase || value !== lastValue) {
        if (base === Base.Unknown || ++count > MOST_OPERANDS) return false;
        symbols.operand(base, value);
        [lastBase, lastValue] = [base, value];
      }
      if (r === merges[at + 3] && loop === NONE) break;
      const after = records[r + R_LAST];
      r = after === NONE ? this.first[local] : records[after + R_NEXT];
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
