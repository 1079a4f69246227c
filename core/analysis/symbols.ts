/**
 * Symbols: values of one function that a single pass over its body cannot tell, named so that they can be found out later.
 * A symbol is a row that says how the value comes about: which values a local may have where ways meet, what a call
 * returns, a sum. The rows of all functions stand one after the other; address/symbolValues.ts evaluates them.
 */
import { RowList } from './growable.ts';

/** How the value of a symbol comes about. Columns of its row: kind, and `a` to `d`. */
export const Symbolic = {
  /** Anything. */
  Unknown: 0,
  /** One of `b` values in `operands`, from row `a`; with `c`, plus any number of steps of that size (a loop), `c < 0`: downwards, too. */
  Merge: 1,
  /** What call `a` (a row of `ScanResult.calls`) returns. */
  Result: 2,
  /** The sum of two values: base and number `a`, `b`, and `c`, `d`. */
  Sum: 3,
  /** One of two values: base and number `a`, `b`, and `c`, `d`. */
  Either: 4,
  /** The number `a` (a lowest one) to `a + b`, in steps of `c`; without an end if `b` is -1. */
  Range: 5,
  /** Parameter `a` times `b`. */
  Scaled: 6,
} as const;

/** Columns of a row of `symbols`. */
export const SYMBOL_COLUMNS = 5;
/** Columns of a row of `operands`: base and number. */
export const OPERAND_COLUMNS = 2;

/** Grows with the bodies that are scanned. */
export class Symbols {
  readonly rows: RowList;
  readonly operands: RowList;

  /** `code`: bytes of the bodies that will be scanned. */
  constructor(code: number) {
    this.rows = new RowList(SYMBOL_COLUMNS, code >> 5);
    this.operands = new RowList(OPERAND_COLUMNS, code >> 4);
  }

  /** Adds a symbol and returns its index. */
  add(kind: number, a: number, b: number, c: number, d: number): number {
    const at = this.rows.add();
    const { items } = this.rows;
    items[at] = kind;
    items[at + 1] = a;
    items[at + 2] = b;
    items[at + 3] = c;
    items[at + 4] = d;
    return this.rows.length - 1;
  }

  /** Adds the values in the slots from `first` to before `end` of an operand stack to the operands; returns the first row. */
  operandsOf(bases: Int32Array, values: Int32Array, first: number, end: number): number {
    const row = this.operands.length;
    let at = this.operands.addRows(end - first);
    const { items } = this.operands;
    for (let k = first; k < end; k++) {
      items[at++] = bases[k];
      items[at++] = values[k];
    }
    return row;
  }

  /** Adds a value to the operands. */
  operand(base: number, value: number): void {
    const at = this.operands.add();
    this.operands.items[at] = base;
    this.operands.items[at + 1] = value;
  }
}

/** Calls `visit` with the bases of the values that the symbol `symbol` is made from. */
export function eachOperand({ rows, operands }: Symbols, symbol: number, visit: (base: number) => void): void {
  const at = symbol * SYMBOL_COLUMNS;
  const { items } = rows;
  switch (items[at]) {
    case Symbolic.Merge: {
      const first = items[at + 1];
      for (let k = first; k < first + items[at + 2]; k++) visit(operands.items[k * OPERAND_COLUMNS]);
      return;
    }
    case Symbolic.Sum:
    case Symbolic.Either:
      visit(items[at + 1]);
      visit(items[at + 3]);
  }
}
