/** What a disassembly shows and what it omits. */
export interface PrintOptions {
  /** Approximate upper bound of characters for function bodies; the rest is elided. */
  bodyBudget: number;
  /** Functions printed in full first, in order of preference. */
  prefer: Uint32Array | readonly number[];
  /** Functions that are printed regardless of the budget. */
  expand: ReadonlySet<number>;
  /** Characters of the contents of one data or element segment, and of one constant expression; else `DATA_BUDGET`. */
  dataBudget?: number;
  /** Returns a readable form of a (mangled) function symbol, shown in a comment if it differs. */
  displayName?: (symbol: string) => string;
  /** Comment lines at the very top. */
  header?: readonly string[];
}

/** Default of `dataBudget`, in characters: enough of a segment to recognise what it holds. */
export const DATA_BUDGET = 8192;
