/** The values of symbols, given what callees return: for each function a fixed point over the merges of its loops. */
import { ANYWHERE, BASE_MASK, Base, baseIndex, packed } from '../abstractValue.ts';
import { OPERAND_COLUMNS, SYMBOL_COLUMNS, Symbolic, type Symbols } from '../symbols.ts';
import { ANYTHING, NOWHERE, type PlaceSets, SOME_NUMBER } from './placeSets.ts';

/** Rounds after which the merges that still change are widened, and after which they are anything. */
const WIDEN_AFTER = 2;
const GIVE_UP_AFTER = 6;
/** Rounds after which all that may still change is anything. */
const MOST_ROUNDS = 16;

/** The values of the symbols of a module, as sets of places; functions are evaluated one after the other. */
export class SymbolValues {
  /** By symbol. What a function was found to hold stays until it is evaluated again. */
  private readonly values: Int32Array;
  /** Round in which each value of the function in hand last changed, 0 before the second one. */
  private changedIn = new Uint8Array(256);
  private first = 0;
  /** The values before they were evaluated again. */
  private before = new Int32Array(256);
  /** By the first symbol of a function: where its first loop was. */
  private readonly loopFrom: Int32Array;
  /** First merge of values that stand behind it, or that come of itself. */
  private firstLoop = 0;
  private readonly symbols: Symbols;
  private readonly sets: PlaceSets;
  /** What call `row`, whose result is symbol `symbol`, returns. */
  private readonly resultOf: (row: number, symbol: number) => number;
  /** Number of evaluations so far. */
  steps = 0;

  constructor(symbols: Symbols, sets: PlaceSets, resultOf: (row: number, symbol: number) => number) {
    this.symbols = symbols;
    this.sets = sets;
    this.resultOf = resultOf;
    this.values = new Int32Array(symbols.rows.length);
    this.loopFrom = new Int32Array(symbols.rows.length + 1);
  }

  /** Evaluates the symbols `[first, end)`, which are those of one function. */
  evaluate(first: number, end: number): void {
    if (first === end) return;
    this.values.fill(NOWHERE, first, end);
    this.first = first;
    // Everything stands behind what it is made of, except for the merges of loops: only from these on something can change.
    this.firstLoop = end;
    for (let s = first; s < end; s++) this.values[s] = this.compute(s);
    this.steps += end - first;
    this.loopFrom[first] = this.firstLoop;
    this.goAround(this.firstLoop, end);
  }

  /**
   * Evaluates them again, after `isStale` calls (rows) have come to return more. The same as `evaluate`, but what is made
   * of nothing new is left as it is. Whether a value is another one, which `isNew` then knows of each.
   */
  evaluateAgain(first: number, end: number, isStale: (row: number) => boolean): boolean {
    if (first === end) return false;
    const { values } = this;
    if (end - first > this.before.length) this.before = new Int32Array(2 * (end - first));
    const { before } = this;
    for (let s = first; s < end; s++) before[s - first] = values[s];
    this.first = first;
    const from = this.loopFrom[first];
    this.firstLoop = from;
    let isAnyNew = false;
    for (let s = first; s < from; s++) {
      if (!this.isStale(s, isStale)) continue;
      this.steps++;
      const now = this.compute(s);
      if (now === values[s]) continue;
      values[s] = now;
      isAnyNew = true;
    }
    // A merge turned out to be one of a loop: the first time it was anything without that.
    if (this.firstLoop < from) this.evaluate(first, end);
    else {
      let again = false;
      for (let s = from; s < end && !again; s++) again = this.isStale(s, isStale);
      if (!again) return isAnyNew;
      values.fill(NOWHERE, from, end);
      for (let s = from; s < end; s++) values[s] = this.compute(s);
      this.steps += end - from;
      this.goAround(from, end);
    }
    for (let s = first; s < end; s++) if (values[s] !== before[s - first]) return true;
    return false;
  }

  /** Whether the value of a base is another one since `evaluateAgain`. */
  isNew(base: number): boolean {
    const kind = base & BASE_MASK;
    if (kind !== Base.Symbol && kind !== Base.ThroughSymbol) return false;
    const symbol = baseIndex(base);
    return this.values[symbol] !== this.before[symbol - this.first];
  }

  /** Whether something that a symbol is made of is new. */
  private isStale(symbol: number, isStale: (row: number) => boolean): boolean {
    const { items } = this.symbols.rows;
    const row = symbol * SYMBOL_COLUMNS;
    switch (items[row]) {
      case Symbolic.Merge: {
        const operands = this.symbols.operands.items;
        const end = items[row + 1] + items[row + 2];
        for (let k = items[row + 1]; k < end; k++) if (this.isNew(operands[k * OPERAND_COLUMNS])) return true;
        return false;
      }
      case Symbolic.Sum:
      case Symbolic.Either:
        return this.isNew(items[row + 1]) || this.isNew(items[row + 3]);
      case Symbolic.Result:
        return isStale(items[row + 1]);
      default:
        return false;
    }
  }

  /** Goes around the loops until nothing changes; the first symbol that may is `from`. */
  private goAround(from: number, end: number): void {
    if (from === end) return;
    const { values, first } = this;
    const { items } = this.symbols.rows;
    if (end - first > this.changedIn.length) this.changedIn = new Uint8Array(2 * (end - first));
    const { changedIn } = this;
    changedIn.fill(0, 0, end - first);
    for (let round = 1; ; round++) {
      let again = false;
      for (let s = from; s < end; s++) {
        const before = values[s];
        if (before === ANYTHING || !this.mayChange(s * SYMBOL_COLUMNS, round)) continue;
        let now = this.compute(s);
        if (now === before) continue;
        if (round >= GIVE_UP_AFTER) now = ANYTHING;
        else if (round >= WIDEN_AFTER && items[s * SYMBOL_COLUMNS] === Symbolic.Merge)
          now = this.sets.movedSomewhere(this.sets.joined(before, now));
        values[s] = now;
        changedIn[s - first] = round;
        again = true;
      }
      this.steps += end - from;
      if (!again) return;
      if (round === MOST_ROUNDS) {
        values.fill(ANYTHING, from, end);
        return;
      }
    }
  }

  /** Whether something that a symbol is made of changed in this round, or in the last one where it stands behind. */
  private mayChange(row: number, round: number): boolean {
    // In the first round merges of loops lacked what stands behind them.
    if (round === 1) return true;
    const { items } = this.symbols.rows;
    switch (items[row]) {
      case Symbolic.Merge: {
        const operands = this.symbols.operands.items;
        const end = items[row + 1] + items[row + 2];
        for (let k = items[row + 1]; k < end; k++) if (this.changed(operands[k * OPERAND_COLUMNS], round)) return true;
        return false;
      }
      case Symbolic.Sum:
      case Symbolic.Either:
        return this.changed(items[row + 1], round) || this.changed(items[row + 3], round);
      case Symbolic.Result:
        return true;
      default:
        return false;
    }
  }

  private changed(base: number, round: number): boolean {
    const kind = base & BASE_MASK;
    if (kind !== Base.Symbol && kind !== Base.ThroughSymbol) return false;
    return this.changedIn[baseIndex(base) - this.first] + 1 >= round;
  }

  /** What a symbol may be. */
  ofSymbol(symbol: number): number {
    return this.values[symbol];
  }

  /** What a value may be, of the function that its symbols belong to. */
  of(base: number, value: number): number {
    const { sets } = this;
    switch (base & BASE_MASK) {
      case Base.Unknown:
      case Base.Wide:
        return ANYTHING;
      case Base.Number:
        return SOME_NUMBER;
      case Base.Symbol: {
        const places = sets.indexedFrom(sets.moved(this.values[baseIndex(base)], value), value);
        return (base & ANYWHERE) !== 0 ? sets.summed(places, SOME_NUMBER) : places;
      }
      case Base.ThroughSymbol:
        return sets.indexedFrom(sets.through(this.values[baseIndex(base)]), value);
      case Base.ThroughParameter:
      case Base.Contents:
      case Base.Mutable:
        return sets.indexedFrom(sets.anywhereAt(base & ~ANYWHERE), value);
      case Base.Immutable:
      case Base.Parameter:
        return (base & ANYWHERE) !== 0
          ? sets.indexedFrom(sets.anywhereAt(base & ~ANYWHERE), value)
          : sets.one(base, value);
      default:
        return sets.one(base, value);
    }
  }

  private compute(symbol: number): number {
    const { items } = this.symbols.rows;
    const { sets } = this;
    const row = symbol * SYMBOL_COLUMNS;
    const a = items[row + 1];
    const b = items[row + 2];
    const c = items[row + 3];
    const d = items[row + 4];
    switch (items[row]) {
      case Symbolic.Merge:
        return this.merged(a, b, c, symbol);
      case Symbolic.Result:
        return this.resultOf(a, symbol);
      case Symbolic.Sum:
        return sets.summed(this.of(a, b), this.of(c, d));
      case Symbolic.Either:
        return sets.withoutNull(sets.joined(this.of(a, b), this.of(c, d)));
      case Symbolic.Range: {
        const high = b < 0 ? Infinity : a + b;
        return sets.of(sets.pieces.of(Base.Constant, a, high, high === a ? 0 : c, 1, 0));
      }
      case Symbolic.Scaled:
        return sets.of(sets.pieces.of(packed(Base.Parameter, a), 0, 0, 0, b, 0));
      default:
        return ANYTHING;
    }
  }

  private merged(start: number, count: number, step: number, symbol: number): number {
    const { items } = this.symbols.operands;
    const { sets } = this;
    let all = NOWHERE;
    let around = false;
    for (let k = start; k < start + count; k++) {
      const base = items[k * OPERAND_COLUMNS];
      const kind = base & BASE_MASK;
      if (kind === Base.Symbol || kind === Base.ThroughSymbol) {
        if (kind === Base.Symbol && baseIndex(base) === symbol) {
          around = true;
          continue;
        }
        if (baseIndex(base) >= symbol && symbol < this.firstLoop) this.firstLoop = symbol;
      }
      all = sets.joined(all, this.of(base, items[k * OPERAND_COLUMNS + 1]));
      if (all === ANYTHING) return ANYTHING;
    }
    all = sets.withoutNull(all);
    return around ? sets.summed(all, SOME_NUMBER) : sets.stepped(all, step);
  }
}
