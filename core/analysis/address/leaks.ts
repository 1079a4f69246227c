/** Which parameters and fresh blocks go where they are not followed: into memory, calls that keep them, calculations. */
import { BASE_MASK, Base, baseIndex } from '../abstractValue.ts';
import type { Allocators } from '../allocators.ts';
import { CALL_COLUMNS, CallColumn, type SymbolicFacts } from '../scanContext.ts';
import { eachOperand, OPERAND_COLUMNS, SYMBOL_COLUMNS, Symbolic } from '../symbols.ts';
import { ALL_PARAMETERS, hasParameter, parameterBit } from './parameterBits.ts';
import { ANYTHING, type PlaceSets } from './placeSets.ts';
import type { Summary } from './summary.ts';
import type { SymbolValues } from './symbolValues.ts';

/** Finds them, function by function. */
export class Leaks {
  private readonly symbolic: SymbolicFacts;
  private readonly blocks: Allocators;
  private readonly sets: PlaceSets;
  private readonly values: SymbolValues;
  private readonly summaries: readonly (Summary | undefined)[];
  /** By symbol of a fresh block: whether others come to know it. */
  private readonly leaked: Uint8Array;
  /** By node: whether it has such blocks. */
  private readonly leaking: Uint8Array;
  /** The node in hand, and its summary. */
  private node = 0;
  private summary: Summary | undefined;
  /** Whether a block was found that was not known to be leaked. */
  private found = false;

  constructor(
    symbolic: SymbolicFacts,
    blocks: Allocators,
    sets: PlaceSets,
    values: SymbolValues,
    summaries: readonly (Summary | undefined)[],
  ) {
    this.symbolic = symbolic;
    this.blocks = blocks;
    this.sets = sets;
    this.values = values;
    this.summaries = summaries;
    this.leaked = new Uint8Array(symbolic.symbols.rows.length);
    this.leaking = new Uint8Array(summaries.length);
  }

  /** Whether some fresh block of a node is known elsewhere. */
  has(node: number): boolean {
    return this.leaking[node] === 1;
  }

  /** Whether the block that symbol `symbol` is the result of is known elsewhere. */
  isLeaked(symbol: number): boolean {
    return this.leaked[symbol] === 1;
  }

  /**
   * Finds those of a node whose symbols have been evaluated; parameters are noted in its summary. Whether blocks are known
   * elsewhere that were not before, or the other way round.
   */
  find(node: number, summary: Summary): boolean {
    if (this.blocks.allocates.size === 0) return false;
    const first = this.symbolic.symbolStart[node];
    const end = this.symbolic.symbolStart[node + 1];
    const before = this.leaking[node] === 1 ? this.leaked.slice(first, end) : undefined;
    this.findAll(node, summary);
    if (before === undefined) return this.leaking[node] === 1;
    for (let s = first; s < end; s++) if (this.leaked[s] !== before[s - first]) return true;
    return false;
  }

  /**
   * The same for a node that was gone through at time `since`, and whose symbols have kept their values: what callees have
   * come to keep, and, unless they return what they did (`mayReturnMore`), everything.
   */
  findMore(node: number, summary: Summary, since: number, mayReturnMore: boolean): boolean {
    if (this.blocks.allocates.size === 0) return false;
    if (mayReturnMore && this.dependsOnReturns(node)) return this.find(node, summary);
    this.node = node;
    this.summary = summary;
    const { symbolic } = this;
    const calls = symbolic.calls.items;
    this.found = false;
    for (let r = symbolic.callStart[node]; r < symbolic.callStart[node + 1]; r++) {
      const callee = this.summaries[calls[r * CALL_COLUMNS + CallColumn.target]];
      if (callee !== undefined && callee.keptChangedAt >= since) this.leakKept(r);
    }
    return this.found;
  }

  /** Whether some result may be anything, so that the arguments that its callee may return are leaked. */
  private dependsOnReturns(node: number): boolean {
    const { symbols, symbolStart } = this.symbolic;
    for (let s = symbolStart[node]; s < symbolStart[node + 1]; s++)
      if (symbols.rows.items[s * SYMBOL_COLUMNS] === Symbolic.Result && this.values.ofSymbol(s) === ANYTHING)
        return true;
    return false;
  }

  private findAll(node: number, summary: Summary): void {
    this.node = node;
    this.summary = summary;
    this.leaking[node] = 0;
    const { symbolic } = this;
    const first = symbolic.symbolStart[node];
    const end = symbolic.symbolStart[node + 1];
    this.leaked.fill(0, first, end);
    const lost = symbolic.lost.items;
    for (let r = symbolic.lostStart[node]; r < symbolic.lostStart[node + 1]; r++) this.leakBase(lost[r]);
    // What went into a symbol that may be anything.
    const rows = symbolic.symbols.rows.items;
    for (let s = first; s < end; s++) {
      if (this.values.ofSymbol(s) !== ANYTHING) continue;
      eachOperand(symbolic.symbols, s, this.leakBase);
      if (rows[s * SYMBOL_COLUMNS] === Symbolic.Result) this.leakReturned(rows[s * SYMBOL_COLUMNS + 1]);
    }
    for (let r = symbolic.callStart[node]; r < symbolic.callStart[node + 1]; r++) this.leakKept(r);
  }

  /** The arguments of call `row` that the callee keeps. */
  private leakKept(row: number): void {
    const calls = this.symbolic.calls.items;
    const target = calls[row * CALL_COLUMNS + CallColumn.target];
    const args = calls[row * CALL_COLUMNS + CallColumn.args];
    if (args < 0) return;
    const kept = this.summaries[target]?.kept ?? ALL_PARAMETERS;
    if (kept === 0 || this.blocks.frees.has(target) || this.blocks.reallocates.has(target)) return;
    const operands = this.symbolic.symbols.operands.items;
    for (let k = 0; k < calls[row * CALL_COLUMNS + CallColumn.params]; k++)
      if (hasParameter(kept, k)) this.leakBase(operands[(args + k) * OPERAND_COLUMNS]);
  }

  /** The arguments of call `row` that the callee may return: its result may be anything. */
  private leakReturned(row: number): void {
    const calls = this.symbolic.calls.items;
    const args = calls[row * CALL_COLUMNS + CallColumn.args];
    const returns = this.summaries[calls[row * CALL_COLUMNS + CallColumn.target]]?.returns ?? ANYTHING;
    const parameters = this.sets.parametersOf(returns);
    if (args < 0 || parameters === 0) return;
    const operands = this.symbolic.symbols.operands.items;
    for (let k = 0; k < calls[row * CALL_COLUMNS + CallColumn.params]; k++)
      if (hasParameter(parameters, k)) this.leakBase(operands[(args + k) * OPERAND_COLUMNS]);
  }

  /** A value of which only parameters and fresh blocks matter, whatever was added to them. */
  private readonly leakBase = (base: number): void => {
    const kind = base & BASE_MASK;
    if (kind === Base.Parameter) this.keeps(baseIndex(base));
    if (kind !== Base.Symbol) return;
    const { sets } = this;
    const set = this.values.ofSymbol(baseIndex(base));
    if (!sets.isRelative(set) && !sets.hasFresh(set)) return;
    for (let k = 0; k < sets.size(set); k++) {
      const piece = sets.pieces.base[sets.at(set, k)];
      const index = baseIndex(piece);
      if ((piece & BASE_MASK) === Base.Parameter) this.keeps(index);
      else if ((piece & BASE_MASK) === Base.Fresh) {
        if (this.leaked[index] === 0) this.found = true;
        this.leaked[index] = 1;
        this.leaking[this.node] = 1;
      }
    }
  };

  private keeps(parameter: number): void {
    this.summary?.keeps(parameterBit(parameter));
  }
}
