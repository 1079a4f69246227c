/** What a disassembly shows and what it leaves out. */
export interface PrintOptions {
  /** Approximate upper bound of characters for function bodies; the rest is elided. */
  bodyBudget: number;
  /** Functions printed in full first, in order of preference. */
  prefer: Uint32Array | readonly number[];
  /** Functions that must be printed whatever the budget. */
  expand: ReadonlySet<number>;
  /** Characters of the contents of one data or element segment, and of one constant expression; else `DATA_BUDGET`. */
  dataBudget?: number;
  /** A readable form of a (mangled) function symbol, shown in a comment where it differs. */
  displayName?: (symbol: string) => string;
  /** Comment lines at the very top. */
  header?: readonly string[];
}

/** Enough of a segment to recognise what it holds. */
export const DATA_BUDGET = 8192;
