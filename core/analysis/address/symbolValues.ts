/** The values of the symbols of one function, given what its callees return: a fixed point over the merges of loops. */
import { ANYWHERE, BASE_MASK, Base, baseIndex, packed } from '../abstractValue.ts';
import { OPERAND_COLUMNS, SYMBOL_COLUMNS, Symbolic, type Symbols } from '../symbols.ts';
import {
  joined,
  moved,
  movedSomewhere,
  NOWHERE,
  type Piece,
  type Places,
  pieceOf,
  SOME_NUMBER,
  summed,
  throughPlaces,
} from './places.ts';

/** What the code around a module's values is like. */
export interface Layout {
  /** Lowest address of static data: smaller constants are no addresses of it. */
  staticFrom: number;
  /** A constant zero among other pointers is no address: the module is laid out by a C linker. */
  nullIsNone: boolean;
}

/** Rounds after which the merges that still change are widened, and after which they are anything. */
const WIDEN_AFTER = 2;
const GIVE_UP_AFTER = 6;

/** Evaluates the symbols of one function after the other. */
export class SymbolValues {
  private values: Places[] = [];
  private first = 0;
  /** Round in which each value last changed, 0 before the second one. */
  private changedIn = new Uint8Array(256);
  /** First merge of values that stand behind it, or that come of itself. */
  private firstLoop = 0;
  private readonly symbols: Symbols;
  private readonly layout: Layout;
  /** What call `row`, whose result is symbol `symbol`, returns. */
  private readonly resultOf: (row: number, symbol: number) => Places;
  /** Values that many functions have. */
  private readonly unbounded = new Map<number, Places>();
  private readonly starts = new Map<number, Places>();
  /** Number of evaluations so far. */
  steps = 0;

  constructor(symbols: Symbols, layout: Layout, resultOf: (row: number, symbol: number) => Places) {
    this.symbols = symbols;
    this.layout = layout;
    this.resultOf = resultOf;
  }

  /** Evaluates the symbols `[first, end)`, which are those of one function. */
  evaluate(first: number, end: number): void {
    this.first = first;
    const count = end - first;
    const values: Places[] = new Array(count).fill(NOWHERE);
    this.values = values;
    if (count > this.changedIn.length) this.changedIn = new Uint8Array(2 * count);
    const { changedIn } = this;
    changedIn.fill(0, 0, count);
    const { items } = this.symbols.rows;
    // Everything stands behind what it is made of, except for the merges of loops: only from these on something can change.
    this.firstLoop = count;
    for (let i = 0; i < count; i++) values[i] = this.compute((first + i) * SYMBOL_COLUMNS, i);
    this.steps += count;
    const from = this.firstLoop;
    for (let round = 1; from < count; round++) {
      let again = false;
      for (let i = from; i < count; i++) {
        const row = (first + i) * SYMBOL_COLUMNS;
        const before = values[i];
        if (before === undefined || !this.mayChange(row, round)) continue;
        let now = this.compute(row, i);
        if (alike(now, before)) continue;
        if (round >= GIVE_UP_AFTER) now = undefined;
        else if (round >= WIDEN_AFTER && items[row] === Symbolic.Merge) now = movedSomewhere(joined(before, now));
        values[i] = now;
        changedIn[i] = round;
        again = true;
      }
      this.steps += count - from;
      if (!again) return;
    }
  }

  /** The values of the function in hand, for `restore`. */
  save(): Places[] {
    return this.values;
  }

  /** Goes back to the function whose first symbol is `first`. */
  restore(first: number, values: Places[]): void {
    this.first = first;
    this.values = values;
  }

  /** Whether something that a symbol is made of changed in this round, or in the last one where it stands behind. */
  private mayChange(row: number, round: number): boolean {
    // In the first round merges of loops lacked what stands behind them.
    if (round === 1) return true;
    const { items } = this.symbols.rows;
    switch (items[row]) {
      case Symbolic.Merge: {
        const operands = this.symbols.operands.items;
        const start = items[row + 1];
        for (let k = start; k < start + items[row + 2]; k++)
          if (this.changed(operands[k * OPERAND_COLUMNS], round)) return true;
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

  /** What a value of the function may be. */
  of(base: number, value: number): Places {
    switch (base & BASE_MASK) {
      case Base.Unknown:
      case Base.Wide:
        return undefined;
      case Base.Number:
        return SOME_NUMBER;
      case Base.Symbol: {
        const places = this.values[baseIndex(base) - this.first];
        return (base & ANYWHERE) !== 0 ? this.somewhere(places, value) : moved(places, value);
      }
      case Base.ThroughSymbol:
        return throughPlaces(this.values[baseIndex(base) - this.first]);
      case Base.ThroughParameter:
      case Base.Contents:
      case Base.Mutable:
        return this.anywhere(base);
      case Base.Immutable:
      case Base.Parameter:
        if ((base & ANYWHERE) !== 0) return this.anywhere(base);
        return value === 0 ? this.start(base) : [pieceOf(base, value)];
      default:
        return [pieceOf(base, value)];
    }
  }

  private anywhere(base: number): Places {
    const bare = base & ~ANYWHERE;
    let known = this.unbounded.get(bare);
    if (known === undefined) {
      known = [anywhereAt(bare)];
      this.unbounded.set(bare, known);
    }
    return known;
  }

  private start(base: number): Places {
    let known = this.starts.get(base);
    if (known === undefined) {
      known = [pieceOf(base, 0)];
      this.starts.set(base, known);
    }
    return known;
  }

  /** Plus a constant and an index. */
  private somewhere(places: Places, value: number): Places {
    return summed(moved(places, value), SOME_NUMBER, this.layout.staticFrom);
  }

  private compute(row: number, index: number): Places {
    const { items } = this.symbols.rows;
    const a = items[row + 1];
    const b = items[row + 2];
    const c = items[row + 3];
    const d = items[row + 4];
    switch (items[row]) {
      case Symbolic.Merge:
        return this.merged(a, b, c, index);
      case Symbolic.Result:
        return this.resultOf(a, this.first + index);
      case Symbolic.Sum:
        return summed(this.of(a, b), this.of(c, d), this.layout.staticFrom);
      case Symbolic.Either:
        return this.withoutNull(joined(this.of(a, b), this.of(c, d)));
      case Symbolic.Range: {
        const high = b < 0 ? Infinity : a + b;
        return [{ ...pieceOf(Base.Constant, a), high, stride: high === a ? 0 : c }];
      }
      case Symbolic.Scaled:
        return [{ ...pieceOf(packed(Base.Parameter, a), 0), scale: b }];
      default:
        return undefined;
    }
  }

  private merged(start: number, count: number, step: number, index: number): Places {
    const { items } = this.symbols.operands;
    const self = packed(Base.Symbol, this.first + index);
    let all: Places = NOWHERE;
    let around = false;
    for (let k = start; k < start + count; k++) {
      const base = items[k * OPERAND_COLUMNS];
      if ((base & ~ANYWHERE) === self) {
        around = true;
        continue;
      }
      const kind = base & BASE_MASK;
      if ((kind === Base.Symbol || kind === Base.ThroughSymbol) && baseIndex(base) - this.first >= index)
        this.firstLoop = Math.min(this.firstLoop, index);
      all = joined(all, this.of(base, items[k * OPERAND_COLUMNS + 1]));
      if (all === undefined) return undefined;
    }
    all = this.withoutNull(all);
    if (around) return this.somewhere(all, 0);
    if (step === 0 || all === undefined) return all;
    return all.map((piece) => stepped(piece, step));
  }

  private withoutNull(places: Places): Places {
    if (!this.layout.nullIsNone || places === undefined || places.length < 2) return places;
    const rest = places.filter(({ base, low, high }) => base !== Base.Constant || low !== 0 || high !== 0);
    return rest.length < places.length && rest.some(({ base }) => base !== Base.Number && base !== Base.Constant)
      ? rest
      : places;
  }
}

/** Any number of steps further; down, too, with a negative step. */
function stepped(piece: Piece, step: number): Piece {
  if (piece.base === Base.Number) return piece;
  const stride = piece.stride === 0 ? Math.abs(step) : 1;
  return { ...piece, low: step < 0 ? -Infinity : piece.low, high: Infinity, stride };
}

const anywhereAt = (base: number): Piece => ({
  base,
  low: -Infinity,
  high: Infinity,
  stride: 1,
  scale: 1,
  maybe: false,
});

/** Whether two values are the same. */
function alike(a: Places, b: Places): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  return a.every((x, i) => {
    const y = b[i];
    return (
      x.base === y.base &&
      x.low === y.low &&
      x.high === y.high &&
      x.stride === y.stride &&
      x.scale === y.scale &&
      x.maybe === y.maybe
    );
  });
}
